import Emulator
import Engine
import Foundation
import Journal
import Logging
import MarketModel
import Telemetry
import Testing
import TickToTrade

/// What a run leaves behind besides its orders: the venue's messages, and the log.
@Suite("Live recording", .serialized)
struct LiveRecordingTests {
    @Test func `recorded frames are a capture that rebuilds the same book`() async throws {
        let bench = try bench(journaling: "frames")
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        #expect(await hasTraded(engine))
        await engine.stop(because: "test")

        let directory = try bench.runDirectory()
        #expect(try JournalReplay.run(directory: directory).difference == nil)
        let capture = bench.folder + "/capture.jsonl"
        var lines: [String] = []
        var export = try JournalExport(directory: directory, table: .frames)
        while let line = try export.next() { lines.append(line) }
        #expect(lines.count > 200)
        #expect(!lines.contains { $0.contains("executionReport") })
        try lines.joined(separator: "\n").write(toFile: capture, atomically: true, encoding: .utf8)

        var rebuilt = CaptureBook(symbol: "BTCUSDT")
        var rows = 0
        try rebuilt.read([capture]) { _ in rows += 1 }
        var book = OrderBook(instrument: InstrumentIndex(0))
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            guard record.type == .depth, let header = record.payload(as: DepthHeader.self),
                let levels = record.levels?.baseAddress
            else { continue }
            if header.isSnapshot { book.load(header, levels) } else { book.apply(header, levels) }
        }
        #expect(rows >= 5)
        #expect(rebuilt.gapCount == 0)
        #expect(rebuilt.book.lastUpdateID == book.lastUpdateID)
        #expect(rebuilt.book.stateHash() == book.stateHash())
    }

    @Test func `the log tells of every connection that opens and ends`() async throws {
        let bench = try bench(journaling: "records") { $0.faults.disconnectAfterMessages = 400 }
        defer { bench.remove() }
        let lines = LogLines()
        let engine = try await bench.startEngine(logger: Logger(label: "test") { _ in lines })
        let isTold = await eventually {
            _ = await engine.drainEvents()
            return lines.contains("connection lost", "market")
                && lines.contains("connection open", "orders")
        }
        #expect(isTold)
        await engine.stop(because: "test")
    }

    private func bench(
        journaling: String, adjust: (inout ExchangeConfiguration) -> Void = { _ in }
    ) throws -> TradingBench {
        var agents = AgentConfiguration()
        agents.seed = 17
        agents.eventsPerSecond = 4_000
        return try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"], strategies: TradingBench.maker,
            journaling: journaling, adjust: adjust)
    }

    private func hasTraded(_ engine: LiveEngine) async -> Bool {
        await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= 40
        }
    }
}
