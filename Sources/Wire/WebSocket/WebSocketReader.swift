/// What the bytes at the front of a buffer mean. Pointers stay valid until the next call.
public enum WebSocketEvent {
    /// More bytes have to arrive first.
    case incomplete
    case text(UnsafeRawPointer, Int)
    case binary(UnsafeRawPointer, Int)
    case ping(UnsafeRawPointer, Int)
    case pong(UnsafeRawPointer, Int)
    case close(code: UInt16)
    case violation(WebSocketViolation)
}

/// Takes WebSocket messages out of a buffer, in place (RFC 6455 section 5).
///
/// An unfragmented message is answered where it lies. The pieces of a fragmented one are moved
/// together inside the buffer; control frames between them are answered as they come. At least
/// `ByteBuffer.slack` bytes behind every payload are readable.
public struct WebSocketReader: BitwiseCopyable, Sendable {
    private let expectsMask: Bool
    private let maximumMessage: Int
    /// Offsets count from the buffer's first readable byte.
    private var nextFrame = 0
    private var delivered = 0
    /// Opcode of the message whose pieces are being gathered, 0 (continuation) for none.
    private var assembling: UInt8 = 0
    private var messageStart = 0
    private var messageCount = 0
    private var validator = UTF8Validator()

    /// A server expects masked frames, a client unmasked ones; messages have at most
    /// `maximumMessage` bytes.
    public init(expectsMask: Bool, maximumMessage: Int) {
        precondition(maximumMessage >= 125, "control frames have up to 125 bytes")
        self.expectsMask = expectsMask
        self.maximumMessage = maximumMessage
    }

    private struct Header {
        var isFinal: Bool
        var opcode: WebSocketOpcode
        var key: UInt32
        var headerCount: Int
        var payloadCount: Int
    }

    private enum HeaderOutcome {
        case incomplete
        case header(Header)
        case violation(WebSocketViolation)
    }

    /// The next event; consumes what the previous call answered.
    @_noLocks public mutating func next(_ buffer: inout ByteBuffer) -> WebSocketEvent {
        if delivered > 0 {
            buffer.consume(delivered)
            delivered = 0
        }
        while true {
            let header: Header
            switch readHeader(buffer) {
            case .incomplete: return .incomplete
            case .violation(let violation): return .violation(violation)
            case .header(let found): header = found
            }
            let frameCount = header.headerCount &+ header.payloadCount
            guard buffer.count &- nextFrame >= frameCount else { return .incomplete }
            let payload = buffer.readable + (nextFrame &+ header.headerCount)
            if expectsMask { WebSocketMask.apply(payload, header.payloadCount, key: header.key) }
            nextFrame &+= frameCount
            if header.opcode.isControl {
                if assembling == 0 { deliverAll() }
                return control(header, payload)
            }
            if let event = data(header, payload, buffer) { return event }
        }
    }

    /// Makes room behind the readable bytes when pieces of a message have left a gap.
    @_noLocks public mutating func compact(_ buffer: inout ByteBuffer) {
        if delivered > 0 {
            buffer.consume(delivered)
            delivered = 0
        }
        if assembling != 0 {
            let end = messageStart &+ messageCount
            buffer.removeGap(at: end, count: nextFrame &- end)
            nextFrame = end
        }
        buffer.compact()
    }

    /// A reader for the next connection.
    func fresh() -> WebSocketReader {
        WebSocketReader(expectsMask: expectsMask, maximumMessage: maximumMessage)
    }

    private mutating func deliverAll() {
        delivered = nextFrame
        nextFrame = 0
    }

    private func readHeader(_ buffer: borrowing ByteBuffer) -> HeaderOutcome {
        let available = buffer.count &- nextFrame
        guard available >= 2 else { return .incomplete }
        let bytes = UnsafeRawPointer(buffer.readable + nextFrame)
        let first = bytes.load(as: UInt8.self)
        let second = bytes.load(fromByteOffset: 1, as: UInt8.self)
        guard first & 0x70 == 0 else { return .violation(.reservedBits) }
        guard let opcode = WebSocketOpcode(bits: first & 0x0F) else {
            return .violation(.reservedOpcode)
        }
        let isFinal = first & 0x80 != 0
        let isMasked = second & 0x80 != 0
        guard isMasked == expectsMask else {
            return .violation(expectsMask ? .missingMask : .unexpectedMask)
        }
        var headerCount = 2
        var payloadCount = Int(second & 0x7F)
        if opcode.isControl {
            guard isFinal else { return .violation(.fragmentedControl) }
            guard payloadCount <= 125 else { return .violation(.oversizedControl) }
        }
        if payloadCount == 126 {
            guard available >= 4 else { return .incomplete }
            payloadCount = Int(bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self).byteSwapped)
            headerCount = 4
            guard payloadCount >= 126 else { return .violation(.wastefulLength) }
        } else if payloadCount == 127 {
            guard available >= 10 else { return .incomplete }
            let wide = bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self).byteSwapped
            headerCount = 10
            guard wide > 0xFFFF else { return .violation(.wastefulLength) }
            guard wide <= UInt64(maximumMessage) else { return .violation(.oversizedMessage) }
            payloadCount = Int(truncatingIfNeeded: wide)
        }
        guard payloadCount <= maximumMessage else { return .violation(.oversizedMessage) }
        if let violation = sequenceViolation(opcode, payloadCount) { return .violation(violation) }
        var key: UInt32 = 0
        if isMasked {
            guard available >= headerCount &+ 4 else { return .incomplete }
            key = bytes.loadUnaligned(fromByteOffset: headerCount, as: UInt32.self)
            headerCount &+= 4
        }
        return .header(
            Header(
                isFinal: isFinal, opcode: opcode, key: key, headerCount: headerCount,
                payloadCount: payloadCount))
    }

    /// A continuation needs a message under way, a new message needs none (section 5.4).
    private func sequenceViolation(_ opcode: WebSocketOpcode, _ count: Int) -> WebSocketViolation? {
        switch opcode {
        case .continuation:
            if assembling == 0 { return .unexpectedContinuation }
            return messageCount &+ count > maximumMessage ? .oversizedMessage : nil
        case .text, .binary: return assembling == 0 ? nil : .interleavedMessage
        case .close, .ping, .pong: return nil
        }
    }

    /// A piece of a message, or the whole of it; nil when more pieces follow.
    private mutating func data(
        _ header: Header, _ payload: UnsafeMutableRawPointer, _ buffer: borrowing ByteBuffer
    ) -> WebSocketEvent? {
        let opcode = assembling == 0 ? header.opcode.bits : assembling
        if assembling == 0 {
            validator = UTF8Validator()
            messageStart = nextFrame &- header.payloadCount
            messageCount = 0
        }
        let isText = opcode == WebSocketOpcode.text.bits
        if isText, !validator.accept(payload, header.payloadCount) {
            return .violation(.invalidText)
        }
        let message = buffer.readable + messageStart
        if assembling != 0 {
            (message + messageCount).copyMemory(from: payload, byteCount: header.payloadCount)
        }
        messageCount &+= header.payloadCount
        guard header.isFinal else {
            assembling = opcode
            return nil
        }
        assembling = 0
        deliverAll()
        guard isText else { return .binary(message, messageCount) }
        return validator.isComplete ? .text(message, messageCount) : .violation(.invalidText)
    }

    private func control(
        _ header: Header, _ payload: UnsafeMutableRawPointer
    ) -> WebSocketEvent {
        switch header.opcode {
        case .ping: return .ping(payload, header.payloadCount)
        case .pong: return .pong(payload, header.payloadCount)
        default: return close(payload, header.payloadCount)
        }
    }

    /// A close frame is empty or a code and a reason in UTF-8 (section 5.5.1).
    private func close(_ payload: UnsafeMutableRawPointer, _ count: Int) -> WebSocketEvent {
        guard count > 0 else { return .close(code: WebSocketCloseCode.noStatus) }
        guard count >= 2 else { return .violation(.invalidClose) }
        let code = payload.loadUnaligned(as: UInt16.self).byteSwapped
        guard WebSocketCloseCode.isSendable(code) else { return .violation(.invalidClose) }
        var reason = UTF8Validator()
        guard reason.accept(payload + 2, count &- 2), reason.isComplete else {
            return .violation(.invalidText)
        }
        return .close(code: code)
    }
}
