import MarketModel

/// One element of exchangeInfo's `symbols`.
struct SymbolRow {
    var symbol = JSONValue.absent
    private var status = JSONValue.absent
    private var base = JSONValue.absent
    private var quote = JSONValue.absent
    private var orderTypes = JSONValue.absent
    private var isIcebergAllowed = JSONValue.absent
    private var isQuoteQuantityAllowed = JSONValue.absent
    private var isCancelReplaceAllowed = JSONValue.absent
    private var isAmendAllowed = JSONValue.absent
    private var isTrailingAllowed = JSONValue.absent
    private var isOCOAllowed = JSONValue.absent
    private var isOTOAllowed = JSONValue.absent
    private var preventionModes = JSONValue.absent
    private var isSpotTradingAllowed = JSONValue.absent
    private var filters = JSONValue.absent

    init(_ scanner: inout JSONScanner) throws(DecodeFailure) {
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            switch key.string {
            case "symbol": symbol = value
            case "status": status = value
            case "baseAsset": base = value
            case "quoteAsset": quote = value
            case "orderTypes": orderTypes = value
            case "icebergAllowed": isIcebergAllowed = value
            case "quoteOrderQtyMarketAllowed": isQuoteQuantityAllowed = value
            case "cancelReplaceAllowed": isCancelReplaceAllowed = value
            case "amendAllowed": isAmendAllowed = value
            case "allowTrailingStop": isTrailingAllowed = value
            case "ocoAllowed": isOCOAllowed = value
            case "otoAllowed": isOTOAllowed = value
            case "allowedSelfTradePreventionModes": preventionModes = value
            case "isSpotTradingAllowed": isSpotTradingAllowed = value
            case "filters": filters = value
            default: break
            }
        }
    }

    /// The instrument, its indexes still `none`.
    func instrument(unknownFilters: inout Set<String>) throws(DecodeFailure) -> Instrument {
        var rules = SymbolRules()
        var scanner = try JSONScanner(filters)
        try scanner.enterArray()
        while try scanner.nextElement() {
            let filter = try scanner.value()
            // The documents' skeleton shows an empty object.
            guard let type = try filter.member("filterType").string else { continue }
            if !(try rules.read(filter, type: type)) { unknownFilters.insert(type) }
        }
        var instrument = Instrument(
            symbol: try Self.name(symbol), base: try Self.name(base), quote: try Self.name(quote),
            index: .none, baseAsset: .none, quoteAsset: .none,
            quantityScale: rules.quantityScale)
        instrument.status = try tradingStatus()
        instrument.features = try features()
        instrument.selfTradePreventionModes = try selfTradePreventionModes()
        try rules.apply(to: &instrument)
        return instrument
    }

    private static func name(_ value: JSONValue) throws(DecodeFailure) -> ShortName {
        guard let text = value.string else { throw value.isAbsent ? .missingKey : .wrongType }
        guard !text.isEmpty, let name = ShortName(text) else { throw .invalidText }
        return name
    }

    /// A status that this engine does not know is taken for a halt.
    private func tradingStatus() throws(DecodeFailure) -> InstrumentStatus {
        if isSpotTradingAllowed.isPresent, !(try isSpotTradingAllowed.boolean()) { return .halted }
        switch status.string {
        case "TRADING": return .trading
        case "CANCEL_ONLY": return .cancelOnly
        default: return .halted
        }
    }

    private func features() throws(DecodeFailure) -> InstrumentFeatures {
        var features: InstrumentFeatures = []
        var scanner = try JSONScanner(orderTypes)
        try scanner.enterArray()
        while try scanner.nextElement() {
            switch try scanner.value().string {
            case "LIMIT": features.insert(.limit)
            case "LIMIT_MAKER": features.insert(.limitMaker)
            case "MARKET": features.insert(.market)
            case "STOP_LOSS": features.insert(.stopLoss)
            case "STOP_LOSS_LIMIT": features.insert(.stopLossLimit)
            case "TAKE_PROFIT": features.insert(.takeProfit)
            case "TAKE_PROFIT_LIMIT": features.insert(.takeProfitLimit)
            default: break
            }
        }
        if try Self.isSet(isQuoteQuantityAllowed) { features.insert(.quoteQuantityMarket) }
        if try Self.isSet(isCancelReplaceAllowed) { features.insert(.cancelReplace) }
        if try Self.isSet(isAmendAllowed) { features.insert(.amend) }
        if try Self.isSet(isIcebergAllowed) { features.insert(.iceberg) }
        if try Self.isSet(isTrailingAllowed) { features.insert(.trailingStop) }
        if try Self.isSet(isOCOAllowed) { features.insert(.oneCancelsOther) }
        if try Self.isSet(isOTOAllowed) { features.insert(.oneTriggersOther) }
        return features
    }

    private func selfTradePreventionModes() throws(DecodeFailure) -> UInt8 {
        guard preventionModes.isPresent else { return 0 }
        var modes: UInt8 = 0
        var scanner = try JSONScanner(preventionModes)
        try scanner.enterArray()
        while try scanner.nextElement() {
            switch try scanner.value().string {
            case "NONE": modes |= SelfTradePrevention.none.bit
            case "EXPIRE_TAKER": modes |= SelfTradePrevention.expireTaker.bit
            case "EXPIRE_MAKER": modes |= SelfTradePrevention.expireMaker.bit
            case "EXPIRE_BOTH": modes |= SelfTradePrevention.expireBoth.bit
            case "DECREMENT": modes |= SelfTradePrevention.decrement.bit
            case "TRANSFER": modes |= SelfTradePrevention.transfer.bit
            default: break
            }
        }
        return modes
    }

    private static func isSet(_ value: JSONValue) throws(DecodeFailure) -> Bool {
        value.isPresent ? try value.boolean() : false
    }
}
