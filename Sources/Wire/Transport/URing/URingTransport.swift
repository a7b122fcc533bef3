import CLinuxURing
import Glibc
import Machine

/// Sockets through one io_uring: single issuer, deferred task running, multishot receive into a
/// ring of provided buffers, registered files, completions polled in shared memory.
///
/// Every feature the kernel lacks has a fallback (``WireCapabilities``). For one hot socket alone
/// ``DirectTransport`` is a fifth faster; for more, this one makes fewer system calls.
public struct URingTransport: ~Copyable, Transport {
    private let memory: AlignedMemory
    /// Fixed for life: the kernel and the hot path point into it.
    private let reactor: UnsafeMutablePointer<URingReactor>

    public init(configuration: TransportConfiguration) throws(WireFailure) {
        configuration.validate()
        let capabilities = WireCapabilities.probe()
        guard capabilities.hasIoUring else {
            throw .ioUringRefused(errno: capabilities.ioUringError)
        }
        let features = capabilities.inUse(disabling: configuration.disabled)
        let slab = try Self.slab(configuration, features)
        reactor = try URingReactor.make(configuration, features, slab: slab.base)
        memory = slab
    }

    private static func slab(
        _ configuration: TransportConfiguration, _ features: KernelFeatures
    ) throws(WireFailure) -> AlignedMemory {
        let stride = BufferPool.stride(bufferSize: configuration.receiveBufferSize)
        let count = URingReactor.bufferCount(configuration, features)
        do {
            return try AlignedMemory(byteCount: count * stride, options: configuration.memory)
        } catch {
            throw .outOfMemory
        }
    }

    deinit {
        reactor.pointee.tearDown()
        reactor.deallocate()
    }

    /// The kernel features in use.
    public var features: KernelFeatures { reactor.pointee.features }
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

    @_noLocks
    public mutating func flush() { reactor.pointee.flush() }

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
