/// Bytes that would lie undefined between two fields of a record: zero when it is made here, whatever
/// an older journal holds, and no part of what the record says.
///
/// Two journals of the same inputs then have the same bytes, and none tells what lay in memory.
@frozen
public struct Filler<Raw: FixedWidthInteger & BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable,
    Equatable
{
    @usableFromInline let raw: Raw

    @inlinable @inline(__always)
    public init() { raw = 0 }

    @inlinable @inline(__always)
    public static func == (left: Filler, right: Filler) -> Bool { true }
}
