import MarketModel

/// Turns records into JSON lines: what `apus journal cat` prints.
///
/// Every line has `seq`, `type`, `time`, and `venueTime` when it is known (ns since 1970 as
/// numbers). The other keys by type:
///
/// - instrument: `instrument` (symbol), `index`, `base`, `quote`, `priceScale`, `quantityScale`,
///   `status`, `tickSize`, `lotSize`, `minQuantity`, `maxQuantity`
/// - trade: `instrument`, `id`, `price`, `quantity`, `aggressor`, `count`, `aggregate`
/// - topOfBook: `instrument`, `updateID`, `bid`, `bidQuantity`, `ask`, `askQuantity`
/// - depth: `instrument`, `snapshot`, `first`, `last`, `bids`, `asks` (arrays of [price, quantity])
/// - candle: `instrument`, `open`, `high`, `low`, `close`, `volume`, `takerBuyVolume`,
///   `openTime`, `closeTime`, `trades`, `closed`
/// - executionReport: `instrument`, `order`, `venueOrder`, `execution`, `status`, `side`,
///   `orderType`, `timeInForce`, `price`, `quantity`, `lastPrice`, `lastQuantity`, `cumulative`,
///   `trade`, `commission`, `commissionAsset`, `maker`, `working`
/// - requestReply: `request`, `outcome`, `venueOrder`, `code`, `didCancel`,
///   `cancel`
/// - balance: `asset`, `free`, `locked`
/// - linkState: `event`, `instrument`
/// - command: `id`, `kind`, `instrument`, `strategy`, `key`, `value`
/// - timer, runStarted, runEnded, started: `at`
/// - decision: `request`, `kind`, `order`, `replaces`, `instrument`, `strategy`, `side`,
///   `orderType`, `timeInForce`, `price`, `quantity`, `reduceOnly`; where asked for `stopPrice`,
///   `trailingDelta`, `icebergQuantity`, `quoteQuantity`, `selfTradePrevention`, `list`, `leg`,
///   `mayKeepReplaced`, `restriction`, `cancelsAtLimit`
/// - sent: `request`, `requestTime`, `crc32c`
/// - configuration, note: `text`
/// - name: `kind` (asset, strategy), `index`, `name`
/// - frame: `link` (number of the connection), `text`, or `hex` of a binary one
/// - denied, snapshot, types of a newer engine, payloads that are not valid: `head`, `tail` in hexadecimal
///
/// Prices and quantities are decimal text at the instrument's scale, 8 before its record was seen.
public struct RecordText {
    private var instruments: [UInt16: Instrument] = [:]
    private var names: [JournalName: String] = [:]

    public init() {}

    /// Learns names and scales; ``line(_:)`` does so by itself.
    public mutating func learn(_ record: JournalRecordView) {
        if record.type == .name, let own = record.name {
            names[own] = record.text
            return
        }
        guard record.type == .instrument, let it = record.payload(as: Instrument.self) else {
            return
        }
        instruments[it.index.raw] = it
    }

    /// One JSON object without a line end.
    public mutating func line(_ record: JournalRecordView) -> String {
        learn(record)
        var line = JSONLine()
        line.number("seq", record.sequence)
        line.string("type", record.typeName)
        line.number("time", record.time.nanoseconds)
        if record.venueTime != .unknown { line.number("venueTime", record.venueTime.nanoseconds) }
        if !addBody(of: record, to: &line) {
            line.string("head", JSONLine.hexadecimal(record.head))
            line.string("tail", JSONLine.hexadecimal(record.tail))
        }
        return line.closed
    }

    private func addBody(of record: JournalRecordView, to line: inout JSONLine) -> Bool {
        switch record.type {
        case .instrument: add(record.payload(as: Instrument.self), to: &line)
        case .trade: add(record.payload(as: Trade.self), to: &line)
        case .history: add(record.payload(as: HistoricTrade.self), to: &line)
        case .topOfBook: add(record.payload(as: TopOfBook.self), to: &line)
        case .depth: add(record.payload(as: DepthHeader.self), record.levels, to: &line)
        case .candle: add(record.payload(as: Candle.self), to: &line)
        case .executionReport: add(record.payload(as: ExecutionReport.self), to: &line)
        case .requestReply: add(record.payload(as: RequestReply.self), to: &line)
        case .balance: add(record.payload(as: Balance.self), to: &line)
        case .linkState: add(record.payload(as: LinkState.self), to: &line)
        case .command: add(record.payload(as: Command.self), to: &line)
        case .timer, .runStarted, .runEnded, .started:
            add(record.payload(as: Timestamp.self), to: &line)
        case .decision: add(record.payload(as: OrderRequest.self), to: &line)
        case .sent: addSent(record.head, to: &line)
        case .configuration, .note: addText(record.text, to: &line)
        case .frame: addFrame(record, to: &line)
        case .name: addName(record, to: &line)
        case .denied, .snapshot, nil: false
        }
    }

    // MARK: - Names and scales

    func name(_ index: InstrumentIndex) -> String {
        instruments[index.raw]?.symbol.text ?? (index == .none ? "" : "#\(index.raw)")
    }

    func name(_ asset: AssetIndex) -> String {
        asset == .none ? "" : names[JournalName(.asset, asset.raw)] ?? "#\(asset.raw)"
    }

    func name(_ strategy: StrategyIndex) -> String {
        strategy == .none ? "" : names[JournalName(.strategy, strategy.raw)] ?? "#\(strategy.raw)"
    }

    func price(_ price: Price, _ index: InstrumentIndex) -> String {
        formatDecimal(price.raw, scale: Int(instruments[index.raw]?.priceScale ?? 8))
    }

    func quantity(_ quantity: Quantity, _ index: InstrumentIndex) -> String {
        formatDecimal(quantity.raw, scale: Int(instruments[index.raw]?.quantityScale ?? 8))
    }
}

// MARK: - Market data

extension RecordText {
    private func add(_ it: Instrument?, to line: inout JSONLine) -> Bool {
        guard let it else { return false }
        line.string("instrument", it.symbol.text)
        line.number("index", it.index.raw)
        line.string("base", it.baseAssetName.text)
        line.string("quote", it.quoteAssetName.text)
        line.number("priceScale", it.priceScale)
        line.number("quantityScale", it.quantityScale)
        line.string("status", "\(it.status)")
        line.string("tickSize", price(it.tickSize, it.index))
        line.string("lotSize", quantity(it.lotSize, it.index))
        line.string("minQuantity", quantity(it.minQuantity, it.index))
        line.string("maxQuantity", quantity(it.maxQuantity, it.index))
        return true
    }

    private func add(_ trade: Trade?, to line: inout JSONLine) -> Bool {
        guard let trade else { return false }
        line.string("instrument", name(trade.instrument))
        line.number("id", trade.id.raw)
        line.string("price", price(trade.price, trade.instrument))
        line.string("quantity", quantity(trade.quantity, trade.instrument))
        line.string("aggressor", "\(trade.aggressor)")
        line.number("count", trade.count)
        line.flag("aggregate", trade.isAggregate)
        return true
    }

    private func add(_ piece: HistoricTrade?, to line: inout JSONLine) -> Bool {
        guard let piece else { return false }
        line.string("mark", "\(piece.mark)")
        if piece.mark == .trade { return add(piece.trade, to: &line) }
        line.string("instrument", name(piece.trade.instrument))
        return true
    }

    private func add(_ top: TopOfBook?, to line: inout JSONLine) -> Bool {
        guard let top else { return false }
        line.string("instrument", name(top.instrument))
        line.number("updateID", top.updateID)
        line.string("bid", price(top.bidPrice, top.instrument))
        line.string("bidQuantity", quantity(top.bidQuantity, top.instrument))
        line.string("ask", price(top.askPrice, top.instrument))
        line.string("askQuantity", quantity(top.askQuantity, top.instrument))
        return true
    }

    private func add(
        _ header: DepthHeader?, _ levels: UnsafeBufferPointer<BookLevel>?, to line: inout JSONLine
    ) -> Bool {
        guard let header, let levels else { return false }
        line.string("instrument", name(header.instrument))
        line.flag("snapshot", header.isSnapshot)
        line.number("first", header.firstUpdateID)
        line.number("last", header.lastUpdateID)
        let texts = levels.map { level in
            "[\"\(price(level.price, header.instrument))\","
                + "\"\(quantity(level.quantity, header.instrument))\"]"
        }
        let bidCount = Int(header.bidCount)
        line.raw("bids", "[" + texts[..<bidCount].joined(separator: ",") + "]")
        line.raw("asks", "[" + texts[bidCount...].joined(separator: ",") + "]")
        return true
    }

    private func add(_ candle: Candle?, to line: inout JSONLine) -> Bool {
        guard let candle else { return false }
        line.string("instrument", name(candle.instrument))
        line.string("open", price(candle.open, candle.instrument))
        line.string("high", price(candle.high, candle.instrument))
        line.string("low", price(candle.low, candle.instrument))
        line.string("close", price(candle.close, candle.instrument))
        line.string("volume", quantity(candle.volume, candle.instrument))
        line.string("takerBuyVolume", quantity(candle.takerBuyVolume, candle.instrument))
        line.number("openTime", candle.openTime.nanoseconds)
        line.number("closeTime", candle.closeTime.nanoseconds)
        line.number("trades", candle.tradeCount)
        line.flag("closed", candle.isClosed)
        line.flag("partial", candle.isPartial)
        return true
    }
}

// MARK: - Orders

extension RecordText {
    private func add(_ report: ExecutionReport?, to line: inout JSONLine) -> Bool {
        guard let report else { return false }
        line.string("instrument", name(report.instrument))
        line.string("order", report.clientOrderID.text)
        line.number("venueOrder", report.venueOrderID.raw)
        line.string("execution", "\(report.executionType)")
        line.string("status", "\(report.status)")
        line.string("side", "\(report.side)")
        line.string("orderType", "\(report.type)")
        line.string("timeInForce", "\(report.timeInForce)")
        line.string("price", price(report.price, report.instrument))
        line.string("quantity", quantity(report.quantity, report.instrument))
        line.string("lastPrice", price(report.lastPrice, report.instrument))
        line.string("lastQuantity", quantity(report.lastQuantity, report.instrument))
        line.string("cumulative", quantity(report.cumulativeQuantity, report.instrument))
        line.number("trade", report.tradeID.raw)
        line.string("commission", formatDecimal(report.commission, scale: 8))
        line.string("commissionAsset", name(report.commissionAsset))
        line.flag("maker", report.isMaker)
        line.flag("working", report.isWorking)
        return true
    }

    private func add(_ request: OrderRequest?, to line: inout JSONLine) -> Bool {
        guard let request else { return false }
        line.number("request", request.requestID)
        line.string("kind", "\(request.kind)")
        line.string("order", request.clientOrderID.text)
        if request.replacedOrderID != .none {
            line.string("replaces", request.replacedOrderID.text)
        }
        line.string("instrument", name(request.instrument))
        line.string("strategy", name(request.strategy))
        line.string("side", "\(request.side)")
        line.string("orderType", "\(request.type)")
        line.string("timeInForce", "\(request.timeInForce)")
        line.string("price", price(request.price, request.instrument))
        line.string("quantity", quantity(request.quantity, request.instrument))
        line.flag("reduceOnly", request.isReduceOnly)
        add(request.terms, request.instrument, to: &line)
        if request.contingency != .none {
            line.string("list", "\(request.contingency)")
            line.number("leg", UInt64(request.leg))
        }
        if request.mayKeepReplaced { line.flag("mayKeepReplaced", true) }
        if request.restriction != .none { line.string("restriction", "\(request.restriction)") }
        if request.cancelsAtLimit { line.flag("cancelsAtLimit", true) }
        return true
    }

    /// Only what an order asks for.
    private func add(
        _ terms: SpecialTerms, _ instrument: InstrumentIndex, to line: inout JSONLine
    ) {
        if terms.stopPrice.raw != 0 {
            line.string("stopPrice", price(terms.stopPrice, instrument))
        }
        if terms.trailingDelta != 0 {
            line.number("trailingDelta", UInt64(terms.trailingDelta))
        }
        if terms.icebergQuantity.raw != 0 {
            line.string("icebergQuantity", quantity(terms.icebergQuantity, instrument))
        }
        if terms.quoteQuantity.raw != 0 {
            line.string("quoteQuantity", price(terms.quoteQuantity, instrument))
        }
        if terms.selfTradePrevention != .venueDefault {
            line.string("selfTradePrevention", "\(terms.selfTradePrevention)")
        }
    }

    private func add(_ reply: RequestReply?, to line: inout JSONLine) -> Bool {
        guard let reply else { return false }
        line.number("request", reply.requestID)
        line.string("outcome", "\(reply.outcome)")
        line.number("venueOrder", reply.venueOrderID.raw)
        line.number("code", reply.venueCode)
        line.flag("didCancel", reply.didCancel)
        if reply.cancel != .untold { line.string("cancel", "\(reply.cancel)") }
        return true
    }

    /// The layout of what the engine notes of a request as it left: number, time, CRC32C.
    private func addSent(_ head: UnsafeRawBufferPointer, to line: inout JSONLine) -> Bool {
        guard head.count == 20 else { return false }
        line.number("request", head.loadUnaligned(as: UInt64.self))
        line.number("requestTime", head.loadUnaligned(fromByteOffset: 8, as: Int64.self))
        line.number("crc32c", head.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        return true
    }
}

// MARK: - The engine itself

extension RecordText {
    private func add(_ balance: Balance?, to line: inout JSONLine) -> Bool {
        guard let balance else { return false }
        line.string("asset", name(balance.asset))
        line.string("free", formatDecimal(balance.free, scale: 8))
        line.string("locked", formatDecimal(balance.locked, scale: 8))
        return true
    }

    private func add(_ state: LinkState?, to line: inout JSONLine) -> Bool {
        guard let state else { return false }
        line.string("event", "\(state.event)")
        if state.instrument != .none { line.string("instrument", name(state.instrument)) }
        return true
    }

    private func add(_ command: Command?, to line: inout JSONLine) -> Bool {
        guard let command else { return false }
        line.number("id", command.id)
        line.string("kind", "\(command.kind)")
        if command.instrument != .none { line.string("instrument", name(command.instrument)) }
        if command.strategy != .none { line.string("strategy", name(command.strategy)) }
        line.number("key", command.key)
        line.number("value", command.value)
        return true
    }

    private func add(_ time: Timestamp?, to line: inout JSONLine) -> Bool {
        guard let time else { return false }
        line.number("at", time.nanoseconds)
        return true
    }

    private func addName(_ record: JournalRecordView, to line: inout JSONLine) -> Bool {
        guard let name = record.name, let kind = name.kind else { return false }
        line.string("kind", "\(kind)")
        line.number("index", name.index)
        line.string("name", record.text)
        return true
    }

    private func addFrame(_ record: JournalRecordView, to line: inout JSONLine) -> Bool {
        guard let link = record.frameLink else { return false }
        line.number("link", link)
        if record.isBinaryFrame {
            line.string("hex", Self.hexadecimal(record.tail))
        } else {
            line.string("text", record.text)
        }
        return true
    }

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
        bytes.reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    private func addText(_ text: String, to line: inout JSONLine) -> Bool {
        line.string("text", text)
        return true
    }
}
