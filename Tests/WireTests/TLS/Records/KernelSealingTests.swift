import COpenSSL
import Glibc
import Testing

@testable import Wire

/// Records that Linux seals, where it does; elsewhere ours go on as if nobody had asked.
@Suite("Records of the kernel")
struct KernelSealingTests {
    let certificates = try! CertificateDirectory()

    /// linux/tls.h: tls12_crypto_info_aes_gcm_128, _aes_gcm_256 and _chacha20_poly1305.
    @Test(arguments: [
        (RecordSuite.aes128GCM, 51, 40), (.aes256GCM, 52, 56), (.chaCha20Poly1305, 54, 56),
    ])
    func `a key is laid out as the kernel reads it`(
        suite: RecordSuite, number: UInt8, size: Int
    ) {
        let key = (0..<32).map { UInt8(100 + $0) }
        let iv = (0..<12).map { UInt8(1 + $0) }
        var bytes = [UInt8](repeating: 0xEE, count: KernelSealing.largestInfo)
        let count = bytes.withUnsafeMutableBytes { buffer in
            KernelSealing.write(
                suite, key: key, iv: iv, sequence: 0x0102_0304_0506_0708, to: buffer)
        }
        let salt = suite == .chaCha20Poly1305 ? 0 : 4
        let expected = [0x04, 0x03, number, 0] + iv[salt...] + key.prefix(suite.keyCount)
            + iv[..<salt] + [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(count == size)
        #expect(Array(bytes.prefix(count)) == Array(expected))
        #expect(bytes.dropFirst(count).allSatisfy { $0 == 0xEE })
    }

    @Test(arguments: LoopbackLinks.Sockets.allCases, RecordPair.suites)
    func `messages of every size go both ways, whoever seals`(
        sockets: LoopbackLinks.Sockets, suite: String
    ) throws {
        let pair = try LoopbackLinks(sockets, certificates.files, suite: suite)
        try pair.open()
        let isOffered = KernelSealing.refusal == 0
        #expect(pair.clientLayer == (isOffered ? .kernel : .apus))
        if !isOffered { print("the kernel seals no records here: ours were tested in their place") }
        for length in [0, 1, 125, 126, 5_000, 16_384, 40_000] {
            let text = String(repeating: "x", count: length)
            try pair.send(text)
            #expect(pair.serverTexts.last == text)
            #expect(pair.clientTexts.last == text, "the server answers with the same")
        }
        try pair.end()
        // An end without close_notify would be one that anybody on the way can make.
        #expect(pair.serverEnd == .peer(code: 1000))
        #expect(pair.serverHeardGoodbye)
    }

    @Test func `a key that must be renewed ends the connection`() throws {
        let pair = try LoopbackLinks(.direct, certificates.files, recordsPerKey: 4)
        try pair.open()
        guard pair.clientLayer == .kernel else {
            return print("skipped: the kernel seals no records here")
        }
        for _ in 0..<4 where pair.clientEnd == nil { try pair.send("x") }
        #expect(pair.clientEnd == .tls(.keyUsedUp))
    }
}
