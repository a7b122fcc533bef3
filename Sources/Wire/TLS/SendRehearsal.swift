import CRecordCrypto

/// The last steps of a message, from text to record and back, without a message.
///
/// Frames, masks, seals and opens with a key, masks and memory of its own: no connection's sequence
/// numbers, masks or bytes are touched, and nothing that it makes can be read by anybody. What it
/// leaves behind is the code of those steps in the processor's caches.
public struct SendRehearsal: ~Copyable {
    private var writer = WebSocketWriter(maskSeed: 1)
    private var frame = ByteBuffer(capacity: 4096, warmed: 4096)
    /// `nil` on a processor without AES instructions: OpenSSL seals there.
    private let cipher: OpaquePointer?
    private let record: UnsafeMutablePointer<UInt8>
    private let inner: UnsafeMutablePointer<UInt8>

    /// Longer texts are cut.
    public static var longestText: Int { @_noLocks get { 2048 } }

    /// Memory for two records is taken here.
    public init() {
        cipher = crecord_crypto_create(crecord_crypto_best())
        record = .allocate(capacity: 4096)
        record.initialize(repeating: 0, count: 4096)
        inner = .allocate(capacity: 4096)
        inner.initialize(repeating: 0, count: 4096)
        if let cipher { crecord_crypto_set(cipher, record, 16, inner) }
    }

    deinit {
        crecord_crypto_destroy(cipher)
        record.deallocate()
        inner.deallocate()
    }

    /// Frames and seals `count` bytes of `text`, and opens the record again.
    @_noLocks
    public mutating func run(_ text: UnsafeRawPointer, _ count: Int) {
        guard writer.append(.text, text, min(count, Self.longestText), to: &frame) else { return }
        let length = frame.count
        if let cipher {
            let bytes = frame.readable.assumingMemoryBound(to: UInt8.self)
            crecord_crypto_seal(
                cipher, 0, bytes, length, RecordConversation.ContentType.applicationData, record)
            _ = crecord_crypto_open(
                cipher, 0, record, length &+ 1 &+ RecordConversation.tag, inner)
        }
        frame.consume(length)
    }
}
