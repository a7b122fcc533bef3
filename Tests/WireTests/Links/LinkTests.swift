import Testing
import Wire

@Suite("Links")
struct LinkTests {
    let certificates = try! CertificateDirectory()

    @Test(arguments: [false, true], LayerPair.all)
    func `a websocket opens and carries messages both ways`(
        isSecure: Bool, layers: LayerPair
    ) throws {
        let pair = try LinkPair(layers: layers, files: isSecure ? certificates.files : nil)
        pair.start()
        #expect(pair.clientPhase == .open)
        #expect(pair.clientSends("hello"))
        #expect(pair.serverSends("welcome"))
        pair.settle()
        #expect(pair.clientEvents == [.opened, .text("welcome")])
        #expect(
            pair.serverEvents == [
                .request(method: "GET", target: "/ws", body: ""), .opened, .text("hello"),
            ])
    }

    @Test(arguments: LayerPair.all)
    func `every byte boundary gives the same messages`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.step = { 1 }
        pair.start()
        #expect(pair.clientPhase == .open)
        for text in ["", "a", String(repeating: "x", count: 300)] where !text.isEmpty {
            #expect(pair.serverSends(text))
            #expect(pair.clientSends(text))
        }
        pair.settle()
        let long = String(repeating: "x", count: 300)
        #expect(pair.clientEvents == [.opened, .text("a"), .text(long)])
        #expect(pair.serverEvents.suffix(2) == [.text("a"), .text(long)])
    }

    @Test(arguments: 0..<20 as Range<UInt64>, LayerPair.all)
    func `random splits give the same messages`(seed: UInt64, layers: LayerPair) throws {
        var random = SeededRandom(seed: seed)
        let pair = try LinkPair(layers: layers, files: certificates.files)
        let split = SplitSource(seed: seed)
        pair.step = { split.next() }
        pair.start()
        var sent: [String] = []
        for index in 0..<200 {
            let text = String(
                repeating: "m\(index) ", count: Int.random(in: 1...400, using: &random))
            #expect(pair.serverSends(text), "seed \(seed)")
            sent.append(text)
            if index % 7 == 0 { pair.settle() }
        }
        pair.settle()
        #expect(pair.clientEvents.dropFirst() == sent.map { .text($0) }[...], "seed \(seed)")
    }

    @Test(arguments: LayerPair.all)
    func `queued messages share records and arrive one by one`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        var text = "0123456789"
        text.withUTF8 { bytes in
            for _ in 0..<1000 { _ = pair.server.queueText(bytes.baseAddress!, bytes.count) }
        }
        #expect(pair.serverOutgoing == 0)
        pair.server.seal()
        // 12,000 bytes of frames are one record.
        #expect(pair.serverOutgoing == 12_000 + 22)
        pair.settle()
        #expect(pair.clientEvents.count == 1001)
    }

    @Test(arguments: LayerPair.all)
    func `a full queue refuses, and accepts again once sent`(layers: LayerPair) throws {
        var limits = LinkLimits()
        limits.outgoing = 4096
        let pair = try LinkPair(layers: layers, files: certificates.files, limits: limits)
        pair.start()
        let text = String(repeating: "q", count: 1000)
        var accepted = 0
        while pair.clientSends(text) { accepted += 1 }
        #expect(accepted >= 4)
        pair.settle()
        #expect(pair.serverEvents.count == 2 + accepted)
        #expect(pair.clientSends(text))
    }

    @Test(arguments: LayerPair.all)
    func `bytes in flight stay where they are`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        #expect(pair.clientSends("first"))
        let (bytes, count) = pair.client.beginSend()
        let before = Array(UnsafeRawBufferPointer(start: bytes, count: count))
        for index in 0..<2000 { _ = pair.clientSends("message \(index)") }
        #expect(before == Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        pair.client.finishSend(0)
        pair.settle()
        #expect(pair.serverEvents.count == 2 + 2001)
    }

    @Test(arguments: LayerPair.all)
    func `the closing handshake tells both sides`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        pair.client.close(code: 1001, now: pair.now)
        #expect(pair.clientPhase == .closing)
        // What the peer sent before it saw our close still arrives.
        #expect(pair.serverSends("late fill"))
        pair.settle()
        #expect(pair.serverEvents.last == .closed(.peer(code: 1001)))
        #expect(pair.clientEvents.suffix(2) == [.text("late fill"), .closed(.local(code: 1001))])
        #expect(pair.transportsMayClose)
        #expect(!pair.clientSends("too late"))
    }

    @Test(arguments: LayerPair.all)
    func `a ping is answered with its payload and measured`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        pair.client.ping(now: pair.now)
        pair.now += 250
        pair.settle()
        #expect(pair.clientEvents.last == .pong)
    }

    @Test(arguments: LayerPair.all)
    func `silence, a missing pong and a slow handshake end the connection`(
        layers: LayerPair
    ) throws {
        var limits = LinkLimits()
        limits.pingInterval = 10
        limits.pongTimeout = 5
        limits.silenceTimeout = 100
        limits.handshakeTimeout = 50
        let pair = try LinkPair(layers: layers, files: certificates.files, limits: limits)
        pair.start()
        pair.now += 10
        #expect(pair.clientDeadline == pair.now)
        pair.client.tick(now: pair.now)
        #expect(pair.clientOutgoing > 0)
        #expect(pair.clientDeadline == pair.now + 5)
        pair.client.tick(now: pair.now + 5)
        pair.readClient()
        #expect(pair.clientEvents.last == .closed(.timeout(.pong)))

        try pair.client.reset()
        pair.client.connected(now: pair.now)
        pair.client.tick(now: pair.now + 49)
        #expect(pair.clientPhase == .handshaking)
        pair.client.tick(now: pair.now + 50)
        pair.readClient()
        #expect(pair.clientEvents.last == .closed(.timeout(.handshake)))
    }

    @Test func `silence ends a connection without pings`() throws {
        var limits = LinkLimits()
        limits.pingInterval = 0
        limits.silenceTimeout = 100
        let pair = try LinkPair(limits: limits)
        pair.start()
        pair.now += 60
        #expect(pair.serverSends("alive"))
        pair.settle()
        pair.client.tick(now: pair.now + 40)
        #expect(pair.clientPhase == .open)
        pair.client.tick(now: pair.now + 100)
        pair.readClient()
        #expect(pair.clientEvents.last == .closed(.timeout(.silence)))
    }

    @Test(arguments: LayerPair.all)
    func `the stream's end is not mistaken for a goodbye`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        pair.client.closed(now: pair.now, reason: .reset)
        pair.readClient()
        #expect(pair.clientEvents.last == .closed(.reset))
        #expect(pair.clientMayClose)
        pair.client.finishSend(10)
        try pair.client.reset()
        #expect(pair.clientPhase == .idle)
    }

    @Test(arguments: LayerPair.all)
    func `a link works again after a reset`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        pair.client.closed(now: pair.now, reason: .endOfStream)
        pair.readClient()
        try pair.client.reset()
        pair.server = try ServerLink(
            tls: TLSServerContext(
                chainFile: certificates.files.chain, keyFile: certificates.files.key,
                records: TLSRecordSettings(layer: layers.server)))
        pair.start()
        #expect(pair.serverSends("again"))
        pair.settle()
        #expect(pair.clientEvents.suffix(2) == [.opened, .text("again")])
    }

    @Test(arguments: LayerPair.all)
    func `damaged ciphertext ends the session with an alert`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        #expect(pair.serverSends("genuine"))
        let (bytes, count) = pair.server.beginSend()
        var damaged = Array(UnsafeRawBufferPointer(start: bytes, count: count))
        damaged[count - 1] ^= 1
        damaged.withUnsafeBytes {
            pair.client.receive($0.baseAddress!, count, now: pair.now)
            pair.readClient()
        }
        #expect(pair.clientEvents.last == .closed(.tls(.protocolError)))
        #expect(pair.clientFailureText.contains("bad record mac"))
        pair.server.finishSend(count)
        pair.settle()
        #expect(pair.serverEvents.last == .closed(.tls(.peerAlert(20))))
    }

    @Test(arguments: LayerPair.all)
    func `a peer that breaks the framing gets the matching close code`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        let reserved: [UInt8] = [0xC1, 0x01, 0x61]
        #expect(pair.serverSendsRaw(reserved))
        pair.settle()
        #expect(pair.clientEvents.last == .closed(.webSocket(.reservedBits)))
        #expect(pair.serverEvents.last == .closed(.peer(code: 1002)))
    }

    @Test(arguments: LayerPair.all)
    func `an upgrade that is refused says why`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.onRequest = { server, now in
            _ = server.respond(status: 429, fields: [("Retry-After", "30")], now: now)
        }
        pair.start()
        #expect(
            pair.clientEvents == [.closed(.upgradeRefused(status: 429, retryAfter: 30))])
    }

    @Test func `an upgrade with a wrong accept key or an extension is refused`() throws {
        for extra in [
            "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n",
            "Sec-WebSocket-Extensions: permessage-deflate\r\n", "",
        ] {
            let pair = try LinkPair()
            pair.onRequest = nil
            pair.start()
            let answer =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\n\(extra)\r\n"
            #expect(pair.serverSendsRaw(Array(answer.utf8)))
            pair.settle()
            #expect(pair.clientEvents == [.closed(.upgradeMalformed)])
        }
    }
}

/// Piece lengths from a seed: many single bytes, some long runs.
final class SplitSource {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed &+ 99) }

    func next() -> Int {
        let length = Int(random.next() % 16)
        return length < 6 ? length + 1 : Int(random.next() % 3000) + 1
    }
}
