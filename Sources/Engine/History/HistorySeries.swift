import MarketModel
import Telemetry

/// The candles of one symbol and one length: a file of the history.
public struct HistorySeries: Hashable, Sendable, CustomStringConvertible {
    public let symbol: String
    public let timeframe: HistoryTimeframe

    /// `nil` when the symbol cannot be the venue's: 1 to 20 letters, digits, `_` and `-`.
    public init?(symbol: String, _ timeframe: HistoryTimeframe) {
        guard ShortName(symbol) != nil, !symbol.isEmpty,
            symbol.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
        else { return nil }
        self.symbol = symbol
        self.timeframe = timeframe
    }

    /// Of a file of the history by its name, `SYMBOL_tf.csv`; `nil` for any other file.
    public init?(fileName: String) {
        guard fileName.hasSuffix(".csv"), let mark = fileName.lastIndex(of: "_"),
            let timeframe = HistoryTimeframe(
                String(fileName[fileName.index(after: mark)...].dropLast(4)))
        else { return nil }
        self.init(symbol: String(fileName[..<mark]), timeframe)
    }

    public var fileName: String { "\(symbol)_\(timeframe.name).csv" }
    public var description: String { "\(symbol) \(timeframe.name)" }
}

/// Candles that are not there although their time is over (MD-13).
public struct HistoryGap: Equatable, Sendable, Codable {
    /// Where the first missing candle would begin, and where the next one there is begins.
    public let start: Timestamp
    public let end: Timestamp
    /// How many would fit, 1 or more.
    public let missing: Int

    init(_ timeframe: HistoryTimeframe, from start: Timestamp, to end: Timestamp) {
        self.start = start
        self.end = end
        missing = timeframe.count(from: start, to: end)
    }

    /// As in `3 bars from 2026-01-05T00:00:00Z to before 2026-01-05T03:00:00Z`.
    public var words: String {
        "\(missing) \(missing == 1 ? "bar" : "bars") from \(HistoryText.moment(start)) "
            + "to before \(HistoryText.moment(end))"
    }
}

/// How the history's moments are written.
public enum HistoryText {
    /// To the second, in UTC: candles begin on whole ones.
    public static func moment(_ time: Timestamp) -> String {
        String(FigureText.moment(time.nanoseconds).prefix(19)) + "Z"
    }
}
