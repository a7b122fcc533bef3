/// One direction of a connection in memory: what was sent comes out in the same pieces.
struct MemoryPipe {
    /// Pieces are delivered as long as a socket would deliver them.
    static let longestPiece = 16_384
    /// Readable bytes behind every piece, as received bytes have.
    private static let slack = 64
    private static let capacity = 4 << 20
    private static let slots = 1 << 14

    private let bytes: UnsafeMutableRawPointer
    private let pieces: UnsafeMutablePointer<(start: Int, count: Int)>
    private var head = 0
    private var tail = 0
    private var end = 0

    /// Lives as long as the process: a benchmark makes few.
    init() {
        bytes = .allocate(byteCount: Self.capacity + Self.slack, alignment: 128)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: Self.capacity + Self.slack)
        pieces = .allocate(capacity: Self.slots)
        pieces.initialize(repeating: (0, 0), count: Self.slots)
    }

    var isEmpty: Bool { head == tail }

    /// Takes as many bytes as fit into one piece; 0 while there is no room.
    mutating func write(_ source: UnsafeRawPointer, _ count: Int) -> Int {
        if isEmpty { end = 0 }
        let taken = min(count, Self.longestPiece)
        if end + taken > Self.capacity || tail - head == Self.slots { return 0 }
        (bytes + end).copyMemory(from: source, byteCount: taken)
        pieces[tail & (Self.slots - 1)] = (end, taken)
        tail += 1
        // Pieces begin on their own lines, as received buffers do.
        end += (taken + Self.slack + 63) & ~63
        return taken
    }

    /// The oldest piece; it stays until ``drop()``.
    var front: (bytes: UnsafeRawPointer, count: Int) {
        let piece = pieces[head & (Self.slots - 1)]
        return (UnsafeRawPointer(bytes + piece.start), piece.count)
    }

    mutating func drop() { head += 1 }
}
