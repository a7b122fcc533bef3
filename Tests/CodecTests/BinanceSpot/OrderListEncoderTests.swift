import MarketModel
import Testing

@testable import Codec

/// Order lists and special terms on the wire (binance-spot.md, sections 8.1 and 8.3).
struct OrderListEncoderTests {
    private static let key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
    private static let time = Timestamp(milliseconds: 1_645_423_376_532)

    private static func order(
        _ type: OrderType, _ side: Side = .sell, price: Int64 = 0, stop: Int64 = 0,
        quantity: Int64 = 1_000_000, trailing: UInt16 = 0, iceberg: Int64 = 0,
        prevention: SelfTradePrevention = .venueDefault, timeInForce: TimeInForce? = nil,
        kind: RequestKind = .place, contingency: Contingency = .none, leg: UInt8 = 0,
        mayKeep: Bool = false, restriction: CancelRestriction = .none, cancelsAtLimit: Bool = false,
        strategy: StrategyIndex = .none
    ) -> OrderRequest {
        OrderRequest(
            kind: kind, requestID: 77,
            clientOrderID: ClientOrderID(epoch: 0x12, lane: 3, sequence: 0xABC0 + UInt32(leg)),
            replacedOrderID: ClientOrderID(epoch: 0x12, lane: 3, sequence: 0xABBB),
            instrument: InstrumentIndex(0), strategy: strategy, side: side, type: type,
            timeInForce: timeInForce ?? (type.takesTimeInForce ? .gtc : .none),
            price: Price(raw: price * 100_000_000), quantity: Quantity(raw: quantity),
            terms: SpecialTerms(
                stopPrice: Price(raw: stop * 100_000_000), trailingDelta: trailing,
                icebergQuantity: Quantity(raw: iceberg), selfTradePrevention: prevention),
            restriction: restriction, cancelsAtLimit: cancelsAtLimit, mayKeepReplaced: mayKeep,
            contingency: contingency, leg: leg, decisionTime: time)
    }

    private static func list(_ contingency: Contingency, _ legs: [OrderRequest]) -> [OrderRequest] {
        legs.enumerated().map { index, leg in
            var leg = leg
            leg.kind = .placeLeg
            leg.contingency = contingency
            leg.leg = UInt8(index)
            leg.clientOrderID = ClientOrderID(
                epoch: 0x12, lane: 3, sequence: 0xABC0 + UInt32(index))
            return leg
        }
    }

    /// The JSON text and the text to sign, of one order or of a list.
    private func encode(
        _ requests: [OrderRequest], _ access: RequestAccess = .session,
        strategyType: UInt32? = nil
    ) throws(EncodeFailure) -> (json: String, signing: String, key: Int) {
        let encoder = BinanceSpotOrderEncoder(
            instruments: Market().instruments, access: access, receiveWindow: 100,
            strategyType: strategyType)
        defer { encoder.deallocate() }
        let target = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer { target.deallocate() }
        func text(_ count: Int) -> String {
            String(decoding: UnsafeBufferPointer(start: target, count: count), as: UTF8.self)
        }
        let memory = UnsafeMutablePointer<OrderRequest>.allocate(capacity: requests.count)
        memory.initialize(from: requests, count: requests.count)
        defer { memory.deallocate() }
        let isList = requests[0].kind == .placeLeg
        let count =
            isList
            ? try encoder.encodeList(memory, time: Self.time, into: target)
            : try encoder.encode(requests[0], time: Self.time, into: target)
        let json = text(count)
        let key = encoder.keyOffset(target, count: count)
        let signed =
            isList
            ? try encoder.encodeListSigningText(memory, time: Self.time, into: target)
            : try encoder.encodeSigningText(requests[0], time: Self.time, into: target)
        return (json, text(signed), key)
    }

    @Test(
        arguments: [
            (
                order(.stopLoss, stop: 51_000),
                #""quantity":"0.01000","recvWindow":100,"side":"SELL","stopPrice":"51000.00","symbol":"BTCUSDT","timestamp":1645423376532,"type":"STOP_LOSS"}}"#
            ),
            (
                order(.takeProfitLimit, .buy, price: 50_500, stop: 51_000),
                #""price":"50500.00","quantity":"0.01000","recvWindow":100,"side":"BUY","stopPrice":"51000.00","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,"type":"TAKE_PROFIT_LIMIT"}}"#
            ),
            (
                order(.stopLossLimit, price: 50_500, trailing: 150, prevention: .decrement),
                #""price":"50500.00","quantity":"0.01000","recvWindow":100,"selfTradePreventionMode":"DECREMENT","side":"SELL","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,"trailingDelta":150,"type":"STOP_LOSS_LIMIT"}}"#
            ),
        ])
    func `places conditional orders`(request: OrderRequest, tail: String) throws {
        let head =
            #"{"id":77,"method":"order.place","params":{"newClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","#
        #expect(try encode([request]).json == head + tail)
    }

    @Test func `an iceberg says what it shows, a replacement what may fail`() throws {
        let text = try encode([
            Self.order(
                .limit, price: 52_000, iceberg: 200_000, kind: .cancelReplace, mayKeep: true)
        ]).json
        #expect(
            text
                == #"{"id":77,"method":"order.cancelReplace","params":{"cancelOrigClientOrderId":"ap-000012030000abbb","cancelReplaceMode":"ALLOW_FAILURE","icebergQty":"0.00200","newClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","price":"52000.00","quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,"type":"LIMIT"}}"#
        )
    }

    @Test(
        arguments: [
            (
                order(.limit, kind: .cancel, restriction: .onlyNew),
                #"order.cancel","params":{"cancelRestrictions":"ONLY_NEW","origClientOrderId":"ap-000012030000abc0","recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532}}"#
            ),
            (
                order(.limit, kind: .cancel, restriction: .onlyPartiallyFilled),
                #"order.cancel","params":{"cancelRestrictions":"ONLY_PARTIALLY_FILLED","origClientOrderId":"ap-000012030000abc0","recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532}}"#
            ),
            (
                order(
                    .limitMaker, price: 52_000, kind: .cancelReplace, restriction: .onlyNew,
                    cancelsAtLimit: true),
                #"order.cancelReplace","params":{"cancelOrigClientOrderId":"ap-000012030000abbb","cancelReplaceMode":"STOP_ON_FAILURE","cancelRestrictions":"ONLY_NEW","newClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","orderRateLimitExceededMode":"CANCEL_ONLY","price":"52000.00","quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timestamp":1645423376532,"type":"LIMIT_MAKER"}}"#
            ),
            // Of no meaning for these: not sent.
            (
                order(
                    .limitMaker, price: 52_000, restriction: .onlyNew, cancelsAtLimit: true),
                #"order.place","params":{"newClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","price":"52000.00","quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timestamp":1645423376532,"type":"LIMIT_MAKER"}}"#
            ),
        ])
    func `says which cancels are meant, and what is to be done at the limit of orders`(
        request: OrderRequest, tail: String
    ) throws {
        #expect(try encode([request]).json == #"{"id":77,"method":""# + tail)
        let (json, signing, _) = try encode(
            [request], .signed(apiKey: Self.key, signatureCount: 64))
        let names = signing.split(separator: "&").map { $0.prefix { $0 != "=" } }
        #expect(names.sorted() == names && json.contains("\"\(names[1])\""))
    }

    /// Strategies count from 0 here and from 1 there.
    @Test func `orders tell whose they are when they are to`() throws {
        let label = #","strategyId":3,"strategyType":1000042,"symbol""#
        for type in [OrderType.limit, .market, .stopLoss] {
            let own = Self.order(
                type, price: type == .limit ? 52_000 : 0, stop: type == .stopLoss ? 51_000 : 0,
                strategy: StrategyIndex(2))
            #expect(try encode([own], strategyType: 1_000_042).json.contains(label), "\(type)")
            #expect(try !encode([own]).json.contains("strategy"))
            var operators = own
            operators.strategy = .none
            #expect(try !encode([operators], strategyType: 1_000_042).json.contains("strategy"))
            let signing = try encode(
                [own], .signed(apiKey: Self.key, signatureCount: 64), strategyType: 1_000_042
            ).signing
            #expect(signing.contains("&strategyId=3&strategyType=1000042&symbol="))
        }
        let legs = Self.pair.map { leg in
            var own = leg
            own.strategy = StrategyIndex(0)
            return own
        }
        let list = try encode(legs, strategyType: 2_147_483_647).json
        #expect(list.contains(#""aboveStrategyId":1,"aboveStrategyType":2147483647,"aboveType""#))
        #expect(
            list.contains(#""belowStrategyId":1,"belowStrategyType":2147483647,"belowTimeInForce""#))
    }

    private static var pair: [OrderRequest] {
        list(
            .oneCancelsOther,
            [
                order(.limitMaker, price: 53_000),
                order(.stopLossLimit, price: 50_500, stop: 51_000),
            ])
    }

    private static var trigger: [OrderRequest] {
        list(
            .oneTriggersOther,
            [
                order(.limit, .buy, price: 52_000, prevention: .expireTaker),
                order(.stopLoss, stop: 51_000, quantity: 900_000),
            ])
    }

    private static var bracket: [OrderRequest] {
        list(
            .oneTriggersPair,
            [
                order(.limitMaker, .buy, price: 52_000),
                order(.takeProfit, stop: 53_000, quantity: 900_000),
                order(.stopLoss, quantity: 900_000, trailing: 100),
            ])
    }

    @Test func `a pair has a leg above and a leg below`() throws {
        #expect(
            try encode(Self.pair).json
                == #"{"id":77,"method":"orderList.place.oco","params":{"aboveClientOrderId":"ap-000012030000abc0","abovePrice":"53000.00","aboveType":"LIMIT_MAKER","belowClientOrderId":"ap-000012030000abc1","belowPrice":"50500.00","belowStopPrice":"51000.00","belowTimeInForce":"GTC","belowType":"STOP_LOSS_LIMIT","listClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","quantity":"0.01000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timestamp":1645423376532}}"#
        )
    }

    @Test func `a working order puts a pending one to work`() throws {
        #expect(
            try encode(Self.trigger).json
                == #"{"id":77,"method":"orderList.place.oto","params":{"listClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","pendingClientOrderId":"ap-000012030000abc1","pendingQuantity":"0.00900","pendingSide":"SELL","pendingStopPrice":"51000.00","pendingType":"STOP_LOSS","recvWindow":100,"selfTradePreventionMode":"EXPIRE_TAKER","symbol":"BTCUSDT","timestamp":1645423376532,"workingClientOrderId":"ap-000012030000abc0","workingPrice":"52000.00","workingQuantity":"0.01000","workingSide":"BUY","workingTimeInForce":"GTC","workingType":"LIMIT"}}"#
        )
    }

    @Test func `a working order puts a pair to work`() throws {
        #expect(
            try encode(Self.bracket).json
                == #"{"id":77,"method":"orderList.place.otoco","params":{"listClientOrderId":"ap-000012030000abc0","newOrderRespType":"ACK","pendingAboveClientOrderId":"ap-000012030000abc1","pendingAboveStopPrice":"53000.00","pendingAboveType":"TAKE_PROFIT","pendingBelowClientOrderId":"ap-000012030000abc2","pendingBelowTrailingDelta":100,"pendingBelowType":"STOP_LOSS","pendingQuantity":"0.00900","pendingSide":"SELL","recvWindow":100,"symbol":"BTCUSDT","timestamp":1645423376532,"workingClientOrderId":"ap-000012030000abc0","workingPrice":"52000.00","workingQuantity":"0.01000","workingSide":"BUY","workingType":"LIMIT_MAKER"}}"#
        )
    }

    /// What is signed is sorted, is what is sent, and the key is found wherever it stands.
    @Test func `lists are signed as they are sent`() throws {
        let access = RequestAccess.signed(apiKey: Self.key, signatureCount: 64)
        for legs in [Self.pair, Self.trigger, Self.bracket] {
            let (json, signing, offset) = try encode(legs, access)
            let names = signing.split(separator: "&").map { $0.split(separator: "=")[0] }
            #expect(names.map(String.init) == names.map(String.init).sorted(by: Self.byBytes))
            #expect(json.utf8.dropFirst(offset).starts(with: Self.key.utf8))
            for pair in signing.split(separator: "&") {
                let parts = pair.split(separator: "=")
                #expect(
                    json.contains("\"\(parts[0])\":\"\(parts[1])\"")
                        || json.contains("\"\(parts[0])\":\(parts[1])"))
            }
            #expect(json.hasSuffix("\"signature\":\"\(String(repeating: "0", count: 64))\"}}"))
        }
    }

    private static func byBytes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    @Test func `the longest list fits the buffer`() throws {
        var instrument = Market().instruments[0]
        instrument.symbol = Market.name("ABCDEFGHIJKLMNOPQRSTUVW")
        instrument.priceDecimals = 8
        instrument.quantityDecimals = 8
        let encoder = BinanceSpotOrderEncoder(
            instruments: [instrument],
            access: .signed(apiKey: String(repeating: "k", count: 128), signatureCount: 128),
            receiveWindow: 60_000)
        defer { encoder.deallocate() }
        var legs = Self.list(
            .oneTriggersPair,
            Array(
                repeating: Self.order(
                    .takeProfitLimit, trailing: .max, prevention: .expireTaker), count: 3))
        for index in legs.indices {
            legs[index].requestID = .max
            legs[index].price = Price(raw: .max)
            legs[index].quantity = Quantity(raw: .max)
            legs[index].terms.stopPrice = Price(raw: .max)
            legs[index].terms.icebergQuantity = Quantity(raw: .max)
        }
        let target = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer { target.deallocate() }
        let count = try legs.withUnsafeBufferPointer { legs in
            try encoder.encodeList(
                #require(legs.baseAddress), time: Timestamp(nanoseconds: .max), into: target)
        }
        #expect(count + 8 <= BinanceSpotOrderEncoder.maximumCount)
    }
}
