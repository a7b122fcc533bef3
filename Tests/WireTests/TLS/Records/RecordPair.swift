import COpenSSL
import Dispatch
import Testing
import Wire

/// Our channel and a plain OpenSSL session, with the bytes between them in the test's hands.
final class RecordPair {
    enum Role: CaseIterable, Codable, Sendable {
        case client
        case server
    }

    /// What reading at our end came to.
    enum End: Equatable {
        case closed
        case failed(TLSFailure)
    }

    private(set) var channel: TLSChannel
    private var plaintext = ByteBuffer(capacity: 1 << 18)
    private var queue = ByteBuffer(capacity: 1 << 18)
    private var outgoing = ByteBuffer(capacity: 1 << 18)
    private var noRoom = ByteBuffer(capacity: 1)
    /// False lets our end read without being able to answer.
    var hasReplyRoom = true
    /// What our end has read, and how reading ended.
    private(set) var heard: [UInt8] = []
    private(set) var end: End?

    let peer: OpaquePointer
    let peerWindow: UnsafeMutablePointer<copenssl_window>
    private let peerContext: OpaquePointer
    private let peerOutput: UnsafeMutablePointer<UInt8>
    private static let peerRoom = 1 << 18
    /// What the peer has read, and the alert that ended it (1000 added), or 0 for close_notify.
    private(set) var peerHeard: [UInt8] = []
    private(set) var peerEnd: Int?

    static let suites = [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
    ]

    /// `role` is ours. The peer offers or accepts only `suite`, and as a server sends `tickets`.
    init(
        _ role: Role, files: CertificateFiles, suite: String = suites[0], tickets: Int = 0,
        records: TLSRecordSettings = TLSRecordSettings(layer: .apus)
    ) throws {
        switch role {
        case .client:
            let context = try TLSClientContext(authorityFile: files.authority, records: records)
            channel = try TLSChannel(client: context, host: "localhost")
            peerContext = try #require(SSL_CTX_new(TLS_server_method()))
            SSL_CTX_use_certificate_chain_file(peerContext, files.chain)
            SSL_CTX_use_PrivateKey_file(peerContext, files.key, SSL_FILETYPE_PEM)
            SSL_CTX_set_num_tickets(peerContext, tickets)
        case .server:
            let context = try TLSServerContext(
                chainFile: files.chain, keyFile: files.key, records: records, tickets: tickets)
            channel = try TLSChannel(server: context)
            peerContext = try #require(SSL_CTX_new(TLS_client_method()))
        }
        SSL_CTX_set_ciphersuites(peerContext, suite)
        copenssl_tell_secrets(peerContext)
        peer = try #require(SSL_new(peerContext))
        peerWindow = .allocate(capacity: 1)
        peerWindow.initialize(to: copenssl_window())
        peerOutput = .allocate(capacity: Self.peerRoom)
        let bio = try #require(copenssl_window_bio(peerWindow))
        SSL_set_bio(peer, bio, bio)
        copenssl_watch(peer, peerWindow)
        if role == .client { SSL_set_accept_state(peer) } else { SSL_set_connect_state(peer) }
        openPeerOutput()
    }

    deinit {
        SSL_free(peer)
        SSL_CTX_free(peerContext)
        copenssl_wipe(peerWindow, MemoryLayout<copenssl_window>.size)
        peerWindow.deallocate()
        peerOutput.deallocate()
    }

    // MARK: - Our end

    /// The next bytes that our end sends.
    func take() -> [UInt8] {
        defer { outgoing.removeAll() }
        return Array(UnsafeRawBufferPointer(start: outgoing.readable, count: outgoing.count))
    }

    /// Shows `bytes` to our end, which reads as far as it can.
    func give(_ bytes: some Collection<UInt8>) {
        // A copy of exact size, gone afterwards: a late or far read shows under a sanitizer.
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
        for (place, byte) in bytes.enumerated() { copy[place] = byte }
        channel.feed(copy, bytes.count)
        readAll()
        channel.discardInput()
        copy.deallocate()
    }

    private func readAll() {
        while channel.hasInput, end == nil {
            let progress =
                if channel.recordLayer == nil {
                    channel.handshake(replies: &outgoing)
                } else if hasReplyRoom {
                    channel.read(into: &plaintext, replies: &outgoing)
                } else {
                    channel.read(into: &plaintext, replies: &noRoom)
                }
            heard += UnsafeRawBufferPointer(start: plaintext.readable, count: plaintext.count)
            plaintext.removeAll()
            switch progress {
            case .done: continue
            case .wantsInput: return
            case .closed: end = .closed
            case .failed: end = .failed(channel.failure)
            case .noRoom: Issue.record("no room")
            }
        }
    }

    /// Starts the handshake of a client.
    func start() { _ = channel.handshake(replies: &outgoing) }

    /// Queues and seals; the outcome of `write`.
    @discardableResult
    func send(_ content: some Sequence<UInt8>) -> TLSProgress {
        queue.append(content)
        let progress = channel.write(from: &queue, to: &outgoing, keeping: 1024)
        queue.removeAll()
        return progress
    }

    /// The same into a buffer of `room` bytes, at least one, all of them for data.
    func send(_ content: [UInt8], room: Int) -> TLSProgress {
        var small = ByteBuffer(capacity: room)
        queue.append(content)
        let progress = channel.write(from: &queue, to: &small, keeping: 0)
        queue.removeAll()
        _ = outgoing.append(small.readable, small.count)
        return progress
    }

    func close() { channel.close(to: &outgoing) }

    func forget() { heard.removeAll() }

    // MARK: - The peer

    private func openPeerOutput() {
        peerWindow.pointee.write_pointer = peerOutput
        peerWindow.pointee.write_end = peerOutput + Self.peerRoom
    }

    /// The next bytes that the peer sends.
    func takeFromPeer() -> [UInt8] {
        defer { openPeerOutput() }
        let end = peerWindow.pointee.write_pointer ?? peerOutput
        return Array(UnsafeBufferPointer(start: peerOutput, count: end - peerOutput))
    }

    func giveToPeer(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            peerWindow.pointee.read_pointer = bytes.baseAddress
            peerWindow.pointee.read_end = bytes.baseAddress.map { $0 + bytes.count }
            readPeer()
            peerWindow.pointee.read_pointer = nil
            peerWindow.pointee.read_end = nil
        }
    }

    private func readPeer() {
        var block = [UInt8](repeating: 0, count: 20_000)
        while peerEnd == nil {
            let count = copenssl_read(peer, peerWindow, &block, block.count)
            switch Int(count) {
            case Int(COPENSSL_WANTS_INPUT): return
            case Int(COPENSSL_CLOSED): peerEnd = 0
            case 1...: peerHeard += block.prefix(Int(count))
            default: peerEnd = Int(peerWindow.pointee.error_code & 0x7F_FFFF)
            }
        }
    }

    func peerSends(_ content: [UInt8]) {
        #expect(copenssl_write(peer, peerWindow, content, content.count) == content.count)
    }

    func peerUpdatesKeys(asking: Bool) {
        let kind = asking ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED
        #expect(SSL_key_update(peer, kind) == 1)
        #expect(SSL_do_handshake(peer) == 1)
    }

    func forgetPeer() { peerHeard.removeAll() }

    // MARK: - Both

    /// Nanoseconds that sealing and opening one record of `length` bytes take our end, on average
    /// over `batches` of 20.
    func costs(_ length: Int, batches: Int) -> (seal: Double, open: Double) {
        let content = [UInt8](repeating: 0x61, count: length)
        var sealing: UInt64 = 0
        var opening: UInt64 = 0
        for _ in 0..<batches {
            forgetPeer()
            let begun = DispatchTime.now().uptimeNanoseconds
            for _ in 0..<20 {
                content.withUnsafeBytes { bytes in
                    if let start = bytes.baseAddress { _ = queue.append(start, length) }
                }
                _ = channel.write(from: &queue, to: &outgoing, keeping: 1024)
            }
            sealing += DispatchTime.now().uptimeNanoseconds - begun
            giveToPeer(take())
            #expect(peerHeard.count == 20 * length)
            for _ in 0..<20 { peerSends(content) }
            let stream = takeFromPeer()
            stream.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                channel.feed(start, bytes.count)
                let begun = DispatchTime.now().uptimeNanoseconds
                while channel.hasInput {
                    _ = channel.read(into: &plaintext, replies: &outgoing)
                }
                opening += DispatchTime.now().uptimeNanoseconds - begun
            }
            #expect(plaintext.count == 20 * length)
            plaintext.removeAll()
        }
        return (Double(sealing) / Double(20 * batches), Double(opening) / Double(20 * batches))
    }

    /// Carries bytes both ways, at most `step` at a time, until nothing moves.
    func settle(step: Int = .max) {
        while true {
            let toPeer = take()
            for part in toPeer.parts(of: step) { giveToPeer(part) }
            let toUs = takeFromPeer()
            for part in toUs.parts(of: step) { give(part) }
            if toPeer.isEmpty && toUs.isEmpty { return }
        }
    }

    /// A pair whose handshake is done.
    static func established(
        _ role: Role, files: CertificateFiles, suite: String = suites[0], tickets: Int = 0,
        records: TLSRecordSettings = TLSRecordSettings(layer: .apus)
    ) throws -> RecordPair {
        let pair = try RecordPair(
            role, files: files, suite: suite, tickets: tickets, records: records)
        pair.start()
        pair.readPeer()
        pair.settle()
        try #require(pair.channel.recordLayer == records.layer)
        return pair
    }
}

extension Array {
    /// The array in pieces of at most `length`.
    func parts(of length: Int) -> [[Element]] {
        guard length < count else { return isEmpty ? [] : [self] }
        return stride(from: 0, to: count, by: length).map {
            Array(self[$0..<Swift.min($0 + length, count)])
        }
    }
}
