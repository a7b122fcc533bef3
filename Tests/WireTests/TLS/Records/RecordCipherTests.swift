import COpenSSL
import CRecordCrypto
import Testing

@testable import Wire

@Suite("Record ciphers")
struct RecordCipherTests {
    private static let header = 5

    private func makeTraffic(_ suite: RecordSuite) -> UnsafeMutablePointer<copenssl_traffic> {
        let traffic = UnsafeMutablePointer<copenssl_traffic>.allocate(capacity: 1)
        traffic.initialize(to: copenssl_traffic())
        traffic.pointee.secret_count = suite == .aes256GCM ? 48 : 32
        withUnsafeMutableBytes(of: &traffic.pointee.secret) { bytes in
            for place in bytes.indices { bytes[place] = UInt8(place * 3) }
        }
        return traffic
    }

    /// A processor without AES instructions goes through OpenSSL's ciphers and says the same.
    @Test(arguments: [RecordSuite.aes128GCM, .aes256GCM, .chaCha20Poly1305])
    func `with and without AES instructions the records are the same`(suite: RecordSuite) throws {
        let sealing = makeTraffic(suite)
        let opening = makeTraffic(suite)
        defer {
            sealing.deallocate()
            opening.deallocate()
        }
        let none = Int32(CRECORD_CRYPTO_NONE)
        guard
            var plain = RecordCipher(
                suite: suite, traffic: sealing, isSealing: true, implementation: none),
            var vector = RecordCipher(suite: suite, traffic: opening, isSealing: false)
        else {
            Issue.record("no cipher")
            return
        }
        let content = [UInt8](repeating: 0x41, count: 400)
        var record = [UInt8](repeating: 0, count: 400)
        var inner = [UInt8](repeating: 0, count: 400)
        for index in 0..<40 {
            let count = index * 7
            let isSealed = plain.seal(content, count, type: 23, to: &record)
            let isOpened = vector.open(record, count + 17, into: &inner)
            #expect(isSealed && isOpened)
            #expect(inner.prefix(count) == content.prefix(count) && inner[count] == 23)
            if index % 10 == 9 {
                let isRenewed = plain.renew() && vector.renew()
                let records = plain.records
                #expect(isRenewed && records == 0)
            }
        }
    }

    @Test func `without a secret there is no cipher`() {
        let traffic = UnsafeMutablePointer<copenssl_traffic>.allocate(capacity: 1)
        traffic.initialize(to: copenssl_traffic())
        defer { traffic.deallocate() }
        for suite in [RecordSuite.aes128GCM, .chaCha20Poly1305] {
            if RecordCipher(suite: suite, traffic: traffic, isSealing: true) != nil {
                Issue.record("a cipher without a secret")
            }
        }
    }

    @Test func `a cipher that is gone has wiped its secret`() {
        let traffic = makeTraffic(.aes128GCM)
        defer { traffic.deallocate() }
        func use() -> UInt64? {
            guard let cipher = RecordCipher(suite: .aes128GCM, traffic: traffic, isSealing: true)
            else { return nil }
            return cipher.records
        }
        #expect(use() == 0)
        let isZero = withUnsafeBytes(of: traffic.pointee) { $0.allSatisfy { $0 == 0 } }
        #expect(isZero)
    }

    @Test func `what the reports say of this processor is what it does`() {
        let isNone = Int(crecord_crypto_best()) == CRECORD_CRYPTO_NONE
        #expect((TLSRecordLayer.preferred == .openssl) == isNone)
        #expect(TLSRecordLayer.instructions.hasPrefix("none") == isNone)
    }
}
