@testable import Wire

extension FuzzTarget {
    static let links = [linkPair, clientLink, serverLink]

    /// Both ends of a connection, joined by a transport that splits, delays and breaks: what one end
    /// says the other hears, in order and unchanged, up to the connection's end.
    private static let linkPair = FuzzTarget("links", seeds: LinkSeeds.pairs) {
        { input in
            var script = Script(input)
            guard var pair = LinkPair(isWebSocket: script.byte() & 1 == 0) else { return }
            while !script.isAtEnd { pair.step(&script) }
            pair.finish()
        }
    }

    /// A client's end that anybody answers.
    private static let clientLink = FuzzTarget("client-link", seeds: LinkSeeds.answers) {
        { input in
            var script = Script(input)
            let isWebSocket = script.byte() & 1 == 0
            guard
                var link = try? ClientLink(
                    purpose: isWebSocket ? .webSocket(path: "/ws", fields: []) : .http, host: "x",
                    port: 80, tls: nil, limits: .narrow, maskSeed: 7)
            else { return }
            var now: Int64 = 0
            link.connecting(now: now)
            link.connected(now: now)
            var ends = 0
            while !script.isAtEnd {
                switch script.choice(8) {
                case 0:
                    now += script.time()
                    link.tick(now: now)
                case 1: link.ping(now: now)
                case 2: link.close(code: script.word(), now: now)
                case 3:
                    let text = script.bytes(atMost: 600)
                    if let base = text.baseAddress { _ = link.sendText(base, text.count) }
                case 4: _ = link.sendRequest(method: "GET", path: "/x", now: now)
                case 5: link.closed(now: now, reason: .endOfStream)
                default:
                    let bytes = PaddedInput(script.bytes())
                    link.receive(bytes.start, bytes.count, now: now)
                    ends += LinkDrain.drain(&link, now: now)
                }
                ends += LinkDrain.drain(&link, now: now)
                let out = link.beginSend()
                link.finishSend(out.count)
                if ends > 1 { fatalError("a connection has ended \(ends) times") }
            }
        }
    }

    /// A server's end that anybody connects to.
    private static let serverLink = FuzzTarget("server-link", seeds: LinkSeeds.requests) {
        { input in
            guard var link = try? ServerLink(tls: nil, limits: .narrow) else { return }
            var script = Script(input)
            var now: Int64 = 0
            var ends = 0
            link.accepted(now: now)
            while !script.isAtEnd {
                switch script.choice(6) {
                case 0:
                    now += script.time()
                    link.tick(now: now)
                case 1: link.close(code: script.word(), now: now)
                case 2: link.ping(now: now)
                default:
                    let bytes = PaddedInput(script.bytes())
                    link.receive(bytes.start, bytes.count, now: now)
                    ends += LinkDrain.drain(&link, now: now)
                }
                ends += LinkDrain.drain(&link, now: now)
                let out = link.beginSend()
                link.finishSend(out.count)
                if ends > 1 { fatalError("a connection has ended \(ends) times") }
            }
        }
    }
}

extension LinkLimits {
    /// Small buffers: their bounds are met, and a link costs little to make.
    static var narrow: LinkLimits {
        var limits = LinkLimits()
        limits.maximumMessage = 1_024
        limits.outgoing = 2_048
        limits.http.head = 1_024
        limits.http.body = 1_024
        return limits
    }
}

/// Reads a link as its driver does; how often it has told its end.
private enum LinkDrain {
    static func drain(_ link: inout ClientLink, now: Int64) -> Int {
        var ends = 0
        for _ in 0..<10_000 {
            switch link.next() {
            case .none: return ends
            case .needsCold: link.progressCold(now: now)
            case .closed: ends += 1
            case .response: _ = (link.responseStatus, link.responseField("Retry-After"))
            default: break
            }
        }
        fatalError("a link that never has enough")
    }

    static func drain(_ link: inout ServerLink, now: Int64) -> Int {
        var ends = 0
        for _ in 0..<10_000 {
            switch link.next() {
            case .none: return ends
            case .needsCold: link.progressCold(now: now)
            case .closed: ends += 1
            case .request:
                if link.requestIsUpgrade {
                    _ = link.acceptUpgrade(now: now)
                } else {
                    _ = link.respond(status: 200, body: nil, now: now)
                }
            default: break
            }
        }
        fatalError("a link that never has enough")
    }
}

/// A client and a server with a wire between them that holds bytes back.
private struct LinkPair: ~Copyable {
    private var client: ClientLink
    private var server: ServerLink
    private var toServer: [UInt8] = []
    private var toClient: [UInt8] = []
    private var now: Int64 = 0
    /// What each end has said, and how much of it the other has heard.
    private var saidByClient: [[UInt8]] = []
    private var saidByServer: [[UInt8]] = []
    private var heardByServer = 0
    private var heardByClient = 0
    private let isWebSocket: Bool

    init?(isWebSocket: Bool) {
        self.isWebSocket = isWebSocket
        guard
            let client = try? ClientLink(
                purpose: isWebSocket ? .webSocket(path: "/ws", fields: []) : .http, host: "x", port: 80,
                tls: nil, limits: .narrow, maskSeed: 7),
            let server = try? ServerLink(tls: nil, limits: .narrow)
        else { return nil }
        self.client = client
        self.server = server
        self.client.connecting(now: now)
        self.server.accepted(now: now)
        self.client.connected(now: now)
        read()
    }

    mutating func step(_ script: inout Script) {
        switch script.choice(10) {
        case 0: carryToServer(script.choice(256))
        case 1: carryToClient(script.choice(256))
        case 2, 3: say(script.bytes(atMost: 1_100), byClient: true)
        case 4, 5: say(script.bytes(atMost: 1_100), byClient: false)
        case 6:
            now += script.time()
            client.tick(now: now)
            server.tick(now: now)
        case 7:
            if script.byte() & 1 == 0 { client.ping(now: now) } else { server.ping(now: now) }
        case 8:
            if script.byte() & 7 == 0 { end(script.byte()) }
        default:
            carryToServer(.max)
            carryToClient(.max)
        }
        read()
    }

    private mutating func end(_ way: UInt8) {
        switch way % 4 {
        case 0: client.close(now: now)
        case 1: server.close(now: now)
        case 2: client.closed(now: now, reason: .reset)
        default: server.closed(now: now, reason: .endOfStream)
        }
    }

    /// Everything still under way arrives: whoever lives has heard all that was said in time.
    mutating func finish() {
        for _ in 0..<200 {
            carryToServer(.max)
            carryToClient(.max)
            read()
        }
        guard case .open = client.phase, case .open = server.phase else { return }
        expectSame(heardByServer, saidByClient.count)
        expectSame(heardByClient, saidByServer.count)
    }

    private mutating func say(_ bytes: FuzzTarget.Input, byClient: Bool) {
        guard let base = bytes.baseAddress else { return }
        let text = Array(bytes)
        guard isWebSocket else {
            // The server speaks when it is asked: see `answer`.
            let path = "/" + String(text.prefix(60).map { Character(UnicodeScalar(97 + $0 % 26)) })
            if byClient,
                client.sendRequest(method: "POST", path: path, body: .init(bytes), now: now)
            {
                saidByClient.append(Array(path.utf8) + text)
            }
            return
        }
        if byClient {
            if client.sendBinary(base, bytes.count) { saidByClient.append(text) }
        } else if server.sendBinary(base, bytes.count) {
            saidByServer.append(text)
        }
    }

    private mutating func carryToServer(_ most: Int) {
        let out = client.beginSend()
        toServer += UnsafeRawBufferPointer(start: out.pointer, count: out.count)
        client.finishSend(out.count)
        let count = min(most, toServer.count)
        guard count > 0 else { return }
        Array(toServer[..<count]).withUnsafeBytes { bytes in
            let memory = PaddedInput(bytes.bindMemory(to: UInt8.self))
            server.receive(memory.start, count, now: now)
            readServer()
        }
        toServer.removeFirst(count)
    }

    private mutating func carryToClient(_ most: Int) {
        let out = server.beginSend()
        toClient += UnsafeRawBufferPointer(start: out.pointer, count: out.count)
        server.finishSend(out.count)
        let count = min(most, toClient.count)
        guard count > 0 else { return }
        Array(toClient[..<count]).withUnsafeBytes { bytes in
            let memory = PaddedInput(bytes.bindMemory(to: UInt8.self))
            client.receive(memory.start, count, now: now)
            readClient()
        }
        toClient.removeFirst(count)
    }

    private mutating func read() {
        readServer()
        readClient()
    }

    private mutating func readServer() {
        while true {
            switch server.next() {
            case .none: return
            case .needsCold: server.progressCold(now: now)
            case .binary(let bytes, let count):
                let heard = UnsafeRawBufferPointer(start: bytes, count: count)
                Self.hear(heard, at: &heardByServer, of: saidByClient)
            case .request: answer()
            default: break
            }
        }
    }

    /// An HTTP request's path and body come back as the answer's.
    private mutating func answer() {
        if server.requestIsUpgrade {
            if !server.acceptUpgrade(now: now) { fatalError("our own handshake is refused") }
            return
        }
        let text = Array(server.requestTarget.utf8) + Array(server.requestBody)
        text.withUnsafeBytes { Self.hear($0, at: &heardByServer, of: saidByClient) }
        let isSaid = text.withUnsafeBytes { server.respond(status: 200, body: $0, now: now) }
        if isSaid { saidByServer.append(text) }
    }

    private mutating func readClient() {
        while true {
            switch client.next() {
            case .none: return
            case .needsCold: client.progressCold(now: now)
            case .binary(let bytes, let count):
                let heard = UnsafeRawBufferPointer(start: bytes, count: count)
                Self.hear(heard, at: &heardByClient, of: saidByServer)
            case .response:
                // What is too long for it the server refuses by itself, and ends.
                if client.responseStatus == 413, client.responseBody.isEmpty { continue }
                Self.hear(client.responseBody, at: &heardByClient, of: saidByServer)
            default: break
            }
        }
    }

    private static func hear(
        _ bytes: UnsafeRawBufferPointer, at place: inout Int, of said: [[UInt8]]
    ) {
        guard place < said.count else { fatalError("heard what nobody has said") }
        expectSame(Array(bytes), said[place])
        place += 1
    }
}

/// Where link targets begin.
private enum LinkSeeds {
    static var pairs: [[UInt8]] {
        [0, 1].map { kind in
            var seed = ScriptWriter()
            seed.put(kind, 9, 9)
            for (step, text) in ["one", "two", String(repeating: "x", count: 300)].enumerated() {
                seed.put(2 + step % 2)
                seed.put(text: text)
                seed.put(0, 5, 4)
                seed.put(text: text)
                seed.put(1, 3, 7, 0, 6, 4, 1, 9)
            }
            seed.put(8, 0, kind)
            return seed.bytes
        }
    }

    static var answers: [[UInt8]] {
        var upgrade = ScriptWriter()
        upgrade.put(0, 6)
        upgrade.put(
            text: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: \(acceptedKey)\r\n\r\n")
        let frames: [[UInt8]] = [
            [0x81, 5, 104, 101, 108, 108, 111], [0x89, 2, 1, 2], [0x01, 2, 104, 105, 0x80, 1, 33],
            [0x82, 126, 0, 130] + [UInt8](repeating: 9, count: 130), [0x88, 2, 3, 0xE8],
        ]
        for frame in frames {
            upgrade.put(6)
            upgrade.put(bytes: frame)
            upgrade.put(1, 0, 4, 20)
        }
        var refused = ScriptWriter()
        refused.put(0, 6)
        refused.put(text: "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n")
        var plain = ScriptWriter()
        plain.put(1, 4, 4, 6)
        plain.put(text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n")
        plain.put(6)
        plain.put(text: "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        plain.put(4, 6)
        plain.put(text: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":1}")
        plain.put(5)
        return [upgrade.bytes, refused.bytes, plain.bytes]
    }

    /// What answers the key that a client of this mask seed sends.
    private static var acceptedKey: String {
        guard
            var link = try? ClientLink(
                purpose: .webSocket(path: "/ws", fields: []), host: "x", port: 80, tls: nil,
                limits: .narrow, maskSeed: 7)
        else { return "" }
        link.connecting(now: 0)
        link.connected(now: 0)
        let out = link.beginSend()
        let text = String(
            decoding: UnsafeRawBufferPointer(start: out.pointer, count: out.count), as: UTF8.self)
        let key = text.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }
        return WebSocketKey.accept(for: String(key?.dropFirst("Sec-WebSocket-Key: ".count) ?? ""))
    }

    static var requests: [[UInt8]] {
        var upgrade = ScriptWriter()
        upgrade.put(3)
        upgrade.put(
            text: "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
        upgrade.put(3)
        upgrade.put(bytes: [0x81, 0x85, 1, 2, 3, 4, 105, 103, 111, 104, 110])
        upgrade.put(0, 4, 30, 3)
        upgrade.put(bytes: [0x88, 0x82, 0, 0, 0, 0, 3, 0xE8])
        var plain = ScriptWriter()
        for text in [
            "GET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\nPOST /x HTTP/1.1\r\nHost: x\r\n",
            "Content-Length: 3\r\n\r\nabcHEAD / HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n",
        ] {
            plain.put(3)
            plain.put(text: text)
        }
        return [upgrade.bytes, plain.bytes]
    }
}
