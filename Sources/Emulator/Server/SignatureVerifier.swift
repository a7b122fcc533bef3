import COpenSSL

/// Verifies clients' signatures with OpenSSL: HMAC-SHA256 (hexadecimal) and Ed25519 (base64).
///
/// Keys are prepared once per credential. Confined to the exchange's thread.
final class SignatureVerifier {
    private var authenticators: [String: OpaquePointer] = [:]
    private var publicKeys: [[UInt8]: OpaquePointer] = [:]

    deinit {
        for key in authenticators.values { copenssl_hmac_destroy(key) }
        for key in publicKeys.values { EVP_PKEY_free(key) }
    }

    /// Whether `signature` is the credential's signature of `payload`.
    func isValid(
        _ credential: AccountConfiguration.Credential, _ payload: [UInt8], _ signature: String
    ) -> Bool {
        switch credential {
        case .hmac(let secret): isValidHMAC(secret, payload, signature)
        case .ed25519(let publicKey): isValidEd25519(publicKey, payload, signature)
        }
    }

    private func isValidHMAC(_ secret: String, _ payload: [UInt8], _ signature: String) -> Bool {
        let expected = Array(hexadecimalHMAC(secret, payload).utf8)
        // The venue takes either case.
        let sent = Array(signature.lowercased().utf8)
        return !expected.isEmpty && sent.count == expected.count
            && CRYPTO_memcmp(sent, expected, expected.count) == 0
    }

    /// HMAC-SHA256 of a payload in lower-case hexadecimal; empty when the secret is unusable.
    func hexadecimalHMAC(_ secret: String, _ payload: [UInt8]) -> String {
        let bytes = Array(secret.utf8)
        guard let key = authenticators[secret] ?? copenssl_hmac_create(bytes, bytes.count) else {
            return ""
        }
        authenticators[secret] = key
        var digest = [UInt8](repeating: 0, count: 32)
        copenssl_hmac_sign(key, payload, payload.count, &digest)
        let digits = digest.flatMap {
            [Self.hexadecimalDigit($0 >> 4), Self.hexadecimalDigit($0 & 15)]
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private func isValidEd25519(
        _ publicKey: [UInt8], _ payload: [UInt8], _ signature: String
    ) -> Bool {
        guard let bytes = Self.decodedSignature(signature) else { return false }
        guard let key = publicKeys[publicKey]
            ?? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        publicKeys[publicKey] = key
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        let isValid = EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, bytes, bytes.count, payload, payload.count) == 1
        if !isValid { ERR_clear_error() }
        return isValid
    }

    /// The 64 bytes of a base64 signature; `nil` when it has another length or form.
    private static func decodedSignature(_ text: String) -> [UInt8]? {
        let encoded = Array(text.utf8)
        guard encoded.count == 88 else { return nil }
        var decoded = [UInt8](repeating: 0, count: 66)
        guard EVP_DecodeBlock(&decoded, encoded, 88) == 66 else {
            ERR_clear_error()
            return nil
        }
        return Array(decoded.prefix(64))
    }
}
