import ArgumentParser
import Engine
import Foundation
import MarketModel
import Telemetry

struct HistoryCommand<Executable: ApusExecutable>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "history",
            abstract: "Fetch candles of the past into CSV files, check them, list them.",
            discussion: """
                A file for each symbol and timeframe, SYMBOL_tf.csv, with the columns timestamp \
                (the candle's opening in milliseconds since 1970, UTC), open, high, low, close and \
                volume, digit for digit as the venue says them. apus indicators compute reads them \
                as they are.

                Examples:
                  apus history download --config config/demo.yaml
                  apus history list
                  apus history check
                """,
            subcommands: [
                HistoryDownloadCommand<Executable>.self, HistoryCheck.self, HistoryList.self,
                HistoryMetrics.self,
            ])
    }
}

struct HistoryDownloadCommand<Executable: ApusExecutable>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "download",
            abstract: "Fetch closed candles, from where the files end.",
            usage: ProcessName.usage("history download [<symbol> ...] --config <file> [<options>]"),
            discussion: """
                Asks the venue of the configuration over REST; no key is needed. What is there is \
                not fetched again: a download that was stopped or killed goes on, a torn last line \
                is cut off, and no bar comes twice. A file is one run of bars: what lies between it \
                and the range is fetched too. Only closed bars are taken, each one checked. Bars \
                that the venue does not have are stated, not made up.

                A request gets 1,000 bars; requests leave 0.1 s apart at the earliest, within 40 % \
                of the address's request weight, and not at all while the venue wants quiet (429, \
                418). Two years of 1h are 18 requests; of 1m 1,052, which take two to six minutes.

                Without --from the newest day of 1m, 5 days of 5m, 15 of 15m, 30 of 1h, 120 of 4h, \
                365 of 1d, 260 weeks, 60 months, 1,000 bars of other timeframes. Bars begin on the \
                UTC clock, weeks (1w) on Mondays, months (1M; 1m is a minute) on their first days. \
                Progress goes to standard error, the report to standard output.

                Examples:
                  apus history download --config config/demo.yaml
                  apus history download BTCUSDT ETHUSDT --timeframe 1h 4h 1d 1w 1M \\
                    --from 2022-01-01 --config my-live.yaml --live
                  apus history download SOLUSDT --timeframe 1m --from 2026-01-01 \\
                    --to 2026-02-01T12:00 --out candles --config my-live.yaml --live

                \(ExitStatus.table([
                    .success, .usage, .data, .noInput, .unreachable, .fault, .cannotCreate,
                    .configuration, .interrupted,
                ]))
                """)
    }

    @Argument(help: ArgumentHelp("Default: the configuration's instruments.", valueName: "symbol"))
    var symbols: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("The configuration file of apus run.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .long, parsing: .upToNextOption,
        help: ArgumentHelp("Lengths of the candles. Default: 1h.", valueName: "name"))
    var timeframe: [HistoryTimeframe] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Bars that begin then or later: 2026-01-31 or 2026-01-31T12:00, UTC.",
            valueName: "time"))
    var from: MomentArgument?

    @Option(
        name: .long,
        help: ArgumentHelp("Bars that begin before. Default: all that are closed.", valueName: "time"))
    var to: MomentArgument?

    @Option(
        name: .long, help: ArgumentHelp("Where the files are.", valueName: "directory"),
        completion: .directory)
    var out = "data/historical"

    @Option(
        name: .long,
        help: ArgumentHelp("Series that are fetched at once, 1...8.", valueName: "count"))
    var connections = 4

    @Flag(name: .long, help: "Print the report as JSON.")
    var json = false

    @Flag(name: .long, help: "Ask the live venue, as with apus run; nothing is traded.")
    var live = false

    func validate() throws {
        if !(1...8).contains(connections) {
            throw ValidationError("--connections must be within 1...8")
        }
        if let from, let to, from.time >= to.time {
            throw ValidationError("the range is empty: --from must be before --to")
        }
    }

    func run() async { await reportingFailures(perform) }

    private func perform() async throws {
        // A reader of the report that goes away must not end the download.
        StandardStream.ignoreBrokenPipes()
        let configuration = try RunConfiguration.load(
            file: config, environment: ProcessInfo.processInfo.environment, allowsLive: live,
            kinds: Executable.program.kinds)
        let plan = HistoryPlan(
            series: try series(configuration), from: from?.time, to: to?.time, folder: out,
            connections: connections)
        if let from, from.time.nanoseconds > Int64(Date().timeIntervalSince1970) * 1_000_000_000 {
            throw CommandFailure("the range is empty: --from is in the future", .usage)
        }
        let signals = StopSignals()
        signals.onForcedEnd {
            "ended at once; what has come stays, and the next download goes on behind it"
        }
        let download = try HistoryDownload(plan, configuration)
        let reports = await watched(download, signals)
        try print(reports)
        try judge(reports)
    }

    private func series(_ configuration: RunConfiguration) throws -> [HistorySeries] {
        let names = symbols.isEmpty ? configuration.instruments.map(\.symbol) : symbols
        let lengths = timeframe.isEmpty ? HistoryTimeframe("1h").map { [$0] } ?? [] : timeframe
        var all: [HistorySeries] = []
        for name in names {
            for length in lengths {
                guard let series = HistorySeries(symbol: name.uppercased(), length) else {
                    throw CommandFailure(
                        "'\(name)' is no symbol; accepted: 1 to 20 letters, digits, _ and -",
                        .usage)
                }
                if !all.contains(series) { all.append(series) }
            }
        }
        return all
    }

    /// Runs it to its end, or to the operator's.
    private func watched(
        _ download: HistoryDownload, _ signals: StopSignals
    ) async -> [SeriesReport] {
        async let reports = download.run()
        var line = ProgressLine()
        while case let progress = download.progress, progress.seriesDone < progress.series {
            if signals.request != nil { download.stop() }
            line.show(progress)
            try? await Task.sleep(for: .milliseconds(50))
        }
        line.clear()
        return await reports
    }

    private func print(_ reports: [SeriesReport]) throws {
        if json {
            let text = try SnapshotJSON.encoder(isPretty: true)
                .encode(reports.map(SeriesFigures.init))
            printLine(String(decoding: text, as: UTF8.self))
        } else {
            for line in HistoryReportText.lines(reports) { printLine(line) }
        }
    }

    /// Fails with everything that went wrong; the first decides about the exit code.
    private func judge(_ reports: [SeriesReport]) throws {
        var failures: [HistoryFailure] = []
        for report in reports {
            if case .failed(let failure) = report.ending, !failures.contains(failure) {
                failures.append(failure)
            }
        }
        if let first = failures.first {
            let words = failures.map(\.description).joined(separator: "\napus: ")
            throw CommandFailure(words, CommandFailure(first).status)
        }
        if reports.contains(where: { $0.ending == .stopped }) {
            throw CommandFailure(
                "stopped; what has come stays, and the same command goes on behind it",
                .interrupted)
        }
    }
}
