import CLinuxURing
import Glibc
import Machine

extension URingReactor {
    mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int {
        let index = try open(address, state: .connecting)
        let (storage, length) = address.kernelForm
        table.addresses[index] = storage
        guard let entry = nextEntry() else {
            retire(index, abort: true)
            throw .ioUringRefused(errno: EBUSY)
        }
        clinux_uring_prepare_connect(
            entry, fileArgument(index), table.addresses + index, length, fileFlag,
            userData(index, .connect))
        table.slots[index].pending |= SocketOperation.connect.rawValue
        return index
    }

    mutating func listen(
        on address: SocketAddress, backlog: Int
    ) throws(WireFailure) -> Int {
        let index = try open(address, state: .listening)
        let (storage, length) = address.kernelForm
        let outcome = withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                clinux_uring_listen(table.slots[index].file, $0, length, Int32(clamping: backlog))
            }
        }
        guard outcome == 0 else {
            retire(index, abort: false)
            throw .listenRefused(errno: -outcome)
        }
        armAccept(index, isRepeated: false)
        return index
    }

    /// A tuned socket in a slot.
    private mutating func open(
        _ address: SocketAddress, state: SocketSlot.State
    ) throws(WireFailure) -> Int {
        // A single-issuer ring would refuse every submission from elsewhere, silently.
        precondition(pthread_equal(owner, pthread_self()) != 0, "used on the thread that made it")
        let file = clinux_uring_tcp_socket(address.family, 0)
        guard file >= 0 else { throw .socketRefused(errno: -file) }
        var outcome = clinux_uring_tune(file, socketSendBytes, socketReceiveBytes)
        let index = table.take(file: file, state: state)
        guard index >= 0 else {
            clinux_uring_close(file, 0)
            throw .noFreeSlot
        }
        if outcome == 0 && isFixedFile {
            outcome = clinux_uring_set_file(ring, UInt32(index), file)
        }
        guard outcome == 0 else {
            clinux_uring_close(file, 0)
            table.give(index)
            throw .socketRefused(errno: -outcome)
        }
        return index
    }

    /// Ends a socket: what was queued is submitted, what is under way is cancelled, and the kernel
    /// sends FIN (or RST) as soon as the last operation has let go, which is before this returns.
    mutating func retire(_ index: Int, abort: Bool) {
        let slot = table.slot(index)
        if slot.pointee.state == .free || slot.pointee.state == .closing { return }
        _ = clinux_uring_submit(ring)
        let operations: [SocketOperation] = [.receive, .send, .connect, .accept]
        for operation in operations where slot.pointee.pending & operation.rawValue != 0 {
            if let entry = nextEntry() {
                clinux_uring_prepare_cancel(
                    entry, userData(index, operation), userData(index, .cancel))
            } else {
                // The kernel takes nothing now: end the operations through the socket.
                shutdown(slot.pointee.file, Int32(SHUT_RDWR))
            }
        }
        _ = clinux_uring_submit(ring)
        slot.pointee.state = .closing
        if isFixedFile {
            // Linux 6.1 keeps a file that has left the table until every operation of its time has
            // ended, also those of other sockets.
            clinux_uring_end(slot.pointee.file, abort ? 1 : 0)
            _ = clinux_uring_set_file(ring, UInt32(index), -1)
        }
        _ = clinux_uring_close(slot.pointee.file, abort ? 1 : 0)
        _ = clinux_uring_get_events(ring)
        settle(index)
    }

    mutating func shutdownWrite(_ index: Int) {
        let slot = table.slot(index)
        guard slot.pointee.state == .open else { return }
        _ = clinux_uring_submit(ring)
        shutdown(slot.pointee.file, Int32(SHUT_WR))
    }

    /// Idles as configured. The clock is read only here, where there is nothing to do.
    mutating func wait(atMost nanoseconds: Int64) {
        flush()
        guard case .spinThenWait(let spin) = idle else {
            clinux_uring_pause()
            return
        }
        let start = MonotonicTime.now()
        var elapsed: Int64 = 0
        repeat {
            if clinux_uring_has_completion(ring) || clinux_uring_needs_entry(ring) { return }
            clinux_uring_pause()
            elapsed = MonotonicTime.now() &- start
        } while elapsed < spin && elapsed < nanoseconds
        if elapsed < nanoseconds { clinux_uring_wait(ring, nanoseconds &- elapsed) }
    }
}

/// The system's monotonic clock, for idling only.
enum MonotonicTime {
    static func now() -> Int64 {
        var reading = timespec()
        clock_gettime(CLOCK_MONOTONIC, &reading)
        return Int64(reading.tv_sec) &* 1_000_000_000 &+ Int64(reading.tv_nsec)
    }
}
