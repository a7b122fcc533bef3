import Foundation
import MarketModel
import Testing

@testable import Codec

/// The binary decoders with the levels and instruments of the text decoders' tests.
final class BinaryReaders {
    let texts = MarketReader()
    let market: BinanceSpotBinaryMarketDecoder
    let account: BinanceSpotBinaryAccountDecoder

    init() {
        market = BinanceSpotBinaryMarketDecoder(
            directory: texts.market.directory, levels: texts.levels, levelCapacity: 4_096)
        account = BinanceSpotBinaryAccountDecoder(directory: texts.market.directory)
    }

    func market(_ bytes: GuardedBytes) -> MarketFrame {
        market.decode(bytes.start, bytes.count, receiveTime: MarketReader.receiveTime)
    }

    func account(_ bytes: GuardedBytes) -> AccountFrame {
        account.decode(bytes.start, bytes.count, receiveTime: MarketReader.receiveTime)
    }

    /// One line for a market message.
    func describe(market message: [UInt8]) -> String {
        let bytes = GuardedBytes(capacity: message.count)
        bytes.set(message)
        return withExtendedLifetime(bytes) { texts.describe(market(bytes)) }
    }

    /// One line for a message of the WebSocket API.
    func describe(account message: [UInt8]) throws -> String {
        let bytes = GuardedBytes(capacity: message.count)
        bytes.set(message)
        return try withExtendedLifetime(bytes) { try AccountReader().describe(account(bytes)) }
    }

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }

    /// The examples that the sheet has built by hand (binance-spot.md, section 15).
    static let streamExamples = [
        "1200102701000000400eb64e353b0600140cb64e353b0600fefb19000200000001d3fb2f010000001cd1b40000000000dc050000000000000102d3fb2f010000001bd1b400000000001900000000000000010742544355534454",
        "3200112701000000400eb64e353b0600019a23ff10000000fefb1bd1b4000000000040e20100000000001cd1b4000000000007000000000000000742544355534454",
        "1200122701000000f075b64e353b0600289a23ff10000000fefb100002001bd1b4000000000040e201000000000010d1b4000000000050c3000000000000100001001cd1b4000000000007000000000000000742544355534454",
        "1a00132701000000f075b64e353b0600029a23ff10000000289a23ff10000000fefb100002001bd1b4000000000040e201000000000006d1b400000000000000000000000000100001001cd1b4000000000007000000000000000742544355534454",
    ].map(bytes)

    static let answerExamples = [
        "030032000300050000c80013000100020101701700000000000046000000000000000131100000000800660003000500400eb64e353b0600",
        "030032000300050000900113000000013756000000120064000300050026f80000000000000080000000000000008036004163636f756e742068617320696e73756666696369656e742062616c616e636520666f722072657175657374656420616374696f6e2e00000000",
    ].map(bytes)
}

struct BinaryFrameTests {
    private let readers = BinaryReaders()

    @Test func `the sheet's stream examples give their records`() {
        let described = BinaryReaders.streamExamples.map { readers.describe(market: $0) }
        #expect(
            described == [
                "trade BTCUSDT #5100000001 sell 0.01500000 at 118500.12000000 time 1753950000122; "
                    + "trade BTCUSDT #5100000002 sell 0.00025000 at 118500.11000000 time "
                    + "1753950000122",
                "top BTCUSDT #73000000001 1.23456000 at 118500.11000000 / 0.00007000 at "
                    + "118500.12000000",
                "snapshot BTCUSDT #73000000040...73000000040 time 0 bids [1.23456000 at "
                    + "118500.11000000, 0.50000000 at 118500.00000000] asks [0.00007000 at "
                    + "118500.12000000]",
                "diff BTCUSDT #73000000002...73000000040 time 1753950000150 bids [1.23456000 at "
                    + "118500.11000000, 0.00000000 at 118499.90000000] asks [0.00007000 at "
                    + "118500.12000000]",
            ])
    }

    @Test func `the sheet's answer examples give their records`() throws {
        let described = try BinaryReaders.answerExamples.map { try readers.describe(account: $0) }
        #expect(
            described == [
                "200 #1 accepted serverTime clock 1753950000123 weight 70",
                "400 #7 rejected none code -2010",
            ])
    }

    @Test func `an error's text is the venue's`() throws {
        let bytes = GuardedBytes(capacity: 200)
        bytes.set(BinaryReaders.answerExamples[1])
        guard case .response(let response) = readers.account(bytes) else {
            Issue.record("no answer")
            return
        }
        #expect(
            String(decoding: response.messageBytes, as: UTF8.self)
                == "Account has insufficient balance for requested action.")
        #expect(response.retryAfter == .unknown && response.serverTime == .unknown)
    }

    /// Real messages of an older version of the schema, whose execution report is a byte shorter.
    @Test(.enabled(if: SharedFiles.hasFrames, "needs ../shared/venues/frames"))
    func `captured messages give their records`() throws {
        var described: [String: String] = [:]
        for line in try SharedFiles.lines("sbe_wsapi_mainnet_capture.jsonl") {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            let name = try #require(object["name"])
            described[name] = try readers.describe(
                account: BinaryReaders.bytes(try #require(object["hex"])))
        }
        #expect(described == Self.captured)
    }

    private static let captured = [
        "execution_report_event_1.sbe":
            "new new BTCUSDT #12345678 own 0 buy limit gtc 0.00010000 at 60000.00000000 filled "
            + "0.00000000 for 0.00000000 exec 0 time 1700000000000 working",
        "execution_report_event_2.sbe":
            "canceled canceled BTCUSDT #12345678 own 0 buy limit gtc 0.00010000 at "
            + "60000.00000000 filled 0.00000000 for 0.00000000 exec 0 time 1700000000000",
        "outbound_account_position_event_1.sbe":
            "balances at 1700000000000 BTC 100000000+0 BNB 28+0 USDT 5000000000000+0",
        "outbound_account_position_event_2.sbe":
            "balances at 1700000000000 BTC 100000000+0 BNB 28+0 USDT 5000000000000+0",
        "web_socket_response_1.sbe":
            "200 #- accepted order order 59208788051 time 1773628230587 weight 15 orders 1/1",
        "web_socket_response_2.sbe":
            "200 #- accepted order order 59208788051 time 1773628233587 weight 16",
    ]

    @Test func `a longer block of a newer version is passed over`() {
        var newer = BinaryReaders.streamExamples[1]
        newer[0] += 3
        newer[6] = 9
        newer.insert(contentsOf: [1, 2, 3], at: 8 + 50)
        #expect(
            readers.describe(market: newer)
                == readers.describe(market: BinaryReaders.streamExamples[1]))
    }

    @Test func `longer entries of a newer version are passed over`() {
        let diff = BinaryReaders.streamExamples[3]
        // Head 8, block 26, then the bids' head: their entries grow by two bytes.
        var newer = Array(diff[..<34]) + [18, 0, 2, 0]
        newer += diff[38..<54] + [7, 7] + diff[54..<70] + [7, 7]
        newer += diff[70...]
        #expect(readers.describe(market: newer) == readers.describe(market: diff))
    }

    @Test func `what follows the known data of a newer version is passed over`() {
        for example in BinaryReaders.streamExamples {
            #expect(
                readers.describe(market: example + [1, 65])
                    == readers.describe(market: example))
        }
    }

    @Test func `every shorter message is malformed`() throws {
        for example in BinaryReaders.streamExamples {
            for count in 0..<example.count {
                #expect(
                    readers.describe(market: Array(example[..<count])).hasPrefix("malformed"),
                    "\(count)")
            }
        }
        for example in BinaryReaders.answerExamples {
            for count in 0..<example.count {
                #expect(
                    try readers.describe(account: Array(example[..<count]))
                        == "malformed truncated", "\(count)")
            }
        }
    }

    @Test func `another schema, message or symbol is told apart`() throws {
        var example = BinaryReaders.streamExamples[0]
        example[4] = 3
        #expect(readers.describe(market: example) == "malformed wrongSchema")
        example[4] = 1
        example[2] = 0x20
        #expect(readers.describe(market: example) == "ignored unrecognized")
        example = BinaryReaders.streamExamples[0]
        example[example.count - 1] = UInt8(ascii: "X")
        #expect(readers.describe(market: example) == "malformed unknownSymbol")
        #expect(try readers.describe(account: example) == "malformed wrongSchema")
        var answer = BinaryReaders.answerExamples[0]
        answer[2] = 0xE7
        answer[3] = 3
        #expect(try readers.describe(account: answer) == "unrecognized")
    }

    /// BUG-029: a number is exact or refused; and a null is no number.
    @Test(
        arguments: [
            (Int64(11_850_012), Int8(-2), 11_850_012_000_000 as Int64, nil),
            (12_345, -8, 12_345, nil), (12_340, -9, 1_234, nil), (12_345, -9, nil, .tooPrecise),
            (1, -128, nil, .tooPrecise), (0, -128, 0, nil), (0, 127, 0, nil),
            (1, 127, nil, .overflow), (1, 10, 1_000_000_000_000_000_000, nil),
            (10, 10, nil, .overflow), (.max, -8, .max, nil), (.max, -7, nil, .overflow),
            (-1, -8, nil, .invalidNumber), (.min, -8, nil, .invalidNumber),
        ] as [(Int64, Int8, Int64?, DecodeFailure?)])
    func `a mantissa fits or is refused`(
        mantissa: Int64, exponent: Int8, expected: Int64?, failure: DecodeFailure?
    ) {
        let scale = MantissaScale(exponent: exponent, scale: 8)
        do throws(DecodeFailure) {
            let value = try scale.magnitude(mantissa)
            #expect(value == expected && failure == nil)
        } catch {
            #expect(error == failure)
        }
    }
}
