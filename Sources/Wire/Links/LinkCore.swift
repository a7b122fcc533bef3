import CLinuxURing
import Machine

/// What both ends of a connection share: TLS, buffers, frames and time, without a socket.
struct LinkCore: ~Copyable {
    private let place = InPlace()
    /// Cold work that `next()` reports before anything else.
    enum Event: UInt8 {
        case none
        case opened
        case response
        case request
    }

    /// Room that data leaves to close frames, pongs, alerts and key updates.
    static var controlReserve: Int {
        @_noLocks get { 1024 }
    }

    let limits: LinkLimits
    let isServer: Bool
    var channel: TLSChannel
    /// Received plaintext, messages in place.
    var incoming: ByteBuffer
    /// Plaintext that waits to be encrypted.
    var queue: ByteBuffer
    /// Ciphertext that waits to be sent.
    var outgoing: ByteBuffer
    var isSendInFlight = false
    /// Payload of the control frame being written.
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: 8 + 128, alignment: 8)

    var phase = LinkPhase.idle
    var isWebSocket = false
    var event = Event.none
    /// `progressCold` has something to do although no byte has arrived.
    var hasColdWork = false
    var endsAfterQueue = false
    var closeReason = LinkCloseReason.completed
    var owesClose = false
    /// The peer's close frame has been read.
    var heardClose = false

    var reader: WebSocketReader
    var writer: WebSocketWriter

    /// The caller's clock, in nanoseconds, as last heard.
    var now: Int64 = 0
    var lastReceived: Int64 = 0
    var phaseDeadline = Int64.max
    var nextDeadline = Int64.max
    var nextPing = Int64.max
    var pingSent: Int64 = 0
    var pingNumber: UInt64 = 0
    var awaitsPong = false
    var pace: MessagePace
    /// Length of a ping's payload that is still to be answered, behind the first eight bytes of
    /// ``scratch``; -1: none.
    var heldPong = -1
    static var heldPongPlace: Int { @_noLocks get { 8 } }
    var responseDeadline = Int64.max
    var localCode = WebSocketCloseCode.normal

    var decryptedTicks: UInt64 = 0
    var unframedTicks: UInt64 = 0

    /// `incomingCapacity` holds the longest message together with its framing.
    init(
        channel: consuming TLSChannel, limits: LinkLimits, incomingCapacity: Int,
        isServer: Bool, maskSeed: UInt64?
    ) {
        self.limits = limits
        pace = MessagePace(limit: limits.messagesPerSecond)
        self.isServer = isServer
        self.channel = channel
        let warmed = 64 << 10
        let outgoingCapacity = limits.outgoing + Self.controlReserve
        incoming = ByteBuffer(
            capacity: incomingCapacity + 2 * TLSChannel.maximumRecord, warmed: warmed)
        queue = ByteBuffer(capacity: outgoingCapacity, warmed: warmed)
        outgoing = ByteBuffer(capacity: outgoingCapacity, warmed: warmed)
        reader = WebSocketReader(expectsMask: isServer, maximumMessage: limits.maximumMessage)
        writer = WebSocketWriter(maskSeed: maskSeed)
    }

    deinit { scratch.deallocate() }

    /// Enters a phase that must end within `timeout`.
    mutating func enter(_ phase: LinkPhase, timeout: Int64 = .max) {
        self.phase = phase
        let (deadline, isNever) = now.addingReportingOverflow(timeout)
        phaseDeadline = isNever ? .max : deadline
        schedule()
    }

    /// The connection carries what it was made for.
    mutating func open(reporting event: Event) {
        lastReceived = now
        nextPing = isWebSocket && limits.pingInterval > 0 ? now + limits.pingInterval : .max
        self.event = event
        enter(.open)
    }

    @_noLocks mutating func receive(_ bytes: UnsafeRawPointer, _ count: Int, now: Int64) {
        self.now = now
        switch phase {
        case .idle, .connecting, .closed: return
        case .handshaking, .upgrading, .open, .closing: break
        }
        lastReceived = now
        channel.feed(bytes, count)
    }

    /// Moves one record's plaintext behind `incoming`.
    @_noLocks mutating func pull() -> TLSProgress {
        let progress = channel.read(into: &incoming, replies: &outgoing)
        if limits.stampsMessages { decryptedTicks = clinux_uring_rdtsc() }
        return progress
    }

    /// Encrypts what is queued; false while the outgoing buffer has no room for all of it.
    @_noLocks mutating func seal(keeping reserve: Int = LinkCore.controlReserve) -> Bool {
        guard queue.count > 0 else { return true }
        let records = queue.count / TLSChannel.maximumRecord &+ 1
        let needed = queue.count &+ records &* TLSChannel.recordOverhead &+ reserve
        if outgoing.room < needed, !isSendInFlight { outgoing.compact() }
        switch channel.write(from: &queue, to: &outgoing, keeping: reserve) {
        case .done: return true
        case .noRoom: return false
        case .wantsInput, .closed, .failed:
            end(.tls(channel.failure))
            return false
        }
    }

    /// The bytes to send now; they stay where they are until `finishSend`.
    @_noLocks mutating func beginSend() -> (pointer: UnsafeRawPointer, count: Int) {
        precondition(!isSendInFlight, "one send at a time is in flight")
        isSendInFlight = outgoing.count > 0
        return (UnsafeRawPointer(outgoing.readable), outgoing.count)
    }

    /// `count` of the bytes in flight have been sent.
    @_noLocks mutating func finishSend(_ count: Int) {
        isSendInFlight = false
        // A send that outlived the connection finds its bytes dropped.
        outgoing.consume(min(count, outgoing.count))
        guard queue.count > 0, seal(), endsAfterQueue else { return }
        end(.completed)
    }

    /// Ends the connection once everything queued is encrypted: after the last response.
    mutating func endAfterQueue() {
        if queue.count == 0 { return end(.completed) }
        endsAfterQueue = true
        enter(.closing, timeout: limits.responseTimeout)
    }

    /// Ends the connection: says goodbye as far as the buffers allow, then reports `reason` once.
    @_noLocks mutating func end(_ reason: LinkCloseReason) {
        guard !isClosed else { return }
        phase = .closed
        closeReason = reason
        owesClose = true
        hasColdWork = false
        nextDeadline = .max
        queue.removeAll()
        channel.close(to: &outgoing)
        channel.discardInput()
    }

    /// Breaks off a WebSocket: a close frame with `code`, then `end`.
    @_noLocks mutating func end(_ reason: LinkCloseReason, code: UInt16) {
        if isWebSocket, isOpen {
            _ = appendClose(code)
            _ = seal(keeping: 0)
        }
        end(reason)
    }

    var isOpen: Bool {
        @_noLocks get {
            switch phase {
            case .open: true
            default: false
            }
        }
    }

    var isClosed: Bool {
        @_noLocks get {
            switch phase {
            case .closed: true
            default: false
            }
        }
    }

    /// What `next()` answers when it is not reading frames.
    @_noLocks mutating func nextColdMessage() -> LinkMessage {
        let happened = event
        event = .none
        switch happened {
        case .opened: return .opened
        case .response: return .response
        case .request: return .request
        case .none: break
        }
        if isClosed {
            guard owesClose else { return .none }
            owesClose = false
            return .closed(closeReason)
        }
        return hasColdWork || channel.hasInput ? .needsCold : .none
    }

    /// True when `next()` reads frames: nothing cold waits on an established WebSocket.
    var isStreaming: Bool {
        @_noLocks get {
            guard isWebSocket else { return false }
            switch event {
            case .none: break
            default: return false
            }
            switch phase {
            case .open, .closing: return true
            default: return false
            }
        }
    }

    /// Nothing cold is left to do; what arrives while an HTTP connection closes is not read.
    mutating func settleCold() {
        hasColdWork = false
        if !isWebSocket { channel.discardInput() }
    }

    /// The transport has ended, for `reason`.
    mutating func transportEnded(_ reason: LinkCloseReason) {
        isSendInFlight = false
        outgoing.removeAll()
        queue.removeAll()
        if case .closing = phase {
            end(.local(code: localCode))
        } else {
            end(reason)
        }
        outgoing.removeAll()
    }

    /// Back to the start, with a fresh session, for the next attempt.
    mutating func reset(channel: consuming TLSChannel) {
        self.channel = channel
        incoming.removeAll()
        incoming.releaseUnusedPages()
        queue.removeAll()
        outgoing.removeAll()
        isSendInFlight = false
        phase = .idle
        isWebSocket = false
        event = .none
        hasColdWork = false
        endsAfterQueue = false
        owesClose = false
        heardClose = false
        awaitsPong = false
        pace = MessagePace(limit: limits.messagesPerSecond)
        heldPong = -1
        phaseDeadline = .max
        nextDeadline = .max
        nextPing = .max
        responseDeadline = .max
        reader = reader.fresh()
    }
}
