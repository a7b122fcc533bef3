import MarketModel
import Testing

@testable import Codec

/// The two readers of market messages must agree wherever the fast one accepts.
struct MarketDifferentialTests {
    private let reader = MarketReader()

    @Test(.enabled(if: SharedFiles.hasFrames, "needs ../shared/venues/frames"))
    func `both readers give the same records on every frame file`() throws {
        var accepted = 0
        for file in SharedFiles.frameFiles {
            for line in try SharedFiles.lines(file) where compare(line, file) { accepted += 1 }
        }
        // All documented market messages but those with fields that no longer exist.
        #expect(accepted >= 240)
    }

    @Test(
        .enabled(if: SharedFiles.hasCaptures, "needs ../shared/data/ws and zcat"),
        arguments: SharedFiles.spotCaptures)
    func `every captured message takes the fast reader and both agree`(capture: String) throws {
        let text = try SharedFiles.unpacked(capture)
        let message = GuardedBytes(capacity: 1 << 17)
        var counts = (trades: 0, tops: 0, diffs: 0, snapshots: 0, others: 0)
        var lastTrade: Int64 = 0
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let space = try #require(line.firstIndex(of: UInt8(ascii: " ")))
            message.set(Array(line[(space + 1)...]))
            let fast = try #require(
                reader.fast(message), "not taken: \(String(decoding: line, as: UTF8.self))")
            let levels = reader.levels(of: fast)
            let general = reader.general(message)
            if fast != general || levels != reader.levels(of: general) {
                Issue.record("readers differ: \(String(decoding: line, as: UTF8.self))")
                return
            }
            switch fast {
            case .trade(let trade):
                counts.trades += 1
                #expect(lastTrade == 0 || trade.id.raw == lastTrade + 1)
                lastTrade = trade.id.raw
            case .top: counts.tops += 1
            case .depth(let header):
                if header.isSnapshot { counts.snapshots += 1 } else { counts.diffs += 1 }
            default: counts.others += 1
            }
        }
        // The counts that ../shared/data/README.md states.
        let expected = [
            "binance_spot_btcusdt_20240808.jsonl.gz": (9_757, 28_040, 3_451, 1, 0),
            "binance_spot_btcusdt_20240809.jsonl.gz": (10_147, 45_134, 3_044, 0, 0),
        ]
        if let stated = expected[capture] { #expect(counts == stated) }
    }

    @Test func `shuffled keys give the same record as the documented order`() {
        let messages = [
            #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}"#,
            #"{"e":"aggTrade","E":1672515782136,"s":"BNBBTC","a":12345,"p":"0.001","q":"100","f":100,"l":105,"T":1672515782136,"m":true,"M":true}"#,
            #"{"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}"#,
            #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":50093239203,"u":50093239207,"b":[["55653.87000000","0.00000000"]],"a":[["61838.04000000","0.32332000"],["61844.30000000","0.40163000"]]}}"#,
            #"{"stream":"nknusdt@kline_1m","data":{"e":"kline","E":1633998523963,"s":"NKNUSDT","k":{"t":1633998480000,"T":1633998539999,"s":"NKNUSDT","i":"1m","f":19862761,"L":19862790,"o":"0.35270000","c":"0.35280000","h":"0.35290000","l":"0.35220000","v":"25877.00000000","n":30,"x":false,"q":"9116.04600000","V":"58.00000000","Q":"20.46240000","B":"0"}}}"#,
            #"{"stream":"btcusdt@depth20@100ms","data":{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}}"#,
        ]
        let seed: UInt64 = 11
        var random = SeededRandom(seed: seed)
        for message in messages {
            let bytes = GuardedBytes(message)
            let expected = reader.fast(bytes)
            let levels = expected.map { reader.levels(of: $0) }
            #expect(expected != nil, "\(message)")
            for _ in 0..<200 {
                let shuffled = Shuffler.shuffle(message, &random)
                let found = reader.decode(shuffled)
                #expect(found == expected, "seed \(seed): \(shuffled)")
                #expect(reader.levels(of: found) == levels, "seed \(seed): \(shuffled)")
            }
        }
    }

    /// Whether the fast reader took the line; records an issue where the readers differ.
    private func compare(_ line: String, _ file: String) -> Bool {
        let bytes = GuardedBytes(line)
        guard let fast = reader.fast(bytes) else { return false }
        let levels = reader.levels(of: fast)
        let general = reader.general(bytes)
        #expect(fast == general, "\(file): \(line)")
        #expect(levels == reader.levels(of: general), "\(file): \(line)")
        return true
    }
}

/// Rewrites objects with their members in another order and spaces between tokens.
enum Shuffler {
    static func shuffle(_ text: String, _ random: inout SeededRandom) -> String {
        let bytes = GuardedBytes(text)
        var scanner = JSONScanner(bytes.start, bytes.count)
        return (try? rewrite(scanner.value(), &random)) ?? text
    }

    private static func rewrite(
        _ value: JSONValue, _ random: inout SeededRandom
    ) throws -> String {
        switch value.kind {
        case .object:
            var members: [String] = []
            var scanner = try JSONScanner(value)
            try scanner.enterObject()
            while let key = try scanner.nextKey() {
                let text = try rewrite(scanner.value(), &random)
                members.append("\"\(key.string ?? "")\"\(space(&random)):\(space(&random))\(text)")
            }
            members.append("\"unknownKey\":{\"a\":[1,null,{\"b\":\"c\"}]}")
            return "{\(members.shuffled(using: &random).joined(separator: ",\(space(&random))"))}"
        case .string:
            return "\"\(value.string ?? "")\""
        default:
            guard let start = value.start else { return "" }
            return String(
                decoding: UnsafeBufferPointer(start: start, count: value.count), as: UTF8.self)
        }
    }

    private static func space(_ random: inout SeededRandom) -> String {
        ["", "", " ", "\n", "\t "].randomElement(using: &random) ?? ""
    }
}
