import ArgumentParser
import Emulator
import Engine
import Foundation
import Machine
import Wire

struct Exchange: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run an emulated exchange on loopback.",
        usage: ProcessName.usage("exchange --config <file> [<options>]"),
        discussion: """
            TLS 1.3, REST, market streams, orders and the user stream in the Binance Spot dialect \
            on one port. The certificate chain is made at start and its authority written where \
            the configuration says; accounts get a key the first time. The market comes from \
            seeded agents or from a recorded capture. Nothing leaves this machine. With \
            state.directory in the configuration balances, orders and trades are there again \
            after a crash or a restart.

            Ends on Ctrl-C, SIGTERM, after --duration, or at the end of a replay that is told to \
            stop; a second Ctrl-C ends it at once.

            Every key of the configuration: apus check --reference

            Examples:
              apus exchange --config config/exchange.yaml
              apus exchange --config config/exchange.yaml --seed 7 --verbose
              apus exchange --config config/exchange.yaml --speed max \\
                --replay day1.jsonl.gz day2.jsonl.gz
              apus exchange --config config/exchange.yaml --port 0 \\
                --ready-file exchange.ready

            \(ExitStatus.table([
                .success, .usage, .data, .noInput, .fault, .cannotCreate, .configuration,
                .interrupted,
            ]))
            """)

    @Option(
        name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp(
            "Captures to play in this order instead of the configured market: lines of a receive "
                + "stamp, a space and the message; gzip or plain.",
            valueName: "file"),
        completion: .file(extensions: ["gz", "jsonl"]))
    var replay: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Speed of a replay: 1 is recorded time, 0.001...100000 a multiple of it, max as fast "
                + "as subscribers read. Default: 1.",
            valueName: "factor|max"))
    var speed: ReplaySpeed?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "TCP port, 0...65535; 0: any free one, see --ready-file; one in use is waited for, ten seconds at most. Default: the configuration's.",
            valueName: "number"))
    var port: UInt16?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Receives the line host:port, whole, once clients are accepted; removed at the end.",
            valueName: "path"),
        completion: .file())
    var readyFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End after this long: 500ms, 30s, 5m, 2h. Default: never.", valueName: "time"))
    var duration: DurationArgument?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Seed of the agents; same seed, same market. Default: the configuration's.",
            valueName: "number"))
    var seed: UInt64?

    @Flag(name: .long, help: "A line of statistics every five seconds.")
    var verbose = false

    func run() { reportingFailures(perform) }

    private func perform() throws {
        StandardStream.ignoreBrokenPipes()
        let file = try ExchangeFileConfiguration.load(
            file: config, environment: ProcessInfo.processInfo.environment)
        for variable in file.ignoredVariables {
            printWarning("environment variable \(variable) is no setting of the exchange; ignored")
        }
        let configuration = try effective(file)
        for path in [configuration.authorityPath, configuration.readyPath].compactMap({ $0 }) {
            try OwnerDirectory.prepare(for: path)
        }
        if let core = configuration.core, !MachineReport.read().allowedCores.contains(core) {
            printWarning("core \(core) is not ours to use; the exchange runs on any core")
        }
        let signals = StopSignals()
        let server = try start(configuration)
        for remark in server.remarks { printWarning(remark) }
        defer {
            if let path = configuration.readyPath { unlink(path) }
        }
        var output = TolerantOutput { reason in
            printWarning("standard output cannot be written (\(reason)); the exchange goes on")
        }
        output.printLine(
            ExchangeText.ready(
                configuration, port: server.port, binaryPort: server.binaryPort,
                authority: server.authorityPath,
                server.statistics))
        let reason = ExchangeWatch(
            server: server, signals: signals, limit: duration?.nanoseconds,
            reportInterval: verbose ? .seconds(5) : nil
        ).untilEnd(&output)
        output.printLine("exchange ended: \(reason)")
        output.printLine(ExchangeText.statistics(server.statistics))
        if let failure = server.failure { throw failure }
        if server.statistics.isReplayTruncated > 0 {
            throw CommandFailure(
                "the capture could not be read to its end: damaged, or cut off", .data)
        }
    }

    private func start(_ configuration: ExchangeConfiguration) throws -> ExchangeServer {
        do throws(ExchangeFailure) {
            let server = try ExchangeServer(configuration: configuration)
            try server.start()
            return server
        } catch {
            guard case .transport(.listenRefused(errno: let code)) = error else { throw error }
            // The command line goes before the file.
            let key = port == nil ? "\(config): listen.port" : "--port"
            throw CommandFailure(
                "\(key): cannot listen on \(configuration.address):\(configuration.port): "
                    + "\(String(cString: strerror(code)))"
                    + (code == EADDRINUSE ? " for ten seconds" : "")
                    + "; accepted: an address of this machine "
                    + "(listen.address) and a free port, 0 for any", .configuration)
        }
    }

    /// The file's configuration with the command line put over it.
    private func effective(_ file: ExchangeFileConfiguration) throws -> ExchangeConfiguration {
        var file = file
        if let seed { file.seed = seed }
        var configuration = ExchangeConfiguration(
            file, accounts: try ExchangeAccounts.prepare(file))
        if let port { configuration.port = port }
        if let readyFile { configuration.readyPath = readyFile }
        if !replay.isEmpty { configuration.market = .replay(ReplayConfiguration(files: replay)) }
        if let speed {
            guard case .replay(var recorded) = configuration.market else {
                throw CommandFailure(
                    "--speed needs --replay, or source: replay in \(config)", .usage)
            }
            recorded.pace = speed.pace
            configuration.market = .replay(recorded)
        }
        return configuration
    }
}

extension CommandFailure {
    init(_ failure: ExchangeFailure) {
        let status: ExitStatus =
            switch failure {
            case .configuration, .badAddress, .transport(.listenRefused): .configuration
            case .state(.cannotOpen), .state(.inUse), .state(.unknown): .configuration
            case .state(.corrupt): .data
            case .cannotWrite, .certificates: .cannotCreate
            case .capture(.cannotOpen): .noInput
            case .capture: .data
            case .transport, .noThread, .state: .fault
            }
        self.init("\(failure)", status)
    }
}
