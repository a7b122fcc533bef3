import MarketContext
import MarketModel

/// A length of candles that the venue keeps: 1 s to 1 day, a week, a month. All begin on the UTC
/// clock: up to a day at multiples of the length since 1970, weeks on Mondays, months on their first
/// days, both at 00:00.
///
/// The venue's candles of three days are not among them: nothing says on which days they begin.
public struct HistoryTimeframe: Hashable, Sendable {
    /// As the venue says it and as files are called: `1m` is a minute, `1M` a month.
    public let name: String
    private let span: Timeframe

    /// All there are, the shortest first.
    public static let all: [HistoryTimeframe] = VenueInquiry.intervalNames
        .sorted { $0.key < $1.key }
        .map { HistoryTimeframe(name: $0.value, span: .every($0.key)) } + [
            HistoryTimeframe(name: "1w", span: .week), HistoryTimeframe(name: "1M", span: .month),
        ]

    private init(name: String, span: Timeframe) {
        self.name = name
        self.span = span
    }

    /// By its name; `nil` for a length that the venue does not keep.
    public init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known
    }

    /// To compare lengths and for figures of a year: a month's is the twelfth part of 365 days.
    public var meanLength: Nanoseconds {
        span == .month ? Nanoseconds(365 * Nanoseconds.day.count / 12) : span.nominalLength
    }

    /// Where candles begin, for messages.
    var grid: String {
        switch span {
        case .every: "a multiple of \(name) since 1970 in UTC"
        case .week: "a Monday at 00:00 UTC"
        case .month: "the first of a month at 00:00 UTC"
        }
    }

    /// How many are fetched up to now when nobody says from where: the spans of MD-25, a day to a
    /// year; five years of weeks and of months.
    private var batch: Int {
        switch name {
        case "1m", "5m", "15m": 1_440
        case "1h", "4h": 720
        case "1d": 365
        case "1w": 260
        case "1M": 60
        default: 1_000
        }
    }

    /// The first of the candles that are fetched up to one that begins at `end` when nobody says
    /// from where.
    func batchStart(before end: Timestamp) -> Timestamp {
        if span == .month { return Self.month(Self.number(ofMonth: end) - Int64(batch)) }
        return end - Nanoseconds(Int64(batch) * span.nominalLength.count)
    }

    /// The first candle that begins at a moment or after it.
    func first(from moment: Timestamp) -> Timestamp {
        let start = start(of: moment)
        return start == moment ? start : next(after: start)
    }

    /// The candle that holds a moment begins then.
    func start(of moment: Timestamp) -> Timestamp { span.start(of: moment) }

    /// Where the candle after the one that begins at `start` does; never, once time is at its end.
    func next(after start: Timestamp) -> Timestamp {
        let next = span.end(from: start)
        return next > start ? next : .never
    }

    /// Candles that begin within `start..<end`, both on the grid; 0 when the end comes first.
    func count(from start: Timestamp, to end: Timestamp) -> Int {
        if end <= start { return 0 }
        if span == .month { return Int(Self.number(ofMonth: end) - Self.number(ofMonth: start)) }
        return Int((end - start).count / span.nominalLength.count)
    }

    /// Months since the year 0.
    private static func number(ofMonth start: Timestamp) -> Int64 {
        let date = CivilDate(dayNumber: start.utcDay)
        return date.year * 12 + date.month - 1
    }

    /// Where a month begins.
    private static func month(_ number: Int64) -> Timestamp {
        CivilDate(year: number / 12, month: number % 12 + 1, day: 1).start
    }
}
