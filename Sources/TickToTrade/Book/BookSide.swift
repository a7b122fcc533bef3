import MarketModel

/// One side of a book: a tick ladder around the best price, a sorted array for the far rest.
///
/// The ladder needs a price step and a window; both are found, never configured. A snapshot sets
/// the step to the greatest common divisor of its prices and centres the window on the best one. A
/// price between two steps refines the step, a best price near the window's edge moves the window:
/// the side is then rebuilt, once in hours for a liquid instrument, at 20 to 40 ns a level. So any
/// positive price is right at any time, and fast where prices are a few percent from the best.
///
/// Invariant: every level of the outskirts is worse than every rank of the window.
struct BookSide: BitwiseCopyable {
    var ladder: TickLadder
    var outskirts: SortedLevels
    var grid = PriceGrid(step: 1)
    /// The oriented step number of rank 0; the window holds steps of at least 1 only.
    var origin: Int
    /// All ones for asks, zero for bids: complementing orders asks like bids, without overflow.
    let mask: Int
    let capacity: Int
    let scratch: UnsafeMutablePointer<BookLevel>

    /// The best level, quantity 0 when the side is empty. Kept up to date by every change.
    private(set) var best = BookLevel(price: .zero, quantity: .zero)
    /// Levels lost at the far end because the side was full, since the start.
    var droppedCount: Int64 = 0
    /// Levels left out because their price is not positive.
    var unplacedCount: Int64 = 0
    /// How often the step was refined or the window moved, snapshots apart.
    var rebuildCount: Int64 = 0

    /// Bytes for one side; a multiple of 128.
    static func byteCount(capacity: Int) -> Int {
        let bytes = TickLadder.byteCount(capacity: capacity)
            + capacity * MemoryLayout<SortedLevels.Entry>.stride
        return (bytes + 127) & ~127
    }

    /// `memory` holds ``byteCount(capacity:)`` bytes aligned to 128, `scratch` `capacity` levels.
    /// The scratch may be shared by both sides: it holds nothing between calls.
    init(
        _ side: Side, memory: UnsafeMutableRawPointer, scratch: UnsafeMutablePointer<BookLevel>,
        capacity: Int
    ) {
        ladder = TickLadder(memory: memory, capacity: capacity)
        let rest = memory + TickLadder.byteCount(capacity: capacity)
        outskirts = SortedLevels(
            rest.initializeMemory(
                as: SortedLevels.Entry.self, repeating: SortedLevels.Entry(key: 0, quantity: 0),
                count: capacity))
        self.scratch = scratch
        self.capacity = capacity
        mask = side == .buy ? 0 : -1
        origin = side == .buy ? 1 : -1 - TickLadder.rankCount
    }

    // MARK: - Looking

    var count: Int { @_noLocks get { ladder.count &+ outskirts.count } }

    /// Level `depth`, 0 being the best; a zero level beyond either end. O(depth).
    @_noLocks
    func level(_ depth: Int) -> BookLevel {
        if depth == 0 { return best }
        if depth < 0 || depth >= count { return BookLevel(price: .zero, quantity: .zero) }
        if depth >= ladder.count { return outerLevel(depth &- ladder.count) }
        var rank = ladder.bestRank
        var left = depth
        while left > 0 {
            rank = ladder.next(below: rank)
            left &-= 1
        }
        return innerLevel(rank)
    }

    /// Writes the best levels, best first, at most `limit`; returns how many there were.
    @_noLocks
    func copyLevels(to target: UnsafeMutablePointer<BookLevel>, limit: Int) -> Int {
        let total = limit < count ? limit : count
        var written = 0
        var rank = ladder.bestRank
        while rank >= 0, written < total {
            target[written] = innerLevel(rank)
            written &+= 1
            rank = ladder.next(below: rank)
        }
        var outer = 0
        while written < total {
            target[written] = outerLevel(outer)
            written &+= 1
            outer &+= 1
        }
        return total
    }

    /// The sum of the best `depth` quantities; stops at the largest representable one.
    @_noLocks
    func quantity(depth: Int) -> Quantity {
        var left = depth < count ? depth : count
        var sum: Int64 = 0
        var rank = ladder.bestRank
        var outer = 0
        while left > 0 {
            var quantity: Int64
            if rank >= 0 {
                quantity = ladder.quantity(at: rank)
                rank = ladder.next(below: rank)
            } else {
                quantity = outskirts.level(outer).quantity
                outer &+= 1
            }
            let (next, overflow) = sum.addingReportingOverflow(quantity)
            if overflow { return Quantity(raw: .max) }
            sum = next
            left &-= 1
        }
        return Quantity(raw: sum)
    }

    /// Feeds the count and every level, best first, into a digest.
    @_noLocks
    func hash(into digest: inout StateHash) {
        let levels = copyLevels(to: scratch, limit: capacity)
        digest.combine(Int64(levels))
        var index = 0
        while index < levels {
            digest.combine(scratch[index].price.raw)
            digest.combine(scratch[index].quantity.raw)
            index &+= 1
        }
    }

    @inline(__always) @_noLocks
    func innerLevel(_ rank: Int) -> BookLevel {
        let steps = (rank &+ origin) ^ mask
        return BookLevel(
            price: Price(raw: Int64(steps) &* grid.step),
            quantity: Quantity(raw: ladder.quantity(at: rank)))
    }

    @inline(__always) @_noLocks
    func outerLevel(_ index: Int) -> BookLevel {
        let entry = outskirts.level(index)
        return BookLevel(
            price: Price(raw: entry.key ^ Int64(mask)), quantity: Quantity(raw: entry.quantity))
    }

    // MARK: - Changing

    @_noLocks
    mutating func clear() {
        ladder.clear()
        outskirts.clear()
        refreshBest()
    }

    /// Replaces the side by a snapshot's levels, in any order.
    @_noLocks
    mutating func load(_ levels: UnsafePointer<BookLevel>, _ levelCount: Int) {
        ladder.clear()
        outskirts.clear()
        anchor(levels, levelCount)
        apply(levels, levelCount)
    }

    /// Sets each level to its absolute quantity; zero (or less) removes it, if it is there.
    @_noLocks
    mutating func apply(_ levels: UnsafePointer<BookLevel>, _ levelCount: Int) {
        // Local copies, so that the compiler keeps them in registers across the stores.
        var ladder = self.ladder
        var grid = self.grid
        var origin = self.origin
        let mask = self.mask
        var limit = capacity &- outskirts.count
        var index = 0
        while index < levelCount {
            let level = levels[index]
            index &+= 1
            if let steps = grid.steps(level.price.raw) {
                let rank = (steps ^ mask) &- origin
                if UInt(bitPattern: rank) < UInt(TickLadder.rankCount) {
                    if level.quantity.raw <= 0 {
                        ladder.remove(rank)
                        continue
                    }
                    if ladder.set(rank, level.quantity.raw, limit: limit) { continue }
                }
            }
            self.ladder = ladder
            place(level)
            ladder = self.ladder
            grid = self.grid
            origin = self.origin
            limit = capacity &- outskirts.count
        }
        self.ladder = ladder
        if outskirts.count > 0, ladder.bestRank < TickLadder.rankCount / 4 { recentre() }
        refreshBest()
    }

    @inline(__always) @_noLocks
    private mutating func refreshBest() {
        if ladder.bestRank >= 0 {
            best = innerLevel(ladder.bestRank)
        } else {
            best = BookLevel(price: .zero, quantity: .zero)
        }
    }
}
