import MarketModel
import Testing

@testable import Codec

struct OrderEncoderTests {
    private static let hmacKey = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
    private static let ed25519Key =
        "4yNzx3yWC5bS6YTwEkSRaC0nRmSQIIStAUOh1b6kqaBrTLIhjCpI5lJH8q8R8WNO"
    private static let time = Timestamp(milliseconds: 1_645_423_376_532)

    private static func request(
        _ kind: RequestKind = .place, side: Side = .sell, type: OrderType = .limit,
        timeInForce: TimeInForce = .gtc, price: Int64 = 5_200_000_000_000,
        quantity: Int64 = 1_000_000, quoteQuantity: Int64 = 0, instrument: UInt16 = 0
    ) -> OrderRequest {
        OrderRequest(
            kind: kind, requestID: 77,
            clientOrderID: ClientOrderID(epoch: 0x12, lane: 3, sequence: 0xABCD),
            replacedOrderID: ClientOrderID(epoch: 0x12, lane: 3, sequence: 0xABCC),
            instrument: InstrumentIndex(instrument), strategy: .none, side: side, type: type,
            timeInForce: timeInForce, price: Price(raw: price), quantity: Quantity(raw: quantity),
            terms: SpecialTerms(quoteQuantity: Price(raw: quoteQuantity)), decisionTime: time)
    }

    /// The JSON text and the text to sign.
    private func encode(
        _ request: OrderRequest, _ access: RequestAccess = .session, window: Int = 100,
        quantityDecimals: UInt8 = 8
    ) throws(EncodeFailure) -> (json: String, signing: String, offset: Int) {
        var instruments = Market().instruments
        for index in instruments.indices { instruments[index].quantityDecimals = quantityDecimals }
        let encoder = BinanceSpotOrderEncoder(
            instruments: instruments, access: access, receiveWindow: window)
        defer { encoder.deallocate() }
        let target = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer { target.deallocate() }
        func text(_ count: Int) -> String {
            String(decoding: UnsafeBufferPointer(start: target, count: count), as: UTF8.self)
        }
        let count = try encoder.encode(request, time: Self.time, into: target)
        let json = text(count)
        let signing = try encoder.encodeSigningText(request, time: Self.time, into: target)
        return (json, text(signing), encoder.signatureOffset(count: count))
    }

    @Test func `places a limit order on a logged-on session`() throws {
        #expect(
            try encode(Self.request()).json
                == #"{"id":77,"method":"order.place","params":{"newClientOrderId":"ap-000012030000abcd","newOrderRespType":"ACK","price":"52000.00","quantity":"0.01000000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,"type":"LIMIT"}}"#
        )
    }

    @Test(
        arguments: [
            (
                request(type: .limitMaker, timeInForce: .none),
                #""price":"52000.00","quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timestamp":1645423376532,"type":"LIMIT_MAKER"}}"#
            ),
            (
                request(side: .buy, timeInForce: .ioc),
                #""price":"52000.00","quantity":"0.01000","recvWindow":100,"side":"BUY","symbol":"BTCUSDT","timeInForce":"IOC","timestamp":1645423376532,"type":"LIMIT"}}"#
            ),
            (
                request(timeInForce: .fok, instrument: 3),
                #""price":"52000.00","quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"ETHBTC","timeInForce":"FOK","timestamp":1645423376532,"type":"LIMIT"}}"#
            ),
            (
                request(type: .market, timeInForce: .none),
                #""quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timestamp":1645423376532,"type":"MARKET"}}"#
            ),
            (
                request(
                    side: .buy, type: .market, timeInForce: .none, quoteQuantity: 12_345_678_900),
                #""quoteOrderQty":"123.45678900","recvWindow":100,"side":"BUY","symbol":"BTCUSDT","timestamp":1645423376532,"type":"MARKET"}}"#
            ),
        ])
    func `places each type of order with what it takes`(
        request: OrderRequest, tail: String
    ) throws {
        let head =
            #"{"id":77,"method":"order.place","params":{"newClientOrderId":"ap-000012030000abcd","newOrderRespType":"ACK","#
        #expect(try encode(request, quantityDecimals: 5).json == head + tail)
    }

    @Test(
        arguments: [
            (
                RequestKind.cancel,
                #"{"id":77,"method":"order.cancel","params":{"origClientOrderId":"ap-000012030000abcd","recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532}}"#
            ),
            (
                .query,
                #"{"id":77,"method":"order.status","params":{"origClientOrderId":"ap-000012030000abcd","recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532}}"#
            ),
            (
                .cancelAll,
                #"{"id":77,"method":"openOrders.cancelAll","params":{"recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532}}"#
            ),
            (
                .amend,
                #"{"id":77,"method":"order.amend.keepPriority","params":{"newClientOrderId":"ap-000012030000abcd","newQty":"0.01000000","origClientOrderId":"ap-000012030000abcd","recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532}}"#
            ),
            (
                .cancelReplace,
                #"{"id":77,"method":"order.cancelReplace","params":{"cancelOrigClientOrderId":"ap-000012030000abcc","cancelReplaceMode":"STOP_ON_FAILURE","newClientOrderId":"ap-000012030000abcd","newOrderRespType":"ACK","price":"52000.00","quantity":"0.01000000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,"type":"LIMIT"}}"#
            ),
        ])
    func `writes the other kinds of request`(kind: RequestKind, text: String) throws {
        #expect(try encode(Self.request(kind)).json == text)
    }

    /// The sheet's vectors H4 and E4 are this text without the two parameters that it lacks.
    @Test(arguments: [(hmacKey, 64), (ed25519Key, 88)])
    func `the text to sign has the form of the documented vectors`(
        key: String, count: Int
    ) throws {
        let access = RequestAccess.signed(apiKey: key, signatureCount: count)
        let signing = try encode(Self.request(), access).signing
        let ours = "newClientOrderId=ap-000012030000abcd&newOrderRespType=ACK&"
        #expect(signing.contains("&" + ours))
        var parts = signing.split(separator: "&")
        #expect(parts.sorted() == parts)
        parts.removeAll { $0.hasPrefix("new") }
        #expect(
            parts.joined(separator: "&")
                == "apiKey=\(key)&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL"
                + "&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT")
    }

    @Test func `leaves the place of the signature at the end`() throws {
        let access = RequestAccess.signed(apiKey: Self.hmacKey, signatureCount: 64)
        for kind in [RequestKind.place, .cancel, .cancelReplace, .cancelAll, .query, .amend] {
            let (json, _, offset) = try encode(Self.request(kind), access)
            let bytes = Array(json.utf8)
            #expect(bytes[offset..<(offset + 64)].allSatisfy { $0 == UInt8(ascii: "0") })
            #expect(String(decoding: bytes[..<offset], as: UTF8.self).hasSuffix(#","signature":""#))
            #expect(String(decoding: bytes[(offset + 64)...], as: UTF8.self) == #""}}"#)
            #expect(json.contains(#""params":{"apiKey":"\#(Self.hmacKey)","#))
        }
    }

    /// What is signed is what is sent: the JSON parameters, rewritten, are the signed text.
    @Test func `the signed text and the JSON hold the same parameters`() throws {
        let access = RequestAccess.signed(apiKey: Self.ed25519Key, signatureCount: 88)
        for kind in [RequestKind.place, .cancel, .cancelReplace, .cancelAll, .query, .amend] {
            let (json, signing, _) = try encode(Self.request(kind), access)
            let bytes = GuardedBytes(json)
            var scanner = JSONScanner(bytes.start, bytes.count)
            var members: [String] = []
            var inner = try JSONScanner(try scanner.value().member("params"))
            try inner.enterObject()
            while let key = try inner.nextKey() {
                let value = try inner.value()
                let text = try value.string ?? String(value.integer())
                members.append("\(key.string ?? "")=\(text)")
            }
            #expect(members.removeLast().hasPrefix("signature="))
            #expect(members.joined(separator: "&") == signing)
        }
    }

    @Test(
        arguments: [
            (request(instrument: 99), EncodeFailure.unknownInstrument),
            (request(price: 5_200_000_000_001), .unprintablePrice),
            (request(price: 0), .unprintablePrice),
            (request(price: -1_000_000), .unprintablePrice),
            (request(quantity: 1), .unprintableQuantity),
            (request(quantity: 0), .unprintableQuantity),
            (request(type: .market, timeInForce: .none, quantity: 0), .unprintableQuantity),
            (request(timeInForce: .none), .unsupportedOrder),
            (request(.placeLeg), .unsupportedOrder),
            (request(.amend, quantity: 0), .unprintableQuantity),
        ])
    func `refuses what it would have to guess or round`(
        request: OrderRequest, reason: EncodeFailure
    ) {
        #expect(throws: reason) { try encode(request, quantityDecimals: 5) }
    }

    @Test func `the longest text fits the buffer`() throws {
        var instrument = Market().instruments[0]
        instrument.symbol = Market.name("ABCDEFGHIJKLMNOPQRSTUVW")
        instrument.priceDecimals = 8
        instrument.quantityDecimals = 8
        let encoder = BinanceSpotOrderEncoder(
            instruments: [instrument],
            access: .signed(apiKey: String(repeating: "k", count: 128), signatureCount: 128),
            receiveWindow: 60_000)
        defer { encoder.deallocate() }
        var request = Self.request(.cancelReplace, price: .max, quantity: .max)
        request.requestID = .max
        let target = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer { target.deallocate() }
        let count = try encoder.encode(
            request, time: Timestamp(nanoseconds: .max), into: target)
        #expect(count + 8 <= BinanceSpotOrderEncoder.maximumCount)
    }
}
