import COpenSSL
import CRecordCrypto
import Foundation
import Testing
import Wire

/// What a hexadecimal text with blanks means.
func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
    return stride(from: 0, to: digits.count, by: 2).compactMap { index in
        UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
    }
}

/// The implementations of this processor: all of them on a recent one.
let implementations: [Int32] = [
    Int32(CRECORD_CRYPTO_AESNI), Int32(CRECORD_CRYPTO_VAES256), Int32(CRECORD_CRYPTO_VAES512),
].filter { crecord_crypto_runs($0) == 1 }

@Suite("AES-GCM for records")
struct RecordCryptoTests {
    /// One published case; `tag` may be shortened.
    struct Vector: Sendable {
        let key: String
        let iv: String
        var text = ""
        var associated = ""
        var sealed = ""
        let tag: String
    }

    /// Test cases 1 to 3 and 13 to 15 of the GCM specification (McGrew and Viega), and cases of
    /// NIST's CAVS files gcmEncryptExtIV128/256 and gcmDecrypt256 with at most a block of
    /// associated data.
    static let vectors: [Vector] = [
        Vector(
            key: "00000000000000000000000000000000", iv: "000000000000000000000000",
            tag: "58e2fccefa7e3061367f1d57a4e7455a"),
        Vector(
            key: "00000000000000000000000000000000", iv: "000000000000000000000000",
            text: "00000000000000000000000000000000",
            sealed: "0388dace60b6a392f328c2b971b2fe78", tag: "ab6e47d42cec13bdf53a67b21257bddf"),
        Vector(
            key: "feffe9928665731c6d6a8f9467308308", iv: "cafebabefacedbaddecaf888",
            text: """
                d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
                """,
            sealed: """
                42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e
                21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985
                """, tag: "4d5c2af327cd64a62cf35abd2ba6fab4"),
        Vector(
            key: "0000000000000000000000000000000000000000000000000000000000000000",
            iv: "000000000000000000000000", tag: "530f8afbc74536b9a963b4f1c4cb738b"),
        Vector(
            key: "0000000000000000000000000000000000000000000000000000000000000000",
            iv: "000000000000000000000000", text: "00000000000000000000000000000000",
            sealed: "cea7403d4d606b6e074ec5d3baf39d18", tag: "d0d1c8a799996bf0265b98b5d48ab919"),
        Vector(
            key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            iv: "cafebabefacedbaddecaf888",
            text: """
                d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
                """,
            sealed: """
                522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
                8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad
                """, tag: "b094dac5d93471bdec1a502270e3cc6c"),
        Vector(
            key: "dfefde23c6122bf0370ab5890e804b73", iv: "92d6a8029990670f16de79e2",
            text: "64260a8c287de978e96c7521d0", associated: "a2b16d78251de6c191ce350e5c5ef242",
            sealed: "bf78de948a847c173649d4b4d0", tag: "9da3829968cdc50794d1c30d41cd4515"),
        Vector(
            key: "27e3626a8347f252519f3a391712f65a", iv: "e50b6bbe4ac7307f75421a71",
            text: "bf386209503082f15ed8461ddd", associated: "96fe6e72597f596ae93907a820ba79a8",
            sealed: "34d347fa1b56d2cf691f1ce062", tag: "cb083ec9d63075bea3bba1c0d4"),
        Vector(
            key: "da0b615656135194ba6d3c851099bc48", iv: "d39d4b4d3cc927885090e6c3",
            associated: "e7e5e6f8dac913036cb2ff29e8625e0e", tag: "ab967711a5770461724460b07237e2"),
        Vector(
            key: "c75116c19f5ea4ed1b10bf0eaaebe5a1", iv: "48a53fc17d4300f4a23a5a39",
            text: "4569944fcde5b3f4ae4d50eb7a0e3ef88dab44b684c737b90aa88cf579bf0558",
            sealed: "d58b89300c62e0b0ea729d6de39545ea35ddc5a04e22b709f45af532bc67d90d",
            tag: "c428abd4bf85468d57236ed16d36"),
        Vector(
            key: "54e352ea1d84bfe64a1011096111fbe7668ad2203d902a01458c3bbd85bfce14",
            iv: "df7c3bca00396d0c018495d9", text: "85fc3dfad9b5a8d3258e4fc44571bd3b",
            associated: "7e968d71b50c1f11fd001f3fef49d045",
            sealed: "426e0efc693b7be1f3018db7ddbb7e4d", tag: "ee8257795be6a1164d7e1d2d6cac77a7"),
        Vector(
            key: "1fded32d5999de4a76e0f8082108823aef60417e1896cf4218a2fa90f632ec8a",
            iv: "1f3afa4711e9474f32e70462",
            text: """
                06b2c75853df9aeb17befd33cea81c630b0fc53667ff45199c629c8e15dce41e
                530aa792f796b8138eeab2e86c7b7bee1d40b0
                """,
            sealed: """
                91fbd061ddc5a7fcc9513fcdfdc9c3a7c5d4d64cedf6a9c24ab8a77c36eefbf1
                c5dc00bc50121b96456c8cd8b6ff1f8b3e480f
                """, tag: "30096d340f3d5c42d82a6f475def23eb"),
    ]

    @Test(arguments: implementations, vectors.indices)
    func `published vectors come out`(implementation: Int32, index: Int) throws {
        let vector = Self.vectors[index]
        let key = try #require(crecord_crypto_create(implementation))
        defer { crecord_crypto_destroy(key) }
        let keyBytes = bytes(vector.key)
        let iv = bytes(vector.iv)
        let text = bytes(vector.text)
        crecord_crypto_set(key, keyBytes, keyBytes.count, iv)
        var sealed = [UInt8](repeating: 0, count: text.count + 32)
        let slack = [UInt8](repeating: 0xEE, count: Int(CRECORD_CRYPTO_SLACK))
        let associated = bytes(vector.associated)
        crecord_crypto_seal_plain(
            key, iv, associated, associated.count, text + slack, text.count, &sealed)
        #expect(Array(sealed.prefix(text.count)) == bytes(vector.sealed))
        let tag = bytes(vector.tag)
        #expect(Array(sealed[text.count..<text.count + tag.count]) == tag)
    }

    /// Every length up to four kilobytes and some longer ones: every block count, every tail and
    /// every way through the kernels.
    static let lengths =
        Array(0...600) + stride(from: 601, to: 1200, by: 5) + stride(from: 1201, to: 4200, by: 37)
        + [8191, 8192, 16_367, 16_383, 16_384]

    @Test(arguments: implementations, [16, 32])
    func `every length agrees with OpenSSL, in place and elsewhere`(
        implementation: Int32, keyCount: Int
    ) throws {
        var random = SeededRandom(seed: UInt64(keyCount) + UInt64(implementation))
        let pair = try CipherPair(implementation, keyCount: keyCount, &random)
        for length in Self.lengths {
            let sequence = random.next()
            let content = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let wanted = pair.sealedByOpenSSL(content, sequence)
            for inPlace in [false, true] {
                try #require(
                    pair.sealed(content, sequence, inPlace: inPlace) == wanted,
                    "length \(length) sequence \(sequence) in place \(inPlace)")
                try #require(
                    pair.opened(wanted, sequence, inPlace: inPlace) == content + [23],
                    "length \(length) sequence \(sequence) in place \(inPlace)")
            }
            try #require(pair.openedByOpenSSL(wanted, sequence) == content + [23])
        }
    }

    @Test(arguments: implementations, [16, 32])
    func `a record with any byte changed is refused and leaves nothing behind`(
        implementation: Int32, keyCount: Int
    ) throws {
        var random = SeededRandom(seed: 5)
        let pair = try CipherPair(implementation, keyCount: keyCount, &random)
        for length in [0, 1, 15, 16, 63, 200, 255, 1025] {
            let content = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let record = pair.sealed(content, 9, inPlace: false)
            for place in record.indices {
                var changed = record
                changed[place] ^= 1 << UInt8(random.next() % 8)
                #expect(pair.opened(changed, 9, inPlace: false) == nil, "\(length) \(place)")
            }
            for sequence in [0, 8, 10, UInt64.max] {
                #expect(pair.opened(record, sequence, inPlace: true) == nil)
            }
        }
    }

    @Test(arguments: implementations)
    func `a new key leaves nothing of the old one`(implementation: Int32) throws {
        var random = SeededRandom(seed: 6)
        let pair = try CipherPair(implementation, keyCount: 32, &random)
        let content = [UInt8](repeating: 7, count: 300)
        let before = pair.sealed(content, 1, inPlace: false)
        for keyCount in [16, 32, 16] {
            pair.renew(keyCount: keyCount, &random)
            #expect(pair.opened(before, 1, inPlace: false) == nil)
            #expect(pair.sealed(content, 1, inPlace: false) == pair.sealedByOpenSSL(content, 1))
        }
    }

    @Test func `an implementation that the processor lacks makes no key`() {
        #expect(crecord_crypto_create(Int32(CRECORD_CRYPTO_NONE)) == nil)
        #expect(crecord_crypto_create(9) == nil)
        #expect(crecord_crypto_runs(crecord_crypto_best()) == (implementations.isEmpty ? 0 : 1))
        #expect(copenssl_record_create(0x1304, 1) == nil)
    }
}
