import ArgumentParser
import Control
import Engine
import MarketContext
import MarketModel
import Studies
import Telemetry

struct ContextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "Show the market context of a running engine, or compute that of recorded trades.",
        discussion: """
            The values are those that a strategy gets from the stream.

            Examples:
              apus context show
              apus context sample > trades.csv
              apus context compute --input trades.csv --chart chart.svg
            """,
        subcommands: [
            ContextShow.self, ContextCompute.self, ContextSample.self, ContextPages.self,
        ])
}

struct ContextShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the market contexts that a running engine's strategies look at.",
        discussion: """
            One row a context: of the UTC day VWAP, point of control, value area and delta, \
            yesterday's low and high, regime and open sessions. A ~ says that trades of it are \
            missing. The JSON has more: weeks, months, naked levels, deviations, holes.

            Examples:
              apus context show
              apus context show --json | jq '.[].day'

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions

    func run() {
        reportingFailures {
            try control.call(
                "context", as: [ContextFigures].self, render: ControlText.contexts)
        }
    }
}

struct ContextCompute: ParsableCommand {
    enum Table: String, ExpressibleByArgument, CaseIterable { case levels, profile, bars }

    static let configuration = CommandConfiguration(
        commandName: "compute",
        abstract: "Compute levels, sessions and profile of recorded trades; print them, draw them.",
        usage: ProcessName.usage("context compute --input <file> [<options>]"),
        discussion: """
            The input is CSV, plain or gzip. Its first line names the columns, in any order: id, \
            time, price, quantity, and is_buyer_maker or side (the aggressor's); others are passed \
            over. A file whose first line starts with a number has the order of Binance's trade \
            files: id, price, quantity, quote quantity, time, is buyer maker. Times are UTC: a \
            number since 1970 (s, ms, us or ns by its size) or ISO 8601. Prices are above zero: \
            what was not traded in the book, such as rows of price 0, is not for it.

            Tables: levels (with days and sessions), profile (of the last UTC day), bars (CSV, \
            with what was known when each closed). A ~ says that trades of it are missing.

            Examples:
              apus context compute --input BTCUSDT-trades.csv.gz
              apus context compute --input trades.csv --bars 5m --table profile
              apus context compute --input trades.csv --chart chart.svg --footprint flow.svg

            \(ExitStatus.table([
                .success, .usage, .data, .noInput, .cannotCreate, .unwrittenOutput,
            ]))
            """)

    @Option(
        help: ArgumentHelp("The trades.", valueName: "file"),
        completion: .file(extensions: ["csv", "gz"]))
    var input: String

    @Option(help: ArgumentHelp("Length of the bars: 1m to 1d, dividing a day.", valueName: "time"))
    var bars = "15m"

    @Option(
        help: ArgumentHelp(
            "Size of a price bin in ticks (the prices' finest digit). Default: a round one.",
            valueName: "ticks"))
    var bin: Int64?

    @Option(
        help: ArgumentHelp("Share of the volume in the value area, 1...100.", valueName: "percent"))
    var valueArea: Int64 = 70

    @Flag(help: "UTC days alone, without Asia, London and New York.")
    var daysOnly = false

    @Option(help: "What to print: \(Table.allCases.map(\.rawValue).joined(separator: ", ")).")
    var table = Table.levels

    @Option(
        help: ArgumentHelp("Where the table goes. Default: standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Also draw candles, VWAP, profile, sessions, levels and delta.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var chart: String?

    @Option(
        help: ArgumentHelp("Also draw the footprint of the newest eight bars.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var footprint: String?

    @Option(
        help: ArgumentHelp(
            "The newest so many bars in the chart, 1...\(ContextChart.mostBars).", valueName: "count"))
    var shown = 192

    func validate() throws {
        if barLength == nil {
            throw ValidationError("--bars must be a time such as 5m within 1m...1d that divides a day")
        }
        if let bin, !(1...1_000_000_000).contains(bin) {
            throw ValidationError("--bin must be within 1...1000000000")
        }
        if !(1...100).contains(valueArea) {
            throw ValidationError("--value-area must be within 1...100")
        }
        if !(1...ContextChart.mostBars).contains(shown) {
            throw ValidationError("--shown must be within 1...\(ContextChart.mostBars)")
        }
    }

    private var barLength: Nanoseconds? {
        let factors: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = bars.last.flatMap({ factors[$0] }), let count = Int64(bars.dropLast()),
            (1...1_440).contains(count)
        else { return nil }
        let length = Nanoseconds.seconds(count * unit)
        return length <= .day && Nanoseconds.day.count % length.count == 0 ? length : nil
    }

    func run() { reportingFailures(perform) }

    private func perform() throws {
        var options = ContextStudy.Options()
        options.bars = barLength ?? options.bars
        options.binTicks = bin
        options.valueAreaShare = valueArea * 100
        options.hasSessions = !daysOnly
        let study = try study(try TradeTape(reading: input), options)
        let tables = ContextTables(study)
        let lines =
            switch table {
            case .levels: tables.summary
            case .profile: tables.profile
            case .bars: tables.bars
            }
        if let output {
            try OutputFile.write(lines.joined(separator: "\n") + "\n", to: output)
        } else {
            var text = LineOutput()
            defer { text.flush() }
            for line in lines { text.write(line) }
        }
        if let chart {
            let drawn = ContextChart(study, title: "Market context of \(input)", newest: shown)
            try OutputFile.write(drawn.svg, to: chart)
        }
        if let footprint {
            let drawn = FootprintChart(study, title: "Footprint of \(input), bars of \(bars)")
            try OutputFile.write(drawn.svg, to: footprint)
        }
    }

    private func study(
        _ tape: TradeTape, _ options: ContextStudy.Options
    ) throws -> ContextStudy {
        do throws(ContextFailure) {
            return try ContextStudy(tape, options)
        } catch {
            throw CommandFailure("\(input): \(error.words)", .data)
        }
    }
}

struct ContextSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Print trades of a generated market, to try compute with.",
        discussion: """
            The same for the same seed, on every machine.

            Example:
              apus context sample --seed 7 --days 2 > trades.csv

            \(ExitStatus.table([.success, .usage, .unwrittenOutput]))
            """)

    @Option(help: "What the market is made of.")
    var seed: UInt64 = 11

    @Option(help: ArgumentHelp("How many UTC days, 1...30.", valueName: "count"))
    var days = 3

    func validate() throws {
        if !(1...30).contains(days) { throw ValidationError("--days must be within 1...30") }
    }

    func run() {
        var output = LineOutput()
        defer { output.flush() }
        for line in TradeTape.generated(seed: seed, days: days).lines { output.write(line) }
    }
}

/// For those who change the library.
struct ContextPages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages",
        abstract: "Write the documentation's page and chart of each family.",
        discussion: """
            Example:
              apus context pages Sources/MarketContext/MarketContext.docc

            \(ExitStatus.table([.success, .usage, .cannotCreate]))
            """)

    @Argument(help: ArgumentHelp("An existing one.", valueName: "directory"), completion: .directory)
    var directory: String

    func run() {
        reportingFailures {
            let start = directory + "/"
            try OutputFile.write(try ContextPage.frontChart(), to: start + "context.svg")
            for family in ContextPage.Family.allCases {
                let page = ContextPage(family)
                try OutputFile.write(page.markdown, to: start + page.name + ".md")
                try OutputFile.write(try page.chart(), to: start + page.chartName)
            }
        }
    }
}
