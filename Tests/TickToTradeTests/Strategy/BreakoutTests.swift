import MarketModel
import Testing
import TickToTrade

@Suite("Breakout")
struct BreakoutTests {
    private let today = Timestamp(milliseconds: 1_795_219_200_000)
    private let hour = Nanoseconds.seconds(3600)

    private func strategy(
        lookback: Int = 20, volumeFactor: Int64 = 15_000, minVolume: Int64 = 0
    ) -> Breakout {
        Breakout(
            Breakout.Parameters(
                instrument: TestMarket.btc, lookbackDays: lookback,
                orderNotional: TestMarket.instruments()[0].notional(quoteUnits: 1_000),
                minDailyVolume: TestMarket.instruments()[0].notional(quoteUnits: minVolume),
                volumeFactor: volumeFactor))
    }

    /// Twenty-one days before today with highs of 110, 109, ... and one of 120 on the first.
    private func rig(
        days: Int = 21, volumeFactor: Int64 = 15_000, minVolume: Int64 = 0, dayVolume: Double = 1
    ) -> StrategyRig<Breakout> {
        let rig = StrategyRig(
            strategy(volumeFactor: volumeFactor, minVolume: minVolume),
            at: today + Nanoseconds(hour.count * 12))
        for age in stride(from: days, through: 1, by: -1) {
            let open = today - Nanoseconds(Nanoseconds.day.count * Int64(age))
            rig.candle(
                .day, from: open, high: age == 21 ? 120 : age == 7 ? 110 : 105, close: 100,
                volume: dayVolume)
        }
        return rig
    }

    /// The hour that ends at noon, after ten quiet ones.
    private func signal(
        _ rig: StrategyRig<Breakout>, close: Double, volume: Double, isPartial: Bool = false
    ) {
        for number in 1...10 {
            rig.candle(
                hour, from: today + Nanoseconds(hour.count * Int64(number)), high: 100, close: 100,
                volume: 10)
        }
        rig.top(close, close + 0.10)
        rig.candle(
            hour, from: today + Nanoseconds(hour.count * 11), high: close, close: close,
            volume: volume, isPartial: isPartial)
    }

    @Test func `a candle that lacks trades is no signal`() {
        let rig = rig()
        signal(rig, close: 110.01, volume: 15, isPartial: true)
        #expect(rig.take().isEmpty)
        rig.candle(
            hour, from: today + Nanoseconds(hour.count * 12), high: 110.01, close: 110.01,
            volume: 15)
        #expect(rig.take().count == 1, "the next whole one is, and is as loud as before")
    }

    @Test func `enters above the high of twenty completed days, on volume`() throws {
        let rig = rig()
        signal(rig, close: 110.01, volume: 15)
        let entry = try #require(rig.take().first)
        // The day of 120 was twenty-one days ago.
        #expect(entry.kind == .place && entry.side == .buy && entry.type == .limit)
        #expect(entry.timeInForce == .ioc && entry.price == TestMarket.price(110.12))
        // 1000 USDT at the ask of 110.11, down to the lot.
        #expect(entry.quantity == TestMarket.quantity(9.08182))
    }

    struct NoEntry: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var close = 110.01
        var volume = 15.0
        var days = 21
        var minVolume: Int64 = 0
    }

    // STR-04.
    @Test(arguments: [
        NoEntry(testDescription: "the close equals the high", close: 110),
        NoEntry(testDescription: "volume just too small", volume: 14.9),
        NoEntry(testDescription: "nineteen days are not twenty", days: 19),
        NoEntry(testDescription: "yesterday traded too little", minVolume: 101),
    ])
    func `does not enter when a condition is missing`(_ none: NoEntry) {
        let rig = rig(days: none.days, minVolume: none.minVolume)
        signal(rig, close: none.close, volume: none.volume)
        #expect(rig.take().isEmpty)
    }

    @Test func `conditions that are just met suffice`() {
        let rig = rig(days: 20, minVolume: 100)
        signal(rig, close: 110.01, volume: 15)
        #expect(rig.take().count == 1)
    }

    @Test func `a missing day means no trade`() {
        let rig = StrategyRig(strategy(), at: today + Nanoseconds(hour.count * 12))
        for age in stride(from: 22, through: 2, by: -1) {
            rig.candle(
                .day, from: today - Nanoseconds(Nanoseconds.day.count * Int64(age)), high: 105,
                close: 100)
        }
        signal(rig, close: 110.01, volume: 15)
        #expect(rig.take().isEmpty)
    }

    // BUG-085: neither today's high nor any later bar decides.
    @Test func `today's high does not enter, and later bars change nothing`() {
        let plain = rig()
        signal(plain, close: 110.01, volume: 15)
        let decided = plain.take()
        #expect(decided.count == 1)

        let withToday = rig()
        // Trades of today above the resistance: the running day is not a completed one.
        withToday.loop.onTrade(
            Trade(
                instrument: TestMarket.btc, id: TradeID(1), price: TestMarket.price(150),
                quantity: TestMarket.quantity(1), aggressor: .buy, venueTime: withToday.now,
                receiveTime: withToday.now), now: withToday.now)
        signal(withToday, close: 110.01, volume: 15)
        let same = withToday.take()
        #expect(same.map(\.price) == decided.map(\.price))
        #expect(same.map(\.quantity) == decided.map(\.quantity))

        withToday.candle(.day, from: today, high: 500, close: 500)
        withToday.candle(
            hour, from: today + Nanoseconds(hour.count * 24), high: 500, close: 500, volume: 99)
        #expect(withToday.take().isEmpty, "an entry is out, and 500 is not above 500")
    }

    private func entered() throws -> StrategyRig<Breakout> {
        let rig = rig()
        signal(rig, close: 110.01, volume: 15)
        let entry = try #require(rig.take().first)
        rig.reply(entry, .accepted)
        rig.report(entry.clientOrderID, .new, .new)
        rig.report(
            entry.clientOrderID, .trade, .partiallyFilled, last: 2, at: 99, total: 2)
        rig.report(
            entry.clientOrderID, .trade, .partiallyFilled, last: 2, at: 101, total: 4)
        rig.report(entry.clientOrderID, .expired, .expired, total: 4)
        #expect(rig.position == TestMarket.quantity(4))
        return rig
    }

    // 7 % above and 16 % below the average entry of 100.
    @Test(arguments: [(106.99, false), (107.0, true), (84.01, false), (84.0, true)])
    func `leaves at the target and at the stop, by the average entry`(
        bid: Double, leaves: Bool
    ) throws {
        let rig = try entered()
        rig.top(bid, bid + 0.10)
        let requests = rig.take()
        #expect(requests.count == (leaves ? 1 : 0))
        if let exit = requests.first {
            #expect(exit.isReduceOnly && exit.side == .sell && exit.type == .market)
            #expect(exit.quantity == TestMarket.quantity(4))
        }
        rig.top(bid, bid + 0.10)
        #expect(rig.take().isEmpty, "one exit at a time")
    }

    @Test func `a refused exit is tried again after a pause, not at every tick`() throws {
        let rig = try entered()
        rig.top(107, 107.10)
        rig.reply(try #require(rig.take().first), .rejected)
        rig.top(107, 107.10)
        #expect(rig.take().isEmpty)
        rig.now = rig.now + .seconds(1)
        rig.top(107, 107.10)
        #expect(rig.take().count == 1)
    }

    @Test func `no exit on a price that is not valid`() throws {
        let rig = try entered()
        rig.loop.onLink(
            LinkState(event: .bookInvalid, instrument: TestMarket.btc, time: rig.now),
            now: rig.now)
        rig.top(50, 50.10)
        #expect(rig.take().isEmpty)
    }

    @Test func `exits pass a halt, entries do not`() throws {
        let rig = try entered()
        rig.loop.onCommand(Command(kind: .halt, id: 1, time: rig.now), now: rig.now)
        rig.top(84, 84.10)
        let exit = try #require(rig.settle().first)
        rig.report(exit.clientOrderID, .trade, .filled, last: 4, at: 84, total: 4)
        #expect(rig.position == .zero)
        signal(rig, close: 111, volume: 99)
        #expect(rig.take().isEmpty)
    }

    @Test func `asks for the history it needs`() {
        #expect(strategy().warmUp.interval == .day)
        #expect(strategy().warmUp.duration.count >= Nanoseconds.day.count * 21)
    }
}
