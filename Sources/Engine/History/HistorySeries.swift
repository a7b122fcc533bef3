import MarketContext
import MarketModel
import Telemetry

/// A length of candles that the venue keeps, 1 s to 1 day. All begin at multiples of it since 1970.
public struct HistoryTimeframe: Hashable, Sendable {
    /// As the venue says it and as files are called: `1m`, `4h`.
    public let name: String
    public let length: Nanoseconds

    /// All there are, the shortest first.
    public static let all: [HistoryTimeframe] = VenueInquiry.intervalNames
        .map { HistoryTimeframe(name: $0.value, length: $0.key) }
        .sorted { $0.length < $1.length }

    private init(name: String, length: Nanoseconds) {
        self.name = name
        self.length = length
    }

    /// By its name; `nil` for a length that the venue does not keep.
    public init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    /// What is fetched up to now when nobody says from where: the spans of MD-25, and a thousand
    /// candles of every other length.
    public var batchSpan: Nanoseconds {
        let days: [String: Int64] = ["1m": 1, "5m": 5, "15m": 15, "1h": 30, "4h": 120, "1d": 365]
        return Nanoseconds(days[name].map { $0 * Nanoseconds.day.count } ?? 1_000 * length.count)
    }

    /// The first candle that begins at a moment or after it.
    func first(from moment: Timestamp) -> Timestamp {
        let start = Timeframe.every(length).start(of: moment)
        return start == moment ? start : start + length
    }

    /// The candle that holds a moment begins then.
    func start(of moment: Timestamp) -> Timestamp { Timeframe.every(length).start(of: moment) }

    /// Candles that begin within `start..<end`, both on the grid; 0 when the end comes first.
    func count(from start: Timestamp, to end: Timestamp) -> Int {
        max(0, Int((end - start).count / length.count))
    }
}

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
