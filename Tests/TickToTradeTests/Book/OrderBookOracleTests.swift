import MarketModel
import Testing
import TickToTrade

/// A market that wanders, jumps, changes its price step, and loses and finds its snapshot.
private struct DepthSource {
    var generator: SeededGenerator
    let step: Int64
    var middle: Int64
    var id: Int64 = 0

    init(seed: UInt64, step: Int64) {
        generator = SeededGenerator(seed: seed)
        self.step = step
        middle = 4_000_000 * step
    }

    private mutating func random(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &generator)
    }

    private mutating func chance(_ oneIn: Int64) -> Bool { random(1...oneIn) == 1 }

    private mutating func price(_ sign: Int64) -> Int64 {
        if chance(200) { return random(-2...(middle * 3)) }
        if chance(50) { return middle - sign * step * random(0...3_000_000) }
        return middle - sign * step * random(-2...(chance(4) ? 2_000 : 20))
    }

    private mutating func levels(_ sign: Int64, atMost: Int64) -> [(Int64, Int64)] {
        let count = random(0...atMost)
        var levels: [(Int64, Int64)] = []
        for _ in 0..<count {
            // Deletions as often as additions, mostly of levels that may be there.
            levels.append((price(sign), chance(2) ? 0 : random(-1...9)))
        }
        // Mostly sorted best first, as venues send them.
        if !chance(5) { levels.sort { sign > 0 ? $0.0 > $1.0 : $0.0 < $1.0 } }
        return levels
    }

    mutating func next() -> DepthMessage {
        middle += step * random(-3...3)
        if chance(2_000) { middle += step * random(-1_000_000...1_000_000) }
        middle = max(middle, 10 * step)
        id += 1
        let isSnapshot = id == 1 || chance(1_000)
        let size: Int64 = isSnapshot ? 60 : 8
        return DepthMessage(
            snapshot: isSnapshot, id: id, bids: levels(1, atMost: size),
            asks: levels(-1, atMost: size))
    }

    mutating func breaksNow() -> Bool { chance(3_000) }
}

@Suite struct OrderBookOracleTests {
    @Test(arguments: [(UInt64(1), Int64(1), 48), (2, 1_000_000, 48), (3, 7, 4096), (4, 100, 8)])
    func `a hundred thousand level changes leave the same state as the naive book`(
        seed: UInt64, step: Int64, capacity: Int
    ) {
        var source = DepthSource(seed: seed, step: step)
        var book = OrderBook(instrument: InstrumentIndex(3), levelCapacity: capacity)
        var oracle = NaiveBook(capacity: capacity)
        var changes = 0
        var messages = 0
        while changes < 100_000 {
            if source.breaksNow() {
                book.clear()
                oracle.clear()
            }
            let message = source.next()
            message.apply(to: &book)
            oracle.apply(message.header, message.levels)
            changes += message.levels.count
            messages += 1
            let isSame = book.stateHash() == oracle.stateHash()
                && book.bestBid.price == oracle.bids.levels.first?.price ?? .zero
                && book.bestAsk.price == oracle.asks.levels.first?.price ?? .zero
            if !isSame {
                Issue.record("seed \(seed): books differ after message \(messages)")
                return
            }
        }
        #expect(book.droppedLevelCount == oracle.bids.droppedCount + oracle.asks.droppedCount)
        #expect(book.rebuildCount > 0, "the run should reach the cold paths, seed \(seed)")
        for side in [Side.buy, .sell] {
            #expect(book.allLevels(side) == oracle.levels(side))
        }
    }

    @Test(arguments: [UInt64(11), 12])
    func `depth sums agree with the naive book`(seed: UInt64) {
        var source = DepthSource(seed: seed, step: 10)
        var book = OrderBook(instrument: InstrumentIndex(3), levelCapacity: 256)
        var oracle = NaiveBook(capacity: 256)
        for round in 0..<2_000 {
            let message = source.next()
            message.apply(to: &book)
            oracle.apply(message.header, message.levels)
            let depth = round % 20
            for side in [Side.buy, .sell] {
                let expected = oracle.levels(side).prefix(depth).reduce(0) { $0 + $1.quantity.raw }
                #expect(book.quantity(side, depth: depth).raw == expected, "seed \(seed)")
            }
        }
    }
}
