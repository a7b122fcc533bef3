import Foundation
import MarketModel
import Testing

@testable import Codec

/// Damaged messages: never a trap, never an over-read (the memory is guarded), never a number that
/// is not in the text.
struct FuzzTests {
    private static let market = [
        #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}"#,
        #"{"e":"aggTrade","E":1672515782136,"s":"BNBBTC","a":12345,"p":"0.001","q":"100","f":100,"l":105,"T":1672515782136,"m":true,"M":true}"#,
        #"{"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}"#,
        #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":50093239203,"u":50093239207,"b":[["55653.87000000","0.00000000"]],"a":[["61838.04000000","0.32332000"],["61844.30000000","0.40163000"]]}}"#,
        #"{"stream":"nknusdt@kline_1m","data":{"e":"kline","E":1633998523963,"s":"NKNUSDT","k":{"t":1633998480000,"T":1633998539999,"s":"NKNUSDT","i":"1m","f":19862761,"L":19862790,"o":"0.35270000","c":"0.35280000","h":"0.35290000","l":"0.35220000","v":"25877.00000000","n":30,"x":false,"q":"9116.04600000","V":"58.00000000","Q":"20.46240000","B":"0"}}}"#,
        #"{"stream":"btcusdt@depth20@100ms","data":{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}}"#,
        #"{"result":null,"id":1}"#,
    ].map { Array($0.utf8) }

    private static let account = [
        #"{"subscriptionId":0,"event":{"e":"executionReport","E":1499405658658,"s":"ETHBTC","c":"ap-0000010000000001","S":"BUY","o":"LIMIT","f":"GTC","q":"1.00000000","p":"0.10264410","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"NEW","X":"NEW","r":"NONE","i":4293153,"l":"0.00000000","z":"0.00000000","L":"0.00000000","n":"0","N":null,"T":1499405658657,"t":-1,"v":3,"I":8641984,"w":true,"m":false,"M":false,"O":1499405658657,"Z":"0.00000000"}}"#,
        #"{"id":17,"status":200,"result":{"symbol":"BTCUSDT","orderId":12569099453,"clientOrderId":"ap-0000010000000001","transactTime":1660801715639},"rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50,"count":1}]}"#,
        #"{"id":4,"status":409,"error":{"code":-2021,"msg":"x","data":{"cancelResult":"SUCCESS","newOrderResult":"FAILURE","cancelResponse":{"orderId":1},"newOrderResponse":{"code":-2010,"msg":"y"}}}}"#,
        #"{"subscriptionId":0,"event":{"e":"outboundAccountPosition","E":1564034571105,"u":1564034571073,"B":[{"a":"ETH","f":"10000.000000","l":"0.000000"}]}}"#,
    ].map { Array($0.utf8) }

    @Test func `damaged market messages never trap, over-read or split the readers`() {
        let seed: UInt64 = 0xA9_05
        var random = SeededRandom(seed: seed)
        let reader = MarketReader(levelCapacity: 64)
        let bytes = GuardedBytes(capacity: 2_100)
        for _ in 0..<200_000 {
            let base = Self.market.randomElement(using: &random) ?? []
            let other = Self.market.randomElement(using: &random) ?? []
            let text = Mutation.mutate(base, with: other, &random)
            bytes.set(text)
            let frame = reader.decode(bytes)
            let levels = reader.levels(of: frame)
            let general = reader.general(bytes)
            if frame != general || levels != reader.levels(of: general) {
                Issue.record(
                    "seed \(seed): readers differ on \(String(decoding: text, as: UTF8.self))")
                return
            }
            if !isTrue(frame, to: text) {
                Issue.record("seed \(seed): \(frame) from \(String(decoding: text, as: UTF8.self))")
                return
            }
        }
    }

    @Test func `damaged account messages never trap or over-read`() throws {
        let seed: UInt64 = 0xA9_06
        var random = SeededRandom(seed: seed)
        let market = Market()
        defer { market.directory.deallocate() }
        let decoder = BinanceSpotAccountDecoder(directory: market.directory)
        let bytes = GuardedBytes(capacity: 2_100)
        var accepted = 0
        for _ in 0..<100_000 {
            let base = Self.account.randomElement(using: &random) ?? []
            let other = Self.account.randomElement(using: &random) ?? []
            let text = Mutation.mutate(base, with: other, &random)
            bytes.set(text)
            switch decoder.decode(bytes.start, bytes.count, receiveTime: .unknown) {
            case .balances(var rows):
                accepted += 1
                while let row = try rows.next() { #expect(row.asset != .none) }
            case .response(let response):
                accepted += 1
                _ = try? decoder.executionReport(of: response)
                if var rows = try? decoder.openOrders(of: response) { _ = try? rows.next() }
                if var rows = try? decoder.fills(of: response) { _ = try? rows.next() }
                _ = try? decoder.balances(of: response)
            case .malformed: break
            default: accepted += 1
            }
        }
        #expect(accepted > 1_000)
    }

    /// A record from a damaged text says what another JSON parser finds in that text.
    private func isTrue(_ frame: MarketFrame, to text: [UInt8]) -> Bool {
        let isRecord: Bool
        switch frame {
        case .trade, .top, .depth, .candle: isRecord = true
        default: isRecord = false
        }
        guard isRecord else { return true }
        guard let root = OtherParser.object(text) as? [String: Any] else { return false }
        let data = root["data"] as? [String: Any] ?? root
        switch frame {
        case .trade(let trade):
            return raw(data["p"]) == trade.price.raw && raw(data["q"]) == trade.quantity.raw
                && (data["m"] as? Bool) == (trade.aggressor == .sell)
        case .top(let top):
            return raw(data["b"]) == top.bidPrice.raw && raw(data["B"]) == top.bidQuantity.raw
                && raw(data["A"]) == top.askQuantity.raw
        case .depth(let header):
            let bids = data[header.isSnapshot ? "bids" : "b"] as? [[Any]]
            let asks = data[header.isSnapshot ? "asks" : "a"] as? [[Any]]
            return bids?.count == Int(header.bidCount) && asks?.count == Int(header.askCount)
        case .candle(let candle):
            let bar = data["k"] as? [String: Any]
            return raw(bar?["o"]) == candle.open.raw && raw(bar?["v"]) == candle.volume.raw
        default: return false
        }
    }

    private func raw(_ value: Any?) -> Int64? {
        if let text = value as? String { return try? parseDecimal(text, scale: 8) }
        guard let number = value as? NSNumber else { return nil }
        return try? parseDecimal("\(number)", scale: 8)
    }
}
