import CFloor
import Codec
import MarketModel

/// The market's messages in Simple Binary Encoding, with the numbers of those in JSON.
struct BinaryCodecBench {
    private let texts: CodecBench
    private let market: BinanceSpotBinaryMarketDecoder
    private let trade = SampleText(SampleBinary.trade)
    private let top = SampleText(SampleBinary.top)
    private let depth: SampleText

    /// Lives as long as the process; the floor reads to where `texts` has it read to.
    init(_ texts: CodecBench) {
        self.texts = texts
        market = BinanceSpotBinaryMarketDecoder(
            directory: SampleMarket.directory(), levels: texts.market.levels,
            levelCapacity: texts.market.levelCapacity)
        // The numbers of the JSON sample, as the engine reads them.
        let frame = texts.market.decode(
            texts.texts.depth.bytes, texts.texts.depth.count, receiveTime: .unknown)
        guard case .depth(let header) = frame else {
            preconditionFailure("a sample is well-formed")
        }
        let levels = (0..<header.levelCount).map { texts.market.levels[$0] }
        depth = SampleText(
            SampleBinary.depth(
                bids: levels.prefix(Int(header.bidCount)),
                asks: levels.dropFirst(Int(header.bidCount))))
    }

    var contests: [Contest] {
        [
            contest("SBE trade", trade, batch: 50) { [trade = texts.trade] in
                cfloor_read_trade($0, trade)
            },
            contest("SBE bestBidAsk", top, batch: 50) { [top = texts.top] in
                cfloor_read_top($0, top)
            },
            contest("SBE depth 20+20", depth, batch: 20) { [depth = texts.depth] in
                cfloor_read_depth($0, depth)
            },
        ]
    }

    private func contest(
        _ name: String, _ message: SampleText, batch: Int,
        _ floor: @escaping (UnsafePointer<UInt8>) -> Int32
    ) -> Contest {
        let decoder = market
        return Contest(
            name: name, batch: batch,
            ours: Contestant("apus") { count in
                for turn in 0..<count {
                    let frame = decoder.decode(
                        message.bytes, message.count,
                        receiveTime: Timestamp(nanoseconds: Int64(turn)))
                    if case .malformed = frame { preconditionFailure("a sample is well-formed") }
                }
            },
            floor: Contestant("C floor") { count in
                for _ in 0..<count where floor(message.bytes) == 0 {
                    preconditionFailure("a sample is well-formed")
                }
            })
    }

    /// A floor that reads something else would be no floor.
    func verify() throws {
        guard case .trade(let one) = decoded(trade), cfloor_read_trade(trade.bytes, texts.trade) == 1,
            one.price.raw == texts.trade.pointee.price,
            one.quantity.raw == texts.trade.pointee.quantity,
            one.id.raw == texts.trade.pointee.identifier,
            case .top(let best) = decoded(top), cfloor_read_top(top.bytes, texts.top) == 1,
            best.bidPrice.raw == texts.top.pointee.bid,
            best.askQuantity.raw == texts.top.pointee.ask_quantity
        else { throw BenchmarkFailure("the floor reads a binary trade or top otherwise") }
        guard case .depth(let header) = decoded(depth),
            cfloor_read_depth(depth.bytes, texts.depth) == 1,
            Int32(header.bidCount) == texts.depth.pointee.bids,
            Int32(header.askCount) == texts.depth.pointee.asks,
            texts.hasSameLevels(header.levelCount)
        else { throw BenchmarkFailure("the floor reads a binary diff otherwise") }
    }

    private func decoded(_ message: SampleText) -> MarketFrame {
        market.decode(message.bytes, message.count, receiveTime: Timestamp(nanoseconds: 1))
    }
}

/// Messages of the binary market streams (binance-spot.md, section 15.2).
private enum SampleBinary {
    static var trade: [UInt8] {
        head(block: 18, message: 10_000) + little(1_723_161_255_343_000, 8)
            + little(1_723_161_255_342_000, 8) + exponents + little(25, 2) + little(1, 4)
            + little(3_735_683_259, 8) + little(6_183_763, 8) + little(2_000_000, 8) + [0] + symbol
    }

    static var top: [UInt8] {
        head(block: 50, message: 10_001) + little(1_723_161_255_343_000, 8)
            + little(400_900_217, 8) + exponents + little(6_183_763, 8) + little(312_100_000, 8)
            + little(6_183_764, 8) + little(406_600_000, 8) + symbol
    }

    static func depth(bids: ArraySlice<BookLevel>, asks: ArraySlice<BookLevel>) -> [UInt8] {
        func side(_ levels: ArraySlice<BookLevel>) -> [UInt8] {
            little(16, 2) + little(Int64(levels.count), 2)
                + levels.flatMap {
                    little($0.price.raw / SampleMarket.cent, 8) + little($0.quantity.raw, 8)
                }
        }
        return head(block: 26, message: 10_003) + little(1_672_515_782_136_000, 8)
            + little(157, 8) + little(160, 8) + exponents + side(bids) + side(asks) + symbol
    }

    /// Cents, and all eight digits of quantities.
    private static var exponents: [UInt8] { [UInt8(bitPattern: -2), UInt8(bitPattern: -8)] }
    private static var symbol: [UInt8] { [7] + Array(SampleMarket.symbol.utf8) }

    private static func head(block: Int64, message: Int64) -> [UInt8] {
        little(block, 2) + little(message, 2) + little(1, 2) + little(0, 2)
    }

    private static func little(_ value: Int64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
    }
}
