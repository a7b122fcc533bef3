import COpenSSL
import Testing
import Wire

/// The switch from OpenSSL's records to ours loses and repeats nothing, wherever bytes are cut.
@Suite("Taking records over")
struct HandoverTests {
    let certificates = try! CertificateDirectory()

    static let request: [UInt8] = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    static let answer: [UInt8] = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)

    @Test(arguments: RecordPair.Role.allCases, RecordPair.suites)
    func `every suite carries bytes both ways`(role: RecordPair.Role, suite: String) throws {
        let pair = try RecordPair.established(role, files: certificates.files, suite: suite)
        #expect(pair.channel.negotiated == "TLSv1.3 \(suite)")
        for length in [1, 16, 200, 5000, 16_384, 40_000] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            pair.forget()
            pair.forgetPeer()
            #expect(pair.send(content) == .done)
            pair.peerSends(content)
            pair.settle()
            #expect(pair.heard == content)
            #expect(pair.peerHeard == content)
        }
        #expect(pair.end == nil && pair.peerEnd == nil)
    }

    @Test(arguments: RecordPair.Role.allCases, RecordPair.suites)
    func `records and key updates ask for no memory`(role: RecordPair.Role, suite: String) throws {
        let pair = try RecordPair.established(
            role, files: certificates.files, suite: suite,
            records: TLSRecordSettings(layer: .apus, recordsPerKey: 7))
        for _ in 0..<50 {
            pair.peerSends(Self.answer)
            pair.peerUpdatesKeys(asking: true)
            let stream = pair.takeFromPeer()
            let before = OpenSSLMemory.statistics
            pair.give(stream)
            pair.send(Self.request)
            #expect(OpenSSLMemory.statistics == before)
            pair.giveToPeer(pair.take())
        }
        #expect(pair.heard.count == 50 * Self.answer.count)
        #expect(pair.peerHeard.count == 50 * Self.request.count)
    }

    @Test(arguments: RecordPair.Role.allCases)
    func `a context that asks for OpenSSL's records gets them`(role: RecordPair.Role) throws {
        let pair = try RecordPair.established(
            role, files: certificates.files, records: TLSRecordSettings(layer: .openssl))
        pair.peerSends(Self.answer)
        pair.send(Self.request)
        pair.settle()
        #expect(pair.heard == Self.answer)
        #expect(pair.peerHeard == Self.request)
    }

    @Test(arguments: [0, 1, 2, 5], [1, 2, 7, Int.max])
    func `a server's tickets before and behind data pass unnoticed`(
        tickets: Int, step: Int
    ) throws {
        for role in RecordPair.Role.allCases {
            let pair = try RecordPair.established(
                role, files: certificates.files, tickets: tickets)
            pair.peerSends(Self.answer)
            pair.send(Self.request)
            pair.settle(step: step)
            if role == .client, tickets > 0 {
                // One more in the middle of the session.
                #expect(SSL_new_session_ticket(pair.peer) == 1)
                #expect(SSL_do_handshake(pair.peer) == 1)
                pair.peerSends(Self.answer)
                pair.settle(step: step)
                #expect(pair.heard == Self.answer + Self.answer)
            } else {
                #expect(pair.heard == Self.answer)
            }
            #expect(pair.peerHeard == Self.request)
        }
    }

    /// A server's data may follow its Finished at once, before ours has arrived (RFC 8446
    /// section 2): our client finds it in the bytes that end the handshake.
    @Test func `data right behind the server's Finished arrives at every split`() throws {
        var split = 0
        var total = Int.max
        while split <= total {
            let pair = try RecordPair(.client, files: certificates.files)
            pair.start()
            pair.giveToPeer(pair.take())
            let forged = try ForgedRecords(pair)
            let stream =
                pair.takeFromPeer() + forged.next(23, Self.answer) + forged.next(23, [])
                + forged.next(22, [4, 0, 0, 2, 9, 9]) + forged.next(23, Self.request)
            total = stream.count
            pair.give(stream.prefix(split))
            pair.give(stream.dropFirst(split))
            try #require(pair.heard == Self.answer + Self.request, "split at \(split)")
            #expect(pair.channel.recordLayer == .apus)
            // Every byte of what follows the handshake; the handshake itself is OpenSSL's.
            split += split < total - 200 && split > 10 ? 9 : 1
        }
        #expect(total > 500)
    }

    @Test func `data right behind the client's Finished arrives at every split`() throws {
        var split = 0
        var total = Int.max
        while split <= total {
            let pair = try RecordPair(.server, files: certificates.files, tickets: 2)
            #expect(copenssl_handshake(pair.peer, pair.peerWindow) == COPENSSL_WANTS_INPUT)
            pair.give(pair.takeFromPeer())
            pair.giveToPeer(pair.take())
            pair.peerSends(Self.request)
            pair.peerSends([])
            pair.peerSends(Self.answer)
            let stream = pair.takeFromPeer()
            total = stream.count
            pair.give(stream.prefix(split))
            pair.give(stream.dropFirst(split))
            try #require(pair.heard == Self.request + Self.answer, "split at \(split)")
            // Our tickets, written by OpenSSL, and our data behind them.
            pair.send(Self.answer)
            pair.giveToPeer(pair.take())
            try #require(pair.peerHeard == Self.answer, "split at \(split)")
            split += 1
        }
        #expect(total > 100)
    }

    /// Data, tickets, key updates and a goodbye, cut in two at every byte and into every length.
    @Test(arguments: RecordPair.suites)
    func `every split of a session's bytes gives the same`(suite: String) throws {
        let pair = try RecordPair.established(.client, files: certificates.files, suite: suite)
        let number = [0x1301, 0x1302, 0x1303] as [UInt16]
        let forged = try ForgedRecords(
            pair, suite: number[RecordPair.suites.firstIndex(of: suite) ?? 0])
        var wanted: [UInt8] = []
        let length = 300
        for round in 0..<length {
            var stream = forged.next(22, [4, 0, 0, 3, 1]) + forged.next(22, [2, 3])
            let content = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: 30)
            stream += forged.next(23, content, padding: round % 5)
            stream += forged.next(22, [24, 0, 0, 1, UInt8(round % 2)])
            forged.renew()
            stream += forged.next(23, content)
            wanted += content + content
            let split = min(round, stream.count)
            if round % 2 == 0 {
                pair.give(stream.prefix(split))
                pair.give(stream.dropFirst(split))
            } else {
                for part in stream.parts(of: 1 + round / 6) { pair.give(part) }
            }
            try #require(pair.heard == wanted, "round \(round)")
        }
        pair.send(Self.request)
        pair.giveToPeer(pair.take())
        #expect(pair.peerHeard == Self.request)
    }
}
