/// One message of the Simple Binary Encoding where it lies: its header, its fixed fields, and what
/// follows them.
///
/// A message may hold others whole, each with a header of its own.
public struct BinaryMessage: BitwiseCopyable, @unchecked Sendable {
    let template: UInt16
    /// Fixed fields, as long as the sender's version has them.
    let fields: BinaryBlock
    /// Groups and data.
    let rest: BinaryReader

    /// Reads the header of a message of `count` bytes: block length, template, schema, version,
    /// 16 bits each. `wrongSchema` when it is of another schema. Every version of a schema can be
    /// read: fields that it lacks are missing at the block's end, those that it adds come there.
    @_noLocks @inline(__always)
    init(
        _ bytes: UnsafeRawPointer, _ count: Int, schema: UInt16
    ) throws(DecodeFailure) {
        var reader = BinaryReader(bytes, count)
        let header = try reader.block(8)
        if try header.uint16(4) != schema { throw .wrongSchema }
        template = try header.uint16(2)
        fields = try reader.block(Int(try header.uint16(0)))
        rest = reader
    }

    /// A message within another.
    @_noLocks @inline(__always)
    init(_ data: BinaryBlock, schema: UInt16) throws(DecodeFailure) {
        try self.init(data.start, data.count, schema: schema)
    }
}

/// The entries of a group, one after the other.
struct BinaryRows: BitwiseCopyable {
    /// Stands behind the entry's fixed fields; whoever reads on has read all that follows them.
    var rest: BinaryReader
    private let entryLength: Int
    private var left: Int

    @_noLocks
    init(_ group: BinaryGroup, _ reader: BinaryReader) {
        rest = reader
        entryLength = group.entryLength
        left = group.count
    }

    /// The next entry's fixed fields; `nil` after the last.
    @_noLocks
    mutating func next() throws(DecodeFailure) -> BinaryBlock? {
        if left == 0 { return nil }
        left &-= 1
        return try rest.block(entryLength)
    }
}
