import ArgumentParser
import Benchmarks
import Foundation

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure this build on this machine: each stage, and the way from tick to order.",
        discussion: """
            Figures are nanoseconds an operation. With --floor a C program that does only \
            the job at hand runs in turns with our code: on a machine that others use \
            too, the ratio of the medians says more than either. A debug build's figures \
            mean nothing.

            Benchmarks:

            \(BenchmarkSubject.allCases.map(line).joined(separator: "\n"))

            Examples:
              apus bench codec --floor
              apus bench ring --floor --samples 200000 --report out
              apus bench ring --floor --peer $(scripts/peers rigtorp SPSCQueue)
              apus bench capacity --capture day1.jsonl.gz day2.jsonl.gz
              apus bench tick-to-order --transport direct uring --send call ring
              apus bench indicators --talib ~/talib/ta_lib.libs/libta-lib.so
              apus bench compare before/codec.json after/codec.json

            \(ExitStatus.table([.success, .usage, .data, .noInput, .fault]))
            """,
        subcommands: [BenchMeasure.self, BenchCompare.self, BenchGenerator.self],
        defaultSubcommand: BenchMeasure.self)

    private static func line(_ subject: BenchmarkSubject) -> String {
        let name = subject.rawValue
        return "  " + name + String(repeating: " ", count: max(1, 15 - name.count))
            + subject.summary
    }
}

extension BenchmarkSubject: ExpressibleByArgument {}
extension BenchmarkOptions.WireChoice: ExpressibleByArgument {}
extension BenchmarkOptions.SendChoice: ExpressibleByArgument {}

struct BenchMeasure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Run one benchmark; the word itself may be left out.")

    @Argument(help: "What to measure.")
    var benchmark: BenchmarkSubject

    @Option(help: ArgumentHelp("Samples of each contestant.", valueName: "count"))
    var samples: Int?

    @Option(help: ArgumentHelp("Time for each contest instead, such as 5s.", valueName: "time"))
    var duration: DurationArgument?

    @Flag(help: "Run the C floor in turns with our code.")
    var floor = false

    @Option(help: ArgumentHelp("Core that measures. Default: the last one.", valueName: "number"))
    var core: Int?

    @Option(
        help: ArgumentHelp(
            "SCHED_FIFO priority of the measuring threads, 1...99. Default: none.",
            valueName: "number"))
    var priority: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "tick-to-order: how the engine's sockets are driven, direct or uring; of two, the "
                + "second is held against the first, in turns.",
            valueName: "way"))
    var transport = [BenchmarkOptions.WireChoice.direct]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "tick-to-order over uring: how orders leave, call or ring; of two, the second is "
                + "held against the first, in turns too.",
            valueName: "way"))
    var send = [BenchmarkOptions.SendChoice.call]

    @Option(
        help: ArgumentHelp(
            "Also write text, JSON, HTML and .hgrm files there.", valueName: "directory"),
        completion: .directory)
    var report: String?

    @Option(
        help: ArgumentHelp(
            "TA-Lib's shared library, libta-lib.so, to hold every indicator against.",
            valueName: "file"),
        completion: .file(extensions: ["so"]))
    var talib: String?

    @Option(
        help: ArgumentHelp(
            "What scripts/flat-cost --write has counted, to show an indicator's instructions "
                + "(default: Benchmarks/indicator-instructions, if it is there).",
            valueName: "file"),
        completion: .file())
    var instructions: String?

    @Option(
        help: ArgumentHelp(
            "codec, ring: the same by another library, as scripts/peers builds it, to hold ours "
                + "against, in turns.",
            valueName: "file"),
        completion: .file(extensions: ["so"]))
    var peer: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "capacity: recorded captures of BTCUSDT on Binance Spot, in order, instead of a "
                + "generated market.",
            valueName: "file"),
        completion: .file(extensions: ["gz", "jsonl"]))
    var capture: [String] = []

    func validate() throws {
        if samples != nil && duration != nil {
            throw ValidationError("either --samples or --duration")
        }
        if let samples, !(20...10_000_000).contains(samples) {
            throw ValidationError("--samples must be within 20...10000000")
        }
        if let priority, !(1...99).contains(priority) {
            throw ValidationError("--priority must be within 1...99")
        }
        if transport.isEmpty || Set(transport).count < transport.count {
            throw ValidationError("--transport takes direct, uring, or each of them once")
        }
        if send.isEmpty || Set(send).count < send.count {
            throw ValidationError("--send takes ring, call, or each of them once")
        }
    }

    func run() throws {
        do {
            try TemporaryDirectory.use { directory in
                let result = try benchmark.run(options(directory))
                printLine(result.text)
                if let report { try result.write(to: report) }
            }
        } catch {
            CommandFailure("\(error)", .fault).exit()
        }
    }

    private func options(_ directory: String) -> BenchmarkOptions {
        var options = BenchmarkOptions(
            hasFloor: floor, core: core, priority: priority, directory: directory)
        options.transports = transport
        options.sends = send
        options.library = talib
        options.instructions = instructions
        options.captures = capture
        options.peer = peer
        // What runs now, whatever it is called and wherever it lies.
        options.generator = (try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/exe"))
        if let samples { options.extent = .samples(samples) }
        if let duration { options.extent = .duration(duration.nanoseconds) }
        return options
    }
}

struct BenchCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Hold two reports against each other, row by row.")

    @Argument(
        help: ArgumentHelp("JSON of the first report.", valueName: "before"),
        completion: .file(extensions: ["json"]))
    var before: String

    @Argument(
        help: ArgumentHelp("JSON of the second report.", valueName: "after"),
        completion: .file(extensions: ["json"]))
    var after: String

    func run() throws {
        printLine(BenchmarkComparison(try read(before), try read(after)).text)
    }

    private func read(_ file: String) throws -> BenchmarkReport {
        guard let data = FileManager.default.contents(atPath: file) else {
            CommandFailure("\(file) cannot be read", .noInput).exit()
        }
        do {
            return try BenchmarkReport(json: data)
        } catch {
            CommandFailure("\(file) is not a report of apus bench", .data).exit()
        }
    }
}

/// The other end of tick-to-order, started by it.
struct BenchGenerator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generator", abstract: "Play the exchange for tick-to-order.",
        shouldDisplay: false)

    @Option
    var directory: String

    @Option
    var core: Int?

    @Option
    var priority: Int?

    func run() throws {
        do {
            try TickGenerator.run(directory: directory, core: core, priority: priority)
        } catch {
            CommandFailure("\(error)", .fault).exit()
        }
    }
}

/// A directory that is there as long as a benchmark runs.
private enum TemporaryDirectory {
    static func use(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-bench-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }
}
