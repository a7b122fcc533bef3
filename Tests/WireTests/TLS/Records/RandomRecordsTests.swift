import COpenSSL
import CRecordCrypto
import Foundation
import Testing
import Wire

/// Seeded random records in both directions against OpenSSL, bit by bit.
///
/// `APUS_TLS_RECORDS=1000000` sets how many (20,000 without it), `APUS_TEST_SEED` the seed.
@Suite("Random records")
struct RandomRecordsTests {
    let certificates = try! CertificateDirectory()

    static let count = named("APUS_TLS_RECORDS").flatMap { Int($0) } ?? 20_000
    static let seed = named("APUS_TEST_SEED").flatMap { UInt64($0) } ?? 8446

    static func named(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

    /// Mostly short, as on a trading connection, and now and then of any length.
    static func length(_ random: inout SeededRandom) -> Int {
        switch random.next() % 16 {
        case 0: Int(random.next() % 16_385)
        case 1...3: Int(random.next() % 2048)
        default: Int(random.next() % 400)
        }
    }

    /// Two sessions with the same secrets: ours and OpenSSL's cipher give the same bits.
    @Test(arguments: implementations, [16, 32])
    func `our cipher and OpenSSL's agree`(implementation: Int32, keyCount: Int) throws {
        var random = SeededRandom(seed: Self.seed &+ UInt64(keyCount) &* UInt64(implementation))
        let ours = try #require(crecord_crypto_create(implementation))
        let suite: UInt16 = keyCount == 16 ? 0x1301 : 0x1302
        let sealing = try #require(copenssl_record_create(suite, 1))
        let opening = try #require(copenssl_record_create(suite, 0))
        defer {
            crecord_crypto_destroy(ours)
            copenssl_record_destroy(sealing)
            copenssl_record_destroy(opening)
        }
        let room = 16_384 + 64
        let noise = (0..<2 * room).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var our = [UInt8](repeating: 0, count: room)
        var their = our
        var inner = our
        for index in 0..<Self.count / implementations.count / 2 {
            if index % 1000 == 0 {
                let key = Array(noise.shuffled(using: &random).prefix(44))
                crecord_crypto_set(ours, key, keyCount, Array(key[32...]))
                try #require(copenssl_record_set(sealing, key, Array(key[32...])) == 1)
                try #require(copenssl_record_set(opening, key, Array(key[32...])) == 1)
            }
            let length = Self.length(&random)
            let sequence = random.next() >> (random.next() % 64)
            let type = UInt8(truncatingIfNeeded: random.next())
            let isRight = noise.withUnsafeBufferPointer { noise in
                guard let base = noise.baseAddress else { return false }
                let content = base + Int(random.next() % UInt64(room))
                crecord_crypto_seal(ours, sequence, content, length, type, &our)
                return copenssl_record_seal(sealing, sequence, content, length, type, &their) == 1
                    && memcmp(our, their, length + 22) == 0
                    && crecord_crypto_open(ours, sequence, their, length + 17, &inner) == 1
                    && memcmp(inner, content, length) == 0 && inner[length] == type
                    && copenssl_record_open(opening, sequence, our, length + 17, &inner) == 1
                    && memcmp(inner, content, length) == 0 && inner[length] == type
            }
            try #require(isRight, "seed \(Self.seed) record \(index) length \(length)")
            our[Int(random.next() % UInt64(length + 22 - 5)) + 5] ^= 1 << UInt8(index % 8)
            let isRefused = crecord_crypto_open(ours, sequence, our, length + 17, &inner) == 0
            try #require(isRefused, "seed \(Self.seed) record \(index) length \(length)")
        }
    }

    /// A whole session with an OpenSSL peer, from its handshake on.
    @Test(arguments: RecordPair.Role.allCases, RecordPair.suites)
    func `a session with OpenSSL carries them`(role: RecordPair.Role, suite: String) throws {
        var random = SeededRandom(seed: Self.seed)
        let pair = try RecordPair.established(
            role, files: certificates.files, suite: suite, tickets: 2,
            records: TLSRecordSettings(layer: .apus, recordsPerKey: 5000))
        let noise = (0..<40_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        for index in 0..<Self.count / 12 {
            let place = Int(random.next() % 20_000)
            let content = Array(noise[place..<place + max(1, Self.length(&random))])
            pair.forget()
            pair.forgetPeer()
            pair.peerSends(content)
            pair.give(pair.takeFromPeer())
            try #require(pair.heard == content, "seed \(Self.seed) record \(index)")
            try #require(pair.send(content) == .done)
            pair.giveToPeer(pair.take())
            try #require(pair.peerHeard == content, "seed \(Self.seed) record \(index)")
            if random.next() % 500 == 0 { pair.peerUpdatesKeys(asking: random.next() % 2 == 0) }
        }
        #expect(pair.end == nil && pair.peerEnd == nil)
    }
}
