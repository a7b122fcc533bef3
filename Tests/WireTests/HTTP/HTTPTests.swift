import Testing

@testable import Wire

@Suite("HTTP/1.1 messages")
struct HTTPTests {
    private func read(
        _ text: String, role: HTTPReader.Role = .request, limits: HTTPLimits = HTTPLimits(),
        step: () -> Int = { Int.max }
    ) -> (messages: [HTTPSession.Message], outcome: HTTPSession.Outcome) {
        var session = HTTPSession(role: role, limits: limits)
        session.feed(Array(text.utf8), step: step)
        return (session.messages, session.outcome)
    }

    private static let response = HTTPReader.Role.response(answersHead: false)

    @Test func `a request is read whole and byte by byte`() {
        let text =
            "POST /api/v3/order?x=1 HTTP/1.1\r\nHost: a\r\nX-MBX-APIKEY:  key \t\r\n"
            + "Content-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nhost: b\r\n\r\n"
        for step in [Int.max, 1, 3] {
            let (messages, outcome) = read(text, step: { step })
            #expect(outcome == .reading)
            #expect(messages.map(\.start) == ["POST /api/v3/order?x=1", "GET /"])
            #expect(messages.map(\.body) == ["hello", ""])
            #expect(messages.first?.fields["X-MBX-APIKEY"] == "key")
        }
    }

    @Test func `a chunked response with extensions and trailers`() {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "4\r\nWiki\r\n6;a=\"b\"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-T: v\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\n\r\n"
        for step in [Int.max, 1, 5] {
            let (messages, outcome) = read(text, role: Self.response, step: { step })
            #expect(outcome == .reading)
            #expect(messages.map(\.start) == ["200", "204"])
            #expect(messages.first?.body == "Wikipedia in \r\n\r\nchunks.")
        }
    }

    @Test func `responses without a body`() {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n"
            + "\r\nHTTP/1.1 204\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let (messages, _) = read(text, role: Self.response)
        #expect(messages.map(\.start) == ["100", "304", "204", "200"])
        #expect(messages.map(\.body) == ["", "", "", "ok"])
        let toHead = read(
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
            role: .response(answersHead: true))
        #expect(toHead.messages.count == 2)
    }

    @Test func `a body without a length ends with the connection`() {
        var session = HTTPSession(role: Self.response)
        session.feed(Array("HTTP/1.1 200 OK\r\n\r\nuntil the end".utf8))
        let early = session.messages.count
        #expect(early == 0)
        session.end()
        let bodies = session.messages.map(\.body)
        #expect(bodies == ["until the end"])
    }

    @Test func `a connection that ends inside a message is told apart`() {
        for text in ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234", "HTTP/1.1 2"] {
            var session = HTTPSession(role: Self.response)
            session.feed(Array(text.utf8))
            session.end()
            let outcome = session.outcome
            #expect(outcome == .failed(.truncated))
        }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n"
    private static let chunked = get + "Transfer-Encoding: chunked\r\n\r\n"

    /// What request smuggling and broken peers send: text after the start line, and the verdict.
    static let refused: [(text: String, failure: HTTPFailure)] = [
        (
            get + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
            .conflictingLength
        ),
        (
            get + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
            .conflictingLength
        ),
        (
            get + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n",
            .conflictingLength
        ),
        (get + "Content-Length: 4, 4\r\n\r\n", .malformedLength),
        (get + "Content-Length: +4\r\n\r\n", .malformedLength),
        (get + "Content-Length: -1\r\n\r\n", .malformedLength),
        (get + "Content-Length: 0x4\r\n\r\n", .malformedLength),
        (get + "Content-Length:\r\n\r\n", .malformedLength),
        (
            get + "Content-Length: 99999999999999999999999\r\n\r\n",
            .bodyTooLarge
        ),
        (
            get + "Transfer-Encoding: xchunked\r\n\r\n",
            .unsupportedTransferCoding
        ),
        (
            get + "Transfer-Encoding: gzip, chunked\r\n\r\n",
            .unsupportedTransferCoding
        ),
        (
            get + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .unsupportedTransferCoding
        ),
        ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .unsupportedTransferCoding),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformedField),
        (get + "X: 1\r\n folded\r\n\r\n", .foldedField),
        (get + ": x\r\n\r\n", .malformedField),
        (get + "X\r\n\r\n", .malformedField),
        (get + "X: a\u{0}b\r\n\r\n", .malformedField),
        ("GET / HTTP/1.1\nHost: a\n\n", .bareLineEnding),
        ("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", .bareLineEnding),
        ("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", .bareLineEnding),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        (get + "Host: b\r\n\r\n", .missingHost),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedStartLine),
        ("GET / x HTTP/1.1\r\nHost: a\r\n\r\n", .malformedStartLine),
        ("GET /\r\nHost: a\r\n\r\n", .malformedStartLine),
        ("GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", .malformedStartLine),
        ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
        (
            chunked + "0x4\r\nabcd\r\n0\r\n\r\n",
            .malformedChunk
        ),
        (chunked + "-4\r\n", .malformedChunk),
        (chunked + " 4\r\n", .malformedChunk),
        (chunked + "\r\n", .malformedChunk),
        (chunked + "4\nabcd", .bareLineEnding),
        (
            chunked + "4\r\nabcdX\r\n",
            .malformedChunk
        ),
        (
            chunked + "FFFFFFFFFFFFFFFFF\r\n",
            .bodyTooLarge
        ),
        (
            chunked + "0\r\nbad trailer\r\n\r\n",
            .malformedField
        ),
        (
            chunked + "4;\rabc\r\n",
            .bareLineEnding
        ),
    ]

    @Test(arguments: Self.refused.indices)
    func `messages that two readers could understand differently are refused`(index: Int) {
        let (text, failure) = Self.refused[index]
        for step in [Int.max, 1] {
            let (messages, outcome) = read(text, step: { step })
            #expect(outcome == .failed(failure), "\(text.debugDescription)")
            #expect(messages.isEmpty)
        }
    }

    @Test func `limits hold, and each has its status`() {
        var limits = HTTPLimits()
        limits.line = 100
        limits.head = 400
        limits.fields = 5
        limits.body = 10
        let long = String(repeating: "a", count: 101)
        let field = "X: \(String(repeating: "b", count: 80))\r\n"
        let cases: [(String, HTTPFailure, Int)] = [
            ("GET /\(long) HTTP/1.1\r\n", .lineTooLong, 414),
            ("GET / HTTP/1.1\r\nHost: \(long)\r\n\r\n", .lineTooLong, 414),
            ("GET / HTTP/1.1\r\n" + String(repeating: field, count: 5), .headTooLarge, 431),
            (
                "GET / HTTP/1.1\r\n" + String(repeating: "X: 1\r\n", count: 6) + "\r\n",
                .tooManyFields, 431
            ),
            (Self.get + "Content-Length: 11\r\n\r\n", .bodyTooLarge, 413),
            (
                Self.chunked + "6\r\nabcdef\r\n6\r\n",
                .bodyTooLarge, 413
            ),
        ]
        for (text, failure, status) in cases {
            #expect(read(text, limits: limits).outcome == .failed(failure))
            #expect(read(text, limits: limits, step: { 1 }).outcome == .failed(failure))
            #expect(failure.status == status)
        }
    }

    @Test func `many tiny chunks fit a small buffer`() {
        var limits = HTTPLimits()
        limits.body = 4000
        var session = HTTPSession(role: .request, limits: limits, capacity: 5000)
        session.feed(Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
        for _ in 0..<4000 { session.feed(Array("1\r\nz\r\n".utf8)) }
        session.feed(Array("0\r\n\r\n".utf8))
        let bodies = session.messages.map(\.body)
        #expect(bodies == [String(repeating: "z", count: 4000)])
    }

    @Test func `a writer refuses what would start another field`() {
        var buffer = ByteBuffer(capacity: 1000)
        let attempts: [(String, String, [(String, String)])] = [
            ("GET", "/a b", []), ("GET", "/a\r\nX: y", []), ("GE T", "/", []), ("GET", "a", []),
            ("GET", "/", [("X", "a\r\nY: b")]), ("GET", "/", [("X:", "a")]),
            ("GET", "/", [("", "a")]),
        ]
        for (method, target, fields) in attempts {
            let isWritten = HTTPWriter.appendRequest(
                method: method, target: target, host: "h", fields: fields, body: nil, to: &buffer)
            #expect(!isWritten, "\(method) \(target) \(fields)")
        }
        let count = buffer.count
        #expect(count == 0)
    }

    /// 10^5 damaged inputs: no harm, and the split never changes the verdict.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func `damaged messages never harm, however they are split`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let corpus =
            Self.refused.map { Array($0.text.utf8) } + [
                Array("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".utf8),
                Array(
                    (Self.chunked + "4\r\nabcd\r\n0\r\n\r\n")
                        .utf8),
            ]
        var limits = HTTPLimits()
        limits.body = 200
        limits.head = 300
        for round in 0..<10_000 {
            var bytes = corpus[Int(random.next() % UInt64(corpus.count))]
            for _ in 0..<Int(random.next() % 4) where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array("\r\n :;0aF".utf8)[Int(random.next() % 8)], at: place)
                }
            }
            var whole = HTTPSession(role: .request, limits: limits, capacity: 700)
            whole.feed(bytes)
            var split = HTTPSession(role: .request, limits: limits, capacity: 700)
            split.feed(bytes) { Int(random.next() % 5) + 1 }
            if whole.messages != split.messages || whole.outcome != split.outcome {
                let text = String(decoding: bytes, as: UTF8.self).debugDescription
                Issue.record("seed \(seed) round \(round): \(text)")
                return
            }
        }
    }
}
