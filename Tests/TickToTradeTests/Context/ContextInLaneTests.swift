import MarketContext
import MarketModel
import Testing
import TickToTrade

/// Market contexts inside a lane: shared, up to date, and told as they change.
@Suite("Market context in the trading loop")
struct ContextInLaneTests {
    /// A desk that works from 12:00:30 to 12:01:30 UTC.
    private static let calendar = SessionCalendar(
        [TradingSession("desk", in: "UTC", opens: 43_230, closes: 43_290)])

    private func rig(
        _ settings: [ContextSettings?], strategies: Int
    ) throws -> LaneRig {
        var boundaries: [SessionCalendar: [SessionBoundary]] = [:]
        for calendar in settings.compactMap({ $0?.calendar }) {
            boundaries[calendar] = try SessionPlan(calendar, zones: [:]).boundaries(
                from: CivilDate(year: 2026, month: 11, day: 20),
                through: CivilDate(year: 2026, month: 11, day: 23))
        }
        var plan = ContextPlan(boundaries: boundaries)
        for (slot, settings) in settings.enumerated() {
            guard let settings else { continue }
            plan.add(settings, instrument: TestMarket.btc.slot, strategy: slot)
        }
        #expect(plan.entries.count == Set(settings.compactMap(\.self)).count)
        return LaneRig(strategies: strategies, contexts: plan)
    }

    private func settings(
        binTicks: Int64 = 10, calendar: SessionCalendar = .none
    ) -> ContextSettings {
        var settings = ContextSettings()
        settings.binTicks = binTicks
        settings.calendar = calendar
        return settings
    }

    @Test func `strategies that ask for the same share one, and others have their own`() throws {
        let lane = try rig([settings(), settings(), settings(binTicks: 50), nil], strategies: 4)
        for price in [100, 100.3, 99.9] { lane.trade(price, 2) }
        lane.trade(10, 1, in: TestMarket.eth)
        var seen: [UnsafePointer<InstrumentContext>?] = []
        for strategy in 0..<4 {
            lane.act(strategy: strategy) { seen.append($0.market(TestMarket.btc)) }
            lane.act(strategy: strategy) { #expect($0.market(TestMarket.eth) == nil) }
            lane.act(strategy: strategy) { #expect($0.market(InstrumentIndex(7)) == nil) }
        }
        #expect(seen[0] != nil && seen[0] == seen[1] && seen[2] != seen[0] && seen[3] == nil)
        let day = try #require(seen[0]).pointee.day
        #expect(day.pointee.candle?.tradeCount == 3)
        #expect(day.pointee.candle?.high == TestMarket.price(100.3))
        #expect(day.pointee.candle?.volume == TestMarket.quantity(6))
    }

    @Test func `sessions are told by trades, and by the clock where none comes`() throws {
        let lane = try rig([settings(calendar: Self.calendar), nil], strategies: 2)
        let noon = lane.now
        lane.trade(100, 1)
        #expect(lane.script.sessions.isEmpty)
        lane.now = noon + .seconds(31)
        lane.trade(101, 1)
        #expect(lane.script.sessions.map(\.opens) == [true])
        #expect(lane.script.sessions.first?.time == noon + .seconds(30))
        // Trades may be two seconds late.
        #expect(lane.loop.nextDeadline <= noon + .seconds(92))
        lane.now = noon + .seconds(91)
        lane.loop.onTime(now: lane.now)
        #expect(lane.script.sessions.count == 1)
        lane.now = noon + .seconds(92)
        lane.loop.onTime(now: lane.now)
        #expect(lane.script.sessions.map(\.opens) == [true, false])
        #expect(lane.scripts[1].sessions.isEmpty)
    }

    @Test func `a trade that is repeated is in no context twice`() throws {
        let lane = try rig([settings()], strategies: 1)
        lane.trade(100, id: 50)
        lane.trade(100, id: 50)
        lane.trade(100, id: 49)
        var count: UInt32?
        lane.act { count = $0.market(TestMarket.btc)?.pointee.day.pointee.candle?.tradeCount }
        #expect(count == 1)
    }
}
