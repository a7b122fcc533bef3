/// Messages of a connection that is not listened to yet, kept in order, in memory of their own.
struct MessageBacklog {
    private let memory: UnsafeMutableRawPointer
    private var head = 0
    private var tail = 0
    private let capacity: Int
    /// Decoders may load past a message's end.
    private static var slack: Int { 64 }
    private static var lengthBytes: Int { @_noLocks get { MemoryLayout<Int>.size } }

    /// Room for `capacity` bytes of messages and their lengths.
    init(capacity: Int) {
        precondition(capacity > 0, "a backlog has room")
        self.capacity = capacity
        memory = .allocate(byteCount: capacity + Self.slack, alignment: 128)
        (memory + capacity).initializeMemory(as: UInt8.self, repeating: 0, count: Self.slack)
    }

    func deallocate() { memory.deallocate() }

    var isEmpty: Bool { @_noLocks get { head == tail } }

    @_noLocks
    mutating func removeAll() {
        head = 0
        tail = 0
    }

    /// Keeps a copy; `false` when there is no room for it.
    @_noLocks
    mutating func append(_ message: MessageText) -> Bool {
        let count = message.count
        if count > capacity &- tail &- Self.lengthBytes { return false }
        // The lowest bit tells the encoding.
        memory.storeBytes(
            of: count << 1 | (message.isBinary ? 1 : 0), toByteOffset: tail, as: Int.self)
        (memory + (tail &+ Self.lengthBytes)).copyMemory(from: message.bytes, byteCount: count)
        tail &+= Self.lengthBytes &+ count
        return true
    }

    /// The oldest message, once; it stays where it is until ``append(_:)``. `nil`: none is left.
    @_noLocks
    mutating func next() -> MessageText? {
        if isEmpty { return nil }
        let mark = memory.loadUnaligned(fromByteOffset: head, as: Int.self)
        let count = mark >> 1
        let text = MessageText(
            bytes: UnsafeRawPointer(memory + (head &+ Self.lengthBytes)), count: count,
            isBinary: mark & 1 == 1)
        head &+= Self.lengthBytes &+ count
        return text
    }
}
