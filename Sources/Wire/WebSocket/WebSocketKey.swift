import COpenSSL

/// The opening handshake's proof that the server speaks WebSocket (RFC 6455 section 4). Cold.
public enum WebSocketKey {
    /// A client's key: 16 bytes in base64.
    public static func make(_ random: inout SeededRandom) -> String {
        let words = SIMD2(random.next(), random.next())
        return withUnsafeBytes(of: words) { base64($0) }
    }

    /// What the server answers to `key`: base64 of SHA-1 of the key and a fixed text.
    public static func accept(for key: String) -> String {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        SHA1(text, text.count, &digest)
        return digest.withUnsafeBytes { base64($0) }
    }

    /// True for base64 text of exactly 16 bytes.
    public static func isValid(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, key.hasSuffix("=="), !key.hasSuffix("===") else { return false }
        var decoded = [UInt8](repeating: 0, count: 18)
        return EVP_DecodeBlock(&decoded, bytes, 24) == 18
    }

    private static func base64(_ bytes: UnsafeRawBufferPointer) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4)
        let count = copenssl_base64(
            &text, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        return String(decoding: text.prefix(count), as: UTF8.self)
    }
}
