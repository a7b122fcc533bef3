import Wire

/// Feeds bytes to a reader in pieces and notes what it answers.
struct WebSocketSession: ~Copyable {
    enum Seen: Equatable {
        case text(String)
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(UInt16)
        case violation(WebSocketViolation)
    }

    var buffer: ByteBuffer
    var reader: WebSocketReader
    var seen: [Seen] = []
    var hasEnded = false

    init(expectsMask: Bool = false, maximumMessage: Int = 70_000, capacity: Int = 140_000) {
        buffer = ByteBuffer(capacity: capacity)
        reader = WebSocketReader(expectsMask: expectsMask, maximumMessage: maximumMessage)
    }

    /// Feeds all of `bytes`, at most `step()` at once and never more than there is room for.
    mutating func feed(_ bytes: [UInt8], step: () -> Int = { Int.max }) {
        var at = 0
        while at < bytes.count, !hasEnded {
            if buffer.room < 64 { reader.compact(&buffer) }
            let count = min(step(), bytes.count - at, buffer.room)
            precondition(count > 0, "the buffer holds the longest message")
            buffer.append(bytes[at..<at + count])
            at += count
            read()
        }
    }

    private mutating func read() {
        while !hasEnded {
            switch reader.next(&buffer) {
            case .incomplete: return
            case .text(let bytes, let count):
                seen.append(.text(String(decoding: array(bytes, count), as: UTF8.self)))
            case .binary(let bytes, let count): seen.append(.binary(array(bytes, count)))
            case .ping(let bytes, let count): seen.append(.ping(array(bytes, count)))
            case .pong(let bytes, let count): seen.append(.pong(array(bytes, count)))
            case .close(let code):
                seen.append(.close(code))
                hasEnded = true
            case .violation(let violation):
                seen.append(.violation(violation))
                hasEnded = true
            }
        }
    }

    private func array(_ bytes: UnsafeRawPointer, _ count: Int) -> [UInt8] {
        // The slack behind a payload must be readable.
        let slack = UnsafeRawBufferPointer(start: bytes + count, count: ByteBuffer.slack)
        precondition(slack.reduce(0) { $0 &+ Int($1) } >= 0)
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// What a reader sees of `bytes`.
    static func read(
        _ bytes: [UInt8], expectsMask: Bool = false, maximumMessage: Int = 70_000,
        step: () -> Int = { Int.max }
    ) -> [Seen] {
        var session = WebSocketSession(expectsMask: expectsMask, maximumMessage: maximumMessage)
        session.feed(bytes, step: step)
        return session.seen
    }
}

/// A frame written the slow way, by RFC 6455 section 5.2; `bits` are FIN, RSV and opcode.
func frame(_ bits: UInt8, _ payload: [UInt8], mask: [UInt8]? = nil) -> [UInt8] {
    let maskBit: UInt8 = mask == nil ? 0 : 0x80
    var bytes = [bits]
    switch payload.count {
    case 0...125: bytes.append(maskBit | UInt8(payload.count))
    case 126...0xFFFF:
        bytes += [maskBit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default:
        bytes.append(maskBit | 127)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    guard let mask else { return bytes + payload }
    return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
}
