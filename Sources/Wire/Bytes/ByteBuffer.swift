import Glibc

/// A linear queue of bytes: a readable region, then a writable tail, in memory that never moves.
///
/// The whole capacity is reserved once; the kernel supplies pages when they are first touched, so
/// a buffer costs what it has held, not what it might. Not thread safe. Every operation is O(1)
/// except `compact()`, `removeGap(at:count:)` and `append(_:_:)`, which move bytes.
public struct ByteBuffer: ~Copyable {
    /// Readable bytes guaranteed behind the capacity: vector parsers may load past a message's end.
    public static let slack = 64

    /// Bytes the buffer can hold.
    public let capacity: Int
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline var head = 0
    @usableFromInline var tail = 0

    /// Reserves memory for `capacity` bytes and touches the first `warmed` of them.
    public init(capacity: Int, warmed: Int = 0) {
        precondition(capacity > 0, "a buffer holds at least one byte")
        self.capacity = capacity
        base = .allocate(byteCount: capacity + Self.slack, alignment: 128)
        memset(base, 0, min(warmed, capacity))
        memset(base + capacity, 0, Self.slack)
    }

    deinit { base.deallocate() }

    /// Bytes that can be read.
    public var count: Int {
        @_noLocks get { tail &- head }
    }

    /// Bytes that can be written behind the readable region without compacting.
    public var room: Int {
        @_noLocks get { capacity &- tail }
    }

    /// Start of the readable region.
    public var readable: UnsafeMutableRawPointer {
        @_noLocks get { base + head }
    }

    /// Start of the writable tail.
    public var writable: UnsafeMutableRawPointer {
        @_noLocks get { base + tail }
    }

    /// Declares `count` bytes written at `writable` readable.
    @_noLocks public mutating func commit(_ count: Int) {
        precondition(count >= 0 && count <= room, "bytes are committed inside the buffer")
        tail &+= count
    }

    /// Drops `count` bytes from the front; an emptied buffer starts over at its first byte.
    @_noLocks public mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "only readable bytes are consumed")
        head &+= count
        if head == tail {
            head = 0
            tail = 0
        }
    }

    /// Copies `count` bytes to the tail, or copies nothing and answers false when they do not fit.
    @_noLocks public mutating func append(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        guard count <= room else { return false }
        writable.copyMemory(from: bytes, byteCount: count)
        tail &+= count
        return true
    }

    /// Moves the readable region to the front, so that `room` is everything not readable.
    @_noLocks public mutating func compact() {
        guard head > 0 else { return }
        let kept = count
        base.copyMemory(from: base + head, byteCount: kept)
        head = 0
        tail = kept
    }

    /// Removes `count` bytes that start `offset` bytes into the readable region.
    @_noLocks mutating func removeGap(at offset: Int, count gap: Int) {
        precondition(offset >= 0 && gap >= 0 && offset + gap <= count, "a gap lies in the buffer")
        let start = readable + offset
        start.copyMemory(from: start + gap, byteCount: count - offset - gap)
        tail &-= gap
    }

    /// Forgets every byte.
    @_noLocks public mutating func removeAll() {
        head = 0
        tail = 0
    }

    /// Gives whole pages behind the readable region back to the system: after a large response.
    public mutating func releaseUnusedPages() {
        compact()
        let page = 4096
        let start = (UInt(bitPattern: base) + UInt(tail + page - 1)) & ~UInt(page - 1)
        let end = UInt(bitPattern: base + capacity) & ~UInt(page - 1)
        guard end > start, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
        madvise(first, Int(end - start), MADV_DONTNEED)
    }
}

extension ByteBuffer {
    /// Copies `bytes` to the tail, or copies nothing and answers false when they do not fit. Cold.
    @discardableResult
    public mutating func append(_ bytes: some Sequence<UInt8>) -> Bool {
        let start = tail
        for byte in bytes {
            guard room > 0 else {
                tail = start
                return false
            }
            base.storeBytes(of: byte, toByteOffset: tail, as: UInt8.self)
            tail += 1
        }
        return true
    }
}
