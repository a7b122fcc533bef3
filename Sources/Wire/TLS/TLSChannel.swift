import COpenSSL

/// What one call on a channel achieved.
public enum TLSProgress: Equatable, Sendable {
    /// Bytes moved (reading, writing), or the handshake's end.
    case done
    /// Nothing more until bytes arrive.
    case wantsInput
    /// The outgoing buffer is full.
    case noRoom
    /// The peer's close_notify: an orderly end.
    case closed
    /// See `failure` and `handshakeFailure`.
    case failed
}

/// One TLS session between a receive buffer and an outgoing buffer, without a socket.
///
/// Ciphertext is read where the transport received it and written where the transport sends it.
/// OpenSSL shakes hands; the records behind the handshake are ours or OpenSSL's, as the context
/// says (`TLSRecordLayer`). Made without a context it passes bytes through unchanged, for
/// benchmarks and tests. Reading and writing allocate nothing; with OpenSSL's records, once the
/// thread's pool is warm (`OpenSSLMemory`).
public struct TLSChannel: ~Copyable {
    /// Ciphertext a record adds: header 5, content type 1, tag 16 (RFC 8446 section 5.2).
    static var recordOverhead: Int {
        @_noLocks get { 22 }
    }
    static var maximumRecord: Int {
        @_noLocks get { 16_384 }
    }
    /// Room that reading one record may need: its content, and its type behind it.
    static var readingRoom: Int {
        @_noLocks get { 16_385 }
    }

    private let session: OpaquePointer?
    private let window: UnsafeMutablePointer<copenssl_window>
    private let settings: TLSRecordSettings
    /// Our record layer, from the end of the handshake on.
    private var records: UnsafeMutablePointer<RecordConversation>?
    private var isEstablished = false
    private var hasAskedKernel = false
    /// True once everything fed has been taken: nothing can be read before the next `feed`.
    private var isStarved = true

    /// The client's end: offers `host` as server name and refuses certificates for other hosts.
    public init(client context: TLSClientContext?, host: String) throws(TLSFailure) {
        try self.init(client: context, host: host, resuming: nil)
    }

    /// The same, and offers to resume the session of `ticket`, which came from the same host.
    init(
        client context: TLSClientContext?, host: String, resuming ticket: consuming TLSTicket?
    ) throws(TLSFailure) {
        guard let context else {
            self.init(session: nil, window: Self.makeWindow(), settings: TLSRecordSettings())
            return
        }
        let (session, window) = try Self.makeSession(context.context, context.records)
        guard Self.expect(host, session) else {
            SSL_free(session)
            window.deallocate()
            ERR_clear_error()
            throw .unusableHostName
        }
        SSL_set_connect_state(session)
        if let ticket { SSL_set_session(session, ticket.session) }
        self.init(session: session, window: window, settings: context.records)
    }

    /// The server's end.
    public init(server context: TLSServerContext?) throws(TLSFailure) {
        guard let context else {
            self.init(session: nil, window: Self.makeWindow(), settings: TLSRecordSettings())
            return
        }
        let (session, window) = try Self.makeSession(context.context, context.records)
        SSL_set_accept_state(session)
        self.init(session: session, window: window, settings: context.records)
    }

    private init(
        session: OpaquePointer?, window: UnsafeMutablePointer<copenssl_window>,
        settings: TLSRecordSettings
    ) {
        self.session = session
        self.window = window
        self.settings = settings
    }

    private static func makeWindow() -> UnsafeMutablePointer<copenssl_window> {
        let window = UnsafeMutablePointer<copenssl_window>.allocate(capacity: 1)
        window.initialize(to: copenssl_window())
        return window
    }

    private static func makeSession(
        _ context: OpaquePointer, _ settings: TLSRecordSettings
    ) throws(TLSFailure) -> (OpaquePointer, UnsafeMutablePointer<copenssl_window>) {
        let window = makeWindow()
        guard let session = SSL_new(context), let bio = copenssl_window_bio(window) else {
            window.deallocate()
            ERR_clear_error()
            throw .unavailable
        }
        SSL_set_bio(session, bio, bio)
        if settings.layer != .openssl { copenssl_watch(session, window) }
        return (session, window)
    }

    /// A literal address is checked against the certificate's addresses and has no server name.
    private static func expect(_ host: String, _ session: OpaquePointer) -> Bool {
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1 { return true }
        ERR_clear_error()
        SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        return !host.isEmpty && SSL_set1_host(session, host) == 1
            && copenssl_set_server_name(session, host) == 1
    }

    deinit {
        if let records {
            records.deinitialize(count: 1)
            records.deallocate()
        }
        if let session { SSL_free(session) }
        // A handshake that broke off may have left secrets.
        copenssl_wipe(window, MemoryLayout<copenssl_window>.size)
        window.deallocate()
    }

    /// False for a channel that passes bytes through.
    public var isSecure: Bool {
        @_noLocks get { session != nil }
    }

    /// True when reading may make progress without more bytes.
    public var hasInput: Bool {
        @_noLocks get { !isStarved }
    }

    /// Shows the channel `count` received bytes, which stay readable until `hasInput` is false.
    @_noLocks public mutating func feed(_ bytes: UnsafeRawPointer, _ count: Int) {
        precondition(
            window.pointee.read_pointer == window.pointee.read_end,
            "received bytes are read to their end before more are fed")
        guard count > 0 else { return }
        let start = bytes.assumingMemoryBound(to: UInt8.self)
        window.pointee.read_pointer = start
        window.pointee.read_end = start + count
        isStarved = false
    }

    /// Forgets received bytes that nobody will read: the session has failed.
    @_noLocks public mutating func discardInput() {
        window.pointee.read_pointer = window.pointee.read_end
        isStarved = true
    }

    /// Moves one record's plaintext behind `plaintext`; replies of the protocol go to `outgoing`.
    @_noLocks public mutating func read(
        into plaintext: inout ByteBuffer, replies outgoing: inout ByteBuffer
    ) -> TLSProgress {
        guard !isStarved else { return .wantsInput }
        if let records {
            let progress = records.pointee.read(into: &plaintext, replies: &outgoing)
            if case .noRoom = progress { return progress }
            isStarved = window.pointee.read_pointer == window.pointee.read_end
            return progress
        }
        guard plaintext.room > 0 else { return .noRoom }
        guard let session else { return copyInput(into: &plaintext) }
        openWriteWindow(outgoing)
        let result = copenssl_read(session, window, plaintext.writable, plaintext.room)
        closeWriteWindow(&outgoing)
        if result > 0 {
            plaintext.commit(Int(result))
            if window.pointee.read_pointer == window.pointee.read_end,
                copenssl_has_pending(session) == 0
            {
                isStarved = true
            }
            return .done
        }
        return outcome(result)
    }

    /// Encrypts from `plaintext` into `outgoing` as long as `reserve` bytes of room remain.
    @_noLocks public mutating func write(
        from plaintext: inout ByteBuffer, to outgoing: inout ByteBuffer, keeping reserve: Int
    ) -> TLSProgress {
        if let records {
            return records.pointee.write(from: &plaintext, to: &outgoing, keeping: reserve)
        }
        while plaintext.count > 0 {
            let room = outgoing.room &- reserve
            guard let session else {
                let count = min(plaintext.count, room)
                guard count > 0 else { return .noRoom }
                _ = outgoing.append(plaintext.readable, count)
                plaintext.consume(count)
                continue
            }
            let count = min(plaintext.count, TLSChannel.maximumRecord)
            guard count &+ TLSChannel.recordOverhead <= room else { return .noRoom }
            openWriteWindow(outgoing)
            let result = copenssl_write(session, window, plaintext.readable, count)
            closeWriteWindow(&outgoing)
            guard result == count else { return result > 0 ? .failed : outcome(result) }
            plaintext.consume(count)
        }
        return .done
    }

    /// Drives the handshake with what has been fed; messages to the peer go to `outgoing`. Cold.
    public mutating func handshake(replies outgoing: inout ByteBuffer) -> TLSProgress {
        guard let session else { return .done }
        openWriteWindow(outgoing)
        let result = copenssl_handshake(session, window)
        closeWriteWindow(&outgoing)
        guard result > 0 else { return outcome(result) }
        if !isEstablished { takeOver(session) }
        isEstablished = true
        return .done
    }

    /// Puts our record layer in OpenSSL's place. Without read-ahead OpenSSL has taken no byte
    /// behind the handshake's last record; a session in any other state stays with it.
    private mutating func takeOver(_ session: OpaquePointer) {
        guard settings.layer != .openssl, copenssl_has_pending(session) == 0,
            let cipher = SSL_get_current_cipher(session),
            let suite = RecordSuite(rawValue: SSL_CIPHER_get_protocol_id(cipher)),
            let conversation = RecordConversation(
                session: session, window: window, suite: suite,
                recordsPerKey: settings.recordsPerKey)
        else { return }
        let records = UnsafeMutablePointer<RecordConversation>.allocate(capacity: 1)
        records.initialize(to: conversation)
        self.records = records
    }

    /// True until the kernel has been asked to seal, where the context wants that. Cold.
    var wantsKernel: Bool { settings.layer == .kernel && !hasAskedKernel && records != nil }

    /// Asks the kernel to seal what is sent on `file`, once; everything written must have been sent.
    /// When it refuses, our records go on. Cold.
    mutating func letKernelSeal(_ file: Int32) {
        hasAskedKernel = true
        if let records { _ = records.pointee.letKernelSeal(file) }
    }

    /// Has the kernel send the alert that ends the session, behind everything else. Cold.
    mutating func sendOwedAlert(_ file: Int32) { records?.pointee.sendOwedAlert(file) }

    /// Queues close_notify, once.
    @_noLocks public mutating func close(to outgoing: inout ByteBuffer) {
        if let records { return records.pointee.close(to: &outgoing) }
        guard let session else { return }
        openWriteWindow(outgoing)
        copenssl_shutdown(session)
        closeWriteWindow(&outgoing)
    }

    private mutating func copyInput(into plaintext: inout ByteBuffer) -> TLSProgress {
        guard let start = window.pointee.read_pointer, let end = window.pointee.read_end else {
            return .wantsInput
        }
        let count = min(end - start, plaintext.room)
        _ = plaintext.append(start, count)
        window.pointee.read_pointer = start + count
        isStarved = window.pointee.read_pointer == end
        return .done
    }

    private func openWriteWindow(_ outgoing: borrowing ByteBuffer) {
        let start = outgoing.writable.assumingMemoryBound(to: UInt8.self)
        window.pointee.write_pointer = start
        window.pointee.write_end = start + outgoing.room
    }

    private func closeWriteWindow(_ outgoing: inout ByteBuffer) {
        guard let end = window.pointee.write_pointer else { return }
        outgoing.commit(UnsafeMutableRawPointer(end) - outgoing.writable)
    }

    private mutating func outcome(_ result: Int) -> TLSProgress {
        switch result {
        case COPENSSL_WANTS_INPUT:
            isStarved = true
            return .wantsInput
        case COPENSSL_CLOSED: return .closed
        case COPENSSL_NO_ROOM: return .noRoom
        default: return .failed
        }
    }
}

extension TLSChannel {
    /// Why the last read or write failed.
    public var failure: TLSFailure {
        @_noLocks get { TLSFailure(errorCode: window.pointee.error_code) }
    }

    /// Why the handshake failed: the verification's verdict comes before the alert it caused. Cold.
    public var handshakeFailure: TLSFailure {
        guard let session else { return .protocolError }
        let verification = SSL_get_verify_result(session)
        return verification == X509_V_OK ? failure : TLSFailure(verification: verification)
    }

    /// Who protects the records: nil before the end of the handshake and without TLS.
    public var recordLayer: TLSRecordLayer? {
        guard isEstablished else { return nil }
        guard let records else { return .openssl }
        return records.pointee.isSealedByKernel ? .kernel : .apus
    }

    /// True when the handshake resumed an earlier session instead of verifying a certificate. Cold.
    public var isResumed: Bool {
        guard let session else { return false }
        return SSL_session_reused(session) == 1
    }

    /// The peer's certificate; nil without TLS and before the end of the handshake. Cold.
    public var peerCertificate: PeerCertificate? {
        guard isEstablished, let session else { return nil }
        return PeerCertificate(of: session)
    }

    /// What a later connection to the same host may resume; nil without a ticket of the server.
    func ticket() -> TLSTicket? {
        guard isEstablished, let session else { return nil }
        return TLSTicket(of: session)
    }

    /// OpenSSL's words for the last failed call, for logs. Cold.
    public var failureText: String { OpenSSLText.describe(window.pointee.error_code) }

    /// The negotiated protocol and suite, as OpenSSL names them: "TLSv1.3 TLS_AES_128_GCM_SHA256".
    public var negotiated: String {
        guard let session, let cipher = SSL_get_current_cipher(session),
            let suite = SSL_CIPHER_get_name(cipher), let version = SSL_get_version(session)
        else { return "none" }
        return "\(String(cString: version)) \(String(cString: suite))"
    }
}
