import ArgumentParser
import Engine
import Foundation
import Logging
import MarketModel
import Telemetry

struct WatchdogCommand<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "watchdog",
            abstract: "Cancel the engine's orders when the engine stands still.",
            usage: ProcessName.usage("watchdog --config <file> [<options>]"),
            discussion: """
                A process of its own beside `apus run`, with the same configuration and keys. The \
                engine's trading thread moves a word in a small file at every turn; when it has \
                not moved for watchdog.patience, this cancels every open order of the \
                configuration's instruments that has a client order id of the engine, over REST. \
                Stops are among them: what nobody watches must not trade. Orders of others stay. \
                An engine that has ended in order raises no alarm. What it sees and does is told \
                in JSON lines on standard error; it ends on Ctrl-C or SIGTERM.

                With --once it looks until it knows whether the engine lives, at most for \
                watchdog.patience: 0 when it does or has ended in order, 1 when it had stopped \
                and nothing of it is open any more.

                Examples:
                  apus watchdog --config config/demo.yaml
                  APUS_WATCHDOG_PATIENCE=1s apus watchdog --config config/demo.yaml
                  apus watchdog --config config/demo.yaml --once || echo "the engine had stopped"

                \(ExitStatus.table([
                    .success, .difference, .usage, .noInput, .unreachable, .fault, .configuration,
                    .interrupted,
                ]))
                """)
    }

    @Option(
        name: .long, help: ArgumentHelp("The engine's configuration file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Flag(name: .long, help: "Look once, cancel if need be, and end.")
    var once = false

    @Flag(name: .long, help: "Consent to cancel orders of the live market.")
    var live = false

    func run() { reportingFailures(perform) }

    private func perform() throws {
        StandardStream.ignoreBrokenPipes()
        let environment = ProcessInfo.processInfo.environment
        let configuration = try RunConfiguration.load(
            file: config, environment: environment, allowsLive: live,
            kinds: Executable.program.kinds)
        let level = Logger.Level(rawValue: configuration.telemetry.logLevel) ?? .info
        let sink = LogSink()
        let logger = Logger(label: "apus.watchdog") {
            StructuredLog(label: $0, level: level, sink: sink)
        }
        let signals = StopSignals()
        var watchdog = try Watchdog(configuration, environment: environment, logger: logger)
        while true {
            let finding = watchdog.look()
            if once, let outcome = outcome(finding, watchdog, configuration) {
                return try outcome.get()
            }
            if let signal = signals.request {
                logger.info("watchdog ends", metadata: ["reason": "\(signal)"])
                if case .silent(isSettled: false) = finding { throw Self.unsettled(watchdog) }
                return
            }
            Thread.sleep(forTimeInterval: Double(watchdog.interval.count) / 1e9)
        }
    }

    /// What `--once` ends with; `nil` while that is not known.
    private func outcome(
        _ finding: Watchdog.Finding, _ watchdog: Watchdog, _ configuration: RunConfiguration
    ) -> Result<Void, CommandFailure>? {
        switch finding {
        case .waiting(isPresent: true): return nil
        case .waiting(isPresent: false):
            return .failure(
                CommandFailure(
                    "\(configuration.watchdog.heartbeat): no engine has left a heartbeat there "
                        + "(watchdog.heartbeat)", .noInput))
        case .beating, .ended: return .success(())
        case .silent(isSettled: true):
            return .failure(
                CommandFailure(
                    "the engine had stopped; none of its orders is open any more", .difference))
        case .silent(isSettled: false):
            return watchdog.failure == nil ? nil : .failure(Self.unsettled(watchdog))
        }
    }

    private static func unsettled(_ watchdog: Watchdog) -> CommandFailure {
        let cause = watchdog.failure.map { ": \($0)" } ?? ""
        return CommandFailure(
            "the engine had stopped; orders of it may still be open\(cause)", .fault)
    }
}
