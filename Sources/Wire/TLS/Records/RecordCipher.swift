import COpenSSL
import CRecordCrypto

/// The cipher suites of TLS 1.3 that are offered here (RFC 8446 appendix B.4).
enum RecordSuite: UInt16, BitwiseCopyable {
    case aes128GCM = 0x1301
    case aes256GCM = 0x1302
    case chaCha20Poly1305 = 0x1303

    var keyCount: Int {
        @_noLocks get {
            switch self {
            case .aes128GCM: 16
            case .aes256GCM, .chaCha20Poly1305: 32
            }
        }
    }

    fileprivate var isAES: Bool {
        switch self {
        case .aes128GCM, .aes256GCM: true
        case .chaCha20Poly1305: false
        }
    }
}

/// One direction's protection: its traffic secret, the key from it, and the next sequence number.
///
/// AES-GCM goes through the processor's own instructions where it has them, everything else through
/// OpenSSL's ciphers. Key and secret are wiped at the end.
struct RecordCipher: ~Copyable {
    /// First for `scripts/sanitize`, which says why.
    private let traffic: UnsafeMutablePointer<copenssl_traffic>
    private let suite: RecordSuite
    /// Exactly one of the two is there.
    private let vector: OpaquePointer?
    private let evp: OpaquePointer?
    /// Holds a key and an IV while they are set, otherwise zeros.
    private let scratch: UnsafeMutablePointer<UInt8>

    private static var scratchCount: Int { 32 + Int(COPENSSL_IV) }

    /// `traffic` holds the secret and outlives the cipher; nil without memory or without a secret.
    init?(
        suite: RecordSuite, traffic: UnsafeMutablePointer<copenssl_traffic>, isSealing: Bool,
        implementation: Int32 = crecord_crypto_best()
    ) {
        let vector = suite.isAES ? crecord_crypto_create(implementation) : nil
        let evp = vector == nil ? copenssl_record_create(suite.rawValue, isSealing ? 1 : 0) : nil
        self.suite = suite
        self.traffic = traffic
        self.vector = vector
        self.evp = evp
        scratch = .allocate(capacity: Self.scratchCount)
        scratch.initialize(repeating: 0, count: Self.scratchCount)
        guard vector != nil || evp != nil, traffic.pointee.secret_count > 0, setKey() else {
            return nil
        }
    }

    deinit {
        crecord_crypto_destroy(vector)
        copenssl_record_destroy(evp)
        scratch.deallocate()
        copenssl_wipe(traffic, MemoryLayout<copenssl_traffic>.size)
    }

    /// Records read or written under the present key.
    var records: UInt64 {
        @_noLocks get { traffic.pointee.records }
    }

    /// Counts a record that somebody else has sealed under this key.
    @_noLocks mutating func skip() { traffic.pointee.records &+= 1 }

    /// Shows the present key, its IV and the next record's number to `body`, then wipes them. Cold.
    func withKey(
        _ body: (RecordSuite, UnsafePointer<UInt8>, UnsafePointer<UInt8>, UInt64) -> Int32
    ) -> Int32 {
        let iv = scratch + 32
        copenssl_traffic_key(traffic, scratch, suite.keyCount, iv)
        defer { copenssl_wipe(scratch, Self.scratchCount) }
        return body(suite, scratch, iv, records)
    }

    /// Protects `count` bytes of `content` as a record of `type` at `record`, `count` + 22 bytes.
    @_noLocks mutating func seal(
        _ content: UnsafeRawPointer, _ count: Int, type: UInt8, to record: UnsafeMutableRawPointer
    ) -> Bool {
        let sequence = traffic.pointee.records
        let bytes = content.assumingMemoryBound(to: UInt8.self)
        let output = record.assumingMemoryBound(to: UInt8.self)
        traffic.pointee.records = sequence &+ 1
        if let vector {
            crecord_crypto_seal(vector, sequence, bytes, count, type, output)
            return true
        }
        return copenssl_record_seal(evp, sequence, bytes, count, type, output) == 1
    }

    /// Opens the record whose header is at `record` and whose ciphertext and tag have `length`
    /// bytes; false, and nothing but zeros at `inner`, when the tag is wrong.
    @_noLocks mutating func open(
        _ record: UnsafePointer<UInt8>, _ length: Int, into inner: UnsafeMutableRawPointer
    ) -> Bool {
        let sequence = traffic.pointee.records
        let output = inner.assumingMemoryBound(to: UInt8.self)
        traffic.pointee.records = sequence &+ 1
        if let vector {
            return crecord_crypto_open(vector, sequence, record, length, output) == 1
        }
        return copenssl_record_open(evp, sequence, record, length, output) == 1
    }

    /// Goes on to the next secret and its key (RFC 8446 section 7.2).
    @_noLocks mutating func renew() -> Bool {
        copenssl_traffic_renew(traffic)
        return setKey()
    }

    private func setKey() -> Bool {
        let iv = scratch + 32
        copenssl_traffic_key(traffic, scratch, suite.keyCount, iv)
        defer { copenssl_wipe(scratch, Self.scratchCount) }
        guard let vector else { return copenssl_record_set(evp, scratch, iv) == 1 }
        crecord_crypto_set(vector, scratch, suite.keyCount, iv)
        return true
    }
}
