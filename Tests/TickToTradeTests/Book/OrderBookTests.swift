import MarketModel
import Testing
import TickToTrade

@Suite struct OrderBookTests {
    private func level(_ price: Int64, _ quantity: Int64) -> BookLevel {
        BookLevel(price: Price(raw: price), quantity: Quantity(raw: quantity))
    }

    private let snapshot = DepthMessage(
        snapshot: true, id: 10, bids: [(100, 5), (99, 6), (97, 7)], asks: [(101, 1), (103, 2)],
        receivedAt: 50)

    @Test func `a new book is empty, invalid and refuses diffs`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        #expect(book.isValid == false)
        #expect(book.bestBid == level(0, 0))
        #expect(book.bestAsk == level(0, 0))
        #expect(book.isCrossed == false)
        let diff = DepthMessage(id: 11, bids: [(100, 5)])
        #expect(diff.apply(to: &book) == .refused)
        #expect(book.refusedCount == 1)
        #expect(book.count(.buy) == 0)
        #expect(book.lastUpdateID == 0)
    }

    @Test func `a snapshot makes it valid and lists both sides best first`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        #expect(snapshot.apply(to: &book) == .top)
        #expect(book.isValid == true)
        #expect(book.lastUpdateID == 10)
        #expect(book.lastChangeTime == Timestamp(nanoseconds: 50))
        #expect(book.lastVenueTime == Timestamp(nanoseconds: 49))
        #expect(book.allLevels(.buy) == [level(100, 5), level(99, 6), level(97, 7)])
        #expect(book.allLevels(.sell) == [level(101, 1), level(103, 2)])
        #expect(book.level(.buy, depth: 3) == level(0, 0))
        #expect(book.level(.sell, depth: -1) == level(0, 0))
    }

    @Test func `a snapshot in any order, with zeros and repeats, gives the same book`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        DepthMessage(
            snapshot: true, id: 10, bids: [(97, 7), (98, 0), (100, 9), (99, 6), (100, 5)],
            asks: [(103, 2), (101, 1)]
        ).apply(to: &book)
        var sorted = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &sorted)
        #expect(book.stateHash() == sorted.stateHash())
    }

    @Test func `a diff sets, replaces and deletes, and deleting an absent level is normal`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &book)
        let diff = DepthMessage(
            id: 11, bids: [(99, 0), (98, 4), (97, 8), (50, 0)], asks: [(102, 3), (900, 0)])
        #expect(diff.apply(to: &book) == .deep)
        #expect(book.allLevels(.buy) == [level(100, 5), level(98, 4), level(97, 8)])
        #expect(book.allLevels(.sell) == [level(101, 1), level(102, 3), level(103, 2)])
        #expect(book.lastUpdateID == 11)
    }

    @Test(arguments: [
        ([(100, 6)], [], BookChange.top), ([(100, 0)], [], .top), ([], [(101, 0)], .top),
        ([], [(100, 1)], .top), ([(99, 1)], [(103, 0)], .deep), ([(100, 5)], [(101, 1)], .deep),
        ([], [], .deep),
    ] as [([(Int64, Int64)], [(Int64, Int64)], BookChange)])
    func `the change says whether a best level moved`(
        bids: [(Int64, Int64)], asks: [(Int64, Int64)], expected: BookChange
    ) {
        var book = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &book)
        #expect(DepthMessage(id: 11, bids: bids, asks: asks).apply(to: &book) == expected)
    }

    @Test func `an invalidated book keeps its levels, refuses diffs and takes the next snapshot`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &book)
        book.invalidate()
        #expect(book.isValid == false)
        #expect(DepthMessage(id: 11, bids: [(100, 0)]).apply(to: &book) == .refused)
        #expect(book.bestBid == level(100, 5))
        DepthMessage(snapshot: true, id: 20, bids: [(90, 1)]).apply(to: &book)
        #expect(book.isValid == true)
        #expect(book.allLevels(.buy) == [level(90, 1)])
        #expect(book.count(.sell) == 0)
    }

    @Test func `clearing empties everything but the counters`() {
        var book = OrderBook(instrument: InstrumentIndex(3), levelCapacity: 2)
        snapshot.apply(to: &book)
        #expect(book.droppedLevelCount == 1)
        book.clear()
        let empty = OrderBook(instrument: InstrumentIndex(3))
        #expect(book.stateHash() == empty.stateHash())
        #expect(book.lastChangeTime == .unknown)
        #expect(book.droppedLevelCount == 1)
    }

    @Test func `a crossed or locked book is seen`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &book)
        #expect(book.isCrossed == false)
        DepthMessage(id: 11, bids: [(101, 1)]).apply(to: &book)
        #expect(book.isCrossed == true)
        DepthMessage(id: 12, bids: [(101, 0), (102, 1)]).apply(to: &book)
        #expect(book.isCrossed == true)
        DepthMessage(id: 13, bids: [(102, 0)]).apply(to: &book)
        #expect(book.isCrossed == false)
    }

    @Test func `a full side drops its farthest level, or the new one if that is it`() {
        var book = OrderBook(instrument: InstrumentIndex(3), levelCapacity: 3)
        snapshot.apply(to: &book)
        DepthMessage(id: 11, bids: [(98, 1)]).apply(to: &book)
        #expect(book.allLevels(.buy) == [level(100, 5), level(99, 6), level(98, 1)])
        DepthMessage(id: 12, bids: [(96, 1)]).apply(to: &book)
        #expect(book.allLevels(.buy) == [level(100, 5), level(99, 6), level(98, 1)])
        DepthMessage(id: 13, bids: [(98, 2)]).apply(to: &book)
        #expect(book.level(.buy, depth: 2) == level(98, 2))
        #expect(book.droppedLevelCount == 2)
    }

    @Test func `quantities add up to a depth and stop at the largest number`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &book)
        #expect(book.quantity(.buy, depth: 2).raw == 11)
        #expect(book.quantity(.buy, depth: 99).raw == 18)
        #expect(book.quantity(.sell, depth: 0).raw == 0)
        DepthMessage(id: 11, bids: [(99, .max)]).apply(to: &book)
        #expect(book.quantity(.buy, depth: 2).raw == .max)
    }

    @Test func `levels are copied best first up to a limit`() {
        var book = OrderBook(instrument: InstrumentIndex(3))
        snapshot.apply(to: &book)
        let target = UnsafeMutablePointer<BookLevel>.allocate(capacity: 4)
        target.initialize(repeating: level(-1, -1), count: 4)
        defer { target.deallocate() }
        #expect(book.copyLevels(.buy, to: target, limit: 2) == 2)
        #expect(Array(UnsafeBufferPointer(start: target, count: 3))
            == [level(100, 5), level(99, 6), level(-1, -1)])
        #expect(book.copyLevels(.sell, to: target, limit: 4) == 2)
        #expect(book.copyLevels(.sell, to: target, limit: -1) == 0)
    }
}

@Suite struct OrderBookPriceTests {
    private func prices(_ book: borrowing OrderBook, _ side: Side) -> [Int64] {
        var prices: [Int64] = []
        for depth in 0..<book.count(side) {
            prices.append(book.level(side, depth: depth).price.raw)
        }
        return prices
    }

    @Test func `a price between two steps refines the step`() {
        var book = OrderBook(instrument: InstrumentIndex(0))
        DepthMessage(snapshot: true, bids: [(3000, 1), (2000, 1)], asks: [(4000, 1)])
            .apply(to: &book)
        DepthMessage(id: 2, bids: [(2500, 2), (2501, 0)], asks: [(4003, 3)]).apply(to: &book)
        #expect(prices(book, .buy) == [3000, 2500, 2000])
        #expect(prices(book, .sell) == [4000, 4003])
        #expect(book.rebuildCount == 2)
    }

    @Test func `far levels lie outside the window and come in when the market moves there`() {
        var book = OrderBook(instrument: InstrumentIndex(0))
        let near: Int64 = 10_000_000
        DepthMessage(
            snapshot: true, bids: [(near, 1), (near - 1, 1), (1000, 1), (999, 1), (2, 1)],
            asks: [(near + 1, 1), (near * 100, 1), (.max, 1)]
        ).apply(to: &book)
        #expect(prices(book, .buy) == [near, near - 1, 1000, 999, 2])
        #expect(prices(book, .sell) == [near + 1, near * 100, .max])
        DepthMessage(id: 2, bids: [(999, 0), (500, 3), (1000, 4), (3, 0)]).apply(to: &book)
        #expect(prices(book, .buy) == [near, near - 1, 1000, 500, 2])
        DepthMessage(
            id: 3, bids: [(near, 0), (near - 1, 0)], asks: [(near + 1, 0), (near * 100, 0)]
        ).apply(to: &book)
        #expect(prices(book, .buy) == [1000, 500, 2])
        #expect(prices(book, .sell) == [.max])
        #expect(book.bestBid.quantity.raw == 4)
        #expect(book.rebuildCount == 2)
        DepthMessage(id: 4, bids: [(near, 8)], asks: [(near * 2, 9)]).apply(to: &book)
        #expect(prices(book, .buy) == [near, 1000, 500, 2])
        #expect(prices(book, .sell) == [near * 2, .max])
    }

    @Test func `prices that are not positive are left out and counted`() {
        var book = OrderBook(instrument: InstrumentIndex(0))
        DepthMessage(snapshot: true, bids: [(0, 1), (-5, 1), (.min, 1)], asks: [(5, 1), (-5, 0)])
            .apply(to: &book)
        #expect(book.count(.buy) == 0)
        #expect(prices(book, .sell) == [5])
        #expect(book.unplacedLevelCount == 3)
    }

    @Test func `the extremes of the price range are prices like any other`() {
        var book = OrderBook(instrument: InstrumentIndex(0))
        DepthMessage(
            snapshot: true, bids: [(.max, 1), (1, 2)], asks: [(1, 3), (.max, 4)]
        ).apply(to: &book)
        #expect(prices(book, .buy) == [.max, 1])
        #expect(prices(book, .sell) == [1, .max])
        #expect(book.isCrossed == true)
        DepthMessage(id: 2, bids: [(.max, 0)], asks: [(1, 0)]).apply(to: &book)
        #expect(prices(book, .buy) == [1])
        #expect(prices(book, .sell) == [.max])
    }
}
