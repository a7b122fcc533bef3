import COpenSSL
import Testing
import Wire

/// A server that is not ours, with what real exchanges do after the handshake.
@Suite("TLS against another server")
struct ForeignServerTests {
    let certificates = try! CertificateDirectory()

    @Test(arguments: TLSRecordLayer.allCases)
    func `session tickets and key updates pass unnoticed`(layer: TLSRecordLayer) throws {
        let pair = try ForeignPair(layer, files: certificates.files, version: TLS1_3_VERSION)
        pair.settle()
        #expect(pair.events == ["opened"])
        pair.client.ask("/before", now: 1)
        pair.settle()
        #expect(pair.heard.last?.hasPrefix("GET /before HTTP/1.1\r\n") == true)
        pair.answer("first")
        pair.settle()
        // The server changes its keys and asks us to change ours (RFC 8446 section 4.6.3).
        #expect(SSL_key_update(pair.server, SSL_KEY_UPDATE_REQUESTED) == 1)
        pair.client.ask("/after", now: 2)
        pair.settle()
        pair.answer("second")
        pair.settle()
        pair.client.ask("/renewed", now: 3)
        pair.settle()
        #expect(pair.heard.last?.hasPrefix("GET /renewed HTTP/1.1\r\n") == true)
        #expect(pair.events == ["opened", "200 first", "200 second"])
    }

    @Test(arguments: TLSRecordLayer.allCases)
    func `a server that speaks only TLS 1.2 is refused`(layer: TLSRecordLayer) throws {
        let pair = try ForeignPair(layer, files: certificates.files, version: TLS1_2_VERSION)
        pair.settle()
        #expect(pair.events == [
            "closed TLS: the peer ended TLS with alert 70 (protocol version: TLS 1.3 is needed here)"
        ])
    }

    @Test(arguments: TLSRecordLayer.allCases)
    func `an orderly end without a response is no response`(layer: TLSRecordLayer) throws {
        let pair = try ForeignPair(layer, files: certificates.files, version: TLS1_3_VERSION)
        pair.settle()
        pair.client.ask("/", now: 1)
        pair.settle()
        SSL_shutdown(pair.server)
        pair.settle()
        #expect(pair.events == ["opened", "closed the peer ended the connection"])
    }

    @Test(arguments: TLSRecordLayer.allCases)
    func `a body that ends with the connection needs close_notify`(layer: TLSRecordLayer) throws {
        for isOrderly in [true, false] {
            let pair = try ForeignPair(layer, files: certificates.files, version: TLS1_3_VERSION)
            pair.settle()
            pair.client.ask("/", now: 1)
            pair.settle()
            pair.write("HTTP/1.1 200 OK\r\n\r\nall of it")
            if isOrderly { SSL_shutdown(pair.server) }
            pair.settle()
            pair.client.closed(now: 2, reason: .endOfStream)
            pair.settle()
            let wanted = isOrderly ? ["opened", "200 all of it"] : ["opened"]
            #expect(pair.events.filter { !$0.hasPrefix("closed") } == wanted)
            #expect(pair.events.last?.hasPrefix("closed") == true)
        }
    }
}

extension ClientLink {
    fileprivate mutating func ask(_ path: String, now: Int64) {
        _ = sendRequest(method: "GET", path: path, now: now)
    }
}

/// Our client and a plain OpenSSL server over memory BIOs.
private final class ForeignPair {
    var client: ClientLink
    let server: OpaquePointer
    private let context: OpaquePointer
    private let toServer: OpaquePointer
    private let fromServer: OpaquePointer
    private(set) var events: [String] = []
    private(set) var heard: [String] = []

    init(_ layer: TLSRecordLayer, files: CertificateFiles, version: Int32) throws {
        client = try ClientLink(
            purpose: .http, host: "localhost", port: 443,
            tls: TLSClientContext(
                authorityFile: files.authority, records: TLSRecordSettings(layer: layer)),
            maskSeed: 1)
        context = try #require(SSL_CTX_new(TLS_server_method()))
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        try #require(SSL_CTX_use_certificate_chain_file(context, files.chain) == 1)
        try #require(SSL_CTX_use_PrivateKey_file(context, files.key, SSL_FILETYPE_PEM) == 1)
        server = try #require(SSL_new(context))
        toServer = try #require(BIO_new(BIO_s_mem()))
        fromServer = try #require(BIO_new(BIO_s_mem()))
        BIO_ctrl(toServer, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nil)
        SSL_set_bio(server, toServer, fromServer)
        SSL_set_accept_state(server)
        client.connecting(now: 0)
        client.connected(now: 0)
    }

    deinit {
        SSL_free(server)
        SSL_CTX_free(context)
    }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        #expect(SSL_write(server, bytes, Int32(bytes.count)) == bytes.count)
    }

    func answer(_ body: String) {
        write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func settle() {
        for _ in 0..<20 {
            let (bytes, count) = client.beginSend()
            if count > 0 { BIO_write(toServer, bytes, Int32(count)) }
            client.finishSend(count)
            readServer()
            readClient()
        }
    }

    private func readServer() {
        var block = [UInt8](repeating: 0, count: 20_000)
        while case let count = SSL_read(server, &block, Int32(block.count)), count > 0 {
            heard.append(String(decoding: block.prefix(Int(count)), as: UTF8.self))
        }
        ERR_clear_error()
    }

    private func readClient() {
        var block = [UInt8](repeating: 0, count: 20_000)
        let count = max(0, Int(BIO_read(fromServer, &block, Int32(block.count))))
        block.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { client.receive(start, count, now: 1) }
            noteAll()
        }
    }

    private func noteAll() {
        while true {
            switch client.next() {
            case .none: return
            case .needsCold: client.progressCold(now: 1)
            case .opened: events.append("opened")
            case .response:
                let body = String(decoding: client.responseBody, as: UTF8.self)
                events.append("\(client.responseStatus) \(body)")
            case .closed(let reason): events.append("closed \(reason)")
            default: events.append("unexpected")
            }
        }
    }
}
