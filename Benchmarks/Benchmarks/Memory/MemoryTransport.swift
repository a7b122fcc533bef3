import Glibc
import Machine
import Wire

/// Sockets without a kernel: two ends in one process, on one thread.
///
/// What one end sends the other receives at its next poll. It notes when bytes were handed out and
/// when they were taken, which is all that a benchmark of the code between asks of it.
struct MemoryTransport: ~Copyable, Transport {
    private let own: UnsafeMutablePointer<MemoryEnd>
    private let other: UnsafeMutablePointer<MemoryEnd>

    /// One end of a new pair; ``otherEnd()`` is what it connects to.
    init(configuration: TransportConfiguration) throws(WireFailure) {
        own = .allocate(capacity: 2)
        own.initialize(to: MemoryEnd())
        (own + 1).initialize(to: MemoryEnd())
        other = own + 1
    }

    private init(
        own: UnsafeMutablePointer<MemoryEnd>, other: UnsafeMutablePointer<MemoryEnd>
    ) {
        self.own = own
        self.other = other
    }

    /// The end that listens. Both live as long as the process.
    func otherEnd() -> MemoryTransport { MemoryTransport(own: other, other: own) }

    /// When this end last handed bytes out, and when it last took some, for whoever measures.
    var stamps: MemoryStamps { MemoryStamps(end: own) }

    mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int {
        guard let slot = (0..<MemoryEnd.listener).first(where: { own.pointee.isFree($0) }) else {
            throw .outOfMemory
        }
        own.pointee.open(slot)
        other.pointee.open(slot)
        own.pointee.post(SocketEvent(.connected, slot: slot))
        other.pointee.post(SocketEvent(.accepted, slot: slot, count: MemoryEnd.listener))
        return slot
    }

    mutating func listen(
        on address: SocketAddress, backlog: Int
    ) throws(WireFailure) -> Int { MemoryEnd.listener }

    mutating func close(_ slot: Int) {
        own.pointee.release(slot)
        if !other.pointee.isFree(slot) { other.pointee.post(SocketEvent(.endOfStream, slot: slot)) }
    }

    mutating func shutdownWrite(_ slot: Int) { close(slot) }
    mutating func reset(_ slot: Int) { close(slot) }

    @inline(__always)
    mutating func poll() -> SocketEvent { own.pointee.poll() }

    @inline(__always)
    mutating func release(_ event: SocketEvent) {
        if event.kind == .received { own.pointee.drop(Int(event.slot)) }
    }

    @inline(__always)
    mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        own.pointee.sentTicks = TSCClock.ticks()
        let taken = other.pointee.take(slot, bytes, count)
        return taken > 0 ? taken : Int(-EAGAIN)
    }

    mutating func flush() {}
    mutating func wait(atMost nanoseconds: Int64) {}
    func file(of slot: Int) -> Int32 { -1 }
    func localAddress(of slot: Int) -> SocketAddress? { nil }
    func peerAddress(of slot: Int) -> SocketAddress? { nil }
    var statistics: TransportStatistics { TransportStatistics() }
}

/// The moments that an end of a ``MemoryTransport`` notes.
struct MemoryStamps {
    fileprivate let end: UnsafeMutablePointer<MemoryEnd>

    var polled: UInt64 { end.pointee.polledTicks }
    var sent: UInt64 { end.pointee.sentTicks }
}

/// One end's connections and what waits for it.
struct MemoryEnd {
    /// The slot of the listener; connections have those below.
    static let listener = 15

    private let pipes: UnsafeMutablePointer<MemoryPipe>
    private let events: UnsafeMutablePointer<SocketEvent>
    private var head = 0
    private var tail = 0
    /// Bit sets of slots: in use, and with bytes to read.
    private var used: UInt32 = 0
    private var ready: UInt32 = 0
    var polledTicks: UInt64 = 0
    var sentTicks: UInt64 = 0

    init() {
        pipes = .allocate(capacity: Self.listener)
        for slot in 0..<Self.listener { (pipes + slot).initialize(to: MemoryPipe()) }
        events = .allocate(capacity: 64)
        events.initialize(repeating: SocketEvent(.none), count: 64)
    }

    func isFree(_ slot: Int) -> Bool { used & 1 << UInt32(slot) == 0 }

    mutating func open(_ slot: Int) { used |= 1 << UInt32(slot) }

    mutating func release(_ slot: Int) {
        used &= ~(1 << UInt32(slot))
        ready &= ~(1 << UInt32(slot))
        while !pipes[slot].isEmpty { pipes[slot].drop() }
    }

    mutating func post(_ event: SocketEvent) {
        precondition(tail - head < 64, "connections change more often than they are looked at")
        events[tail & 63] = event
        tail += 1
    }

    @inline(__always)
    mutating func poll() -> SocketEvent {
        if ready == 0 && head == tail { return SocketEvent(.none) }
        if head != tail {
            head += 1
            return events[(head - 1) & 63]
        }
        let slot = ready.trailingZeroBitCount
        let piece = pipes[slot].front
        polledTicks = TSCClock.ticks()
        return SocketEvent(
            .received, slot: slot, count: piece.count, data: piece.bytes, ticks: polledTicks)
    }

    mutating func drop(_ slot: Int) {
        if isFree(slot) { return }
        pipes[slot].drop()
        if pipes[slot].isEmpty { ready &= ~(1 << UInt32(slot)) }
    }

    mutating func take(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        if isFree(slot) { return count }
        ready |= 1 << UInt32(slot)
        return pipes[slot].write(bytes, count)
    }
}
