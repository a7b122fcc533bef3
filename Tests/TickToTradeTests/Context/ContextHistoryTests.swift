import MarketContext
import MarketModel
import Testing
import TickToTrade

/// Contexts with a warm-up: trades that were asked for, and the stream, are one tape. BUG-165,
/// BUG-166.
@Suite("Market context with a warm-up")
struct ContextHistoryTests {
    private static let settings: ContextSettings = {
        var settings = ContextSettings()
        settings.footprint = .minutes(1)
        settings.regimeBars = .minutes(1)
        settings.regimePeriod = 4
        settings.calendar = SessionCalendar([
            TradingSession("desk", in: "UTC", opens: 43_230, closes: 43_290)
        ])
        return settings
    }()

    /// 2026-11-21.
    private static let day = Timestamp(milliseconds: 1_795_219_200_000)

    private static func plan(warmUp: Nanoseconds = .seconds(3_600)) throws -> ContextPlan {
        let calendar = settings.calendar
        let boundaries = try SessionPlan(calendar, zones: [:]).boundaries(
            from: CivilDate(year: 2026, month: 11, day: 20),
            through: CivilDate(year: 2026, month: 11, day: 23))
        var plan = ContextPlan(boundaries: [calendar: boundaries])
        plan.add(settings, instrument: TestMarket.btc.slot, strategy: 0, warmUp: warmUp)
        return plan
    }

    /// Trades from 11:59:40 on, some 10 s apart.
    private static func tape(_ count: Int, seed: UInt64) -> [Trade] {
        var numbers = SeededNumbers(seed: seed)
        var time = day + .seconds(43_180)
        var price: Int64 = 10_000
        return (0..<count).map { number in
            time = time + .milliseconds(numbers.number(0...10_000))
            price += numbers.number(-15...15)
            return Trade(
                instrument: TestMarket.btc, id: TradeID(Int64(500 + number)),
                price: Price(raw: price * 1_000_000),
                quantity: Quantity(raw: numbers.number(1...900) * 1_000),
                aggressor: numbers.chance(50) ? .buy : .sell, venueTime: time,
                receiveTime: .unknown)
        }
    }

    /// What a context says, without how it came to it.
    private static func words(_ context: borrowing InstrumentContext) -> [String] {
        var words = [
            "\(context.clock) \(context.completeSince) \(context.lastTradeID)",
            "\(context.cumulativeDelta) \(context.regime) \(context.efficiency ?? -1)",
            "\(context.openSessions.raw) \(context.holeCount) \(context.isCatchingUp)",
            "\(String(describing: context.previousDay)) "
                + "\(String(describing: context.currentWeek))",
        ]
        for session in [context.day, context.session(SessionIndex(0))] {
            words.append("\(context.isPartial(session)) \(String(describing: session.pointee.candle))")
            words.append("\(session.pointee.vwap) \(String(describing: session.pointee.valueArea))")
            words.append("\(session.pointee.profile.rows)")
        }
        for age in 0...context.footprint.closedCount {
            words += context.footprint.profile(age: age).pointee.rows.map { "\($0)" }
        }
        return words
    }

    /// What one says that has had the whole tape.
    private static func whole(_ trades: some Sequence<Trade>) throws -> [String] {
        let plan = try plan()
        var context = try InstrumentContext(
            settings,
            sessions: SessionTable(plan.boundaries[settings.calendar] ?? [], sessionCount: 1),
            instrument: TestMarket.instruments()[0])
        context.assumeComplete(since: day)
        for trade in trades { _ = context.update(trade) }
        return words(context)
    }

    private func words(_ lane: LaneRig) -> [String] {
        var words: [String] = []
        lane.act { context in
            guard let market = context.market(TestMarket.btc) else { return }
            words = Self.words(market.pointee)
        }
        return words
    }

    private func isPartial(_ lane: LaneRig) -> Bool? {
        var answer: Bool?
        lane.act { context in
            guard let market = context.market(TestMarket.btc) else { return }
            answer = market.pointee.isPartial(market.pointee.day)
        }
        return answer
    }

    private func rig() throws -> LaneRig {
        let lane = LaneRig(contexts: try Self.plan())
        give(.begins, lane)
        return lane
    }

    private func give(_ mark: HistoricTrade.Mark, _ lane: LaneRig) {
        lane.loop.onHistory(
            HistoricTrade(mark, TestMarket.btc, moment: Self.day), now: lane.now)
    }

    private func history(_ trade: Trade, _ lane: LaneRig) {
        lane.loop.onHistory(HistoricTrade(trade), now: lane.now)
    }

    private func live(_ trade: Trade, _ lane: LaneRig) {
        lane.now = max(lane.now, trade.venueTime)
        lane.loop.onTrade(trade, now: lane.now)
    }

    private func request(_ lane: LaneRig) -> TradeHistoryRequest {
        lane.state.pointee.status(of: TestMarket.btc).history
    }

    @Test func `over every seam it is the context of the whole tape`() throws {
        let tape = Self.tape(40, seed: 31)
        for seam in 1..<tape.count {
            for overlap in [0, 1, 5] where seam + overlap <= tape.count {
                var numbers = SeededNumbers(seed: UInt64(seam * 100 + overlap))
                let lane = try rig()
                var (old, new) = (0, seam)
                while old < seam + overlap || new < tape.count {
                    if new == tape.count || (old < seam + overlap && numbers.chance(50)) {
                        history(tape[old], lane)
                        old += 1
                    } else {
                        live(tape[new], lane)
                        new += 1
                        #expect(isPartial(lane) == (old < seam))
                    }
                }
                #expect(
                    words(lane) == (try Self.whole(tape)),
                    "seam \(seam), overlap \(overlap), seed \(numbers.seed)")
                #expect(lane.script.caughtUps == 1)
            }
        }
    }

    @Test func `a gap is asked for, and what comes meanwhile waits`() throws {
        let tape = Self.tape(60, seed: 32)
        let lane = try rig()
        #expect(request(lane).number == 1)
        #expect(request(lane).after == .none)
        for trade in tape[..<10] { history(trade, lane) }
        give(.ends, lane)
        for trade in tape[10..<20] { live(trade, lane) }
        #expect(isPartial(lane) == false)
        #expect(request(lane).number == 1)
        for trade in tape[30..<40] { live(trade, lane) }
        #expect(request(lane).number == 2)
        #expect(request(lane).after == tape[19].id)
        #expect(isPartial(lane) == true)
        // The archive is behind the stream: it is asked again for the rest.
        for trade in tape[20..<25] { history(trade, lane) }
        give(.ends, lane)
        #expect(request(lane).number == 3)
        #expect(request(lane).after == tape[24].id)
        for trade in tape[25..<33] { history(trade, lane) }
        give(.ends, lane)
        #expect(isPartial(lane) == false)
        for trade in tape[40...] { live(trade, lane) }
        #expect(request(lane).number == 3)
        #expect(words(lane) == (try Self.whole(tape)))
        #expect(lane.script.caughtUps == 2)
    }

    @Test func `a lost stream parts the tape until its next trade, and the clock waits`() throws {
        let tape = Self.tape(60, seed: 37)
        let lane = try rig()
        for trade in tape[..<10] { history(trade, lane) }
        give(.ends, lane)
        for trade in tape[10..<20] { live(trade, lane) }
        #expect(isPartial(lane) == false)
        lane.link(.marketStreamDown)
        #expect(isPartial(lane) == true)
        lane.now = Self.day + .day
        lane.loop.onTime(now: lane.now)
        lane.link(.marketStreamUp)
        // Nothing was missed, and nothing is asked for.
        live(tape[20], lane)
        #expect(isPartial(lane) == false && request(lane).number == 1)
        lane.link(.marketStreamDown)
        for trade in tape[40..<50] { live(trade, lane) }
        #expect(isPartial(lane) == true && request(lane).number == 2)
        for trade in tape[21..<45] { history(trade, lane) }
        give(.ends, lane)
        for trade in tape[50...] { live(trade, lane) }
        #expect(isPartial(lane) == false)
        #expect(words(lane) == (try Self.whole(tape)))
        #expect(lane.script.caughtUps == 3)
    }

    @Test func `what the venue does not tell leaves what began before it partial`() throws {
        let tape = Self.tape(40, seed: 33)
        let lane = try rig()
        for trade in tape[..<10] { history(trade, lane) }
        for trade in tape[20..<30] { live(trade, lane) }
        give(.unavailable, lane)
        #expect(isPartial(lane) == true)
        #expect(lane.script.caughtUps == 1)
        #expect(words(lane) == (try Self.whole(tape[..<10] + tape[20..<30])))
        // A gap behind it is asked for like the first.
        live(tape[35], lane)
        #expect(request(lane).number == 2)
        #expect(request(lane).after == tape[29].id)
    }

    @Test func `sessions of the past are no news`() throws {
        let tape = Self.tape(60, seed: 34)
        let close = Self.day + .seconds(43_290)
        let seam = try #require(tape.firstIndex { $0.venueTime >= close })
        #expect(seam < tape.count)
        let lane = try rig()
        lane.now = close
        for trade in tape[..<seam] { history(trade, lane) }
        for trade in tape[seam...] { live(trade, lane) }
        #expect(lane.script.sessions.map(\.opens) == [false])
        // The clock does not run ahead of trades that are still to come.
        let other = try rig()
        other.now = close + .seconds(60)
        other.loop.onTime(now: other.now)
        for trade in tape { history(trade, other) }
        live(tape[tape.count - 1], other)
        #expect(words(other) == (try Self.whole(tape)))
    }

    @Test func `days that the trades are going to tell are not taken from candles`() throws {
        let tape = Self.tape(20, seed: 35)
        let lane = LaneRig(contexts: try Self.plan())
        give(.begins, lane)
        for age in [1, 0] as [Int64] {
            let start = Self.day - Nanoseconds(age * Nanoseconds.day.count)
            let candle = Candle(
                instrument: TestMarket.btc, openTime: start,
                closeTime: start + .day - Nanoseconds(1), open: Price(raw: 5),
                high: Price(raw: 7), low: Price(raw: 5), close: Price(raw: 6),
                volume: Quantity(raw: 1), takerBuyVolume: .zero, quoteVolume: Notional(raw: 6),
                tradeCount: 1, isClosed: age > 0)
            lane.loop.onHistory(candle, now: lane.now)
        }
        for trade in tape { history(trade, lane) }
        live(tape[tape.count - 1], lane)
        var levels: (PeriodLevel?, Candle?)
        lane.act { context in
            let market = context.market(TestMarket.btc)
            levels = (market?.pointee.previousDay, market?.pointee.day.pointee.candle)
        }
        #expect(levels.0?.candle.high == Price(raw: 7))
        #expect(levels.1?.open == tape[0].price)
        #expect(levels.1?.tradeCount == UInt32(tape.count))
    }

    @Test func `without anybody who asks contexts live on the stream alone`() throws {
        let tape = Self.tape(20, seed: 36)
        let lane = LaneRig(contexts: try Self.plan())
        for trade in tape { live(trade, lane) }
        #expect(isPartial(lane) == true)
        var count: UInt32?
        lane.act { count = $0.market(TestMarket.btc)?.pointee.day.pointee.candle?.tradeCount }
        #expect(count == 20)
        #expect(request(lane).number == 0)
        let gathers = lane.state.pointee.gathersHistory
        #expect(!gathers)
    }
}
