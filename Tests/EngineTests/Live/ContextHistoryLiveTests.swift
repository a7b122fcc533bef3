import Emulator
@testable import Engine
import Foundation
import Logging
import Machine
import MarketContext
import MarketModel
import Synchronization
import Telemetry
import Testing
import TickToTrade
import Venues

/// A market context with a warm-up against the exchange: what it says is what the whole tape says.
/// BUG-164, BUG-165, BUG-166.
@Suite("Market context over history and stream", .serialized)
struct ContextHistoryLiveTests {
    private static let program = StrategyProgram(StrategyGroup<ContextProbe>.self)

    private func bench(_ number: Int64, trades: String, market: String) throws -> TradingBench {
        var agents = AgentConfiguration()
        agents.seed = 77
        agents.eventsPerSecond = 3_000
        let isBinary = market == "sbe"
        let key = try isBinary ? Self.key() : nil
        return try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"],
            strategies: """
                  - name: probe
                    kind: context_probe
                    instruments: [BTCUSDT]
                    parameters: {number: \(number)}

                """, authentication: isBinary ? "ed25519" : "hmac", privateKey: key?.text,
            encodings: (market, "json"), trades: trades, program: Self.program
        ) {
            $0.faults.disconnectAfterMessages = 3_000
            if let key { $0.accounts[0].credential = .ed25519(publicKey: key.publicKey) }
        }
    }

    private static func key() throws -> (text: String, publicKey: [UInt8]) {
        // The venue's public documentation key (binance-spot.md, section 7).
        let text = "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u"
        return (text, try RequestSigner.ed25519(key: text).publicKey)
    }

    /// All trades of the exchange, and their instrument.
    private func tape(_ bench: TradingBench) throws -> (Instrument, [Trade]) {
        let own = bench.configuration
        var inquiry = try LiveEngine.inquiry(
            own, Credentials.load(own.credentials, environment: bench.environment),
            LiveEngine.trust(own), TSCClock.calibrated(),
            Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let instrument = try #require(try inquiry.ask(symbols: ["BTCUSDT"]).instruments.first)
        let start = TapeStart(instrument: instrument, start: Timestamp(nanoseconds: 0))
        var trades: [Trade] = []
        while true {
            let page = try inquiry.trades(
                start, after: trades.last?.id ?? .none,
                areAggregates: own.venue.trades == .aggregate)
            trades += page
            if page.count < VenueInquiry.pageLength { return (instrument, trades) }
        }
    }

    @Test(arguments: [(1, "trade", "json"), (2, "agg_trade", "json"), (3, "trade", "sbe")])
    func `warm-up, stream and gaps give the context of the whole tape, and replay`(
        number: Int64, trades: String, market: String
    ) async throws {
        let bench = try bench(number, trades: trades, market: market)
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        func said() -> [ContextProbe.Statement] {
            ContextProbe.statements.withLock { $0[number] ?? [] }
        }
        // Three seams: the start, and two gaps.
        let hasCaughtUp = await eventually {
            _ = await engine.drainEvents()
            let partial = said().map(\.isPartial)
            return zip(partial, partial.dropFirst()).count { $0 && !$1 } >= 3
        }
        #expect(hasCaughtUp)
        await engine.stop(because: "test")
        #expect(await engine.failure == nil)

        let statements = said()
        #expect(try compare(statements, bench) > 50)

        ContextProbe.statements.withLock { $0[number] = [] }
        let replay = try JournalReplay.run(
            directory: try bench.runDirectory(), program: Self.program)
        #expect(replay.difference == nil)
        #expect(said() == statements)
    }

    /// Holds what was said of a complete context against the whole tape; returns how often it was.
    private func compare(
        _ statements: [ContextProbe.Statement], _ bench: TradingBench
    ) throws -> Int {
        let complete = statements.filter { !$0.isPartial }
        let (instrument, all) = try tape(bench)
        #expect(all.first?.id.raw == 1)
        var whole = try InstrumentContext(ContextProbe.needs, instrument: instrument)
        whole.assumeComplete(since: Timestamp(nanoseconds: 0))
        var place = 0
        for trade in all where place < complete.count {
            _ = whole.update(trade)
            if complete[place].last != trade.id { continue }
            let expected = ContextProbe.Statement(whole)
            #expect(complete[place] == expected, "behind trade \(trade.id)")
            place += 1
        }
        #expect(place == complete.count)
        return complete.count
    }

    /// Runs an engine until its context has been complete for a while; what it said, and logged.
    private func statements(
        of number: Int64, _ bench: TradingBench
    ) async throws -> (said: [ContextProbe.Statement], log: LogLines) {
        ContextProbe.statements.withLock { $0[number] = [] }
        let lines = LogLines()
        let engine = try await bench.startEngine(logger: Logger(label: "test") { _ in lines })
        func said() -> [ContextProbe.Statement] {
            ContextProbe.statements.withLock { $0[number] ?? [] }
        }
        let isComplete = await eventually {
            _ = await engine.drainEvents()
            return said().count { !$0.isPartial } > 50
        }
        #expect(isComplete)
        await engine.stop(because: "test")
        #expect(await engine.failure == nil)
        return (said(), lines)
    }

    @Test
    func `after a restart a context goes on from the journal and asks for the rest`() async throws {
        let bench = try bench(4, trades: "trade", market: "json")
        defer { bench.remove() }
        let first = try await statements(of: 4, bench)
        let goesOn: Logger.Message = "market context goes on from the journal"
        #expect(first.log.first(goesOn) == nil)
        let second = try await statements(of: 4, bench)
        // All that the first run had without a hole, which is at least what it called complete.
        let count = try #require(second.log.first(goesOn)?["trades"])
        #expect(try #require(Int("\(count)")) > 50)
        #expect(try compare(second.said, bench) > 50)

        ContextProbe.statements.withLock { $0[4] = [] }
        let replay = try JournalReplay.run(
            directory: try bench.runDirectory(), program: Self.program)
        #expect(replay.difference == nil)
        #expect(ContextProbe.statements.withLock { $0[4] } == second.said)
    }

    @Test
    func `a journal whose trades the venue does not know is left alone`() async throws {
        var bench = try bench(5, trades: "trade", market: "json")
        defer { bench.remove() }
        _ = try await statements(of: 5, bench)
        try bench.restartExchange {
            var agents = AgentConfiguration()
            agents.seed = 78
            agents.eventsPerSecond = 3_000
            $0.market = .agents(agents)
        }
        let second = try await statements(of: 5, bench)
        #expect(second.log.first("the venue does not know the recorded trades") != nil)
        #expect(try compare(second.said, bench) > 50)
    }

    // CTX-14
    @Test func `operators see what the strategy sees, and the log has it from time to time`()
        async throws
    {
        var bench = try bench(6, trades: "trade", market: "json")
        defer { bench.remove() }
        bench.configuration.telemetry.contextLog = .milliseconds(20)
        ContextProbe.statements.withLock { $0[6] = [] }
        let lines = LogLines()
        let engine = try await bench.startEngine(logger: Logger(label: "test") { _ in lines })
        let message: Logger.Message = "market context"
        let isLogged = await eventually {
            _ = await engine.drainEvents()
            return lines.all(message).count {
                $0["vwap"] != nil && !"\($0["partial"] ?? "")".contains("day")
            } >= 3
        }
        #expect(isLogged)
        #expect(lines.first(message)?["instrument"] == "BTCUSDT")
        await engine.stop(because: "test")
        let count = lines.all(message).count
        // The last publication, after the last trade.
        let shown = try #require(await engine.contexts().first)
        #expect(await engine.snapshotNow().contexts == [shown])
        #expect(shown.strategies == ["probe"] && shown.sessions == nil)
        let last = try #require(ContextProbe.statements.withLock { $0[6]?.last })
        let day = try #require(shown.day)
        let instrument = try tape(bench).0
        #expect(day.isPartial == last.isPartial)
        #expect(shown.cumulativeDelta == ExactDecimal(last.delta, of: instrument))
        #expect(day.volume == (last.candle.map { ExactDecimal($0.volume, of: instrument) }))
        #expect(day.valueAreaLow == (last.area.map { ExactDecimal($0.low, of: instrument) }))
        #expect(day.valueAreaHigh == (last.area.map { ExactDecimal($0.high, of: instrument) }))
        let vwap = ExactDecimal(raw: Int128((last.vwap ?? 0).rounded()), scale: 8)
        #expect(day.vwap == vwap.rounded(to: Int(instrument.priceDecimals)))
        #expect(lines.all(message).count == count, "nothing is logged after the end")
    }
}
