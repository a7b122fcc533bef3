import MarketModel
import Testing

@testable import Emulator

/// Two exchanges that hear the same requests, one asked in JSON, one in binary.
final class EncodingPair {
    let text: DialectHarness
    let binary: DialectHarness
    private let textSession: SessionID
    private let binarySession: SessionID
    let reader = RecordReader(symbols: ["BTCUSDT", "ETHUSDT", "BNBUSDT"])
    static let options = "responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5"

    init() throws {
        var configuration = DialectHarness.configuration
        configuration.limits.ordersPerTenSeconds = 40
        text = try DialectHarness(configuration)
        binary = try DialectHarness(configuration)
        textSession = text.connect("/ws-api/v3?timeUnit=MICROSECOND")
        binarySession = binary.connect("/ws-api/v3?" + Self.options)
    }

    func send(_ method: String, _ parameters: String = "", key: String = "alice") {
        switch method {
        case "openOrders.status", "allOrders": reader.rows = .orders
        case "myTrades": reader.rows = .fills
        default: reader.rows = .other
        }
        text.api(method, parameters, on: textSession, key: key)
        binary.api(method, parameters, on: binarySession, key: key)
    }

    func advance(milliseconds: Int64) {
        text.advance(milliseconds: milliseconds)
        binary.advance(milliseconds: milliseconds)
    }

    /// The records of everything that has come since, by encoding.
    func take() -> (text: [[String]], binary: [[String]], frames: [String]) {
        let frames = text.take(textSession)
        return (
            frames.map { reader.account(text: $0) },
            binary.takeBinary(binarySession).map { reader.account(binary: $0) }, frames
        )
    }

    /// Nothing goes out as text on a binary connection.
    var hasTexts: Bool { !binary.take(binarySession).isEmpty }
}

struct BinaryAnswerTests {
    /// A request that an account might make, sensible or not.
    private struct Requests {
        var random: RandomSource
        var last = 0

        mutating func next() -> (method: String, parameters: String) {
            let id = "r-\(Int(random.below(max(last, 1))))"
            switch random.below(20) {
            case 0...7: return ("order.place", order())
            case 8: return ("order.cancel", #""symbol":"BTCUSDT","origClientOrderId":"\#(id)""#)
            case 9, 10:
                let mode = random.below(2) == 0 ? "STOP_ON_FAILURE" : "ALLOW_FAILURE"
                return (
                    "order.cancelReplace",
                    #""cancelReplaceMode":"\#(mode)","cancelOrigClientOrderId":"\#(id)","#
                        + order()
                )
            case 11: return ("order.status", #""symbol":"BTCUSDT","origClientOrderId":"\#(id)""#)
            case 12: return ("openOrders.status", random.below(2) == 0 ? "" : #""symbol":"BTCUSDT""#)
            case 13: return ("allOrders", #""symbol":"BTCUSDT""#)
            case 14: return ("myTrades", #""symbol":"BTCUSDT""#)
            case 15: return ("account.status", #""omitZeroBalances":true"#)
            case 16:
                return (
                    "order.amend.keepPriority",
                    #""symbol":"BTCUSDT","origClientOrderId":"\#(id)","newQty":"0.00050""#
                )
            case 17: return ("openOrders.cancelAll", #""symbol":"BTCUSDT""#)
            case 18: return ("orderList.place.oco", pair())
            default:
                return [
                    ("ping", ""), ("time", ""), ("account.rateLimits.orders", ""),
                    ("openOrderLists.status", ""), ("allOrderLists", ""),
                    ("session.subscriptions", ""), ("order.nonsense", ""),
                    ("depth", #""symbol":"BTCUSDT","limit":5"#),
                    ("account.commission", #""symbol":"BTCUSDT""#),
                    ("trades.recent", #""symbol":"BTCUSDT""#),
                    ("order.place", #""symbol":"NOSUCH""#),
                ][Int(random.below(11))]
            }
        }

        private mutating func order() -> String {
            last += 1
            let side = random.below(2) == 0 ? "BUY" : "SELL"
            let answer = ["ACK", "RESULT", "FULL"][Int(random.below(3))]
            let quantity = "0.00\(100 + random.below(800))"
            var text =
                #""symbol":"BTCUSDT","side":"\#(side)","newClientOrderId":"r-\#(last)","#
                + #""newOrderRespType":"\#(answer)","quantity":"\#(quantity)""#
            switch random.below(6) {
            case 0: text += #","type":"MARKET""#
            case 1:
                text += #","type":"STOP_LOSS_LIMIT","timeInForce":"GTC","price":"60000.00""#
                    + #","stopPrice":"60100.00""#
            case 2: text += #","type":"LIMIT_MAKER","price":"\#(price())""#
            default:
                let force = ["GTC", "GTC", "IOC", "FOK"][Int(random.below(4))]
                text += #","type":"LIMIT","timeInForce":"\#(force)","price":"\#(price())""#
            }
            return text
        }

        private mutating func pair() -> String {
            last += 1
            return #""symbol":"BTCUSDT","side":"SELL","quantity":"0.00100","aboveType":"LIMIT_MAKER","#
                + #""abovePrice":"70000.00","belowType":"STOP_LOSS","belowStopPrice":"50000.00","#
                + #""listClientOrderId":"r-\#(last)""#
        }

        private mutating func price() -> String { "\(61_700 + random.below(300)).\(random.below(90) + 10)" }
    }

    @Test func `random requests are answered alike in both encodings`() throws {
        let seed: UInt64 = 0xB1_4B
        let pair = try EncodingPair()
        var requests = Requests(random: RandomSource(seed: seed))
        pair.send("userDataStream.subscribe.signature")
        var answers = 0
        var kinds: Set<String> = []
        for round in 0..<3_000 {
            let (method, parameters) = requests.next()
            pair.send(method, parameters)
            if round % 5 == 0 { pair.advance(milliseconds: 100) }
            let (text, binary, frames) = pair.take()
            if text != binary {
                let index = zip(text, binary).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
                Issue.record(
                    """
                    seed \(seed) round \(round) \(method): \(text.count) and \(binary.count); \
                    \(index < frames.count ? frames[index] : "") \
                    \(index < text.count ? text[index] : []) \
                    \(index < binary.count ? binary[index] : [])
                    """)
                return
            }
            answers += text.count
            for record in text { kinds.insert(String(record[0].prefix(60)) + "\(record.count > 4)") }
        }
        #expect(!pair.hasTexts)
        #expect(answers > 3_000)
        #expect(kinds.count > 8, "\(kinds)")
    }

    @Test func `sessions and endings are told alike in both encodings`() throws {
        let pair = try EncodingPair()
        for method in ["session.logon", "userDataStream.subscribe", "session.status"] {
            pair.send(method, key: "carol")
        }
        pair.send("userDataStream.subscribe.signature")
        pair.send("userDataStream.unsubscribe", #""subscriptionId":0"#)
        pair.send("session.logout", key: "carol")
        pair.text.dialect.shutDown(now: pair.text.now)
        pair.binary.dialect.shutDown(now: pair.binary.now)
        let (text, binary, _) = pair.take()
        #expect(text.count == 8)
        #expect(text == binary)
    }

    @Test func `limits come with the time to wait in both encodings`() throws {
        let pair = try EncodingPair()
        for _ in 0..<80 { pair.send("account.status") }
        for _ in 0..<300 { pair.send("openOrders.status") }
        let (text, binary, _) = pair.take()
        #expect(text == binary)
        #expect(text.contains { $0[1] == "true 429" || $0[1] == "true 418" })
    }

    @Test func `the schema is agreed on when the connection opens`() throws {
        let harness = try DialectHarness()
        func refusal(_ options: String) -> RESTResponse? {
            let session = harness.dialect.open(client: 0, now: harness.now)
            return harness.dialect.upgrade(
                session, target: "/ws-api/v3?" + options, now: harness.now)
        }
        #expect(refusal("responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5") == nil)
        #expect(refusal("responseFormat=json") == nil)
        for options in [
            "responseFormat=sbe", "responseFormat=sbe&sbeSchemaId=2&sbeSchemaVersion=1",
            "responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=6",
            "responseFormat=sbe&sbeSchemaId=3", "responseFormat=xml",
            EncodingPair.options + "&responseFormat=json",
        ] {
            #expect(refusal(options)?.status == 400, "\(options)")
            #expect(refusal(options)?.text.hasPrefix("{\"code\":-1") == true, "an error in JSON")
        }
        // An older version is served with the newest, and a mark.
        let session = harness.connect(
            "/ws-api/v3?responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=4")
        harness.send(#"{"id":1,"method":"ping"}"#, on: session)
        let answer = try #require(harness.takeBinary(session).first)
        #expect(answer[6] == 5 && answer[8] == 1)
    }
}
