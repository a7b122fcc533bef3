import COpenSSL

/// Why a TLS context could not be made or a session ended.
public enum TLSFailure: Error, Equatable, BitwiseCopyable, Sendable {
    /// The chain does not end at a trusted authority.
    case unknownAuthority
    /// The certificate is for other hosts.
    case hostNameMismatch
    case expired
    case notYetValid
    /// Any other verification result, as OpenSSL's `X509_V_ERR_` number.
    case certificateRefused(Int32)
    /// The peer gave up with this alert (RFC 8446 section 6).
    case peerAlert(UInt8)
    /// Bytes that are not TLS 1.3, or that fail authentication.
    case protocolError
    case unreadableAuthorityFile
    case unreadableCertificateChain
    case unreadablePrivateKey
    case unusableHostName
    case unwritableFile
    /// OpenSSL refused a setting or was out of memory.
    case unavailable
    /// The connection's key has to be renewed, which Linux's TLS does not do: a new connection does.
    case keyUsedUp

    /// True when trying again cannot help before somebody changes a file or a host name.
    public var isPermanent: Bool {
        switch self {
        case .peerAlert, .protocolError, .unavailable, .keyUsedUp: false
        default: true
        }
    }

    init(verification result: Int) {
        switch Int32(truncatingIfNeeded: result) {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED,
            X509_V_ERR_CERT_SIGNATURE_FAILURE:
            self = .unknownAuthority
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            self = .hostNameMismatch
        case X509_V_ERR_CERT_HAS_EXPIRED: self = .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: self = .notYetValid
        case let code: self = .certificateRefused(code)
        }
    }

    /// An error code holds its reason in the low 23 bits; a peer's alert has 1000 added to it.
    @_noLocks init(errorCode: UInt) {
        let reason = Int(truncatingIfNeeded: errorCode & 0x7F_FFFF)
        if reason >= 1000, reason <= 1255 {
            self = .peerAlert(UInt8(truncatingIfNeeded: reason &- 1000))
        } else if reason == Int(SSL_R_NO_RENEGOTIATION) {
            self = .keyUsedUp
        } else {
            self = .protocolError
        }
    }
}

/// OpenSSL's own words, for logs. They never contain key material.
public enum OpenSSLText {
    /// The text of an error code; empty for 0.
    public static func describe(_ code: UInt) -> String {
        guard code != 0 else { return "" }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Empties the thread's error queue and answers its texts, oldest first.
    public static func drain() -> String {
        var texts: [String] = []
        while case let code = ERR_get_error(), code != 0 { texts.append(describe(code)) }
        return texts.joined(separator: "; ")
    }
}
