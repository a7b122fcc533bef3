import Foundation
import Journal
import MarketModel
import Testing

@testable import Engine

/// What journals of earlier runs are known to hold of an instrument's trades.
struct RecordedTapeTests {
    private static let venue = "binance_spot 127.0.0.1:9443"
    private static let start = Timestamp(nanoseconds: 1_000_000_000_000)
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("apus-\(UUID().uuidString.prefix(8))").path

    /// A trade a millisecond; number 100 is the first at the start.
    private func trade(_ id: Int64, price: Int64 = 0, isAggregate: Bool = false) -> Trade {
        Trade(
            instrument: InstrumentIndex(0), id: TradeID(id),
            price: Price(raw: 1_000 + price + id % 7),
            quantity: Quantity(raw: 1 + id % 5), aggressor: id % 2 == 0 ? .buy : .sell,
            venueTime: Timestamp(
                nanoseconds: Self.start.nanoseconds + (id - 100) * 1_000_000),
            receiveTime: .unknown, isAggregate: isAggregate)
    }

    /// What a run journals.
    private enum Event {
        case begins(before: Int64)
        case history(Trade)
        case live(Trade)
    }

    /// Writes a run and returns its directory.
    private func run(
        _ number: Int, _ events: [Event], venue: String = venue, priceScale: UInt8 = 8
    ) throws -> String {
        let directory = "\(folder)/run-\(number)"
        let journal = try Journal(
            directory: directory, lane: 0, epoch: UInt32(number),
            options: JournalOptions(segmentBytes: 1 << 20), now: Self.start)
        guard var writer = journal.takeWriter() else {
            throw CocoaError(.fileWriteUnknown)
        }
        func put<Payload: BitwiseCopyable>(
            _ type: JournalRecordType, _ payload: Payload, text: String = ""
        ) {
            let isTaken = withUnsafeBytes(of: payload) { head in
                Array(text.utf8).withUnsafeBytes { tail in
                    writer.append(
                        type, time: Self.start, venueTime: .unknown, head: head.baseAddress,
                        headCount: head.count, tail: tail.baseAddress, tailCount: tail.count)
                }
            }
            #expect(isTaken)
        }
        var instrument = RecoverySamples.btc
        instrument.priceScale = priceScale
        put(.instrument, instrument)
        put(.name, JournalName(.account, 0), text: venue + " account 7")
        for event in events {
            switch event {
            case .begins(let span):
                let moment = Timestamp(nanoseconds: Self.start.nanoseconds - span)
                put(.history, HistoricTrade(.begins, InstrumentIndex(0), moment: moment))
            case .history(let trade): put(.history, HistoricTrade(trade))
            case .live(let trade): put(.trade, trade)
            }
        }
        journal.stop()
        return directory
    }

    private func known(_ runs: [String], areAggregates: Bool = false) -> [Int64] {
        let tape = TapeStart(instrument: RecoverySamples.btc, start: Self.start)
        var recorded = RecordedTape(tape, areAggregates: areAggregates, venue: Self.venue)
        for run in runs { recorded.add(run) }
        return recorded.unbroken().map(\.id.raw)
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func `history, stream and a later run make one piece, up to the first hole`() throws {
        defer { remove() }
        let first = try run(
            1, [.begins(before: 0)] + (100...120).map { .history(trade($0)) }
                + (115...150).map { .live(trade($0)) })
        let second = try run(
            2, [.begins(before: 5)] + (145...160).map { .live(trade($0)) }
                + (162...170).map { .live(trade($0)) })
        #expect(known([first]) == Array(100...150))
        #expect(known([first, second]) == Array(100...160))
    }

    @Test func `the stream may be journaled before the history that it follows`() throws {
        defer { remove() }
        let run = try run(
            1, [.begins(before: 1_000)] + (130...140).map { .live(trade($0)) }
                + (90...129).map { .history(trade($0)) })
        #expect(known([run]) == Array(100...140))
    }

    @Test func `a beginning is known from the venue or from the trade before it`() throws {
        defer { remove() }
        let late = try run(1, (100...120).map { .live(trade($0)) })
        #expect(known([late]).isEmpty)
        let through = try run(2, (98...120).map { .live(trade($0)) })
        #expect(known([through]) == Array(100...120))
        let after = try run(3, [.begins(before: -1)] + (101...120).map { .history(trade($0)) })
        #expect(known([after]).isEmpty)
    }

    @Test func `other venues, units and kinds of trade are left out, and numbers told twice`()
        throws
    {
        defer { remove() }
        let events: [Event] = [.begins(before: 0)] + (100...120).map { .history(trade($0)) }
        #expect(known([try run(1, events, venue: "binance_spot api.binance.com:443")]).isEmpty)
        #expect(known([try run(2, events, priceScale: 2)]).isEmpty)
        #expect(known([try run(3, events)], areAggregates: true).isEmpty)
        let own = try run(4, events)
        let other = try run(5, [.live(trade(110, price: 1))])
        #expect(known([own, other]).isEmpty)
        #expect(known([own, folder + "/run-0"]) == Array(100...120))
    }

    @Test(arguments: 1...20)
    func `whatever runs overlap, the piece is what a set of all trades says`(seed: Int) throws {
        defer { remove() }
        var random = SplitMix64(seed: UInt64(seed))
        var all = Set<Int64>()
        var runs: [String] = []
        for number in 1...Int.random(in: 1...4, using: &random) {
            var events: [Event] = number == 1 ? [.begins(before: 0)] : []
            if number == 1 {
                let end = Int64.random(in: 100...200, using: &random)
                events += (100...end).map { .history(trade($0)) }
                all.formUnion(100...end)
            }
            let first = Int64.random(in: 100...300, using: &random)
            for id in first...first + Int64.random(in: 0...150, using: &random)
            where Int.random(in: 0..<200, using: &random) > 0 {
                events.append(.live(trade(id)))
                all.insert(id)
            }
            runs.append(try run(number, events))
        }
        var expected: [Int64] = []
        while all.contains(100 + Int64(expected.count)) {
            expected.append(100 + Int64(expected.count))
        }
        #expect(known(runs) == expected, "seed \(seed)")
    }
}

/// The same numbers for the same seed (Steele, Lea and Flood).
private struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
