@testable import Engine
import MarketContext
import MarketModel
import Testing
import TickToTrade

@Suite("Words on sessions")
struct SessionWatchTests {
    private static let plan: ContextPlan = {
        var settings = ContextSettings()
        settings.calendar = .standard
        var plan = ContextPlan(boundaries: [:])
        plan.add(settings, instrument: 0, strategy: 0)
        plan.add(settings, instrument: 1, strategy: 0)
        plan.add(ContextSettings(), instrument: 2, strategy: 0)
        return plan
    }()

    private func summary(_ second: Int64, open: [UInt8], isCatchingUp: Bool = false) -> ContextSummary {
        var summary = ContextSummary()
        summary.clock = Timestamp(milliseconds: second * 1_000)
        summary.knowsSessions = true
        summary.isCatchingUp = isCatchingUp
        summary.openSessions.raw = open.reduce(0) { $0 | 1 << UInt16($1) }
        return summary
    }

    @Test func `each change is said once, of the market that is furthest`() {
        var watch = SessionWatch(Self.plan)
        let none = ContextSummary()
        func look(_ first: ContextSummary, _ second: ContextSummary) -> [String] {
            watch.look([first, second, none], Self.plan)
        }
        #expect(look(none, none) == [])
        #expect(look(summary(10, open: [0]), none) == [], "what is open at first is no change")
        #expect(
            look(summary(10, open: [0]), summary(20, open: [0, 1])) == [
                "london opened, open: asia, london"
            ])
        #expect(look(summary(15, open: [0]), summary(20, open: [0, 1])) == [])
        #expect(look(summary(30, open: [0, 1]), summary(20, open: [0, 1])) == [])
        #expect(
            look(summary(30, open: [0, 1]), summary(40, open: [1, 2, 3])) == [
                "asia closed, open: london, new_york, overlap",
                "new_york opened, open: london, new_york, overlap",
                "overlap opened, open: london, new_york, overlap",
            ])
        #expect(look(none, summary(50, open: [], isCatchingUp: true)) == [], "no news")
        #expect(look(none, summary(60, open: [2])).first == "london closed, open: new_york")
    }
}
