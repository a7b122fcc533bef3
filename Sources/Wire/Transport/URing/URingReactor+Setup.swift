import CLinuxURing
import Glibc
import Machine

extension URingReactor {
    /// Buffers the slab must hold: where each receive has its own, one more for every socket that
    /// waits.
    static func bufferCount(
        _ configuration: TransportConfiguration, _ features: KernelFeatures
    ) -> Int {
        features.contains(.bufferRing)
            ? configuration.receiveBufferCount
            : configuration.receiveBufferCount + configuration.slotCapacity
    }

    /// A reactor whose receive buffers lie in `slab`.
    static func make(
        _ configuration: TransportConfiguration, _ wanted: KernelFeatures,
        slab: UnsafeMutableRawPointer
    ) throws(WireFailure) -> UnsafeMutablePointer<URingReactor> {
        let ring = UnsafeMutablePointer<io_uring>.allocate(capacity: 1)
        ring.initialize(to: io_uring())
        let outcome = clinux_uring_create(
            ring, UInt32(configuration.submissionEntries),
            UInt32(max(configuration.completionEntries, configuration.submissionEntries)),
            WireCapabilities.ringFlags(for: wanted))
        guard outcome == 0 else {
            ring.deallocate()
            throw .ioUringRefused(errno: -outcome)
        }
        var features = wanted
        if features.contains(.registeredFiles),
            io_uring_register_files_sparse(ring, UInt32(configuration.slotCapacity)) != 0
        {
            features.remove(.registeredFiles)
        }
        if features.contains(.registeredRing), io_uring_register_ring_fd(ring) != 1 {
            features.remove(.registeredRing)
        }
        var buffers: UnsafeMutablePointer<io_uring_buf_ring>?
        if features.contains(.bufferRing) {
            buffers = clinux_uring_register_buffers(ring, UInt32(configuration.receiveBufferCount))
            guard buffers != nil else {
                io_uring_queue_exit(ring)
                ring.deallocate()
                throw .outOfMemory
            }
        }
        let reactor = UnsafeMutablePointer<URingReactor>.allocate(capacity: 1)
        reactor.initialize(
            to: URingReactor(
                ring: ring, buffers: buffers, features: features, slab: slab,
                configuration: configuration))
        reactor.pointee.provideAll()
        return reactor
    }

    private init(
        ring: UnsafeMutablePointer<io_uring>, buffers: UnsafeMutablePointer<io_uring_buf_ring>?,
        features: KernelFeatures, slab: UnsafeMutableRawPointer,
        configuration: TransportConfiguration
    ) {
        self.ring = ring
        self.buffers = buffers
        self.features = features
        owner = pthread_self()
        pool = BufferPool(
            slab: slab, bufferSize: configuration.receiveBufferSize,
            count: Self.bufferCount(configuration, features))
        table = SlotTable(capacity: configuration.slotCapacity)
        isFixedFile = features.contains(.registeredFiles)
        fileFlag = isFixedFile ? UInt8(clinux_uring_sqe_fixed_file) : 0
        isMultishotReceive = features.contains(.multishotReceive)
        isMultishotAccept = features.contains(.multishotAccept)
        bufferMask = UInt16(configuration.receiveBufferCount - 1)
        skipsPerPoll = configuration.skipsPerPoll
        idle = configuration.idle
        socketSendBytes = Int32(clamping: configuration.socketSendBytes)
        socketReceiveBytes = Int32(clamping: configuration.socketReceiveBytes)
        sendsAtOnce = configuration.sendsAtOnce
    }

    private mutating func provideAll() {
        guard buffers != nil else { return }
        heldBuffers = pool.count
        for buffer in 0..<pool.count { giveBack(buffer) }
    }

    /// Closes every socket, waits until the kernel has let go of the buffers, and frees all.
    mutating func tearDown() {
        for index in 0..<table.capacity { retire(index, abort: false) }
        // A cancelled operation completes at once; the bound is for a ring that is broken.
        var rounds = 0
        while table.usedCount > 0 && rounds < 1000 {
            clinux_uring_wait(ring, 1_000_000)
            while clinux_uring_has_completion(ring) { giveBack(Int(poll().buffer)) }
            rounds += 1
        }
        io_uring_queue_exit(ring)
        if let buffers { clinux_uring_unmap_buffers(buffers, UInt32(bufferMask) + 1) }
        ring.deallocate()
        pool.deallocate()
        table.deallocate()
    }
}
