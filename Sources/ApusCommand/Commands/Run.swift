import ArgumentParser
import Engine
import Foundation
import Logging
import Machine
import Telemetry

struct Run<Executable: ApusExecutable>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run",
            abstract: "Run the engine.",
            usage: ProcessName.usage("run --config <file> [<options>]"),
            discussion: """
                Reads the configuration, asks the venue for its facts, starts the lane on its \
                pinned core and trades until Ctrl-C, SIGTERM, `apus shutdown` or the end of \
                --duration. Then entries are cancelled, the journal is synced and the exit report \
                is printed; a second Ctrl-C ends at once. On a terminal it shows a live panel, \
                otherwise plain lines.

                --dry-run does everything but sending: it connects, reads the market and the \
                account, runs the strategies and the checks, makes each request ready and journals \
                it, and answers the strategy in the venue's place that it was not sent. Nothing is \
                cancelled either, at the start, at a halt or at the end. Its journals lie apart, \
                in dry-run below journal.directory.

                Every key of the configuration and of report.json: apus check --reference

                Examples:
                  apus run --config config/demo.yaml
                  apus run --config config/demo.yaml --duration 30s --report out/
                  apus run --config config/testnet.yaml --dry-run --duration 10m
                  APUS_RUN_NAME=night apus run --config config/demo.yaml --plain

                \(ExitStatus.table([
                    .success, .usage, .noInput, .unreachable, .fault, .cannotCreate, .configuration,
                    .interrupted,
                ]))
                """)
    }

    @Option(
        name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End after this long: 500ms, 30s, 5m, 2h. Default: never.", valueName: "time"))
    var duration: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write report.txt, report.json and report.html there.", valueName: "directory"),
        completion: .directory)
    var report: String?

    @Flag(name: .long, help: "Plain lines even on a terminal.")
    var plain = false

    @Flag(name: .long, help: "Everything but sending: no request that changes orders leaves.")
    var dryRun = false

    @Flag(name: .long, help: "Consent to trade real money; the file must say `live: true` too.")
    var live = false

    func run() async throws {
        await reportingFailures(perform)
    }

    private func perform() async throws {
        // A reader of our output that goes away must not take the open orders' engine with it.
        StandardStream.ignoreBrokenPipes()
        let environment = ProcessInfo.processInfo.environment
        let program = Executable.program
        var configuration = try RunConfiguration.load(
            file: config, environment: environment, allowsLive: live, kinds: program.kinds)
        configuration.isDryRun = dryRun
        let limit = try duration.map(Self.nanoseconds)
        let folder = try report.map { path throws(CommandFailure) in try ReportFolder(path) }
        let showsPanel = isatty(STDOUT_FILENO) == 1 && !plain
        let logger = try Self.logger(configuration.telemetry, quiet: showsPanel)
        let signals = StopSignals()
        let engine = try await LiveEngine.start(
            configuration, environment: environment, logger: logger, program: program)
        signals.onForcedEnd { ForcedEnd.words(engine.openOrders, configuration: config) }
        var watch = RunWatch(
            engine: engine, interval: configuration.telemetry.interval, limit: limit,
            showsPanel: showsPanel, signals: signals, logger: logger)
        let reason = await watch.untilEnd()
        await watch.stop(reason)
        let exit = await engine.report(versions: Self.versions())
        watch.output.printLine(exit.report.text)
        let unwritten = write(exit, to: folder, &watch.output)
        if watch.output.lostLines > 0 {
            logger.warning(
                "output lost", metadata: ["pieces": "\(watch.output.lostLines)"])
        }
        try await judge(engine, unwritten)
    }

    /// Writes the report files; what kept it from doing so, if anything did.
    private func write(
        _ report: ExitReport, to folder: ReportFolder?, _ output: inout TolerantOutput
    ) -> CommandFailure? {
        guard let folder else { return nil }
        do throws(CommandFailure) {
            try folder.write(report)
            output.printLine("report written to \(folder.path)/report.{txt,json,html}")
            return nil
        } catch {
            return error
        }
    }

    /// Fails with everything that went wrong; orders that may be open come first.
    private func judge(_ engine: LiveEngine, _ unwritten: CommandFailure?) async throws {
        var failures: [CommandFailure] = []
        let unsettled = await engine.unsettled
        if !unsettled.isEmpty {
            failures.append(
                CommandFailure(
                    "the venue has not confirmed the end of these orders; they may still be open:"
                        + "\n  " + unsettled.joined(separator: "\n  ")
                        + "\nnext: " + ForcedEnd.next(configuration: config), .fault))
        }
        if let failure = await engine.failure {
            failures.append(CommandFailure("the lane failed: \(failure)", .fault))
        }
        if let unwritten { failures.append(unwritten) }
        guard let first = failures.first else { return }
        let words = failures.map(\.description).joined(separator: "\napus: ")
        throw CommandFailure(words, first.status)
    }

    // MARK: - Parts

    private static func nanoseconds(_ text: String) throws -> Int64 {
        let units: [(String, Int64)] = [
            ("ms", 1_000_000), ("us", 1_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
            ("h", 3_600_000_000_000),
        ]
        for (suffix, scale) in units where text.hasSuffix(suffix) {
            if let count = Int64(text.dropLast(suffix.count)), count > 0, count < 1_000_000 {
                return count * scale
            }
        }
        throw CommandFailure(
            "--duration takes a whole number with ms, s, m or h, such as 30s; found '\(text)'",
            .usage)
    }

    private static func logger(_ settings: TelemetrySettings, quiet: Bool) throws -> Logger {
        // Beside a panel, lines on standard error would tear it: they go to the file or nowhere.
        let level = Logger.Level(rawValue: settings.logLevel) ?? .info
        if settings.logFile == nil, quiet {
            return Logger(label: "apus") { _ in SwiftLogNoOpLogHandler() }
        }
        let sink: LogSink
        do {
            sink = try settings.logFile.map { try LogSink(path: $0) } ?? LogSink()
        } catch {
            throw CommandFailure(
                "telemetry.log_file cannot be opened: \(error)", .cannotCreate)
        }
        return Logger(label: "apus") { StructuredLog(label: $0, level: level, sink: sink) }
    }

    private static func versions() -> VersionFigures {
        let machine = MachineReport.read()
        return VersionFigures(
            apus: Version.text, swift: "6.3", tls: "OpenSSL, TLS 1.3", kernel: machine.kernel)
    }
}
