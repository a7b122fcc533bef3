import Foundation
import MarketModel
import Testing
import Venues

/// A diff that covers update ids `first...last`; its one level carries the last id as quantity.
private struct Diff {
    let first: Int64
    let last: Int64
    var levelCount = 1

    var header: DepthHeader {
        DepthHeader(
            instrument: InstrumentIndex(1), isSnapshot: false, firstUpdateID: first,
            lastUpdateID: last, bidCount: UInt32(levelCount), askCount: 0, venueTime: .unknown,
            receiveTime: .unknown)
    }

    func feed(_ synchronizer: inout DepthSynchronizer) -> DepthAction {
        let level = BookLevel(price: Price(raw: 1), quantity: Quantity(raw: last))
        let levels = [BookLevel](repeating: level, count: max(1, levelCount))
        return levels.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return .ignoreOld }
            return synchronizer.onDiff(header, base)
        }
    }
}

extension DepthSynchronizer {
    fileprivate mutating func snapshot(_ id: Int64) -> SnapshotAction {
        onSnapshot(
            DepthHeader(
                instrument: InstrumentIndex(1), isSnapshot: true, firstUpdateID: id,
                lastUpdateID: id, bidCount: 0, askCount: 0, venueTime: .unknown,
                receiveTime: .unknown))
    }

    /// The last ids of the diffs replayed, each checked against the level it carries.
    fileprivate mutating func replay() -> [Int64] {
        var ids: [Int64] = []
        while let kept = nextBuffered() {
            #expect(kept.levels[0].quantity.raw == kept.header.lastUpdateID)
            ids.append(kept.header.lastUpdateID)
        }
        return ids
    }
}

@Suite struct DepthSynchronizerTests {
    /// Diffs 11-13, 14, 15-20 are kept when the snapshot comes.
    private static let kept = [
        Diff(first: 11, last: 13), Diff(first: 14, last: 14), Diff(first: 15, last: 20),
    ]

    @Test(arguments: [
        (1, SnapshotAction.tooOld, []), (10, .tooOld, []), (11, .load, [13, 14, 20]),
        (12, .load, [13, 14, 20]), (13, .load, [14, 20]), (14, .load, [20]), (15, .load, [20]),
        (19, .load, [20]), (20, .load, []), (21, .load, []), (1000, .load, []),
    ] as [(Int64, SnapshotAction, [Int64])])
    func `a snapshot is refused if too old, otherwise what it contains is dropped`(
        snapshotID: Int64, expected: SnapshotAction, replayed: [Int64]
    ) {
        var synchronizer = DepthSynchronizer()
        let actions = Self.kept.map { $0.feed(&synchronizer) }
        #expect(actions == [.requestSnapshot, .buffered, .buffered])
        let action = synchronizer.snapshot(snapshotID)
        #expect(action == expected)
        let ids = synchronizer.replay()
        #expect(ids == replayed)
        if expected == .load {
            #expect(synchronizer.phase == .synchronized)
            #expect(synchronizer.lastUpdateID == max(snapshotID, 20))
            #expect(synchronizer.ignoredCount == Int64(3 - replayed.count))
        } else {
            #expect(synchronizer.phase == .waiting)
            #expect(synchronizer.staleSnapshotCount == 1)
            #expect(synchronizer.bufferedCount == 3)
        }
    }

    /// The book is at 20.
    @Test(arguments: [
        (21, 21, DepthAction.apply), (21, 30, .apply), (20, 21, .apply), (5, 25, .apply),
        (20, 20, .ignoreOld), (15, 20, .ignoreOld), (1, 19, .ignoreOld),
        (22, 22, .gap(expected: 21, got: 22)), (.max, .max, .gap(expected: 21, got: .max)),
        (30, 25, .gap(expected: 21, got: 30)),
    ] as [(Int64, Int64, DepthAction)])
    func `a later diff is applied, ignored or a gap by its ids`(
        first: Int64, last: Int64, expected: DepthAction
    ) {
        var synchronizer = DepthSynchronizer()
        for diff in Self.kept { _ = diff.feed(&synchronizer) }
        _ = synchronizer.snapshot(20)
        _ = synchronizer.replay()
        let action = Diff(first: first, last: last).feed(&synchronizer)
        #expect(action == expected)
        #expect(synchronizer.gapCount == (synchronizer.phase == .waiting ? 1 : 0))
    }

    @Test func `after a gap a newer snapshot joins the book again`() {
        var synchronizer = DepthSynchronizer()
        _ = Diff(first: 1, last: 5).feed(&synchronizer)
        _ = synchronizer.snapshot(5)
        _ = synchronizer.replay()
        #expect(synchronizer.resyncCount == 0)
        let actions = [Diff(first: 8, last: 9), Diff(first: 10, last: 12)]
            .map { $0.feed(&synchronizer) }
        #expect(actions == [.gap(expected: 6, got: 8), .buffered])
        let snapshots = [synchronizer.snapshot(7), synchronizer.snapshot(9)]
        #expect(snapshots == [.tooOld, .load])
        let ids = synchronizer.replay()
        #expect(ids == [12])
        #expect(synchronizer.resyncCount == 1)
        #expect(synchronizer.gapCount == 1)
    }

    @Test func `a hole among kept diffs drops those before it`() {
        var synchronizer = DepthSynchronizer()
        let actions = [
            Diff(first: 1, last: 5), Diff(first: 1, last: 5), Diff(first: 4, last: 6),
            Diff(first: 9, last: 9), Diff(first: 10, last: 10),
        ].map { $0.feed(&synchronizer) }
        #expect(actions == [
            .requestSnapshot, .ignoreOld, .buffered, .gap(expected: 7, got: 9), .buffered,
        ])
        let snapshots = [synchronizer.snapshot(6), synchronizer.snapshot(9)]
        #expect(snapshots == [.tooOld, .load])
        let ids = synchronizer.replay()
        #expect(ids == [10])
    }

    @Test func `a snapshot before any diff is taken and the first diff must continue it`() {
        var continued = DepthSynchronizer()
        let loaded = continued.snapshot(100)
        #expect(loaded == .load)
        let nothing = continued.replay()
        #expect(nothing == [])
        let applied = Diff(first: 99, last: 101).feed(&continued)
        #expect(applied == .apply)

        var broken = DepthSynchronizer()
        _ = broken.snapshot(100)
        _ = broken.replay()
        let gap = Diff(first: 102, last: 103).feed(&broken)
        #expect(gap == .gap(expected: 101, got: 102))
    }

    @Test func `a snapshot that nobody waits for is left alone`() {
        var synchronizer = DepthSynchronizer()
        _ = Diff(first: 1, last: 2).feed(&synchronizer)
        let snapshots = [synchronizer.snapshot(2), synchronizer.snapshot(3)]
        #expect(snapshots == [.load, .unexpected])
        _ = synchronizer.replay()
        let late = synchronizer.snapshot(4)
        #expect(late == .unexpected)
        #expect(synchronizer.lastUpdateID == 2)
    }

    @Test func `diffs that arrive during the replay come out of it in order`() {
        var synchronizer = DepthSynchronizer()
        for diff in Self.kept { _ = diff.feed(&synchronizer) }
        _ = synchronizer.snapshot(11)
        let first = synchronizer.nextBuffered()?.header.lastUpdateID
        let action = Diff(first: 21, last: 22).feed(&synchronizer)
        let rest = synchronizer.replay()
        #expect(first == 13)
        #expect(action == .buffered)
        #expect(rest == [14, 20, 22])
        let live = Diff(first: 23, last: 23).feed(&synchronizer)
        #expect(live == .apply)
    }

    @Test func `a gap during the replay breaks it off`() {
        var synchronizer = DepthSynchronizer()
        for diff in Self.kept { _ = diff.feed(&synchronizer) }
        _ = synchronizer.snapshot(11)
        let action = Diff(first: 22, last: 22).feed(&synchronizer)
        #expect(action == .gap(expected: 21, got: 22))
        let ids = synchronizer.replay()
        #expect(ids == [])
        #expect(synchronizer.phase == .waiting)
    }

    @Test func `a full buffer is dropped and another snapshot asked for`() {
        var byCount = DepthSynchronizer(diffCapacity: 2, levelCapacity: 100)
        let actions = (1...4 as ClosedRange<Int64>)
            .map { Diff(first: $0, last: $0).feed(&byCount) }
        #expect(actions == [.requestSnapshot, .buffered, .overflowed, .buffered])
        let snapshots = [byCount.snapshot(2), byCount.snapshot(3)]
        #expect(snapshots == [.tooOld, .load])
        #expect(byCount.overflowCount == 1)

        var byLevels = DepthSynchronizer(diffCapacity: 10, levelCapacity: 5)
        let sized = [3, 3, 6, 2].enumerated().map { index, count in
            Diff(first: Int64(index + 1), last: Int64(index + 1), levelCount: count)
                .feed(&byLevels)
        }
        #expect(sized == [.requestSnapshot, .overflowed, .overflowed, .requestSnapshot])
    }

    @Test func `a first diff that makes no sense is not kept`() {
        var synchronizer = DepthSynchronizer()
        let action = Diff(first: 9, last: 3).feed(&synchronizer)
        #expect(action == .gap(expected: 1, got: 9))
        #expect(synchronizer.bufferedCount == 0)
    }

    @Test func `a reopened stream starts from nothing but keeps its counters`() {
        var synchronizer = DepthSynchronizer()
        for diff in Self.kept { _ = diff.feed(&synchronizer) }
        _ = synchronizer.snapshot(20)
        _ = synchronizer.replay()
        synchronizer.reset()
        #expect(synchronizer.phase == .waiting)
        #expect(synchronizer.lastUpdateID == 0)
        let action = Diff(first: 3, last: 4).feed(&synchronizer)
        #expect(action == .requestSnapshot)
        _ = synchronizer.snapshot(4)
        _ = synchronizer.replay()
        #expect(synchronizer.resyncCount == 1)
    }

    /// Whatever is lost, repeated or late, the ids handed to the book have no hole.
    @Test(arguments: 1...20)
    func `no sequence of losses leaves a hole in the book`(seed: UInt64) {
        var state = seed
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        var synchronizer = DepthSynchronizer(diffCapacity: 16, levelCapacity: 64)
        var streamID: Int64 = 100
        var bookID: Int64?
        var applied = 0
        for _ in 0..<5_000 {
            let diff = Diff(first: streamID + 1, last: streamID + 1 + Int64(random(4)))
            streamID = diff.last
            if random(100) == 0 { continue }
            let first = diff.first - (random(10) == 0 ? 2 : 0)
            for _ in 0...(random(20) == 0 ? 1 : 0) {
                switch Diff(first: first, last: diff.last).feed(&synchronizer) {
                case .apply:
                    let continues = bookID.map { first <= $0 + 1 && diff.last > $0 }
                    #expect(continues == true, "seed \(seed)")
                    bookID = diff.last
                    applied += 1
                case .gap, .overflowed, .requestSnapshot: bookID = nil
                case .buffered, .ignoreOld: break
                }
            }
            if bookID == nil, random(5) == 0 {
                let id = streamID - Int64(random(12))
                if synchronizer.snapshot(id) == .load {
                    var last = id
                    while let kept = synchronizer.nextBuffered() {
                        let header = kept.header
                        #expect(header.firstUpdateID <= last + 1 && header.lastUpdateID > last)
                        last = header.lastUpdateID
                    }
                    bookID = last
                }
            }
        }
        #expect(applied > 1_000, "seed \(seed)")
        #expect(synchronizer.gapCount > 10, "seed \(seed)")
    }

    @Test func `the recorded nknusdt frames join their snapshot without a gap`() throws {
        guard let snapshotLine = try Self.frames("depthSnapshot_nknusdt_capture.jsonl")?.first,
            let diffLines = try Self.frames("depthDiff_nknusdt_capture.jsonl")
        else { return }
        let snapshotID = try #require((snapshotLine["lastUpdateId"] as? NSNumber)?.int64Value)
        var synchronizer = DepthSynchronizer()
        var actions: [DepthAction] = []
        for line in diffLines {
            let data = line["data"] as? [String: Any] ?? line
            let first = try #require((data["U"] as? NSNumber)?.int64Value)
            let last = try #require((data["u"] as? NSNumber)?.int64Value)
            actions.append(Diff(first: first, last: last).feed(&synchronizer))
        }
        #expect(actions.first == .requestSnapshot)
        #expect(actions.dropFirst().allSatisfy { $0 == .buffered })
        let action = synchronizer.snapshot(snapshotID)
        #expect(action == .load)
        let replayed = synchronizer.replay()
        #expect(snapshotID == 499_869_752)
        #expect(replayed.count == 149)
        #expect(synchronizer.ignoredCount == 1)
        #expect(synchronizer.gapCount == 0)
    }

    private static func frames(_ name: String) throws -> [[String: Any]]? {
        var checkout = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { checkout.deleteLastPathComponent() }
        let named = ProcessInfo.processInfo.environment["APUS_SHARED"]
        let shared = named.map(URL.init(fileURLWithPath:))
            ?? checkout.deletingLastPathComponent().appendingPathComponent("shared")
        let file = shared.appendingPathComponent("venues/frames/binance-spot/\(name)")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            print("skipped: \(file.path) is not there")
            return nil
        }
        return try text.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}
