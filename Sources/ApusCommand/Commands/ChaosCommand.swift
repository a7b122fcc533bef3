import ArgumentParser
import Emulator
import Foundation
import Glibc

struct Chaos: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stand between engine and exchange, and break their connections.",
        usage: ProcessName.usage("chaos --to <port> [<options>]"),
        discussion: """
            A TCP proxy on loopback. It sees what a network sees: bytes, and the outside of TLS \
            records. With --every it breaks something by itself, chosen by the seed. With \
            --commands it does what standard input says, a line each, and answers with a line:

              strike <fault> [all]     one connection, or every one
              calm                     new connections pass again
              report                   what has happened so far

            Faults:
            \(ChaosFault.allCases.map { "  \(padded($0.rawValue))\($0.summary)" }
                .joined(separator: "\n"))

            Ends on Ctrl-C, SIGTERM, after --duration or at the end of --commands, and prints its \
            report.

            Examples:
              apus exchange --config config/exchange.yaml &
              apus chaos --port 9445 --to 9443 --every 500ms --seed 7 &
              APUS_VENUE_EMULATED_PORT=9445 apus run --config config/demo.yaml
              apus chaos --port 9445 --to 9443 --every 1s --fault reset corrupt --longest 5s

            \(ExitStatus.table([.success, .usage, .cannotCreate, .configuration]))
            """)

    @Option(help: ArgumentHelp("TCP port to listen on; 0: any free one.", valueName: "number"))
    var port: UInt16 = 0

    @Option(help: ArgumentHelp("The exchange's TCP port.", valueName: "number"))
    var to: UInt16

    @Option(help: ArgumentHelp("Seed of all choices.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Break something so often on average.", valueName: "time"))
    var every: DurationArgument?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("What --every chooses from. Default: all.", valueName: "fault"))
    var fault: [ChaosFault] = []

    @Option(help: ArgumentHelp("The longest of what passes. Default: 2s.", valueName: "time"))
    var longest: DurationArgument?

    @Flag(help: "Do what standard input says.")
    var commands = false

    @Option(help: ArgumentHelp("End after this long. Default: never.", valueName: "time"))
    var duration: DurationArgument?

    /// How often the reasons to end are looked at, milliseconds.
    private static let glance: Int32 = 20

    func run() { reportingFailures(perform) }

    private func perform() throws {
        StandardStream.ignoreBrokenPipes()
        var plan = ChaosPlan()
        plan.seed = seed
        plan.interval = every?.nanoseconds
        if !fault.isEmpty { plan.faults = fault }
        if let longest { plan.longest = longest.nanoseconds }
        let proxy: ChaosProxy
        do throws(ChaosFailure) {
            proxy = try ChaosProxy(port: port, exchangePort: to, plan: plan)
        } catch {
            throw CommandFailure("--port: \(error)", .configuration)
        }
        printLine("chaos at 127.0.0.1:\(proxy.port) before 127.0.0.1:\(to), seed \(seed)")
        let signals = StopSignals()
        var reader = CommandLines(isWanted: commands)
        let started = ContinuousClock.now
        while signals.request == nil, !reader.hasEnded {
            if let duration, ContinuousClock.now - started >= .nanoseconds(duration.nanoseconds) {
                break
            }
            if proxy.turn(atMost: Self.glance, alsoFor: reader.descriptor) {
                for line in reader.read() { printLine(Self.answer(line, proxy)) }
            }
        }
        printLine(proxy.report.text)
    }

    private static func answer(_ line: String, _ proxy: ChaosProxy) -> String {
        let words = line.split(separator: " ").map(String.init)
        switch (words.first, words.count) {
        case ("calm", 1):
            proxy.calm()
            return "calm"
        case ("report", 1): return proxy.report.text
        case ("strike", 2...3) where words.count == 2 || words[2] == "all":
            guard let fault = ChaosFault(rawValue: words[1]) else { break }
            let count = proxy.strike(fault, everywhere: words.count == 3)
            return "\(fault.rawValue) \(count)"
        default: break
        }
        return "not understood: \(line)"
    }

    private static func padded(_ name: String) -> String {
        name + String(repeating: " ", count: 12 - name.count)
    }
}

extension ChaosFault: ExpressibleByArgument {}

/// Whole lines of standard input, as they come.
private struct CommandLines {
    /// -1 when nobody wants them.
    let descriptor: Int32
    private(set) var hasEnded = false
    private var pending: [UInt8] = []

    init(isWanted: Bool) { descriptor = isWanted ? STDIN_FILENO : -1 }

    mutating func read() -> [String] {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        if count <= 0 {
            hasEnded = true
            return []
        }
        pending += chunk[..<count]
        let lines = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        pending = Array(lines.last ?? [])
        return lines.dropLast().map { String(decoding: $0, as: UTF8.self) }
    }
}
