import CLinuxURing
import Codec
import MarketModel
import Venues

/// What is journaled of a request as it left: enough to prove that a replay gives the same bytes.
@frozen
public struct SentRequest: BitwiseCopyable, Sendable, Equatable {
    public var requestID: UInt64
    /// The timestamp inside the request.
    public var venueTime: Timestamp
    /// CRC32C of the text without its key and its signature, which a replay does not know.
    public var checksum: UInt32
    /// Of the parameters of a REST request rather than of a message.
    public var isREST: Bool

    /// Not inlinable: modules with strategies of their own need not be compiled for a processor
    /// with the CRC32 instruction.
    @usableFromInline @_noLocks
    init(_ requestID: UInt64, _ encoded: EncodedRequest, _ encoder: BinanceSpotOrderEncoder) {
        self.requestID = requestID
        venueTime = encoded.time
        isREST = encoded.isREST
        checksum =
            encoded.isREST
            ? clinux_uring_crc32c(0, encoded.bytes, encoded.count)
            : Self.checksum(encoder, encoded.bytes, encoded.count)
    }

    /// The checksum of an encoder's text: three spans, the key and the signature left out.
    @_noLocks
    static func checksum(
        _ encoder: BinanceSpotOrderEncoder, _ text: UnsafePointer<UInt8>, _ count: Int
    ) -> UInt32 {
        if encoder.signatureCount == 0 { return clinux_uring_crc32c(0, text, count) }
        let key = encoder.keyOffset(text, count: count)
        let behindKey = key &+ encoder.apiKeyCount
        let signature = encoder.signatureOffset(count: count)
        let behindSignature = signature &+ encoder.signatureCount
        if behindKey > signature { return 0 }
        let first = clinux_uring_crc32c(0, text, key)
        let second = clinux_uring_crc32c(first, text + behindKey, signature &- behindKey)
        return clinux_uring_crc32c(second, text + behindSignature, count &- behindSignature)
    }
}
