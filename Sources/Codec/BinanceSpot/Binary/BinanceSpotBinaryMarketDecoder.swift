import MarketModel

/// Binance Spot market data streams in the Simple Binary Encoding, schema 1 (`stream_1_0.xml`), to
/// the records that ``BinanceSpotMarketDecoder`` makes of the same events in JSON.
///
/// What binary messages tell beyond their JSON counterparts, the time of a top of book and of a
/// depth snapshot, is passed over: a strategy decides the same whichever encoding is configured.
/// No allocation, no copy; O(n) in the message (binance-spot.md, section 15).
///
/// Not to be used by two threads at once with the same level scratch.
public struct BinanceSpotBinaryMarketDecoder: BitwiseCopyable, @unchecked Sendable {
    private let directory: InstrumentDirectory
    /// The levels of the last `.depth`, bids first, then asks.
    public let levels: UnsafeMutablePointer<BookLevel>
    /// Levels that fit the scratch; a message with more is `.malformed(.tooManyLevels)`.
    public let levelCapacity: Int

    /// A decoder that writes levels to `levels`, which must outlive it.
    public init(
        directory: InstrumentDirectory, levels: UnsafeMutablePointer<BookLevel>,
        levelCapacity: Int
    ) {
        self.directory = directory
        self.levels = levels
        self.levelCapacity = levelCapacity
    }

    /// Decodes one binary message of `count` bytes. Bytes behind what this version of the schema
    /// knows are a newer one's and are passed over.
    ///
    /// - Precondition: 64 bytes after the message are readable; their content does not matter.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp
    ) -> MarketFrame {
        var frame = MarketFrame.ignored(.unrecognized)
        decode(bytes, count, receiveTime: receiveTime, into: &frame)
        return frame
    }

    /// As ``decode(_:_:receiveTime:)``, without copying the frame on its way.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout MarketFrame
    ) {
        do throws(DecodeFailure) {
            let message = try BinaryMessage(UnsafeRawPointer(bytes), count, schema: Self.schema)
            switch Template(rawValue: message.template) {
            case .tradesStreamEvent: frame = try trades(message, receiveTime)
            case .bestBidAskStreamEvent: frame = .top(try top(message, receiveTime))
            case .depthDiffStreamEvent: frame = .depth(try diff(message, receiveTime))
            case .depthSnapshotStreamEvent: frame = .depth(try snapshot(message, receiveTime))
            case nil: frame = .ignored(.unrecognized)
            }
        } catch {
            frame = .malformed(error)
        }
    }

    @inline(__always)
    static var schema: UInt16 { @_noLocks get { 1 } }

    // MARK: - Layout; the names are the schema's

    enum Template: UInt16, CaseIterable {
        case tradesStreamEvent = 10_000
        case bestBidAskStreamEvent = 10_001
        case depthSnapshotStreamEvent = 10_002
        case depthDiffStreamEvent = 10_003
    }

    enum Trades: Int, CaseIterable {
        case transactTime = 8
        case priceExponent = 16
        case qtyExponent = 17
    }

    enum BestBidAsk: Int, CaseIterable {
        case bookUpdateId = 8
        case priceExponent = 16
        case qtyExponent = 17
        case bidPrice = 18
        case bidQty = 26
        case askPrice = 34
        case askQty = 42
    }

    enum DepthSnapshot: Int, CaseIterable {
        case bookUpdateId = 8
        case priceExponent = 16
        case qtyExponent = 17
    }

    enum DepthDiff: Int, CaseIterable {
        case eventTime = 0
        case firstBookUpdateId = 8
        case lastBookUpdateId = 16
        case priceExponent = 24
        case qtyExponent = 25
    }

    enum Level: Int, CaseIterable {
        case price = 0
        case qty = 8
    }

    private static var levelLength: Int { 16 }

    // MARK: - Messages

    private func trades(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> MarketFrame {
        var rest = message.rest
        let group = try rest.group32()
        let rows = try rest.entries(group, of: TradeCursor.rowLength)
        let slot = try instrument(&rest)
        let (price, quantity) = scales(
            of: slot, try message.fields.int8(Trades.priceExponent.rawValue),
            try message.fields.int8(Trades.qtyExponent.rawValue))
        var cursor = TradeCursor(
            rows, entryLength: group.entryLength, count: group.count, price: price,
            quantity: quantity, instrument: InstrumentIndex(slot),
            venueTime: try message.fields.time(Trades.transactTime.rawValue),
            receiveTime: receiveTime)
        if group.count == 1, let trade = try cursor.next() { return .trade(trade) }
        if group.count == 0 { return .ignored(.unrecognized) }
        // A wrong row refuses the message as a whole.
        let all = cursor
        while case .some = try cursor.next() {}
        return .trades(all)
    }

    private func top(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> TopOfBook {
        let fields = message.fields
        var rest = message.rest
        let slot = try instrument(&rest)
        let (price, quantity) = scales(
            of: slot, try fields.int8(BestBidAsk.priceExponent.rawValue),
            try fields.int8(BestBidAsk.qtyExponent.rawValue))
        return TopOfBook(
            instrument: InstrumentIndex(slot),
            updateID: try fields.count64(BestBidAsk.bookUpdateId.rawValue),
            bidPrice: Price(
                raw: try price.magnitude(try fields.int64(BestBidAsk.bidPrice.rawValue))),
            bidQuantity: Quantity(
                raw: try quantity.magnitude(try fields.int64(BestBidAsk.bidQty.rawValue))),
            askPrice: BinanceSpotMarketDecoder.askPrice(
                try price.magnitude(try fields.int64(BestBidAsk.askPrice.rawValue))),
            askQuantity: Quantity(
                raw: try quantity.magnitude(try fields.int64(BestBidAsk.askQty.rawValue))),
            venueTime: .unknown, receiveTime: receiveTime)
    }

    private func diff(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> DepthHeader {
        let fields = message.fields
        let book = try sides(
            message, try fields.int8(DepthDiff.priceExponent.rawValue),
            try fields.int8(DepthDiff.qtyExponent.rawValue))
        return DepthHeader(
            instrument: book.instrument, isSnapshot: false,
            firstUpdateID: try fields.count64(DepthDiff.firstBookUpdateId.rawValue),
            lastUpdateID: try fields.count64(DepthDiff.lastBookUpdateId.rawValue),
            bidCount: book.bidCount, askCount: book.askCount,
            venueTime: try fields.time(DepthDiff.eventTime.rawValue), receiveTime: receiveTime)
    }

    private func snapshot(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> DepthHeader {
        let fields = message.fields
        let book = try sides(
            message, try fields.int8(DepthSnapshot.priceExponent.rawValue),
            try fields.int8(DepthSnapshot.qtyExponent.rawValue))
        let id = try fields.count64(DepthSnapshot.bookUpdateId.rawValue)
        return DepthHeader(
            instrument: book.instrument, isSnapshot: true, firstUpdateID: id, lastUpdateID: id,
            bidCount: book.bidCount, askCount: book.askCount, venueTime: .unknown,
            receiveTime: receiveTime)
    }

    // MARK: - Parts

    private struct Sides {
        var instrument: InstrumentIndex
        var bidCount: UInt32
        var askCount: UInt32
    }

    /// Both sides' levels to the scratch. The symbol, which tells the scales, comes behind them.
    private func sides(
        _ message: BinaryMessage, _ priceExponent: Int8, _ quantityExponent: Int8
    ) throws(DecodeFailure) -> Sides {
        var rest = message.rest
        let bids = try rest.group16()
        let bidRows = try rest.entries(bids, of: Self.levelLength)
        let asks = try rest.group16()
        let askRows = try rest.entries(asks, of: Self.levelLength)
        let slot = try instrument(&rest)
        if bids.count &+ asks.count > levelCapacity { throw .tooManyLevels }
        let (price, quantity) = scales(of: slot, priceExponent, quantityExponent)
        try side(bidRows, bids, after: 0, price, quantity)
        try side(askRows, asks, after: bids.count, price, quantity)
        return Sides(
            instrument: InstrumentIndex(slot), bidCount: UInt32(truncatingIfNeeded: bids.count),
            askCount: UInt32(truncatingIfNeeded: asks.count))
    }

    @inline(__always)
    private func side(
        _ rows: BinaryBlock, _ group: BinaryGroup, after start: Int, _ price: MantissaScale,
        _ quantity: MantissaScale
    ) throws(DecodeFailure) {
        var offset = 0
        var index = start
        let end = start &+ group.count
        while index < end {
            levels[index] = BookLevel(
                price: Price(
                    raw: try price.magnitude(
                        try rows.int64(offset &+ Level.price.rawValue))),
                quantity: Quantity(
                    raw: try quantity.magnitude(
                        try rows.int64(offset &+ Level.qty.rawValue))))
            offset &+= group.entryLength
            index &+= 1
        }
    }

    @inline(__always)
    private func instrument(_ rest: inout BinaryReader) throws(DecodeFailure) -> UInt16 {
        let symbol = try rest.data8()
        let slot = directory.symbols.slot(of: symbol.text, count: symbol.count)
        if slot == NameTable.none { throw .unknownSymbol }
        return slot
    }

    @inline(__always)
    private func scales(
        of slot: UInt16, _ priceExponent: Int8, _ quantityExponent: Int8
    ) -> (MantissaScale, MantissaScale) {
        let scales = directory.scales(of: slot)
        return (
            MantissaScale(exponent: priceExponent, scale: scales.price),
            MantissaScale(exponent: quantityExponent, scale: scales.quantity)
        )
    }
}
