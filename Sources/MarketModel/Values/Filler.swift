/// A byte that would lie undefined between two fields of a record: zero when it is made here, whatever
/// an older journal holds, and no part of what the record says.
///
/// Two journals of the same inputs then have the same bytes, and none tells what lay in memory.
@frozen
public struct Filler8: BitwiseCopyable, Sendable, Equatable {
    @usableFromInline let raw: UInt8

    @inlinable @inline(__always)
    public init() { raw = 0 }

    @inlinable @inline(__always)
    public static func == (left: Filler8, right: Filler8) -> Bool { true }
}

/// Two such bytes.
@frozen
public struct Filler16: BitwiseCopyable, Sendable, Equatable {
    @usableFromInline let raw: UInt16

    @inlinable @inline(__always)
    public init() { raw = 0 }

    @inlinable @inline(__always)
    public static func == (left: Filler16, right: Filler16) -> Bool { true }
}

/// Four such bytes.
@frozen
public struct Filler32: BitwiseCopyable, Sendable, Equatable {
    @usableFromInline let raw: UInt32

    @inlinable @inline(__always)
    public init() { raw = 0 }

    @inlinable @inline(__always)
    public static func == (left: Filler32, right: Filler32) -> Bool { true }
}

/// Eight such bytes.
@frozen
public struct Filler64: BitwiseCopyable, Sendable, Equatable {
    @usableFromInline let raw: UInt64

    @inlinable @inline(__always)
    public init() { raw = 0 }

    @inlinable @inline(__always)
    public static func == (left: Filler64, right: Filler64) -> Bool { true }
}
