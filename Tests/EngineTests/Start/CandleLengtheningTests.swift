@testable import Engine
import MarketContext
import MarketModel
import Testing
import TickToTrade

/// Lengths that the venue lacks are put together from its shorter candles.
@Suite("Candles of lengths that the venue lacks")
struct CandleLengtheningTests {
    private static let minute: Int64 = 60_000_000_000
    private static let instrument = InstrumentIndex(2)

    /// Trades from the middle of a day on, with pauses of hours.
    private static func tape(_ count: Int, seed: UInt64) -> [Trade] {
        var random = seed
        func below(_ bound: Int64) -> Int64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(random >> 33) % bound
        }
        var time = Timestamp(milliseconds: 1_795_262_523_456)
        return (0..<count).map { number in
            time = time + .milliseconds(below(below(40) == 0 ? 14_400_000 : 90_000))
            return Trade(
                instrument: instrument, id: TradeID(Int64(number)), price: Price(raw: 900 + below(200)),
                quantity: Quantity(raw: 1 + below(50)), aggressor: below(2) == 0 ? .buy : .sell,
                venueTime: time, receiveTime: .unknown)
        }
    }

    /// What trades make of one length, as the venue tells it: flat candles where there was none, the
    /// newest still forming.
    private static func klines(_ tape: [Trade], _ length: Nanoseconds) -> [Candle] {
        let groups = Dictionary(grouping: tape) { $0.venueTime.nanoseconds / length.count }
        guard let first = groups.keys.min(), let last = groups.keys.max() else { return [] }
        var close = Price.zero
        return (first...last).map { number in
            let own = groups[number] ?? []
            let open = own.first?.price ?? close
            close = own.last?.price ?? close
            return Candle(
                instrument: instrument, openTime: Timestamp(nanoseconds: number * length.count),
                closeTime: Timestamp(nanoseconds: (number + 1) * length.count - 1), open: open,
                high: own.map(\.price).max() ?? open, low: own.map(\.price).min() ?? open,
                close: close, volume: Quantity(raw: own.map(\.quantity.raw).reduce(0, +)),
                takerBuyVolume: Quantity(
                    raw: own.filter { $0.aggressor == .buy }.map(\.quantity.raw).reduce(0, +)),
                quoteVolume: Notional(
                    raw: own.reduce(Int128(0)) { $0 + Notional($1.price, $1.quantity).raw }),
                tradeCount: UInt32(own.count), isClosed: number < last)
        }
    }

    @Test(arguments: [10, 45, 20, 96, 2 * 1440] as [Int64], [91, 92, 93] as [UInt64])
    func `they are those that the same trades make directly`(minutes: Int64, seed: UInt64) throws {
        let length = Nanoseconds(minutes * Self.minute)
        let short = try #require(VenueInquiry.source(of: length))
        #expect(short < length && VenueInquiry.hasCandles(of: short))
        let tape = Self.tape(3_000, seed: seed)
        let made = CandleLengthening(length).candles(of: Self.klines(tape, short))
        var direct = Self.klines(tape, length)
        // The short ones begin in the middle of the first.
        if direct.first?.openTime != made.first?.openTime { direct.removeFirst() }
        #expect(made.count == direct.count && made.count > 1, "seed \(seed)")
        for (one, other) in zip(made, direct) where one.tradeCount > 0 {
            #expect(one == other, "seed \(seed), \(minutes) minutes")
        }
        for (one, other) in zip(made, direct) {
            #expect(one.tradeCount == other.tradeCount && one.openTime == other.openTime)
            #expect(one.closeTime == other.closeTime && one.isPartial == false)
        }
        #expect(made.last?.isClosed == false)
    }

    @Test func `what the venue left out makes them partial`() {
        var shorts = Self.klines(Self.tape(2_000, seed: 94), .seconds(300))
        let length = Nanoseconds(10 * Self.minute)
        let whole = CandleLengthening(length).candles(of: shorts)
        #expect(whole.allSatisfy { !$0.isPartial })
        // The first and the second half of a long one.
        for place in [41, 40] {
            let missing = shorts.remove(at: place)
            let made = CandleLengthening(length).candles(of: shorts)
            let partial = made.filter(\.isPartial)
            #expect(partial.count == 1 && partial.first?.isClosed == true)
            let span = partial.first.map { $0.openTime...$0.closeTime }
            #expect(span?.contains(missing.openTime) == true)
            shorts.insert(missing, at: place)
        }
    }

    @Test func `each is made of the longest that the venue has`() {
        func minutes(_ count: Int64) -> Int64? {
            VenueInquiry.source(of: Nanoseconds(count * Self.minute)).map { $0.count / Self.minute }
        }
        #expect(minutes(10) == 5 && minutes(45) == 15 && minutes(2_880) == 1_440)
        #expect(minutes(60) == 60 && minutes(96) == 3 && minutes(32) == 1 && minutes(180) == 60)
        #expect(VenueInquiry.source(of: .seconds(20)) == .seconds(1))
        #expect(VenueInquiry.source(of: .milliseconds(1_500)) == nil)
    }

    @Test(arguments: [1, 20, 86_400, 2 * 86_400, 30 * 86_400] as [Int64])
    func `lengths that fit into days or are made of them are accepted`(seconds: Int64) throws {
        try IndicatorPlanning.check(.seconds(seconds), "here")
    }

    @Test(arguments: [0, 7, 86_401, 36 * 3_600, 31 * 86_400] as [Int64])
    func `others are refused with what is accepted`(seconds: Int64) {
        let failure = #expect(throws: StartFailure.self) {
            try IndicatorPlanning.check(.seconds(seconds), "here")
        }
        #expect(failure.map { "\($0)" }?.contains("1 d to 30 d in whole days") == true)
    }
}
