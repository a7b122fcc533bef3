import MarketModel

// The parameters of each kind of request, in the order of their names.

extension BinanceSpotOrderEncoder {
    @_noLocks
    func write(
        _ request: OrderRequest, _ time: Timestamp, to parameters: inout ParameterWriter
    ) throws(EncodeFailure) {
        guard request.instrument.slot < instrumentCount else { throw .unknownInstrument }
        let instrument = instruments + request.instrument.slot
        guard instrument.pointee.symbolCount > 0 else { throw .unknownInstrument }
        // A local copy stays in registers; the caller's is written once.
        var writer = parameters
        if apiKeyCount > 0 { writer.add("apiKey", apiKey, count: apiKeyCount) }
        switch request.kind {
        case .place:
            try writeOrder(request, instrument, time, to: &writer)
        case .cancelReplace:
            write("cancelOrigClientOrderId", request.replacedOrderID, to: &writer)
            if request.mayKeepReplaced {
                writer.add("cancelReplaceMode", "ALLOW_FAILURE")
            } else {
                writer.add("cancelReplaceMode", "STOP_ON_FAILURE")
            }
            writeRestriction(request.restriction, to: &writer)
            try writeOrder(request, instrument, time, to: &writer)
        case .cancel, .query:
            if case .cancel = request.kind { writeRestriction(request.restriction, to: &writer) }
            if request.clientOrderID.isClaimed {
                let order = request.clientOrderID.claimedOrder
                writer.add("orderId", number: UInt64(bitPattern: order.raw))
            } else {
                write("origClientOrderId", request.clientOrderID, to: &writer)
            }
            writeReference(instrument, time, to: &writer)
        case .cancelAll:
            writeReference(instrument, time, to: &writer)
        case .amend:
            // Its own id again: the order keeps it.
            write("newClientOrderId", request.clientOrderID, to: &writer)
            try write("", "newQty", request.quantity, instrument, to: &writer)
            write("origClientOrderId", request.clientOrderID, to: &writer)
            writeReference(instrument, time, to: &writer)
        case .placeLeg: throw .unsupportedOrder
        }
        parameters = writer
    }

    /// `icebergQty` to `type`.
    @inline(__always)
    private func writeOrder(
        _ request: OrderRequest, _ instrument: UnsafePointer<InstrumentText>, _ time: Timestamp,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        let isSpecial = !request.terms.isNone
        if isSpecial, request.terms.icebergQuantity.raw > 0 {
            try write("", "icebergQty", request.terms.icebergQuantity, instrument, to: &writer)
        }
        write("newClientOrderId", request.clientOrderID, to: &writer)
        writer.add("newOrderRespType", "ACK")
        if case .cancelReplace = request.kind, request.cancelsAtLimit {
            writer.add("orderRateLimitExceededMode", "CANCEL_ONLY")
        }
        try writeAmounts(request, instrument, to: &writer)
        writer.add("recvWindow", number: receiveWindow)
        if isSpecial {
            writeSelfTradePrevention(request.terms.selfTradePrevention, to: &writer)
        }
        switch request.side {
        case .buy: writer.add("side", "BUY")
        case .sell: writer.add("side", "SELL")
        }
        if isSpecial, request.terms.stopPrice.raw > 0 {
            try write("", "stopPrice", request.terms.stopPrice, instrument, to: &writer)
        }
        writeStrategy("", "strategyId", "strategyType", request, to: &writer)
        writeSymbol(instrument, to: &writer)
        if request.type.takesTimeInForce {
            switch request.timeInForce {
            case .gtc: writer.add("timeInForce", "GTC")
            case .ioc: writer.add("timeInForce", "IOC")
            case .fok: writer.add("timeInForce", "FOK")
            case .none: throw .unsupportedOrder
            }
        }
        writeTime(time, to: &writer)
        if isSpecial, request.terms.trailingDelta > 0 {
            writer.add("trailingDelta", number: UInt64(request.terms.trailingDelta))
        }
        switch request.type {
        case .limit: writer.add("type", "LIMIT")
        case .limitMaker: writer.add("type", "LIMIT_MAKER")
        case .market: writer.add("type", "MARKET")
        case .stopLoss: writer.add("type", "STOP_LOSS")
        case .stopLossLimit: writer.add("type", "STOP_LOSS_LIMIT")
        case .takeProfit: writer.add("type", "TAKE_PROFIT")
        case .takeProfitLimit: writer.add("type", "TAKE_PROFIT_LIMIT")
        }
    }

    @inline(__always)
    private func writeRestriction(
        _ restriction: CancelRestriction, to writer: inout ParameterWriter
    ) {
        switch restriction {
        case .none: break
        case .onlyNew: writer.add("cancelRestrictions", "ONLY_NEW")
        case .onlyPartiallyFilled: writer.add("cancelRestrictions", "ONLY_PARTIALLY_FILLED")
        }
    }

    /// Whose order it is, where orders say so.
    @inline(__always) @_noLocks
    func writeStrategy(
        _ prefix: StaticString, _ number: StaticString, _ type: StaticString,
        _ request: OrderRequest, to writer: inout ParameterWriter
    ) {
        if strategyType == 0 || request.strategy == .none { return }
        writer.begin(prefix, number, isQuoted: false)
        writer.text.write(UInt64(request.strategy.raw) &+ 1)
        writer.begin(prefix, type, isQuoted: false)
        writer.text.write(strategyType)
    }

    @_noLocks
    func writeSelfTradePrevention(
        _ mode: SelfTradePrevention, to writer: inout ParameterWriter
    ) {
        switch mode {
        case .venueDefault: break
        case .none: writer.add("selfTradePreventionMode", "NONE")
        case .expireTaker: writer.add("selfTradePreventionMode", "EXPIRE_TAKER")
        case .expireMaker: writer.add("selfTradePreventionMode", "EXPIRE_MAKER")
        case .expireBoth: writer.add("selfTradePreventionMode", "EXPIRE_BOTH")
        case .decrement: writer.add("selfTradePreventionMode", "DECREMENT")
        case .transfer: writer.add("selfTradePreventionMode", "TRANSFER")
        }
    }

    /// A price under a name in two parts: `above` and `Price`.
    @inline(__always) @_noLocks
    func write(
        _ prefix: StaticString, _ name: StaticString, _ price: Price,
        _ instrument: UnsafePointer<InstrumentText>, to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        guard price.raw > 0,
            writer.add(
                prefix, name, price.raw, scale: instrument.pointee.priceScale,
                decimals: instrument.pointee.priceDecimals)
        else { throw .unprintablePrice }
    }

    @inline(__always) @_noLocks
    func write(
        _ prefix: StaticString, _ name: StaticString, _ quantity: Quantity,
        _ instrument: UnsafePointer<InstrumentText>, to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        guard quantity.raw > 0,
            writer.add(
                prefix, name, quantity.raw, scale: instrument.pointee.quantityScale,
                decimals: instrument.pointee.quantityDecimals)
        else { throw .unprintableQuantity }
    }

    /// `price`, `quantity`, `quoteOrderQty`: what the type takes.
    @inline(__always)
    private func writeAmounts(
        _ request: OrderRequest, _ instrument: UnsafePointer<InstrumentText>,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        let text = instrument.pointee
        if request.terms.quoteQuantity.raw > 0 {
            // An amount of quote asset: eight decimals are the venue's most.
            guard case .market = request.type,
                writer.add(
                    "", "quoteOrderQty", request.terms.quoteQuantity.raw, scale: text.priceScale,
                    decimals: min(text.priceScale, 8))
            else { throw .unprintableQuantity }
            return
        }
        if request.type.isPriced {
            try write("", "price", request.price, instrument, to: &writer)
        }
        try write("", "quantity", request.quantity, instrument, to: &writer)
    }

    /// `recvWindow`, `symbol`, `timestamp`: a request about orders that exist.
    @inline(__always)
    private func writeReference(
        _ instrument: UnsafePointer<InstrumentText>, _ time: Timestamp,
        to writer: inout ParameterWriter
    ) {
        writer.add("recvWindow", number: receiveWindow)
        writeSymbol(instrument, to: &writer)
        writeTime(time, to: &writer)
    }

    @inline(__always) @_noLocks
    func writeSymbol(
        _ instrument: UnsafePointer<InstrumentText>, to writer: inout ParameterWriter
    ) {
        let bytes = UnsafeRawPointer(instrument).assumingMemoryBound(to: UInt8.self)
        writer.add("symbol", bytes, count: Int(instrument.pointee.symbolCount))
    }

    @inline(__always) @_noLocks
    func writeTime(_ time: Timestamp, to writer: inout ParameterWriter) {
        writer.add("timestamp", number: UInt64(truncatingIfNeeded: max(time.milliseconds, 0)))
    }

    @inline(__always) @_noLocks
    func write(
        _ name: StaticString, _ id: ClientOrderID, to writer: inout ParameterWriter
    ) {
        write("", name, id, to: &writer)
    }

    @inline(__always) @_noLocks
    func write(
        _ prefix: StaticString, _ name: StaticString, _ id: ClientOrderID,
        to writer: inout ParameterWriter
    ) {
        writer.begin(prefix, name, isQuoted: true)
        id.writeText(to: writer.text.position)
        writer.text.position += ClientOrderID.textCount
        writer.endQuoted()
    }
}
