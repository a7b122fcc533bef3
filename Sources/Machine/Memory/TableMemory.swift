/// Where the large tables of a lane lie: pieces of one arena, so that they share huge pages, or
/// pieces of the heap.
///
/// Cold: tables are made at the start. The owner keeps it as long as any piece.
public final class TableMemory: @unchecked Sendable {
    // SAFETY (unchecked): used by one thread at a time, the one that makes the tables.
    private var arena: Arena?

    /// Every piece is of the heap.
    public init() {}

    /// Pieces of an arena of at least `byteCount` bytes; of the heap once that is used up.
    public init(byteCount: Int, options: MemoryOptions) throws(OutOfMemory) {
        arena = try Arena(byteCount: byteCount, options: options)
    }

    /// Bytes of an arena that holds pieces of these sizes.
    public static func byteCount(of pieces: [Int]) -> Int {
        pieces.reduce(0) { $0 + Arena.footprint(byteCount: $1) }
    }

    /// What became of the wishes for the arena; `nil` without one.
    public var grant: MemoryGrant? { arena?.grant }

    /// Bytes given out by the arena.
    public var usedByteCount: Int { arena?.usedByteCount ?? 0 }

    /// Zeroed memory for `byteCount` bytes, aligned to 128.
    public func take(_ byteCount: Int) -> TablePiece {
        if let base = takeFromArena(byteCount) { return TablePiece(base: base, isOfHeap: false) }
        let base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 128)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        return TablePiece(base: base, isOfHeap: true)
    }

    /// The same, `nil` when it would have to come from the heap.
    public func takeFromArena(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        arena?.take(byteCount)
    }
}

/// Memory of one table, with one owner; what came from the heap goes back there.
@frozen
public struct TablePiece: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): one owner, who answers for his threads.
    public let base: UnsafeMutableRawPointer
    @usableFromInline let isOfHeap: Bool

    @inlinable
    init(base: UnsafeMutableRawPointer, isOfHeap: Bool) {
        self.base = base
        self.isOfHeap = isOfHeap
    }

    @inlinable
    deinit { if isOfHeap { base.deallocate() } }
}
