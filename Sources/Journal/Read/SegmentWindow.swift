import Glibc

/// A file read through a buffer that moves forward.
///
/// Read rather than mapped: a segment may be cut while it is being read, and a mapping beyond
/// the end of its file is a fault.
struct SegmentWindow: ~Copyable {
    let name: SegmentName
    let path: String
    private let descriptor: Int32
    private var buffer: UnsafeMutableRawPointer
    private var capacity: Int
    private var start = 0
    private var count = 0

    init(path: String, name: SegmentName, capacity: Int = 1 << 18) throws(JournalFailure) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(operation: "open", path: path, errno: errno)
        }
        self.path = path
        self.name = name
        self.capacity = capacity
        buffer = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Size of the file now.
    var byteCount: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Whether the file is so long; asks the system only for what has not been read.
    func reaches(_ end: Int) -> Bool { end <= start + count || end <= byteCount }

    /// What was read may have been written since.
    mutating func forget() { count = 0 }

    /// `wanted` bytes at `offset`, a multiple of 8; `nil` when the file ends before.
    mutating func bytes(
        at offset: Int, count wanted: Int
    ) throws(JournalFailure) -> UnsafeRawPointer? {
        if offset >= start, offset + wanted <= start + count {
            return UnsafeRawPointer(buffer) + (offset - start)
        }
        try load(at: offset, atLeast: wanted)
        return count >= wanted ? UnsafeRawPointer(buffer) : nil
    }

    /// All bytes in hand from `offset` on, as many as are read at once; empty at the end.
    mutating func chunk(at offset: Int) throws(JournalFailure) -> UnsafeRawBufferPointer {
        if offset < start || offset >= start + count { try load(at: offset, atLeast: 1) }
        return UnsafeRawBufferPointer(
            start: UnsafeRawPointer(buffer) + (offset - start), count: start + count - offset)
    }

    /// The end of the last byte that is not 0 at or behind `offset`, or `offset`.
    mutating func lastUsed(from offset: Int) throws(JournalFailure) -> Int {
        var place = offset
        var last = offset
        while true {
            let chunk = try chunk(at: place)
            if chunk.isEmpty { return last }
            var index = 0
            while index < chunk.count {
                let end = min(index + 8, chunk.count)
                if end - index < 8
                    || chunk.loadUnaligned(fromByteOffset: index, as: UInt64.self) != 0
                {
                    for byte in index..<end where chunk[byte] != 0 { last = place + byte + 1 }
                }
                index = end
            }
            place += chunk.count
        }
    }

    private mutating func load(at offset: Int, atLeast wanted: Int) throws(JournalFailure) {
        if wanted > capacity {
            buffer.deallocate()
            capacity = (wanted + 0xFFFF) & ~0xFFFF
            buffer = .allocate(byteCount: capacity, alignment: 64)
        }
        start = offset
        count = 0
        while count < capacity {
            let got = pread(descriptor, buffer + count, capacity - count, offset + count)
            if got < 0 {
                if errno == EINTR { continue }
                throw .system(operation: "read", path: path, errno: errno)
            }
            if got == 0 { return }
            count += got
        }
    }
}
