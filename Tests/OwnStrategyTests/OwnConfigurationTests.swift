import Engine
import MarketModel
import TickToTrade
import Testing

/// The file of a program with strategies of its own: as strict as the built-in ones'.
@Suite("Own strategies' configuration")
struct OwnConfigurationTests {
    private static let head = """
        venue: {kind: binance_spot, environment: emulated}
        instruments: [{symbol: BTCUSDT}]
        strategies:
          - name: trips
            instruments: [BTCUSDT]

        """

    private func problems(_ text: String, _ program: StrategyProgram = .own) -> [String] {
        do throws(ConfigurationFailure) {
            _ = try RunConfiguration.parse(
                Self.head + text, file: "t.yaml", kinds: program.kinds)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `a valid file gives the values of its kind`() throws {
        let configuration = try RunConfiguration.parse(
            Self.head + "    kind: round_trip\n    parameters: {order_size: 2 BTC}",
            file: "t.yaml", kinds: StrategyProgram.bare.kinds)
        let strategy = try #require(configuration.strategies.first)
        #expect(strategy.kind == "round_trip")
        #expect(strategy.parameters.amount("order_size").description == "2 BTC")
        #expect(strategy.parameters.duration("pause") == .milliseconds(5))
    }

    @Test(arguments: [
        (
            "    kind: round_trap\n",
            "t.yaml:6: strategies[0].kind: found 'round_trap', did you mean 'round_trip'? accepted: "
                + "market_maker, breakout, round_trip, basket_buyer"
        ),
        (
            "    kind: round_trip\n    parameters: {order_size: 1 BTC, pauze: 1s}",
            "t.yaml:7: strategies[0].parameters.pauze: unknown key, did you mean 'pause'?"
        ),
        (
            "    kind: round_trip\n    parameters: {order_size: 1 BTC, pause: 2m}",
            "t.yaml:7: strategies[0].parameters.pause: found '2m', which is out of range, accepted: "
                + "a duration 0s...1m with its unit (ns, us, ms, s, m, h, d)"
        ),
        (
            "    kind: round_trip\n    parameters: {order_size: 0 BTC}",
            "t.yaml:7: strategies[0].parameters.order_size: must be above 0"
        ),
        (
            "    kind: round_trip\n",
            "t.yaml:4: strategies[0].parameters.order_size: missing, accepted: an amount 0...10 with "
                + "its asset, such as '1000 USDT'"
        ),
    ])
    func `a bad file is refused with its line and what is accepted`(
        text: String, message: String
    ) {
        #expect(problems(text) == [message])
    }

    @Test func `a program knows no kinds but its own`() {
        #expect(
            problems("    kind: market_maker\n", .bare) == [
                "t.yaml:6: strategies[0].kind: found 'market_maker', accepted: round_trip"
            ])
    }

    @Test func `the reference has a table for each kind`() {
        let text = ConfigurationReference.markdown(for: StrategyProgram.own.kinds)
        #expect(text.contains("## strategies[].parameters (kind: round_trip)"))
        #expect(text.contains("| `order_worth` | an amount 1...1000"))
        #expect(text.contains("Symbols it trades; exactly one for market_maker."))
    }

    @Test func `two strategies cannot share a kind`() async {
        await #expect(processExitsWith: .failure) {
            _ = StrategyProgram(
                StrategyPair<StrategyGroup<RoundTrip>, StrategyGroup<RoundTrip>>.self)
        }
    }
}
