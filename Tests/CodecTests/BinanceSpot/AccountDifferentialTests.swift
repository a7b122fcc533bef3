import MarketModel
import Testing

@testable import Codec

/// The fast reader of execution reports and the general one must agree wherever the fast one accepts.
struct AccountDifferentialTests {
    private let reader = AccountReader()

    /// The documents' report with random values, as the venue prints them.
    private func report(_ random: inout SeededRandom) -> String {
        func decimal() -> String {
            let whole = Int.random(in: 0...Int.random(in: 1...9_999_999, using: &random), using: &random)
            let fraction = String(Int.random(in: 100_000_000...199_999_999, using: &random))
            return "\(whole).\(fraction.dropFirst())"
        }
        func number(_ most: Int64 = 9_999_999_999) -> Int64 { .random(in: 0...most, using: &random) }
        func pick(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
        let ours = ClientOrderID(raw: UInt64(number())).text
        let id = pick([ours, "web_3f2a", "x-R4BD3S82"])
        let isTrade = Bool.random(using: &random)
        let time = 1_499_405_658_657 + number(1_000_000)
        var text = #"{"subscriptionId":\#(number(9)),"event":{"e":"executionReport","E":\#(time)"#
        text += #","s":"\#(pick(Market.symbols))","c":"\#(id)","S":"\#(pick(["BUY", "SELL"]))""#
        text += #","o":"\#(pick(["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS"]))""#
        text += #","f":"\#(pick(["GTC", "IOC", "FOK"]))","q":"\#(decimal())","p":"\#(decimal())""#
        text += #","P":"0.00000000","F":"\#(decimal())","g":\#(pick(["-1", "7"]))"#
        text += #","C":"\#(pick(["", ours]))""#
        text += #","x":"\#(pick(["NEW", "TRADE", "CANCELED", "EXPIRED", "REPLACED"]))""#
        text += #","X":"\#(pick(["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED", "EXPIRED"]))""#
        text += #","r":"NONE","i":\#(number()),"l":"\#(decimal())","z":"\#(decimal())""#
        text += #","L":"\#(decimal())","n":"\#(isTrade ? decimal() : "0")""#
        text += #","N":\#(isTrade ? "\"\(pick(Market.assets))\"" : "null"),"T":\#(time)"#
        text += #","t":\#(isTrade ? "\(number())" : "-1")\#(pick(["", "", #","v":3"#]))"#
        text += #","I":\#(number()),"w":\#(pick(["true", "false"])),"m":\#(pick(["true", "false"]))"#
        text += #","M":false,"O":\#(time),"Z":"\#(decimal())","Y":"\#(decimal())""#
        text += #","Q":"0.00000000"\#(pick(["", #","W":\#(time)"#]))"#
        text += #","V":"\#(pick(["NONE", "EXPIRE_MAKER"]))"\#(pick(["", "", #","eR":"OCO_TRIGGER""#]))}}"#
        return text
    }

    private func compare(_ bytes: GuardedBytes, _ seed: UInt64) -> Bool {
        let time = MarketReader.receiveTime
        var frame = AccountFrame.unrecognized
        guard
            reader.decoder.decodeInDocumentedOrder(
                bytes.start, bytes.count, receiveTime: time, into: &frame),
            case .execution(let fast) = frame
        else { return false }
        let general = reader.decoder.decodeInAnyOrder(bytes.start, bytes.count, receiveTime: time)
        guard case .execution(let report) = general, report == fast else {
            let text = String(
                decoding: UnsafeBufferPointer(start: bytes.start, count: bytes.count),
                as: UTF8.self)
            Issue.record("seed \(seed): the readers differ on \(text)")
            return true
        }
        return true
    }

    @Test func `random reports are read alike, almost all by the fast reader`() {
        let seed: UInt64 = 41
        var random = SeededRandom(seed: seed)
        let bytes = GuardedBytes(capacity: 4_096)
        var taken = 0
        for _ in 0..<20_000 {
            let text = report(&random)
            bytes.set(Array(text.utf8))
            if compare(bytes, seed) { taken += 1 }
        }
        // Four in ten have a stop, a prevented match, an amendment or an expiry's reason in them.
        #expect(taken > 4_000 && taken < 12_000, "\(taken)")
    }

    @Test func `damaged reports are read alike or refused`() {
        let seed: UInt64 = 42
        var random = SeededRandom(seed: seed)
        let bytes = GuardedBytes(capacity: 4_096)
        for _ in 0..<40_000 {
            let text = Array(report(&random).utf8)
            let other = Array(report(&random).utf8)
            bytes.set(Mutation.mutate(text, with: other, &random))
            _ = compare(bytes, seed)
        }
    }

    /// The sheet's example.
    @Test func `the documented report takes the fast reader`() {
        let text =
            #"{"subscriptionId":0,"event":{"e":"executionReport","E":1499405658658,"s":"ETHBTC","c":"mUvoqJxFIILMdfAW5iGSOW","S":"BUY","o":"LIMIT","f":"GTC","q":"1.00000000","p":"0.10264410","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"NEW","X":"NEW","r":"NONE","i":4293153,"l":"0.00000000","z":"0.00000000","L":"0.00000000","n":"0","N":null,"T":1499405658657,"t":-1,"v":3,"I":8641984,"w":true,"m":false,"M":false,"O":1499405658657,"Z":"0.00000000","Y":"0.00000000","Q":"0.00000000","W":1499405658657,"V":"NONE"}}"#
        #expect(compare(GuardedBytes(text), 0))
    }
}
