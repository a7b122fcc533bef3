/// Takes HTTP/1.1 messages out of a buffer, one after another, in place and at any byte boundary.
///
/// Strict where leniency allows request smuggling: no bare line endings, no folded fields, never
/// both a length and chunks. The body of a chunked message is moved together inside the buffer.
/// Places count from the buffer's first readable byte, which stays until `finish(_:)`. Cold.
struct HTTPReader: Sendable {
    typealias Role = HTTPHeadParser.Role

    private enum State: Equatable {
        case head
        case sized
        case chunkSize
        case chunkData(left: Int)
        case chunkEnd
        case trailers
        case untilClose
        case complete
    }

    private(set) var head = HTTPHead()
    private(set) var body = HTTPHead.Place()
    private let limits: HTTPLimits
    private var state = State.head
    /// Bytes of the buffer that need not be looked at again.
    private var scanned = 0
    private var lineStart = 0
    private var trailerBytes = 0
    private var hasSkippedLine = false

    init(limits: HTTPLimits) { self.limits = limits }

    /// True between the first byte of a message and its last.
    var isInsideMessage: Bool { state != .head || scanned > 0 }

    /// Reads on; true when a whole message is there.
    mutating func advance(
        _ buffer: inout ByteBuffer, role: Role
    ) throws(HTTPFailure) -> Bool {
        while true {
            switch state {
            case .head:
                guard try findHeadEnd(buffer) else { return false }
                if case .request = role, scanned == 2, !hasSkippedLine {
                    skipEmptyLine(&buffer)
                } else {
                    try readHead(buffer, role)
                }
            case .sized:
                guard buffer.count >= body.start + body.count else { return false }
                scanned = body.start + body.count
                state = .complete
            case .chunkSize:
                guard let line = try chunkLine(buffer) else { return false }
                try readChunkSize(buffer, line)
            case .chunkData(let left):
                guard try moveChunk(&buffer, left) else { return false }
            case .chunkEnd:
                guard let line = try chunkLine(buffer) else { return false }
                guard line.count == 0 else { throw .malformedChunk }
                state = .chunkSize
            case .trailers:
                guard let line = try chunkLine(buffer) else { return false }
                try readTrailer(buffer, line)
            case .untilClose:
                guard buffer.count - body.start <= limits.body else { throw .bodyTooLarge }
                body.count = buffer.count - body.start
                scanned = buffer.count
                return false
            case .complete: return true
            }
        }
    }

    /// The connection has ended; true when that completes the message (section 8).
    mutating func end() throws(HTTPFailure) -> Bool {
        if state == .untilClose {
            state = .complete
            return true
        }
        guard !isInsideMessage else { throw .truncated }
        return false
    }

    /// Consumes the complete message and starts over.
    mutating func finish(_ buffer: inout ByteBuffer) {
        precondition(state == .complete, "only a complete message is finished")
        buffer.consume(scanned)
        self = HTTPReader(limits: limits)
    }

    /// Makes room behind the readable bytes when chunks have left a gap.
    mutating func compact(_ buffer: inout ByteBuffer) {
        let end = body.start + body.count
        switch state {
        case .chunkSize, .chunkData, .chunkEnd, .trailers:
            buffer.removeGap(at: end, count: lineStart - end)
            scanned -= lineStart - end
            lineStart = end
        case .head, .sized, .untilClose, .complete: break
        }
        buffer.compact()
    }

    /// One empty line before a request is forgiven (section 2.2).
    private mutating func skipEmptyLine(_ buffer: inout ByteBuffer) {
        buffer.consume(scanned)
        scanned = 0
        lineStart = 0
        hasSkippedLine = true
    }

    private mutating func findHeadEnd(_ buffer: borrowing ByteBuffer) throws(HTTPFailure) -> Bool {
        let text = HTTPText(bytes: buffer.readable)
        while scanned < buffer.count {
            guard scanned < limits.head else { throw .headTooLarge }
            let byte = text[scanned]
            scanned += 1
            if byte == UInt8(ascii: "\n") {
                let length = scanned - lineStart - 2
                guard length >= 0, text[scanned - 2] == UInt8(ascii: "\r") else {
                    throw .bareLineEnding
                }
                if length == 0 { return true }
                lineStart = scanned
            } else if scanned - lineStart > limits.line + 1 {
                throw .lineTooLong
            }
        }
        return false
    }

    private mutating func readHead(
        _ buffer: borrowing ByteBuffer, _ role: Role
    ) throws(HTTPFailure) {
        head = try HTTPHeadParser.parse(buffer.readable, scanned, role: role, limits: limits)
        body = HTTPHead.Place(start: scanned, count: 0)
        lineStart = scanned
        switch head.framing {
        case .none: state = .complete
        case .sized(let count):
            body.count = count
            state = .sized
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    /// The line at `lineStart` once it is whole.
    private mutating func chunkLine(
        _ buffer: borrowing ByteBuffer
    ) throws(HTTPFailure) -> HTTPHead.Place? {
        let text = HTTPText(bytes: buffer.readable)
        scanned = max(scanned, lineStart)
        while scanned < buffer.count {
            guard scanned - lineStart <= limits.line + 1 else { throw .lineTooLong }
            let byte = text[scanned]
            scanned += 1
            let isAfterReturn =
                scanned - lineStart >= 2 && text[scanned - 2] == UInt8(ascii: "\r")
            guard (byte == UInt8(ascii: "\n")) == isAfterReturn else { throw .bareLineEnding }
            if byte == UInt8(ascii: "\n") {
                let line = HTTPHead.Place(start: lineStart, count: scanned - lineStart - 2)
                lineStart = scanned
                return line
            }
        }
        return nil
    }

    /// Hexadecimal digits, then perhaps extensions, which mean nothing here (section 7.1.1).
    private mutating func readChunkSize(
        _ buffer: borrowing ByteBuffer, _ line: HTTPHead.Place
    ) throws(HTTPFailure) {
        let text = HTTPText(bytes: buffer.readable)
        var size = 0
        var index = line.start
        let end = line.start + line.count
        while index < end, let digit = hexadecimal(text[index]) {
            size = size << 4 | digit
            index += 1
            guard size <= limits.body else { throw .bodyTooLarge }
        }
        guard index > line.start, index == end || text[index] == UInt8(ascii: ";") else {
            throw .malformedChunk
        }
        for rest in index..<end where !isFieldCharacter(text[rest]) { throw .malformedChunk }
        guard body.count + size <= limits.body else { throw .bodyTooLarge }
        state = size == 0 ? .trailers : .chunkData(left: size)
    }

    /// Moves what is there of a chunk behind the body; true when the chunk is whole.
    private mutating func moveChunk(
        _ buffer: inout ByteBuffer, _ left: Int
    ) throws(HTTPFailure) -> Bool {
        let count = min(left, buffer.count - lineStart)
        let source = buffer.readable + lineStart
        (buffer.readable + (body.start + body.count)).copyMemory(from: source, byteCount: count)
        body.count += count
        lineStart += count
        scanned = lineStart
        state = count == left ? .chunkEnd : .chunkData(left: left - count)
        return count == left
    }

    /// Trailer fields are checked and dropped; the empty line ends the message.
    private mutating func readTrailer(
        _ buffer: borrowing ByteBuffer, _ line: HTTPHead.Place
    ) throws(HTTPFailure) {
        guard line.count > 0 else {
            state = .complete
            return
        }
        trailerBytes += line.count
        guard trailerBytes <= limits.head else { throw .headTooLarge }
        let text = HTTPText(bytes: buffer.readable)
        guard !isBlank(text[line.start]) else { throw .foldedField }
        var colon = line.start
        let end = line.start + line.count
        while colon < end, isTokenCharacter(text[colon]) { colon += 1 }
        guard colon > line.start, colon < end, text[colon] == UInt8(ascii: ":") else {
            throw .malformedField
        }
        for index in colon..<end where !isFieldCharacter(text[index]) { throw .malformedField }
    }
}

private func hexadecimal(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
