import COpenSSL
import Testing
import Wire

/// The record protocol behind the handshake (RFC 8446 sections 4.6, 5 and 6), rule by rule.
@Suite("Records by the rules")
struct RecordProtocolTests {
    let certificates = try! CertificateDirectory()

    static let data: UInt8 = 23
    static let handshake: UInt8 = 22
    static let alert: UInt8 = 21

    /// Plaintext of one forged record.
    struct Piece: Sendable {
        let type: UInt8
        let content: [UInt8]
        var padding = 0
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pieces: [Piece]
        var role = RecordPair.Role.client
        /// The alert that the peer hears, nil when nothing is wrong.
        var alert: Int?
        var heard: [UInt8] = []
    }

    static func ticket(_ count: Int) -> [UInt8] {
        [4, UInt8(count >> 16), UInt8(count >> 8 & 255), UInt8(count & 255)]
            + [UInt8](repeating: 1, count: count)
    }

    static let hello: [UInt8] = Array("hello".utf8)
    static let last = Piece(type: data, content: hello)

    static let accepted: [Case] = [
        Case(testDescription: "data", pieces: [last], heard: hello),
        Case(
            testDescription: "empty data between data",
            pieces: [last, Piece(type: data, content: []), Piece(type: data, content: []), last],
            heard: hello + hello),
        Case(
            testDescription: "padding of every kind",
            pieces: [0, 1, 15, 16, 300, 16_379].map {
                Piece(type: data, content: hello, padding: $0)
            } + [Piece(type: data, content: [], padding: 16_384)],
            heard: (0..<6).flatMap { _ in hello }),
        Case(
            testDescription: "content that ends with zeros",
            pieces: [Piece(type: data, content: [1, 0, 0, 0], padding: 3)], heard: [1, 0, 0, 0]),
        Case(
            testDescription: "the longest content",
            pieces: [Piece(type: data, content: [UInt8](repeating: 9, count: 16_384))],
            heard: [UInt8](repeating: 9, count: 16_384)),
        Case(
            testDescription: "tickets, two in one record and one in many",
            pieces: [Piece(type: handshake, content: ticket(100) + ticket(40))]
                + ticket(60).map { Piece(type: handshake, content: [$0]) } + [last],
            heard: hello),
        Case(
            testDescription: "a ticket whose header is cut and whose rest begins another",
            pieces: [
                Piece(type: handshake, content: Array(ticket(300)[..<2])),
                Piece(type: handshake, content: Array(ticket(300)[2...] + ticket(50)[..<3])),
                Piece(type: handshake, content: Array(ticket(50)[3...])), last,
            ], heard: hello),
        Case(
            testDescription: "an empty ticket message",
            pieces: [Piece(type: handshake, content: [4, 0, 0, 0]), last], heard: hello),
        Case(
            testDescription: "user_canceled is no end",
            pieces: [Piece(type: alert, content: [1, 90]), last], heard: hello),
    ]

    static let refused: [Case] = [
        Case(
            testDescription: "nothing but padding",
            pieces: [Piece(type: 0, content: [], padding: 40)], alert: 10),
        Case(
            testDescription: "a change_cipher_spec inside", pieces: [Piece(type: 20, content: [1])],
            alert: 10),
        Case(testDescription: "a heartbeat", pieces: [Piece(type: 24, content: [1])], alert: 10),
        Case(
            testDescription: "an unknown type", pieces: [Piece(type: 255, content: [1])],
            alert: 10),
        Case(
            testDescription: "an empty handshake fragment",
            pieces: [Piece(type: handshake, content: [])], alert: 10),
        Case(
            testDescription: "an empty alert",
            pieces: [Piece(type: alert, content: [])], alert: 10),
        Case(
            testDescription: "half an alert",
            pieces: [Piece(type: alert, content: [1])], alert: 50),
        Case(
            testDescription: "two alerts in one record",
            pieces: [Piece(type: alert, content: [1, 90, 1, 0])], alert: 50),
        Case(
            testDescription: "data inside a handshake message",
            pieces: [Piece(type: handshake, content: Array(ticket(100)[..<103])), last],
            alert: 10),
        Case(
            testDescription: "an alert inside a handshake message",
            pieces: [
                Piece(type: handshake, content: [4]), Piece(type: alert, content: [1, 0]),
            ], alert: 10),
        Case(
            testDescription: "a ticket that is too long",
            pieces: [Piece(type: handshake, content: [4, 2, 1, 11])], alert: 47),
        Case(
            testDescription: "a ticket for a server",
            pieces: [Piece(type: handshake, content: ticket(100))], role: .server, alert: 10),
        Case(
            testDescription: "a key update that is not the last of its record",
            pieces: [Piece(type: handshake, content: [24, 0, 0, 1, 0, 4])], alert: 10),
        Case(
            testDescription: "a long key update",
            pieces: [Piece(type: handshake, content: [24, 0, 0, 2, 0, 0])], alert: 50),
        Case(
            testDescription: "an empty key update",
            pieces: [Piece(type: handshake, content: [24, 0, 0, 0])], alert: 50),
        Case(
            testDescription: "a key update with an unknown request",
            pieces: [Piece(type: handshake, content: [24, 0, 0, 1, 2])], alert: 47),
    ] + [UInt8]([0, 1, 2, 8, 11, 13, 15, 20]).flatMap { message in
        RecordPair.Role.allCases.map { role in
            Case(
                testDescription: "handshake message \(message) to a \(role)",
                pieces: [Piece(type: handshake, content: [message, 0, 0, 4, 1, 2, 3, 4])],
                role: role, alert: 10)
        }
    }

    @Test(arguments: accepted, [Int.max, 1])
    func `what is allowed passes, whole and byte by byte`(example: Case, step: Int) throws {
        let pair = try RecordPair.established(example.role, files: certificates.files)
        let forged = try ForgedRecords(pair)
        let stream = example.pieces.flatMap {
            forged.next($0.type, $0.content, padding: $0.padding)
        }
        for part in stream.parts(of: step) { pair.give(part) }
        #expect(pair.heard == example.heard)
        #expect(pair.end == nil)
        #expect(pair.take().isEmpty)
        pair.send(Self.hello)
        pair.giveToPeer(pair.take())
        #expect(pair.peerHeard == Self.hello)
    }

    @Test(arguments: refused)
    func `what is not allowed is refused with its alert`(example: Case) throws {
        let pair = try RecordPair.established(example.role, files: certificates.files)
        let forged = try ForgedRecords(pair)
        pair.give(example.pieces.flatMap { forged.next($0.type, $0.content, padding: $0.padding) })
        #expect(pair.heard.isEmpty)
        expectRefusal(pair, alert: example.alert)
        // It stays refused, and says so once.
        pair.give(forged.next(Self.data, Self.hello))
        #expect(pair.heard.isEmpty)
        #expect(pair.send(Self.hello) == .failed)
        pair.close()
        #expect(pair.take().isEmpty)
    }

    private func expectRefusal(_ pair: RecordPair, alert: Int?) {
        #expect(pair.end == .failed(.protocolError))
        #expect(pair.channel.failureText.contains("SSL routines::"))
        pair.giveToPeer(pair.take())
        #expect(pair.peerEnd == alert.map { 1000 + $0 })
    }

    /// Headers that no record may have are refused before the rest arrives.
    @Test(arguments: [
        (header: [22, 3, 3, 0, 40], alert: 10), (header: [21, 3, 3, 0, 2], alert: 10),
        (header: [20, 3, 3, 0, 1], alert: 10), (header: [0x80, 3, 3, 0, 40], alert: 10),
        (header: [23, 3, 3, 0x40, 0x12], alert: 22), (header: [23, 3, 3, 0x41, 0x01], alert: 22),
        (header: [23, 3, 3, 0xFF, 0xFF], alert: 22), (header: [23, 3, 3, 0, 0], alert: 20),
        (header: [23, 3, 3, 0, 16], alert: 20),
    ] as [(header: [UInt8], alert: Int)], [Int.max, 1])
    func `headers that no record may have are refused`(
        example: (header: [UInt8], alert: Int), step: Int
    ) throws {
        let pair = try RecordPair.established(.client, files: certificates.files)
        for part in example.header.parts(of: step) { pair.give(part) }
        expectRefusal(pair, alert: example.alert)
    }

    @Test func `close_notify ends reading and leaves writing`() throws {
        let pair = try RecordPair.established(.client, files: certificates.files)
        pair.peerSends(Self.hello)
        SSL_shutdown(pair.peer)
        pair.peerWindow.pointee.error_code = 0
        let stream = pair.takeFromPeer()
        pair.give(stream + stream)
        #expect(pair.heard == Self.hello)
        #expect(pair.end == .closed)
        #expect(pair.send(Self.hello) == .done)
        pair.close()
        pair.close()
        #expect(pair.send(Self.hello) == .failed)
        pair.giveToPeer(pair.take())
        #expect(pair.peerHeard == Self.hello)
        #expect(pair.peerEnd == 0)
    }

    /// Whatever level they state: fatal is what TLS 1.3 makes of all but two.
    @Test(arguments: [1, 2] as [UInt8], [10, 20, 40, 42, 47, 80, 112, 116, 255] as [UInt8])
    func `an alert of the peer is the end`(level: UInt8, description: UInt8) throws {
        let pair = try RecordPair.established(.server, files: certificates.files)
        let forged = try ForgedRecords(pair)
        pair.give(forged.next(Self.alert, [level, description]) + forged.next(Self.data, [1]))
        #expect(pair.end == .failed(.peerAlert(description)))
        #expect(pair.heard.isEmpty)
        #expect(pair.send(Self.hello) == .failed)
        pair.close()
        #expect(pair.take().isEmpty)
    }
}
