/// Receive buffers cut from one slab, taken and given back by number, last in first out: the
/// buffer used next is the one still in the cache.
struct BufferPool: BitwiseCopyable {
    private let slab: UnsafeMutableRawPointer
    private let free: UnsafeMutablePointer<Int32>
    let bufferSize: Int
    let count: Int
    private(set) var freeCount: Int

    /// Bytes between buffers: 8 readable bytes after each for parsers that read whole words.
    static func stride(bufferSize: Int) -> Int { (bufferSize + 8 + 63) & ~63 }

    init(slab: UnsafeMutableRawPointer, bufferSize: Int, count: Int) {
        self.slab = slab
        self.bufferSize = bufferSize
        self.count = count
        free = .allocate(capacity: count)
        for index in 0..<count { free[index] = Int32(count - 1 - index) }
        freeCount = count
    }

    func deallocate() { free.deallocate() }

    /// A buffer's number, or -1 when all are taken.
    @_noLocks
    mutating func take() -> Int {
        if freeCount == 0 { return -1 }
        freeCount &-= 1
        return Int(free[freeCount])
    }

    @_noLocks
    mutating func give(_ buffer: Int) {
        precondition(buffer >= 0 && freeCount < count, "a buffer is given back once")
        free[freeCount] = Int32(truncatingIfNeeded: buffer)
        freeCount &+= 1
    }

    @_noLocks
    func bytes(of buffer: Int) -> UnsafeMutableRawPointer {
        slab + buffer &* ((bufferSize &+ 8 &+ 63) & ~63)
    }
}
