import Foundation
import MarketModel

/// What became of one series.
public struct SeriesReport: Sendable {
    public enum Ending: Equatable, Sendable {
        /// All that the venue has of the range is there.
        case complete
        /// Ended by the operator; the next download goes on.
        case stopped
        case failed(HistoryFailure)
    }

    public let series: HistorySeries
    public let path: String
    public internal(set) var ending = Ending.complete
    /// Of the file as it is now.
    public internal(set) var first: Timestamp?
    public internal(set) var last: Timestamp?
    public internal(set) var bars = 0
    /// Candles that this run has added, and requests that it took.
    public internal(set) var added = 0
    public internal(set) var requests = 0
    /// Between the candles of the file: holes of the venue's (MD-13).
    public internal(set) var gaps: [HistoryGap] = []
    /// What was asked for and the venue does not have, before the first candle and behind the last.
    public internal(set) var before: HistoryGap?
    public internal(set) var behind: HistoryGap?

    init(_ series: HistorySeries, path: String) {
        self.series = series
        self.path = path
    }
}

/// Fetches one series into its file, from where the file ends.
///
/// A file is one run of candles: what lies between its candles and the range is fetched too. What
/// comes before its first candle is gathered in a second file, `….csv.earlier`, which goes on after
/// an interruption as the file itself does, and takes its place once it reaches it.
struct SeriesDownload {
    private var report: SeriesReport
    private var pages: HistoryPages
    private let tally: HistoryTally
    private let start: Timestamp
    private let end: Timestamp

    /// `start..<end`, both on the grid.
    init(
        _ series: HistorySeries, in folder: String, from start: Timestamp, to end: Timestamp,
        _ pages: HistoryPages, _ tally: HistoryTally
    ) {
        report = SeriesReport(series, path: folder + "/" + series.fileName)
        self.pages = pages
        self.tally = tally
        self.start = start
        self.end = end
    }

    private var series: HistorySeries { report.series }
    private var timeframe: HistoryTimeframe { report.series.timeframe }

    /// Fetches what is missing; blocks.
    mutating func run() -> SeriesReport {
        do throws(HistoryPages.Ending) {
            try fetch()
        } catch {
            report.ending =
                switch error {
                case .stopped: .stopped
                case .failed(let failure): .failed(failure)
                }
        }
        report.requests = pages.requests
        return report
    }

    private mutating func fetch() throws(HistoryPages.Ending) {
        var file = try opened(report.path)
        note(file)
        if let first = file.first, let last = file.last {
            let next = min(timeframe.next(after: last), end)
            tally.note(done: timeframe.count(from: max(start, first), to: next))
        }
        if let first = file.first, start < first {
            try fetchEarlier(before: first, in: &file)
            note(file)
        }
        let next = file.last.map { timeframe.next(after: $0) } ?? start
        // Whatever ends it, the report tells of the file as it is.
        var ending: HistoryPages.Ending?
        do throws(HistoryPages.Ending) {
            try fill(&file, from: next, to: end)
            try synced(file)
        } catch {
            ending = error
        }
        note(file)
        if let ending { throw ending }
        noteEdges()
    }

    private mutating func note(_ file: borrowing CandleFile) {
        report.first = file.first
        report.last = file.last
        report.bars = file.bars
        report.gaps = file.gaps
    }

    private mutating func noteEdges() {
        guard let first = report.first, let last = report.last else {
            if start < end { report.behind = HistoryGap(timeframe, from: start, to: end) }
            return
        }
        if start < first { report.before = HistoryGap(timeframe, from: start, to: first) }
        let next = timeframe.next(after: last)
        if next < end { report.behind = HistoryGap(timeframe, from: next, to: end) }
    }

    /// Adds what the venue has within `start..<end`, page by page.
    private mutating func fill(
        _ file: inout CandleFile, from start: Timestamp, to end: Timestamp
    ) throws(HistoryPages.Ending) {
        var next = start
        while next < end {
            let rows = try pages.page(series, from: next, to: end)
            guard let last = rows.last else { break }
            do throws(HistoryFailure) {
                try file.append(rows)
            } catch {
                throw .failed(error)
            }
            report.added += rows.count
            let after = timeframe.next(after: last.time)
            tally.note(done: timeframe.count(from: next, to: after), added: rows.count)
            next = after
        }
        // Nothing more until the end: as good as there.
        tally.note(done: timeframe.count(from: next, to: end))
    }

    private mutating func fetchEarlier(
        before first: Timestamp, in file: inout CandleFile
    ) throws(HistoryPages.Ending) {
        let path = report.path + ".earlier"
        var earlier = try opened(path, until: first)
        if let begun = earlier.first, begun > start {
            // Of a download that wanted less.
            unlink(path)
            earlier = try opened(path)
        }
        let next = earlier.last.map { timeframe.next(after: $0) } ?? start
        tally.note(done: timeframe.count(from: start, to: next))
        try fill(&earlier, from: next, to: first)
        if earlier.bars == 0 { return }
        do throws(HistoryFailure) {
            try earlier.precede(file)
        } catch {
            throw .failed(error)
        }
        file = earlier
    }

    private func opened(
        _ path: String, until limit: Timestamp = .never
    ) throws(HistoryPages.Ending) -> CandleFile {
        do throws(HistoryFailure) {
            return try CandleFile(path: path, timeframe, until: limit)
        } catch {
            throw .failed(error)
        }
    }

    private func synced(_ file: borrowing CandleFile) throws(HistoryPages.Ending) {
        do throws(HistoryFailure) {
            try file.sync()
        } catch {
            throw .failed(error)
        }
    }
}
