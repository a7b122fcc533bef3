import COpenSSL
import Testing
import Wire

/// A link that connects again offers its server's ticket, whoever protects the records.
@Suite("Resumption")
struct ResumptionTests {
    let certificates = try! CertificateDirectory()

    private func server(
        _ layer: TLSRecordLayer, tickets: Int
    ) throws -> TLSServerContext {
        try TLSServerContext(
            chainFile: certificates.files.chain, keyFile: certificates.files.key,
            records: TLSRecordSettings(layer: layer), tickets: tickets)
    }

    private func reconnect(_ pair: LinkPair, to context: TLSServerContext) throws {
        pair.client.closed(now: pair.now, reason: .endOfStream)
        pair.readClient()
        try pair.client.reset()
        pair.server = try ServerLink(tls: context)
        pair.clientEvents.removeAll()
        pair.start()
    }

    @Test(arguments: LayerPair.all, [1, 2])
    func `a session is resumed and carries messages`(layers: LayerPair, tickets: Int) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        let context = try server(layers.server, tickets: tickets)
        pair.server = try ServerLink(tls: context)
        pair.start()
        #expect(!pair.isClientResumed)
        // Each connection gets tickets of its own, so every later one resumes.
        for round in 0..<5 {
            try reconnect(pair, to: context)
            #expect(pair.isClientResumed, "round \(round)")
            #expect(pair.serverSends("to client"))
            #expect(pair.clientSends("to server"))
            pair.settle()
            #expect(pair.clientEvents == [.opened, .text("to client")])
            #expect(pair.serverEvents.last == .text("to server"))
            // Without a socket there is no kernel that could seal.
            #expect(pair.clientLayer == (layers.client == .kernel ? .apus : layers.client))
        }
    }

    @Test(arguments: LayerPair.all)
    func `a server without tickets or without memory of them verifies anew`(
        layers: LayerPair
    ) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files)
        pair.start()
        try reconnect(pair, to: try server(layers.server, tickets: 1))
        #expect(!pair.isClientResumed)
        // The ticket is under a key that the next server does not have.
        try reconnect(pair, to: try server(layers.server, tickets: 1))
        #expect(!pair.isClientResumed)
        #expect(pair.clientEvents == [.opened])
    }

    /// A certificate that has been refused is not asked for less strictly the next time.
    @Test(arguments: LayerPair.all)
    func `a handshake that failed leaves nothing to resume`(layers: LayerPair) throws {
        let pair = try LinkPair(layers: layers, files: certificates.files, host: "example.com")
        let context = try server(layers.server, tickets: 1)
        for _ in 0..<2 {
            try reconnect(pair, to: context)
            #expect(pair.clientEvents == [.closed(.tls(.hostNameMismatch))])
            #expect(!pair.isClientResumed)
        }
    }
}
