import COpenSSL

/// Reads a private key from the texts that venues and `openssl` hand out. Cold.
enum PrivateKeyText {
    /// A key the caller frees, or nil when the text is none of the accepted forms.
    static func read(_ text: String) -> OpaquePointer? {
        var text = text
        return text.withUTF8 { bytes -> OpaquePointer? in
            isPEM(bytes) ? readPEM(bytes) : readBase64(bytes)
        }
    }

    private static func isPEM(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.starts(with: "-----BEGIN ".utf8)
    }

    private static func readPEM(_ bytes: UnsafeBufferPointer<UInt8>) -> OpaquePointer? {
        guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
            return nil
        }
        defer { BIO_free(bio) }
        // An encrypted key must fail here rather than ask for its password on the terminal.
        return PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, nil)
    }

    /// 32 bytes are a seed; more are PKCS#8.
    private static func readBase64(_ bytes: UnsafeBufferPointer<UInt8>) -> OpaquePointer? {
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard bytes.count % 4 == 0, padding <= 2, bytes.count <= 4096 else { return nil }
        var decoded = [UInt8](repeating: 0, count: bytes.count / 4 * 3)
        defer { decoded.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        let length = EVP_DecodeBlock(&decoded, bytes.baseAddress, Int32(bytes.count))
        guard Int(length) == decoded.count else { return nil }
        let count = decoded.count - padding
        if count == 32 {
            return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, decoded, count)
        }
        return decoded.withUnsafeBytes { all in
            var cursor = all.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return d2i_AutoPrivateKey(nil, &cursor, count)
        }
    }
}
