/// Reads a complete head: start line, fields and what they say about the body (RFC 9112).
struct HTTPHeadParser {
    enum Role: Sendable {
        case request
        /// `answersHead` when the request was HEAD: its response has no body.
        case response(answersHead: Bool)
    }

    private let text: HTTPText
    private let limits: HTTPLimits
    private var head = HTTPHead()
    private var contentLength: Int?
    private var isChunked = false
    private var hostCount = 0
    private var saysClose = false
    private var saysKeepAlive = false
    private var connectionUpgrades = false
    private var namesWebSocket = false

    /// Parses `count` bytes that end with the empty line.
    static func parse(
        _ bytes: UnsafeRawPointer, _ count: Int, role: Role, limits: HTTPLimits
    ) throws(HTTPFailure) -> HTTPHead {
        var parser = HTTPHeadParser(text: HTTPText(bytes: bytes), limits: limits)
        var line = try parser.line(from: 0, count)
        switch role {
        case .request: try parser.requestLine(line)
        case .response: try parser.statusLine(line)
        }
        while true {
            line = try parser.line(from: line.start + line.count + 2, count)
            if line.count == 0 { break }
            try parser.field(line)
        }
        try parser.finish(role)
        return parser.head
    }

    private init(text: HTTPText, limits: HTTPLimits) {
        self.text = text
        self.limits = limits
    }

    /// The line at `start`; a CR that does not end a line is refused.
    private func line(from start: Int, _ end: Int) throws(HTTPFailure) -> HTTPHead.Place {
        var index = start
        while index + 1 < end {
            if text[index] == UInt8(ascii: "\r") {
                guard text[index + 1] == UInt8(ascii: "\n") else { throw .bareLineEnding }
                return HTTPHead.Place(start: start, count: index - start)
            }
            index += 1
        }
        throw .bareLineEnding
    }

    /// `METHOD SP target SP HTTP/1.x`
    private mutating func requestLine(_ line: HTTPHead.Place) throws(HTTPFailure) {
        let end = line.start + line.count
        var index = line.start
        while index < end, isTokenCharacter(text[index]) { index += 1 }
        head.method = HTTPHead.Place(start: line.start, count: index - line.start)
        guard head.method.count > 0, index < end, text[index] == UInt8(ascii: " ") else {
            throw .malformedStartLine
        }
        let targetStart = index + 1
        index = targetStart
        while index < end, text[index] > 0x20, text[index] < 0x7F { index += 1 }
        head.target = HTTPHead.Place(start: targetStart, count: index - targetStart)
        guard head.target.count > 0, index < end, text[index] == UInt8(ascii: " "),
            text[targetStart] == UInt8(ascii: "/") || text[targetStart] == UInt8(ascii: "*")
        else { throw .malformedStartLine }
        try version(HTTPHead.Place(start: index + 1, count: end - index - 1))
    }

    /// `HTTP/1.x SP status [SP reason]`
    private mutating func statusLine(_ line: HTTPHead.Place) throws(HTTPFailure) {
        guard line.count >= 12 else { throw .malformedStartLine }
        try version(HTTPHead.Place(start: line.start, count: 8))
        let digits = (9..<12).map { text[line.start + $0] &- UInt8(ascii: "0") }
        guard text[line.start + 8] == UInt8(ascii: " "), digits.allSatisfy({ $0 <= 9 }),
            digits[0] >= 1,
            line.count == 12 || text[line.start + 12] == UInt8(ascii: " ")
        else { throw .malformedStartLine }
        head.status = digits.reduce(0) { $0 * 10 + Int($1) }
    }

    private mutating func version(_ place: HTTPHead.Place) throws(HTTPFailure) {
        guard place.count == 8, text.string(place).hasPrefix("HTTP/") else {
            throw .malformedStartLine
        }
        switch text.string(place) {
        case "HTTP/1.1": head.isVersion11 = true
        case "HTTP/1.0": head.isVersion11 = false
        default: throw .unsupportedVersion
        }
    }

    /// `name: value`; no blank before the colon (section 5.1).
    private mutating func field(_ line: HTTPHead.Place) throws(HTTPFailure) {
        guard line.count <= limits.line else { throw .lineTooLong }
        guard !isBlank(text[line.start]) else { throw .foldedField }
        let end = line.start + line.count
        var colon = line.start
        while colon < end, isTokenCharacter(text[colon]) { colon += 1 }
        guard colon > line.start, colon < end, text[colon] == UInt8(ascii: ":") else {
            throw .malformedField
        }
        let name = HTTPHead.Place(start: line.start, count: colon - line.start)
        let value = text.trimmed(colon + 1, end)
        for index in value.start..<value.start + value.count
        where !isFieldCharacter(text[index]) { throw .malformedField }
        guard head.fields.count < limits.fields else { throw .tooManyFields }
        head.fields.append(HTTPHead.Field(name: name, value: value))
        try meaning(of: name, value)
    }

    /// Notes the fields that decide about framing and about the connection.
    private mutating func meaning(
        of name: HTTPHead.Place, _ value: HTTPHead.Place
    ) throws(HTTPFailure) {
        switch name.count {
        case 4 where text.equals(name, "host"): hostCount += 1
        case 7 where text.equals(name, "upgrade"):
            namesWebSocket = namesWebSocket || text.lists(value, "websocket")
        case 10 where text.equals(name, "connection"):
            saysClose = saysClose || text.lists(value, "close")
            saysKeepAlive = saysKeepAlive || text.lists(value, "keep-alive")
            connectionUpgrades = connectionUpgrades || text.lists(value, "upgrade")
        case 14 where text.equals(name, "content-length"):
            guard contentLength == nil else { throw .conflictingLength }
            contentLength = try length(value)
        case 17 where text.equals(name, "transfer-encoding"):
            guard !isChunked, text.equals(value, "chunked") else {
                throw .unsupportedTransferCoding
            }
            isChunked = true
        default: break
        }
    }

    /// Digits only: no sign, no list, no blank inside.
    private func length(_ value: HTTPHead.Place) throws(HTTPFailure) -> Int {
        guard value.count > 0 else { throw .malformedLength }
        var total = 0
        for index in value.start..<value.start + value.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { throw .malformedLength }
            guard total <= limits.body else { throw .bodyTooLarge }
            total = total * 10 + Int(digit)
        }
        guard total <= limits.body else { throw .bodyTooLarge }
        return total
    }

    private mutating func finish(_ role: Role) throws(HTTPFailure) {
        if isChunked {
            guard contentLength == nil else { throw .conflictingLength }
            guard head.isVersion11 else { throw .unsupportedTransferCoding }
        }
        head.keepsAlive = head.isVersion11 ? !saysClose : saysKeepAlive && !saysClose
        head.isUpgrade = connectionUpgrades && namesWebSocket
        switch role {
        case .request:
            guard hostCount == 1 || (hostCount == 0 && !head.isVersion11) else {
                throw .missingHost
            }
            head.framing = isChunked ? .chunked : .sized(contentLength ?? 0)
        case .response(let answersHead):
            let hasNoBody =
                answersHead || head.status < 200 || head.status == 204 || head.status == 304
            if hasNoBody {
                head.framing = .none
            } else if isChunked {
                head.framing = .chunked
            } else {
                head.framing = contentLength.map { .sized($0) } ?? .untilClose
            }
        }
        if head.framing == .untilClose { head.keepsAlive = false }
    }
}
