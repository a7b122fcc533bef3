import COpenSSL
import Foundation
import Testing
import Venues
import Wire

/// The published vectors of Binance's documentation (binance-spot.md section 7).
@Suite("RequestSigner")
struct RequestSignerTests {
    static let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    static let apiKey = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
    static let pkcs8 = "MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u"
    static let edKey = "4yNzx3yWC5bS6YTwEkSRaC0nRmSQIIStAUOh1b6kqaBrTLIhjCpI5lJH8q8R8WNO"

    static let hmacVectors: [(payload: String, signature: String)] = [
        (
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
                + "&timestamp=1499827319559",
            "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
        ),
        (
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1&recvWindow=5000"
                + "&timestamp=1499827319559",
            "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"
        ),
        (
            "apiKey=\(apiKey)&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL"
                + "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT",
            "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24"
        ),
        (
            "apiKey=\(apiKey)&price=0.10000000&quantity=1.00000000&recvWindow=5000&side=BUY"
                + "&symbol=１２３４５６&timeInForce=GTC&timestamp=1645423376532&type=LIMIT",
            "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd"
        ),
    ]

    static let edVectors: [(payload: String, signature: String)] = [
        (
            ["A", "EXAMPLE", "SPOT", "1", "20240627-11:17:25.223"].joined(separator: "\u{1}"),
            "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA=="
        ),
        (
            "symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=0.2"
                + "&timestamp=1668481559918&recvWindow=5000",
            "inDT086KVIP8vgUfw5sV3VTkescWztiAGlf4x8FLKHM4NInsn0c1kYVLoGMO8cyjfR6vmTku2YQE0gtfVVlfCw=="
        ),
        (
            "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=SELL&type=LIMIT"
                + "&timeInForce=GTC&quantity=1&price=0.2&timestamp=1668481559918&recvWindow=5000",
            "vECjNXSlVOz1DskXXQ866KhikKY8cxajBXKAU0COlYYemqEr45TXiRS/jNB3LyHHh48pu7z2S6pTFhmhWNRBBw=="
        ),
        (
            "apiKey=\(edKey)&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL"
                + "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT",
            "82wlF5RobwT7JZehRQgOaupNEm5GrAqJj5tqZeCCE6ZxkhlUbWBThOx00q3FVnCKn882P+9p85phztjk4bOMAQ=="
        ),
        (
            "apiKey=\(edKey)&timestamp=1649729878532",
            "cGkloHLHGGNbrduoWDYBlzIPwRHyDVYVfCE0rDkPwKdKedurBgm2JNWRkwloQDBFG6Mcloavo1siYfEtZbV/Ag=="
        ),
    ]

    @Test(arguments: Self.hmacVectors.indices)
    func `HMAC signatures equal the published ones`(index: Int) throws {
        let (payload, wanted) = Self.hmacVectors[index]
        let signer = try RequestSigner.hmac(secret: Self.secret)
        for _ in 0..<3 {
            let signature = signer.signature(of: payload)
            #expect(signature == wanted)
        }
    }

    @Test(arguments: Self.edVectors.indices)
    func `Ed25519 signatures equal the published ones`(index: Int) throws {
        let (payload, wanted) = Self.edVectors[index]
        let seed = Data(
            [
                0x82, 0x44, 0x61, 0x6B, 0x46, 0x06, 0xB8, 0x40, 0x0A, 0x66, 0xFD, 0x0E, 0xFC, 0xBE,
                0xA9, 0xAF,
                0x16, 0x11, 0xFD, 0x25, 0x40, 0xE9, 0x75, 0xB3, 0x80, 0x8B, 0x20, 0x00, 0x7D, 0x9B,
                0xCF, 0x6E,
            ])
        let pem = "-----BEGIN PRIVATE KEY-----\n\(Self.pkcs8)\n-----END PRIVATE KEY-----\n"
        for text in [Self.pkcs8, pem, seed.base64EncodedString()] {
            let signer = try RequestSigner.ed25519(key: text)
            for _ in 0..<3 {
                let signature = signer.signature(of: payload)
                #expect(signature == wanted)
            }
            let publicKey = signer.publicKey.map { String(format: "%02x", $0) }.joined()
            #expect(publicKey == "19420abfd752a565c15625e9da6eaf0086fc40c14960183214442c14996a800d")
        }
    }

    /// RFC 4231, test cases 1, 2, 3 and 6: short keys, long keys, keys that are hashed first.
    @Test func `HMAC agrees with OpenSSL's own for keys and messages of every length`() throws {
        for keyCount in [1, 20, 63, 64, 65, 131] {
            for messageCount in [0, 1, 55, 56, 63, 64, 65, 150, 1000] {
                let key = String(repeating: "k", count: keyCount)
                let message = String(repeating: "m", count: messageCount)
                var digest = [UInt8](repeating: 0, count: 32)
                var count: UInt32 = 0
                HMAC(
                    EVP_sha256(), key, Int32(keyCount), Array(message.utf8), messageCount, &digest,
                    &count)
                let signer = try RequestSigner.hmac(secret: key)
                let signature = signer.signature(of: message)
                #expect(signature == digest.map { String(format: "%02x", $0) }.joined())
            }
        }
    }

    @Test func `a signer that knows how messages begin signs all alike`() throws {
        let opening = String(repeating: "apiKey=", count: 24)
        for known in [0, 1, 63, 64, 65, 127, 128, 150, 168] {
            let plain = try RequestSigner.hmac(secret: Self.secret)
            let primed = try RequestSigner.hmac(secret: Self.secret)
            primed.prime(opening: String(opening.prefix(known)))
            for length in 0...(opening.count) {
                let message = String(opening.prefix(length))
                let first = plain.signature(of: message)
                let second = primed.signature(of: message)
                #expect(first == second, "\(known) known of \(length)")
                let other = plain.signature(of: "x" + message)
                let another = primed.signature(of: "x" + message)
                #expect(other == another, "\(known) known, another message")
            }
        }
    }

    /// Whatever has been told, in whatever order: a signature is that of the message.
    @Test func `openings of single messages change no signature`() throws {
        let seed: UInt64 = 5
        var random = SeededRandom(seed: seed)
        let plain = try RequestSigner.hmac(secret: Self.secret)
        let primed = try RequestSigner.hmac(secret: Self.secret)
        let key = "apiKey=" + String(repeating: "k", count: 64)
        primed.prime(opening: key)
        for step in 0..<2_000 {
            let opening = key + String(repeating: "\(random.next() % 3)", count: 70)
            if random.next() % 2 == 0 {
                let count = Int(random.next() % UInt64(opening.utf8.count + 1))
                let place = Int(random.next() % UInt64(RequestSigner.spareOpenings))
                Array(opening.utf8).withUnsafeBytes { bytes in
                    if let base = bytes.baseAddress { primed.prime(place, opening: base, count) }
                }
            }
            let message = String((opening + "&price=1").prefix(Int(random.next() % 150)))
            let wanted = plain.signature(of: message)
            let signature = primed.signature(of: message)
            #expect(signature == wanted, "seed \(seed), step \(step)")
        }
    }

    @Test func `texts that hold no usable key are refused without showing them`() {
        #expect(throws: SigningFailure.emptySecret) { _ = try RequestSigner.hmac(secret: "") }
        #expect(throws: SigningFailure.emptySecret) { _ = try RequestSigner.ed25519(key: "") }
        for text in [
            "not base64!", "AAAA", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ] {
            #expect(throws: SigningFailure.malformedKey) {
                _ = try RequestSigner.ed25519(key: text)
            }
        }
        // X25519 has the same shape and another purpose.
        let x25519 = "MC4CAQAwBQYDK2VuBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u"
        #expect(throws: SigningFailure.notEd25519) { _ = try RequestSigner.ed25519(key: x25519) }
        #expect(OpenSSLQueue.isEmpty)
    }

    @Test func `signing asks the C library for no memory`() throws {
        let message = Array(Self.hmacVectors[2].payload.utf8)
        var text = [UInt8](repeating: 0, count: RequestSigner.maximumTextCount)
        let hmac = try RequestSigner.hmac(secret: Self.secret)
        let ed25519 = try RequestSigner.ed25519(key: Self.pkcs8)
        func sign() {
            message.withUnsafeBytes { input in
                text.withUnsafeMutableBytes { output in
                    _ = hmac.signText(input.baseAddress!, input.count, into: output.baseAddress!)
                    _ = ed25519.signText(input.baseAddress!, input.count, into: output.baseAddress!)
                }
            }
        }
        sign()
        let before = copenssl_pool_read_statistics()
        for _ in 0..<100 { sign() }
        let after = copenssl_pool_read_statistics()
        #expect(after.libc_allocations == before.libc_allocations)
        #expect(after.libc_frees == before.libc_frees)
    }
}

/// The thread's queue of OpenSSL errors: a leftover would confuse the next TLS call.
enum OpenSSLQueue {
    static var isEmpty: Bool { ERR_peek_error() == 0 }
}
