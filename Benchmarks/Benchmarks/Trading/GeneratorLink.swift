import Foundation
import Machine

/// Our end of the pipes to a ``TickGenerator``.
final class GeneratorLink: @unchecked Sendable {
    // SAFETY: used by one thread.
    private let toGenerator: FileHandle
    private let answers: LineReader
    private var process: Process?
    private var thread: PinnedThread?
    /// Where the exchange listens, and the floor's venue.
    private(set) var exchangePort: UInt16 = 0
    private(set) var floorPort: UInt16 = 0

    /// Starts the generator on the other core and waits until it listens.
    init(_ options: BenchmarkOptions, _ cores: Cores) throws {
        let there = Pipe()
        let back = Pipe()
        toGenerator = there.fileHandleForWriting
        answers = LineReader(back.fileHandleForReading)
        if let executable = options.generator {
            process = try Self.startProcess(executable, options, cores, there, back)
        } else {
            let directory = options.directory
            let generator = try TickGenerator(
                directory: directory, input: LineMailbox(there.fileHandleForReading),
                output: back.fileHandleForWriting, priority: options.priority)
            let box = TransferBox(generator)
            thread = try cores.startOther { box.value.run() }
        }
        let words = (answers.next() ?? "").split(separator: " ")
        guard words.count == 3, words[0] == "ready", let exchange = UInt16(words[1]),
            let floor = UInt16(words[2])
        else { throw BenchmarkFailure("the generator did not start") }
        exchangePort = exchange
        floorPort = floor
    }

    private static func startProcess(
        _ executable: String, _ options: BenchmarkOptions, _ cores: Cores, _ there: Pipe,
        _ back: Pipe
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["bench", "generator", "--directory", options.directory]
        if let core = cores.other { process.arguments? += ["--core", "\(core)"] }
        if let priority = options.priority {
            process.arguments? += ["--priority", "\(priority)"]
        }
        process.standardInput = there
        process.standardOutput = back
        try process.run()
        return process
    }

    /// Lets the exchange's own market run, so that a new engine can read its book.
    func open() throws {
        say("open")
        try expectOK()
    }

    /// Starts a measurement; ``latencies(_:)`` waits for its end. `kind`: `measure` or `floor`.
    func begin(_ kind: String, _ schedule: TickSchedule, _ file: String) {
        say("\(kind) \(schedule.line) \(file)")
    }

    /// Waits for the measurement and reads the latencies that it found, below 0 for orders that did
    /// not come.
    func latencies(_ file: String) throws -> [Double] {
        try expectOK()
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        return data.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    }

    /// Ends the generator and waits for it.
    func quit() {
        say("quit")
        process?.waitUntilExit()
        thread?.join()
    }

    private func say(_ line: String) { toGenerator.write(Data((line + "\n").utf8)) }

    private func expectOK() throws {
        let answer = answers.next() ?? "failed the generator has ended"
        if answer != "ok" { throw BenchmarkFailure(answer) }
    }
}

/// Carries a value to the thread that will own it.
private struct TransferBox<Value>: @unchecked Sendable {
    // SAFETY: made for one hand-over; the maker does not keep the value.
    let value: Value

    init(_ value: Value) { self.value = value }
}
