import MarketModel
import Testing
import TickToTrade

@Suite("Market data and time in the trading loop")
struct TimeAndMarketTests {
    private let minute = Nanoseconds.seconds(60)

    @Test func `a trade behind its end closes a candle`() throws {
        let lane = LaneRig()
        lane.trade(100, 1)
        lane.trade(101, 2)
        #expect(lane.script.candles.isEmpty)
        lane.now = lane.now + minute
        lane.trade(99, 1)
        let (candle, interval) = try #require(lane.script.candles.first)
        #expect(interval == minute && candle.isClosed && lane.script.candles.count == 1)
        #expect(candle.open == TestMarket.price(100) && candle.close == TestMarket.price(101))
        #expect(candle.volume == TestMarket.quantity(3))
    }

    @Test func `the clock closes a candle, but late trades of it are waited for`() throws {
        let lane = LaneRig()
        let start = lane.now
        lane.trade(100, 1)
        lane.now = start + minute
        lane.loop.onTime(now: lane.now)
        #expect(lane.script.candles.isEmpty, "its last trades may still be on their way")
        lane.trade(105, 1, at: start + Nanoseconds.seconds(59))
        // The venue's clock, taken from that trade, is a second behind ours.
        #expect(lane.loop.nextDeadline == start + Nanoseconds.seconds(63))
        lane.advance(.seconds(2))
        #expect(lane.script.candles.isEmpty)
        lane.advance(.seconds(1))
        let (candle, _) = try #require(lane.script.candles.first)
        #expect(candle.high == TestMarket.price(105) && candle.tradeCount == 2)
        lane.trade(200, 1, at: start + Nanoseconds.seconds(58))
        #expect(lane.script.candles.count == 1, "a closed candle is final")
    }

    @Test func `trades that are repeated or older reach nobody`() {
        let lane = LaneRig()
        lane.trade(100, id: 50)
        lane.trade(101, id: 50)
        lane.trade(102, id: 49)
        lane.trade(103, id: 51)
        #expect(lane.script.trades.map(\.id.raw) == [50, 51])
    }

    @Test func `records of instruments that do not exist are ignored`() {
        let lane = LaneRig()
        // 64 and `none` have the bits of instruments 0 and 63 modulo 64.
        for raw: UInt16 in [2, 63, 64, .max] {
            lane.trade(100, in: InstrumentIndex(raw))
            lane.top(100, 101, in: InstrumentIndex(raw))
            lane.depth(InstrumentIndex(raw), isSnapshot: true, bid: 1, ask: 2)
        }
        #expect(lane.script.trades.isEmpty && lane.script.tops == 0 && lane.script.books == 2)
    }

    @Test func `a diff on an invalid book reaches nobody`() {
        let lane = LaneRig()
        let heard = lane.script.books
        lane.depth(TestMarket.btc, isSnapshot: false, bid: 100, ask: 100.20)
        #expect(lane.script.books == heard + 1)
        lane.link(.bookInvalid, TestMarket.btc)
        lane.depth(TestMarket.btc, isSnapshot: false, bid: 100, ask: 100.30)
        #expect(lane.script.books == heard + 1)
        #expect(lane.script.changes.last == .bookInvalid(TestMarket.btc))
        guard case .denied(let violations) = lane.submit(.limit(.buy, 99, 1)) else {
            Issue.record("an entry on an invalid book")
            return
        }
        #expect(violations == RiskViolations(.bookInvalid))
        lane.snapshot(TestMarket.btc, bid: 100, ask: 100.10)
        #expect(lane.submit(.limit(.buy, 99, 1)).id != nil)
    }

    @Test func `nothing is traded before the session is up and all is reconciled`() throws {
        let lane = LaneRig(isReady: false)
        #expect(lane.halts.contains(.notReconciled) && lane.halts.contains(.orderSessionDown))
        lane.snapshot(TestMarket.btc, bid: 100, ask: 100.10)
        var mayTrade = true
        lane.act { mayTrade = $0.mayTrade(TestMarket.btc) }
        #expect(!mayTrade && lane.submit(.limit(.buy, 99, 1)).id == nil)
        lane.makeReady()
        lane.act { mayTrade = $0.mayTrade(TestMarket.btc) }
        #expect(mayTrade && lane.script.starts == 1)
    }

    @Test func `timers come when they are due, each once`() {
        let lane = LaneRig()
        let start = lane.now
        lane.act { context in
            context.setTimer(3, at: start + Nanoseconds.seconds(2))
            context.setTimer(1, at: start + Nanoseconds.seconds(1))
            context.setTimer(2, at: start + Nanoseconds.seconds(1))
            context.setTimer(2, at: .never)
            context.setTimer(8, at: start)
        }
        #expect(lane.loop.nextDeadline == start + Nanoseconds.seconds(1))
        lane.advance(.milliseconds(999))
        #expect(lane.script.timers.isEmpty)
        lane.advance(.milliseconds(1))
        #expect(lane.script.timers == [1])
        lane.advance(.seconds(9))
        lane.advance(.seconds(9))
        #expect(lane.script.timers == [1, 3])
    }

    @Test func `a timer may set itself again`() {
        let lane = LaneRig()
        lane.script.onTimer = { $1.setTimer($0, at: $1.now + Nanoseconds.seconds(1)) }
        lane.act { $0.setTimer(0, at: $0.now + Nanoseconds.seconds(1)) }
        for _ in 0..<5 { lane.advance(.seconds(1)) }
        #expect(lane.script.timers == [0, 0, 0, 0, 0])
    }

    @Test func `every strategy hears its own orders and fills only`() throws {
        let lane = LaneRig(strategies: 2)
        let id = try lane.resting(.limit(.buy, 99, 1), strategy: 1)
        lane.fill(id, 1, at: 99, total: 1, .filled, trade: 1)
        #expect(lane.scripts[0].updates.isEmpty && lane.scripts[0].fills.isEmpty)
        #expect(lane.scripts[1].fills.count == 1)
        #expect(lane.position(strategy: 0) == .zero)
        #expect(lane.position(strategy: 1) == TestMarket.quantity(1))
        var cancelled = true
        let other = try lane.resting(.limit(.buy, 98, 1), strategy: 1)
        lane.act(strategy: 0) { cancelled = $0.cancel(other) }
        #expect(!cancelled, "an order belongs to its strategy")
    }

    @Test func `history reaches the strategy as candles`() {
        let lane = LaneRig()
        let open = Timestamp(milliseconds: 1_795_132_800_000)
        let candle = Candle(
            instrument: TestMarket.btc, openTime: open,
            closeTime: open + Nanoseconds(Nanoseconds.day.count - 1), open: TestMarket.price(1),
            high: TestMarket.price(2), low: TestMarket.price(1), close: TestMarket.price(1),
            volume: .zero, takerBuyVolume: .zero, quoteVolume: .zero, tradeCount: 1,
            isClosed: true)
        lane.loop.onHistory(candle, now: lane.now)
        #expect(lane.script.candles.map(\.interval) == [.day])
    }
}
