/// A window of 2^20 consecutive price steps; the quantity at a step is found without a search.
///
/// Steps are numbered by rank, higher is better. Sixteen ranks make a page. A page that holds a
/// level owns 16 quantities in a pool; its entry says which, and which of its ranks are occupied:
///
///     entry (32 bits)    | slot in the pool: 16 | occupied ranks: 16 |
///     level 1 (64 bits)  one bit for each of 64 pages that holds anything
///     level 2 (64 bits)  one bit for each of 64 level-1 words; level 3 the same for level 2
///
/// Setting a level costs two dependent loads whatever its depth; the next occupied rank is found
/// by counting zeros, at most three words away.
struct TickLadder: BitwiseCopyable {
    static var rankCount: Int { @_noLocks get { 1 << 20 } }
    private static let lanes = 16
    private static let pageCount = rankCount / lanes

    private let entries: UnsafeMutablePointer<UInt32>
    private let level1: UnsafeMutablePointer<UInt64>
    private let level2: UnsafeMutablePointer<UInt64>
    private var level3: UInt64 = 0
    private let quantities: UnsafeMutablePointer<Int64>
    private let freeSlots: UnsafeMutablePointer<UInt16>
    private var freeCount: Int
    private let capacity: Int
    private(set) var count = 0
    /// The highest occupied rank, -1 when nothing is occupied.
    private(set) var bestRank = -1

    /// Bytes of memory that a ladder for `capacity` levels needs.
    static func byteCount(capacity: Int) -> Int {
        let bitmapWords = pageCount / 64 + pageCount / 4096
        return capacity * lanes * MemoryLayout<Int64>.stride
            + bitmapWords * MemoryLayout<UInt64>.stride
            + pageCount * MemoryLayout<UInt32>.stride
            + (capacity * MemoryLayout<UInt16>.stride).roundedUpToLine
    }

    /// `memory` holds ``byteCount(capacity:)`` bytes aligned to 128 and belongs to this ladder
    /// alone; every byte is written here, so that no page fault is left for later.
    init(memory: UnsafeMutableRawPointer, capacity: Int) {
        precondition(capacity > 0 && capacity <= 1 << 16, "a page slot has 16 bits")
        var next = memory
        func take<Word: BitwiseCopyable>(
            _ count: Int, of zero: Word
        ) -> UnsafeMutablePointer<Word> {
            let taken = next.initializeMemory(as: Word.self, repeating: zero, count: count)
            next += count * MemoryLayout<Word>.stride
            return taken
        }
        quantities = take(capacity * Self.lanes, of: Int64(0))
        level1 = take(Self.pageCount / 64, of: UInt64(0))
        level2 = take(Self.pageCount / 4096, of: UInt64(0))
        entries = take(Self.pageCount, of: UInt32(0))
        freeSlots = take(capacity, of: UInt16(0))
        for slot in 0..<capacity { freeSlots[slot] = UInt16(capacity - 1 - slot) }
        freeCount = capacity
        self.capacity = capacity
    }

    // MARK: - Looking

    /// The quantity at an occupied rank.
    @inline(__always) @_noLocks
    func quantity(at rank: Int) -> Int64 {
        quantities[Int(entries[rank &>> 4] &>> 16) &* Self.lanes &+ (rank & 15)]
    }

    /// The highest occupied rank below `rank`, -1 when there is none.
    @_noLocks
    func next(below rank: Int) -> Int {
        let page = rank &>> 4
        let here = entries[page] & ((1 &<< UInt32(rank & 15)) &- 1)
        if here != 0 { return page &<< 4 &+ 31 &- here.leadingZeroBitCount }
        let lower = highestPage(below: page)
        return lower < 0 ? -1 : highestRank(in: lower)
    }

    /// The lowest occupied rank; something must be occupied.
    var worstRank: Int {
        @_noLocks get {
            let upper = level3.trailingZeroBitCount
            let lower = upper &<< 6 &+ level2[upper].trailingZeroBitCount
            let page = lower &<< 6 &+ level1[lower].trailingZeroBitCount
            return page &<< 4 &+ entries[page].trailingZeroBitCount
        }
    }

    // MARK: - Changing

    /// Puts a positive quantity at a rank; `false`, and nothing done, if that would be a new level
    /// beyond `limit` of them.
    @inline(__always) @_noLocks
    mutating func set(_ rank: Int, _ quantity: Int64, limit: Int) -> Bool {
        let page = rank &>> 4
        let bit = UInt32(1) &<< UInt32(rank & 15)
        var entry = entries[page]
        if entry & bit == 0 {
            if count >= limit { return false }
            if entry & 0xFFFF == 0 { entry = open(page) }
            entry |= bit
            entries[page] = entry
            count &+= 1
            if rank > bestRank { bestRank = rank }
        }
        quantities[Int(entry &>> 16) &* Self.lanes &+ (rank & 15)] = quantity
        return true
    }

    /// Frees a rank; normal when it is not occupied.
    @inline(__always) @_noLocks
    mutating func remove(_ rank: Int) {
        let page = rank &>> 4
        let bit = UInt32(1) &<< UInt32(rank & 15)
        let entry = entries[page]
        if entry & bit == 0 { return }
        let left = entry & ~bit
        entries[page] = left
        count &-= 1
        if left & 0xFFFF == 0 { close(page, slot: left &>> 16) }
        if rank == bestRank { bestRank = next(below: rank) }
    }

    /// Frees every rank. O(levels).
    @_noLocks
    mutating func clear() {
        while bestRank >= 0 { remove(bestRank) }
    }

    // MARK: - Pages

    @inline(__always) @_noLocks
    private mutating func open(_ page: Int) -> UInt32 {
        freeCount &-= 1
        let word = page &>> 6
        level1[word] |= 1 &<< UInt64(page & 63)
        level2[word &>> 6] |= 1 &<< UInt64(word & 63)
        level3 |= 1 &<< UInt64(word &>> 6)
        return UInt32(freeSlots[freeCount]) &<< 16
    }

    @inline(__always) @_noLocks
    private mutating func close(_ page: Int, slot: UInt32) {
        freeSlots[freeCount] = UInt16(truncatingIfNeeded: slot)
        freeCount &+= 1
        let word = page &>> 6
        let first = level1[word] & ~(1 &<< UInt64(page & 63))
        level1[word] = first
        if first != 0 { return }
        let second = level2[word &>> 6] & ~(1 &<< UInt64(word & 63))
        level2[word &>> 6] = second
        if second == 0 { level3 &= ~(1 &<< UInt64(word &>> 6)) }
    }

    @inline(__always) @_noLocks
    private func highestRank(in page: Int) -> Int {
        page &<< 4 &+ 31 &- (entries[page] & 0xFFFF).leadingZeroBitCount
    }

    @inline(__always) @_noLocks
    private func highestPage(below page: Int) -> Int {
        let word = page &>> 6
        let first = level1[word] & ((1 &<< UInt64(page & 63)) &- 1)
        if first != 0 { return Self.highestBit(first, word) }
        let second = level2[word &>> 6] & ((1 &<< UInt64(word & 63)) &- 1)
        if second != 0 {
            let lower = Self.highestBit(second, word &>> 6)
            return Self.highestBit(level1[lower], lower)
        }
        let third = level3 & ((1 &<< UInt64(word &>> 6)) &- 1)
        if third == 0 { return -1 }
        let upper = Self.highestBit(third, 0)
        let lower = Self.highestBit(level2[upper], upper)
        return Self.highestBit(level1[lower], lower)
    }

    /// The number of the highest set bit of word `index` of a bitmap.
    @inline(__always) @_noLocks
    private static func highestBit(_ word: UInt64, _ index: Int) -> Int {
        index &<< 6 &+ 63 &- word.leadingZeroBitCount
    }
}

extension Int {
    fileprivate var roundedUpToLine: Int { (self + 127) & ~127 }
}
