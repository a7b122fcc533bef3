import ArgumentParser
import Engine
import Foundation
import Indicators
import Studies

struct IndicatorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indicators",
        abstract: "List the indicators, explain one, compute them over candles, draw them.",
        discussion: """
            The values are bit for bit those that a strategy gets from the stream.

            Examples:
              apus indicators list --family momentum
              apus indicators show bbands
              apus indicators sample > candles.csv
              apus indicators compute RSI --params period=21 --input candles.csv
              apus indicators compute BBANDS EMA:50 --input candles.csv --chart out.svg
            """,
        subcommands: [
            IndicatorsList.self, IndicatorsShow.self, IndicatorsCompute.self,
            IndicatorsSample.self, IndicatorsPages.self,
        ])
}

extension CatalogueEntry.Family: ExpressibleByArgument {}

struct IndicatorsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Print every indicator by family, with its parameters and their defaults.",
        discussion: """
            Examples:
              apus indicators list
              apus indicators list --family volatility

            \(ExitStatus.table([.success, .usage]))
            """)

    @Option(help: "Only this family.")
    var family: CatalogueEntry.Family?

    func run() {
        var output = LineOutput()
        defer { output.flush() }
        for line in CatalogueText.list(family) { output.write(line) }
    }
}

struct IndicatorsShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Explain one indicator: formula, parameters, warm-up, cost, source.",
        discussion: """
            Examples:
              apus indicators show MACD
              apus indicators show supertrend

            \(ExitStatus.table([.success, .usage]))
            """)

    @Argument(
        help: ArgumentHelp("In upper or lower case.", valueName: "name"),
        completion: .list(IndicatorCatalogue.entries.map(\.name)))
    var name: String

    func run() {
        reportingFailures {
            let lines = try CatalogueText.sheet(try IndicatorCatalogue.named(name))
            printLine(lines.joined(separator: "\n"))
        }
    }
}

struct IndicatorsCompute: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compute",
        abstract: "Compute indicators over recorded candles; write a table, draw a chart.",
        usage: ProcessName.usage("indicators compute <name[:params]> ... --input <file> [<options>]"),
        discussion: """
            The input is CSV, plain or gzip. Its first line names the columns, in any order: \
            open_time, open, high, low, close, volume, and for indicators that compare or look \
            into the order flow second, trade_price, signed_size, bid_price, bid_size, ask_price, \
            ask_size; others are passed over. A file whose first line starts with a number has \
            the order of Binance's kline files: open time, open, high, low, close, volume, ... \
            Times are UTC: a number since 1970 (s, ms, us or ns by its size) or ISO 8601.

            The table has the times as they were and a column for each output, such as \
            bbands_20_2_upper; a field is empty while there is no value.

            Examples:
              apus indicators compute SMA --params period=50 --input BTCUSDT-1h.csv.gz
              apus indicators compute EMA:12 EMA:26 --input candles.csv --output out.csv
              apus indicators compute BBANDS:kind=ema CDLDOJI MACD --input candles.csv \\
                --chart chart.svg --candles 200

            \(ExitStatus.table([
                .success, .usage, .data, .noInput, .cannotCreate, .unwrittenOutput,
            ]))
            """)

    @Argument(
        help: ArgumentHelp(
            "Indicators, each with parameters behind a colon if need be.",
            valueName: "name[:params]"),
        completion: .list(IndicatorCatalogue.entries.map(\.name)))
    var names: [String]

    @Option(
        help: ArgumentHelp(
            "For a single indicator: name=number or numbers in their order, by commas.",
            valueName: "params"))
    var params: String?

    @Option(
        help: ArgumentHelp("The candles.", valueName: "file"),
        completion: .file(extensions: ["csv", "gz"]))
    var input: String

    @Option(
        help: ArgumentHelp("Where the table goes. Default: standard output.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Also draw candles and values; without --output instead of the table.",
            valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var chart: String?

    @Option(
        help: ArgumentHelp(
            "The newest so many candles in the chart, 1...\(Chart.mostCandles).",
            valueName: "count"))
    var candles = 200

    func validate() throws {
        if params != nil && names.count > 1 {
            throw ValidationError("--params is for a single indicator; write NAME:params instead")
        }
        if !(1...Chart.mostCandles).contains(candles) {
            throw ValidationError("--candles must be within 1...\(Chart.mostCandles)")
        }
    }

    func run() { reportingFailures(perform) }

    private func perform() throws {
        var studies: [Study] = []
        for name in names { studies.append(try Study(name, parameters: params)) }
        let series = try CandleSeries(reading: input)
        if let gaps = series.gapText { printWarning(gaps) }
        var values: [StudyValues] = []
        for study in studies { values.append(try study.values(over: series)) }
        for value in values where value.refusedCount > 0 {
            printWarning("\(value.study.label) refused \(value.refusedCount) candles")
        }
        if let output {
            let lines = StudyValues.lines(values, of: series)
            try OutputFile.write(lines.joined(separator: "\n") + "\n", to: output)
        } else if chart == nil {
            var table = LineOutput()
            defer { table.flush() }
            for line in StudyValues.lines(values, of: series) { table.write(line) }
        }
        if let chart { try OutputFile.write(Chart(series, values, newest: candles).svg, to: chart) }
    }
}

struct IndicatorsSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Print hourly candles of a generated market, to try the others with.",
        discussion: """
            The same for the same seed, on every machine.

            Example:
              apus indicators sample --seed 7 --candles 500 > candles.csv

            \(ExitStatus.table([.success, .usage, .unwrittenOutput]))
            """)

    @Option(help: "What the market is made of.")
    var seed: UInt64 = 7

    @Option(help: ArgumentHelp("How many, 1...1000000.", valueName: "count"))
    var candles = 240

    func validate() throws {
        if !(1...1_000_000).contains(candles) {
            throw ValidationError("--candles must be within 1...1000000")
        }
    }

    func run() {
        var output = LineOutput()
        defer { output.flush() }
        for line in CandleSeries.generated(seed: seed, count: candles).lines { output.write(line) }
    }
}

/// For those who change the catalogue.
struct IndicatorsPages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages",
        abstract: "Write the documentation's page and chart of each family.",
        discussion: """
            Example:
              apus indicators pages Sources/Indicators/Indicators.docc

            \(ExitStatus.table([.success, .usage, .cannotCreate]))
            """)

    @Argument(help: ArgumentHelp("An existing one.", valueName: "directory"), completion: .directory)
    var directory: String

    func run() {
        reportingFailures {
            let start = directory + "/"
            try OutputFile.write(try FamilyPage.frontChart(), to: start + "indicators.svg")
            for family in CatalogueEntry.Family.allCases {
                let page = FamilyPage(family)
                try OutputFile.write(try page.markdown(), to: start + page.name + ".md")
                try OutputFile.write(try page.chart(), to: start + page.chartName)
            }
        }
    }
}

extension CommandFailure {
    /// 66: no such file; 65: one that is not what it should be.
    init(_ failure: TableFailure) {
        switch failure {
        case .cannotOpen: self.init("\(failure)", .noInput)
        case .cannotRead, .noRows, .heading, .field: self.init("\(failure)", .data)
        }
    }

    /// 65 where the file lacks something, 64 where the command line is wrong.
    init(_ failure: StudyFailure) {
        switch failure {
        case .lacksColumn, .needsBook: self.init("\(failure)", .data)
        case .unknownIndicator, .unknownParameter, .parameterText, .parameter:
            self.init("\(failure)", .usage)
        }
    }
}
