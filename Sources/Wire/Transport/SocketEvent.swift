/// One thing that happened on one socket.
@frozen
public struct SocketEvent: BitwiseCopyable {
    @frozen
    public enum Kind: BitwiseCopyable, Sendable {
        /// Nothing new.
        case none
        /// A connection started by `connect` stands.
        case connected
        /// It does not: ``SocketEvent/error`` says why. Close the slot.
        case connectFailed
        /// A listener has a new connection in ``SocketEvent/slot``; ``SocketEvent/count`` is the
        /// listener's slot.
        case accepted
        /// ``SocketEvent/count`` bytes at ``SocketEvent/data``; give them back with `release`.
        case received
        /// ``SocketEvent/count`` bytes of the outstanding send are with the kernel; the caller
        /// sends what is left.
        case sent
        /// The peer has finished sending; sending to it is still possible. Comes once.
        case endOfStream
        /// The connection (or listener) is lost: ``SocketEvent/error``. Close the slot.
        case failed

        // The compiler's own comparison is not available to hot code in other modules.
        @_noLocks @inlinable @inline(__always)
        public static func == (left: Kind, right: Kind) -> Bool {
            unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
        }

        @_noLocks @inlinable @inline(__always)
        public static func != (left: Kind, right: Kind) -> Bool {
            unsafeBitCast(left, to: UInt8.self) != unsafeBitCast(right, to: UInt8.self)
        }
    }

    public var kind: Kind
    /// The socket concerned.
    public var slot: Int32
    public var count: Int32
    /// An errno value, 0 when there is none.
    public var error: Int32
    /// The receive buffer to give back, -1 for none.
    @usableFromInline var buffer: Int32
    /// Received bytes, with 8 readable bytes after them; valid until `release`.
    public var data: UnsafeRawPointer?
    /// The time stamp counter when the event was seen.
    public var ticks: UInt64
    /// Nanoseconds that the received bytes lay in the kernel, from its stamp on their last segment
    /// to the receive's return; -1 where receives are not stamped.
    public var waited: Int64 = -1

    @_noLocks
    @inlinable
    package init(
        _ kind: Kind, slot: Int = -1, count: Int = 0, error: Int32 = 0, buffer: Int = -1,
        data: UnsafeRawPointer? = nil, ticks: UInt64 = 0
    ) {
        self.kind = kind
        self.slot = Int32(truncatingIfNeeded: slot)
        self.count = Int32(truncatingIfNeeded: count)
        self.error = error
        self.buffer = Int32(truncatingIfNeeded: buffer)
        self.data = data
        self.ticks = ticks
    }
}
