import Foundation
import MarketModel
import Telemetry

@testable import Control
@testable import Engine
@testable import Journal

extension FuzzTarget {
    static let cold = [yaml, control, journal]

    private static let yaml = FuzzTarget(
        "yaml",
        seeds: [
            "venue:\n  kind: binance_spot\n  environment: emulated\n  emulated: {host: localhost, port: 9443}\n",
            "instruments:\n  - symbol: BTCUSDT\n    limits: {max_position: 0.5 BTC}\nrisk:\n  order: {price_band: 500bps}\n",
            "strategies:\n  - name: m\n    kind: market_maker\n    instruments: [BTCUSDT]\n    parameters:\n      order_size: 0.01 BTC\n",
            "topology:\n  lanes:\n    - name: lane-0\n      core: 1\n      relief_backlog: 4MiB\n      instruments: [BTCUSDT]\n",
            "a: &x [1, *x]\nb: !!int 7\n? c\n: |\n  text\n", "journal: {segment_size: 32MiB, sync_interval: 100ms}\n",
        ].map { Array($0.utf8) }
    ) {
        { input in
            guard let text = String(validating: input, as: UTF8.self) else { return }
            _ = try? RunConfiguration.parse(text, file: "x.yaml")
            _ = try? ExchangeFileConfiguration.parse(text, file: "x.yaml", environment: [:])
        }
    }

    /// As the server reads a connection: lines, JSON, the call, its parameters.
    private static let control = FuzzTarget(
        "control",
        seeds: [
            #"{"jsonrpc":"2.0","id":1,"method":"status"}"#, #"[{"jsonrpc":"2.0","method":"halt","params":{"reason":"x"}}]"#,
            #"{"jsonrpc":"2.0","id":"a","method":"limits.set","params":{"limit":"order.max_notional","value":"500.25"}}"#,
            #"{"jsonrpc":"2.0","id":2,"method":"orders","params":{"limit":10,"instrument":"BTCUSDT","buckets":true}}"#,
            "{\"id\":1.5e3}\r\n[]\n", #"{"jsonrpc":"2.0","id":3,"method":"subscribe","params":{"interval_milliseconds":100}}"#,
        ].map { Array(($0 + "\n").utf8) }
    ) {
        { input in
            var lines = LineBuffer(limit: 1 << 12)
            for start in stride(from: 0, to: input.count, by: 100) {
                lines.append(input[start..<min(start + 100, input.count)])
                while case .line(let line) = lines.next() { read(line) }
            }
        }
    }

    private static func read(_ line: [UInt8]) {
        guard let message = try? JSONDecoder().decode(JSONValue.self, from: Data(line)) else { return }
        // What is said again is the same.
        let again = try? JSONDecoder().decode(JSONValue.self, from: Data(message.text.utf8))
        expectSame(again, message)
        let calls = if case .array(let batch) = message { batch } else { [message] }
        for entry in calls {
            guard let call = try? RemoteCall.read(entry),
                var parameters = try? ParameterReader(call.parameters)
            else { continue }
            _ = try? parameters.boolean("buckets", default: false)
            _ = try? parameters.integer("limit", in: 1...10_000, default: 1)
            _ = try? parameters.text("reason", atMost: 200)
            _ = try? parameters.choice("instrument", of: ["BTCUSDT"])
            _ = try? parameters.object("params")
            _ = try? parameters.finish()
        }
    }

    /// A segment file that some other program, or a broken disk, has written: with right checksums,
    /// so that what they protect is read.
    private static let journal = FuzzTarget("journal", seeds: JournalSeed.make()) {
        let file = MemoryFile(SegmentFileName.first)
        let folder = file.folder
        return { input in
            var bytes = Array(input)
            JournalSeed.mend(&bytes)
            bytes.withUnsafeBufferPointer(file.write)
            _ = try? JournalSummary.verify(directory: folder, lane: nil)
            if var listing = try? JournalListing(directory: folder) {
                while (try? listing.next()).flatMap({ $0 }) != nil {}
            }
            for table in JournalExport.Table.allCases {
                guard var export = try? JournalExport(directory: folder, table: table) else { continue }
                while (try? export.next()).flatMap({ $0 }) != nil {}
            }
        }
    }
}

/// The only segment of a small journal.
enum SegmentFileName {
    static let first = SegmentName(lane: 0, number: 1).file
}

/// Small journals, and the checksums that a mutation has broken.
enum JournalSeed {
    /// A run's journal that is written by hand.
    struct Run: ~Copyable {
        private let file = MemoryFile("none")
        private let journal: Journal
        private var writer: JournalWriter

        init?() {
            guard
                let journal = try? Journal(
                    directory: file.folder, lane: 0, epoch: 1,
                    options: JournalOptions(segmentBytes: 1 << 16, syncInterval: nil),
                    now: Timestamp(nanoseconds: 1)),
                let writer = journal.takeWriter()
            else { return nil }
            self.journal = journal
            self.writer = writer
        }

        mutating func put<Payload>(
            _ type: JournalRecordType, _ payload: Payload, tail: [UInt8] = [], at time: Timestamp
        ) {
            withUnsafeBytes(of: payload) { put(type, head: $0, tail: tail, at: time) }
        }

        mutating func put(
            _ type: JournalRecordType, head: UnsafeRawBufferPointer, tail: [UInt8], at time: Timestamp
        ) {
            _ = tail.withUnsafeBytes { tail in
                writer.append(
                    type, time: time, venueTime: time, head: head.baseAddress, headCount: head.count,
                    tail: tail.baseAddress, tailCount: tail.count)
            }
        }

        /// The bytes that were written.
        consuming func finish() -> [[UInt8]] {
            journal.stop()
            let path = file.folder + "/" + SegmentFileName.first
            return FileManager.default.contents(atPath: path).map { [Array($0)] } ?? []
        }
    }

    static func make() -> [[UInt8]] {
        guard var run = Run() else { return [] }
        let time = Timestamp(nanoseconds: 1)
        for type in JournalRecordType.allCases {
            var head = [UInt8](repeating: UInt8(truncatingIfNeeded: type.number), count: 320)
            for index in head.indices where index % 8 > 1 { head[index] = 0 }
            for count in [headCount(of: type), 0] {
                head.withUnsafeBytes {
                    run.put(
                        type, head: .init(rebasing: $0[..<count]), tail: Array("name: x".utf8), at: time)
                }
            }
        }
        return run.finish()
    }

    private static func headCount(of type: JournalRecordType) -> Int {
        switch type {
        case .instrument: MemoryLayout<Instrument>.size
        case .trade: MemoryLayout<Trade>.size
        case .topOfBook: MemoryLayout<TopOfBook>.size
        case .depth: MemoryLayout<DepthHeader>.size
        case .candle: MemoryLayout<Candle>.size
        case .executionReport: MemoryLayout<ExecutionReport>.size
        case .requestReply: MemoryLayout<RequestReply>.size
        case .balance: MemoryLayout<Balance>.size
        case .linkState: MemoryLayout<LinkState>.size
        case .command: MemoryLayout<Command>.size
        case .decision: MemoryLayout<OrderRequest>.size
        default: 8
        }
    }

    static func mend(_ bytes: inout [UInt8]) {
        let head = SegmentLayout.headerBytes
        guard bytes.count > head + RecordLayout.headerBytes else { return }
        bytes.withUnsafeMutableBytes { memory in
            guard let base = memory.baseAddress else { return }
            let first = base.loadUnaligned(
                fromByteOffset: SegmentLayout.firstSequenceOffset, as: UInt64.self)
            base.storeBytes(
                of: SegmentLayout.checksum(base, firstSequence: first),
                toByteOffset: SegmentLayout.checksumOffset, as: UInt32.self)
            var at = head
            while at + RecordLayout.headerBytes <= memory.count {
                let length = Int(base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                if length < RecordLayout.headerBytes || length > memory.count - at { break }
                base.storeBytes(
                    of: RecordLayout.checksum(base + at, length: length),
                    toByteOffset: at + RecordLayout.checksumOffset, as: UInt32.self)
                at += length
            }
        }
    }
}
