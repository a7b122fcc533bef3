import Foundation
import MarketModel
import Testing

@testable import Engine

/// A history in a directory of one test's own, removed with everything in it when the test ends.
final class HistoryTestFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory
            .appendingPathComponent("history-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Where the candles of BTCUSDT are.
    func file(_ timeframe: String = "1h") -> String { "\(path)/BTCUSDT_\(timeframe).csv" }

    /// Fetches candles of BTCUSDT that begin within a range of milliseconds.
    @discardableResult
    func download(
        _ range: Range<Int64>, of timeframe: String = "1h", from desk: ArchiveDesk,
        tally: HistoryTally = HistoryTally(),
        pacing: RequestPacing = RequestPacing([], clockOffset: 0)
    ) throws -> SeriesReport {
        let length = try #require(HistoryTimeframe(timeframe))
        let series = try #require(HistorySeries(symbol: "BTCUSDT", length))
        var download = SeriesDownload(
            series, in: path, from: Timestamp(milliseconds: range.lowerBound),
            to: Timestamp(milliseconds: range.upperBound), HistoryPages(desk, pacing, tally), tally)
        return download.run()
    }
}
