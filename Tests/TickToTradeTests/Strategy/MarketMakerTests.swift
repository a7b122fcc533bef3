import MarketModel
import Testing
import TickToTrade

@Suite("Market maker")
struct MarketMakerTests {
    static func rig(
        requoteTicks: Int64 = 5, maxInventory: Double = 4, refresh: Nanoseconds = .zero,
        instruments: [Instrument] = TestMarket.instruments()
    ) -> StrategyRig<MarketMaker> {
        StrategyRig(
            MarketMaker(
                MarketMaker.Parameters(
                    instrument: TestMarket.btc,
                    model: QuoteModel(
                        riskAversion: 0.01, arrivalDecay: 0.5, horizonSeconds: 1,
                        minimumSpread: 10),
                    orderSize: TestMarket.quantity(1),
                    maxInventory: TestMarket.quantity(maxInventory), requoteTicks: requoteTicks,
                    refresh: refresh, volatilityHalfLife: .seconds(10))),
            instruments: instruments)
    }

    /// A second of an unchanged market: the variance is known and near zero.
    private func warm(
        _ rig: StrategyRig<MarketMaker>, _ bid: Double = 100, _ ask: Double = 100.10
    ) {
        for _ in 0..<5 {
            rig.now = rig.now + .milliseconds(200)
            rig.top(bid, ask)
        }
    }

    @Test func `quotes a recorded market whose clock is years behind ours`() throws {
        let rig = Self.rig()
        // The first message has no venue time: until the next one the clock is ours.
        rig.top(100, 100.10)
        var recorded = Timestamp(milliseconds: 1_723_161_253_937)
        for _ in 0..<6 {
            recorded = recorded + .milliseconds(200)
            rig.now = rig.now + .milliseconds(1)
            rig.top(100, 100.10, venueTime: recorded)
        }
        #expect(rig.settle().count == 2)
    }

    @Test func `quotes both sides, post-only, around the fair price`() throws {
        let rig = Self.rig()
        warm(rig)
        let requests = rig.settle()
        #expect(requests.count == 2 && requests.allSatisfy { $0.type == .limitMaker })
        let bid = try #require(rig.open(.buy))
        let ask = try #require(rig.open(.sell))
        // 5 bps and the arrival term on each side of 100.05.
        #expect(bid.price < TestMarket.price(100.01) && ask.price > TestMarket.price(100.09))
        #expect(bid.price.raw % 1_000_000 == 0 && ask.price.raw % 1_000_000 == 0)
        #expect(bid.quantity == TestMarket.quantity(1) && ask.quantity == bid.quantity)
    }

    @Test func `quotes are pulled while the instrument is halted, and come back after it`() throws {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        func halt(_ cause: InstrumentHalt) {
            rig.loop.onCommand(
                Command(
                    kind: .haltInstrument, id: 1, instrument: TestMarket.btc, key: cause.code,
                    time: rig.now), now: rig.now)
        }
        halt(.venueHalted)
        #expect(rig.settle().map(\.kind) == [.cancel, .cancel])
        rig.now = rig.now + .seconds(1)
        rig.top(101, 101.10)
        #expect(rig.take().isEmpty && rig.openCount == 0)
        halt(.none)
        rig.now = rig.now + .milliseconds(200)
        rig.top(101, 101.10)
        #expect(rig.settle().map(\.kind) == [.place, .place])
    }

    @Test func `nothing before the variance is known`() {
        let rig = Self.rig()
        rig.top(100, 100.10)
        #expect(rig.take().isEmpty)
    }

    @Test func `a small move keeps the queue, a large one moves both quotes`() throws {
        let rig = Self.rig(requoteTicks: 5)
        warm(rig)
        rig.settle()
        rig.now = rig.now + .milliseconds(1)
        rig.top(100.04, 100.14)
        #expect(rig.take().isEmpty, "four ticks are noise")
        rig.now = rig.now + .milliseconds(1)
        rig.top(100.05, 100.15)
        let moves = rig.settle()
        #expect(moves.map(\.kind) == [.cancelReplace, .cancelReplace])
        #expect(rig.openCount == 2)
        rig.now = rig.now + .milliseconds(1)
        rig.top(100.01, 100.11)
        #expect(rig.take().isEmpty, "and back by four is noise again")
    }

    @Test func `where the venue replaces nothing, a quote is cancelled and placed anew`() {
        var instruments = TestMarket.instruments()
        instruments[0].features = [.limit, .limitMaker, .market]
        let rig = Self.rig(refresh: .milliseconds(100), instruments: instruments)
        warm(rig)
        rig.settle()
        rig.now = rig.now + .milliseconds(200)
        rig.top(101, 101.10)
        #expect(rig.take().map(\.kind) == [.cancel, .cancel])
        let old = [rig.open(.buy), rig.open(.sell)].compactMap { $0?.id }
        // Not before the old one has ended, and then without another wait for the interval.
        rig.now = rig.now + .milliseconds(1)
        rig.top(101, 101.10)
        #expect(rig.take().isEmpty)
        for id in old { rig.report(id, .canceled, .canceled) }
        rig.top(101, 101.10)
        #expect(rig.settle().map(\.kind) == [.place, .place])
        #expect(rig.openCount == 2)
        #expect(rig.state.pointee.counts.denied == 0)
    }

    @Test func `never crosses the other side`() throws {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        rig.now = rig.now + .milliseconds(1)
        rig.top(100, 100.10, bidSize: 1_000, askSize: 0.001)
        rig.settle()
        let bid = try #require(rig.open(.buy))
        let ask = try #require(rig.open(.sell))
        #expect(bid.price < TestMarket.price(100.10) && ask.price > TestMarket.price(100))
    }

    @Test func `the side that would add to inventory shrinks, and stops at the limit`() throws {
        let rig = Self.rig(maxInventory: 2)
        warm(rig)
        rig.settle()
        let first = try #require(rig.open(.buy))
        rig.report(first.id, .trade, .filled, last: 1, at: 99.98, total: 1)
        rig.top(100, 100.10)
        rig.settle()
        let second = try #require(rig.open(.buy))
        #expect(second.quantity == TestMarket.quantity(0.5), "half of the limit is held")
        #expect(rig.open(.sell)?.quantity == TestMarket.quantity(1))
        rig.report(second.id, .trade, .filled, last: 0.5, at: 99.98, total: 0.5)
        for _ in 0..<8 {
            rig.now = rig.now + .milliseconds(1)
            rig.top(100, 100.10)
            rig.settle()
            guard let order = rig.open(.buy), rig.position < TestMarket.quantity(2) else { break }
            let size = Double(order.quantity.raw) / 100_000_000
            rig.report(order.id, .trade, .filled, last: size, at: 99.98, total: size)
        }
        #expect(rig.position <= TestMarket.quantity(2))
    }

    @Test func `a quote eaten to a rest is refilled`() throws {
        let rig = Self.rig(maxInventory: 100)
        warm(rig)
        rig.settle()
        let bid = try #require(rig.open(.buy))
        rig.report(bid.id, .trade, .partiallyFilled, last: 0.3, at: 99.98, total: 0.3)
        rig.top(100, 100.10)
        #expect(rig.take().isEmpty, "most of it is still there")
        rig.report(bid.id, .trade, .partiallyFilled, last: 0.4, at: 99.98, total: 0.7)
        rig.top(100, 100.10)
        rig.settle()
        let next = try #require(rig.open(.buy))
        #expect(next.id != bid.id && next.remaining > TestMarket.quantity(0.9))
    }

    @Test func `an invalid book withdraws both quotes, a valid one brings them back`() {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        rig.loop.onLink(
            LinkState(event: .bookInvalid, instrument: TestMarket.btc, time: rig.now),
            now: rig.now)
        let cancels = rig.settle()
        #expect(cancels.map(\.kind) == [.cancel, .cancel] && rig.openCount == 0)
        rig.top(100, 100.10)
        #expect(rig.take().isEmpty)
        rig.book(100, 100.10)
        rig.loop.onLink(
            LinkState(event: .bookSynced, instrument: TestMarket.btc, time: rig.now),
            now: rig.now)
        rig.top(100, 100.10)
        #expect(rig.settle().count == 2 && rig.openCount == 2)
    }

    @Test func `a one-sided market withdraws both quotes`() {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        rig.top(100, 100.10, askSize: 0)
        #expect(rig.settle().map(\.kind) == [.cancel, .cancel] && rig.openCount == 0)
    }

    @Test func `an absurd price is no quote and no crash`() {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        rig.now = rig.now + .seconds(1)
        rig.top(40_000_000_000, 80_000_000_000)
        rig.now = rig.now + .seconds(1)
        rig.top(0.01, 80_000_000_000)
        rig.settle()
        #expect(rig.openCount <= 2)
    }

    @Test func `a failed replacement falls back to the order that still rests`() throws {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        rig.now = rig.now + .milliseconds(1)
        rig.top(100.10, 100.20)
        for request in rig.take() { rig.reply(request, .rejected) }
        #expect(rig.openCount == 2)
        rig.now = rig.now + .milliseconds(1)
        rig.top(100.10, 100.20)
        let again = rig.settle()
        #expect(again.map(\.kind) == [.cancelReplace, .cancelReplace])
        #expect(rig.openCount == 2, "never two quotes on a side")
    }

    @Test func `after a jump the side in the way moves first: never against ourselves`() throws {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        for _ in 0..<2 {
            rig.now = rig.now + .milliseconds(1)
            rig.top(101, 101.10)
            rig.settle()
            let bid = try #require(rig.open(.buy))
            let ask = try #require(rig.open(.sell))
            #expect(bid.price < ask.price)
        }
        #expect(try #require(rig.open(.buy)).price > TestMarket.price(100.80))
    }

    @Test func `halted, it stays out; resumed, it quotes again`() {
        let rig = Self.rig()
        warm(rig)
        rig.settle()
        rig.loop.onCommand(Command(kind: .halt, id: 1, time: rig.now), now: rig.now)
        #expect(rig.settle().map(\.kind) == [.cancel, .cancel])
        rig.top(100, 100.10)
        #expect(rig.take().isEmpty)
        rig.loop.onCommand(Command(kind: .resume, id: 2, time: rig.now), now: rig.now)
        rig.top(100, 100.10)
        #expect(rig.settle().count == 2)
    }

    @Test func `parameters are checked`() {
        var maker = MarketMaker(
            MarketMaker.Parameters(
                instrument: TestMarket.btc,
                model: QuoteModel(
                    riskAversion: 0.1, arrivalDecay: 1, horizonSeconds: 1, minimumSpread: 1),
                orderSize: TestMarket.quantity(1), maxInventory: TestMarket.quantity(1),
                requoteTicks: 1, refresh: .zero, volatilityHalfLife: .seconds(1)))
        let cases: [(key: Int64, value: Int64, taken: Bool)] = [
            (1, 1, true), (1, 0, false), (2, 0, false), (2, 5, true), (3, 0, false),
            (3, 10_000, true), (3, 10_001, false), (4, 0, true), (4, -1, false), (9, 1, false),
        ]
        for (key, value, taken) in cases {
            let isTaken = maker.setParameter(key, value)
            #expect(isTaken == taken, "key \(key), value \(value)")
        }
    }
}
