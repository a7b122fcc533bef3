import MarketModel
import TickToTrade

/// The book as a textbook has it: one sorted array a side, searched from the front, best first.
///
/// The oracle of ``OrderBook``: everything observable must agree, the state hash included.
struct NaiveBook {
    struct NaiveSide {
        let isBid: Bool
        var levels: [BookLevel] = []
        var droppedCount: Int64 = 0

        mutating func set(_ level: BookLevel, capacity: Int) {
            if level.price.raw <= 0 { return }
            let place = levels.firstIndex {
                isBid ? $0.price <= level.price : $0.price >= level.price
            } ?? levels.count
            let isPresent = place < levels.count && levels[place].price == level.price
            if level.quantity.raw <= 0 {
                if isPresent { levels.remove(at: place) }
            } else if isPresent {
                levels[place].quantity = level.quantity
            } else {
                levels.insert(level, at: place)
                if levels.count > capacity {
                    levels.removeLast()
                    droppedCount += 1
                }
            }
        }
    }

    let capacity: Int
    var bids = NaiveSide(isBid: true)
    var asks = NaiveSide(isBid: false)
    var isValid = false
    var lastUpdateID: Int64 = 0

    init(capacity: Int) { self.capacity = capacity }

    mutating func apply(_ header: DepthHeader, _ levels: [BookLevel]) {
        if header.isSnapshot {
            bids.levels = []
            asks.levels = []
            isValid = true
        }
        if !isValid { return }
        let bidCount = Int(header.bidCount)
        for level in levels[..<bidCount] { bids.set(level, capacity: capacity) }
        for level in levels[bidCount...] { asks.set(level, capacity: capacity) }
        lastUpdateID = header.lastUpdateID
    }

    mutating func clear() {
        bids.levels = []
        asks.levels = []
        isValid = false
        lastUpdateID = 0
    }

    func levels(_ side: Side) -> [BookLevel] { side == .buy ? bids.levels : asks.levels }

    func stateHash() -> UInt64 {
        var digest = StateHash()
        digest.combine(isValid ? 1 : 0)
        digest.combine(lastUpdateID)
        for side in [bids.levels, asks.levels] {
            digest.combine(Int64(side.count))
            for level in side {
                digest.combine(level.price.raw)
                digest.combine(level.quantity.raw)
            }
        }
        return digest.value
    }
}

/// SplitMix64: a seed gives the same run on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A depth message as the decoder would hand it on.
struct DepthMessage {
    var header: DepthHeader
    var levels: [BookLevel]

    init(
        snapshot: Bool = false, id: Int64 = 1, first: Int64? = nil,
        bids: [(Int64, Int64)] = [], asks: [(Int64, Int64)] = [], receivedAt: Int64 = 0
    ) {
        levels = (bids + asks).map { level in
            BookLevel(price: Price(raw: level.0), quantity: Quantity(raw: level.1))
        }
        header = DepthHeader(
            instrument: InstrumentIndex(3), isSnapshot: snapshot, firstUpdateID: first ?? id,
            lastUpdateID: id, bidCount: UInt32(bids.count), askCount: UInt32(asks.count),
            venueTime: Timestamp(nanoseconds: receivedAt - 1),
            receiveTime: Timestamp(nanoseconds: receivedAt))
    }

    @discardableResult
    func apply(to book: inout OrderBook) -> BookChange {
        // One word more, so that an empty message has an address too.
        let padded = levels + [BookLevel(price: .zero, quantity: .zero)]
        return padded.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return .refused }
            return book.apply(header, base)
        }
    }
}

extension OrderBook {
    /// Every level of a side, best first, by the one-at-a-time door.
    func allLevels(_ side: Side) -> [BookLevel] {
        var levels: [BookLevel] = []
        for depth in 0..<count(side) { levels.append(level(side, depth: depth)) }
        return levels
    }
}
