import Codec
import Machine
import MarketContext
import MarketModel
import Venues

/// Candles of the past, of the venue's own lengths or put together from shorter ones.
extension VenueInquiry {
    /// Candles up to now, oldest first; the bar that is still open says so (BUG-047).
    mutating func candles(
        _ request: HistoryRequest, _ instrument: Instrument, _ offset: Int64
    ) throws(StartFailure) -> [Candle] {
        let length = request.interval
        guard let own = Self.source(of: length) else {
            throw .missing("the venue has no candles that make those of \(length.count) ns")
        }
        if own == length {
            let wanted = request.duration.count / max(length.count, 1) + 2
            let count = min(Int64(Self.mostCandles), wanted)
            return try page(request.symbol, own, "&limit=\(count)", instrument, offset)
        }
        // From where a long candle begins, so that the first one is whole.
        let now = Timestamp(nanoseconds: clock.now() + offset)
        let past = Nanoseconds(
            min(request.duration.count, length.count * Int64(Self.mostCandles)))
        var start = Timeframe.every(length).start(of: now - past)
        var shorts: [Candle] = []
        while true {
            let range = "&startTime=\(start.milliseconds)&limit=\(Self.mostCandles)"
            let next = try page(request.symbol, own, range, instrument, offset)
            // One that has grown meanwhile comes again in the next page.
            shorts += next.filter { $0.openTime > shorts.last?.openTime ?? .unknown }
            guard next.count == Self.mostCandles, let last = next.last else { break }
            start = last.openTime + own
        }
        return CandleLengthening(length).candles(of: shorts)
    }

    private mutating func page(
        _ symbol: String, _ length: Nanoseconds, _ range: String, _ instrument: Instrument,
        _ offset: Int64
    ) throws(StartFailure) -> [Candle] {
        let interval = try Self.name(of: length)
        let path = "/api/v3/klines?symbol=\(percentEncoded(symbol))&interval=\(interval)\(range)"
        let text = try body(path)
        let now = Timestamp(nanoseconds: clock.now() + offset)
        let rows = try read(path, text) { text, count throws(DecodeFailure) in
            try klines(text, count, instrument)
        }
        return rows.map { row in
            var candle = row
            candle.isClosed = row.closeTime < now
            return candle
        }
    }

    /// What the venue calls candles of a length.
    static func name(of length: Nanoseconds) throws(StartFailure) -> String {
        guard let name = intervalNames[length] else {
            throw .missing("the venue has no candles of \(length.count) ns")
        }
        return name
    }

    /// Whether the venue keeps candles of a length.
    static func hasCandles(of length: Nanoseconds) -> Bool { intervalNames[length] != nil }

    /// The length of the venue's candles that make those of another one, as few as possible; `nil`
    /// when none do.
    static func source(of length: Nanoseconds) -> Nanoseconds? {
        intervalNames.keys.filter { $0 <= length && length.count % $0.count == 0 }.max()
    }

    /// The most that one request gets.
    static var mostCandles: Int { 1_000 }

    /// binance-spot.md, section 4.6; those of a day at most.
    static let intervalNames: [Nanoseconds: String] = [
        .seconds(1): "1s", .seconds(60): "1m", .seconds(180): "3m", .seconds(300): "5m",
        .seconds(900): "15m", .seconds(1800): "30m", .seconds(3600): "1h", .seconds(7200): "2h",
        .seconds(14_400): "4h", .seconds(21_600): "6h", .seconds(28_800): "8h",
        .seconds(43_200): "12h", .day: "1d",
    ]
}

/// Makes long candles of the venue's shorter ones: those that trades would have made, and flat ones
/// where there was none, as the venue sends them.
struct CandleLengthening {
    private let length: Nanoseconds

    /// The short candles' length must divide `length`.
    init(_ length: Nanoseconds) { self.length = length }

    /// From `shorts`, upwards without a gap, of which the last may be forming. The first long candle
    /// is left out unless `shorts` begin with it.
    func candles(of shorts: [Candle]) -> [Candle] {
        let timeframe = Timeframe.every(length)
        var candles: [Candle] = []
        var rest = shorts[...]
        while let first = rest.first {
            let start = timeframe.start(of: first.openTime)
            let end = timeframe.end(from: start)
            let own = rest.prefix { $0.openTime < end }
            rest = rest.dropFirst(own.count)
            if first.openTime > start, candles.isEmpty { continue }
            candles.append(candle(of: own, from: start, to: end, isNewest: rest.isEmpty))
        }
        return candles
    }

    private func candle(
        of shorts: ArraySlice<Candle>, from start: Timestamp, to end: Timestamp, isNewest: Bool
    ) -> Candle {
        var aggregator = CandleAggregator(
            instrument: shorts[shorts.startIndex].instrument, timeframe: .every(length))
        aggregator.assumeComplete(since: start)
        for short in shorts where short.tradeCount > 0 { _ = aggregator.update(short) }
        var long = aggregator.current ?? shorts[shorts.startIndex]
        long.openTime = start
        long.closeTime = end - Nanoseconds(1)
        var next = start
        for short in shorts {
            // The venue leaves out what it did not record.
            if short.openTime > next { long.isPartial = true }
            next = short.closeTime + Nanoseconds(1)
        }
        long.isClosed = !isNewest || (next >= end && shorts.allSatisfy(\.isClosed))
        if long.isClosed, next < end { long.isPartial = true }
        return long
    }
}
