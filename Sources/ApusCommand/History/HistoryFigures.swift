import Engine
import MarketModel
import Telemetry

/// A hole in a history, as JSON has it.
struct GapFigures: Encodable {
    /// Where the first missing candle begins, and the next one that is there; UTC.
    var from: String
    var to: String
    var missing: Int

    init(_ gap: HistoryGap) {
        from = HistoryText.moment(gap.start)
        to = HistoryText.moment(gap.end)
        missing = gap.missing
    }
}

/// A series after its download, as JSON has it.
struct SeriesFigures: Encodable {
    var symbol: String
    var timeframe: String
    var file: String
    /// complete, stopped or failed.
    var state: String
    var reason: String?
    /// Of the whole file.
    var bars: Int
    var first: String?
    var last: String?
    var gaps: [GapFigures]
    /// Candles that this run has added, and what it asked for and the venue does not have.
    var added: Int
    var requests: Int
    var before: GapFigures?
    var behind: GapFigures?

    init(_ report: SeriesReport) {
        symbol = report.series.symbol
        timeframe = report.series.timeframe.name
        file = report.path
        (state, reason) =
            switch report.ending {
            case .complete: ("complete", nil)
            case .stopped: ("stopped", nil)
            case .failed(let failure): ("failed", "\(failure)")
            }
        bars = report.bars
        first = report.first.map(HistoryText.moment)
        last = report.last.map(HistoryText.moment)
        gaps = report.gaps.map(GapFigures.init)
        added = report.added
        requests = report.requests
        before = report.before.map(GapFigures.init)
        behind = report.behind.map(GapFigures.init)
    }
}

/// A file of the history as it is, as JSON has it.
struct FileFigures: Encodable {
    struct Finding: Encodable {
        var line: Int
        /// bar, form, duplicate, gap, outlier or torn.
        var kind: String
        var words: String

        init(_ finding: CandleFileScan.Finding) {
            line = finding.line
            words = finding.words
            kind =
                switch finding.kind {
                case .bar: "bar"
                case .form: "form"
                case .duplicate: "duplicate"
                case .gap: "gap"
                case .outlier: "outlier"
                case .torn: "torn"
                }
        }
    }

    var symbol: String
    var timeframe: String
    var file: String
    var bars: Int
    var first: String?
    var last: String?
    /// Places where bars are missing, and how many are.
    var gaps: Int
    var missing: Int
    /// Bars far beyond the ones before them.
    var outliers: Int
    /// Findings that neither the venue nor the market explains.
    var errors: Int
    var findings: [Finding]

    init(_ series: HistorySeries, _ path: String, _ scan: CandleFileScan) {
        symbol = series.symbol
        timeframe = series.timeframe.name
        file = path
        bars = scan.bars
        first = scan.first.map(HistoryText.moment)
        last = scan.last.map(HistoryText.moment)
        gaps = scan.gaps.count
        missing = scan.gaps.reduce(0) { $0 + $1.missing }
        findings = scan.findings.map(Finding.init)
        outliers = scan.outliers.count
        errors = scan.findings.count(where: \.isError)
    }
}

/// What a download has come to, for people.
enum HistoryReportText {
    static func lines(_ reports: [SeriesReport]) -> [String] {
        var table = TextTable([
            .init("series", .left), .init("state", .left), .init("bars"), .init("new"),
            .init("requests"), .init("first", .left), .init("last", .left), .init("missing"),
            .init("file", .left),
        ])
        for report in reports {
            let figures = SeriesFigures(report)
            table.append([
                "\(report.series)", figures.state, FigureText.count(Int64(report.bars)),
                FigureText.count(Int64(report.added)), "\(report.requests)",
                figures.first ?? "-", figures.last ?? "-",
                FigureText.count(Int64(report.gaps.reduce(0) { $0 + $1.missing })), report.path,
            ])
        }
        return table.lines() + reports.flatMap(remarks)
    }

    private static func remarks(_ report: SeriesReport) -> [String] {
        var lines: [String] = []
        if let before = report.before {
            lines.append("\(report.series): the venue's history begins later: \(before.words)")
        }
        for gap in report.gaps { lines.append("\(report.series): the venue has not: \(gap.words)") }
        if let behind = report.behind, report.ending == .complete {
            lines.append("\(report.series): the venue has nothing more: \(behind.words)")
        }
        return lines
    }
}
