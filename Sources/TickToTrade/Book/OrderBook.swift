import Machine
import MarketModel

/// What one depth message did to a book.
@frozen
public enum BookChange: UInt8, BitwiseCopyable, Sendable {
    /// A diff for a book without a valid snapshot: nothing was changed.
    case refused
    /// Only levels behind the best ones, or nothing.
    case deep
    /// The best bid or ask changed in price or quantity.
    case top
}

/// The price levels of one instrument, both sides, kept from snapshots and diffs.
///
/// A tick ladder a side (`BookSide`), chosen by measurement over sorted arrays, blocks of sorted
/// arrays and hash tables (BookComparisonTests); it finds the price step itself. Whether a message
/// continues the book is decided by the venue's synchroniser; this type only refuses diffs while
/// it is not valid, so a lost snapshot can never look like a market. All memory is taken at the
/// start. One owner, one thread.
public struct OrderBook: ~Copyable {
    private let memory: TablePiece
    private var bids: BookSide
    private var asks: BookSide

    public let instrument: InstrumentIndex
    /// Levels one side can hold.
    public let levelCapacity: Int
    /// A snapshot was loaded and no gap has been reported since.
    public private(set) var isValid = false
    /// The last update id taken in (`u`, or the snapshot's `lastUpdateId`); 0 before the first.
    public private(set) var lastUpdateID: Int64 = 0
    /// When the last message taken in was received, and when the venue says it happened.
    public private(set) var lastChangeTime = Timestamp.unknown
    public private(set) var lastVenueTime = Timestamp.unknown
    /// Diffs refused because the book was not valid.
    public private(set) var refusedCount: Int64 = 0

    /// A book with room for `levelCapacity` (1...65,536) levels a side.
    ///
    /// Takes and touches 308 bytes a level and 541 KB: 3.1 MB by default.
    public init(
        instrument: InstrumentIndex, levelCapacity: Int = 8192, in tables: TableMemory? = nil
    ) {
        precondition((1...(1 << 16)).contains(levelCapacity), "1 to 65,536 levels a side")
        self.instrument = instrument
        self.levelCapacity = levelCapacity
        let sideBytes = BookSide.byteCount(capacity: levelCapacity)
        let piece = (tables ?? TableMemory()).take(Self.byteCount(levelCapacity: levelCapacity))
        let base = piece.base
        memory = piece
        let scratch = (base + 2 * sideBytes).initializeMemory(
            as: BookLevel.self, repeating: BookLevel(price: .zero, quantity: .zero),
            count: levelCapacity)
        bids = BookSide(.buy, memory: base, scratch: scratch, capacity: levelCapacity)
        asks = BookSide(
            .sell, memory: base + sideBytes, scratch: scratch, capacity: levelCapacity)
    }

    /// Bytes that a book of so many levels a side takes.
    static func byteCount(levelCapacity: Int) -> Int {
        2 * BookSide.byteCount(capacity: levelCapacity)
            + levelCapacity * MemoryLayout<BookLevel>.stride
    }

    // MARK: - Looking

    /// The best bid; quantity 0 when there is none.
    public var bestBid: BookLevel { @_noLocks get { bids.best } }

    /// The best ask; quantity 0 when there is none.
    public var bestAsk: BookLevel { @_noLocks get { asks.best } }

    /// Level `depth` (0 = best) of the buy or sell side; quantity 0 beyond its end. O(depth), a few
    /// nanoseconds a step; for many levels use ``copyLevels(_:to:limit:)``.
    @_noLocks
    public func level(_ side: Side, depth: Int) -> BookLevel {
        side == .buy ? bids.level(depth) : asks.level(depth)
    }

    /// Levels on one side.
    @_noLocks
    public func count(_ side: Side) -> Int { side == .buy ? bids.count : asks.count }

    /// The quantity of the best `depth` levels together; saturates at `Int64.max`. O(depth).
    @_noLocks
    public func quantity(_ side: Side, depth: Int) -> Quantity {
        side == .buy ? bids.quantity(depth: depth) : asks.quantity(depth: depth)
    }

    /// Both sides have levels and the best bid is not below the best ask: the data is wrong.
    public var isCrossed: Bool {
        @_noLocks get {
            bids.count > 0 && asks.count > 0 && bids.best.price >= asks.best.price
        }
    }

    /// Far levels dropped because a side was full, since the start.
    public var droppedLevelCount: Int64 { @_noLocks get { bids.droppedCount &+ asks.droppedCount } }

    /// Levels left out because their price was not positive, since the start.
    public var unplacedLevelCount: Int64 {
        @_noLocks get { bids.unplacedCount &+ asks.unplacedCount }
    }

    /// How often a finer price step or a far move made a side lay its levels out anew.
    public var rebuildCount: Int64 {
        @_noLocks get { bids.rebuildCount &+ asks.rebuildCount }
    }

    /// Writes the best levels of one side, best first, at most `limit`; returns how many.
    @_noLocks
    public func copyLevels(
        _ side: Side, to target: UnsafeMutablePointer<BookLevel>, limit: Int
    ) -> Int {
        if limit <= 0 { return 0 }
        return side == .buy
            ? bids.copyLevels(to: target, limit: limit)
            : asks.copyLevels(to: target, limit: limit)
    }

    /// A digest of validity, update id and every level: equal books give equal digests. O(levels).
    @_noLocks
    public func stateHash() -> UInt64 {
        var digest = StateHash()
        digest.combine(isValid ? 1 : 0)
        digest.combine(lastUpdateID)
        bids.hash(into: &digest)
        asks.hash(into: &digest)
        return digest.value
    }

    // MARK: - Changing

    /// Takes in a snapshot or a diff: `header.bidCount` bids, then `header.askCount` asks.
    ///
    /// A quantity of zero or less removes a level; removing an absent one is normal. A snapshot
    /// makes the book valid, a diff is refused while it is not.
    @_noLocks
    @discardableResult
    public mutating func apply(
        _ header: DepthHeader, _ levels: UnsafePointer<BookLevel>
    ) -> BookChange {
        if header.isSnapshot {
            load(header, levels)
            return .top
        }
        if !isValid {
            refusedCount &+= 1
            return .refused
        }
        let bid = bids.best
        let ask = asks.best
        let bidCount = Int(header.bidCount)
        bids.apply(levels, bidCount)
        asks.apply(levels + bidCount, Int(header.askCount))
        stamp(header)
        return bid == bids.best && ask == asks.best ? .deep : .top
    }

    /// Replaces everything by a snapshot and makes the book valid.
    @_noLocks
    public mutating func load(_ header: DepthHeader, _ levels: UnsafePointer<BookLevel>) {
        let bidCount = Int(header.bidCount)
        bids.load(levels, bidCount)
        asks.load(levels + bidCount, Int(header.askCount))
        isValid = true
        stamp(header)
    }

    /// A gap or a lost connection: the levels stay readable, but the book is not to be traded on.
    @_noLocks
    public mutating func invalidate() { isValid = false }

    /// Invalid and empty, as at the start; the counters go on.
    @_noLocks
    public mutating func clear() {
        isValid = false
        bids.clear()
        asks.clear()
        lastUpdateID = 0
        lastChangeTime = .unknown
        lastVenueTime = .unknown
    }

    private mutating func stamp(_ header: DepthHeader) {
        lastUpdateID = header.lastUpdateID
        lastChangeTime = header.receiveTime
        lastVenueTime = header.venueTime
    }
}
