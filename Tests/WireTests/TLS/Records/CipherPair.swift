import COpenSSL
import CRecordCrypto
import Dispatch
import Testing
import Wire

/// The same key in our AES-GCM and in OpenSSL's, with guard bytes round everything ours touches.
final class CipherPair {
    private let ours: OpaquePointer
    private var theirs: (seal: OpaquePointer, open: OpaquePointer)
    private let memory: UnsafeMutablePointer<UInt8>
    private static let room = 40_000
    private static let guardByte: UInt8 = 0xA5

    init(_ implementation: Int32, keyCount: Int, _ random: inout SeededRandom) throws {
        ours = try #require(crecord_crypto_create(implementation))
        theirs = try Self.makeOpenSSL(keyCount)
        memory = .allocate(capacity: Self.room)
        renew(keyCount: keyCount, &random)
    }

    deinit {
        crecord_crypto_destroy(ours)
        copenssl_record_destroy(theirs.seal)
        copenssl_record_destroy(theirs.open)
        memory.deallocate()
    }

    private static func makeOpenSSL(
        _ keyCount: Int
    ) throws -> (seal: OpaquePointer, open: OpaquePointer) {
        let suite: UInt16 = keyCount == 16 ? 0x1301 : 0x1302
        return (
            try #require(copenssl_record_create(suite, 1)),
            try #require(copenssl_record_create(suite, 0))
        )
    }

    func renew(keyCount: Int, _ random: inout SeededRandom) {
        let key = (0..<keyCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let iv = (0..<12).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        crecord_crypto_set(ours, key, keyCount, iv)
        if let made = try? Self.makeOpenSSL(keyCount) {
            copenssl_record_destroy(theirs.seal)
            copenssl_record_destroy(theirs.open)
            theirs = made
        }
        #expect(copenssl_record_set(theirs.seal, key, iv) == 1)
        #expect(copenssl_record_set(theirs.open, key, iv) == 1)
    }

    func sealed(_ content: [UInt8], _ sequence: UInt64, inPlace: Bool) -> [UInt8] {
        memory.update(repeating: Self.guardByte, count: Self.room)
        let record = memory + 64
        let source = inPlace ? record + 5 : memory + 20_000
        source.update(from: content, count: content.count)
        crecord_crypto_seal(ours, sequence, source, content.count, 23, record)
        let count = content.count + 22
        expectGuards(before: record, behind: record + count)
        return Array(UnsafeBufferPointer(start: record, count: count))
    }

    func sealedByOpenSSL(_ content: [UInt8], _ sequence: UInt64) -> [UInt8] {
        var record = [UInt8](repeating: 0, count: content.count + 22)
        #expect(
            copenssl_record_seal(theirs.seal, sequence, content, content.count, 23, &record) == 1)
        return record
    }

    /// The inner plaintext, nil when the record is refused.
    func opened(_ record: [UInt8], _ sequence: UInt64, inPlace: Bool) -> [UInt8]? {
        memory.update(repeating: Self.guardByte, count: Self.room)
        let source = memory + 64
        source.update(from: record, count: record.count)
        let inner = inPlace ? source + 5 : memory + 20_000
        let count = record.count - 21
        let isOpened = crecord_crypto_open(ours, sequence, source, record.count - 5, inner) == 1
        let slack = Int(CRECORD_CRYPTO_SLACK)
        expectGuards(before: inPlace ? source : inner, behind: inner + count + slack)
        let bytes = Array(UnsafeBufferPointer(start: inner, count: count))
        if !isOpened { #expect(bytes.allSatisfy { $0 == 0 }) }
        return isOpened ? bytes : nil
    }

    func openedByOpenSSL(_ record: [UInt8], _ sequence: UInt64) -> [UInt8]? {
        var inner = [UInt8](repeating: 0, count: record.count)
        let isOpened =
            copenssl_record_open(theirs.open, sequence, record, record.count - 5, &inner) == 1
        return isOpened ? Array(inner.prefix(record.count - 21)) : nil
    }

    private func expectGuards(
        before start: UnsafeMutablePointer<UInt8>, behind end: UnsafeMutablePointer<UInt8>
    ) {
        for offset in 0..<64 {
            #expect(start[-1 - offset] == Self.guardByte && end[offset] == Self.guardByte)
        }
    }

    /// Nanoseconds of sealing and opening one record of `length` bytes, ours and through EVP.
    func costs(
        _ length: Int, rounds: Int
    ) -> (ours: (seal: Double, open: Double), theirs: (seal: Double, open: Double)) {
        let content = memory + 20_000
        content.update(repeating: 0x61, count: length + 64)
        let inner = memory + 20_000
        func time(_ body: () -> Void) -> Double {
            let begun = DispatchTime.now().uptimeNanoseconds
            for _ in 0..<rounds { body() }
            return Double(DispatchTime.now().uptimeNanoseconds - begun) / Double(rounds)
        }
        let ourSeal = time { crecord_crypto_seal(ours, 1, content, length, 23, memory) }
        let ourOpen = time { crecord_crypto_open(ours, 1, memory, length + 17, inner) }
        let theirSeal = time {
            copenssl_record_seal(theirs.seal, 1, content, length, 23, memory)
        }
        let theirOpen = time { copenssl_record_open(theirs.open, 1, memory, length + 17, inner) }
        #expect(crecord_crypto_open(ours, 1, memory, length + 17, inner) == 1)
        return ((ourSeal, ourOpen), (theirSeal, theirOpen))
    }
}
