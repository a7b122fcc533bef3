import MarketModel
import Testing

@testable import Emulator

/// Whatever clients or captures contain, the exchange answers or ignores; it never traps.
@Suite("Dialect robustness")
struct DialectRobustnessTests {
    static let seeds: [UInt64] = [21, 22]

    static let frames = [
        #"{"id":1,"method":"order.place","params":{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.01","price":"60000.00","apiKey":"alice","timestamp":1723161253000,"signature":"good"}}"#,
        #"{"id":"x","method":"order.cancelReplace","params":{"symbol":"BTCUSDT","side":"SELL","type":"MARKET","quoteOrderQty":"9223372036854775807","cancelReplaceMode":"ALLOW_FAILURE","cancelOrderId":-9223372036854775808,"apiKey":"alice","timestamp":1723161253000,"signature":"good"}}"#,
        #"{"id":null,"method":"klines","params":{"symbol":"BTCUSDT","interval":"1M","startTime":-9223372036854775808,"endTime":9223372036854775807,"limit":1000}}"#,
        #"{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@kline_1M"],"id":312}"#,
        #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":9,"u":11,"b":[["92233720368.54775807","92233720368.54775807"]],"a":[["0.00000001","1"]]}}"#,
        #"{"u":99,"s":"BTCUSDT","b":"1.0","B":"2.0","a":"3.0","A":"4.0"}"#,
    ]

    /// Flips, cuts, repeats and inserts bytes.
    private func mutated(_ text: String, _ random: inout RandomSource) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<(1 + random.below(4)) where !bytes.isEmpty {
            let index = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.removeSubrange(index..<min(index + 1 + random.below(8), bytes.count))
            case 2: bytes.insert(contentsOf: bytes[index...].prefix(random.below(20)), at: index)
            case 3: bytes.insert(UInt8(ascii: "9"), at: index)
            default: bytes = Array(bytes.prefix(index))
            }
        }
        return bytes
    }

    @Test(arguments: seeds)
    func `mutated frames and requests are answered or ignored`(_ seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var configuration = DialectHarness.configuration
        configuration.limits.requestWeightPerMinute = 1_000_000_000
        configuration.limits.streamMessagesPerSecond = 1_000_000_000
        let harness = try DialectHarness(configuration)
        let sessions = [harness.connect("/ws-api/v3"), harness.connect("/stream")]
        for step in 0..<4_000 {
            let bytes = mutated(Self.frames[random.below(Self.frames.count)], &random)
            let session = sessions[random.below(2)]
            bytes.withUnsafeBytes {
                harness.dialect.receive($0, on: session, now: harness.now)
            }
            let target = mutated(
                "order?symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=60000",
                &random)
            _ = harness.rest("POST", String(decoding: target, as: UTF8.self), key: "alice")
            if step % 500 == 0 { harness.advance(milliseconds: 100) }
        }
        #expect(!harness.take(sessions[0]).isEmpty)
        #expect(harness.rest("GET", "ping").text == "{}", "seed \(seed)")
    }

    @Test(arguments: seeds)
    func `mutated captures never bring the replayed book down`(_ seed: UInt64) {
        var random = RandomSource(seed: seed)
        let book = ReplayedBook(lotSize: Quantity(raw: 1_000))
        book.apply(
            snapshot: DepthDiff(firstUpdateID: 1, lastUpdateID: 1, bids: [], asks: []))
        for step in 0..<20_000 {
            let bytes = mutated(Self.frames[4 + random.below(2)], &random)
            bytes.withUnsafeBytes { message in
                let payload = FramedPayload(message)?.payload ?? message
                switch CaptureFrame.parse(payload) {
                case .bookTicker(let updateID, let top)?:
                    book.apply(ticker: top, updateID: updateID)
                case .depth(let diff, _)?: book.apply(diff: diff)
                case .trade(let trade)?: book.apply(trade: trade)
                case .snapshot(let levels)?: book.apply(snapshot: levels)
                case nil: break
                }
            }
            guard step % 50 == 0 else { continue }
            _ = book.place(
                IncomingOrder(
                    id: Int64(step + 1), account: AccountIndex(1),
                    side: random.below(2) == 0 ? .buy : .sell, type: .limit, timeInForce: .gtc,
                    price: Price(raw: Int64(random.below(1_000)) * Money.unit + 1),
                    quantity: Quantity(raw: 1_000_000)))
        }
    }
}
