import CLinuxURing
import Glibc
import Machine

/// Sockets by plain non-blocking `recv` and `send`: the fastest way for a lane with one hot socket,
/// and the fallback where io_uring is not permitted.
///
/// Every poll of an idle socket is a system call of about 0.3 us; a send is done when it returns.
public struct DirectTransport: ~Copyable, Transport {
    private let memory: AlignedMemory
    private let reactor: UnsafeMutablePointer<DirectReactor>

    public init(configuration: TransportConfiguration) throws(WireFailure) {
        configuration.validate()
        let stride = BufferPool.stride(bufferSize: configuration.receiveBufferSize)
        let slab: AlignedMemory
        do {
            slab = try AlignedMemory(
                byteCount: configuration.receiveBufferCount * stride,
                options: configuration.memory)
        } catch {
            throw .outOfMemory
        }
        reactor = .allocate(capacity: 1)
        reactor.initialize(to: DirectReactor(configuration: configuration, slab: slab.base))
        memory = slab
    }

    deinit {
        reactor.pointee.tearDown()
        reactor.deallocate()
    }

    /// What became of the wishes for buffer memory.
    public var memoryGrant: MemoryGrant { memory.grant }
    public var statistics: TransportStatistics { reactor.pointee.statistics }

    public mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int {
        try reactor.pointee.connect(to: address)
    }

    public mutating func listen(
        on address: SocketAddress, backlog: Int
    ) throws(WireFailure) -> Int {
        try reactor.pointee.listen(on: address, backlog: backlog)
    }

    public mutating func close(_ slot: Int) { reactor.pointee.retire(slot, abort: false) }
    public mutating func reset(_ slot: Int) { reactor.pointee.retire(slot, abort: true) }
    public mutating func shutdownWrite(_ slot: Int) { reactor.pointee.shutdownWrite(slot) }

    @_noLocks
    public mutating func poll() -> SocketEvent { reactor.pointee.poll() }

    @_noLocks
    public mutating func release(_ event: SocketEvent) {
        reactor.pointee.giveBack(Int(event.buffer))
    }

    @_noLocks
    public mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        reactor.pointee.send(slot, bytes, count)
    }

    /// Nothing is ever queued.
    @_noLocks
    public mutating func flush() {}

    public mutating func wait(atMost nanoseconds: Int64) {
        reactor.pointee.wait(atMost: nanoseconds)
    }

    public func file(of slot: Int) -> Int32 { reactor.pointee.table.slot(slot).pointee.file }

    public func localAddress(of slot: Int) -> SocketAddress? {
        SocketAddress.of(reactor.pointee.table.slot(slot).pointee.file, getsockname)
    }

    public func peerAddress(of slot: Int) -> SocketAddress? {
        SocketAddress.of(reactor.pointee.table.slot(slot).pointee.file, getpeername)
    }
}
