import COpenSSL

/// What the other end's verified certificate says, for reports.
public struct PeerCertificate: Sendable, Equatable {
    /// Common names; empty when the certificate has none.
    public var subject: String
    public var issuer: String
    /// Validity, in seconds since 1970.
    public var validFrom: Int64
    public var validUntil: Int64
    /// Certificates from the peer's to the trusted root, both included.
    public var chainLength: Int

    /// `nil` before the peer has shown one.
    init?(of session: OpaquePointer) {
        var found = copenssl_certificate()
        guard copenssl_peer_certificate(session, &found) == 1 else { return nil }
        subject = Self.text(&found.subject)
        issuer = Self.text(&found.issuer)
        validFrom = found.not_before
        validUntil = found.not_after
        chainLength = Int(found.chain_length)
    }

    /// The text of a C array, which arrives as a tuple.
    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
