import CLinuxURing
import Glibc
import Machine

/// Kinds of operations the kernel can have of a slot, as bits; at most one of each at a time.
enum SocketOperation: UInt8, BitwiseCopyable {
    case receive = 1
    case send = 2
    case connect = 4
    case accept = 8
    case cancel = 16
}

/// The io_uring half of ``URingTransport``: ring, slots and receive buffers at a fixed place.
///
/// A completion carries what it belongs to in its user data: generation (32 bits), slot (24 bits),
/// operation (8 bits).
struct URingReactor: BitwiseCopyable {
    let ring: UnsafeMutablePointer<io_uring>
    /// The kernel's queue of provided buffers; `nil` where each receive has a buffer of its own.
    let buffers: UnsafeMutablePointer<io_uring_buf_ring>?
    /// The thread that made the ring.
    let owner: pthread_t
    var pool: BufferPool
    var table: SlotTable
    let features: KernelFeatures
    let isFixedFile: Bool
    /// IOSQE_FIXED_FILE or nothing.
    let fileFlag: UInt8
    let isMultishotReceive: Bool
    let isMultishotAccept: Bool
    let bufferMask: UInt16
    let skipsPerPoll: Int
    let idle: IdleStrategy
    let socketSendBytes: Int32
    let socketReceiveBytes: Int32
    let sendsAtOnce: Bool
    /// Provided buffers that the caller has not given back.
    var heldBuffers = 0
    /// Slots whose receive or accept waits to be started again.
    var starvedSlots = 0
    var statistics = TransportStatistics()

    // MARK: - Completions

    /// The next completion somebody wants to know of. Looks at the queue's tail in shared memory;
    /// enters the kernel only when it says that work waits there.
    @_noLocks
    mutating func poll() -> SocketEvent {
        if !clinux_uring_has_completion(ring) {
            if !clinux_uring_needs_entry(ring) { return SocketEvent(.none) }
            if clinux_uring_has_overflow(ring) { statistics.overflows &+= 1 }
            statistics.taskRuns &+= 1
            _ = clinux_uring_get_events(ring)
        }
        var skips = 0
        while skips < skipsPerPoll, let completion = clinux_uring_peek(ring) {
            let userData = completion.pointee.user_data
            let result = completion.pointee.res
            let flags = completion.pointee.flags
            clinux_uring_advance(ring)
            var event = interpret(userData, result, flags)
            if event.kind != .none {
                event.ticks = clinux_uring_rdtsc()
                return event
            }
            skips &+= 1
        }
        return SocketEvent(.none)
    }

    private mutating func interpret(
        _ userData: UInt64, _ result: Int32, _ flags: UInt32
    ) -> SocketEvent {
        let buffer =
            flags & IORING_CQE_F_BUFFER != 0 ? Int(flags >> UInt32(IORING_CQE_BUFFER_SHIFT)) : -1
        if buffer >= 0 { heldBuffers &+= 1 }
        let index = Int(userData >> 8 & 0xFF_FFFF)
        guard let operation = SocketOperation(rawValue: UInt8(truncatingIfNeeded: userData)),
            operation != .cancel, index < table.capacity
        else { return SocketEvent(.none) }
        let slot = table.slots + index
        let isCurrent = slot.pointee.generation == UInt32(userData >> 32)
        let isOver = flags & IORING_CQE_F_MORE == 0
        if isCurrent && isOver { slot.pointee.pending &= ~operation.rawValue }
        if !isCurrent || slot.pointee.isClosing {
            dropStale(index, operation, result, buffer, isCurrent: isCurrent)
            return SocketEvent(.none)
        }
        switch operation {
        case .receive: return received(index, result, buffer, isOver: isOver)
        case .send: return sent(index, result)
        case .connect: return connected(index, result)
        case .accept: return accepted(index, result, isOver: isOver)
        case .cancel: return SocketEvent(.none)
        }
    }

    /// A completion that came after its slot was closed.
    private mutating func dropStale(
        _ index: Int, _ operation: SocketOperation, _ result: Int32, _ buffer: Int, isCurrent: Bool
    ) {
        statistics.stale &+= 1
        giveBack(buffer)
        if operation == .accept && result >= 0 { _ = clinux_uring_close(result, 1) }
        if isCurrent { settle(index) }
    }

    private mutating func received(
        _ index: Int, _ result: Int32, _ provided: Int, isOver: Bool
    ) -> SocketEvent {
        let slot = table.slots + index
        var buffer = provided
        if buffers == nil {
            buffer = Int(slot.pointee.receiveBuffer)
            slot.pointee.receiveBuffer = -1
        }
        if result > 0 {
            if isOver { armReceive(index, isRepeated: isMultishotReceive) }
            return SocketEvent(
                .received, slot: index, count: Int(result), buffer: buffer,
                data: UnsafeRawPointer(pool.bytes(of: buffer)))
        }
        giveBack(buffer)
        if result == 0 {
            slot.pointee.isReceiveOver = true
            return SocketEvent(.endOfStream, slot: index)
        }
        switch -result {
        case ENOBUFS:
            statistics.starvations &+= 1
            markStarved(index)
        case EAGAIN, EINTR:
            armReceive(index, isRepeated: true)
        default:
            slot.pointee.isReceiveOver = true
            return SocketEvent(.failed, slot: index, error: -result)
        }
        return SocketEvent(.none)
    }

    private func sent(_ index: Int, _ result: Int32) -> SocketEvent {
        if result >= 0 { return SocketEvent(.sent, slot: index, count: Int(result)) }
        if result == -EINTR || result == -EAGAIN { return SocketEvent(.sent, slot: index) }
        return SocketEvent(.failed, slot: index, error: -result)
    }

    private mutating func connected(_ index: Int, _ result: Int32) -> SocketEvent {
        if result != 0 { return SocketEvent(.connectFailed, slot: index, error: -result) }
        table.slots[index].state = .open
        armReceive(index, isRepeated: false)
        return SocketEvent(.connected, slot: index)
    }

    private mutating func accepted(
        _ listener: Int, _ result: Int32, isOver: Bool
    ) -> SocketEvent {
        if result < 0 {
            switch -result {
            case ECONNABORTED, EINTR, EAGAIN, EPROTO:
                if isOver { armAccept(listener, isRepeated: true) }
                return SocketEvent(.none)
            default:
                return SocketEvent(.failed, slot: listener, error: -result)
            }
        }
        if isOver { armAccept(listener, isRepeated: isMultishotAccept) }
        let index = table.take(file: result, state: .open)
        if index < 0 {
            statistics.refusedConnections &+= 1
            _ = clinux_uring_close(result, 1)
            return SocketEvent(.none)
        }
        _ = clinux_uring_tune(result, socketSendBytes, socketReceiveBytes)
        if isFixedFile
            && clinux_uring_set_file(ring, UInt32(truncatingIfNeeded: index), result) < 0
        {
            statistics.refusedConnections &+= 1
            _ = clinux_uring_close(result, 1)
            table.give(index)
            return SocketEvent(.none)
        }
        armReceive(index, isRepeated: false)
        return SocketEvent(.accepted, slot: index, count: listener)
    }

    /// Frees a closing slot once the kernel has nothing of it.
    @_noLocks
    mutating func settle(_ index: Int) {
        let slot = table.slots + index
        if !slot.pointee.isClosing || slot.pointee.pending != 0 { return }
        if slot.pointee.receiveBuffer >= 0 { pool.give(Int(slot.pointee.receiveBuffer)) }
        if slot.pointee.isStarved { starvedSlots &-= 1 }
        table.give(index)
    }

    // MARK: - Operations

    /// Starts receiving on an open slot, or notes that it has to be done later.
    @_noLocks
    mutating func armReceive(_ index: Int, isRepeated: Bool) {
        if isRepeated { statistics.rearms &+= 1 }
        let slot = table.slots + index
        var buffer = -1
        if buffers == nil {
            buffer = pool.take()
            if buffer < 0 {
                statistics.starvations &+= 1
                markStarved(index)
                return
            }
        }
        guard let entry = nextEntry() else {
            if buffer >= 0 { pool.give(buffer) }
            markStarved(index)
            return
        }
        let data = userData(index, .receive)
        let file = fileArgument(index)
        let size = UInt32(truncatingIfNeeded: pool.bufferSize)
        if buffer >= 0 {
            slot.pointee.receiveBuffer = Int32(truncatingIfNeeded: buffer)
            clinux_uring_prepare_receive(
                entry, file, pool.bytes(of: buffer), size, fileFlag, data)
        } else if isMultishotReceive {
            clinux_uring_prepare_receive_multishot(entry, file, fileFlag, data)
        } else {
            clinux_uring_prepare_receive_selecting(entry, file, size, fileFlag, data)
        }
        slot.pointee.pending |= SocketOperation.receive.rawValue
    }

    /// Starts accepting on a listening slot, or notes that it has to be done later.
    @_noLocks
    mutating func armAccept(_ index: Int, isRepeated: Bool) {
        if isRepeated { statistics.rearms &+= 1 }
        guard let entry = nextEntry() else {
            markStarved(index)
            return
        }
        clinux_uring_prepare_accept(
            entry, fileArgument(index), isMultishotAccept, fileFlag, userData(index, .accept))
        table.slots[index].pending |= SocketOperation.accept.rawValue
    }

    @_noLocks
    mutating func send(_ index: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        let slot = table.slot(index)
        if !slot.pointee.isOpen { return Int(-ENOTCONN) }
        if slot.pointee.pending & SocketOperation.send.rawValue != 0 { return Int(-EBUSY) }
        if count <= 0 { return Int(-EINVAL) }
        if sendsAtOnce {
            let sent = clinux_uring_send(slot.pointee.file, bytes, count)
            // Without room the ring waits for it; a lost connection it tells of as ever.
            if sent > 0 { return sent }
        }
        guard let entry = nextEntry() else { return Int(-EAGAIN) }
        clinux_uring_prepare_send(
            entry, fileArgument(index), bytes, UInt32(clamping: count), fileFlag,
            userData(index, .send))
        slot.pointee.pending |= SocketOperation.send.rawValue
        return 0
    }

    /// Hands everything queued to the kernel with one system call, none when nothing is.
    @_noLocks
    mutating func flush() {
        if starvedSlots > 0 && hasFreeBuffer { armStarved() }
        if clinux_uring_queued(ring) > 0 { _ = clinux_uring_submit(ring) }
    }

    /// Gives a received buffer back to the kernel; -1 for none.
    @_noLocks
    mutating func giveBack(_ buffer: Int) {
        if buffer < 0 { return }
        guard let buffers else {
            pool.give(buffer)
            return
        }
        precondition(heldBuffers > 0, "a buffer is given back once")
        heldBuffers &-= 1
        clinux_uring_provide_buffer(
            buffers, pool.bytes(of: buffer), UInt32(truncatingIfNeeded: pool.bufferSize),
            UInt16(truncatingIfNeeded: buffer), bufferMask)
    }

    private var hasFreeBuffer: Bool {
        buffers == nil ? pool.freeCount > 0 : heldBuffers < pool.count
    }

    private mutating func armStarved() {
        var index = 0
        while index < table.capacity && starvedSlots > 0 && hasFreeBuffer {
            let slot = table.slots + index
            if slot.pointee.isStarved {
                slot.pointee.isStarved = false
                starvedSlots &-= 1
                switch slot.pointee.state {
                case .open: armReceive(index, isRepeated: true)
                case .listening: armAccept(index, isRepeated: true)
                case .free, .connecting, .closing: break
                }
                // Still no room in the queue: the next flush goes on.
                if slot.pointee.isStarved { return }
            }
            index &+= 1
        }
    }

    private mutating func markStarved(_ index: Int) {
        if table.slots[index].isStarved { return }
        table.slots[index].isStarved = true
        starvedSlots &+= 1
    }

    /// The next submission entry; submits early when the queue is full.
    @_noLocks
    func nextEntry() -> UnsafeMutablePointer<io_uring_sqe>? {
        if let entry = clinux_uring_next_sqe(ring) { return entry }
        _ = clinux_uring_submit(ring)
        return clinux_uring_next_sqe(ring)
    }

    @_noLocks
    func userData(_ index: Int, _ operation: SocketOperation) -> UInt64 {
        UInt64(table.slots[index].generation) << 32 | UInt64(index) << 8
            | UInt64(operation.rawValue)
    }

    @_noLocks
    func fileArgument(_ index: Int) -> Int32 {
        isFixedFile ? Int32(truncatingIfNeeded: index) : table.slots[index].file
    }
}
