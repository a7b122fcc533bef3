import MarketModel

// The fast reader: guesses the documented key order, verifies it, gives up at the first surprise.

extension BinanceSpotMarketDecoder {
    /// Reads a message in the documented form into `frame`; false for every other message.
    ///
    /// Results go where they are wanted: a frame is ten words, and each return would copy it.
    @_noLocks @inline(__always)
    func decodeInDocumentedOrder(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout MarketFrame
    ) -> Bool {
        var reader = OrderedReader(bytes, count)
        var streamCount = 0
        let isCombined = reader.skip(#"{"stream":""#)
        let stream = reader.position
        if isCombined {
            streamCount = reader.plainText(isStream: true)
            guard streamCount >= 0, reader.skip(#"","data":"#) else { return false }
        }
        if reader.skip(#"{"u":"#) {
            return top(reader, isCombined, receiveTime, &frame)
        }
        if reader.skip(#"{"e":"trade","E":"#) {
            return trade(reader, isCombined, receiveTime, &frame)
        }
        if reader.skip(#"{"e":"depthUpdate","E":"#) {
            return depth(reader, isCombined, receiveTime, &frame)
        }
        if reader.skip(#"{"e":"aggTrade","E":"#) {
            return aggregateTrade(reader, isCombined, receiveTime, &frame)
        }
        if reader.skip(#"{"e":"kline","E":"#) {
            return candle(reader, isCombined, receiveTime, &frame)
        }
        if reader.skip(#"{"lastUpdateId":"#) {
            let slot =
                isCombined
                ? directory.slot(ofStream: stream, count: streamCount) : soleInstrument.raw
            return partialDepth(reader, slot, isCombined, receiveTime, &frame)
        }
        return false
    }

    @inline(__always)
    private func trade(
        _ cursor: OrderedReader, _ isCombined: Bool, _ receiveTime: Timestamp,
        _ frame: inout MarketFrame
    ) -> Bool {
        var reader = cursor
        guard reader.integer() >= 0, reader.skip(#","s":""#) else { return false }
        let slot = reader.name(in: directory.symbols)
        guard slot != NameTable.none, reader.skip(#"","t":"#) else { return false }
        let scales = directory.scales(of: slot)
        let id = reader.integer()
        guard id >= 0, reader.skip(#","p":""#) else { return false }
        let price = reader.decimal(scale: scales.price)
        guard price >= 0, reader.skip(#"","q":""#) else { return false }
        let quantity = reader.decimal(scale: scales.quantity)
        guard quantity >= 0, reader.skip(#"","T":"#) else { return false }
        guard let time = VenueTime.timestamp(reader.integer()), reader.skip(#","m":"#) else {
            return false
        }
        let isBuyerMaker = reader.boolean()
        guard isBuyerMaker >= 0, endsTrade(&reader, isCombined) else { return false }
        frame = .trade(
            Trade(
                instrument: InstrumentIndex(slot), id: TradeID(id), price: Price(raw: price),
                quantity: Quantity(raw: quantity),
                aggressor: Self.aggressor(isBuyerMaker: isBuyerMaker == 1), venueTime: time,
                receiveTime: receiveTime))
        return true
    }

    @inline(__always)
    private func aggregateTrade(
        _ cursor: OrderedReader, _ isCombined: Bool, _ receiveTime: Timestamp,
        _ frame: inout MarketFrame
    ) -> Bool {
        var reader = cursor
        guard reader.integer() >= 0, reader.skip(#","s":""#) else { return false }
        let slot = reader.name(in: directory.symbols)
        guard slot != NameTable.none, reader.skip(#"","a":"#) else { return false }
        let scales = directory.scales(of: slot)
        let id = reader.integer()
        guard id >= 0, reader.skip(#","p":""#) else { return false }
        let price = reader.decimal(scale: scales.price)
        guard price >= 0, reader.skip(#"","q":""#) else { return false }
        let quantity = reader.decimal(scale: scales.quantity)
        guard quantity >= 0, reader.skip(#"","f":"#) else { return false }
        let first = reader.integer()
        guard first >= 0, reader.skip(#","l":"#) else { return false }
        guard let count = Self.tradeCount(first: first, last: reader.integer()),
            reader.skip(#","T":"#), let time = VenueTime.timestamp(reader.integer()),
            reader.skip(#","m":"#)
        else { return false }
        let isBuyerMaker = reader.boolean()
        guard isBuyerMaker >= 0, endsTrade(&reader, isCombined) else { return false }
        frame = .trade(
            Trade(
                instrument: InstrumentIndex(slot), id: TradeID(id), price: Price(raw: price),
                quantity: Quantity(raw: quantity),
                aggressor: Self.aggressor(isBuyerMaker: isBuyerMaker == 1), venueTime: time,
                receiveTime: receiveTime, count: count, isAggregate: true))
        return true
    }

    /// `M` carries no meaning and may be gone.
    @inline(__always)
    private func endsTrade(_ reader: inout OrderedReader, _ isCombined: Bool) -> Bool {
        if reader.skip(#","M":"#), reader.boolean() < 0 { return false }
        return reader.finishes(isCombined: isCombined)
    }

    @inline(__always)
    private func top(
        _ cursor: OrderedReader, _ isCombined: Bool, _ receiveTime: Timestamp,
        _ frame: inout MarketFrame
    ) -> Bool {
        var reader = cursor
        let updateID = reader.integer()
        guard updateID >= 0, reader.skip(#","s":""#) else { return false }
        let slot = reader.name(in: directory.symbols)
        guard slot != NameTable.none, reader.skip(#"","b":""#) else { return false }
        let scales = directory.scales(of: slot)
        let bidPrice = reader.decimal(scale: scales.price)
        guard bidPrice >= 0, reader.skip(#"","B":""#) else { return false }
        let bidQuantity = reader.decimal(scale: scales.quantity)
        guard bidQuantity >= 0, reader.skip(#"","a":""#) else { return false }
        let askPrice = reader.decimal(scale: scales.price)
        guard askPrice >= 0, reader.skip(#"","A":""#) else { return false }
        let askQuantity = reader.decimal(scale: scales.quantity)
        guard askQuantity >= 0, reader.skip("\""), reader.finishes(isCombined: isCombined) else {
            return false
        }
        frame = .top(
            TopOfBook(
                instrument: InstrumentIndex(slot), updateID: updateID,
                bidPrice: Price(raw: bidPrice), bidQuantity: Quantity(raw: bidQuantity),
                askPrice: Self.askPrice(askPrice), askQuantity: Quantity(raw: askQuantity),
                venueTime: .unknown, receiveTime: receiveTime))
        return true
    }

    @inline(__always)
    private func depth(
        _ cursor: OrderedReader, _ isCombined: Bool, _ receiveTime: Timestamp,
        _ frame: inout MarketFrame
    ) -> Bool {
        var reader = cursor
        guard let time = VenueTime.timestamp(reader.integer()), reader.skip(#","s":""#) else {
            return false
        }
        let slot = reader.name(in: directory.symbols)
        guard slot != NameTable.none, reader.skip(#"","U":"#) else { return false }
        let scales = directory.scales(of: slot)
        let first = reader.integer()
        guard first >= 0, reader.skip(#","u":"#) else { return false }
        let last = reader.integer()
        guard last >= 0, reader.skip(#","b":"#) else { return false }
        let bids = side(&reader, after: 0, scales)
        guard bids >= 0, reader.skip(#","a":"#) else { return false }
        let total = side(&reader, after: bids, scales)
        guard total >= 0, reader.finishes(isCombined: isCombined) else { return false }
        frame = .depth(
            DepthHeader(
                instrument: InstrumentIndex(slot), isSnapshot: false, firstUpdateID: first,
                lastUpdateID: last, bidCount: UInt32(truncatingIfNeeded: bids),
                askCount: UInt32(truncatingIfNeeded: total &- bids), venueTime: time,
                receiveTime: receiveTime))
        return true
    }

    @inline(__always)
    private func partialDepth(
        _ cursor: OrderedReader, _ slot: UInt16, _ isCombined: Bool,
        _ receiveTime: Timestamp, _ frame: inout MarketFrame
    ) -> Bool {
        var reader = cursor
        let id = reader.integer()
        guard slot != NameTable.none, id >= 0, reader.skip(#","bids":"#) else { return false }
        let scales = directory.scales(of: slot)
        let bids = side(&reader, after: 0, scales)
        guard bids >= 0, reader.skip(#","asks":"#) else { return false }
        let total = side(&reader, after: bids, scales)
        guard total >= 0, reader.finishes(isCombined: isCombined) else { return false }
        frame = .depth(
            DepthHeader(
                instrument: InstrumentIndex(slot), isSnapshot: true, firstUpdateID: id,
                lastUpdateID: id, bidCount: UInt32(truncatingIfNeeded: bids),
                askCount: UInt32(truncatingIfNeeded: total &- bids), venueTime: .unknown,
                receiveTime: receiveTime))
        return true
    }

    /// `[["price","quantity"],...]` to the scratch from index `start`; the index after the last
    /// level, or -1 when the form differs or the scratch is full.
    private func side(
        _ cursor: inout OrderedReader, after start: Int, _ scales: InstrumentScales
    ) -> Int {
        var reader = cursor
        var index = start
        if reader.skip("[]") {
            cursor = reader
            return index
        }
        guard reader.skip("[[\"") else { return -1 }
        while true {
            let price = reader.decimal(scale: scales.price)
            guard price >= 0, reader.skip("\",\"") else { return -1 }
            let quantity = reader.decimal(scale: scales.quantity)
            guard quantity >= 0, index < levelCapacity else { return -1 }
            levels[index] = BookLevel(
                price: Price(raw: price), quantity: Quantity(raw: quantity))
            index &+= 1
            if reader.skip("\"],[\"") { continue }
            guard reader.skip("\"]]") else { return -1 }
            cursor = reader
            return index
        }
    }

    @inline(never)
    private func candle(
        _ cursor: OrderedReader, _ isCombined: Bool, _ receiveTime: Timestamp,
        _ frame: inout MarketFrame
    ) -> Bool {
        var reader = cursor
        guard reader.integer() >= 0, reader.skip(#","s":""#) else { return false }
        let slot = reader.name(in: directory.symbols)
        guard slot != NameTable.none, reader.skip(#"","k":{"t":"#) else { return false }
        let scales = directory.scales(of: slot)
        guard let openTime = VenueTime.timestamp(reader.integer()), reader.skip(#","T":"#),
            let closeTime = VenueTime.lastNanosecond(reader.integer()), reader.skip(#","s":""#),
            reader.name(in: directory.symbols) == slot, reader.skip(#"","i":""#),
            reader.plainText() >= 0, reader.skip(#"","f":"#), reader.integer() >= 0,
            reader.skip(#","L":"#), reader.integer() >= 0, reader.skip(#","o":""#)
        else { return false }
        let open = reader.decimal(scale: scales.price)
        guard open >= 0, reader.skip(#"","c":""#) else { return false }
        let close = reader.decimal(scale: scales.price)
        guard close >= 0, reader.skip(#"","h":""#) else { return false }
        let high = reader.decimal(scale: scales.price)
        guard high >= 0, reader.skip(#"","l":""#) else { return false }
        let low = reader.decimal(scale: scales.price)
        guard low >= 0, reader.skip(#"","v":""#) else { return false }
        let volume = reader.decimal(scale: scales.quantity)
        guard volume >= 0, reader.skip(#"","n":"#) else { return false }
        let tradeCount = reader.integer()
        guard tradeCount >= 0, reader.skip(#","x":"#) else { return false }
        let isClosed = reader.boolean()
        guard isClosed >= 0, reader.skip(#","q":""#) else { return false }
        // Money at the exact scale exceeds 64 bits; eight decimals do not, and widen exactly.
        let quoteVolume = reader.decimal(scale: 8)
        let widening = Int(scales.price) &+ Int(scales.quantity) &- 8
        guard quoteVolume >= 0, widening >= 0, widening <= 18, reader.skip(#"","V":""#) else {
            return false
        }
        let takerBuyVolume = reader.decimal(scale: scales.quantity)
        guard takerBuyVolume >= 0, reader.skip(#"","Q":""#), reader.plainText() >= 0,
            reader.skip(#"","B":""#), reader.plainText() >= 0, reader.skip("\"}"),
            reader.finishes(isCombined: isCombined)
        else { return false }
        frame = .candle(
            Candle(
                instrument: InstrumentIndex(slot), openTime: openTime, closeTime: closeTime,
                open: Price(raw: open), high: Price(raw: high), low: Price(raw: low),
                close: Price(raw: close), volume: Quantity(raw: volume),
                takerBuyVolume: Quantity(raw: takerBuyVolume),
                quoteVolume: Notional(
                    raw: Int128(quoteVolume) &* Int128(DecimalScale.power(widening))),
                tradeCount: UInt32(clamping: tradeCount), isClosed: isClosed == 1))
        return true
    }
}
