import CRecordCrypto

/// Who protects a session's records once OpenSSL has shaken hands.
public enum TLSRecordLayer: String, BitwiseCopyable, CaseIterable, Sendable {
    /// This module: one pass of AES-GCM from the receive buffer to the message, or from the queue
    /// to the outgoing buffer. No allocation, no lock, about a tenth of OpenSSL's cost per record.
    case apus
    /// `SSL_read` and `SSL_write`.
    case openssl
    /// Linux seals what is sent (kTLS), once a connection is open; what is received is opened as by
    /// `apus`, and everything is while the kernel has no TLS.
    case kernel

    /// `apus` where the processor has AES instructions; without them nothing would be gained.
    public static var preferred: TLSRecordLayer {
        Int(crecord_crypto_best()) == CRECORD_CRYPTO_NONE ? .openssl : .apus
    }

    /// The instructions that `apus` uses for AES-GCM on this processor, for reports.
    public static var instructions: String {
        switch Int(crecord_crypto_best()) {
        case CRECORD_CRYPTO_VAES512: "VAES and VPCLMULQDQ on AVX-512"
        case CRECORD_CRYPTO_VAES256: "VAES and VPCLMULQDQ on AVX2"
        case CRECORD_CRYPTO_AESNI: "AES-NI and PCLMULQDQ"
        default: "none, through OpenSSL's ciphers"
        }
    }
}

/// How a context's sessions protect their records.
public struct TLSRecordSettings: Equatable, Sendable {
    public var layer: TLSRecordLayer
    /// Records sealed under one key before `apus` renews it with a KeyUpdate: at least 1.
    ///
    /// AES-GCM stays safe for 2^24.5 records of full size (RFC 8446 section 5.5).
    public var recordsPerKey: UInt64

    public init(layer: TLSRecordLayer = .preferred, recordsPerKey: UInt64 = 1 << 24) {
        precondition(recordsPerKey > 0, "a key seals at least one record")
        self.layer = layer
        self.recordsPerKey = recordsPerKey
    }
}
