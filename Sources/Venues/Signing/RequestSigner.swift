import COpenSSL

/// Why a secret cannot sign.
public enum SigningFailure: Error, Equatable, Sendable {
    case emptySecret
    /// Neither PEM (PKCS#8) nor base64 of a key.
    case malformedKey
    /// A key of another algorithm.
    case notEd25519
    /// OpenSSL had no memory or no such algorithm.
    case unavailable
}

/// Signs requests to a venue with one secret, which it never shows.
///
/// HMAC-SHA256 (RFC 2104) answers lower-case hex, Ed25519 (RFC 8032) base64, as venues expect them.
/// The key lives outside the heap that Swift values share, and is wiped when the signer ends;
/// having no copy and no description, it cannot be logged. Signing allocates nothing: HMAC about
/// one microsecond for 150 bytes, Ed25519 tens of microseconds.
/// `@unchecked Sendable` because a signer has one owner at a time and shares nothing.
public struct RequestSigner: ~Copyable, @unchecked Sendable {
    /// What a signer computes.
    public enum Algorithm: Sendable, Equatable {
        case hmacSHA256
        case ed25519
    }

    /// Room a text signature needs at most.
    public static var maximumTextCount: Int {
        @_noLocks get { 88 }
    }

    private let hmacKey: OpaquePointer?
    private let signing: OpaquePointer?
    private let publicKeyBytes: SIMD32<UInt8>

    private init(
        hmacKey: OpaquePointer?, signing: OpaquePointer?, publicKey: SIMD32<UInt8> = .zero
    ) {
        self.hmacKey = hmacKey
        self.signing = signing
        publicKeyBytes = publicKey
    }

    deinit {
        // Both wipe what they free.
        if let hmacKey { copenssl_hmac_destroy(hmacKey) }
        EVP_MD_CTX_free(signing)
    }

    /// HMAC-SHA256 with the venue's API secret.
    public static func hmac(secret: String) throws(SigningFailure) -> RequestSigner {
        let count = secret.utf8.count
        guard count > 0 else { throw .emptySecret }
        guard let key = copenssl_hmac_create(secret, count) else { throw .unavailable }
        return RequestSigner(hmacKey: key, signing: nil)
    }

    /// Ed25519 with a private key: PKCS#8 as PEM or base64, or the 32-byte seed as base64.
    public static func ed25519(key text: String) throws(SigningFailure) -> RequestSigner {
        guard !text.isEmpty else { throw .emptySecret }
        guard let key = PrivateKeyText.read(text) else {
            ERR_clear_error()
            throw .malformedKey
        }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else { throw .notEd25519 }
        var publicKey = [UInt8](repeating: 0, count: 32)
        var count = publicKey.count
        guard EVP_PKEY_get_raw_public_key(key, &publicKey, &count) == 1,
            let signing = EVP_MD_CTX_new()
        else { throw .unavailable }
        guard EVP_DigestSignInit(signing, nil, nil, nil, key) == 1 else {
            EVP_MD_CTX_free(signing)
            ERR_clear_error()
            throw .unavailable
        }
        return RequestSigner(hmacKey: nil, signing: signing, publicKey: SIMD32(publicKey))
    }

    /// Works ahead on what most messages begin with, in blocks of 64 bytes; other messages are signed
    /// as before. For Ed25519, which reads a message twice, nothing can be done ahead.
    public borrowing func prime(opening: String) {
        let bytes = Array(opening.utf8)
        bytes.withUnsafeBytes { buffer in
            if let base = buffer.baseAddress {
                prime(Self.spareOpenings, opening: base, buffer.count)
            }
        }
    }

    /// Openings of single messages that can be worked on ahead at the same time.
    public static var spareOpenings: Int {
        @_noLocks get { Int(COPENSSL_HMAC_OPENINGS) - 1 }
    }

    /// The same for the opening of one message that is to come, in place of what was told for `place`
    /// before; places count from 0 to ``spareOpenings``.
    @_noLocks public borrowing func prime(
        _ place: Int, opening bytes: UnsafeRawPointer, _ count: Int
    ) {
        if let hmacKey { copenssl_hmac_prime(hmacKey, place, bytes, count) }
    }

    /// What this signer computes.
    public var algorithm: Algorithm { hmacKey == nil ? .ed25519 : .hmacSHA256 }

    /// The Ed25519 public key, 32 bytes; empty for HMAC.
    public var publicKey: [UInt8] {
        hmacKey == nil ? publicKeyBytes.indices.map { publicKeyBytes[$0] } : []
    }

    /// Writes the signature's bytes, 32 (HMAC) or 64 (Ed25519); answers their number, 0 on failure.
    @_noLocks public borrowing func sign(
        _ message: UnsafeRawPointer, _ count: Int, into bytes: UnsafeMutableRawPointer
    ) -> Int {
        let signature = bytes.assumingMemoryBound(to: UInt8.self)
        if let hmacKey {
            copenssl_hmac_sign(hmacKey, message, count, signature)
            return 32
        }
        return copenssl_ed25519_sign(signing, message, count, signature) == 1 ? 64 : 0
    }

    /// Writes the signature as venues read it, 64 hex digits (HMAC) or 88 characters of base64
    /// (Ed25519); answers their number, 0 on failure. `text` holds `maximumTextCount` bytes.
    @_noLocks public borrowing func signText(
        _ message: UnsafeRawPointer, _ count: Int, into text: UnsafeMutableRawPointer
    ) -> Int {
        // The raw bytes lie at the text's end: text growing from the start stays behind them.
        if hmacKey != nil {
            return Self.writeHex(text + 32, sign(message, count, into: text + 32), into: text)
        }
        let raw = text + 24
        guard sign(message, count, into: raw) == 64 else { return 0 }
        return copenssl_base64(
            text.assumingMemoryBound(to: UInt8.self), raw.assumingMemoryBound(to: UInt8.self), 64)
    }

    /// The text signature of `message`. Cold; nil on failure.
    public borrowing func signature(of message: String) -> String? {
        let bytes = Array(message.utf8)
        var text = [UInt8](repeating: 0, count: Self.maximumTextCount)
        let count = bytes.withUnsafeBytes { input in
            text.withUnsafeMutableBytes { output -> Int in
                guard let target = output.baseAddress else { return 0 }
                return signText(
                    input.baseAddress ?? UnsafeRawPointer(target), input.count, into: target)
            }
        }
        return count > 0 ? String(decoding: text.prefix(count), as: UTF8.self) : nil
    }

    /// Two digits a byte; four arithmetic steps instead of a table.
    private static func writeHex(
        _ bytes: UnsafeMutableRawPointer, _ count: Int, into text: UnsafeMutableRawPointer
    ) -> Int {
        for index in 0..<count {
            let byte = bytes.load(fromByteOffset: index, as: UInt8.self)
            text.storeBytes(of: digit(byte &>> 4), toByteOffset: 2 &* index, as: UInt8.self)
            text.storeBytes(of: digit(byte & 0xF), toByteOffset: 2 &* index &+ 1, as: UInt8.self)
        }
        return 2 &* count
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ nibble &- 10
    }
}
