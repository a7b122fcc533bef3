import COpenSSL
import Foundation
import Testing
import Wire

@Suite("TLS")
struct TLSTests {
    private func outcome(
        of files: CertificateFiles, trusting authority: String? = nil, host: String
    ) throws -> [LinkPair.Seen] {
        let trusted = CertificateFiles(
            authority: authority ?? files.authority, chain: files.chain, key: files.key)
        let pair = try LinkPair(files: trusted, host: host)
        pair.start()
        return pair.clientEvents
    }

    @Test(arguments: ["localhost", "127.0.0.1", "::1"])
    func `a host named in the certificate is accepted`(host: String) throws {
        let directory = try CertificateDirectory()
        #expect(try outcome(of: directory.files, host: host) == [.opened])
    }

    @Test(arguments: ["example.com", "localhost.example.com", "127.0.0.2"])
    func `a certificate for other hosts is refused`(host: String) throws {
        let directory = try CertificateDirectory()
        #expect(
            try outcome(of: directory.files, host: host) == [.closed(.tls(.hostNameMismatch))])
    }

    @Test func `an unknown authority is refused`() throws {
        let directory = try CertificateDirectory()
        let stranger = try CertificateDirectory()
        #expect(
            try outcome(
                of: directory.files, trusting: stranger.files.authority, host: "localhost")
                == [.closed(.tls(.unknownAuthority))])
    }

    @Test func `a certificate out of its time is refused`() throws {
        let now = Int64(Date().timeIntervalSince1970)
        let expired = try CertificateDirectory(now: now - 60 * 86_400)
        #expect(
            try outcome(of: expired.files, host: "localhost") == [.closed(.tls(.expired))])
        let early = try CertificateDirectory(now: now + 86_400)
        #expect(
            try outcome(of: early.files, host: "localhost") == [.closed(.tls(.notYetValid))])
    }

    @Test(arguments: LayerPair.all)
    func `a refused certificate is told to the server as an alert`(layers: LayerPair) throws {
        let directory = try CertificateDirectory()
        let pair = try LinkPair(layers: layers, files: directory.files, host: "example.com")
        pair.start()
        guard case .closed(.tls(.peerAlert)) = pair.serverEvents.last else {
            Issue.record("the server saw \(pair.serverEvents)")
            return
        }
        #expect(TLSFailure.hostNameMismatch.isPermanent)
        #expect(!LinkCloseReason.tls(.hostNameMismatch).isTransient)
    }

    @Test(arguments: LayerPair.all)
    func `sessions are TLS 1.3 with AES-128-GCM`(layers: LayerPair) throws {
        let directory = try CertificateDirectory()
        let pair = try LinkPair(layers: layers, files: directory.files)
        pair.start()
        #expect(pair.client.negotiated == "TLSv1.3 TLS_AES_128_GCM_SHA256")
    }

    @Test(arguments: LayerPair.all)
    func `bytes that are not TLS end the handshake`(layers: LayerPair) throws {
        let directory = try CertificateDirectory()
        let pair = try LinkPair(layers: layers, files: directory.files)
        pair.server.accepted(now: 0)
        let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        request.withUnsafeBytes {
            pair.server.receive($0.baseAddress!, $0.count, now: 0)
            pair.readServer()
        }
        #expect(pair.serverEvents == [.closed(.tls(.protocolError))])
        #expect(pair.server.failureText.contains("http request"))
    }

    @Test func `files that cannot be used are named as what they are`() throws {
        let directory = try CertificateDirectory()
        let files = directory.files
        #expect(throws: TLSFailure.unreadableAuthorityFile) {
            _ = try TLSClientContext(authorityFile: files.authority + ".missing")
        }
        #expect(throws: TLSFailure.unreadableCertificateChain) {
            _ = try TLSServerContext(chainFile: files.key, keyFile: files.key)
        }
        #expect(throws: TLSFailure.unreadablePrivateKey) {
            _ = try TLSServerContext(chainFile: files.chain, keyFile: files.chain)
        }
        let other = try CertificateDirectory()
        #expect(throws: TLSFailure.unreadablePrivateKey) {
            _ = try TLSServerContext(chainFile: files.chain, keyFile: other.files.key)
        }
        #expect(throws: TLSFailure.unwritableFile) {
            _ = try CertificateAuthority.makeChain(
                hosts: ["localhost"], directory: "/proc/nowhere", now: 0)
        }
        #expect(throws: TLSFailure.unusableHostName) {
            _ = try CertificateDirectory(hosts: ["localhost,DNS:example.com"])
        }
    }

    @Test func `the key file is readable by its owner alone`() throws {
        let directory = try CertificateDirectory()
        let attributes = try FileManager.default.attributesOfItem(atPath: directory.files.key)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
    }

    @Test(arguments: TLSRecordLayer.allCases)
    func `an established session asks the C library for no memory`(layer: TLSRecordLayer) throws {
        #expect(OpenSSLMemory.isPooled)
        let directory = try CertificateDirectory()
        let layers = LayerPair(client: layer, server: layer)
        let pair = try LinkPair(layers: layers, files: directory.files)
        pair.start()
        let text = String(repeating: "t", count: 200)
        func exchange(_ rounds: Int) {
            for _ in 0..<rounds {
                _ = pair.clientSends(text)
                _ = pair.serverSends(text)
                _ = pair.carryToServer()
                _ = pair.carryToClient()
            }
        }
        exchange(100)
        let before = OpenSSLMemory.statistics
        exchange(2000)
        let after = OpenSSLMemory.statistics
        #expect(after.libraryAllocations == before.libraryAllocations)
        #expect(after.libraryFrees == before.libraryFrees)
        // The counter counts: OpenSSL 3.0 allocates for every record, and our layer for none.
        #expect((after.pooledAllocations > before.pooledAllocations) == (layer == .openssl))
        #expect(pair.clientEvents.count == 2101)
    }

    @Test func `the pool gives memory that keeps its contents`() {
        // Every size class, the large ones, and growth across the border.
        for size in [1, 16, 63, 64, 65, 1000, 2048, 2049, 70_000] {
            guard let memory = CRYPTO_malloc(size, nil, 0) else {
                Issue.record("no memory for \(size)")
                continue
            }
            memset(memory, 0x5A, size)
            guard let larger = CRYPTO_realloc(memory, size * 3, nil, 0) else {
                Issue.record("no memory for \(size * 3)")
                continue
            }
            #expect(larger.load(as: UInt8.self) == 0x5A)
            #expect(larger.load(fromByteOffset: size - 1, as: UInt8.self) == 0x5A)
            CRYPTO_free(larger, nil, 0)
        }
        #expect(CRYPTO_malloc(0, nil, 0) == nil)
    }

    @Test func `memory freed on another thread is still usable there`() async {
        let blocks = (0..<200).compactMap { _ in
            CRYPTO_malloc(100, nil, 0).map(UInt.init(bitPattern:))
        }
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                for block in blocks {
                    CRYPTO_free(UnsafeMutableRawPointer(bitPattern: block), nil, 0)
                }
                done.resume()
            }
        }
        #expect(blocks.count == 200)
    }
}
