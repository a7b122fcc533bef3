import Machine
import MarketModel
import Rings
import TickToTrade
import Wire

/// Many books in turn, in pages of 2 MiB and in ordinary ones: what `huge_pages` at a lane is worth.
final class BookPagesBench {
    private static let bookCount = 32
    /// More than a book takes.
    private static let bookBytes = 4 << 20
    private static let changes = 8_192
    private let huge: BookShelf
    private let ordinary: BookShelf
    private let levels: UnsafeMutablePointer<BookLevel>
    private let places: UnsafeMutablePointer<Int>
    /// Where the books in large pages lie.
    let note: String

    init() throws(BenchmarkFailure) {
        do throws(OutOfMemory) {
            let bytes = Self.bookCount * Self.bookBytes
            let large = try TableMemory(byteCount: bytes, options: [.populated, .hugePages])
            huge = BookShelf(Self.bookCount, large)
            ordinary = BookShelf(
                Self.bookCount, try TableMemory(byteCount: bytes, options: .populated))
            note = Self.describe(large)
        } catch {
            throw BenchmarkFailure("no memory for \(2 * Self.bookCount) books")
        }
        levels = .allocate(capacity: Self.changes)
        places = .allocate(capacity: Self.changes)
        var random = SeededRandom(seed: 11)
        for index in 0..<Self.changes {
            // Anywhere in the upper half of the bids: few books change only at their top.
            let step = Int64(random.next() % UInt64(BookShelf.depth / 2))
            let quantity = Int64(random.next() % 500_000_000) + 1
            (levels + index).initialize(
                to: BookLevel(
                    price: Price(raw: SampleMarket.middle - step * SampleMarket.cent),
                    quantity: Quantity(raw: quantity)))
            (places + index).initialize(to: Int(random.next() % UInt64(Self.bookCount)))
        }
    }

    deinit {
        levels.deallocate()
        places.deallocate()
    }

    var contest: Contest {
        let (levels, places) = (levels, places)
        func contestant(_ name: String, _ shelf: BookShelf) -> Contestant {
            Contestant(name) { count in shelf.apply(count, levels, places, of: Self.changes) }
        }
        var contest = Contest(
            name: "one of \(Self.bookCount) books, 2 MiB pages", batch: 64,
            ours: contestant("apus", huge))
        contest.peers = [contestant("4 KiB pages", ordinary)]
        return contest
    }

    private static func describe(_ memory: TableMemory) -> String {
        let how =
            memory.grant.map {
                $0.granted.contains(.hugePages)
                    ? "reserved"
                    : $0.askedForTransparentHugePages ? "transparent" : "refused, so ordinary"
            } ?? "unknown"
        return "\(bookCount) books of \(BookShelf.depth) levels a side in random turn, the first "
            + "ones' pages \(how)"
    }
}

/// Books beside each other in one piece of memory.
private final class BookShelf {
    /// Levels a side, a cent apart.
    static let depth = 4_000
    private let books: UnsafeMutablePointer<OrderBook>
    private let count: Int
    /// Where the books lie.
    private let memory: TableMemory
    private var next = 0
    private var update: Int64 = 1
    private var sum: Int64 = 0

    init(_ count: Int, _ memory: TableMemory) {
        self.count = count
        self.memory = memory
        books = .allocate(capacity: count)
        let levels = (0..<2 * Self.depth).map { index in
            let distance = Int64(index % Self.depth) * SampleMarket.cent
            let price =
                index < Self.depth
                ? SampleMarket.middle - distance
                : SampleMarket.middle + SampleMarket.cent + distance
            return BookLevel(price: Price(raw: price), quantity: Quantity(raw: 100_000_000))
        }
        var header = Self.header(1, bids: UInt32(Self.depth), asks: UInt32(Self.depth))
        header.isSnapshot = true
        for slot in 0..<count {
            (books + slot).initialize(
                to: OrderBook(instrument: InstrumentIndex(UInt16(slot)), in: memory))
            levels.withUnsafeBufferPointer { buffer in
                if let start = buffer.baseAddress { books[slot].load(header, start) }
            }
        }
    }

    deinit {
        books.deinitialize(count: count)
        books.deallocate()
    }

    @inline(__always)
    private static func header(_ update: Int64, bids: UInt32, asks: UInt32) -> DepthHeader {
        let now = Timestamp(nanoseconds: update)
        return DepthHeader(
            instrument: InstrumentIndex(0), isSnapshot: false, firstUpdateID: update,
            lastUpdateID: update, bidCount: bids, askCount: asks, venueTime: now,
            receiveTime: now)
    }

    func apply(
        _ changes: Int, _ levels: UnsafePointer<BookLevel>, _ places: UnsafePointer<Int>,
        of all: Int
    ) {
        let books = books
        var place = next
        var number = update
        var total: Int64 = 0
        for _ in 0..<changes {
            if place == all { place = 0 }
            number += 1
            let book = books + places[place]
            book.pointee.apply(Self.header(number, bids: 1, asks: 0), levels + place)
            total &+= book.pointee.bestBid.price.raw
            place += 1
        }
        next = place
        update = number
        sum &+= total
    }
}
