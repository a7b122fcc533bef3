import MarketModel

/// The candidate that lost to the tick ladder: two sorted columns a side, the best level last.
///
/// Everything the contiguous design can do is done: the hot end at the end, keys apart from
/// quantities, eight keys compared at once, a branch-free binary search that starts where the last
/// change was. What is left are the moves and their mispredicted lengths.
struct SortedColumnsBook {
    var bids: SortedColumns
    var asks: SortedColumns

    init(capacity: Int) {
        bids = SortedColumns(mask: 0, capacity: capacity)
        asks = SortedColumns(mask: -1, capacity: capacity)
    }

    mutating func apply(_ header: DepthHeader, _ levels: UnsafePointer<BookLevel>) {
        if header.isSnapshot {
            bids.count = 0
            asks.count = 0
        }
        bids.apply(levels, Int(header.bidCount))
        asks.apply(levels + Int(header.bidCount), Int(header.askCount))
    }

    func deallocate() {
        bids.deallocate()
        asks.deallocate()
    }
}

struct SortedColumns {
    private static let block = 8

    private let keys: UnsafeMutablePointer<Int64>
    private let quantities: UnsafeMutablePointer<Int64>
    private let mask: Int64
    var count = 0

    init(mask: Int64, capacity: Int) {
        self.mask = mask
        // A block below the first key always compares as worse.
        let memory = UnsafeMutablePointer<Int64>.allocate(capacity: capacity + Self.block)
        memory.initialize(repeating: .min, count: capacity + Self.block)
        keys = memory + Self.block
        quantities = .allocate(capacity: capacity)
        quantities.initialize(repeating: 0, count: capacity)
    }

    func deallocate() {
        (keys - Self.block).deallocate()
        quantities.deallocate()
    }

    func level(_ depth: Int) -> BookLevel {
        let index = count - 1 - depth
        return BookLevel(
            price: Price(raw: keys[index] ^ mask), quantity: Quantity(raw: quantities[index]))
    }

    mutating func apply(_ levels: UnsafePointer<BookLevel>, _ levelCount: Int) {
        var finger = count
        var previous = Int64.max
        for index in 0..<levelCount {
            let key = levels[index].price.raw ^ mask
            let quantity = levels[index].quantity.raw
            if key > previous { finger = count }
            previous = key
            finger = search(key, below: finger)
            let isPresent = finger < count && keys[finger] == key
            if quantity <= 0 {
                if isPresent {
                    count &-= 1
                    move(from: finger &+ 1, to: finger, count &- finger)
                }
            } else if isPresent {
                quantities[finger] = quantity
            } else {
                move(from: finger, to: finger &+ 1, count &- finger)
                keys[finger] = key
                quantities[finger] = quantity
                count &+= 1
            }
        }
    }

    @inline(__always)
    private func search(_ key: Int64, below upper: Int) -> Int {
        let nearest = keys + (upper &- Self.block)
        var notBelow = 0
        var lane = 0
        while lane < Self.block {
            notBelow &+= nearest[lane] >= key ? 1 : 0
            lane &+= 1
        }
        if notBelow < Self.block { return upper &- notBelow }
        var base = 0
        var length = upper &- Self.block
        while length > 0 {
            let half = length &>> 1
            let isBelow = keys[base &+ half] < key
            base = isBelow ? base &+ half &+ 1 : base
            length = isBelow ? length &- half &- 1 : half
        }
        return base
    }

    @inline(__always)
    private func move(from source: Int, to target: Int, _ length: Int) {
        if length <= 0 { return }
        UnsafeMutableRawPointer(keys + target).copyMemory(
            from: keys + source, byteCount: length &* 8)
        UnsafeMutableRawPointer(quantities + target).copyMemory(
            from: quantities + source, byteCount: length &* 8)
    }
}
