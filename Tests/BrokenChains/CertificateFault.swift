/// What is wrong with a server that must be refused.
public enum CertificateFault: String, CaseIterable, Sendable {
    case otherHost
    case expired
    case notYetValid
    /// Signed by an authority that nobody trusts.
    case untrusted
    /// The server does not send the authority between its certificate and the trusted one.
    case missingLink
    /// What has signed the certificate is a server's certificate itself.
    case issuerWithoutAuthority
    case expiredIssuer
    /// For clients, not for servers.
    case otherPurpose
    case revoked
    case revokedIssuer
    /// There are lists of revoked certificates, but none of this issuer.
    case unlisted
    /// The server speaks TLS 1.2 at most.
    case downgrade

    /// What the engine says of it.
    public var words: String {
        switch self {
        case .otherHost: "the server's certificate is for other host names"
        case .expired, .expiredIssuer: "the server's certificate has expired"
        case .notYetValid: "the server's certificate is not valid yet"
        case .untrusted, .missingLink: "the server's certificate is signed by no trusted authority"
        case .issuerWithoutAuthority: "the server's certificate is refused: invalid CA certificate"
        case .otherPurpose: "certificate purpose"
        case .revoked, .revokedIssuer:
            "the server's certificate is refused: certificate revoked"
        case .unlisted:
            "the server's certificate is refused: unable to get certificate CRL"
        case .downgrade: "protocol version: TLS 1.3 is needed here"
        }
    }
}

/// PEM texts of a server with one fault, and of what its client trusts.
public struct ServerPapers: Sendable {
    public let chain: [UInt8]
    public let key: [UInt8]
    /// Certificates, and for revocations their lists.
    public let trusted: [UInt8]
}

extension ServerPapers {
    private static let day: Int64 = 86_400

    /// For `localhost`: a root, an authority below it and a server's certificate, with one fault or
    /// none.
    ///
    /// - Parameter now: seconds since 1970.
    public init(fault: CertificateFault?, now: Int64) {
        let always = now - 90 * Self.day...now + 90 * Self.day
        let over = now - 90 * Self.day...now - Self.day
        let root = Identity("Root", serial: 1, always, Identity.authority, issuer: nil)
        let issuer = Identity(
            "Issuer", serial: 2, fault == .expiredIssuer ? over : always,
            fault == .issuerWithoutAuthority ? Identity.server("issuer") : Identity.authority,
            issuer: root)
        let validity =
            switch fault {
            case .expired: over
            case .notYetValid: now + Self.day...now + 90 * Self.day
            default: always
            }
        let host = fault == .otherHost ? "elsewhere.example" : "localhost"
        let purpose = fault == .otherPurpose ? "clientAuth" : "serverAuth"
        let leaf = Identity(
            host, serial: 3, validity, Identity.server(host, purpose: purpose), issuer: issuer)
        key = leaf.keyText
        chain = leaf.text + (fault == .missingLink ? [] : issuer.text)
        trusted =
            switch fault {
            case .untrusted:
                Identity("Stranger", serial: 9, always, Identity.authority, issuer: nil).text
            case .revoked:
                root.text + root.revocations([], now: now) + issuer.revocations([3], now: now)
            case .revokedIssuer:
                root.text + root.revocations([2], now: now) + issuer.revocations([], now: now)
            case .unlisted: root.text + root.revocations([], now: now)
            default: root.text
            }
    }

    /// A sound server whose client has the lists of revoked certificates: of others.
    public static func listed(now: Int64) -> ServerPapers {
        let always = now - 90 * day...now + 90 * day
        let root = Identity("Root", serial: 1, always, Identity.authority, issuer: nil)
        let issuer = Identity("Issuer", serial: 2, always, Identity.authority, issuer: root)
        let leaf = Identity(
            "localhost", serial: 3, always, Identity.server("localhost"), issuer: issuer)
        return ServerPapers(
            chain: leaf.text + issuer.text, key: leaf.keyText,
            trusted: root.text + root.revocations([7], now: now)
                + issuer.revocations([8], now: now))
    }
}
