import MarketModel

// The fast reader of the one account message that comes in volume, executionReport: guesses the
// documented key order, verifies it, and leaves everything else to the general reader.

extension BinanceSpotAccountDecoder {
    /// Reads a report in the documented wrapper and order into `frame`; false for every other
    /// message.
    @_noLocks
    func decodeInDocumentedOrder(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout AccountFrame
    ) -> Bool {
        var reader = OrderedReader(bytes, count)
        guard reader.skip(#"{"subscriptionId":"#), reader.integer() >= 0,
            reader.skip(#","event":{"e":"#), reader.skip(#""executionReport","E":"#),
            reader.integer() >= 0, reader.skip(#","s":""#)
        else { return false }
        let slot = reader.name(in: directory.symbols)
        guard slot != NameTable.none, reader.skip(#"","c":""#) else { return false }
        let scales = directory.scales(of: slot)
        guard let requestID = ownID(&reader), reader.skip(#"","S":""#),
            let side = Self.side(&reader), reader.skip(#","o":""#),
            let type = Self.orderType(&reader), reader.skip(#","f":""#),
            let timeInForce = Self.timeInForce(&reader), reader.skip(#","q":""#)
        else { return false }
        let quantity = reader.decimal(scale: scales.quantity)
        guard quantity >= 0, reader.skip(#"","p":""#) else { return false }
        let price = reader.decimal(scale: scales.price)
        guard price >= 0, reader.skip(#"","P":""#), reader.plainText() >= 0,
            reader.skip(#"","F":""#), reader.plainText() >= 0, reader.skip(#"","g":"#),
            Self.skipNumber(&reader), reader.skip(#","C":""#), reader.position < reader.end
        else { return false }
        // For a cancel or an amendment `c` is the id of that request and `C` the order's.
        var id = requestID
        if reader.position.pointee != UInt8(ascii: "\"") {
            guard let original = ownID(&reader) else { return false }
            id = original
        }
        guard reader.skip(#"","x":""#), let execution = Self.executionType(&reader),
            reader.skip(#","X":""#), let status = Self.status(&reader),
            reader.skip(#","r":""#), reader.plainText() >= 0, reader.skip(#"","i":"#)
        else { return false }
        let venueID = reader.integer()
        guard venueID >= 0 else { return false }
        var report = ExecutionReport(
            instrument: InstrumentIndex(slot), clientOrderID: id,
            venueOrderID: VenueOrderID(venueID), executionType: execution, status: status,
            side: side, type: type, timeInForce: timeInForce, price: Price(raw: price),
            quantity: Quantity(raw: quantity))
        report.receiveTime = receiveTime
        guard readTrade(&reader, scales.price, scales.quantity, &report),
            readRest(&reader, scales.price, &report)
        else { return false }
        frame = .execution(report)
        return true
    }

    /// `l` to `t`, and the number of a prevented match, which says nothing here.
    @inline(__always)
    private func readTrade(
        _ reader: inout OrderedReader, _ priceScale: UInt8, _ quantityScale: UInt8,
        _ report: inout ExecutionReport
    ) -> Bool {
        guard reader.skip(#","l":""#) else { return false }
        let lastQuantity = reader.decimal(scale: quantityScale)
        guard lastQuantity >= 0, reader.skip(#"","z":""#) else { return false }
        let cumulative = reader.decimal(scale: quantityScale)
        guard cumulative >= 0, reader.skip(#"","L":""#) else { return false }
        let lastPrice = reader.decimal(scale: priceScale)
        guard lastPrice >= 0, reader.skip(#"","n":""#) else { return false }
        report.lastQuantity = Quantity(raw: lastQuantity)
        report.cumulativeQuantity = Quantity(raw: cumulative)
        report.lastPrice = Price(raw: lastPrice)
        if !reader.skip(#"0","N":"#) {
            report.commission = reader.decimal(scale: 8)
            guard report.commission >= 0, reader.skip(#"","N":"#) else { return false }
        }
        if !reader.skip("null") {
            guard reader.skip("\"") else { return false }
            let asset = reader.name(in: directory.assets)
            guard asset != NameTable.none, reader.skip("\"") else { return false }
            report.commissionAsset = AssetIndex(asset)
        }
        guard reader.skip(#","T":"#), let time = VenueTime.timestamp(reader.integer()),
            reader.skip(#","t":"#)
        else { return false }
        report.venueTime = time
        if reader.skip("-1") {
            report.tradeID = .none
        } else {
            let trade = reader.integer()
            guard trade >= 0 else { return false }
            report.tradeID = TradeID(trade)
        }
        return !reader.skip(#","v":"#) || reader.integer() >= 0
    }

    /// `I` to the end.
    @inline(__always)
    private func readRest(
        _ reader: inout OrderedReader, _ priceScale: UInt8, _ report: inout ExecutionReport
    ) -> Bool {
        guard reader.skip(#","I":"#) else { return false }
        report.executionID = reader.integer()
        guard report.executionID >= 0, reader.skip(#","w":"#) else { return false }
        let isWorking = reader.boolean()
        guard isWorking >= 0, reader.skip(#","m":"#) else { return false }
        let isMaker = reader.boolean()
        guard isMaker >= 0, reader.skip(#","M":"#), reader.boolean() >= 0,
            reader.skip(#","O":"#), reader.integer() >= 0, reader.skip(#","Z":""#)
        else { return false }
        report.isWorking = isWorking == 1
        report.isMaker = isMaker == 1
        let quote = reader.decimal(scale: priceScale)
        guard quote >= 0, reader.skip("\"") else { return false }
        report.cumulativeQuote = Price(raw: quote)
        // Older forms end earlier.
        if reader.skip(#","Y":""#), !Self.skipText(&reader) { return false }
        if reader.skip(#","Q":""#), !Self.skipText(&reader) { return false }
        if reader.skip(#","W":"#), reader.integer() < 0 { return false }
        if reader.skip(#","V":""#), !Self.skipText(&reader) { return false }
        return reader.finishes(isCombined: true)
    }

    // MARK: - Words, with their closing quote

    /// An id of ours, or `none` for a plain text of another client; up to the closing quote.
    @inline(__always)
    private func ownID(_ reader: inout OrderedReader) -> ClientOrderID? {
        let start = reader.position
        let count = reader.plainText()
        return count < 0 ? nil : ClientOrderID.read(start, count: count)
    }

    @inline(__always)
    private static func side(_ reader: inout OrderedReader) -> Side? {
        if reader.skip(#"BUY""#) { return .buy }
        return reader.skip(#"SELL""#) ? .sell : nil
    }

    @inline(__always)
    private static func orderType(_ reader: inout OrderedReader) -> OrderType? {
        if reader.skip(#"LIMIT""#) { return .limit }
        if reader.skip(#"LIMIT_MAKER""#) { return .limitMaker }
        return reader.skip(#"MARKET""#) ? .market : nil
    }

    @inline(__always)
    private static func timeInForce(_ reader: inout OrderedReader) -> TimeInForce? {
        if reader.skip(#"GTC""#) { return .gtc }
        if reader.skip(#"IOC""#) { return .ioc }
        return reader.skip(#"FOK""#) ? .fok : nil
    }

    @inline(__always)
    private static func executionType(_ reader: inout OrderedReader) -> ExecutionType? {
        if reader.skip(#"NEW""#) { return .new }
        if reader.skip(#"TRADE""#) { return .trade }
        if reader.skip(#"CANCELED""#) { return .canceled }
        return reader.skip(#"EXPIRED""#) ? .expired : nil
    }

    @inline(__always)
    private static func status(_ reader: inout OrderedReader) -> VenueOrderStatus? {
        if reader.skip(#"NEW""#) { return .new }
        if reader.skip(#"FILLED""#) { return .filled }
        if reader.skip(#"PARTIALLY_FILLED""#) { return .partiallyFilled }
        if reader.skip(#"CANCELED""#) { return .canceled }
        return reader.skip(#"EXPIRED""#) ? .expired : nil
    }
}
