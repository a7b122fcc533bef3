import COpenSSL
import CRecordCrypto
import Testing

/// The simple 1-RTT handshake of RFC 8448 section 3, from its application traffic secrets on.
@Suite("RFC 8448")
struct RFC8448Tests {
    static let clientSecret = "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5"
    static let serverSecret = "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643"

    static let ticketRecord = """
        17 03 03 00 de 3a 6b 8f 90 41 4a 97 d6 95 9c 34 87 68 0d e5 13 4a 2b 24
        0e 6c ff ac 11 6e 95 d4 1d 6a f8 f6 b5 80 dc f3 d1 1d 63 c7 58 db 28 9a
        01 59 40 25 2f 55 71 3e 06 1d c1 3e 07 88 91 a3 8e fb cf 57 53 ad 8e f1
        70 ad 3c 73 53 d1 6d 9d a7 73 b9 ca 7f 2b 9f a1 b6 c0 d4 a3 d0 3f 75 e0
        9c 30 ba 1e 62 97 2a c4 6f 75 f7 b9 81 be 63 43 9b 29 99 ce 13 06 46 15
        13 98 91 d5 e4 c5 b4 06 f1 6e 3f c1 81 a7 7c a4 75 84 00 25 db 2f 0a 77
        f8 1b 5a b0 5b 94 c0 13 46 75 5f 69 23 2c 86 51 9d 86 cb ee ac 87 aa c3
        47 d1 43 f9 60 5d 64 f6 50 db 4d 02 3e 70 e9 52 ca 49 fe 51 37 12 1c 74
        bc 26 97 68 7e 24 87 46 d6 df 35 30 05 f3 bc e1 86 96 12 9c 81 53 55 6b
        3b 6c 67 79 b3 7b f1 59 85 68 4f
        """
    static let clientData = """
        17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea
        42 f9 14 aa 66 bc ab 3f 2b 98 19 a8 a5 b4 6b 39 5b d5 4a 9a 20 44 1e 2b
        62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6 3a ee bb 21 69 49 15 e4
        """
    static let serverData = """
        17 03 03 00 43 2e 93 7e 11 ef 4a c7 40 e5 38 ad 36 00 5f c4 a4 69 32 fc
        32 25 d0 5f 82 aa 1b 36 e3 0e fa f9 7d 90 e6 df fc 60 2d cb 50 1a 59 a8
        fc c4 9c 4b f2 e5 f0 a2 1c 00 47 c2 ab f3 32 54 0d d0 32 e1 67 c2 95 5d
        """
    static let clientAlert = """
        17 03 03 00 13 c9 87 27 60 65 56 66 b7 4d 7f f1 15 3e fd 6d b6 d0 b0 e3
        """
    static let serverAlert = """
        17 03 03 00 13 b5 8f d6 71 66 eb f5 99 d2 47 20 cf be 7e fa 7a 88 64 a9
        """

    private func traffic(_ secret: String) -> copenssl_traffic {
        var traffic = copenssl_traffic()
        let secret = bytes(secret)
        withUnsafeMutableBytes(of: &traffic.secret) { $0.copyBytes(from: secret) }
        traffic.secret_count = secret.count
        return traffic
    }

    private func keys(_ secret: String) -> (key: [UInt8], iv: [UInt8]) {
        var traffic = traffic(secret)
        var key = [UInt8](repeating: 0, count: 16)
        var iv = [UInt8](repeating: 0, count: 12)
        copenssl_traffic_key(&traffic, &key, key.count, &iv)
        return (key, iv)
    }

    @Test func `the traffic keys come from the secrets`() {
        #expect(keys(Self.clientSecret).key == bytes("17422dda596ed5d9acd890e3c63f5051"))
        #expect(keys(Self.clientSecret).iv == bytes("5b78923dee08579033e523d9"))
        #expect(keys(Self.serverSecret).key == bytes("9f02283b6c9c07efc26bb9f2ac92e356"))
        #expect(keys(Self.serverSecret).iv == bytes("cf782b88dd83549aadf1e984"))
    }

    @Test(arguments: implementations)
    func `the records come out`(implementation: Int32) throws {
        let payload = (0..<50).map { UInt8($0) }
        let closeNotify: [UInt8] = [1, 0]
        let cases: [(String, UInt64, UInt8, [UInt8], String)] = [
            (Self.clientSecret, 0, 23, payload, Self.clientData),
            (Self.clientSecret, 1, 21, closeNotify, Self.clientAlert),
            (Self.serverSecret, 1, 23, payload, Self.serverData),
            (Self.serverSecret, 2, 21, closeNotify, Self.serverAlert),
        ]
        let key = try #require(crecord_crypto_create(implementation))
        defer { crecord_crypto_destroy(key) }
        for (secret, sequence, type, content, wanted) in cases {
            let made = keys(secret)
            crecord_crypto_set(key, made.key, made.key.count, made.iv)
            var record = [UInt8](repeating: 0, count: content.count + 22)
            let slack = [UInt8](repeating: 0, count: Int(CRECORD_CRYPTO_SLACK))
            crecord_crypto_seal(key, sequence, content + slack, content.count, type, &record)
            #expect(record == bytes(wanted))
        }
        let ticket = bytes(Self.ticketRecord)
        let made = keys(Self.serverSecret)
        crecord_crypto_set(key, made.key, made.key.count, made.iv)
        var inner = [UInt8](repeating: 0, count: ticket.count)
        #expect(crecord_crypto_open(key, 0, ticket, ticket.count - 5, &inner) == 1)
        // A NewSessionTicket of 201 bytes, then its type.
        #expect(Array(inner.prefix(4)) == [4, 0, 0, 201])
        #expect(inner[205] == 22)
    }

    /// The next secrets are not in the RFC: one block of HKDF-Expand is an HMAC.
    @Test(arguments: [32, 48])
    func `the next secret is what OpenSSL makes of it`(count: Int) {
        var traffic = copenssl_traffic()
        let secret = (0..<count).map { UInt8($0 * 5 + 1) }
        withUnsafeMutableBytes(of: &traffic.secret) { $0.copyBytes(from: secret) }
        traffic.secret_count = count
        traffic.records = 77
        copenssl_traffic_renew(&traffic)
        let label = Array("tls13 traffic upd".utf8)
        let info = [0, UInt8(count), UInt8(label.count)] + label + [0, 1]
        var wanted = [UInt8](repeating: 0, count: count)
        let digest = count == 32 ? EVP_sha256() : EVP_sha384()
        HMAC(digest, secret, Int32(count), info, info.count, &wanted, nil)
        let renewed = withUnsafeBytes(of: &traffic.secret) { Array($0.prefix(count)) }
        #expect(renewed == wanted)
        #expect(traffic.records == 0)
    }
}
