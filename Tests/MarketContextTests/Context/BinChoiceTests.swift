import MarketContext
import MarketModel
import Testing

/// Bins that the first trade chooses.
@Suite struct BinChoiceTests {
    private func instrument(tick: Int64) -> Instrument {
        var instrument = ContextRig.instrument
        instrument.tickSize = Price(raw: tick)
        return instrument
    }

    @Test(arguments: [
        // BTCUSDT at 60,000 and 100,000, ETHUSDT at 2,500, in 1e-8 with ticks of 0.01.
        (6_000_000_000_000, 1_000_000, 500), (10_000_000_000_000, 1_000_000, 500),
        (250_000_000_000, 1_000_000, 20),
        // A price of few ticks, of none, and the largest.
        (1_200, 1, 1), (1, 1_000, 1), (.max, .max, 1), (.max, 1, 500_000_000_000_000),
    ] as [(Int64, Int64, Int64)])
    func `they are a round number of ticks`(price: Int64, tick: Int64, ticks: Int64) {
        let found = ContextSettings().roundBinTicks(
            near: Price(raw: price), instrument(tick: tick))
        #expect(found == ticks)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `the window covers ten percent above and below the first price, and is no waste`(
        seed: UInt64
    ) throws {
        var numbers = SplitMix(seed: seed)
        for _ in 0..<200 {
            let tick = Int64.random(in: 1...1_000_000, using: &numbers)
            let largest: Int64 = 1 << Int64.random(in: 1...50, using: &numbers)
            let first = Int64.random(in: 1...largest, using: &numbers)
            var settings = ContextSettings()
            settings.profileBins = 16 << Int.random(in: 0...5, using: &numbers)
            settings.footprintBins = 16
            settings.footprintBars = 1
            var context = try InstrumentContext(settings, instrument: instrument(tick: tick))
            var trade = Tape.random(1, seed: seed)[0]
            for price in [first, first - first / 10, first + first / 10] where price > 0 {
                trade.price = Price(raw: price)
                _ = context.update(trade)
                trade.id = TradeID(trade.id.raw + 1)
            }
            let isComplete = context.day.pointee.profile.isComplete
            #expect(isComplete, "\(first), tick \(tick), seed \(seed)")
            let size = context.day.pointee.profile.binSize.raw
            #expect(size % tick == 0)
            let window = Int128(size) * Int128(settings.profileBins)
            #expect(size == tick || window * 5 <= Int128(first) * 6, "\(first), \(tick), \(seed)")
        }
    }

    @Test func `what lies outside is counted, and makes the day partial`() throws {
        var context = try InstrumentContext(ContextSettings(), instrument: instrument(tick: 1))
        context.assumeComplete(since: Timestamp(nanoseconds: 0))
        var trade = Tape.random(1, seed: 9)[0]
        trade.price = Price(raw: 1_000_000)
        _ = context.update(trade)
        let isPartial = context.isPartial(context.day)
        #expect(!isPartial)
        trade.price = Price(raw: 9_000_000)
        trade.id = TradeID(trade.id.raw + 1)
        _ = context.update(trade)
        let outside = context.day.pointee.profile.outsideVolume
        #expect(outside == trade.quantity)
        let isPartialNow = context.isPartial(context.day)
        #expect(isPartialNow)
    }

    @Test func `a context that is read back goes on in the same bins`() throws {
        var settings = ContextRig.settings()
        settings.binTicks = nil
        settings.profileBins = 64
        let trades = Tape.random(600, seed: 21)
        var whole = try ContextRig.context(settings)
        for trade in trades[..<300] { _ = whole.update(trade) }
        var revived = try ContextRig.context(settings)
        try revived.restore(whole.state)
        for trade in trades[300...] {
            _ = whole.update(trade)
            _ = revived.update(trade)
        }
        let size = whole.day.pointee.profile.binSize
        #expect(size > ContextRig.instrument.tickSize)
        #expect(ContextRig.words(revived) == ContextRig.words(whole))
    }
}
