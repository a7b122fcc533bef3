import Codec
import MarketModel
import TickToTrade
import Venues

/// Rebuilds the book of one instrument from a recorded capture, with the engine's own decoder,
/// synchroniser and book.
///
/// A capture line is the receive stamp (nanoseconds, or microseconds when it has 16 digits), a
/// space and the message as received. Diffs of Binance Spot and of its USDT-margined futures are
/// understood; the futures' chain of `pu` is the spot rule with `pu + 1` for `U`. The bare REST
/// snapshot stands among the lines. What is not depth is passed over.
public struct CaptureBook: ~Copyable {
    /// The best levels after one applied diff.
    public struct Row: Equatable, Sendable {
        public var updateID: Int64
        public var venueTime: Timestamp
        public var receiveTime: Timestamp
        public var bid: BookLevel
        public var ask: BookLevel
        public var bidCount: Int
        public var askCount: Int
        /// Digits after the point as the venue prints them.
        public var priceDecimals: Int
        public var quantityDecimals: Int

        /// The row as a CSV line; the fields of an empty side are empty.
        public var text: String {
            let stamps = "\(updateID),\(venueTime.milliseconds),\(receiveTime.nanoseconds)"
            return "\(stamps),\(levelText(bid)),\(levelText(ask)),\(bidCount),\(askCount)"
        }

        private func levelText(_ level: BookLevel) -> String {
            if level.quantity.raw <= 0 { return "," }
            let price = formatDecimal(level.price.raw, scale: 8, decimals: priceDecimals)
            let quantity = formatDecimal(level.quantity.raw, scale: 8, decimals: quantityDecimals)
            return "\(price),\(quantity)"
        }
    }

    /// The heading of the CSV lines.
    public static let heading =
        "u,event_time_ms,recv_time_ns,bid_price,bid_qty,ask_price,ask_qty,bid_levels,ask_levels"

    private static let levelCapacity = 65_536

    /// The book as it is now.
    public private(set) var book: OrderBook
    /// Holes in the recorded stream, and snapshots that mended them.
    public var gapCount: Int64 { synchronizer.gapCount }
    public var resyncCount: Int64 { synchronizer.resyncCount }
    private var synchronizer = DepthSynchronizer(diffCapacity: 8_192, levelCapacity: 1 << 20)
    /// Diffs applied and the levels in them.
    public var appliedCount: Int { findings.appliedCount }
    public private(set) var levelChangeCount = 0

    /// What else was met on the way.
    public private(set) var findings = CaptureFindings()

    /// The instrument whose book this is; the first one that the capture mentions, if not told.
    public private(set) var symbol: String?

    private let levels: UnsafeMutablePointer<BookLevel>
    private var directory: InstrumentDirectory
    private var priceDecimals = 8
    private var quantityDecimals = 8

    /// A book for `symbol` (upper case, as in the messages), or for the first one met.
    public init(symbol: String? = nil) {
        book = OrderBook(instrument: InstrumentIndex(0), levelCapacity: Self.levelCapacity)
        levels = .allocate(capacity: 2 * Self.levelCapacity)
        levels.initialize(
            repeating: BookLevel(price: .zero, quantity: .zero), count: 2 * Self.levelCapacity)
        self.symbol = symbol
        directory = Self.directory(of: symbol ?? "")
    }

    deinit {
        directory.deallocate()
        levels.deallocate()
    }

    private static func directory(of symbol: String) -> InstrumentDirectory {
        // A name too long to be one matches no message.
        guard let name = ShortName(symbol) ?? ShortName("") else {
            preconditionFailure("the empty name fits")
        }
        let asset = AssetIndex(0)
        return InstrumentDirectory(instruments: [
            Instrument(
                symbol: name, base: name, quote: name, index: InstrumentIndex(0), baseAsset: asset,
                quoteAsset: asset)
        ])
    }

    // MARK: - Reading

    /// Reads the files in order and hands out a row after every applied diff.
    ///
    /// Throws ``CaptureBookFailure``, or what `row` throws.
    public mutating func read(_ paths: [String], row: (Row) throws -> Void) throws {
        for path in paths {
            var lines = try GzipLines(path: path)
            var isFirst = true
            while let bytes = try lines.next() {
                guard let line = CaptureBookLine(bytes) else {
                    findings.addOther("\(path):\(lines.number)")
                    continue
                }
                findings.addMessage(at: line.receiveTime, isFirstOf: isFirst ? path : nil)
                isFirst = false
                do {
                    try take(line, path, lines.number, row)
                } catch let failure as DecodeFailure {
                    throw CaptureBookFailure.malformed(
                        path: path, line: lines.number, reason: failure.words)
                }
            }
        }
    }

    private mutating func take(
        _ line: CaptureBookLine, _ path: String, _ number: Int, _ row: (Row) throws -> Void
    ) throws {
        switch line.kind {
        case .other: return
        case .snapshot:
            let header = try decoder.decodeDepthSnapshot(
                line.start, line.count, instrument: InstrumentIndex(0),
                receiveTime: line.receiveTime)
            findings.snapshotCount += 1
            guard synchronizer.onSnapshot(header) == .load else { return }
            if let (price, quantity) = line.decimals {
                priceDecimals = price
                quantityDecimals = quantity
            }
            book.load(header, levels)
            while let kept = synchronizer.nextBuffered() {
                try row(apply(kept.header, kept.levels))
            }
        case .diff:
            guard let name = line.symbol else { return }
            findings.addSymbol(name)
            guard isOurs(name) else { return }
            findings.diffCount += 1
            let frame = decoder.decode(line.start, line.count, receiveTime: line.receiveTime)
            if case .malformed(let failure) = frame { throw failure }
            guard case .depth(var header) = frame else { return }
            if let previous = line.previousUpdateID { header.firstUpdateID = previous &+ 1 }
            switch synchronizer.onDiff(header, levels) {
            case .apply: try row(apply(header, levels))
            case .gap(let expected, let found):
                findings.addGap("\(path):\(number)", expected: expected, found: found)
                book.invalidate()
            case .overflowed: book.invalidate()
            case .ignoreOld, .buffered, .requestSnapshot: break
            }
        }
    }

    private var decoder: BinanceSpotMarketDecoder {
        BinanceSpotMarketDecoder(
            directory: directory, levels: levels, levelCapacity: 2 * Self.levelCapacity)
    }

    private mutating func isOurs(_ name: String) -> Bool {
        if let symbol { return symbol == name }
        symbol = name
        directory.deallocate()
        directory = Self.directory(of: name)
        return true
    }

    private mutating func apply(
        _ header: DepthHeader, _ levels: UnsafePointer<BookLevel>
    ) -> Row {
        book.apply(header, levels)
        findings.appliedCount += 1
        levelChangeCount += header.levelCount
        return Row(
            updateID: header.lastUpdateID, venueTime: header.venueTime,
            receiveTime: header.receiveTime, bid: book.bestBid, ask: book.bestAsk,
            bidCount: book.count(.buy), askCount: book.count(.sell),
            priceDecimals: priceDecimals, quantityDecimals: quantityDecimals)
    }
}
