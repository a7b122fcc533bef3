import COpenSSL

/// TLS 1.3 settings of outgoing connections: whom to trust. The peer is always verified.
///
/// Made once at start and shared by every lane; each connection adds its own host name.
/// `@unchecked Sendable` because OpenSSL counts references to a context atomically and nothing
/// changes it after `init`.
public final class TLSClientContext: @unchecked Sendable {
    let context: OpaquePointer
    /// How its sessions protect their records.
    public let records: TLSRecordSettings

    /// Trusts the authorities in the PEM file `authorityFile`, or those of the system for nil.
    ///
    /// When the file holds lists of revoked certificates too (RFC 5280), every issuer of a server's
    /// chain must have one there that is in force, and what it names is refused. Nothing is fetched.
    public init(
        authorityFile: String?, records: TLSRecordSettings = TLSRecordSettings()
    ) throws(TLSFailure) {
        self.records = records
        context = try makeContext(TLS_client_method(), records)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let isTrusting =
            if let authorityFile {
                SSL_CTX_load_verify_file(context, authorityFile) == 1
                    && copenssl_heed_revocations(context) == 1
            } else {
                SSL_CTX_set_default_verify_paths(context) == 1
            }
        // The one application protocol spoken here (RFC 7301); this call answers 0 for success.
        let protocols: [UInt8] = [8] + Array("http/1.1".utf8)
        let isNamed = SSL_CTX_set_alpn_protos(context, protocols, UInt32(protocols.count)) == 0
        ERR_clear_error()
        guard isTrusting else { throw .unreadableAuthorityFile }
        guard isNamed else { throw .unavailable }
    }

    deinit { SSL_CTX_free(context) }
}

/// TLS 1.3 settings of accepted connections: who we are.
///
/// `@unchecked Sendable` for the reason given at `TLSClientContext`.
public final class TLSServerContext: @unchecked Sendable {
    let context: OpaquePointer
    /// How its sessions protect their records.
    public let records: TLSRecordSettings

    /// Presents the PEM chain in `chainFile`, leaf first, and proves it with the key in `keyFile`.
    ///
    /// `tickets` are sent behind each handshake, so that clients may resume.
    public init(
        chainFile: String, keyFile: String, records: TLSRecordSettings = TLSRecordSettings(),
        tickets: Int = 0
    ) throws(TLSFailure) {
        self.records = records
        context = try makeContext(TLS_server_method(), records)
        let hasChain = SSL_CTX_use_certificate_chain_file(context, chainFile) == 1
        let hasKey =
            hasChain && SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1
            && SSL_CTX_check_private_key(context) == 1
        let hasTickets = SSL_CTX_set_num_tickets(context, tickets) == 1
        ERR_clear_error()
        guard hasChain else { throw .unreadableCertificateChain }
        guard hasKey else { throw .unreadablePrivateKey }
        guard hasTickets else { throw .unavailable }
    }

    deinit { SSL_CTX_free(context) }
}

/// AES-128 first: the cheapest suite with AES instructions, and the server decides anyway.
private func makeContext(
    _ method: OpaquePointer?, _ records: TLSRecordSettings
) throws(TLSFailure) -> OpaquePointer {
    guard let context = SSL_CTX_new(method) else { throw .unavailable }
    let suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    guard copenssl_require_tls13(context) == 1, SSL_CTX_set_ciphersuites(context, suites) == 1,
        copenssl_set_groups(context, "X25519:P-256") == 1
    else {
        SSL_CTX_free(context)
        ERR_clear_error()
        throw .unavailable
    }
    copenssl_set_session_modes(context)
    switch records.layer {
    case .apus, .kernel: copenssl_tell_secrets(context)
    // With it OpenSSL keeps bytes behind the handshake to itself, which nobody could take over.
    case .openssl: copenssl_set_read_ahead(context)
    }
    return context
}
