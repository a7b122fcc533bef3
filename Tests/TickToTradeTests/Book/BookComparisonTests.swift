import Foundation
import MarketModel
import Testing
import TickToTrade

/// The recorded spot capture applied to every book structure: same result, and what each costs.
///
/// Always compares the results; `APUS_BENCHMARK=1` in a release build also prints the costs:
///
///     APUS_BENCHMARK=1 APUS_TARGETS=TickToTrade swift test -c release \
///         -Xswiftc -enable-testing --filter BookComparison
@Suite(.serialized) struct BookComparisonTests {
    private struct Capture {
        var headers: [DepthHeader] = []
        var levels: [BookLevel] = []
    }

    @Test func `ladder, sorted columns and naive book agree on the recorded capture`() throws {
        guard let capture = try Self.capture() else { return }
        let isMeasuring = ProcessInfo.processInfo.environment["APUS_BENCHMARK"] != nil
        let changes = capture.levels.count - capture.headers[0].levelCount
        #expect(changes == 298_094)
        var ladder = OrderBook(instrument: InstrumentIndex(0))
        var columns = SortedColumnsBook(capacity: 8_192)
        defer { columns.deallocate() }
        var naive = NaiveBook(capacity: 8_192)
        // The first message is the snapshot: each round starts from it.
        for _ in 0..<(isMeasuring ? 5 : 1) {
            let costs = [
                ("tick ladder", Self.measure(capture) { _ = ladder.apply($0, $1) }),
                ("sorted columns", Self.measure(capture) { columns.apply($0, $1) }),
                (
                    "naive arrays",
                    Self.measure(capture) { header, levels in
                        let count = header.levelCount
                        naive.apply(
                            header, Array(UnsafeBufferPointer(start: levels, count: count)))
                    }
                ),
            ]
            if !isMeasuring { continue }
            for (name, nanoseconds) in costs {
                let perLevel = Double(nanoseconds) / Double(changes)
                print("\(name): \((perLevel * 10).rounded() / 10) ns a level")
            }
        }
        #expect(ladder.stateHash() == naive.stateHash())
        for (side, sorted) in [(Side.buy, columns.bids), (.sell, columns.asks)] {
            let expected = naive.levels(side)
            #expect(sorted.count == expected.count)
            #expect((0..<sorted.count).allSatisfy { sorted.level($0) == expected[$0] })
        }
    }

    /// Nanoseconds for all diffs, the snapshot apart.
    private static func measure(
        _ capture: Capture, _ apply: (DepthHeader, UnsafePointer<BookLevel>) -> Void
    ) -> Int64 {
        capture.levels.withUnsafeBufferPointer { levels in
            guard var next = levels.baseAddress else { return 0 }
            apply(capture.headers[0], next)
            next += capture.headers[0].levelCount
            let clock = ContinuousClock()
            let start = clock.now
            for header in capture.headers.dropFirst() {
                apply(header, next)
                next += header.levelCount
            }
            return Int64((clock.now - start) / .nanoseconds(1))
        }
    }

    /// The snapshot, then every diff after it.
    private static func capture() throws -> Capture? {
        var capture = Capture()
        var waiting: [[String: Any]] = []
        for day in ["20240808", "20240809"] {
            guard let lines = try SharedData.lines("data/ws/binance_spot_btcusdt_\(day).jsonl.gz")
            else { return nil }
            for line in lines {
                let isSnapshot = line.prefix(60).contains("lastUpdateId")
                if !isSnapshot && !line.prefix(120).contains("depthUpdate") { continue }
                let text = line[line.index(after: line.firstIndex(of: " ") ?? line.startIndex)...]
                let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
                let message = try #require(object as? [String: Any])
                if isSnapshot {
                    try append(message, to: &capture)
                    for diff in waiting { try append(diff, to: &capture) }
                    waiting = []
                } else {
                    let diff = try #require(message["data"] as? [String: Any])
                    if capture.headers.isEmpty {
                        waiting.append(diff)
                    } else {
                        try append(diff, to: &capture)
                    }
                }
            }
        }
        return capture
    }

    private static func append(_ message: [String: Any], to capture: inout Capture) throws {
        let snapshotID = (message["lastUpdateId"] as? NSNumber)?.int64Value
        let id = try #require(snapshotID ?? (message["u"] as? NSNumber)?.int64Value)
        if let first = capture.headers.first, id <= first.lastUpdateID { return }
        let bids = try levels(message["bids"] ?? message["b"])
        let asks = try levels(message["asks"] ?? message["a"])
        capture.levels += bids + asks
        capture.headers.append(
            DepthHeader(
                instrument: InstrumentIndex(0), isSnapshot: snapshotID != nil, firstUpdateID: id,
                lastUpdateID: id, bidCount: UInt32(bids.count), askCount: UInt32(asks.count),
                venueTime: .unknown, receiveTime: .unknown))
    }

    private static func levels(_ field: Any?) throws -> [BookLevel] {
        try #require(field as? [[String]]).map { pair in
            BookLevel(
                price: Price(raw: try parseDecimal(pair[0], scale: 8)),
                quantity: Quantity(raw: try parseDecimal(pair[1], scale: 8)))
        }
    }
}
