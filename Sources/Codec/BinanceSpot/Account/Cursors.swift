import MarketModel

/// The open orders of an answer, one at a time.
public struct OrderCursor: BitwiseCopyable, Sendable {
    private enum Rows: BitwiseCopyable {
        case text(JSONScanner, BinanceSpotAccountDecoder)
        case binary(BinaryRows, BinanceSpotBinaryAccountDecoder)
    }

    private var rows: Rows
    private let receiveTime: Timestamp

    @_noLocks
    init(
        _ array: JSONValue, _ decoder: BinanceSpotAccountDecoder, receiveTime: Timestamp
    ) throws(DecodeFailure) {
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        rows = .text(scanner, decoder)
        self.receiveTime = receiveTime
    }

    @_noLocks
    init(
        _ binary: BinaryRows, _ decoder: BinanceSpotBinaryAccountDecoder, receiveTime: Timestamp
    ) {
        rows = .binary(binary, decoder)
        self.receiveTime = receiveTime
    }

    /// The next order as a `status` report; `nil` after the last. `instrument` is `none` for an
    /// order in a symbol that is not in the directory.
    @_noLocks
    public mutating func next() throws(DecodeFailure) -> ExecutionReport? {
        switch rows {
        case .text(var scanner, let decoder):
            guard try scanner.nextElement() else { return nil }
            let order = try decoder.orderState(try ResultFields(&scanner), receiveTime)
            rows = .text(scanner, decoder)
            return order
        case .binary(var binary, let decoder):
            guard let fields = try binary.next() else { return nil }
            let order = try decoder.orderState(
                fields, &binary.rest, isRow: true, receiveTime)
            rows = .binary(binary, decoder)
            return order
        }
    }
}

/// The balances of an answer or event, one at a time.
public struct BalanceCursor: BitwiseCopyable, Sendable {
    private enum Rows: BitwiseCopyable {
        case text(JSONScanner)
        /// Rows that have been read once.
        case ordered(OrderedReader)
        case binary(BinaryRows)
    }

    private var rows: Rows
    private let assets: NameTable
    /// When the venue last changed them.
    public let venueTime: Timestamp
    private let receiveTime: Timestamp

    @_noLocks
    init(
        _ array: JSONValue, _ assets: NameTable, venueTime: Timestamp, receiveTime: Timestamp
    ) throws(DecodeFailure) {
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        rows = .text(scanner)
        self.assets = assets
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }

    /// Every row must have been read before.
    @_noLocks
    init(
        _ ordered: OrderedReader, _ assets: NameTable, venueTime: Timestamp,
        receiveTime: Timestamp
    ) {
        rows = .ordered(ordered)
        self.assets = assets
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }

    @_noLocks
    init(
        _ binary: BinaryRows, _ assets: NameTable, venueTime: Timestamp, receiveTime: Timestamp
    ) {
        rows = .binary(binary)
        self.assets = assets
        self.venueTime = venueTime
        self.receiveTime = receiveTime
    }

    /// The next balance of an asset in the directory; `nil` after the last.
    @_noLocks
    public mutating func next() throws(DecodeFailure) -> Balance? {
        switch rows {
        case .text(var scanner):
            let balance = try next(&scanner)
            rows = .text(scanner)
            return balance
        case .ordered(var reader):
            let balance = next(&reader)
            rows = .ordered(reader)
            return balance
        case .binary(var binary):
            let balance = try binary.nextBalance(
                assets, venueTime: venueTime, receiveTime: receiveTime)
            rows = .binary(binary)
            return balance
        }
    }

    @inline(__always)
    private func next(_ reader: inout OrderedReader) -> Balance? {
        while let row = BalanceRow(&reader) {
            let slot = assets.slot(of: row.asset, count: row.assetCount)
            if slot == NameTable.none { continue }
            return Balance(
                asset: AssetIndex(slot), free: row.free, locked: row.locked, venueTime: venueTime,
                receiveTime: receiveTime)
        }
        return nil
    }

    /// Takes both spellings, `a f l` of the stream and `asset free locked` of the answers.
    private func next(_ scanner: inout JSONScanner) throws(DecodeFailure) -> Balance? {
        while try scanner.nextElement() {
            var asset = JSONValue.absent
            var free = JSONValue.absent
            var locked = JSONValue.absent
            try scanner.enterObject()
            while let key = try scanner.nextKey() {
                let value = try scanner.value()
                if key.equals("a") || key.equals("asset") {
                    asset = value
                } else if key.equals("f") || key.equals("free") {
                    free = value
                } else if key.equals("l") || key.equals("locked") {
                    locked = value
                }
            }
            let slot = try asset.slot(in: assets)
            if slot == NameTable.none { continue }
            return Balance(
                asset: AssetIndex(slot), free: try free.decimal(scale: 8),
                locked: try locked.decimal(scale: 8), venueTime: venueTime,
                receiveTime: receiveTime)
        }
        return nil
    }
}

/// One of the account's own trades, as the venue's history tells it.
public struct AccountFill: BitwiseCopyable, Sendable, Equatable {
    public var tradeID: TradeID
    public var venueOrderID: VenueOrderID
    public var price: Price
    public var quantity: Quantity
    /// In units of 1e-8 of ``commissionAsset``.
    public var commission: Int64
    public var venueTime: Timestamp
    /// `none` for a symbol or an asset that is not in the directory.
    public var instrument: InstrumentIndex
    public var commissionAsset: AssetIndex
    public var side: Side
    public var isMaker: Bool

    @_noLocks
    init(
        instrument: InstrumentIndex, tradeID: TradeID, venueOrderID: VenueOrderID, price: Price,
        quantity: Quantity, commission: Int64, commissionAsset: AssetIndex, side: Side,
        isMaker: Bool, venueTime: Timestamp
    ) {
        self.instrument = instrument
        self.tradeID = tradeID
        self.venueOrderID = venueOrderID
        self.price = price
        self.quantity = quantity
        self.commission = commission
        self.commissionAsset = commissionAsset
        self.side = side
        self.isMaker = isMaker
        self.venueTime = venueTime
    }
}

/// The account's own trades in an answer to `myTrades`, one at a time.
public struct FillCursor: BitwiseCopyable, Sendable {
    private enum Rows: BitwiseCopyable {
        case text(JSONScanner, BinanceSpotAccountDecoder)
        case binary(BinaryRows, BinanceSpotBinaryAccountDecoder)
    }

    private var rows: Rows

    @_noLocks
    init(_ array: JSONValue, _ decoder: BinanceSpotAccountDecoder) throws(DecodeFailure) {
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        rows = .text(scanner, decoder)
    }

    @_noLocks
    init(_ binary: BinaryRows, _ decoder: BinanceSpotBinaryAccountDecoder) {
        rows = .binary(binary, decoder)
    }

    /// The next trade; `nil` after the last.
    @_noLocks
    public mutating func next() throws(DecodeFailure) -> AccountFill? {
        switch rows {
        case .text(var scanner, let decoder):
            let fill = try next(&scanner, decoder)
            rows = .text(scanner, decoder)
            return fill
        case .binary(var binary, let decoder):
            guard let fields = try binary.next() else { return nil }
            let fill = try decoder.fill(fields, &binary.rest)
            rows = .binary(binary, decoder)
            return fill
        }
    }

    private func next(
        _ scanner: inout JSONScanner, _ decoder: BinanceSpotAccountDecoder
    ) throws(DecodeFailure) -> AccountFill? {
        guard try scanner.nextElement() else { return nil }
        let row = try scanner.value()
        let slot = try decoder.instrument(try row.member("symbol"))
        let scales = decoder.directory.scales(of: slot)
        guard let time = VenueTime.timestamp(try row.member("time").integer()) else {
            throw .overflow
        }
        return AccountFill(
            instrument: InstrumentIndex(slot), tradeID: TradeID(try row.member("id").count64()),
            venueOrderID: VenueOrderID(try row.member("orderId").integer()),
            price: Price(raw: try row.member("price").magnitude(scale: Int(scales.price))),
            quantity: Quantity(raw: try row.member("qty").magnitude(scale: Int(scales.quantity))),
            commission: try row.member("commission").decimal(scale: 8),
            commissionAsset: try decoder.asset(try row.member("commissionAsset")),
            side: try row.member("isBuyer").boolean() ? .buy : .sell,
            isMaker: try row.member("isMaker").boolean(), venueTime: time)
    }
}
