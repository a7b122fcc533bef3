import CLinuxURing
import Glibc
import Machine

/// The state of a ``DirectTransport`` at a fixed place: slots, receive buffers, and the list of
/// sockets to look at.
///
/// With few sockets each poll simply tries to receive. With more, one poll(2) asks for all of them
/// and only the ready ones are read until the answer is used up.
struct DirectReactor: BitwiseCopyable {
    var pool: BufferPool
    var table: SlotTable
    /// Slots with a socket, densely; closing a slot moves the last one into its place.
    let active: UnsafeMutablePointer<Int32>
    /// The question to poll(2), in the order of ``active``.
    let questions: UnsafeMutablePointer<pollfd>
    var activeCount = 0
    var openCount = 0
    /// Where the next look begins.
    var cursor = 0
    /// Answers of the last poll(2) not yet acted upon.
    var readyCount = 0
    /// Calls of ``poll()`` until listeners and pending connects are looked at again.
    var coldCountdown: Int
    let coldPollInterval: Int
    let sweepLimit: Int
    let idle: IdleStrategy
    let socketSendBytes: Int32
    let socketReceiveBytes: Int32
    let stampsReceives: Bool
    let stampsByHardware: Bool
    var statistics = TransportStatistics()

    init(configuration: TransportConfiguration, slab: UnsafeMutableRawPointer) {
        pool = BufferPool(
            slab: slab, bufferSize: configuration.receiveBufferSize,
            count: configuration.receiveBufferCount)
        table = SlotTable(capacity: configuration.slotCapacity)
        active = .allocate(capacity: configuration.slotCapacity)
        active.initialize(repeating: -1, count: configuration.slotCapacity)
        questions = .allocate(capacity: configuration.slotCapacity)
        questions.initialize(repeating: pollfd(), count: configuration.slotCapacity)
        coldPollInterval = configuration.coldPollInterval
        coldCountdown = coldPollInterval
        sweepLimit = configuration.directSweepLimit
        idle = configuration.idle
        socketSendBytes = Int32(clamping: configuration.socketSendBytes)
        socketReceiveBytes = Int32(clamping: configuration.socketReceiveBytes)
        stampsReceives = configuration.receiveTimestamps != .off
        stampsByHardware = configuration.receiveTimestamps == .hardware
    }

    mutating func tearDown() {
        while activeCount > 0 { retire(Int(active[activeCount - 1]), abort: false) }
        active.deallocate()
        questions.deallocate()
        pool.deallocate()
        table.deallocate()
    }

    // MARK: - Looking

    @_noLocks
    mutating func poll() -> SocketEvent {
        var event =
            openCount > sweepLimit || readyCount > 0 ? pollAsking() : pollTrying()
        if event.kind != .none { event.ticks = clinux_uring_rdtsc() }
        return event
    }

    /// One receive per open socket, in turn; listeners and connects now and then.
    private mutating func pollTrying() -> SocketEvent {
        coldCountdown &-= 1
        let looksAtCold = coldCountdown <= 0
        if looksAtCold { coldCountdown = coldPollInterval }
        var left = activeCount
        while left > 0 {
            left &-= 1
            cursor &+= 1
            if cursor >= activeCount { cursor = 0 }
            let index = Int(active[cursor])
            if !looksAtCold && !table.slots[index].isOpen { continue }
            let event = look(at: index)
            if event.kind != .none {
                // What is left of a cold look goes on with the next call.
                if looksAtCold { coldCountdown = 0 }
                return event
            }
        }
        return SocketEvent(.none)
    }

    /// Acts on the answers of one poll(2), and asks again when they are used up.
    private mutating func pollAsking() -> SocketEvent {
        if readyCount <= 0 {
            fillQuestions()
            readyCount = Int(
                clinux_uring_poll_now(questions, UInt32(truncatingIfNeeded: activeCount)))
            cursor = 0
        }
        while readyCount > 0 && cursor < activeCount {
            let position = cursor
            cursor &+= 1
            if questions[position].revents == 0 { continue }
            readyCount &-= 1
            let event = look(at: Int(active[position]))
            if event.kind != .none { return event }
        }
        readyCount = 0
        return SocketEvent(.none)
    }

    /// Tries what the slot waits for.
    private mutating func look(at index: Int) -> SocketEvent {
        let slot = table.slots + index
        switch slot.pointee.state {
        case .open: return slot.pointee.isReceiveOver ? SocketEvent(.none) : receive(index)
        case .connecting:
            return slot.pointee.isReceiveOver ? SocketEvent(.none) : finishConnect(index)
        case .listening: return accept(index)
        case .free, .closing: return SocketEvent(.none)
        }
    }

    private mutating func receive(_ index: Int) -> SocketEvent {
        let buffer = pool.take()
        if buffer < 0 {
            statistics.starvations &+= 1
            return SocketEvent(.none)
        }
        let slot = table.slots + index
        let bytes = pool.bytes(of: buffer)
        var waited: Int64 = -1
        let count: Int
        if stampsReceives {
            let stamped = clinux_uring_recv_stamped(slot.pointee.file, bytes, pool.bufferSize)
            count = stamped.count
            waited = stamped.waited
        } else {
            count = clinux_uring_recv(slot.pointee.file, bytes, pool.bufferSize)
        }
        if count > 0 {
            var event = SocketEvent(
                .received, slot: index, count: count, buffer: buffer,
                data: UnsafeRawPointer(bytes))
            event.waited = waited
            return event
        }
        pool.give(buffer)
        if count == 0 {
            slot.pointee.isReceiveOver = true
            return SocketEvent(.endOfStream, slot: index)
        }
        let error = Int32(truncatingIfNeeded: -count)
        if error == EAGAIN || error == EINTR { return SocketEvent(.none) }
        slot.pointee.isReceiveOver = true
        return SocketEvent(.failed, slot: index, error: error)
    }

    private mutating func finishConnect(_ index: Int) -> SocketEvent {
        let slot = table.slots + index
        var result = slot.pointee.connectResult
        if result == -EINPROGRESS { result = clinux_uring_connect_result(slot.pointee.file) }
        if result == -EINPROGRESS { return SocketEvent(.none) }
        if result != 0 {
            slot.pointee.isReceiveOver = true
            return SocketEvent(.connectFailed, slot: index, error: -result)
        }
        slot.pointee.state = .open
        openCount &+= 1
        return SocketEvent(.connected, slot: index)
    }

    private mutating func accept(_ listener: Int) -> SocketEvent {
        let file = clinux_uring_accept(table.slots[listener].file)
        if file < 0 {
            switch -file {
            case EAGAIN, EINTR, ECONNABORTED, EPROTO: return SocketEvent(.none)
            default:
                // A listener that cannot accept is given up, not asked for ever.
                deactivate(listener)
                return SocketEvent(.failed, slot: listener, error: -file)
            }
        }
        let index = table.take(file: file, state: .open)
        if index < 0 {
            statistics.refusedConnections &+= 1
            _ = clinux_uring_close(file, 1)
            return SocketEvent(.none)
        }
        _ = clinux_uring_tune(file, socketSendBytes, socketReceiveBytes)
        if stampsReceives { _ = clinux_uring_stamp_receives(file, stampsByHardware) }
        openCount &+= 1
        activate(index)
        return SocketEvent(.accepted, slot: index, count: listener)
    }

    // MARK: - Sending and giving back

    @_noLocks
    mutating func send(_ index: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        let slot = table.slot(index)
        if !slot.pointee.isOpen { return Int(-ENOTCONN) }
        if count <= 0 { return Int(-EINVAL) }
        let sent = clinux_uring_send(slot.pointee.file, bytes, count)
        if sent > 0 {
            slot.pointee.wantsWrite = false
            return sent
        }
        if sent == 0 || sent == Int(-EINTR) { return Int(-EAGAIN) }
        if sent == Int(-EAGAIN) { slot.pointee.wantsWrite = true }
        return sent
    }

    @_noLocks
    mutating func giveBack(_ buffer: Int) {
        if buffer >= 0 { pool.give(buffer) }
    }

    // MARK: - The list

    @_noLocks
    mutating func activate(_ index: Int) {
        active[activeCount] = Int32(truncatingIfNeeded: index)
        table.slots[index].activeIndex = Int32(truncatingIfNeeded: activeCount)
        questions[activeCount].revents = 0
        activeCount &+= 1
    }

    @_noLocks
    mutating func deactivate(_ index: Int) {
        let place = Int(table.slots[index].activeIndex)
        if place < 0 { return }
        activeCount &-= 1
        let moved = active[activeCount]
        active[place] = moved
        table.slots[Int(moved)].activeIndex = Int32(truncatingIfNeeded: place)
        table.slots[index].activeIndex = -1
        // The answers no longer match the list.
        readyCount = 0
    }

    /// What each slot waits for; a negative descriptor asks for nothing.
    @_noLocks
    mutating func fillQuestions() {
        var place = 0
        while place < activeCount {
            let slot = table.slots + Int(active[place])
            var file = slot.pointee.file
            var events = Int16(truncatingIfNeeded: POLLIN)
            switch slot.pointee.state {
            case .connecting: events = Int16(truncatingIfNeeded: POLLOUT)
            case .open:
                if slot.pointee.isReceiveOver { events = 0 }
                if slot.pointee.wantsWrite { events |= Int16(truncatingIfNeeded: POLLOUT) }
            case .listening, .free, .closing: break
            }
            if slot.pointee.isReceiveOver && !slot.pointee.wantsWrite { file = -1 }
            questions[place] = pollfd(fd: file, events: events, revents: 0)
            place &+= 1
        }
    }
}
