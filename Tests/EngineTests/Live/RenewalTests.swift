import Emulator
import Engine
import Journal
import Logging
import MarketModel
import Telemetry
import Testing

/// Connections that grow old or fall silent are replaced while the engine trades.
@Suite("Renewed connections", .serialized)
struct RenewalTests {
    @Test(arguments: ["records", "frames"])
    func `old connections are replaced without a lost or doubled event`(
        journaling: String
    ) async throws {
        let bench = try bench(journaling: journaling)
        defer { bench.remove() }
        let lines = LogLines()
        let engine = try await start(bench, lines) { $0.connectionAge = .seconds(1) }
        let isRenewed = await eventually {
            _ = await engine.drainEvents()
            return lines.count("connection renewed", "market") >= 3
                && lines.count("connection renewed", "orders") >= 3
        }
        #expect(isRenewed)
        let before = await engine.snapshotNow().totals.ordersSent
        #expect(
            await eventually {
                _ = await engine.drainEvents()
                return await engine.snapshotNow().totals.ordersSent > before
            }, "trading goes on")
        let snapshot = await engine.snapshotNow()
        #expect(snapshot.connections.first { $0.name == "market" }?.reconnects == 0)
        #expect(snapshot.connections.first { $0.name == "orders" }?.reconnects == 0)
        #expect(snapshot.instruments.first?.resyncs == 0)
        #expect(!lines.contains("connection lost", "market"))
        #expect(!lines.contains("connection lost", "orders"))
        await engine.stop(because: "test")
        #expect(await engine.unsettled.isEmpty)

        let directory = try bench.runDirectory()
        #expect(try JournalReplay.run(directory: directory).difference == nil)
        let events = try MarketEvents(directory)
        #expect(events.trades.count > 100)
        #expect(zip(events.trades, events.trades.dropFirst()).allSatisfy { $1 == $0 + 1 })
        #expect(zip(events.tops, events.tops.dropFirst()).allSatisfy { $1 > $0 })
        #expect(
            zip(events.diffs, events.diffs.dropFirst()).allSatisfy { $1.first == $0.last + 1 })
    }

    /// What the second connection says within half a second does not fit: it takes over when there
    /// is no room left, and what was missed shows as a gap that a snapshot mends.
    @Test func `a connection whose backlog is full takes over at once`() async throws {
        let bench = try bench()
        defer { bench.remove() }
        let lines = LogLines()
        let engine = try await start(bench, lines, backlog: 65_536) {
            $0.connectionAge = .seconds(1)
        }
        let isRenewed = await eventually {
            _ = await engine.drainEvents()
            let snapshot = await engine.snapshotNow()
            return lines.count("connection renewed", "market") >= 3
                && snapshot.instruments.first?.isBookValid == true
                && snapshot.state == .trading
        }
        #expect(isRenewed)
        #expect(!lines.contains("connection lost", "market"))
        // Waiting for the whole overlap would cost every renewal several diffs.
        #expect(await engine.snapshotNow().instruments.first.map(\.resyncs) ?? 3 < 3)
        let before = await engine.snapshotNow().totals.ordersSent
        #expect(
            await eventually {
                _ = await engine.drainEvents()
                return await engine.snapshotNow().totals.ordersSent > before
            }, "trading goes on")
        await engine.stop(because: "test")
        #expect(await engine.unsettled.isEmpty)
        let directory = try bench.runDirectory()
        #expect(try JournalReplay.run(directory: directory).difference == nil)
        // Nothing is taken twice, whatever was missed.
        let events = try MarketEvents(directory)
        #expect(zip(events.trades, events.trades.dropFirst()).allSatisfy { $1 > $0 })
        #expect(zip(events.tops, events.tops.dropFirst()).allSatisfy { $1 > $0 })
    }

    @Test func `a market connection that is lost while another is to follow is found again`()
        async throws
    {
        let bench = try bench { $0.faults.disconnectAfterMessages = 700 }
        defer { bench.remove() }
        let engine = try await start(bench, LogLines()) {
            $0.connectionAge = .milliseconds(50)
            $0.reconnectMinimum = .milliseconds(20)
            $0.reconnectMaximum = .milliseconds(50)
        }
        let hasSurvived = await eventually {
            _ = await engine.drainEvents()
            let snapshot = await engine.snapshotNow()
            let market = snapshot.connections.first { $0.name == "market" }
            return (market?.reconnects ?? 0) >= 4 && snapshot.totals.marketMessages > 3_000
        }
        #expect(hasSurvived)
        await engine.stop(because: "test")
        let directory = try bench.runDirectory()
        #expect(try JournalReplay.run(directory: directory).difference == nil)
        let trades = try MarketEvents(directory).trades
        #expect(zip(trades, trades.dropFirst()).allSatisfy { $1 > $0 })
    }

    @Test func `a market connection that answers pings and says nothing is replaced`()
        async throws
    {
        let bench = try bench(events: 0, strategies: TradingBench.breakout)
        defer { bench.remove() }
        let lines = LogLines()
        let engine = try await start(bench, lines) {
            $0.pingInterval = .milliseconds(200)
            $0.silence = .seconds(1)
        }
        let isReplaced = await eventually {
            _ = await engine.drainEvents()
            let market = await engine.snapshotNow().connections.first { $0.name == "market" }
            return (market?.reconnects ?? 0) >= 2
                && lines.count("connection silent, it is replaced", "market") >= 2
        }
        #expect(isReplaced)
        // Orders may be silent for as long as they like.
        let orders = await engine.snapshotNow().connections.first { $0.name == "orders" }
        #expect(orders?.reconnects == 0)
        await engine.stop(because: "test")
    }

    // MARK: - Parts

    private func bench(
        events: Double = 4_000, strategies: String = TradingBench.maker,
        journaling: String = "records", adjust: (inout ExchangeConfiguration) -> Void = { _ in }
    ) throws -> TradingBench {
        var agents = AgentConfiguration()
        agents.seed = 29
        agents.eventsPerSecond = events
        return try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: strategies,
            journaling: journaling, adjust: adjust)
    }

    private func start(
        _ bench: TradingBench, _ lines: LogLines, backlog: Int64 = 4 << 20,
        _ change: (inout TimeoutSettings) -> Void
    ) async throws -> LiveEngine {
        var configuration = bench.configuration
        configuration.lanes[0].reliefBacklog = backlog
        change(&configuration.timeouts)
        return try await LiveEngine.start(
            configuration, environment: bench.environment,
            logger: Logger(label: "test") { _ in lines })
    }
}

/// What a journal shows of one instrument's streams, in the order it was taken.
private struct MarketEvents {
    private(set) var trades: [Int64] = []
    private(set) var tops: [Int64] = []
    private(set) var diffs: [(first: Int64, last: Int64)] = []

    init(_ directory: String) throws {
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            switch record.type {
            case .trade: if let own = record.payload(as: Trade.self) { trades.append(own.id.raw) }
            case .topOfBook:
                if let own = record.payload(as: TopOfBook.self) { tops.append(own.updateID) }
            case .depth:
                guard let own = record.payload(as: DepthHeader.self), !own.isSnapshot else {
                    continue
                }
                diffs.append((own.firstUpdateID, own.lastUpdateID))
            default: break
            }
        }
    }
}
