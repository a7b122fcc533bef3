import Foundation
import MarketModel
import Testing

@testable import Emulator

/// How fast the saturated market runs. Tiny by default so that it cannot rot;
/// `APUS_MATCHING_OPERATIONS=5000000 swift test -c release --filter MatchingSpeed` measures.
@Suite("Matching speed")
struct MatchingSpeedTests {
    static let operations =
        ProcessInfo.processInfo.environment["APUS_MATCHING_OPERATIONS"].flatMap(Int.init) ?? 20_000

    @Test func `the matching book alone`() {
        var random = RandomSource(seed: 5)
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        var handles: [OrderHandle] = []
        var fills = 0
        let start = ContinuousClock.now
        for step in 0..<Self.operations {
            if handles.count > 2_000 || (step % 3 == 0 && !handles.isEmpty) {
                let index = random.below(handles.count)
                _ = engine.cancel(handles[index])
                handles[index] = handles[handles.count - 1]
                handles.removeLast()
                continue
            }
            let side: Side = random.next() & 1 == 0 ? .buy : .sell
            let away = Int64(random.below(400)) - 20
            let placement = engine.place(
                IncomingOrder(
                    id: Int64(step + 1), account: .market, side: side, type: .limit,
                    timeInForce: .gtc, price: Price(raw: 100_000 - side.sign * away),
                    quantity: Quantity(raw: Int64(random.below(100) + 1))))
            fills += engine.log.fills.count
            if placement.remainder == .rests { handles.append(placement.handle) }
        }
        report("book", start, Self.operations)
        #expect(fills > Self.operations / 100)
        #expect(engine.top.bidPrice < engine.top.askPrice)
    }

    @Test func `the agents' market with its trades, tops and candles`() throws {
        var configuration = DialectHarness.configuration
        configuration.symbols = Array(SymbolConfiguration.defaults.prefix(3))
        var agents = AgentConfiguration()
        agents.eventsPerSecond = 1_000_000
        configuration.market = .agents(agents)
        let harness = try DialectHarness(configuration)
        let session = harness.connect("/stream?streams=btcusdt@trade/btcusdt@bookTicker")
        var events = 0
        let start = ContinuousClock.now
        while events < Self.operations {
            events += harness.advance(milliseconds: 20, step: 20)
            _ = harness.take(session)
        }
        report("agents", start, events)
        #expect(harness.dialect.exchange.markets[0].tape.lastAggregateID > 100)
    }

    /// What the exchange's own record costs an order, and a cycle in which nothing has happened.
    @Test(arguments: [false, true])
    func `an account's orders placed and cancelled`(_ onRecord: Bool) throws {
        let harness = try DialectHarness()
        let exchange = harness.dialect.exchange
        let folder = StateFolder()
        let log = onRecord ? try folder.open() : nil
        if onRecord { exchange.startNotingChanges() }
        try log?.begin(exchange.takeState(), ExchangeNames(DialectHarness.configuration))
        let count = Self.operations / 20
        let start = ContinuousClock.now
        for step in 0..<count {
            harness.now = harness.now + .milliseconds(200)
            let selector = OrderSelector(clientOrderID: "n\(step)")
            let ticket = try Venue.limit(.buy, "50000", "0.001", id: "n\(step)")
            let (market, alice) = (exchange.markets[0], AccountIndex(1))
            _ = try exchange.place(ticket, in: market, account: alice, now: harness.now)
            if let log { try record(exchange, log, harness.now) }
            _ = try exchange.cancel(
                selector, in: market, account: alice, newClientOrderID: nil, now: harness.now)
            if let log { try record(exchange, log, harness.now) }
            harness.dialect.publishEvents(now: harness.now)
        }
        report(onRecord ? "orders on record" : "orders in memory", start, 2 * count)
        guard let log else { return }
        let idle = ContinuousClock.now
        for _ in 0..<Self.operations {
            if exchange.takeChanges(now: harness.now) != nil { Issue.record("nothing happened") }
        }
        report("nothing to record", idle, Self.operations)
        let rewriting = ContinuousClock.now
        try log.begin(exchange.takeState(), ExchangeNames(DialectHarness.configuration))
        report("whole state", rewriting, 1)
        let names = ExchangeNames(DialectHarness.configuration)
        let reading = ContinuousClock.now
        #expect(try log.read(for: names)?.records.isEmpty == false)
        report("reading it", reading, 1)
        #expect(exchange.markets[0].orders.openCount(of: AccountIndex(1)) == 0)
    }

    private func record(_ exchange: Exchange, _ log: StateLog, _ now: Timestamp) throws {
        if let changes = exchange.takeChanges(now: now) { try log.append(changes) }
    }

    private func report(_ what: String, _ start: ContinuousClock.Instant, _ count: Int) {
        let elapsed = (ContinuousClock.now - start) / .nanoseconds(1)
        print("\(what): \(Int(elapsed / Double(count))) ns an operation, \(count) operations")
    }
}
