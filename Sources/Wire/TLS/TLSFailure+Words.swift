import COpenSSL

extension TLSFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownAuthority: "the server's certificate is signed by no trusted authority"
        case .hostNameMismatch: "the server's certificate is for other host names"
        case .expired: "the server's certificate has expired"
        case .notYetValid: "the server's certificate is not valid yet"
        case .certificateRefused(let code):
            "the server's certificate is refused: "
                + String(cString: X509_verify_cert_error_string(Int(code)))
        case .peerAlert(let alert): "the peer ended TLS with alert \(alert)" + Self.name(of: alert)
        case .protocolError: "the peer does not speak TLS 1.3, or its bytes were altered on the way"
        case .unreadableAuthorityFile: "holds no certificate that can be read (PEM)"
        case .unreadableCertificateChain: "the certificate chain cannot be read"
        case .unreadablePrivateKey: "the private key cannot be read"
        case .unusableHostName: "the host name cannot stand in a certificate"
        case .unwritableFile: "a certificate file cannot be written"
        case .keyUsedUp: "the key must be renewed, which the kernel's TLS does not do"
        case .unavailable: "OpenSSL refuses TLS 1.3 here, or has no memory"
        }
    }

    /// Names of RFC 8446 section 6 that say what to look at.
    private static func name(of alert: UInt8) -> String {
        switch alert {
        case 40: " (handshake failure: no version or cipher in common)"
        case 42, 43, 44, 45, 46: " (our certificate)"
        case 48: " (unknown authority)"
        case 70: " (protocol version: TLS 1.3 is needed here)"
        case 80: " (internal error)"
        case 112: " (unknown host name)"
        default: ""
        }
    }

    /// Whether OpenSSL's own words add something.
    var needsDetail: Bool {
        switch self {
        case .protocolError, .unavailable: true
        default: false
        }
    }
}
