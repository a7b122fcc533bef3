import MarketModel

/// User data events; every key in the order of sheet section 11.
struct UserStreamText {
    let exchange: Exchange
    let unit: TimeUnit

    func event(_ event: UserEvent, to text: inout TextBuffer) {
        switch event {
        case .report(let report): executionReport(report, to: &text)
        case .list(let report): listStatus(report, to: &text)
        case .position(let account, let assets, let time):
            position(account, assets, time, to: &text)
        case .balance(_, let asset, let delta, let time):
            change("balanceUpdate", asset, delta, time, to: &text)
        case .externalLock(_, let asset, let delta, let time):
            change("externalLockUpdate", asset, delta, time, to: &text)
        }
    }

    private func executionReport(_ report: OrderReport, to text: inout TextBuffer) {
        let order = report.order
        let ticket = order.ticket
        text.raw("{\"e\":\"executionReport\",\"E\":")
        text.time(report.time, unit)
        text.raw(",\"s\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"c\":")
        text.quoted(report.requestClientOrderID ?? order.clientOrderID)
        text.raw(",\"S\":")
        text.quotedRaw(ticket.side.venueText)
        text.raw(",\"o\":")
        text.quotedRaw(ticket.type.venueText)
        text.raw(",\"f\":")
        text.quotedRaw(ticket.timeInForce.venueText)
        text.raw(",\"q\":")
        text.decimal(order.quantity.raw)
        text.raw(",\"p\":")
        text.decimal(ticket.price.raw)
        text.raw(",\"P\":")
        text.decimal(ticket.stopPrice.raw)
        trailing(of: order, to: &text)
        text.raw(",\"F\":")
        text.decimal(ticket.icebergQuantity.raw)
        text.raw(",\"g\":")
        text.integer(order.listID)
        text.raw(",\"C\":")
        text.quoted(report.originalClientOrderID)
        text.raw(",\"x\":\"")
        text.raw(report.type.rawValue)
        text.raw("\",\"X\":\"")
        text.raw(order.status.rawValue)
        text.raw("\",\"r\":")
        text.quotedRaw(report.reason?.reason ?? "NONE")
        text.raw(",\"i\":")
        text.integer(order.id)
        trade(of: report, to: &text)
        times(of: report, to: &text)
        text.raw("}")
    }

    /// `l z L n N T t`, and for prevented matches `v A B`.
    private func trade(of report: OrderReport, to text: inout TextBuffer) {
        text.raw(",\"l\":")
        text.decimal(report.fill?.quantity.raw ?? 0)
        text.raw(",\"z\":")
        text.decimal(report.order.executed.raw)
        text.raw(",\"L\":")
        text.decimal(report.fill?.price.raw ?? 0)
        if let fill = report.fill {
            text.raw(",\"n\":")
            text.decimal(fill.commission)
            text.raw(",\"N\":")
            text.quoted(exchange.assetName(fill.commissionAsset))
        } else {
            text.raw(",\"n\":\"0\",\"N\":null")
        }
        text.raw(",\"T\":")
        text.time(report.time, unit)
        text.raw(",\"t\":")
        text.integer(report.fill?.tradeID ?? -1)
        if let prevented = report.prevented {
            preventedTrade(prevented, of: report.order, to: &text)
        }
    }

    /// `v A B u U Cs pl pL pY`: what self-trade prevention took, and from which trade.
    private func preventedTrade(
        _ trade: PreventedTrade, of order: UserOrder, to text: inout TextBuffer
    ) {
        let isTaker = order.id == trade.takerID
        text.raw(",\"v\":")
        text.integer(trade.id)
        text.raw(",\"A\":")
        text.decimal(order.prevented.raw)
        text.raw(",\"B\":")
        text.decimal((isTaker ? trade.takerPrevented : trade.makerPrevented).raw)
        text.raw(",\"u\":-1,\"U\":")
        text.integer(isTaker ? trade.makerID : trade.takerID)
        text.raw(",\"Cs\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"pl\":")
        text.decimal(trade.quantity.raw)
        text.raw(",\"pL\":")
        text.decimal(trade.price.raw)
        text.raw(",\"pY\":")
        text.decimal(Money.quote(trade.price, trade.quantity) ?? 0)
    }

    private func trailing(of order: UserOrder, to text: inout TextBuffer) {
        guard order.ticket.trailingDelta > 0 else { return }
        text.raw(",\"d\":")
        text.integer(order.ticket.trailingDelta)
        text.raw(",\"D\":")
        text.timeOrNone(order.trailingTime, unit)
    }

    /// `I w m M O Z Y Q W V`, then labels and the reason of an expiry.
    private func times(of report: OrderReport, to text: inout TextBuffer) {
        let order = report.order
        text.raw(",\"I\":")
        text.integer(report.executionID)
        text.raw(",\"w\":")
        text.boolean(report.isOnBook)
        text.raw(",\"m\":")
        text.boolean(report.fill?.isMaker ?? false)
        text.raw(",\"M\":false,\"O\":")
        text.time(order.time, unit)
        text.raw(",\"Z\":")
        text.decimal(order.cumulativeQuote)
        text.raw(",\"Y\":")
        text.decimal(report.fill?.quote ?? 0)
        text.raw(",\"Q\":")
        text.decimal(order.ticket.quoteQuantity)
        if order.isWorking {
            text.raw(",\"W\":")
            text.time(order.workingTime, unit)
        }
        text.raw(",\"V\":")
        text.quotedRaw(order.ticket.selfTradePrevention.venueText)
        if let id = order.ticket.strategyID {
            text.raw(",\"j\":")
            text.integer(id)
        }
        if let type = order.ticket.strategyType {
            text.raw(",\"J\":")
            text.integer(type)
        }
        if let reason = order.expiryReason {
            text.raw(",\"eR\":\"")
            text.raw(reason.rawValue)
            text.raw("\"")
        }
    }

    private func listStatus(_ report: OrderListReport, to text: inout TextBuffer) {
        let list = report.list
        let symbol = exchange.markets[list.market].configuration.symbol
        text.raw("{\"e\":\"listStatus\",\"E\":")
        text.time(report.time, unit)
        text.raw(",\"s\":")
        text.quoted(symbol)
        text.raw(",\"g\":")
        text.integer(list.id)
        text.raw(",\"c\":\"")
        text.raw(list.contingency.rawValue)
        text.raw("\",\"l\":\"")
        text.raw(list.statusType.rawValue)
        text.raw("\",\"L\":\"")
        text.raw(list.orderStatus)
        text.raw("\",\"r\":\"NONE\",\"C\":")
        text.quoted(list.clientOrderID)
        text.raw(",\"T\":")
        text.time(report.time, unit)
        text.raw(",\"O\":[")
        for (index, (id, clientID)) in zip(list.orders, report.clientOrderIDs).enumerated() {
            text.raw(index == 0 ? "{\"s\":" : ",{\"s\":")
            text.quoted(symbol)
            text.raw(",\"i\":")
            text.integer(id)
            text.raw(",\"c\":")
            text.quoted(clientID)
            text.raw("}")
        }
        text.raw("]}")
    }

    /// balanceUpdate and externalLockUpdate: an asset and by how much it changed.
    private func change(
        _ name: StaticString, _ asset: AssetIndex, _ delta: Int64, _ time: Timestamp,
        to text: inout TextBuffer
    ) {
        text.raw("{\"e\":")
        text.quotedRaw(name)
        text.raw(",\"E\":")
        text.time(time, unit)
        text.raw(",\"a\":")
        text.quoted(exchange.assetName(asset))
        text.raw(",\"d\":")
        text.decimal(delta)
        text.raw(",\"T\":")
        text.time(time, unit)
        text.raw("}")
    }

    private func position(
        _ account: AccountIndex, _ assets: [AssetIndex], _ time: Timestamp,
        to text: inout TextBuffer
    ) {
        text.raw("{\"e\":\"outboundAccountPosition\",\"E\":")
        text.time(time, unit)
        text.raw(",\"u\":")
        text.time(time, unit)
        text.raw(",\"B\":[")
        for (index, asset) in assets.enumerated() {
            let amounts = exchange.ledger[account, asset]
            text.raw(index == 0 ? "{\"a\":" : ",{\"a\":")
            text.quoted(exchange.assetName(asset))
            text.raw(",\"f\":")
            text.decimal(amounts.free)
            text.raw(",\"l\":")
            text.decimal(amounts.locked)
            text.raw("}")
        }
        text.raw("]}")
    }
}

extension OrderReport {
    /// The id the order had before the request: filled in for cancels and amendments.
    fileprivate var originalClientOrderID: String {
        oldClientOrderID ?? (requestClientOrderID == nil ? "" : order.clientOrderID)
    }

    /// Market orders are never on the book but when they arrive.
    fileprivate var isOnBook: Bool {
        guard order.isWorking else { return false }
        return type == .new || order.isOpen && order.ticket.workingType != .market
    }
}
