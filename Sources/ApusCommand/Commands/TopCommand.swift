import ArgumentParser
import Control
import Foundation
import MarketModel
import Telemetry

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch a running engine: connections, books, positions, profit, latencies.",
        discussion: """
            On a terminal a live panel, ended by q or Ctrl-C; the engine goes on. Into a pipe or \
            a file plain lines. Any number of them may watch at once.

            Examples:
              apus top
              apus top --interval 100ms
              apus top --plain | tee engine.log

            \(ExitStatus.table([.success, .usage, .unreachable]))
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Control socket of the engine.",
            discussion: "Also from APUS_CONTROL_SOCKET; default .apus/control.sock.",
            valueName: "path"),
        completion: .file(extensions: ["sock"]))
    var socket: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Between two pictures: 100ms...60s. Default: 500ms.", valueName: "time"))
    var interval: DurationArgument?

    @Flag(name: .long, help: "Plain lines even on a terminal.")
    var plain = false

    func validate() throws {
        guard (100_000_000...60_000_000_000).contains(intervalNanoseconds) else {
            throw ValidationError("--interval takes 100ms...60s")
        }
    }

    private var intervalNanoseconds: Int64 { interval?.nanoseconds ?? 500_000_000 }

    func run() throws {
        let abilities = TerminalScreen.Abilities.current(
            environment: ProcessInfo.processInfo.environment)
        let signals = StopSignals()
        do throws(ClientFailure) {
            var client = try ControlClient(path: ControlOptions.path(socket))
            let parameters: [String: JSONValue] = [
                "interval_milliseconds": .integer(intervalNanoseconds / 1_000_000)
            ]
            _ = try client.call("subscribe", parameters)
            if abilities.isTerminal, !plain {
                try showPanel(&client, abilities, signals)
            } else {
                try printLines(&client, signals)
            }
        } catch {
            CommandFailure(error).exit()
        }
    }

    private func showPanel(
        _ client: inout ControlClient, _ abilities: TerminalScreen.Abilities,
        _ signals: StopSignals
    ) throws(ClientFailure) {
        let keys = TerminalKeys()
        var panel = LivePanel(abilities: abilities)
        defer {
            panel.close()
            keys?.close()
        }
        try follow(&client, { signals.request != nil || keys?.next() == UInt8(ascii: "q") }) {
            panel.draw($0)
        }
    }

    private func printLines(
        _ client: inout ControlClient, _ signals: StopSignals
    ) throws(ClientFailure) {
        var reporter = PlainReporter(interval: Nanoseconds(intervalNanoseconds))
        try follow(&client, { signals.request != nil }) { snapshot in
            if let line = reporter.line(for: snapshot) { printLine(line) }
        }
    }

    /// Shows every snapshot until `mustEnd` or until the engine has nothing to say for long.
    private func follow(
        _ client: inout ControlClient, _ mustEnd: () -> Bool, _ show: (EngineSnapshot) -> Void
    ) throws(ClientFailure) {
        let glanceMilliseconds: Int64 = 50
        let patience = intervalNanoseconds / 1_000_000 + 10_000
        var silence: Int64 = 0
        while !mustEnd() {
            do throws(ClientFailure) {
                show(try client.nextSnapshot(timeoutMilliseconds: glanceMilliseconds))
                silence = 0
            } catch {
                guard case .timedOut = error else { throw error }
                silence += glanceMilliseconds
                if silence > patience { throw .timedOut(milliseconds: patience) }
            }
        }
    }
}
