import COpenSSL
import Glibc

/// A certificate chain and its key as PEM text (RFC 7468).
public struct IssuedCertificate: Sendable {
    /// The leaf, then its authority.
    public let chain: [UInt8]
    /// The private key. Written only to files that their owner alone can read.
    public let key: [UInt8]
}

/// Where a chain made at start was written.
public struct CertificateFiles: Sendable, Equatable {
    public let authority: String
    public let chain: String
    public let key: String

    /// Names files that exist or shall exist.
    public init(authority: String, chain: String, key: String) {
        self.authority = authority
        self.chain = chain
        self.key = key
    }
}

/// A certificate authority made at run time, so that loopback connections are really verified.
///
/// EC P-256 keys, X.509 version 3. Its private key never leaves the process. Cold.
public struct CertificateAuthority: ~Copyable {
    private let certificate: OpaquePointer
    private let key: OpaquePointer
    private var lastSerial = 1

    /// Makes an authority valid between two moments, in seconds since 1970.
    public init(name: String, validFrom: Int64, validUntil: Int64) throws(TLSFailure) {
        guard let key = copenssl_make_p256_key() else { throw .unavailable }
        guard let certificate = Self.makeRoot(name, validFrom, validUntil, key: key) else {
            EVP_PKEY_free(key)
            ERR_clear_error()
            throw .unavailable
        }
        self.init(certificate: certificate, key: key)
    }

    private init(certificate: OpaquePointer, key: OpaquePointer) {
        self.certificate = certificate
        self.key = key
    }

    private static func makeRoot(
        _ name: String, _ validFrom: Int64, _ validUntil: Int64, key: OpaquePointer
    ) -> OpaquePointer? {
        guard let certificate = X509_new() else { return nil }
        let extensions = [
            (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
            (NID_key_usage, "critical,keyCertSign,cRLSign"),
            (NID_subject_key_identifier, "hash"),
        ]
        let isMade =
            describe(certificate, name: name, serial: 1, validFrom, validUntil, key: key)
            && X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1
            && extend(certificate, issuer: certificate, extensions)
            && X509_sign(certificate, key, EVP_sha256()) > 0
        if isMade { return certificate }
        X509_free(certificate)
        return nil
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// The authority's own certificate: what clients must trust.
    public var certificateText: [UInt8] { pem { PEM_write_bio_X509($0, certificate) == 1 } }

    /// Issues a server certificate for host names and literal addresses.
    public mutating func issue(
        hosts: [String], validFrom: Int64, validUntil: Int64
    ) throws(TLSFailure) -> IssuedCertificate {
        guard let first = hosts.first else { throw .unusableHostName }
        let names = try hosts.map { (host) throws(TLSFailure) in try Self.alternativeName(host) }
        guard let leafKey = copenssl_make_p256_key(), let leaf = X509_new() else {
            throw .unavailable
        }
        defer {
            X509_free(leaf)
            EVP_PKEY_free(leafKey)
            ERR_clear_error()
        }
        lastSerial += 1
        let extensions = [
            (NID_basic_constraints, "critical,CA:FALSE"),
            (NID_key_usage, "critical,digitalSignature"),
            (NID_ext_key_usage, "serverAuth"),
            (NID_subject_alt_name, names.joined(separator: ",")),
            (NID_authority_key_identifier, "keyid:always"),
        ]
        guard
            describe(leaf, name: first, serial: lastSerial, validFrom, validUntil, key: leafKey),
            X509_set_issuer_name(leaf, X509_get_subject_name(certificate)) == 1,
            extend(leaf, issuer: certificate, extensions),
            X509_sign(leaf, key, EVP_sha256()) > 0
        else { throw .unavailable }
        let chain = pem { PEM_write_bio_X509($0, leaf) == 1 } + certificateText
        let keyText = pem { PEM_write_bio_PrivateKey($0, leafKey, nil, nil, 0, nil, nil) == 1 }
        return IssuedCertificate(chain: chain, key: keyText)
    }

    /// Makes an authority and a chain for `hosts`, valid from an hour before `now` (seconds since
    /// 1970) for 30 days, and writes `authority.pem`, `chain.pem` and `key.pem` (mode 0600).
    public static func makeChain(
        hosts: [String], directory: String, now: Int64
    ) throws(TLSFailure) -> CertificateFiles {
        let from = now - 3600
        let until = now + 30 * 86_400
        var authority = try CertificateAuthority(
            name: "Apus loopback authority", validFrom: from, validUntil: until)
        let issued = try authority.issue(hosts: hosts, validFrom: from, validUntil: until)
        let files = CertificateFiles(
            authority: "\(directory)/authority.pem", chain: "\(directory)/chain.pem",
            key: "\(directory)/key.pem")
        try writePrivately(authority.certificateText, to: files.authority)
        try writePrivately(issued.chain, to: files.chain)
        try writePrivately(issued.key, to: files.key)
        return files
    }

    /// `DNS:name` or `IP:address`. Only characters that cannot start another entry are accepted.
    private static func alternativeName(_ host: String) throws(TLSFailure) -> String {
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: ":"), UInt8(ascii: "*"):
                true
            default: false
            }
        }
        guard isPlain, !host.isEmpty else { throw .unusableHostName }
        guard let address = a2i_IPADDRESS(host) else {
            ERR_clear_error()
            guard !host.utf8.contains(UInt8(ascii: ":")) else { throw .unusableHostName }
            return "DNS:\(host)"
        }
        ASN1_OCTET_STRING_free(address)
        return "IP:\(host)"
    }
}

/// Writes a file that its owner alone can read, whole or not at all.
func writePrivately(_ bytes: [UInt8], to path: String) throws(TLSFailure) {
    let partial = path + ".new"
    unlink(partial)
    let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .unwritableFile }
    var written = 0
    while written < bytes.count {
        let result = bytes.withUnsafeBytes { all in
            write(file, all.baseAddress.map { $0 + written }, all.count - written)
        }
        guard result > 0 else { break }
        written += result
    }
    let isClosed = close(file) == 0
    guard isClosed, written == bytes.count, rename(partial, path) == 0 else {
        unlink(partial)
        throw .unwritableFile
    }
}

private func describe(
    _ certificate: OpaquePointer, name: String, serial: Int, _ validFrom: Int64,
    _ validUntil: Int64, key: OpaquePointer
) -> Bool {
    let subject = X509_get_subject_name(certificate)
    let commonName = Array(name.utf8.prefix(64))
    return X509_set_version(certificate, 2) == 1  // counts from 0: version 3
        && ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial) == 1
        && ASN1_TIME_set(X509_getm_notBefore(certificate), Int(validFrom)) != nil
        && ASN1_TIME_set(X509_getm_notAfter(certificate), Int(validUntil)) != nil
        && X509_set_pubkey(certificate, key) == 1
        && X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_FLAG, commonName, Int32(commonName.count), -1, 0) == 1
}

private func extend(
    _ certificate: OpaquePointer, issuer: OpaquePointer, _ extensions: [(nid: Int32, value: String)]
) -> Bool {
    var context = X509V3_CTX()
    X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
    return extensions.allSatisfy { nid, value in
        guard let made = X509V3_EXT_conf_nid(nil, &context, nid, value) else { return false }
        defer { X509_EXTENSION_free(made) }
        return X509_add_ext(certificate, made, -1) == 1
    }
}

/// What `write` puts into a memory BIO; empty when it fails.
private func pem(_ write: (OpaquePointer) -> Bool) -> [UInt8] {
    guard let bio = BIO_new(BIO_s_mem()) else { return [] }
    defer { BIO_free(bio) }
    guard write(bio) else { return [] }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = BIO_read(bio, &block, Int32(block.count)), count > 0 {
        text += block.prefix(Int(count))
    }
    return text
}
