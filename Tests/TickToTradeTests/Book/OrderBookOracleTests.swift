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

    private mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &generator) == 0 }

    private mutating func price(_ sign: Int64) -> Int64 {
        if chance(200) { return Int64.random(in: -2...(middle * 3), using: &generator) }
        if chance(50) { return middle - sign * step * Int64.random(in: 0..<3_000_000, using: &generator) }
        let reach = chance(4) ? 2_000 : 20
        return middle - sign * step * Int64.random(in: -2..<Int64(reach), using: &generator)
    }

    private mutating func levels(_ sign: Int64, atMost: Int) -> [(Int64, Int64)] {
        let count = Int.random(in: 0...atMost, using: &generator)
        var levels: [(Int64, Int64)] = []
        for _ in 0..<count {
            // Deletions as often as additions, mostly of levels that may be there.
            let quantity = Bool.random(using: &generator) ? 0 : Int64.random(in: -1...9, using: &generator)
            levels.append((price(sign), quantity))
        }
        // Mostly sorted best first, as venues send them.
        if !chance(5) { levels.sort { sign > 0 ? $0.0 > $1.0 : $0.0 < $1.0 } }
        return levels
    }

    mutating func next() -> DepthMessage {
        middle += step * Int64.random(in: -3...3, using: &generator)
        if chance(2_000) { middle += step * Int64.random(in: -1_000_000...1_000_000, using: &generator) }
        middle = max(middle, 10 * step)
        id += 1
        let isSnapshot = id == 1 || chance(1_000)
        let size = isSnapshot ? 60 : 8
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
