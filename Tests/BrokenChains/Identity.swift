import COpenSSL

/// A certificate and its key, made with OpenSSL for a test.
final class Identity {
    typealias Extension = (number: Int32, value: String)

    private let certificate: OpaquePointer
    private let key: OpaquePointer

    static let authority: [Extension] = [
        (NID_basic_constraints, "critical,CA:TRUE"),
        (NID_key_usage, "critical,keyCertSign,cRLSign"), (NID_subject_key_identifier, "hash"),
    ]

    static func server(_ host: String, purpose: String = "serverAuth") -> [Extension] {
        [
            (NID_basic_constraints, "critical,CA:FALSE"),
            (NID_key_usage, "critical,digitalSignature"), (NID_ext_key_usage, purpose),
            (NID_subject_alt_name, "DNS:\(host)"),
        ]
    }

    /// - Parameters:
    ///   - validity: seconds since 1970.
    ///   - issuer: itself for nil.
    init(
        _ name: String, serial: Int, _ validity: ClosedRange<Int64>, _ extensions: [Extension],
        issuer: Identity?
    ) {
        guard let certificate = X509_new(), let key = copenssl_make_p256_key() else {
            fatalError("no memory for a certificate")
        }
        self.certificate = certificate
        self.key = key
        let subject = X509_get_subject_name(certificate)
        let signer = issuer?.certificate ?? certificate
        let text = Array(name.utf8)
        X509_set_version(certificate, 2)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial)
        ASN1_TIME_set(X509_getm_notBefore(certificate), Int(validity.lowerBound))
        ASN1_TIME_set(X509_getm_notAfter(certificate), Int(validity.upperBound))
        X509_set_pubkey(certificate, key)
        X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_FLAG, text, Int32(text.count), -1, 0)
        X509_set_issuer_name(certificate, X509_get_subject_name(signer))
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, signer, certificate, nil, nil, 0)
        for (number, value) in extensions {
            let made = X509V3_EXT_conf_nid(nil, &context, number, value)
            precondition(X509_add_ext(certificate, made, -1) == 1, value)
            X509_EXTENSION_free(made)
        }
        precondition(X509_sign(certificate, issuer?.key ?? key, EVP_sha256()) > 0)
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    var text: [UInt8] { Self.text { PEM_write_bio_X509($0, certificate) } }
    var keyText: [UInt8] {
        Self.text { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    /// Its list of revoked certificates, valid for a month about `now`.
    func revocations(_ serials: [Int], now: Int64) -> [UInt8] {
        guard let list = X509_CRL_new(), let moment = ASN1_TIME_set(nil, Int(now - 86_400)),
            let next = ASN1_TIME_set(nil, Int(now + 30 * 86_400))
        else { fatalError("no memory for a list") }
        defer {
            X509_CRL_free(list)
            ASN1_TIME_free(moment)
            ASN1_TIME_free(next)
        }
        X509_CRL_set_version(list, 1)
        X509_CRL_set_issuer_name(list, X509_get_subject_name(certificate))
        X509_CRL_set1_lastUpdate(list, moment)
        X509_CRL_set1_nextUpdate(list, next)
        for serial in serials {
            let entry = X509_REVOKED_new()
            let number = ASN1_INTEGER_new()
            ASN1_INTEGER_set(number, serial)
            X509_REVOKED_set_serialNumber(entry, number)
            ASN1_INTEGER_free(number)
            X509_REVOKED_set_revocationDate(entry, moment)
            precondition(X509_CRL_add0_revoked(list, entry) == 1)
        }
        X509_CRL_sort(list)
        precondition(X509_CRL_sign(list, key, EVP_sha256()) > 0)
        return Self.text { PEM_write_bio_X509_CRL($0, list) }
    }

    private static func text(_ write: (OpaquePointer?) -> Int32) -> [UInt8] {
        let bio = BIO_new(BIO_s_mem())
        defer { BIO_free(bio) }
        precondition(write(bio) == 1)
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while case let count = BIO_read(bio, &block, Int32(block.count)), count > 0 {
            text += block.prefix(Int(count))
        }
        return text
    }
}
