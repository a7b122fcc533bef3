import CLinuxURing
import Glibc

/// What the kernel offers the wire, found by trying, not by version numbers.
public struct WireCapabilities: Sendable {
    /// 0 when io_uring works, else why not: ENOSYS (not built in), EPERM (sysctl or seccomp).
    public let ioUringError: Int32
    /// What of io_uring works here.
    public let features: KernelFeatures
    /// The kernel's release text.
    public let kernel: String

    /// Whether ``URingTransport`` can be used at all; else ``DirectTransport`` is the fallback.
    public var hasIoUring: Bool { ioUringError == 0 }

    /// Tries every feature on a small ring of its own. Cold: about a millisecond.
    public static func probe() -> WireCapabilities {
        let trial = FeatureTrial()
        let error = trial.setUp(flags: 0)
        guard error == 0 else {
            return WireCapabilities(ioUringError: -error, features: [], kernel: kernelRelease())
        }
        var found = trial.registrations()
        if trial.worksWith(flags: ringFlags(for: .deferredTaskRun)) {
            found.insert(.deferredTaskRun)
        }
        if trial.worksWith(flags: ringFlags(for: .cooperativeTaskRun)) {
            found.insert(.cooperativeTaskRun)
        }
        return WireCapabilities(ioUringError: 0, features: found, kernel: kernelRelease())
    }

    /// The features a transport will use: what is there, less what is disabled, less what needs
    /// one of those.
    public func inUse(disabling disabled: KernelFeatures) -> KernelFeatures {
        var kept = features.subtracting(disabled)
        if !kept.contains(.bufferRing) { kept.remove(.multishotReceive) }
        if kept.contains(.deferredTaskRun) { kept.remove(.cooperativeTaskRun) }
        return kept
    }

    /// One line a feature, for people.
    public var lines: [KernelFeatureLine] {
        KernelFeatures.descriptions.map { entry in
            KernelFeatureLine(
                feature: entry.feature, name: entry.name, minimumKernel: entry.kernel,
                isAvailable: features.contains(entry.feature), fallback: entry.fallback)
        }
    }

    /// The set-up flags of a ring with these features.
    static func ringFlags(for features: KernelFeatures) -> UInt32 {
        if features.contains(.deferredTaskRun) {
            return IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN
                | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL
        }
        if features.contains(.cooperativeTaskRun) {
            return IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL
        }
        return 0
    }

    private static func kernelRelease() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return withUnsafeBytes(of: names.release) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// A small ring to try features on.
private final class FeatureTrial {
    private let ring = UnsafeMutablePointer<io_uring>.allocate(capacity: 1)
    private var isSetUp = false

    init() { ring.initialize(to: io_uring()) }

    deinit {
        if isSetUp { io_uring_queue_exit(ring) }
        ring.deallocate()
    }

    /// 0 or -errno.
    func setUp(flags: UInt32) -> Int32 {
        let outcome = clinux_uring_create(ring, 8, 0, flags)
        isSetUp = outcome == 0
        return outcome
    }

    func worksWith(flags: UInt32) -> Bool {
        let other = FeatureTrial()
        return other.setUp(flags: flags) == 0
    }

    /// What registers and what operations are taken.
    func registrations() -> KernelFeatures {
        var found: KernelFeatures = []
        if io_uring_register_files_sparse(ring, 4) == 0 { found.insert(.registeredFiles) }
        if io_uring_register_ring_fd(ring) == 1 { found.insert(.registeredRing) }
        if let buffers = clinux_uring_register_buffers(ring, 2) {
            found.insert(.bufferRing)
            if receivesMultishot(buffers) { found.insert(.multishotReceive) }
            io_uring_unregister_buf_ring(ring, 0)
            clinux_uring_unmap_buffers(buffers, 2)
        }
        if acceptsMultishot() { found.insert(.multishotAccept) }
        return found
    }

    /// A byte through a socket pair must arrive with the receive still going on.
    private func receivesMultishot(_ buffers: UnsafeMutablePointer<io_uring_buf_ring>) -> Bool {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return false }
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 16)
        for identifier in 0..<2 {
            clinux_uring_provide_buffer(
                buffers, bytes + identifier * 64, 64, UInt16(identifier), 1)
        }
        _ = clinux_uring_send(pair[1], "x", 1)
        var flags: UInt32 = 0
        if let entry = clinux_uring_next_sqe(ring) {
            clinux_uring_prepare_receive_multishot(entry, pair[0], 0, 1)
            flags = firstCompletion()
        }
        // The end of the stream ends the operation before its buffers go.
        Glibc.close(pair[1])
        while flags & IORING_CQE_F_MORE != 0, firstCompletion() & IORING_CQE_F_MORE != 0 {}
        Glibc.close(pair[0])
        bytes.deallocate()
        return flags & IORING_CQE_F_MORE != 0
    }

    /// A kernel without it refuses at once; one with it goes on waiting for a connection.
    private func acceptsMultishot() -> Bool {
        let listener = clinux_uring_tcp_socket(AF_INET, 0)
        guard listener >= 0 else { return false }
        defer { Glibc.close(listener) }
        let (address, length) = SocketAddress.loopback(port: 0).kernelForm
        let outcome = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                clinux_uring_listen(listener, $0, length, 1)
            }
        }
        guard outcome == 0, let entry = clinux_uring_next_sqe(ring) else { return false }
        clinux_uring_prepare_accept(entry, listener, true, 0, 2)
        clinux_uring_wait(ring, 0)
        if clinux_uring_has_completion(ring) { return false }
        if let cancel = clinux_uring_next_sqe(ring) { clinux_uring_prepare_cancel(cancel, 2, 3) }
        _ = firstCompletion()
        _ = firstCompletion()
        return true
    }

    /// Flags of the next completion, 0 when none comes within 100 ms.
    private func firstCompletion() -> UInt32 {
        clinux_uring_wait(ring, 100_000_000)
        guard let completion = clinux_uring_peek(ring) else { return 0 }
        defer { clinux_uring_advance(ring) }
        return completion.pointee.flags
    }
}
