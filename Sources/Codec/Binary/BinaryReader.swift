/// Simple Binary Encoding: little-endian fields at fixed places of a block, then groups, then data
/// of varying length.
///
/// Goes over one message from front to back; every length that it takes from the message is
/// compared with what is left of it. A view: valid as long as the message's bytes.
struct BinaryReader: BitwiseCopyable, @unchecked Sendable {
    private var position: UnsafeRawPointer
    private let end: UnsafeRawPointer

    @_noLocks @inline(__always)
    init(_ start: UnsafeRawPointer, _ count: Int) {
        position = start
        end = start + count
    }

    /// Bytes that are left.
    @inline(__always)
    var remaining: Int { @_noLocks get { end - position } }

    /// The next `count` bytes as fixed fields. A newer sender's block is longer than we know: the
    /// rest of it is passed over.
    @_noLocks @inline(__always)
    mutating func block(_ count: Int) throws(DecodeFailure) -> BinaryBlock {
        if count > remaining { throw .truncated }
        let block = BinaryBlock(position, count)
        position += count
        return block
    }

    /// The head of a group whose dimensions are two 16-bit numbers.
    @_noLocks @inline(__always)
    mutating func group16() throws(DecodeFailure) -> BinaryGroup {
        let head = try block(4)
        return BinaryGroup(
            entryLength: Int(try head.uint16(0)), count: Int(try head.uint16(2)))
    }

    /// The head of a group that counts its entries in 32 bits.
    @_noLocks @inline(__always)
    mutating func group32() throws(DecodeFailure) -> BinaryGroup {
        let head = try block(6)
        return BinaryGroup(
            entryLength: Int(try head.uint16(0)), count: Int(try head.uint32(2)))
    }

    /// The entries of a group that has nothing but fixed fields of at least `length` bytes, all at
    /// once. The product of two lengths from outside fits 48 bits.
    @_noLocks @inline(__always)
    mutating func entries(
        _ group: BinaryGroup, of length: Int
    ) throws(DecodeFailure) -> BinaryBlock {
        if group.count > 0, group.entryLength < length { throw .truncated }
        return try block(group.count &* group.entryLength)
    }

    /// Data behind a length of 8 bits.
    @_noLocks @inline(__always)
    mutating func data8() throws(DecodeFailure) -> BinaryBlock {
        try block(Int(try block(1).uint8(0)))
    }

    /// Data behind a length of 16 bits.
    @_noLocks @inline(__always)
    mutating func data16() throws(DecodeFailure) -> BinaryBlock {
        try block(Int(try block(2).uint16(0)))
    }

    /// Data behind a length of 32 bits.
    @_noLocks @inline(__always)
    mutating func data32() throws(DecodeFailure) -> BinaryBlock {
        try block(Int(try block(4).uint32(0)))
    }
}

/// The dimensions of a group.
struct BinaryGroup: BitwiseCopyable {
    /// Bytes of an entry's fixed fields.
    let entryLength: Int
    let count: Int

    @_noLocks @inline(__always)
    init(entryLength: Int, count: Int) {
        self.entryLength = entryLength
        self.count = count
    }
}

/// A stretch of a message: fixed fields, or data of varying length.
struct BinaryBlock: BitwiseCopyable, @unchecked Sendable {
    let start: UnsafeRawPointer
    let count: Int

    @_noLocks @inline(__always)
    init(_ start: UnsafeRawPointer, _ count: Int) {
        self.start = start
        self.count = count
    }

    /// Whether the sender's version has a field that ends here.
    @_noLocks @inline(__always)
    func holds(_ offset: Int, _ width: Int) -> Bool { offset &+ width <= count }

    @_noLocks @inline(__always)
    func int64(_ offset: Int) throws(DecodeFailure) -> Int64 {
        if !holds(offset, 8) { throw .truncated }
        return Int64(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    }

    @_noLocks @inline(__always)
    func uint32(_ offset: Int) throws(DecodeFailure) -> UInt32 {
        if !holds(offset, 4) { throw .truncated }
        return UInt32(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @_noLocks @inline(__always)
    func uint16(_ offset: Int) throws(DecodeFailure) -> UInt16 {
        if !holds(offset, 2) { throw .truncated }
        return UInt16(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @_noLocks @inline(__always)
    func uint8(_ offset: Int) throws(DecodeFailure) -> UInt8 {
        if !holds(offset, 1) { throw .truncated }
        return start.load(fromByteOffset: offset, as: UInt8.self)
    }

    @_noLocks @inline(__always)
    func int8(_ offset: Int) throws(DecodeFailure) -> Int8 {
        Int8(bitPattern: try uint8(offset))
    }

    /// An identifier or count of 0 or more; the null value is negative.
    @_noLocks @inline(__always)
    func count64(_ offset: Int) throws(DecodeFailure) -> Int64 {
        let value = try int64(offset)
        if value < 0 { throw .invalidNumber }
        return value
    }

    /// `boolEnum`: 0 or 1; null and what newer schemas add are refused.
    @_noLocks @inline(__always)
    func boolean(_ offset: Int) throws(DecodeFailure) -> Bool {
        let value = try uint8(offset)
        if value > 1 { throw .wrongType }
        return value == 1
    }

    /// The block as text.
    @inline(__always)
    var text: UnsafePointer<UInt8> {
        @_noLocks get { start.assumingMemoryBound(to: UInt8.self) }
    }
}
