import Codec
import MarketModel

/// The engine's decoders of both encodings, with every record as text: equal texts, equal bits.
final class RecordReader {
    private let directory: InstrumentDirectory
    private let levels: UnsafeMutablePointer<BookLevel>
    private let textMarket: BinanceSpotMarketDecoder
    private let binaryMarket: BinanceSpotBinaryMarketDecoder
    private let textAccount: BinanceSpotAccountDecoder
    private let binaryAccount: BinanceSpotBinaryAccountDecoder
    private static let levelCapacity = 10_000

    /// `scale`: the digits after the point that the instruments' numbers have.
    init(symbols: [String], scale: UInt8 = 8) {
        let instruments = symbols.enumerated().map { index, symbol in
            Instrument(
                symbol: Self.name(symbol), base: Self.name(String(symbol.prefix(3))),
                quote: Self.name(String(symbol.dropFirst(3))),
                index: InstrumentIndex(UInt16(index)),
                baseAsset: AssetIndex(UInt16(index * 2)),
                quoteAsset: AssetIndex(UInt16(index * 2 + 1)), priceScale: scale,
                quantityScale: scale)
        }
        directory = InstrumentDirectory(instruments: instruments)
        levels = .allocate(capacity: Self.levelCapacity)
        textMarket = BinanceSpotMarketDecoder(
            directory: directory, levels: levels, levelCapacity: Self.levelCapacity,
            soleInstrument: InstrumentIndex(0))
        binaryMarket = BinanceSpotBinaryMarketDecoder(
            directory: directory, levels: levels, levelCapacity: Self.levelCapacity)
        textAccount = BinanceSpotAccountDecoder(directory: directory)
        binaryAccount = BinanceSpotBinaryAccountDecoder(directory: directory)
    }

    deinit {
        directory.deallocate()
        levels.deallocate()
    }

    private static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { fatalError("\(text) is too long") }
        return name
    }

    /// The records of a message of the market streams.
    func market(text: String) -> [String] {
        Self.withPadding(Array(text.utf8)) {
            records(textMarket.decode($0, $1, receiveTime: .unknown))
        }
    }

    func market(binary: [UInt8]) -> [String] {
        Self.withPadding(binary) { records(binaryMarket.decode($0, $1, receiveTime: .unknown)) }
    }

    /// What the rows of an answer's list are.
    enum Rows {
        case orders
        case fills
        /// Nothing that the engine reads.
        case other
    }

    /// What the rows of the next answers' lists are.
    var rows = Rows.other

    /// The records of a message of the WebSocket API.
    func account(text: String) -> [String] {
        Self.withPadding(Array(text.utf8)) {
            records(textAccount.decode($0, $1, receiveTime: .unknown))
        }
    }

    func account(binary: [UInt8]) -> [String] {
        Self.withPadding(binary) { records(binaryAccount.decode($0, $1, receiveTime: .unknown)) }
    }

    private static func withPadding<Result>(
        _ bytes: [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Result
    ) -> Result {
        (bytes + [UInt8](repeating: 0, count: 64)).withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { fatalError("no memory for a test") }
            return body(base, bytes.count)
        }
    }

    private func records(_ frame: MarketFrame) -> [String] {
        switch frame {
        case .trade(let trade): return ["\(trade)"]
        case .trades(var cursor):
            var trades: [String] = []
            while let trade = try? cursor.next() { trades.append("\(trade)") }
            return trades
        case .depth(let header):
            return ["\(header)"] + (0..<header.levelCount).map { "\(levels[$0])" }
        default: return ["\(frame)"]
        }
    }

    private func records(_ frame: AccountFrame) -> [String] {
        switch frame {
        case .response(let response): return records(response)
        case .balances(let cursor): return records(cursor)
        default: return ["\(frame)"]
        }
    }

    private func records(_ cursor: BalanceCursor) -> [String] {
        var rows = cursor
        var records = ["balances \(cursor.venueTime)"]
        while let row = try? rows.next() { records.append("\(row)") }
        return records
    }

    private func records(_ response: VenueResponse) -> [String] {
        let message = String(decoding: response.messageBytes, as: UTF8.self)
        var records = [
            "\(response.reply)", "\(response.hasRequestID) \(response.status)",
            "\(response.content) \(response.subscriptionID) \(response.serverTime)",
            "\(response.retryAfter) \(response.limits) \(message)",
        ]
        let isBinary = response.binaryResult != nil
        switch response.content {
        case .orderState:
            let report = isBinary
                ? try? binaryAccount.executionReport(of: response)
                : try? textAccount.executionReport(of: response)
            records.append("\(String(describing: report))")
        case .account:
            let rows = isBinary
                ? try? binaryAccount.balances(of: response)
                : try? textAccount.balances(of: response)
            records += rows.map { self.records($0) } ?? ["no balances"]
        case .list:
            if rows == .orders, var orders = isBinary
                ? try? binaryAccount.openOrders(of: response)
                : try? textAccount.openOrders(of: response)
            {
                while let row = try? orders.next() { records.append("\(row)") }
            }
            if rows == .fills, var fills = isBinary
                ? try? binaryAccount.fills(of: response) : try? textAccount.fills(of: response)
            {
                while let row = try? fills.next() { records.append("\(row)") }
            }
        default: break
        }
        return records
    }
}
