import Codec
import MarketModel
import Testing

@testable import Simulation

@Suite("Faults in binary messages")
struct BinaryMessagesTests {
    /// Little-endian bytes of a number.
    private static func bytes(_ value: Int64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
    }

    private static func header(_ length: Int64, _ template: Int64) -> [UInt8] {
        bytes(length, 2) + bytes(template, 2) + bytes(1, 2) + bytes(0, 2)
    }

    private static let symbol: [UInt8] = [7] + Array("BTCUSDT".utf8)

    /// 61,000.5 to 61,001 in units of 0.1, quantities in units of 0.001.
    private static let top =
        header(50, 10_001) + bytes(1_790_000_000_000_000, 8) + bytes(77, 8) + bytes(-1, 1)
        + bytes(-3, 1) + bytes(610_005, 8) + bytes(1_500, 8) + bytes(610_010, 8) + bytes(2, 8)
        + symbol

    /// Updates 70 to 77: a bid and two asks.
    private static let diff =
        header(26, 10_003) + bytes(1_790_000_000_000_000, 8) + bytes(70, 8) + bytes(77, 8)
        + bytes(-1, 1) + bytes(-3, 1)
        + bytes(16, 2) + bytes(1, 2) + bytes(610_005, 8) + bytes(1_500, 8)
        + bytes(16, 2) + bytes(2, 2) + bytes(610_010, 8) + bytes(2, 8) + bytes(610_020, 8)
        + bytes(0, 8) + symbol

    /// What the engine's decoder makes of a message.
    private final class Reader {
        private let levels = UnsafeMutablePointer<BookLevel>.allocate(capacity: 64)
        private let directory: InstrumentDirectory
        private let decoder: BinanceSpotBinaryMarketDecoder

        init() throws {
            let instrument = Instrument(
                symbol: try #require(ShortName("BTCUSDT")), base: try #require(ShortName("BTC")),
                quote: try #require(ShortName("USDT")), index: InstrumentIndex(0),
                baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1))
            directory = InstrumentDirectory(instruments: [instrument])
            decoder = BinanceSpotBinaryMarketDecoder(
                directory: directory, levels: levels, levelCapacity: 64)
        }

        deinit {
            levels.deallocate()
            directory.deallocate()
        }

        func read(_ message: [UInt8]) -> MarketFrame {
            // Behind a message more is readable.
            let padded = message + [UInt8](repeating: 0xAA, count: 64)
            return padded.withUnsafeBufferPointer { text in
                text.baseAddress.map {
                    decoder.decode($0, message.count, receiveTime: .unknown)
                } ?? .ignored(.unrecognized)
            }
        }

        /// The levels of a diff, bids first; `nil` for any other message.
        func diff(_ message: [UInt8]) -> [BookLevel]? {
            guard case .depth(let header) = read(message) else { return nil }
            return (0..<Int(header.bidCount + header.askCount)).map { levels[$0] }
        }

        func isMalformed(_ message: [UInt8]) -> Bool {
            if case .malformed = read(message) { true } else { false }
        }
    }

    @Test func `messages are known for what they are`() {
        #expect(Self.top.withUnsafeBytes(BinaryMessages.isTop))
        #expect(!Self.top.withUnsafeBytes(BinaryMessages.isDiff))
        #expect(Self.diff.withUnsafeBytes(BinaryMessages.isDiff))
        let place = BinaryMessages.place(ofDiff: Self.diff)
        #expect(place?.symbol == "BTCUSDT" && place?.updateID == 77)
        #expect(BinaryMessages.place(ofDiff: Self.top) == nil)
        for count in 0..<Self.diff.count {
            _ = BinaryMessages.place(ofDiff: Array(Self.diff.prefix(count)))
        }
    }

    @Test func `the two prices of a top are exchanged`() throws {
        let reader = try Reader()
        guard case .top(let top) = reader.read(Self.top),
            case .top(let crossed) = reader.read(try #require(BinaryMessages.crossedTop(Self.top)))
        else {
            Issue.record("no top of book")
            return
        }
        #expect(top.bidPrice.raw == 61_000_50_000_000 && top.askPrice.raw == 61_001_00_000_000)
        #expect(crossed.bidPrice == top.askPrice && crossed.askPrice == top.bidPrice)
        #expect(crossed.bidQuantity == top.bidQuantity && crossed.updateID == top.updateID)
        #expect(BinaryMessages.crossedTop(Self.diff) == nil)
    }

    @Test func `a high bid comes and goes in the units of its message`() throws {
        let reader = try Reader()
        let plain = try #require(reader.diff(Self.diff))
        #expect(plain.count == 3)
        for (isTakenAway, quantity) in [(false, 100_000_000), (true, 0)] as [(Bool, Int64)] {
            let message = try #require(
                BinaryMessages.withHighBid(Self.diff, isTakenAway: isTakenAway))
            let levels = try #require(reader.diff(message))
            #expect(levels[0].price.raw == 900_000_00_000_000)
            #expect(levels[0].quantity.raw == quantity)
            #expect(Array(levels[1...]) == plain)
            #expect(BinaryMessages.place(ofDiff: message)?.updateID == 77)
        }
    }

    @Test func `a later schema's field changes nothing`() throws {
        let reader = try Reader()
        #expect(reader.read(BinaryMessages.unknownField(Self.top)) == reader.read(Self.top))
        #expect(BinaryMessages.unknownField(Self.top).count == Self.top.count + 8)
        #expect(reader.diff(BinaryMessages.unknownField(Self.diff)) == reader.diff(Self.diff))
    }

    @Test func `the others are refused`() throws {
        let reader = try Reader()
        for message in [Self.top, Self.diff] {
            #expect(reader.isMalformed(try #require(BinaryMessages.hugeNumber(message))))
            #expect(
                reader.read(try #require(BinaryMessages.wrongType(message)))
                    == .ignored(.unrecognized))
            if case .top = reader.read(BinaryMessages.invalidText(message, at: 3)) {
                Issue.record("a symbol that does not exist")
            }
            #expect(reader.diff(BinaryMessages.invalidText(message, at: 3)) == nil)
        }
    }
}
