import Codec
import MarketModel

@testable import Codec

/// The instruments and assets of the example frames.
struct Market {
    static let symbols = [
        "BTCUSDT", "BNBBTC", "BNBUSDT", "ETHBTC", "ETHUSDT", "NKNUSDT", "LRCBTC", "LTCBTC",
        "BTCUSD", "BLZETH",
    ]
    static let assets = ["BTC", "USDT", "BNB", "ETH", "NKN", "LRC", "LTC", "USD", "NEO"]

    let instruments: [Instrument]
    let directory: InstrumentDirectory

    init() {
        var instruments: [Instrument] = []
        for (index, symbol) in Self.symbols.enumerated() {
            let base = String(symbol.prefix(3))
            let quote = String(symbol.dropFirst(3))
            var instrument = Instrument(
                symbol: Self.name(symbol), base: Self.name(base), quote: Self.name(quote),
                index: InstrumentIndex(UInt16(index)), baseAsset: Self.asset(base),
                quoteAsset: Self.asset(quote))
            instrument.priceDecimals = 2
            instrument.quantityDecimals = 5
            instruments.append(instrument)
        }
        self.instruments = instruments
        directory = InstrumentDirectory(
            instruments: instruments,
            assets: Self.assets.map { (Self.name($0), Self.asset($0)) })
    }

    static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { fatalError("\(text) is too long") }
        return name
    }

    static func asset(_ text: String) -> AssetIndex {
        assets.firstIndex(of: text).map { AssetIndex(UInt16($0)) } ?? .none
    }

    static func symbol(_ index: InstrumentIndex) -> String {
        index == .none ? "none" : symbols[index.slot]
    }

    static func assetName(_ index: AssetIndex) -> String {
        index == .none ? "none" : assets[index.slot]
    }
}

/// A decoder with a level scratch of its own.
final class MarketReader {
    let market = Market()
    let levels: UnsafeMutablePointer<BookLevel>
    let decoder: BinanceSpotMarketDecoder
    static let receiveTime = Timestamp(nanoseconds: 7)

    init(levelCapacity: Int = 4_096, soleInstrument: InstrumentIndex = InstrumentIndex(0)) {
        levels = .allocate(capacity: levelCapacity)
        levels.initialize(
            repeating: BookLevel(price: .zero, quantity: .zero), count: levelCapacity)
        decoder = BinanceSpotMarketDecoder(
            directory: market.directory, levels: levels, levelCapacity: levelCapacity,
            soleInstrument: soleInstrument)
    }

    func decode(_ bytes: GuardedBytes) -> MarketFrame {
        decoder.decode(bytes.start, bytes.count, receiveTime: Self.receiveTime)
    }

    func decode(_ text: String) -> MarketFrame { decode(GuardedBytes(text)) }

    func fast(_ bytes: GuardedBytes) -> MarketFrame? {
        var frame = MarketFrame.ignored(.unrecognized)
        let isRead = decoder.decodeInDocumentedOrder(
            bytes.start, bytes.count, receiveTime: Self.receiveTime, into: &frame)
        return isRead ? frame : nil
    }

    func general(_ bytes: GuardedBytes) -> MarketFrame {
        decoder.decodeInAnyOrder(bytes.start, bytes.count, receiveTime: Self.receiveTime)
    }

    /// The levels that belong to a frame.
    func levels(of frame: MarketFrame) -> [BookLevel] {
        guard case .depth(let header) = frame else { return [] }
        return Array(UnsafeBufferPointer(start: levels, count: header.levelCount))
    }

    /// One line for a frame: what the tables of expected records are written in.
    func describe(_ frame: MarketFrame) -> String {
        switch frame {
        case .trade(let trade):
            let kind = trade.isAggregate ? "aggregate of \(trade.count)" : "trade"
            return "\(kind) \(Market.symbol(trade.instrument)) #\(trade.id.raw) "
                + "\(trade.aggressor) \(decimal(trade.quantity.raw)) at \(decimal(trade.price.raw)) "
                + "time \(trade.venueTime.milliseconds)"
        case .trades(var cursor):
            var lines: [String] = []
            while let trade = try? cursor.next() { lines.append(describe(.trade(trade))) }
            return lines.joined(separator: "; ")
        case .top(let top):
            return "top \(Market.symbol(top.instrument)) #\(top.updateID) "
                + "\(decimal(top.bidQuantity.raw)) at \(decimal(top.bidPrice.raw)) / "
                + "\(decimal(top.askQuantity.raw)) at \(decimal(top.askPrice.raw))"
        case .depth(let header):
            let rows = levels(of: frame).map {
                "\(decimal($0.quantity.raw)) at \(decimal($0.price.raw))"
            }
            let bids = rows.prefix(Int(header.bidCount)).joined(separator: ", ")
            let asks = rows.dropFirst(Int(header.bidCount)).joined(separator: ", ")
            return "\(header.isSnapshot ? "snapshot" : "diff") \(Market.symbol(header.instrument)) "
                + "#\(header.firstUpdateID)...\(header.lastUpdateID) "
                + "time \(header.venueTime.milliseconds) bids [\(bids)] asks [\(asks)]"
        case .candle(let bar):
            return "candle \(Market.symbol(bar.instrument)) \(bar.openTime.milliseconds)..."
                + "\(bar.closeTime.nanoseconds) o \(decimal(bar.open.raw)) h \(decimal(bar.high.raw)) "
                + "l \(decimal(bar.low.raw)) c \(decimal(bar.close.raw)) v \(decimal(bar.volume.raw)) "
                + "bought \(decimal(bar.takerBuyVolume.raw)) quote \(bar.quoteVolume.raw) "
                + "n \(bar.tradeCount) closed \(bar.isClosed)"
        case .acknowledged(let reply):
            return "reply \(reply.id) \(reply.isAccepted ? "accepted" : "refused \(reply.code)")"
        case .serverShutdown: return "shutdown"
        case .ignored(let kind): return "ignored \(kind)"
        case .malformed(let failure): return "malformed \(failure)"
        }
    }

    private func decimal(_ raw: Int64) -> String { formatDecimal(raw, scale: 8) }

    deinit {
        levels.deallocate()
        market.directory.deallocate()
    }
}
