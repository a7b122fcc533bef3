import CLinuxURing

extension LinkCore {
    /// The next message of an established WebSocket. Answers pings and close frames by itself.
    @_noLocks mutating func nextMessage() -> LinkMessage {
        while true {
            let found = reader.next(&incoming)
            switch found {
            case .incomplete:
                guard pullFrames() else { return isClosed ? nextColdMessage() : .none }
            case .text(let bytes, let count):
                if limits.stampsMessages { unframedTicks = clinux_uring_rdtsc() }
                return .text(bytes, count)
            case .binary(let bytes, let count):
                if limits.stampsMessages { unframedTicks = clinux_uring_rdtsc() }
                return .binary(bytes, count)
            case .ping(let bytes, let count):
                answerPing(bytes, count)
                if isClosed { return nextColdMessage() }
            case .pong(let bytes, let count):
                if isAwaited(bytes, count) {
                    awaitsPong = false
                    return .pong(roundTrip: now &- pingSent)
                }
            case .close(let code):
                answerClose(code)
                return nextColdMessage()
            case .violation(let violation):
                end(.webSocket(violation), code: violation.closeCode)
                return nextColdMessage()
            }
        }
    }

    /// Decrypts one more record; false when there is none or the connection has ended.
    private mutating func pullFrames() -> Bool {
        if incoming.room < TLSChannel.readingRoom { reader.compact(&incoming) }
        switch pull() {
        case .done: return true
        case .wantsInput: return false
        case .noRoom: end(.overflow, code: WebSocketCloseCode.messageTooBig)
        case .closed:
            if case .closing = phase {
                end(.local(code: localCode))
            } else {
                end(.endOfStream)
            }
        case .failed: end(.tls(channel.failure))
        }
        return false
    }

    /// Queues a frame with room kept for control frames; false when it does not fit now.
    @_noLocks mutating func queueFrame(
        _ opcode: WebSocketOpcode, isFinal: Bool = true, _ bytes: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        guard isWebSocket, isOpen, count >= 0, count <= limits.outgoing else { return false }
        if now < pace.nextTime { return false }
        let needed = count &+ WebSocketWriter.maximumHeader &+ LinkCore.controlReserve
        if queue.room < needed { queue.compact() }
        guard queue.room >= needed else { return false }
        _ = pace.take(at: now)
        return writer.append(opcode, isFinal: isFinal, bytes, count, to: &queue)
    }

    /// Queues a frame and encrypts it; true when it is accepted, even if it is encrypted later.
    @_noLocks mutating func sendFrame(
        _ opcode: WebSocketOpcode, _ bytes: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        guard queueFrame(opcode, bytes, count) else { return false }
        _ = seal()
        return !isClosed
    }

    /// Sends a ping unless one is under way.
    @_noLocks mutating func ping() {
        guard isWebSocket, isOpen, !awaitsPong else { return }
        guard pace.take(at: now) else {
            nextPing = pace.nextTime
            return schedule()
        }
        pingNumber &+= 1
        scratch.storeBytes(of: pingNumber, as: UInt64.self)
        guard appendControl(.ping, scratch, MemoryLayout<UInt64>.size) else {
            return end(.overflow)
        }
        awaitsPong = true
        pingSent = now
        nextPing = limits.pingInterval > 0 ? now &+ limits.pingInterval : .max
        schedule()
    }

    /// Starts the closing handshake.
    @_noLocks mutating func close(code: UInt16) {
        guard isOpen else { return end(.local(code: code)) }
        guard isWebSocket, appendClose(code) else { return end(.local(code: code)) }
        _ = seal(keeping: 0)
        localCode = code
        phase = .closing
        phaseDeadline = now &+ limits.closeTimeout
        schedule()
    }

    @_noLocks mutating func appendClose(_ code: UInt16) -> Bool {
        scratch.storeBytes(of: code.bigEndian, as: UInt16.self)
        let count = code == WebSocketCloseCode.noStatus ? 0 : MemoryLayout<UInt16>.size
        return appendControl(.close, scratch, count)
    }

    /// A control frame may use the reserve; it is encrypted at once.
    private mutating func appendControl(
        _ opcode: WebSocketOpcode, _ bytes: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        guard writer.append(opcode, bytes, count, to: &queue) else { return false }
        _ = seal(keeping: 256)
        return true
    }

    /// One that comes too soon for the pace is answered later, the last of several for all
    /// (RFC 6455, section 5.5.3).
    private mutating func answerPing(_ bytes: UnsafeRawPointer, _ count: Int) {
        guard isOpen else { return }
        if pace.take(at: now) {
            heldPong = -1
            if !appendControl(.pong, bytes, count) { end(.overflow) }
            return
        }
        scratch.advanced(by: Self.heldPongPlace).copyMemory(from: bytes, byteCount: count)
        heldPong = count
        schedule()
    }

    /// Sends the answer that was held back.
    @_noLocks mutating func sendHeldPong() {
        if heldPong < 0 || !pace.take(at: now) { return }
        let count = heldPong
        heldPong = -1
        if !appendControl(.pong, scratch + Self.heldPongPlace, count) { end(.overflow) }
    }

    private func isAwaited(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        awaitsPong && count == MemoryLayout<UInt64>.size
            && bytes.loadUnaligned(as: UInt64.self) == pingNumber
    }

    /// The peer's close frame: the echo of ours, or answered with one of its code (section 5.5.1).
    private mutating func answerClose(_ code: UInt16) {
        heardClose = true
        if case .closing = phase { return end(.local(code: localCode)) }
        end(.peer(code: code), code: code)
    }
}
