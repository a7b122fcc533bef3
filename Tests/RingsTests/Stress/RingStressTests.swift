import Glibc
import Testing

/// Every ring, and words under a sequence, under races, with all outcomes counted: a fraction of a second each, or as many
/// seconds as `RING_STRESS_SECONDS` says, which prints the tables too.
@Suite("Ring stress", .serialized)
struct RingStressTests {
    private static let seconds = getenv("RING_STRESS_SECONDS").flatMap { Double(String(cString: $0)) }

    private func expectOnlyAllowed<State>(_ name: String, _ race: Race<State>) {
        let counts = race.run(for: Self.seconds ?? 0.1)
        #expect(race.violations(in: counts).isEmpty, "\(name):\n\(race.text(of: counts))")
        if Self.seconds != nil { print("\(name)\n\(race.text(of: counts))") }
    }

    // MARK: - SPSC: what is pushed, then what is popped

    @Test func `SPSC hands over whole records in order`() {
        expectOnlyAllowed(
            "SPSC, two pushes against two pops",
            Race(
                make: { RacedSPSC(capacity: 2) },
                actors: [
                    .init(digits: 2) { digits($0.push(1), $0.push(2)) },
                    .init(digits: 2) { digits($0.pop(), $0.pop()) },
                ],
                table: [
                    .init("12 00", .allowed, "both pops came first"),
                    .init("12 01", .allowed, "the second pop saw the first push"),
                    .init("12 10", .allowed, "the second pop came before the second push"),
                    .init("12 12", .allowed, "the pops followed the pushes"),
                    .init("12 02", .forbidden, "the first record is lost"),
                    .init("12 11", .forbidden, "a record comes twice"),
                    .init("12 0f", .forbidden, "published before it was written"),
                    .init("12 f0", .forbidden, "published before it was written"),
                ]))
    }

    @Test func `a full SPSC ring takes a record only when its slot was read`() {
        expectOnlyAllowed(
            "SPSC, a push into a full ring of one slot",
            Race(
                make: { RacedSPSC(capacity: 1, filled: 1) },
                actors: [
                    .init(digits: 1) { $0.push(2) },
                    .init(digits: 2) { digits($0.pop(), $0.pop()) },
                ],
                table: [
                    .init("0 10", .allowed, "refused, it was full"),
                    .init("2 10", .allowed, "taken behind both pops"),
                    .init("2 12", .allowed, "taken between the pops"),
                    .init("0 12", .forbidden, "refused and yet there"),
                    .init("2 20", .forbidden, "written over what was not read"),
                    .init("2 f0", .forbidden, "written while it was read"),
                    .init("0 00", .forbidden, "the first record is lost"),
                ]))
    }

    @Test func `draining an SPSC ring frees its slots after they were read`() {
        expectOnlyAllowed(
            "SPSC, two pushes into a full ring against two drains",
            Race(
                make: { RacedSPSC(capacity: 2, filled: 2) },
                actors: [
                    .init(digits: 2) { digits($0.push(3), $0.push(4)) },
                    .init(digits: 4) { $0.drainTwice() },
                ],
                table: [
                    .init("00 0012", .allowed, "both refused"),
                    .init("34 0012", .allowed, "both taken behind the drains"),
                    .init("34 0123", .allowed, "one taken in time for the second drain"),
                    .init("34 1234", .allowed, "both taken in time for the second drain"),
                    .init("04 0012", .allowed, "the first refused, the second taken later"),
                    .init("04 0124", .allowed, "the first refused, the second taken in time"),
                    .init("34 0124", .forbidden, "a record in the middle is lost"),
                    .init("34 0034", .forbidden, "written over what was not read"),
                    .init("30 0012", .forbidden, "refused although two slots were free"),
                ]))
    }

    // MARK: - MPSC

    @Test func `an MPSC ring gives its last slot to one producer`() {
        expectOnlyAllowed(
            "MPSC, two producers and one slot",
            Race(
                make: { RacedMPSC(capacity: 2, filled: 1) },
                actors: [.init(digits: 1) { $0.push(2) }, .init(digits: 1) { $0.push(3) }],
                table: [
                    .init("2 0", .allowed, "the first was faster"),
                    .init("0 3", .allowed, "the second was faster"),
                    .init("2 3", .forbidden, "both have the slot"),
                    .init("0 0", .forbidden, "both refused, one slot is free"),
                ]))
    }

    @Test func `an MPSC ring hands over every producer's record once and whole`() {
        expectOnlyAllowed(
            "MPSC, two producers against two pops",
            Race(
                make: { RacedMPSC(capacity: 2) },
                actors: [
                    .init(digits: 1) { $0.push(1) }, .init(digits: 1) { $0.push(2) },
                    .init(digits: 2) { digits($0.pop(), $0.pop()) },
                ],
                table: [
                    .init("1 2 00", .allowed, "both pops came first, or the first slot was not filled"),
                    .init("1 2 01", .allowed, "the second pop saw the first producer's"),
                    .init("1 2 02", .allowed, "the second pop saw the second producer's"),
                    .init("1 2 10", .allowed, "the second record was not complete"),
                    .init("1 2 20", .allowed, "the second record was not complete"),
                    .init("1 2 12", .allowed, "the first was faster"),
                    .init("1 2 21", .allowed, "the second was faster"),
                    .init("1 2 11", .forbidden, "a record comes twice"),
                    .init("1 2 22", .forbidden, "a record comes twice"),
                    .init("1 2 f0", .forbidden, "claimed and not yet written"),
                ]))
    }

    @Test func `an MPSC ring keeps one producer's order when it wraps`() {
        expectOnlyAllowed(
            "MPSC, a push into a full ring against three pops",
            Race(
                make: { RacedMPSC(capacity: 2, filled: 2) },
                actors: [
                    .init(digits: 1) { $0.push(3) },
                    .init(digits: 3) { digits($0.pop(), $0.pop(), $0.pop()) },
                ],
                table: [
                    .init("0 120", .allowed, "refused, it was full"),
                    .init("3 120", .allowed, "taken behind the pops"),
                    .init("3 123", .allowed, "taken in time"),
                    .init("0 123", .forbidden, "refused and yet there"),
                    .init("3 320", .forbidden, "written over what was not read"),
                    .init("3 f20", .forbidden, "written while it was read"),
                ]))
    }

    // MARK: - Broadcast

    @Test func `a broadcast ring's readers see the same records in order`() {
        expectOnlyAllowed(
            "broadcast, two pushes against a reader's two looks",
            Race(
                make: { RacedBroadcast(capacity: 4) },
                actors: [
                    .init(digits: 2) { digits($0.push(1), $0.push(2)) },
                    .init(digits: 2) { digits($0.readFirst(), $0.readFirst()) },
                ],
                table: [
                    .init("12 00", .allowed, "both looks came first"),
                    .init("12 01", .allowed, "the second look saw the first record"),
                    .init("12 10", .allowed, "the second record was not there yet"),
                    .init("12 12", .allowed, "the looks followed"),
                    .init("12 02", .forbidden, "the first record is skipped and was not overwritten"),
                    .init("12 0f", .forbidden, "torn"),
                    .init("12 f0", .forbidden, "torn"),
                ]))
    }

    @Test func `a reader of a broadcast ring that is overtaken counts what it lost`() {
        expectOnlyAllowed(
            "broadcast, the oldest record read while it is overwritten; then what was lost",
            Race(
                make: { RacedBroadcast(capacity: 4, filled: 4) },
                actors: [
                    .init(digits: 1) { $0.push(5) },
                    .init(digits: 2) { digits($0.readFirst(), $0.lostByFirst) },
                    .init(digits: 1) { $0.readSecond() },
                ],
                table: [1, 3, 4].flatMap { second in
                    [
                        Race<RacedBroadcast>.Row("5 10 \(second)", .allowed, "read before"),
                        .init("5 32 \(second)", .allowed, "read while it was overwritten"),
                        .init("5 43 \(second)", .allowed, "read after"),
                        .init("5 50 \(second)", .forbidden, "the new record in the old one's place"),
                        .init("5 f0 \(second)", .forbidden, "half old, half new"),
                        .init("5 00 \(second)", .forbidden, "nothing, although there are records"),
                    ]
                }))
    }

    // MARK: - Words under a sequence

    @Test func `a block of words is read as it was at one moment`() {
        expectOnlyAllowed(
            "words, two changes against two readers, the second of which looks twice",
            Race(
                make: { RacedWords() },
                actors: [
                    .init(digits: 2) { digits($0.change(to: 2), $0.change(to: 3)) },
                    .init(digits: 1) { $0.read() },
                    .init(digits: 2) { digits($0.read(), $0.read()) },
                ],
                table: (1...3).flatMap { first in
                    [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)].map { looks in
                        Race<RacedWords>.Row(
                            "23 \(first) \(looks.0)\(looks.1)", .allowed, "whole, and never back")
                    }
                } + [
                    .init("23 f 11", .forbidden, "half old, half new"),
                    .init("23 1 31", .forbidden, "back to an older one"),
                    .init("23 1 21", .forbidden, "back to an older one"),
                ]))
    }

    // MARK: - The suite itself

    /// A ring that publishes before it writes.
    private final class EarlyRing {
        private let record = UnsafeMutablePointer<RacedRecord>.allocate(capacity: 1)
        private let published = UnsafeMutablePointer<Int>.allocate(capacity: 1)

        init() {
            record.initialize(to: RacedRecord(7))
            published.initialize(to: 0)
        }

        deinit {
            record.deallocate()
            published.deallocate()
        }

        func push() -> UInt64 {
            publish(published)
            write(record, RacedRecord(1))
            return 1
        }

        func pop() -> UInt64 { isPublished(published) ? record.pointee.digit : 0 }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a ring that publishes too early is found`() {
        let race = Race(
            make: { EarlyRing() },
            actors: [.init(digits: 1) { $0.push() }, .init(digits: 1) { $0.pop() }],
            table: [
                .init("1 0", .allowed, "popped before"), .init("1 1", .allowed, "popped after"),
                .init("1 7", .forbidden, "published before it was written"),
                .init("1 f", .forbidden, "published while it was written"),
            ])
        let counts = race.run(for: 50) { !race.violations(in: $0).isEmpty }
        #expect(!race.violations(in: counts).isEmpty, "\(race.text(of: counts))")
    }
}

/// Out of line, so that the compiler keeps the order that the test is about.
@inline(never) private func publish(_ flag: UnsafeMutablePointer<Int>) { flag.pointee = 1 }
@inline(never) private func isPublished(_ flag: UnsafeMutablePointer<Int>) -> Bool {
    flag.pointee == 1
}
@inline(never) private func write(
    _ target: UnsafeMutablePointer<RacedRecord>, _ record: RacedRecord
) { target.pointee = record }
