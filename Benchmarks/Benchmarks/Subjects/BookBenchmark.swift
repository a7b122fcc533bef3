import CFloor
import MarketModel
import TickToTrade
import Wire

/// One level into the book and both best prices out of it; and a whole diff.
enum BookBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let (rows, pages) = try Cores(options).measure {
            let bench = try BookBench()
            let pages = try BookPagesBench()
            let meter = Meter(options: options)
            let contests = [bench.single, bench.diff, pages.contest]
            return (contests.map(meter.measure), pages.note)
        }
        return BenchmarkReport(
            "book", rows: rows,
            notes: [
                "the floor's ladder holds 655 dollars and has no update ids, our book any range",
                pages,
            ])
    }
}

/// The same changes for a book of ours and for the floor's ladder.
final class BookBench {
    private static let changes = 4096
    // Behind a pointer, as in the engine: a field of a class is checked at every access.
    private let book = UnsafeMutablePointer<OrderBook>.allocate(capacity: 1)
    private let desk: OpaquePointer
    private let prices: UnsafeMutablePointer<Int64>
    private let quantities: UnsafeMutablePointer<Int64>
    private let levels: UnsafeMutablePointer<BookLevel>
    private var next = 0
    private var floorNext = 0
    private var update: Int64 = 1
    private(set) var sum: Int64 = 0

    init() throws(BenchmarkFailure) {
        desk = try FloorDesk.make(every: 1)
        book.initialize(to: OrderBook(instrument: InstrumentIndex(0)))
        prices = .allocate(capacity: Self.changes)
        quantities = .allocate(capacity: Self.changes)
        levels = .allocate(capacity: Self.changes)
        var random = SeededRandom(seed: 7)
        for index in 0..<Self.changes {
            // Within 100 steps below the best ask; a quarter of them removals.
            let step = Int64(random.next() % 100)
            let price = SampleMarket.middle - step * SampleMarket.cent
            let quantity = random.next() % 4 == 0 ? 0 : Int64(random.next() % 500_000_000) + 1
            (prices + index).initialize(to: price)
            (quantities + index).initialize(to: quantity)
            (levels + index).initialize(
                to: BookLevel(price: Price(raw: price), quantity: Quantity(raw: quantity)))
        }
        fill()
    }

    deinit {
        book.deinitialize(count: 1)
        book.deallocate()
        prices.deallocate()
        quantities.deallocate()
        levels.deallocate()
        cfloor_desk_destroy(desk)
    }

    /// Asks from a step above the middle on, and the bids below.
    private func fill() {
        let snapshot = (0..<200).map { index in
            let distance = Int64(index % 100 + 1) * SampleMarket.cent
            let price = index < 100
                ? SampleMarket.middle - distance : SampleMarket.middle + distance
            return BookLevel(price: Price(raw: price), quantity: Quantity(raw: 100_000_000))
        }
        var header = Self.header(1, bids: 100, asks: 100)
        header.isSnapshot = true
        snapshot.withUnsafeBufferPointer { levels in
            guard let start = levels.baseAddress else { return }
            book.pointee.load(header, start)
        }
        for (index, level) in snapshot.enumerated() {
            cfloor_book_level(desk, index < 100 ? 0 : 1, level.price.raw, level.quantity.raw)
        }
    }

    @inline(__always)
    private static func header(_ update: Int64, bids: UInt32, asks: UInt32) -> DepthHeader {
        let now = Timestamp(nanoseconds: update)
        return DepthHeader(
            instrument: InstrumentIndex(0), isSnapshot: false, firstUpdateID: update,
            lastUpdateID: update, bidCount: bids, askCount: asks, venueTime: now,
            receiveTime: now)
    }

    var single: Contest {
        Contest(
            name: "one level and both best prices", batch: 64,
            ours: Contestant("apus") { [self] in apply($0, levelsEach: 1) },
            floor: Contestant("C floor") { [self] in applyFloor($0) })
    }

    var diff: Contest {
        Contest(
            name: "a diff of 40 bid levels", batch: 4,
            ours: Contestant("apus") { [self] in apply($0, levelsEach: 40) },
            floor: Contestant("C floor") { [self] count in
                for _ in 0..<count { applyFloor(40) }
            })
    }

    private func apply(_ count: Int, levelsEach: Int) {
        let book = book
        var place = next
        var number = update
        var total: Int64 = 0
        for _ in 0..<count {
            if place + levelsEach > Self.changes { place = 0 }
            number += 1
            let header = Self.header(number, bids: UInt32(levelsEach), asks: 0)
            book.pointee.apply(header, levels + place)
            total &+= book.pointee.bestBid.price.raw &+ book.pointee.bestAsk.price.raw
            place += levelsEach
        }
        next = place
        update = number
        sum &+= total
    }

    private func applyFloor(_ count: Int) {
        if floorNext + count > Self.changes { floorNext = 0 }
        sum &+= cfloor_book(desk, prices + floorNext, quantities + floorNext, count)
        floorNext += count
    }
}

/// The floor's trader with its keys.
enum FloorDesk {
    static func make(every: Int64) throws(BenchmarkFailure) -> OpaquePointer {
        let secret = (0..<44).map { UInt8($0 * 5 + 1) }
        guard let desk = cfloor_desk_create(SampleMarket.base, every, secret) else {
            throw BenchmarkFailure("the floor needs a processor with AES instructions")
        }
        return desk
    }
}
