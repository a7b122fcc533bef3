import Codec
import Foundation
import MarketModel
import Telemetry
import Venues

/// The last 24 hours of a symbol, as the venue tells them.
struct DayFigures: Equatable, Sendable {
    var first: ExactDecimal
    var high: ExactDecimal
    var low: ExactDecimal
    var last: ExactDecimal
    var volume: ExactDecimal
    var quoteVolume: ExactDecimal

    /// The market of an instrument: what the lane has published, and its day as of `age`
    /// nanoseconds ago, if that is known.
    static func market(
        _ own: InstrumentFigures, _ day: DayFigures?, age: Int64
    ) -> MarketFigures {
        var figures = MarketFigures(symbol: own.symbol)
        figures.price = own.last ?? day?.last
        if own.isBookValid, let bid = own.bid, let ask = own.ask, bid.scale == ask.scale {
            let spread = ExactDecimal(raw: ask.raw - bid.raw, scale: ask.scale)
            let middle = (ask.approximation + bid.approximation) / 2
            figures.spread = spread
            figures.spreadBasisPoints = middle > 0 ? spread.approximation / middle * 10_000 : nil
        }
        guard let day else { return figures }
        figures.dayAgeNanoseconds = age
        figures.volume = day.volume
        figures.quoteVolume = day.quoteVolume
        figures.high = day.high
        figures.low = day.low
        let first = day.first.approximation
        if let price = figures.price?.approximation, first > 0 {
            figures.changePercent = (price / first - 1) * 100
        }
        if day.low.raw > 0 {
            let range = log(day.high.approximation / day.low.approximation)
            figures.volatilityPercent = (range * range / (4 * log(2)) * 365).squareRoot() * 100
        }
        return figures
    }
}

/// The days of all instruments as they were read last; when to read them again.
struct DayBoard {
    private(set) var days: [String: DayFigures] = [:]
    private var readAt: Int64 = 0
    private var nextRead: Int64 = 0
    private var isReading = false

    /// Figures are read again when somebody wants them and they are so old.
    private static let lifetime = Nanoseconds.seconds(30)
    /// Between a failure and the next attempt.
    private static let patience = Nanoseconds.seconds(10)

    /// Whether the caller is to read them now; then it tells what came of it.
    mutating func beginReading(at now: Int64) -> Bool {
        if isReading || now < nextRead { return false }
        isReading = true
        return true
    }

    /// `nil`: they could not be read; those of before stay.
    mutating func endReading(_ read: [String: DayFigures]?, at now: Int64) {
        isReading = false
        nextRead = now + (read == nil ? Self.patience : Self.lifetime).count
        guard let read else { return }
        days = read
        readAt = now
    }

    func age(at now: Int64) -> Int64 { max(now - readAt, 0) }
}

extension VenueInquiry {
    /// The last 24 hours of these symbols. Weight 2 for up to 20, 40 for up to 100.
    mutating func days(of symbols: [String]) throws(StartFailure) -> [String: DayFigures] {
        let path = Self.dayPath(symbols)
        let text = try body(path)
        return try read(path, text) { text, count throws(DecodeFailure) in
            var days: [String: DayFigures] = [:]
            var scanner = JSONScanner(text, count)
            try scanner.enterArray()
            while try scanner.nextElement() {
                let row = try scanner.value()
                guard let symbol = try row.member("symbol").string else { throw .missingKey }
                days[symbol] = try DayFigures(row)
            }
            try scanner.finish()
            return days
        }
    }

    static func dayPath(_ symbols: [String]) -> String {
        "/api/v3/ticker/24hr?type=MINI&symbols=\(list(symbols))"
    }
}

extension DayFigures {
    /// Of a ticker of the short kind (binance-spot.md, section 6).
    fileprivate init(_ row: JSONValue) throws(DecodeFailure) {
        func decimal(_ name: StaticString) throws(DecodeFailure) -> ExactDecimal {
            guard let text = try row.member(name).string else { throw .missingKey }
            guard let number = ExactDecimal(text) else { throw .invalidNumber }
            return number.shortened(to: 2)
        }
        self.init(
            first: try decimal("openPrice"), high: try decimal("highPrice"),
            low: try decimal("lowPrice"), last: try decimal("lastPrice"),
            volume: try decimal("volume"), quoteVolume: try decimal("quoteVolume"))
    }
}
