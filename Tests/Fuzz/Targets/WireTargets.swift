import COpenSSL

@testable import Wire

extension FuzzTarget {
    static let wire = [webSocket, http, records]

    /// Once whole and once in pieces that the first byte chooses: the same events.
    private static let webSocket = FuzzTarget(
        "websocket",
        seeds: [
            [0, 0x81, 5, 104, 101, 108, 108, 111], [1, 0x81, 0x85, 1, 2, 3, 4, 105, 103, 111, 104, 110],
            [2, 0x01, 2, 104, 105, 0x89, 1, 7, 0x80, 1, 33], [4, 0x88, 2, 3, 0xE8],
            [6, 0x82, 126, 0, 130] + [UInt8](repeating: 9, count: 130), [8, 0x8A, 0, 0x81, 0],
            [9, 0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 65, count: 400),
        ]
    ) {
        { input in
            guard let choice = input.first else { return }
            let bytes = Array(input.dropFirst())
            let isServer = choice & 1 == 1
            var whole = WebSocketRun(isServer: isServer)
            whole.feed(bytes, step: bytes.count)
            var parts = WebSocketRun(isServer: isServer)
            parts.feed(bytes, step: Int(choice >> 1) % 7 + 1)
            expectSame(whole.seen, parts.seen)
        }
    }

    private static let http = FuzzTarget(
        "http",
        seeds: [
            "\u{0}GET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\n",
            "\u{1}HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: x\r\n\r\n{}",
            "\u{3}HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n",
            "\u{5}HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
            "\u{7}HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nConnection: close\r\n\r\nno",
            "\u{8}POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: y\r\n\r\n",
        ].map { Array($0.utf8) }
    ) {
        { input in
            guard let choice = input.first else { return }
            let bytes = Array(input.dropFirst())
            let role: HTTPReader.Role =
                choice & 1 == 0 ? .request : .response(answersHead: choice & 128 != 0)
            var whole = HTTPRun(role)
            whole.feed(bytes, step: bytes.count)
            var parts = HTTPRun(role)
            parts.feed(bytes, step: Int(choice >> 1) % 13 + 1)
            expectSame(whole.seen, parts.seen)
        }
    }

    /// Records as a peer with the right key may send them, and as anybody may: a byte of type, two of
    /// length, content. The length's highest bit leaves the bytes unsealed.
    private static let records = FuzzTarget(
        "tls-records",
        seeds: [
            [23, 0, 3, 1, 2, 3], [21, 0, 2, 1, 0], [21, 0, 2, 2, 40], [22, 0, 5, 24, 0, 0, 1, 1],
            [22, 0, 5, 24, 0, 0, 1, 0], [22, 0, 8, 4, 0, 0, 4, 0, 0, 0, 0],
            [0, 128, 9, 23, 3, 3, 0, 4, 1, 2, 3, 4], [22, 0, 2, 24, 0, 22, 0, 3, 0, 1, 0],
        ]
    ) {
        let context = SSL_CTX_new(TLS_server_method())
        // They outlive the ciphers, which wipe them.
        let window = UnsafeMutablePointer<copenssl_window>.allocate(capacity: 1)
        let theirs = UnsafeMutablePointer<copenssl_traffic>.allocate(capacity: 1)
        return { input in
            guard let session = SSL_new(context) else { return }
            SSL_set_accept_state(session)
            defer { SSL_free(session) }
            guard var run = RecordRun(session, window, theirs) else { return }
            run.feed(Array(input))
        }
    }
}

private struct WebSocketRun: ~Copyable {
    private var buffer = ByteBuffer(capacity: 20_000)
    private var reader: WebSocketReader
    private var hasEnded = false
    private(set) var seen: [String] = []

    init(isServer: Bool) {
        reader = WebSocketReader(expectsMask: isServer, maximumMessage: 4_096)
    }

    mutating func feed(_ bytes: [UInt8], step: Int) {
        var at = 0
        while at < bytes.count, !hasEnded {
            if buffer.room < 64 { reader.compact(&buffer) }
            let count = min(step, bytes.count - at, buffer.room)
            if count == 0 { fatalError("a reader that takes nothing has room") }
            buffer.append(bytes[at..<at + count])
            at += count
            read()
        }
    }

    private mutating func read() {
        while !hasEnded {
            switch reader.next(&buffer) {
            case .incomplete: return
            case .text(let bytes, let count): note("text", bytes, count)
            case .binary(let bytes, let count): note("binary", bytes, count)
            case .ping(let bytes, let count): note("ping", bytes, count)
            case .pong(let bytes, let count): note("pong", bytes, count)
            case .close(let code):
                seen.append("close \(code)")
                hasEnded = true
            case .violation(let violation):
                seen.append("\(violation)")
                hasEnded = true
            }
        }
    }

    private mutating func note(_ kind: String, _ bytes: UnsafeRawPointer, _ count: Int) {
        seen.append("\(kind) \(Array(UnsafeRawBufferPointer(start: bytes, count: count)))")
    }
}

private struct HTTPRun: ~Copyable {
    private var buffer = ByteBuffer(capacity: 1 << 16)
    private var reader: HTTPReader
    private let role: HTTPReader.Role
    private var hasFailed = false
    private(set) var seen: [String] = []

    init(_ role: HTTPReader.Role) {
        self.role = role
        var limits = HTTPLimits()
        limits.body = 4_096
        reader = HTTPReader(limits: limits)
    }

    mutating func feed(_ bytes: [UInt8], step: Int) {
        var at = 0
        while at < bytes.count, !hasFailed {
            if buffer.room < 64 { reader.compact(&buffer) }
            let count = min(step, bytes.count - at, buffer.room)
            if count == 0 { fatalError("a reader that takes nothing has room") }
            buffer.append(bytes[at..<at + count])
            at += count
            read()
        }
        if hasFailed { return }
        do throws(HTTPFailure) {
            if try reader.end() { note() }
        } catch {
            seen.append("\(error)")
        }
    }

    private mutating func read() {
        do throws(HTTPFailure) {
            while try reader.advance(&buffer, role: role) {
                note()
                reader.finish(&buffer)
            }
        } catch {
            hasFailed = true
            seen.append("\(error)")
        }
    }

    private mutating func note() {
        let text = HTTPText(bytes: buffer.readable)
        let head = reader.head
        let fields = head.fields.map { text.string($0.name) + ":" + text.string($0.value) }
        seen.append("\(head.status) \(text.string(head.target)) \(fields) \(text.string(reader.body))")
    }
}

/// Our record layer after a handshake that both sides know the secret of.
private struct RecordRun: ~Copyable {
    private let window: UnsafeMutablePointer<copenssl_window>
    private var sealing: RecordCipher
    private var conversation: RecordConversation
    private var plaintext = ByteBuffer(capacity: 40_000)
    private var replies = ByteBuffer(capacity: 4_096)

    init?(
        _ session: OpaquePointer, _ window: UnsafeMutablePointer<copenssl_window>,
        _ theirs: UnsafeMutablePointer<copenssl_traffic>
    ) {
        window.initialize(to: copenssl_window())
        theirs.initialize(to: Self.traffic())
        window.pointee.reading = Self.traffic()
        window.pointee.writing = Self.traffic()
        guard let sealing = RecordCipher(suite: .aes128GCM, traffic: theirs, isSealing: true),
            let conversation = RecordConversation(
                session: session, window: window, suite: .aes128GCM, recordsPerKey: 1 << 24)
        else { return nil }
        self.window = window
        self.sealing = sealing
        self.conversation = conversation
    }

    private static func traffic() -> copenssl_traffic {
        var traffic = copenssl_traffic()
        traffic.secret_count = 32
        return traffic
    }

    mutating func feed(_ script: [UInt8]) {
        var stream: [UInt8] = []
        var at = 0
        while at + 3 <= script.count, stream.count < 30_000 {
            let isSealed = script[at + 1] & 0x80 == 0
            let wanted = Int(script[at + 1] & 0x3F) << 8 | Int(script[at + 2])
            let end = min(at + 3 + wanted, script.count)
            let content = Array(script[at + 3..<end])
            if isSealed { stream += sealed(content, script[at]) } else { stream += content }
            at = end
        }
        read(stream)
    }

    private mutating func sealed(_ content: [UInt8], _ type: UInt8) -> [UInt8] {
        let slack = [UInt8](repeating: 0, count: ByteBuffer.slack)
        var record = [UInt8](repeating: 0, count: content.count + 22 + ByteBuffer.slack)
        let isDone = (content + slack).withUnsafeBytes { source in
            record.withUnsafeMutableBytes { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return false }
                return sealing.seal(from, content.count, type: type, to: to)
            }
        }
        return isDone ? Array(record[..<(content.count + 22)]) : []
    }

    private mutating func read(_ stream: [UInt8]) {
        let count = stream.count
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: count + ByteBuffer.slack)
        defer { memory.deallocate() }
        memory.initialize(repeating: 0, count: count + ByteBuffer.slack)
        memory.update(from: stream, count: count)
        var at = 0
        var step = 1
        while at < count {
            // Whole records, and pieces of them.
            let end = min(at + step, count)
            step = step * 3 + 1
            window.pointee.read_pointer = UnsafePointer(memory + at)
            window.pointee.read_end = UnsafePointer(memory + end)
            at = end
            while true {
                let progress = conversation.read(into: &plaintext, replies: &replies)
                if plaintext.count > 0 { plaintext.consume(plaintext.count) }
                if replies.count > 0 { replies.consume(replies.count) }
                guard case .done = progress else { break }
            }
        }
    }
}
