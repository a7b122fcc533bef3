import COpenSSL
import Testing

/// Seals anything at all under a session's secret: what a peer that breaks the rules sends.
final class ForgedRecords {
    private let key: OpaquePointer
    private let traffic: UnsafeMutablePointer<copenssl_traffic>
    private let keyCount: Int

    /// Goes on where the peer's session stands; that session must not write afterwards.
    init(_ pair: RecordPair, suite: UInt16 = 0x1301) throws {
        key = try #require(copenssl_record_create(suite, 1))
        traffic = .allocate(capacity: 1)
        traffic.initialize(to: pair.peerWindow.pointee.writing)
        keyCount = suite == 0x1301 ? 16 : 32
        setKey()
    }

    deinit {
        copenssl_record_destroy(key)
        traffic.deallocate()
    }

    private func setKey() {
        var bytes = [UInt8](repeating: 0, count: keyCount)
        var iv = [UInt8](repeating: 0, count: Int(COPENSSL_IV))
        copenssl_traffic_key(traffic, &bytes, keyCount, &iv)
        #expect(copenssl_record_set(key, bytes, iv) == 1)
    }

    func renew() {
        copenssl_traffic_renew(traffic)
        setKey()
    }

    /// The next record: `content`, its `type`, and `padding` zeros.
    func next(_ type: UInt8, _ content: [UInt8], padding: Int = 0) -> [UInt8] {
        let sequence = traffic.pointee.records
        traffic.pointee.records += 1
        // The last byte of the inner plaintext is what the seal takes for the type.
        let inner = content + [type] + [UInt8](repeating: 0, count: padding)
        var record = [UInt8](repeating: 0, count: inner.count + 21)
        let sealed = copenssl_record_seal(
            key, sequence, inner, inner.count - 1, inner[inner.count - 1], &record)
        #expect(sealed == 1)
        return record
    }
}
