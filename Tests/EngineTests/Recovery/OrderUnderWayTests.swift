import MarketModel
import Testing

@testable import Emulator
@testable import Engine
@testable import TickToTrade

/// An order that an earlier run has sent and that the venue does not know.
struct OrderUnderWayTests {
    /// Found by a dry run of one second behind a `kill -9`: it ended with 70, for an order that it had
    /// neither sent nor was to cancel.
    @Test(arguments: [false, true])
    func `a run that may cancel waits for it, a dry run leaves it to the next one`(
        _ isDryRun: Bool
    ) throws {
        let desk = try DialectDesk(symbols: 1) { $0.symbols = [SymbolConfiguration.defaults[0]] }
        var inquiry = try desk.inquiry()
        let facts = try inquiry.ask(symbols: ["BTCUSDT"])
        let bench = try TradingBench(
            market: .agents(.init()), symbols: ["BTCUSDT"], strategies: TradingBench.maker)
        defer { bench.remove() }
        let plan = try TradingPlan(
            bench.configuration, facts, kinds: StrategyProgram.builtIn.kinds, epoch: 9)
        let reconciliation = Reconciliation(
            plan, facts, bench.configuration.reconciliation, isDryRun: isDryRun)
        let sent: Int64 = 1_795_262_400_000_000_000
        var order = Order(
            id: ClientOrderID(epoch: 7, lane: 0, sequence: 1),
            intent: OrderIntent(
                instrument: InstrumentIndex(0), side: .buy, type: .limit, timeInForce: .gtc,
                price: Price(raw: 6_000_000_000_000), quantity: Quantity(raw: 1_000_000)),
            strategy: StrategyIndex(0), time: Timestamp(nanoseconds: sent))
        order.state = .pendingNew
        let end = sent + plan.configuration.arrivalWindow.count
        #expect(reconciliation.mayArrive(order, sent + 1) == !isDryRun)
        #expect(reconciliation.mayArrive(order, end - 1) == !isDryRun)
        #expect(!reconciliation.mayArrive(order, end))
    }
}
