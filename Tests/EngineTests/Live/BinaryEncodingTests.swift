import Codec
import Emulator
import Engine
import Foundation
import Journal
import Logging
import MarketModel
import Telemetry
import Testing
import TickToTrade
import Venues

/// The engine and the exchange in Simple Binary Encoding, over real sockets and TLS.
@Suite("Binary encoding", .serialized)
struct BinaryEncodingTests {
    @Test(arguments: [("sbe", "sbe"), ("sbe", "json"), ("json", "sbe")])
    func `trades and replays to the same orders in every mixture of encodings`(
        market: String, orders: String
    ) async throws {
        var agents = AgentConfiguration()
        agents.seed = 23
        agents.eventsPerSecond = 4_000
        let bench = try Self.bench(
            .agents(agents), encodings: (market, orders), journaling: "frames")
        defer { bench.remove() }
        let lines = LogLines()
        let engine = try await bench.startEngine(logger: Logger(label: "test") { _ in lines })
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            let totals = await engine.snapshotNow().totals
            return totals.ordersSent >= 60 && totals.fills >= 3 && totals.canceled >= 3
        }
        #expect(hasTraded)
        let snapshot = await engine.snapshotNow()
        #expect(snapshot.instruments.first?.resyncs == 0)
        await engine.stop(because: "test")
        #expect(lines.first("messages of the venue not understood") == nil)
        let end = await engine.snapshotNow()
        #expect(end.totals.unknown == 0)
        #expect(end.instruments.allSatisfy { $0.openOrders == 0 })

        let directory = try bench.runDirectory()
        let replay = try JournalReplay.run(directory: directory)
        #expect(replay.difference == nil)
        let frames = try Self.frames(in: directory)
        #expect(frames.market.count > 200 && frames.orders.count > 60)
        #expect(frames.market.contains { $0 } == (market == "sbe"))
        #expect(frames.orders.contains { $0 } == (orders == "sbe"))
    }

    /// What was recorded in binary is a capture in text, good for the exchange and for books.
    @Test func `recorded binary messages are a capture that rebuilds the same book`() async throws {
        var agents = AgentConfiguration()
        agents.seed = 29
        agents.eventsPerSecond = 4_000
        let bench = try Self.bench(
            .agents(agents), encodings: ("sbe", "sbe"), journaling: "frames")
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        let hasTraded = await eventually {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= 40
        }
        #expect(hasTraded)
        await engine.stop(because: "test")
        let directory = try bench.runDirectory()
        var export = try JournalExport(
            directory: directory, table: .frames,
            wording: { (try? BinanceSpotBinaryText.frames(of: $0)) ?? [] })
        var lines: [String] = []
        while let line = try export.next() { lines.append(line) }
        #expect(lines.count > 200)
        let capture = bench.folder + "/capture.jsonl"
        try lines.joined(separator: "\n").write(toFile: capture, atomically: true, encoding: .utf8)
        var rebuilt = CaptureBook(symbol: "BTCUSDT")
        try rebuilt.read([capture]) { _ in }
        var book = OrderBook(instrument: InstrumentIndex(0))
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            guard record.type == .depth, let header = record.payload(as: DepthHeader.self),
                let levels = record.levels?.baseAddress
            else { continue }
            if header.isSnapshot { book.load(header, levels) } else { book.apply(header, levels) }
        }
        #expect(rebuilt.gapCount == 0)
        #expect(rebuilt.book.lastUpdateID == book.lastUpdateID)
        #expect(rebuilt.book.stateHash() == book.stateHash())
    }

    /// The same recorded day, once in each encoding: the same records, bit for bit.
    @Test func `a recorded market gives the same records in both encodings`() async throws {
        let data = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("shared/data/ws")
        let file = data.appendingPathComponent("binance_spot_btcusdt_20240808.jsonl.gz").path
        guard FileManager.default.fileExists(atPath: file) else {
            print("skipped: the recorded capture is not beside this checkout")
            return
        }
        var told: [(events: [String], diffs: [String])] = []
        for encoding in ["json", "sbe"] {
            var replay = ReplayConfiguration(files: [file])
            replay.pace = .unthrottled
            let bench = try Self.bench(.replay(replay), encodings: (encoding, encoding))
            defer { bench.remove() }
            let engine = try await bench.startEngine()
            let isOver = await eventually(within: 120) {
                _ = await engine.drainEvents()
                let market = await engine.snapshotNow().connections.first { $0.name == "market" }
                return (market?.reconnects ?? 0) >= 1
            }
            #expect(isOver)
            await engine.stop(because: "test")
            told.append(try Self.market(in: try bench.runDirectory()))
        }
        #expect(told[0].events.count > 20_000)
        #expect(told[0].events.count == told[1].events.count)
        let different = zip(told[0].events, told[1].events).first { $0 != $1 }
        #expect(different == nil, "\(String(describing: different))")
        // Where the snapshot fell among the diffs is a matter of timing: those behind it.
        let common = min(told[0].diffs.count, told[1].diffs.count)
        #expect(common > 2_000)
        #expect(told[0].diffs.suffix(common) == told[1].diffs.suffix(common))
    }

    @Test func `the binary market streams are for Ed25519 keys, trades and candles of our own`()
        throws
    {
        let text = """
            venue:
              kind: binance_spot
              environment: emulated
              market_encoding: sbe
              trades: agg_trade
              candles: klines
            instruments:
              - symbol: BTCUSDT
            """
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString).yaml").path
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let failure = #expect(throws: ConfigurationFailure.self) {
            try RunConfiguration.load(file: file, environment: [:], allowsLive: false)
        }
        let problems = (failure?.problems ?? []).map(\.description)
        for key in ["authentication", "trades", "candles"] {
            #expect(
                problems.contains { $0.contains(key) && $0.contains("market_encoding is sbe") },
                "\(key): \(problems)")
        }
    }

    // MARK: - Parts

    private static func bench(
        _ market: ExchangeConfiguration.MarketSource, encodings: (market: String, orders: String),
        journaling: String = "records"
    ) throws -> TradingBench {
        let (text, publicKey) = try key()
        return try TradingBench(
            market: market, symbols: ["BTCUSDT"], strategies: TradingBench.maker,
            authentication: "ed25519", privateKey: text, journaling: journaling,
            encodings: encodings
        ) { $0.accounts[0].credential = .ed25519(publicKey: publicKey) }
    }

    private static func key() throws -> (text: String, publicKey: [UInt8]) {
        // The venue's public documentation key (binance-spot.md, section 7).
        let text = "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u"
        return (text, try RequestSigner.ed25519(key: text).publicKey)
    }

    /// Whether each recorded message of the streams and of the WebSocket API is binary.
    private static func frames(in directory: String) throws -> (market: [Bool], orders: [Bool]) {
        var frames: (market: [Bool], orders: [Bool]) = ([], [])
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            guard record.type == .frame else { continue }
            let head = record.head.loadUnaligned(as: UInt64.self)
            let isBinary = head & JournalFrameMark.binary != 0
            switch head & 0xFF {
            case 0: frames.market.append(isBinary)
            case 1: frames.orders.append(isBinary)
            default: continue
            }
        }
        return frames
    }

    /// Every record of the market but its moment of arrival, which no two runs share.
    private static func market(
        in directory: String
    ) throws -> (events: [String], diffs: [String]) {
        var events: [String] = []
        var diffs: [String] = []
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            if var trade = record.payload(as: Trade.self), record.type == .trade {
                trade.receiveTime = .unknown
                events.append("\(trade)")
            } else if var top = record.payload(as: TopOfBook.self), record.type == .topOfBook {
                top.receiveTime = .unknown
                events.append("\(top)")
            } else if var header = record.payload(as: DepthHeader.self), record.type == .depth {
                if header.isSnapshot { continue }
                header.receiveTime = .unknown
                diffs.append("\(header) \(record.levels.map { Array($0) } ?? [])")
            }
        }
        return (events, diffs)
    }
}
