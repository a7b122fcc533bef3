import Testing
import Wire

@Suite("HTTP links")
struct HTTPLinkTests {
    let certificates = try! CertificateDirectory()

    private func makePair(_ layers: LayerPair) throws -> LinkPair {
        let pair = try LinkPair(layers: layers, purpose: .http, files: certificates.files)
        pair.onRequest = { server, now in
            let body = Array("\(server.requestMethod) \(server.requestTarget)".utf8)
            let status = server.requestTarget == "/missing" ? 404 : 200
            _ = body.withUnsafeBytes { server.respond(status: status, body: $0, now: now) }
        }
        return pair
    }

    @Test(arguments: LayerPair.all)
    func `requests follow each other on one connection`(layers: LayerPair) throws {
        let pair = try makePair(layers)
        pair.start()
        #expect(pair.clientRequests("GET", "/a"))
        pair.settle()
        #expect(pair.clientRequests("POST", "/missing", body: "payload"))
        pair.settle()
        #expect(
            pair.clientEvents == [
                .opened, .response(status: 200, body: "GET /a"),
                .response(status: 404, body: "POST /missing"),
            ])
        #expect(
            pair.serverEvents.last == .request(method: "POST", target: "/missing", body: "payload"))
    }

    @Test(arguments: [Int.max, 1], LayerPair.all)
    func `requests sent ahead are answered in order`(step: Int, layers: LayerPair) throws {
        let pair = try makePair(layers)
        pair.step = { step }
        pair.start()
        for index in 0..<20 {
            #expect(pair.clientRequests(index == 7 ? "HEAD" : "GET", "/\(index)"))
        }
        pair.settle()
        #expect(
            pair.clientEvents.dropFirst()
                == (0..<20).map { .response(status: 200, body: $0 == 7 ? "" : "GET /\($0)") }[...])
    }

    @Test(arguments: LayerPair.all)
    func `a request that is answered late holds the next one back`(layers: LayerPair) throws {
        let pair = try makePair(layers)
        pair.onRequest = nil
        pair.start()
        #expect(pair.clientRequests("GET", "/first"))
        #expect(pair.clientRequests("GET", "/second"))
        pair.settle()
        #expect(pair.serverEvents.count == 1)
        _ = pair.server.respond(status: 204, now: pair.now)
        pair.settle()
        #expect(pair.serverEvents.last == .request(method: "GET", target: "/second", body: ""))
        #expect(pair.clientEvents.last == .response(status: 204, body: ""))
    }

    @Test(arguments: LayerPair.all)
    func `a connection that shall end ends after its response`(layers: LayerPair) throws {
        let pair = try makePair(layers)
        pair.start()
        #expect(pair.clientRequests("GET", "/last", fields: [("Connection", "close")]))
        pair.settle()
        #expect(
            pair.clientEvents.suffix(2)
                == [.response(status: 200, body: "GET /last"), .closed(.completed)])
        #expect(pair.serverEvents.last == .closed(.completed))
        #expect(pair.transportsMayClose)
    }

    @Test(arguments: LayerPair.all)
    func `a large answer passes through a small sending buffer`(layers: LayerPair) throws {
        var limits = LinkLimits()
        limits.outgoing = 100_000
        let pair = try LinkPair(
            layers: layers, purpose: .http, files: certificates.files, serverLimits: limits)
        let large = [UInt8](repeating: UInt8(ascii: "L"), count: 90_000)
        pair.onRequest = { server, now in
            _ = large.withUnsafeBytes {
                server.respond(status: 200, body: $0, closing: true, now: now)
            }
        }
        pair.start()
        pair.step = { 1000 }
        #expect(pair.clientRequests("GET", "/"))
        pair.settle()
        #expect(
            pair.clientEvents.dropFirst() == [
                .response(status: 200, body: String(decoding: large, as: UTF8.self)),
                .closed(.completed),
            ])
    }

    @Test(arguments: LayerPair.all)
    func `a response nobody asked for ends the connection`(layers: LayerPair) throws {
        let pair = try makePair(layers)
        pair.start()
        #expect(pair.serverSendsRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)))
        pair.settle()
        #expect(pair.clientEvents.last == .closed(.http(.unexpectedResponse)))
    }

    @Test(arguments: LayerPair.all)
    func `a response that does not come ends the connection`(layers: LayerPair) throws {
        let pair = try makePair(layers)
        pair.onRequest = nil
        pair.start()
        #expect(pair.clientDeadline == .max)
        #expect(pair.clientRequests("GET", "/slow"))
        #expect(pair.clientDeadline == pair.now + 10_000_000_000)
        pair.client.tick(now: pair.clientDeadline)
        pair.readClient()
        #expect(pair.clientEvents.last == .closed(.timeout(.response)))
    }

    @Test func `a malformed request is answered with its status and refused`() throws {
        let server = try ServerHarness()
        let answer = server.exchange("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"))
        #expect(server.reason == .http(.missingHost))
    }

    @Test(arguments: [
        ("Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "426"),
        ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", "400"),
        ("Sec-WebSocket-Version: 13\r\n", "400"),
    ])
    func `an upgrade that is no valid handshake is refused`(fields: String, status: String) throws {
        let server = try ServerHarness()
        let answer = server.exchange(
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\n"
                + fields + "\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test func `offered extensions and subprotocols are declined`() throws {
        let server = try ServerHarness()
        let answer = server.exchange(
            "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate\r\n"
                + "Sec-WebSocket-Protocol: chat\r\n\r\n"
        )
        #expect(
            answer
                == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
    }
}

/// A plain server that upgrades what asks for it; bytes in, bytes out.
final class ServerHarness {
    private var server: ServerLink
    private(set) var reason: LinkCloseReason?

    init() throws {
        server = try ServerLink(tls: nil)
        server.accepted(now: 0)
    }

    func exchange(_ text: String) -> String {
        Array(text.utf8).withUnsafeBytes {
            server.receive($0.baseAddress!, $0.count, now: 0)
            readAll()
        }
        let (bytes, count) = server.beginSend()
        defer { server.finishSend(count) }
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    private func readAll() {
        while true {
            switch server.next() {
            case .none: return
            case .needsCold: server.progressCold(now: 0)
            case .request:
                if server.requestIsUpgrade { _ = server.acceptUpgrade(now: 0) }
            case .closed(let reason): self.reason = reason
            default: continue
            }
        }
    }
}
