/// Requests that are sealed and about to leave in one send: their numbers, and since when.
@frozen @usableFromInline
struct SealedBatch: BitwiseCopyable {
    /// Requests of one send. The first waits until the last is sealed, which for two costs a tenth
    /// of the second send that it saves.
    @usableFromInline static var capacity: Int { @_noLocks @inlinable get { 8 } }

    @usableFromInline var numbers = InlineArray<8, UInt64>(repeating: 0)
    @usableFromInline var ticks = InlineArray<8, UInt64>(repeating: 0)
    @usableFromInline var count = 0
    @usableFromInline var hasCancel = false

    @_noLocks @inlinable
    init() {}

    @inlinable @inline(__always)
    var isFull: Bool { @_noLocks get { count == Self.capacity } }

    @_noLocks @inlinable @inline(__always)
    mutating func add(_ number: UInt64, at moment: UInt64) {
        numbers[count] = number
        ticks[count] = moment
        count &+= 1
    }

    @_noLocks @inlinable @inline(__always)
    mutating func clear() {
        count = 0
        hasCancel = false
    }
}
