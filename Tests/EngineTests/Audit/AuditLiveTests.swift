import Control
import Emulator
import Logging
import Machine
import MarketModel
import Telemetry
import Testing
import Wire

@testable import Engine

/// The account is compared with a real exchange while the engine trades.
@Suite("Audits, live", .serialized)
struct AuditLiveTests {
    private func start(
        _ lines: LogLines, interval: Nanoseconds = .milliseconds(100),
        adjust: (inout ExchangeConfiguration) -> Void = { _ in }
    ) async throws -> (bench: TradingBench, engine: LiveEngine) {
        var agents = AgentConfiguration()
        agents.seed = 43
        let bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker, adjust: adjust)
        var configuration = bench.configuration
        configuration.reconciliation.auditInterval = interval
        // What is found while nothing trades waits for the next pong.
        configuration.timeouts.pingInterval = .seconds(1)
        let engine = try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
        return (bench, engine)
    }

    private func hasAudited(_ engine: LiveEngine, _ count: Int64) async -> Bool {
        await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().audits.completed >= count
        }
    }

    @Test func `an engine that trades balances, deposits included`() async throws {
        let (bench, engine) = try await start(LogLines())
        defer { bench.remove() }
        #expect(await hasAudited(engine, 2))
        for amount in [1, -2] as [Int64] {
            bench.exchange.perform(
                .deposit(account: "demo", asset: "BTC", amount: amount * 100_000_000))
        }
        bench.exchange.perform(
            .lockExternally(account: "demo", asset: "BTC", amount: 50_000_000))
        let done = await engine.snapshotNow().audits.completed
        #expect(await hasAudited(engine, done + 3))
        let snapshot = await engine.snapshotNow()
        #expect(snapshot.audits.differences == 0 && snapshot.totals.ordersSent > 4)
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    @Test func `somebody else's trade on the account halts the instrument`() async throws {
        let lines = LogLines()
        let (bench, engine) = try await start(lines)
        defer { bench.remove() }
        #expect(await hasAudited(engine, 2))
        try buyElsewhere(bench)
        #expect(
            await eventually {
                _ = await engine.drainEvents()
                return await engine.snapshotNow().audits.differences >= 1
            })
        let words = lines.first("the account differs from the venue's")?["difference"]?.description
        // Less 0.04 % of commission, rounded down for each of its trades.
        #expect(words?.hasPrefix("BTC balance and position are 0.4998") == true)
        // The lane halts it in a pass of its own.
        #expect(
            await eventually {
                _ = await engine.drainEvents()
                return lines.first("instrument halted") != nil
            })
        #expect(lines.first("instrument halted")?["detail"] == "it does not balance with the venue")

        // Not before somebody has looked.
        _ = try await engine.halt(reason: "operator")
        await #expect(throws: ControlFailure.self) { _ = try await engine.resume() }
        _ = try await engine.setLimit(
            LimitChange(
                scope: .instrument, name: "BTCUSDT", limit: "halted", value: ExactDecimal(0)))
        _ = try await engine.resume()
        let before = await engine.snapshotNow()
        #expect(await hasAudited(engine, before.audits.completed + 3))
        let after = await engine.snapshotNow()
        #expect(
            after.audits.differences == before.audits.differences,
            "it is known: \(lines.all("the account differs from the venue's"))")
        #expect(after.totals.ordersSent > before.totals.ordersSent)
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    @Test func `a stray order of ours is cancelled, and its instrument trades again`()
        async throws
    {
        let lines = LogLines()
        let (bench, engine) = try await start(lines)
        defer { bench.remove() }
        #expect(await hasAudited(engine, 2))
        // As an earlier run would have left it, had its last request been late by minutes.
        let id = ClientOrderID(epoch: 5, lane: 0, sequence: 77)
        try order(
            bench, "side=BUY&type=LIMIT&timeInForce=GTC&price=30000&quantity=0.01"
                + "&newClientOrderId=\(id.text)")
        let isBack = await eventually {
            _ = await engine.drainEvents()
            return lines.first("the account agrees with the venue again") != nil
        }
        #expect(isBack)
        let words = lines.first("the account differs from the venue's")?["difference"]?.description
        #expect(words == "order \(id.text) is open at the venue and not here")
        #expect(
            lines.first("a stray order was cancelled")?["order"]?.description == id.text)
        #expect(lines.first("instrument halted") != nil)
        let sent = await engine.snapshotNow().totals.ordersSent
        let trades = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent > sent
        }
        #expect(trades && lines.first("instrument trades again") != nil)
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    /// A request that was late by a connection: its report went with the next one.
    @Test func `a reconnect is followed by an audit, however long their interval is`() async throws {
        let lines = LogLines()
        let (bench, engine) = try await start(lines, interval: .seconds(3_600))
        defer { bench.remove() }
        let id = ClientOrderID(epoch: 5, lane: 0, sequence: 80)
        try order(
            bench, "side=BUY&type=LIMIT&timeInForce=GTC&price=30000&quantity=0.01"
                + "&newClientOrderId=\(id.text)")
        bench.exchange.perform(.endUserStreams)
        let isCanceled = await eventually {
            _ = await engine.drainEvents()
            return lines.first("a stray order was cancelled")?["order"]?.description == id.text
        }
        #expect(isCanceled)
        await engine.stop(because: "test")
    }

    /// What it has traded is on the account and in no position here: that is not settled.
    @Test func `a stray order that has traded keeps its instrument halted`() async throws {
        let lines = LogLines()
        let (bench, engine) = try await start(lines)
        defer { bench.remove() }
        #expect(await hasAudited(engine, 2))
        let id = ClientOrderID(epoch: 5, lane: 0, sequence: 78)
        // Bought at the market, and the rest rests.
        try order(
            bench, "side=BUY&type=MARKET&quantity=0.5&newClientOrderId=\(id.text)")
        let resting = ClientOrderID(epoch: 5, lane: 0, sequence: 79)
        try order(
            bench, "side=BUY&type=LIMIT&timeInForce=GTC&price=30000&quantity=0.01"
                + "&newClientOrderId=\(resting.text)")
        let isCanceled = await eventually {
            _ = await engine.drainEvents()
            return lines.first("a stray order was cancelled") != nil
                && lines.all("the account differs from the venue's").count >= 2
        }
        #expect(isCanceled)
        let done = await engine.snapshotNow().audits.completed
        #expect(await hasAudited(engine, done + 3))
        #expect(lines.first("the account agrees with the venue again") == nil)
        #expect(lines.first("instrument trades again") == nil)
        await engine.stop(because: "test")
    }

    @Test func `user streams that end are subscribed again, and nothing is missed`() async throws {
        let (bench, engine) = try await start(LogLines())
        defer { bench.remove() }
        for round in 1...3 {
            #expect(await hasAudited(engine, Int64(round)))
            bench.exchange.perform(.endUserStreams)
            let isBack = await eventually {
                _ = await engine.drainEvents()
                let snapshot = await engine.snapshotNow()
                let orders = snapshot.connections.first { $0.name == "orders" }
                return orders?.reconnects == Int64(round) && snapshot.state == .trading
            }
            #expect(isBack)
        }
        let done = await engine.snapshotNow().audits.completed
        #expect(await hasAudited(engine, done + 3))
        #expect(await engine.snapshotNow().audits.differences == 0)
        await engine.stop(because: "test")
        #expect(await engine.unsettled.isEmpty)
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    @Test func `commissions in the venue's own coin are valued and leave its balance`()
        async throws
    {
        let (bench, engine) = try await start(LogLines()) {
            $0.fees = FeeRates(maker: 40_000, taker: 40_000)
            $0.accounts[0].balances["BNB"] = 100_000_000_000
            $0.accounts[0].paysFeesInDiscountAsset = true
        }
        defer { bench.remove() }
        let hasTraded = await eventually(within: 90) {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.fills >= 3
        }
        #expect(hasTraded)
        let done = await engine.snapshotNow().audits.completed
        #expect(await hasAudited(engine, done + 2))
        let snapshot = await engine.snapshotNow()
        let fees = try #require(snapshot.totals.feesByAsset.first)
        #expect(fees.asset == "BNB" && fees.paid.raw > 0 && fees.unvalued.raw == 0)
        #expect(snapshot.totals.fees.raw > 0)
        #expect(snapshot.audits.differences == 0, "it is gone from the balance too")
        await engine.stop(because: "test")
        #expect(try JournalReplay.run(directory: try bench.runDirectory()).difference == nil)
    }

    /// A market order with the account's own key and an id that is not the engine's.
    private func buyElsewhere(_ bench: TradingBench) throws {
        try order(bench, "side=BUY&type=MARKET&quantity=0.5")
    }

    /// An order with the account's own key that the engine does not know of.
    private func order(_ bench: TradingBench, _ terms: String) throws {
        let credentials = try Credentials.load(
            bench.configuration.credentials, environment: bench.environment)
        let clock = TSCClock.calibrated()
        var inquiry = try LiveEngine.inquiry(
            bench.configuration, credentials, try LiveEngine.trust(bench.configuration), clock,
            Logger(label: "test"))
        let offset = try inquiry.clockOffset()
        _ = try inquiry.body(
            signed: "/api/v3/order", "symbol=BTCUSDT&\(terms)", offset, method: "POST")
    }
}
