import Codec
import Foundation
import Journal
import MarketContext
import MarketModel
import Simulation
import Studies
import TickToTrade
import Venues

@testable import Emulator
@testable import Engine

extension FuzzTarget {
    static let files = [keys, candles, history, historyPage, plans, zoneFile, recordings, recovery]

    /// A private key or a secret as a person has pasted it; what can be read signs.
    private static let keys = FuzzTarget(
        "keys",
        seeds: [
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n",
            "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
            "T5oKnRrHqiX0NYyCMw0sXo8mDRkmQJZ3CMcu8i4f5jg=", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFc=\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "api_key: \"abc\"\napi_secret: \"def\"\n", "api_key: abc\nprivate_key_file: key.pem\n",
        ].map { Array($0.utf8) }
    ) {
        { input in
            let text = String(decoding: input, as: UTF8.self)
            if let signer = try? RequestSigner.ed25519(key: text), signer.signature(of: "x") == nil {
                fatalError("a key that does not sign")
            }
            if let signer = try? RequestSigner.hmac(secret: text), signer.signature(of: "x") == nil {
                fatalError("a secret that does not sign")
            }
            guard let root = try? YAMLDocument.compose(text, file: "x.yaml") else { return }
            var reader = SchemaReader(file: "x.yaml", environment: [:])
            let section = reader.document(root, Credentials.schema, isConfidential: true)
            // No secret is in a message.
            guard reader.problems.isEmpty else {
                _ = reader.problems.map(\.description)
                return
            }
            _ = (section.text("api_key"), section.optionalText("api_secret"))
        }
    }

    /// Tables of candles, plain and compressed.
    private static let candles = FuzzTarget(
        "candles",
        seeds: [
            "open_time,open,high,low,close,volume\n1,1,2,0.5,1.5,10\n2,1.5,2,1,1,0\n",
            "1502942400000,4261.48,4313.62,4261.32,4308.83,47.18,1502945999999,202366.14,171,35.16,150952.48,0\n",
            "\u{FEFF}open_time,close,bid_price,bid_size,ask_price,ask_size,trade_price,signed_size,second\r\n2024-08-09T00:00:00Z,1,1,1,2,1,1.5,-3,9\r\n",
            "\"open_time\", \"close\"\n2024-08-09 00:00:00, 1e37\n2024-08-10, -inf\n",
        ].map { Array($0.utf8) }
    ) {
        let file = MemoryFile("candles.csv")
        return { input in
            file.write(input)
            _ = try? CandleSeries(reading: file.path)
        }
    }

    /// Files of candles that a download goes on from: what is whole of a file says the same again,
    /// and no more than a good file's is added to.
    private static let history = FuzzTarget(
        "history-file",
        seeds: [
            "timestamp,open,high,low,close,volume\n1767225600000,2,3,1,2.5,0\n1767232800000,2,3,1,2.5,0\n17",
            "1767225600000000,2,3,1,2.5,0,1,1\r\n1767225600000000,2,3,1,2.5,-1\n",
            "Time,Open,High,Low,Close,Volume\n9223372036854775807,0.000000000000000001,99999999999999999999,1,1,0\n",
        ].map { Array($0.utf8) }
    ) {
        { input in
            for timeframe in [HistoryTimeframe.all.first, HistoryTimeframe.all.last] {
                guard let timeframe else { continue }
                let bytes = UnsafeRawBufferPointer(input)
                let scan = CandleFileScan(bytes, timeframe: timeframe)
                _ = scan.findings.map(\.words)
                let whole = UnsafeRawBufferPointer(rebasing: bytes[..<scan.wholeBytes])
                let again = CandleFileScan(whole, timeframe: timeframe)
                expectSame(again.findings, scan.findings.filter { $0.kind != .torn })
                expectSame([again.first, again.last], [scan.first, scan.last])
            }
        }
    }

    /// The venue's answer with candles, and the checks of each.
    private static let historyPage = FuzzTarget(
        "history-page",
        seeds: [
            #"[[1767225600000,"2.50","3.00","1.00","2.75","0.10",1767229199999,"0.2",3,"0.1","0.1","0"]]"#,
            #"[[1767225600000,"1e3","","-1","2","99999999999999999999999999999999999999999"]]"#, "[]",
        ].map { Array($0.utf8) }
    ) {
        { input in
            let rows = try? HistoryPages.read(Array(input)) { text, count throws(DecodeFailure) in
                try HistoryPages.rows(text, count)
            }
            guard let timeframe = HistoryTimeframe("1h") else { return }
            for row in rows ?? [] { _ = (row.problem(in: timeframe)?.description, row.line) }
        }
    }

    /// Plans of faults: one that is accepted is read again from what it is written as.
    private static let plans = FuzzTarget(
        "plan",
        seeds: [
            Array(SimulationPlan.stormy(seconds: 5).yaml.utf8), Array(SimulationPlan.hasty(seconds: 1.5).yaml.utf8),
            Array("seconds: 5\nfaults: {reset: {rate: 0.1, limit: 3}}\n".utf8),
        ]
    ) {
        { input in
            guard let text = String(validating: input, as: UTF8.self),
                let plan = try? SimulationPlan(yaml: text)
            else { return }
            let again = try? SimulationPlan(yaml: plan.yaml)
            expectSame(again?.yaml, plan.yaml)
        }
    }

    /// Time zones of the system, and what they say of the past and the future.
    private static let zoneFile = FuzzTarget("zone-file", seeds: FileSeeds.zones) {
        { input in
            guard let rules = try? TimeZoneRules(file: Array(input)) else { return }
            for seconds in [Int64.min / 4, -1, 0, 1_795_262_400, 4_000_000_000, 200_000_000_000] {
                _ = rules.offset(at: seconds)
            }
        }
    }

    /// Two readers of recordings, the replay's and `apus book`'s: they may differ in what they take
    /// for a line, and both take whatever comes.
    private static let recordings = FuzzTarget(
        "recording",
        seeds: [
            #"{"t":1723161255343000000,"s":"btcusdt@trade","m":{"e":"trade","s":"BTCUSDT","t":1,"p":"2","q":"1","T":1,"m":true}}"#,
            #"1723161255343 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":3,"b":[["1","2"]],"a":[]}}"#,
            #"{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}"#,
        ].map { Array(($0 + "\n").utf8) }
    ) {
        let file = MemoryFile("recording.jsonl")
        return { input in
            file.write(input)
            if let reader = try? CaptureReader(paths: [file.path]) {
                while reader.next() != nil {}
            }
            var book = CaptureBook(symbol: "BTCUSDT")
            try? book.read([file.path]) { _ = $0.text }
        }
    }

    /// The journal of a run that ended: its account is rebuilt from whatever lies behind right
    /// checksums.
    private static let recovery = FuzzTarget("recovery", seeds: FileSeeds.runs) {
        let file = MemoryFile(SegmentFileName.first)
        return { input in
            var bytes = Array(input)
            JournalSeed.mend(&bytes)
            bytes.withUnsafeBufferPointer(file.write)
            guard let run = try? RecoveredRun.read(file.folder) else { return }
            _ = run.snapshot()?.bytes
        }
    }
}

/// A file in memory, in a folder that nobody else has; written over for each input.
final class MemoryFile {
    let folder: String
    let path: String
    private let descriptor: Int32

    init(_ name: String) {
        let base =
            FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        folder = base + "/apus-fuzz-\(getpid())-\(UUID().uuidString.prefix(8))"
        path = folder + "/" + name
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        precondition(descriptor >= 0, "\(path) cannot be made")
    }

    deinit {
        close(descriptor)
        try? FileManager.default.removeItem(atPath: folder)
    }

    func write(_ bytes: FuzzTarget.Input) {
        guard ftruncate(descriptor, 0) == 0,
            bytes.isEmpty || pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
        else { fatalError("\(path) cannot be written") }
    }
}

/// Where the targets of files begin.
private enum FileSeeds {
    static var zones: [[UInt8]] {
        let names = ["UTC", "America/New_York", "Asia/Kolkata"]
        let files = names.compactMap { FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + $0) }
        // Version 2 with one type and a rule, should the system have no zones.
        let head = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
        let counts: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4]
        let body: [UInt8] = [255, 255, 185, 176, 0, 0] + Array("EST\u{0}".utf8)
        let small = head + counts + body + head + counts + body + Array("\nEST5EDT,M3.2.0,M11.1.0\n".utf8)
        return [small] + files.map(Array.init)
    }

    /// A run with an account, an order, its fills and the venue's answers.
    static var runs: [[UInt8]] {
        guard var run = JournalSeed.Run() else { return [] }
        let time = Timestamp(nanoseconds: 20_000 * Nanoseconds.day.count)
        guard let symbol = ShortName("BTCUSDT"), let base = ShortName("BTC"),
            let quote = ShortName("USDT")
        else { return [] }
        var instrument = Instrument(
            symbol: symbol, base: base, quote: quote, index: InstrumentIndex(0),
            baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1))
        instrument.tickSize = Price(raw: 1_000_000)
        instrument.lotSize = Quantity(raw: 1_000)
        run.put(.instrument, instrument, at: time)
        run.put(.name, JournalName(.account, 0), tail: Array("mine".utf8), at: time)
        for (slot, asset) in ["BTC", "USDT"].enumerated() {
            run.put(.name, JournalName(.asset, UInt16(slot)), tail: Array(asset.utf8), at: time)
        }
        run.put(.name, JournalName(.strategy, 0), tail: Array("maker".utf8), at: time)
        var account = AccountSnapshot()
        account.day = 20_000
        account.strategyDayStarts = [.zero]
        account.lastTradeIDs = [7]
        account.balances = [ToldBalance(), ToldBalance()]
        run.put(.snapshot, UInt64(0), tail: account.bytes, at: time)
        for sequence in 1...3 as ClosedRange<UInt32> {
            let order = ClientOrderID(epoch: 1, lane: 0, sequence: sequence)
            let side: Side = sequence == 2 ? .sell : .buy
            let price = Price(raw: 6_000_000_000_000)
            let quantity = Quantity(raw: 1_000_000)
            run.put(
                .decision,
                OrderRequest(
                    kind: .place, requestID: UInt64(sequence), clientOrderID: order,
                    instrument: InstrumentIndex(0), strategy: StrategyIndex(0), side: side,
                    type: .limit, timeInForce: .gtc, price: price, quantity: quantity,
                    decisionTime: time), at: time)
            run.put(
                .requestReply,
                RequestReply(
                    requestID: UInt64(sequence), outcome: sequence == 3 ? .rejected : .accepted,
                    receiveTime: time), at: time)
            var report = ExecutionReport(
                instrument: InstrumentIndex(0), clientOrderID: order,
                venueOrderID: VenueOrderID(Int64(sequence)), executionType: .trade,
                status: .partiallyFilled, side: side, type: .limit, timeInForce: .gtc, price: price,
                quantity: quantity)
            report.tradeID = TradeID(Int64(sequence) + 7)
            report.lastPrice = price
            report.lastQuantity = Quantity(raw: 400_000)
            report.cumulativeQuantity = report.lastQuantity
            report.cumulativeQuote = Price(raw: 24_000_000_000)
            report.commission = 240
            report.commissionAsset = AssetIndex(1)
            run.put(.executionReport, report, at: time)
        }
        run.put(
            .balance,
            Balance(asset: AssetIndex(1), free: 1, locked: 2, venueTime: time, receiveTime: time),
            at: time)
        return run.finish()
    }
}
