import CLinuxURing
import Glibc
import Machine

extension DirectReactor {
    mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int {
        let index = try open(address, state: .connecting)
        let (storage, length) = address.kernelForm
        let result = withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                clinux_uring_connect(table.slots[index].file, $0, length)
            }
        }
        // Loopback answers at once, with success or refusal: told by the next cold look.
        table.slots[index].connectResult = result
        activate(index)
        coldCountdown = 0
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
            clinux_uring_close(table.slots[index].file, 0)
            table.give(index)
            throw .listenRefused(errno: -outcome)
        }
        activate(index)
        return index
    }

    private mutating func open(
        _ address: SocketAddress, state: SocketSlot.State
    ) throws(WireFailure) -> Int {
        let file = clinux_uring_tcp_socket(address.family, 1)
        guard file >= 0 else { throw .socketRefused(errno: -file) }
        var outcome = clinux_uring_tune(file, socketSendBytes, socketReceiveBytes)
        if outcome == 0 && stampsReceives {
            outcome = clinux_uring_stamp_receives(file, stampsByHardware)
        }
        guard outcome == 0 else {
            clinux_uring_close(file, 0)
            throw .socketRefused(errno: -outcome)
        }
        let index = table.take(file: file, state: state)
        guard index >= 0 else {
            clinux_uring_close(file, 0)
            throw .noFreeSlot
        }
        return index
    }

    /// Ends a socket; the slot is free at once.
    mutating func retire(_ index: Int, abort: Bool) {
        let slot = table.slot(index)
        if slot.pointee.state == .free { return }
        if slot.pointee.state == .open { openCount -= 1 }
        deactivate(index)
        clinux_uring_close(slot.pointee.file, abort ? 1 : 0)
        table.give(index)
    }

    mutating func shutdownWrite(_ index: Int) {
        let slot = table.slot(index)
        if slot.pointee.state == .open { shutdown(slot.pointee.file, Int32(SHUT_WR)) }
    }

    /// Idles as configured: trying costs a system call here, so spinning means returning at once
    /// and sleeping means one ppoll over all sockets.
    mutating func wait(atMost nanoseconds: Int64) {
        guard case .spinThenWait(let spin) = idle, readyCount == 0 else {
            clinux_uring_pause()
            return
        }
        fillQuestions()
        let count = UInt32(truncatingIfNeeded: activeCount)
        let start = MonotonicTime.now()
        var elapsed: Int64 = 0
        var ready: Int32 = 0
        repeat {
            ready = clinux_uring_poll_now(questions, count)
            elapsed = MonotonicTime.now() &- start
        } while ready == 0 && elapsed < spin && elapsed < nanoseconds
        if ready == 0 && elapsed < nanoseconds {
            ready = clinux_uring_poll(questions, count, nanoseconds &- elapsed)
        }
        // The next poll acts on these answers.
        readyCount = max(0, Int(ready))
        cursor = 0
    }
}
