import MarketModel

// Order lists: one request that places two or three orders (binance-spot.md, section 8.3).

extension BinanceSpotOrderEncoder {
    /// Writes the requests of one list, its legs in order, as JSON; see ``encode(_:time:into:)``.
    ///
    /// The list carries the client order id of its first leg: the venue keeps the two apart.
    @_noLocks
    public func encodeList(
        _ legs: UnsafePointer<OrderRequest>, time: Timestamp,
        into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        var text = TextWriter(target)
        text.write("{\"id\":")
        text.write(legs.pointee.requestID)
        switch legs.pointee.contingency {
        case .oneCancelsOther: text.write(",\"method\":\"orderList.place.oco\",\"params\":{")
        case .oneTriggersOther: text.write(",\"method\":\"orderList.place.oto\",\"params\":{")
        case .oneTriggersPair: text.write(",\"method\":\"orderList.place.otoco\",\"params\":{")
        case .none: throw .unsupportedOrder
        }
        var parameters = ParameterWriter(text, isSigningText: false)
        try writeList(legs, time, to: &parameters)
        finish(&parameters)
        return parameters.text.count
    }

    /// The text to sign for the same list and time; see ``encodeSigningText(_:time:into:)``.
    @_noLocks
    public func encodeListSigningText(
        _ legs: UnsafePointer<OrderRequest>, time: Timestamp,
        into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        var parameters = ParameterWriter(TextWriter(target), isSigningText: true)
        try writeList(legs, time, to: &parameters)
        return parameters.text.count
    }

    private func writeList(
        _ legs: UnsafePointer<OrderRequest>, _ time: Timestamp,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        let first = legs.pointee
        guard first.instrument.slot < instrumentCount else { throw .unknownInstrument }
        let instrument = UnsafePointer(instruments + first.instrument.slot)
        guard instrument.pointee.symbolCount > 0 else { throw .unknownInstrument }
        let isPair = first.contingency == .oneCancelsOther
        if isPair { try writeLeg("above", legs[0], instrument, to: &writer) }
        if apiKeyCount > 0 { writer.add("apiKey", apiKey, count: apiKeyCount) }
        if isPair { try writeLeg("below", legs[1], instrument, to: &writer) }
        write("listClientOrderId", first.clientOrderID, to: &writer)
        writer.add("newOrderRespType", "ACK")
        switch first.contingency {
        case .oneCancelsOther:
            try write("", "quantity", first.quantity, instrument, to: &writer)
        case .oneTriggersOther:
            try writeWholeLeg("pending", legs[1], instrument, to: &writer)
        case .oneTriggersPair:
            try writeLeg("pendingAbove", legs[1], instrument, to: &writer)
            try writeLeg("pendingBelow", legs[2], instrument, to: &writer)
            try write("pending", "Quantity", legs[1].quantity, instrument, to: &writer)
            writeSide("pending", "Side", legs[1].side, to: &writer)
        case .none: throw .unsupportedOrder
        }
        writer.add("recvWindow", number: receiveWindow)
        writeSelfTradePrevention(first.terms.selfTradePrevention, to: &writer)
        if isPair { writeSide("", "side", first.side, to: &writer) }
        writeSymbol(instrument, to: &writer)
        writeTime(time, to: &writer)
        if !isPair { try writeWholeLeg("working", first, instrument, to: &writer) }
    }

    /// A leg of a pair: side and quantity stand once for both.
    private func writeLeg(
        _ prefix: StaticString, _ leg: OrderRequest, _ instrument: UnsafePointer<InstrumentText>,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        try writeHead(prefix, leg, instrument, to: &writer)
        try writeTail(prefix, leg, instrument, to: &writer)
    }

    /// A leg with a side and a quantity of its own.
    private func writeWholeLeg(
        _ prefix: StaticString, _ leg: OrderRequest, _ instrument: UnsafePointer<InstrumentText>,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        try writeHead(prefix, leg, instrument, to: &writer)
        try write(prefix, "Quantity", leg.quantity, instrument, to: &writer)
        writeSide(prefix, "Side", leg.side, to: &writer)
        try writeTail(prefix, leg, instrument, to: &writer)
    }

    /// `ClientOrderId`, `IcebergQty`, `Price`.
    private func writeHead(
        _ prefix: StaticString, _ leg: OrderRequest, _ instrument: UnsafePointer<InstrumentText>,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        write(prefix, "ClientOrderId", leg.clientOrderID, to: &writer)
        if leg.terms.icebergQuantity.raw > 0 {
            try write(
                prefix, "IcebergQty", leg.terms.icebergQuantity, instrument, to: &writer)
        }
        if leg.type.isPriced {
            try write(prefix, "Price", leg.price, instrument, to: &writer)
        }
    }

    /// `StopPrice`, `StrategyId`, `StrategyType`, `TimeInForce`, `TrailingDelta`, `Type`.
    private func writeTail(
        _ prefix: StaticString, _ leg: OrderRequest, _ instrument: UnsafePointer<InstrumentText>,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        if leg.terms.stopPrice.raw > 0 {
            try write(prefix, "StopPrice", leg.terms.stopPrice, instrument, to: &writer)
        }
        writeStrategy(prefix, "StrategyId", "StrategyType", leg, to: &writer)
        if leg.type.takesTimeInForce {
            writer.begin(prefix, "TimeInForce", isQuoted: true)
            switch leg.timeInForce {
            case .gtc: writer.text.write("GTC")
            case .ioc: writer.text.write("IOC")
            case .fok: writer.text.write("FOK")
            case .none: throw .unsupportedOrder
            }
            writer.endQuoted()
        }
        if leg.terms.trailingDelta > 0 {
            writer.begin(prefix, "TrailingDelta", isQuoted: false)
            writer.text.write(UInt64(leg.terms.trailingDelta))
        }
        writer.begin(prefix, "Type", isQuoted: true)
        switch leg.type {
        case .limit: writer.text.write("LIMIT")
        case .limitMaker: writer.text.write("LIMIT_MAKER")
        case .market: writer.text.write("MARKET")
        case .stopLoss: writer.text.write("STOP_LOSS")
        case .stopLossLimit: writer.text.write("STOP_LOSS_LIMIT")
        case .takeProfit: writer.text.write("TAKE_PROFIT")
        case .takeProfitLimit: writer.text.write("TAKE_PROFIT_LIMIT")
        }
        writer.endQuoted()
    }

    private func writeSide(
        _ prefix: StaticString, _ name: StaticString, _ side: Side,
        to writer: inout ParameterWriter
    ) {
        writer.begin(prefix, name, isQuoted: true)
        switch side {
        case .buy: writer.text.write("BUY")
        case .sell: writer.text.write("SELL")
        }
        writer.endQuoted()
    }
}
