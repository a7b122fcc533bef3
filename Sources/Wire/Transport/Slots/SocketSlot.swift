import CLinuxURing
import Glibc

/// What a transport knows of one socket.
struct SocketSlot: BitwiseCopyable {
    enum State: BitwiseCopyable {
        case free
        case connecting
        case listening
        case open
        /// Given up by the caller; the kernel still has operations of it.
        case closing
    }

    var file: Int32 = -1
    /// Grows with every use of the slot, so that a late completion cannot be taken for a new one.
    var generation: UInt32 = 0
    /// The next free slot, -1 for none.
    var nextFree: Int32 = -1
    /// The buffer of a receive under way, where each receive has its own; else -1.
    var receiveBuffer: Int32 = -1
    /// Direct: how an immediate connect ended, -EINPROGRESS while it has not.
    var connectResult: Int32 = -EINPROGRESS
    /// Direct: index in the list of active slots.
    var activeIndex: Int32 = -1
    var state = State.free
    /// Bits of the operations the kernel has.
    var pending: UInt8 = 0
    /// A receive or accept could not be started again yet.
    var isStarved = false
    /// The peer has finished, or the connection failed: nothing more to receive.
    var isReceiveOver = false
    /// Direct: the last send was refused for lack of space.
    var wantsWrite = false

    // The compiler's own == is not available to hot code in other files.
    var isOpen: Bool {
        @_noLocks get { if case .open = state { true } else { false } }
    }
    var isClosing: Bool {
        @_noLocks get { if case .closing = state { true } else { false } }
    }
}

/// All slots of a transport and the list of free ones.
struct SlotTable: BitwiseCopyable {
    let slots: UnsafeMutablePointer<SocketSlot>
    /// Where each slot's connect goes: the kernel reads it when the operation is submitted.
    let addresses: UnsafeMutablePointer<sockaddr_in6>
    let capacity: Int
    private var firstFree: Int32 = 0
    /// Slots in use or closing.
    private(set) var usedCount = 0

    init(capacity: Int) {
        self.capacity = capacity
        slots = .allocate(capacity: capacity)
        addresses = .allocate(capacity: capacity)
        addresses.initialize(repeating: sockaddr_in6(), count: capacity)
        for index in 0..<capacity {
            var slot = SocketSlot()
            slot.nextFree = index + 1 < capacity ? Int32(index + 1) : -1
            (slots + index).initialize(to: slot)
        }
    }

    func deallocate() {
        slots.deallocate()
        addresses.deallocate()
    }

    /// Traps when the caller names a slot that cannot exist.
    @_noLocks
    func slot(_ index: Int) -> UnsafeMutablePointer<SocketSlot> {
        precondition(index >= 0 && index < capacity, "the slot is one of this transport")
        return slots + index
    }

    /// A fresh slot for a socket, or -1 when all are in use.
    @_noLocks
    mutating func take(file: Int32, state: SocketSlot.State) -> Int {
        if firstFree < 0 { return -1 }
        let index = Int(firstFree)
        let slot = slots + index
        firstFree = slot.pointee.nextFree
        let generation = slot.pointee.generation &+ 1
        slot.pointee = SocketSlot()
        slot.pointee.generation = generation
        slot.pointee.file = file
        slot.pointee.state = state
        usedCount &+= 1
        return index
    }

    /// Makes a slot free again.
    @_noLocks
    mutating func give(_ index: Int) {
        let slot = slots + index
        slot.pointee.state = .free
        slot.pointee.file = -1
        slot.pointee.generation &+= 1
        slot.pointee.nextFree = firstFree
        firstFree = Int32(truncatingIfNeeded: index)
        usedCount &-= 1
    }
}
