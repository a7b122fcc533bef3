@testable import Engine
import MarketContext
import MarketModel
import Testing
import TickToTrade

@Suite("Planning of market contexts")
struct ContextPlanningTests {
    private func wish(
        _ symbols: [String], _ settings: ContextSettings?
    ) throws -> ContextPlanning.Wish {
        func name(_ text: String) throws -> ShortName { try #require(ShortName(text)) }
        let instruments = try symbols.enumerated().map { slot, symbol in
            try Instrument(
                symbol: name(symbol), base: name("X"), quote: name("USDT"),
                index: InstrumentIndex(UInt16(slot)), baseAsset: AssetIndex(0),
                quoteAsset: AssetIndex(1))
        }
        return ContextPlanning.Wish(
            strategy: "looks", instruments: instruments, settings: settings)
    }

    private func settings(_ calendar: SessionCalendar = .none) -> ContextSettings {
        var settings = ContextSettings()
        settings.profileBins = 16
        settings.calendar = calendar
        return settings
    }

    @Test func `equal wishes for an instrument are one context`() throws {
        let plan = try ContextPlanning.plan([
            wish(["BTCUSDT", "ETHUSDT"], settings(.standard)), wish(["BTCUSDT"], nil),
            wish(["BTCUSDT"], settings(.standard)), wish(["BTCUSDT"], settings()),
        ])
        #expect(plan.entries.map(\.instrument) == [0, 0, 1])
        #expect(plan.entries.map(\.strategies) == [[0, 2], [3], [0]])
        let boundaries = try #require(plan.boundaries[.standard])
        let days = CivilDate(year: 2046, month: 1, day: 1).dayNumber
            - CivilDate(year: 2015, month: 1, day: 1).dayNumber
        #expect(boundaries.count == 4 * 2 * Int(days))
    }

    @Test func `what cannot be is refused with the strategy's name`() throws {
        let atlantis = SessionCalendar([
            TradingSession("deep", in: "Sea/Atlantis", opens: 0, closes: 1)
        ])
        for (settings, message) in [
            (
                settings(atlantis),
                "time zone: no zone Sea/Atlantis in /usr/share/zoneinfo (package tzdata)"
            ),
            (
                settings(SessionCalendar([TradingSession("x", in: "../x", opens: 0, closes: 1)])),
                "time zone: no zone ../x in /usr/share/zoneinfo (package tzdata)"
            ),
            (
                settings(SessionCalendar([TradingSession("x", in: "UTC", opens: -1, closes: 1)])),
                "opens is -1, accepted: 0 to 86399"
            ),
        ] {
            let wishes = [try wish(["BTCUSDT"], settings)]
            #expect(
                throws: StartFailure.unusable(
                    "the market context of strategy looks: \(message)")
            ) { try ContextPlanning.plan(wishes) }
        }
    }
}
