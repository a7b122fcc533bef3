import Glibc
import Wire

/// The network between the engine and the exchange, in memory: connections as TCP gives them, with
/// delays and faults out of a seed.
///
/// Bytes of one direction arrive in order or not at all; everything else about them is open:
/// when, in which pieces, and whether the end is heard of.
final class SimulatedNetwork {
    enum Side: Int { case engine, exchange }

    /// One direction of a connection.
    private struct Flow {
        /// When the bytes before arrive: later ones come after them.
        var lastDue: Int64 = 0
        /// Bytes that are sent and not yet read.
        var waiting = 0
        /// Bytes left to arrive one by one.
        var dripping = 0
    }

    private struct Connection {
        var number: UInt64
        /// Directions by the side that sends.
        var flows = [Flow(), Flow()]
        /// Slot at each side, -1 while there is none.
        var slots: [Int]
        var hasEnded = [false, false]
        /// Neither side hears of the other any more.
        var isDead = false
    }

    /// The world's time, nanoseconds.
    var now: Int64 = 0
    /// One-way delay, nanoseconds.
    let latency: Int64
    private let faults: FaultSource
    private var connections: [UInt64: Connection] = [:]
    /// Ports that the exchange listens at: its first slots, whether or not it is up.
    private let ports: [UInt16]
    /// Connection by slot, for each side.
    private var slots: [[UInt64?]]
    private var queues = [EventHeap(), EventHeap()]
    private var lastConnection: UInt64 = 0
    private var lastNumber: UInt64 = 0
    /// Whether the engine is already dead, though its code still runs to the end of its turn: what
    /// it sends goes nowhere.
    var isFatal: (() -> Bool)?
    /// How much a peer may be behind before sends are refused.
    private let window = 1 << 20

    init(latency: Int64, faults: FaultSource, ports: [UInt16] = [1]) {
        self.latency = latency
        self.faults = faults
        self.ports = ports
        slots = [[], ports.map { _ in nil }]
    }

    deinit {
        for side in 0..<2 {
            while let event = queues[side].pop() { event.bytes?.deallocate() }
        }
    }

    /// When a side has something to hear of; `nil` when nothing is under way.
    func nextDue(_ side: Side) -> Int64? { queues[side.rawValue].first?.due }

    // MARK: - Connections

    /// The listener's slot; `nil`: the network has no such port.
    func listen(at port: UInt16) -> Int? { ports.firstIndex(of: port) }

    /// Whoever listens at no port refuses.
    func connect(to port: UInt16 = 1) -> Int {
        let slot = freeSlot(on: .engine)
        lastConnection += 1
        let number = lastConnection
        slots[Side.engine.rawValue][slot] = number
        var connection = Connection(number: number, slots: [slot, -1])
        let arrival = now + latency
        let listener = listen(at: port)
        if faults.strikes(.connectSilence) {
            connection.isDead = true
        } else if faults.strikes(.connectRefused) || listener == nil {
            push(.engine, .connectFailed, connection, due: arrival + latency, error: ECONNREFUSED)
        } else if faults.strikes(.acceptThenSilence) {
            connection.isDead = true
            push(.engine, .connected, connection, due: arrival + latency)
        } else if let listener {
            let other = freeSlot(on: .exchange)
            slots[Side.exchange.rawValue][other] = number
            connection.slots[Side.exchange.rawValue] = other
            push(.exchange, .accepted, connection, due: arrival, count: listener)
            push(.engine, .connected, connection, due: arrival + latency)
        }
        connections[number] = connection
        return slot
    }

    /// Ends a connection in order: what is under way arrives, then the end.
    func close(_ slot: Int, on side: Side) {
        guard let connection = take(slot, on: side) else { return }
        if connection.isDead { return }
        let due = max(now + latency, connection.flows[side.rawValue].lastDue)
        push(side.other, .endOfStream, connection, due: due)
    }

    /// Ends it at once; the other side hears of a reset.
    func reset(_ slot: Int, on side: Side) {
        guard let connection = take(slot, on: side) else { return }
        if connection.isDead { return }
        push(side.other, .failed, connection, due: now + latency, error: ECONNRESET)
    }

    /// A process is gone: its kernel resets every connection.
    func resetAll(of side: Side) {
        for slot in slots[side.rawValue].indices { reset(slot, on: side) }
    }

    private func take(_ slot: Int, on side: Side) -> Connection? {
        guard slot < slots[side.rawValue].count, let number = slots[side.rawValue][slot],
            var connection = connections[number]
        else { return nil }
        slots[side.rawValue][slot] = nil
        connection.hasEnded[side.rawValue] = true
        let isOver = connection.hasEnded[0] && connection.hasEnded[1]
            || connection.slots[side.other.rawValue] < 0
        connections[number] = isOver ? nil : connection
        return connection
    }

    private func freeSlot(on side: Side) -> Int {
        let first = side == .exchange ? ports.count : 0
        let list = slots[side.rawValue]
        if let free = list.indices.first(where: { $0 >= first && list[$0] == nil }) { return free }
        slots[side.rawValue].append(nil)
        return list.count
    }

    // MARK: - Sending

    /// Takes bytes to send, perhaps not all; -errno when the connection is lost or full.
    func send(_ bytes: UnsafeRawPointer, _ count: Int, from slot: Int, on side: Side) -> Int {
        if side == .engine, let isFatal, isFatal() { return count }
        guard slot < slots[side.rawValue].count, let number = slots[side.rawValue][slot],
            var connection = connections[number]
        else { return Int(-ECONNRESET) }
        if connection.isDead { return count }
        if connection.hasEnded[side.other.rawValue] { return Int(-EPIPE) }
        if connection.flows[side.rawValue].waiting >= window { return Int(-EAGAIN) }
        defer { if connections[number] != nil { connections[number] = connection } }
        var taken = count
        if count > 1, faults.strikes(.shortWrite) {
            taken = Int(faults.number(.shortWrite, in: 1...Int64(count - 1)))
        }
        if breaksOff(&connection) { return taken }
        delay(side, &connection)
        let lost = side == .exchange ? lostPong(bytes, taken) : 0
        deliver(bytes + lost, taken - lost, side, &connection)
        return taken
    }

    /// Bytes of an answer to a ping that never arrives: a whole frame of the exchange's at the
    /// beginning of what it sends.
    private func lostPong(_ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        if count < 2 || bytes.load(as: UInt8.self) != 0x8A { return 0 }
        let length = 2 + Int(bytes.load(fromByteOffset: 1, as: UInt8.self))
        return length <= count && faults.strikes(.unansweredPing) ? length : 0
    }

    /// Faults that end the connection before the bytes leave; whether one did.
    private func breaksOff(_ connection: inout Connection) -> Bool {
        if faults.strikes(.halfOpen) {
            connection.isDead = true
        } else if faults.strikes(.reset) {
            lose(&connection, .failed, ECONNRESET)
        } else if faults.strikes(.endOfStream) {
            lose(&connection, .endOfStream, 0)
        }
        return connection.isDead
    }

    /// Both sides hear that the connection has ended.
    private func lose(_ connection: inout Connection, _ kind: SocketEvent.Kind, _ error: Int32) {
        connection.isDead = true
        for side in [Side.engine, .exchange] where connection.slots[side.rawValue] >= 0 {
            let due = max(now + latency, connection.flows[side.other.rawValue].lastDue)
            push(side, kind, connection, due: due, error: error)
        }
    }

    private func delay(_ side: Side, _ connection: inout Connection) {
        let place = side.rawValue
        var due = now + latency
        if faults.strikes(.jitter) { due += faults.number(.jitter, in: 0...latency * 20) }
        if faults.strikes(.stall) {
            due += faults.number(.stall, in: 100_000_000...4_000_000_000)
        }
        connection.flows[place].lastDue = max(connection.flows[place].lastDue, due)
        if faults.strikes(.drip) { connection.flows[place].dripping = 200 }
    }

    /// Cuts bytes into pieces and sends them on their way.
    private func deliver(
        _ bytes: UnsafeRawPointer, _ count: Int, _ side: Side, _ connection: inout Connection
    ) {
        let place = side.rawValue
        var end = count
        let isCut = faults.strikes(.disconnectMidMessage)
        if isCut { end = Int(faults.number(.disconnectMidMessage, in: 0...Int64(count))) }
        let isSplit = faults.strikes(.split)
        var offset = 0
        while offset < end {
            var size = min(end - offset, 8_000)
            if connection.flows[place].dripping > 0 {
                size = 1
                connection.flows[place].dripping -= 1
                connection.flows[place].lastDue += 2_000_000
            } else if isSplit {
                size = Int(faults.number(.split, in: 1...Int64(size)))
                connection.flows[place].lastDue += faults.number(.split, in: 0...200_000)
            }
            let piece = UnsafeMutableRawPointer.allocate(byteCount: size + 8, alignment: 8)
            piece.copyMemory(from: bytes + offset, byteCount: size)
            (piece + size).initializeMemory(as: UInt8.self, repeating: 0, count: 8)
            connection.flows[place].waiting += size
            push(
                side.other, .received, connection, due: connection.flows[place].lastDue,
                bytes: piece, count: size)
            offset += size
        }
        if isCut { lose(&connection, .failed, ECONNRESET) }
    }

    private func push(
        _ side: Side, _ kind: SocketEvent.Kind, _ connection: Connection, due: Int64,
        error: Int32 = 0, bytes: UnsafeMutableRawPointer? = nil, count: Int = 0
    ) {
        lastNumber += 1
        queues[side.rawValue].push(
            NetworkEvent(
                due: due, number: lastNumber, kind: kind,
                slot: connection.slots[side.rawValue], connection: connection.number,
                error: error, bytes: bytes, count: count))
    }

    // MARK: - Receiving

    func poll(_ side: Side) -> SocketEvent {
        let place = side.rawValue
        while let first = queues[place].first, first.due <= now {
            guard var event = queues[place].pop() else { break }
            let isCurrent = slots[place].indices.contains(event.slot)
                && slots[place][event.slot] == event.connection
            if !isCurrent {
                event.bytes?.deallocate()
                continue
            }
            if event.kind == .received { take(&event, side) }
            return SocketEvent(
                event.kind, slot: event.slot, count: event.count, error: event.error,
                data: event.bytes.map { UnsafeRawPointer($0) })
        }
        return SocketEvent(.none)
    }

    /// Counts bytes as read, and joins with them what has arrived behind them.
    private func take(_ event: inout NetworkEvent, _ side: Side) {
        let place = side.rawValue
        while let next = queues[place].first, next.due <= now, next.kind == .received,
            next.connection == event.connection, event.count + next.count <= 8_000,
            faults.strikes(.merge), let more = queues[place].pop(),
            let left = event.bytes, let right = more.bytes
        {
            let both = UnsafeMutableRawPointer.allocate(
                byteCount: event.count + more.count + 8, alignment: 8)
            both.copyMemory(from: left, byteCount: event.count)
            (both + event.count).copyMemory(from: right, byteCount: more.count + 8)
            left.deallocate()
            right.deallocate()
            event.bytes = both
            event.count += more.count
        }
        connections[event.connection]?.flows[side.other.rawValue].waiting -= event.count
    }

    func release(_ event: SocketEvent) {
        guard event.kind == .received, let data = event.data else { return }
        UnsafeMutableRawPointer(mutating: data).deallocate()
    }
}

extension SimulatedNetwork.Side {
    var other: SimulatedNetwork.Side { self == .engine ? .exchange : .engine }
}
