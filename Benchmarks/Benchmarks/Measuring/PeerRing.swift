/// Somebody else's ring of 8-byte values, loaded when asked for; measured by its own library.
struct PeerRing: Sendable {
    typealias Make = @convention(c) (Int) -> UnsafeMutableRawPointer?
    typealias Destroy = @convention(c) (UnsafeMutableRawPointer?) -> Void
    typealias Ping =
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt64, UnsafeMutablePointer<UInt64>?
        ) -> Void
    typealias Pong =
        @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt64) -> Void
    typealias Send = @convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void
    typealias Receive = @convention(c) (UnsafeMutableRawPointer?, UInt64) -> UInt64

    /// The library and its version.
    let name: String
    private let make: Make
    private let destroy: Destroy
    /// `count` round trips through two rings; the ticks of each.
    let ping: Ping
    let pong: Pong
    /// The numbers below `count`, and their sum.
    let send: Send
    let receive: Receive

    init(path: String) throws(BenchmarkFailure) {
        let library = try PeerLibrary(path: path)
        name = library.name
        make = unsafeBitCast(try library.symbol("ring_make"), to: Make.self)
        destroy = unsafeBitCast(try library.symbol("ring_destroy"), to: Destroy.self)
        ping = unsafeBitCast(try library.symbol("ring_ping"), to: Ping.self)
        pong = unsafeBitCast(try library.symbol("ring_pong"), to: Pong.self)
        send = unsafeBitCast(try library.symbol("ring_send"), to: Send.self)
        receive = unsafeBitCast(try library.symbol("ring_receive"), to: Receive.self)
    }

    /// A ring of the library's for two threads, as long as this value lives.
    final class Queue: @unchecked Sendable {
        // SAFETY: one thread pushes, one pops; the maker joins both before it lets go.
        let pointer: UnsafeMutableRawPointer?
        private let destroy: Destroy

        init(_ ring: PeerRing, capacity: Int) {
            pointer = ring.make(capacity)
            destroy = ring.destroy
        }

        deinit { destroy(pointer) }
    }
}
