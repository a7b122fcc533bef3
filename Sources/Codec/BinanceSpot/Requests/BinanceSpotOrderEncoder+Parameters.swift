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
            writer.add("cancelReplaceMode", "STOP_ON_FAILURE")
            try writeOrder(request, instrument, time, to: &writer)
        case .cancel, .query:
            write("origClientOrderId", request.clientOrderID, to: &writer)
            writeReference(instrument, time, to: &writer)
        case .cancelAll:
            writeReference(instrument, time, to: &writer)
        }
        parameters = writer
    }

    /// `newClientOrderId` to `type`.
    @inline(__always)
    private func writeOrder(
        _ request: OrderRequest, _ instrument: UnsafePointer<InstrumentText>, _ time: Timestamp,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        write("newClientOrderId", request.clientOrderID, to: &writer)
        writer.add("newOrderRespType", "ACK")
        try writeAmounts(request, instrument, to: &writer)
        writer.add("recvWindow", number: receiveWindow)
        switch request.side {
        case .buy: writer.add("side", "BUY")
        case .sell: writer.add("side", "SELL")
        }
        writeSymbol(instrument, to: &writer)
        if case .limit = request.type {
            switch request.timeInForce {
            case .gtc: writer.add("timeInForce", "GTC")
            case .ioc: writer.add("timeInForce", "IOC")
            case .fok: writer.add("timeInForce", "FOK")
            case .none: throw .unsupportedOrder
            }
        }
        writeTime(time, to: &writer)
        switch request.type {
        case .limit: writer.add("type", "LIMIT")
        case .limitMaker: writer.add("type", "LIMIT_MAKER")
        case .market: writer.add("type", "MARKET")
        default: throw .unsupportedOrder
        }
    }

    /// `price`, `quantity`, `quoteOrderQty`: what the type takes.
    @inline(__always)
    private func writeAmounts(
        _ request: OrderRequest, _ instrument: UnsafePointer<InstrumentText>,
        to writer: inout ParameterWriter
    ) throws(EncodeFailure) {
        let text = instrument.pointee
        if case .market = request.type {
            if request.quoteQuantity.raw > 0 {
                // An amount of quote asset: eight decimals are the venue's most.
                guard
                    writer.add(
                        "quoteOrderQty", request.quoteQuantity.raw, scale: text.priceScale,
                        decimals: min(text.priceScale, 8))
                else { throw .unprintableQuantity }
                return
            }
        } else {
            guard request.price.raw > 0,
                writer.add(
                    "price", request.price.raw, scale: text.priceScale,
                    decimals: text.priceDecimals)
            else { throw .unprintablePrice }
        }
        guard request.quantity.raw > 0,
            writer.add(
                "quantity", request.quantity.raw, scale: text.quantityScale,
                decimals: text.quantityDecimals)
        else { throw .unprintableQuantity }
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

    @inline(__always)
    private func writeSymbol(
        _ instrument: UnsafePointer<InstrumentText>, to writer: inout ParameterWriter
    ) {
        let bytes = UnsafeRawPointer(instrument).assumingMemoryBound(to: UInt8.self)
        writer.add("symbol", bytes, count: Int(instrument.pointee.symbolCount))
    }

    @inline(__always)
    private func writeTime(_ time: Timestamp, to writer: inout ParameterWriter) {
        writer.add("timestamp", number: UInt64(truncatingIfNeeded: max(time.milliseconds, 0)))
    }

    @inline(__always)
    private func write(
        _ name: StaticString, _ id: ClientOrderID, to writer: inout ParameterWriter
    ) {
        writer.begin(name, isQuoted: true)
        id.writeText(to: writer.text.position)
        writer.text.position += ClientOrderID.textCount
        writer.endQuoted()
    }
}
