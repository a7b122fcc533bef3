import MarketModel

// The general reader: any key order, unknown keys, whitespace, escapes.

extension BinanceSpotMarketDecoder {
    /// The record of any JSON message; `malformed` with the reason for everything else.
    @_noLocks
    func decodeInAnyOrder(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp
    ) -> MarketFrame {
        do throws(DecodeFailure) {
            var scanner = JSONScanner(bytes, count)
            if case .array = try scanner.nextKind() {
                _ = try scanner.value()
                try scanner.finish()
                return .ignored(.array)
            }
            let fields = try FrameFields(&scanner)
            try scanner.finish()
            switch fields[.data].kind {
            case .absent: return try message(fields, stream: .absent, receiveTime)
            case .array: return .ignored(.array)
            default:
                return try message(
                    try FrameFields(fields[.data]), stream: fields[.stream], receiveTime)
            }
        } catch {
            return .malformed(error)
        }
    }

    /// A depth snapshot of the REST or WebSocket API, an object with `lastUpdateId`, `bids`,
    /// `asks`; the levels go to the scratch, bids first. Cold: the keys may come in any order.
    ///
    /// - Precondition: 64 bytes after the text are readable.
    @_noLocks
    public func decodeDepthSnapshot(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, instrument: InstrumentIndex,
        receiveTime: Timestamp
    ) throws(DecodeFailure) -> DepthHeader {
        var scanner = JSONScanner(bytes, count)
        let fields = try FrameFields(&scanner)
        try scanner.finish()
        return try snapshot(fields, instrument.raw, receiveTime)
    }

    private func message(
        _ fields: FrameFields, stream: JSONValue, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> MarketFrame {
        if !fields["e"].isAbsent {
            return try event(fields, receiveTime)
        }
        if !fields["u"].isAbsent {
            return .top(try top(fields, receiveTime))
        }
        if !fields[.lastUpdateId].isAbsent {
            var slot = soleInstrument.raw
            if case .string = stream.kind, let name = stream.start {
                slot = directory.slot(ofStream: name, count: stream.count)
            }
            return .depth(try snapshot(fields, slot, receiveTime))
        }
        if !fields[.event].isAbsent {
            return try message(try FrameFields(fields[.event]), stream: .absent, receiveTime)
        }
        return try control(fields)
    }

    private func event(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> MarketFrame {
        let name = fields["e"]
        if name.equals("trade") {
            return .trade(try trade(fields, isAggregate: false, receiveTime))
        }
        if name.equals("aggTrade") {
            return .trade(try trade(fields, isAggregate: true, receiveTime))
        }
        if name.equals("depthUpdate") { return .depth(try depth(fields, receiveTime)) }
        if name.equals("kline") { return .candle(try candle(fields)) }
        if name.equals("serverShutdown") { return .serverShutdown }
        if name.equals("24hrTicker") { return .ignored(.ticker) }
        if name.equals("24hrMiniTicker") { return .ignored(.miniTicker) }
        if name.equals("1hTicker") || name.equals("4hTicker") || name.equals("1dTicker") {
            return .ignored(.windowTicker)
        }
        if name.equals("avgPrice") { return .ignored(.averagePrice) }
        if name.equals("referencePrice") { return .ignored(.referencePrice) }
        if name.equals("blockTrade") { return .ignored(.blockTrade) }
        return .ignored(.unrecognized)
    }

    private func control(_ fields: FrameFields) throws(DecodeFailure) -> MarketFrame {
        var code = fields[.code]
        if case .object = fields[.error].kind {
            code = try FrameFields(fields[.error])[.code]
        }
        let isAnswer = !fields[.result].isAbsent || !code.isAbsent
        guard isAnswer else { return .ignored(.unrecognized) }
        var id: Int64 = -1
        if case .number = fields[.id].kind { id = try fields[.id].integer() }
        guard !code.isAbsent else {
            return .acknowledged(ControlReply(id: id, isAccepted: true, code: 0))
        }
        let number = Int32(clamping: try code.integer())
        return .acknowledged(ControlReply(id: id, isAccepted: false, code: number))
    }

    private func symbol(_ fields: FrameFields) throws(DecodeFailure) -> UInt16 {
        let slot = try fields["s"].slot(in: directory.symbols)
        guard slot != NameTable.none else { throw .unknownSymbol }
        return slot
    }

    private func trade(
        _ fields: FrameFields, isAggregate: Bool, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> Trade {
        let slot = try symbol(fields)
        let scales = directory.scales(of: slot)
        var count: UInt32 = 1
        if isAggregate {
            let first = try fields["f"].integer()
            let last = try fields["l"].integer()
            guard let covered = Self.tradeCount(first: first, last: last) else {
                throw .invalidNumber
            }
            count = covered
        }
        return Trade(
            instrument: InstrumentIndex(slot),
            id: TradeID(try (isAggregate ? fields["a"] : fields["t"]).count64()),
            price: Price(raw: try fields["p"].magnitude(scale: Int(scales.price))),
            quantity: Quantity(raw: try fields["q"].magnitude(scale: Int(scales.quantity))),
            aggressor: Self.aggressor(isBuyerMaker: try fields["m"].boolean()),
            venueTime: try VenueTime.required(fields["T"]), receiveTime: receiveTime,
            count: count, isAggregate: isAggregate)
    }

    private func top(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> TopOfBook {
        let slot = try symbol(fields)
        let scales = directory.scales(of: slot)
        return TopOfBook(
            instrument: InstrumentIndex(slot), updateID: try fields["u"].count64(),
            bidPrice: Price(raw: try fields["b"].magnitude(scale: Int(scales.price))),
            bidQuantity: Quantity(raw: try fields["B"].magnitude(scale: Int(scales.quantity))),
            askPrice: Self.askPrice(try fields["a"].magnitude(scale: Int(scales.price))),
            askQuantity: Quantity(raw: try fields["A"].magnitude(scale: Int(scales.quantity))),
            venueTime: .unknown, receiveTime: receiveTime)
    }

    private func depth(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> DepthHeader {
        let slot = try symbol(fields)
        let scales = directory.scales(of: slot)
        let bids = try side(fields["b"], after: 0, scales)
        let total = try side(fields["a"], after: bids, scales)
        return DepthHeader(
            instrument: InstrumentIndex(slot), isSnapshot: false,
            firstUpdateID: try fields["U"].count64(), lastUpdateID: try fields["u"].count64(),
            bidCount: UInt32(truncatingIfNeeded: bids),
            askCount: UInt32(truncatingIfNeeded: total &- bids),
            venueTime: try VenueTime.required(fields["E"]), receiveTime: receiveTime)
    }

    private func snapshot(
        _ fields: FrameFields, _ slot: UInt16, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> DepthHeader {
        guard slot != NameTable.none else { throw .unknownSymbol }
        let scales = directory.scales(of: slot)
        let id = try fields[.lastUpdateId].count64()
        let bids = try side(fields[.bids], after: 0, scales)
        let total = try side(fields[.asks], after: bids, scales)
        return DepthHeader(
            instrument: InstrumentIndex(slot), isSnapshot: true, firstUpdateID: id,
            lastUpdateID: id, bidCount: UInt32(truncatingIfNeeded: bids),
            askCount: UInt32(truncatingIfNeeded: total &- bids), venueTime: .unknown,
            receiveTime: receiveTime)
    }

    /// Levels to the scratch from index `start`; the index after the last. Elements behind price
    /// and quantity are ignored.
    private func side(
        _ array: JSONValue, after start: Int, _ scales: InstrumentScales
    ) throws(DecodeFailure) -> Int {
        var scanner = try JSONScanner(array)
        var index = start
        try scanner.enterArray()
        while try scanner.nextElement() {
            try scanner.enterArray()
            guard try scanner.nextElement() else { throw .missingKey }
            let price = try scanner.value().magnitude(scale: Int(scales.price))
            guard try scanner.nextElement() else { throw .missingKey }
            let quantity = try scanner.value().magnitude(scale: Int(scales.quantity))
            while try scanner.nextElement() { _ = try scanner.value() }
            guard index < levelCapacity else { throw .tooManyLevels }
            levels[index] = BookLevel(
                price: Price(raw: price), quantity: Quantity(raw: quantity))
            index &+= 1
        }
        return index
    }

    private func candle(_ fields: FrameFields) throws(DecodeFailure) -> Candle {
        let slot = try symbol(fields)
        let scales = directory.scales(of: slot)
        let price = Int(scales.price)
        let quantity = Int(scales.quantity)
        let bar = try FrameFields(fields["k"])
        guard let closeTime = VenueTime.lastNanosecond(try bar["T"].integer()) else {
            throw .overflow
        }
        let quoteVolume = try bar["q"].wideDecimal(scale: price &+ quantity)
        guard quoteVolume >= 0 else { throw .invalidNumber }
        return Candle(
            instrument: InstrumentIndex(slot), openTime: try VenueTime.required(bar["t"]),
            closeTime: closeTime, open: Price(raw: try bar["o"].magnitude(scale: price)),
            high: Price(raw: try bar["h"].magnitude(scale: price)),
            low: Price(raw: try bar["l"].magnitude(scale: price)),
            close: Price(raw: try bar["c"].magnitude(scale: price)),
            volume: Quantity(raw: try bar["v"].magnitude(scale: quantity)),
            takerBuyVolume: Quantity(raw: try bar["V"].magnitude(scale: quantity)),
            quoteVolume: Notional(raw: quoteVolume),
            tradeCount: UInt32(clamping: try bar["n"].count64()),
            isClosed: try bar["x"].boolean())
    }
}
