import Testing

@testable import Emulator

/// Documented test vectors (sheet section 7).
@Suite("Signatures")
struct SignatureTests {
    static let secret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    static let key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"

    @Test(arguments: [
        (
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
            "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
        ),
        (
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
            "0FD168B8DDB4876A0358A8D14D0C9F3DA0E9B20C5D52B2A00FCF7D1C602F9A77"
        ),
    ])
    func `HMAC signatures in either case are accepted`(_ payload: String, _ signature: String) {
        let verifier = SignatureVerifier()
        let credential = AccountConfiguration.Credential.hmac(secret: Self.secret)
        #expect(verifier.isValid(credential, Array(payload.utf8), signature))
        #expect(!verifier.isValid(credential, Array((payload + "0").utf8), signature))
        #expect(!verifier.isValid(credential, Array(payload.utf8), String(signature.dropLast())))
    }

    @Test func `Ed25519 signatures are verified with the public key`() throws {
        let hexadecimal = "19420abfd752a565c15625e9da6eaf0086fc40c14960183214442c14996a800d"
        let publicKey = stride(from: 0, to: 64, by: 2).compactMap { offset -> UInt8? in
            let start = hexadecimal.index(hexadecimal.startIndex, offsetBy: offset)
            return UInt8(hexadecimal[start...].prefix(2), radix: 16)
        }
        let credential = AccountConfiguration.Credential.ed25519(publicKey: publicKey)
        let payload =
            "apiKey=4yNzx3yWC5bS6YTwEkSRaC0nRmSQIIStAUOh1b6kqaBrTLIhjCpI5lJH8q8R8WNO&timestamp=1649729878532"
        let signature =
            "cGkloHLHGGNbrduoWDYBlzIPwRHyDVYVfCE0rDkPwKdKedurBgm2JNWRkwloQDBFG6Mcloavo1siYfEtZbV/Ag=="
        let verifier = SignatureVerifier()
        #expect(verifier.isValid(credential, Array(payload.utf8), signature))
        #expect(!verifier.isValid(credential, Array(payload.utf8), "AAAA" + signature.dropFirst(4)))
        #expect(!verifier.isValid(credential, Array(payload.utf8), "nonsense"))
    }

    @Test func `the REST payload is query and body without the signature`() {
        let payload = ExchangeDialect.signedPayload(
            query: "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC",
            body: "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559&signature=abc")
        #expect(
            String(decoding: payload, as: UTF8.self)
                == "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1"
                + "&recvWindow=5000&timestamp=1499827319559")
    }

    @Test func `the WebSocket payload is sorted and keeps numbers as sent`() throws {
        let frame = try #require(
            JSONValue.parse(
                #"{"symbol":"BTCUSDT","side":"SELL","type":"LIMIT","timeInForce":"GTC","quantity":"0.01000000","price":"52000.00","recvWindow":100,"timestamp":1645423376532,"apiKey":"\#(Self.key)","signature":"x"}"#))
        let payload = ExchangeDialect.signedPayload(Parameters(frame))
        let credential = AccountConfiguration.Credential.hmac(secret: Self.secret)
        // Vector H4.
        #expect(
            SignatureVerifier().isValid(
                credential, payload,
                "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24"))
    }
}
