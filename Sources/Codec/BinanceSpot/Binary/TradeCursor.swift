import MarketModel

/// The trades of one binary message in their order: those that one order made.
///
/// A view into the message, valid as long as its bytes.
public struct TradeCursor: BitwiseCopyable, Sendable, Equatable {
    private var rows: BinaryBlock
    private let entryLength: Int
    private var left: Int
    private let price: MantissaScale
    private let quantity: MantissaScale
    public let instrument: InstrumentIndex
    private let venueTime: Timestamp
    private let receiveTime: Timestamp

    /// An entry of the group `trades`; the names are the schema's.
    enum Row: Int, CaseIterable {
        case id = 0
        case price = 8
        case qty = 16
        case isBuyerMaker = 24
    }

    /// Bytes of an entry's fixed fields.
    static var rowLength: Int { @_noLocks get { 25 } }

    /// `rows` holds `count` entries of `entryLength` bytes, at least ``rowLength`` each.
    @_noLocks @inline(__always)
    init(
        _ rows: BinaryBlock, entryLength: Int, count: Int, price: MantissaScale,
        quantity: MantissaScale, instrument: InstrumentIndex, venueTime: Timestamp,
        receiveTime: Timestamp
    ) {
        self.rows = rows
        self.entryLength = entryLength
        left = count
        self.price = price
        self.quantity = quantity
        self.instrument = instrument
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }

    /// The next trade; `nil` after the last.
    @_noLocks
    public mutating func next() throws(DecodeFailure) -> Trade? {
        if left == 0 { return nil }
        let row = rows
        rows = BinaryBlock(row.start + entryLength, row.count &- entryLength)
        left &-= 1
        return Trade(
            instrument: instrument, id: TradeID(try row.count64(Row.id.rawValue)),
            price: Price(raw: try price.magnitude(try row.int64(Row.price.rawValue))),
            quantity: Quantity(raw: try quantity.magnitude(try row.int64(Row.qty.rawValue))),
            aggressor: BinanceSpotMarketDecoder.aggressor(
                isBuyerMaker: try row.boolean(Row.isBuyerMaker.rawValue)),
            venueTime: venueTime, receiveTime: receiveTime)
    }

    /// Whether both stand at the same trade of the same bytes.
    public static func == (left: TradeCursor, right: TradeCursor) -> Bool {
        left.rows.start == right.rows.start && left.left == right.left
            && left.instrument == right.instrument && left.receiveTime == right.receiveTime
    }
}
