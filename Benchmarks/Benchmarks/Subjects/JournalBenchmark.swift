import CFloor
import Foundation
import Journal
import MarketModel

/// Appending to the journal, as the lane pays for it.
enum JournalBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let directory = options.directory + "/journal"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let journal = try Journal(
            directory: directory, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 32 << 20, preparedSegments: 4))
        defer { journal.stop() }
        let rows = try Cores(options).measure {
            guard let writer = journal.takeWriter() else {
                throw BenchmarkFailure("the journal has a writer")
            }
            let bench = JournalBench(writer)
            return [Meter(options: options).measure(bench.contest)]
        }
        if journal.status.refused > 0 {
            throw BenchmarkFailure("\(journal.status.refused) appends were refused: the disk lags")
        }
        return BenchmarkReport(
            "journal", rows: rows,
            notes: ["a trade of \(MemoryLayout<Trade>.size) bytes; both with a CRC32C"])
    }
}

final class JournalBench {
    private static let floorRoom = 1 << 20
    // Behind a pointer, as in the engine: a field of a class is checked at every access.
    private let writer: UnsafeMutablePointer<JournalWriter>
    private let trade: UnsafeMutablePointer<Trade>
    private let memory: UnsafeMutablePointer<UInt8>
    private var offset = 0

    init(_ writer: consuming JournalWriter) {
        self.writer = .allocate(capacity: 1)
        self.writer.initialize(to: writer)
        trade = .allocate(capacity: 1)
        trade.initialize(
            to: Trade(
                instrument: InstrumentIndex(0), id: TradeID(1), price: Price(raw: 1),
                quantity: Quantity(raw: 1), aggressor: .buy, venueTime: .unknown,
                receiveTime: .unknown))
        memory = .allocate(capacity: Self.floorRoom)
        memory.initialize(repeating: 0, count: Self.floorRoom)
    }

    deinit {
        writer.deinitialize(count: 1)
        writer.deallocate()
        trade.deallocate()
        memory.deallocate()
    }

    var contest: Contest {
        let bytes = MemoryLayout<Trade>.size
        return Contest(
            name: "append a trade", batch: 10,
            ours: Contestant("apus") { [self] count in
                let (writer, trade) = (writer, trade)
                for turn in 0..<Int64(count) {
                    _ = writer.pointee.append(
                        .trade, time: Timestamp(nanoseconds: turn), venueTime: .unknown,
                        head: UnsafeRawPointer(trade), headCount: bytes, tail: nil, tailCount: 0)
                }
            },
            floor: Contestant("C floor") { [self] count in
                trade.withMemoryRebound(to: UInt8.self, capacity: bytes) { payload in
                    offset = cfloor_journal(
                        memory, Self.floorRoom, offset, payload, bytes, count)
                }
            })
    }
}
