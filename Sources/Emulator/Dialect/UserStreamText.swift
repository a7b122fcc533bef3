import MarketModel

/// User data events; every key in the order of sheet section 11.
struct UserStreamText {
    let exchange: Exchange
    let unit: TimeUnit

    func event(_ event: UserEvent, to text: inout TextBuffer) {
        switch event {
        case .report(let report): executionReport(report, to: &text)
        case .position(let account, let assets, let time):
            position(account, assets, time, to: &text)
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
        text.quoted(report.cancelClientOrderID ?? order.clientOrderID)
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
        text.raw(",\"P\":\"0.00000000\",\"F\":\"0.00000000\",\"g\":-1,\"C\":")
        text.quoted(report.cancelClientOrderID == nil ? "" : order.clientOrderID)
        text.raw(",\"x\":\"")
        text.raw(report.type.rawValue)
        text.raw("\",\"X\":\"")
        text.raw(order.status.rawValue)
        text.raw("\",\"r\":\"NONE\",\"i\":")
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
        if report.type == .tradePrevention {
            text.raw(",\"v\":")
            text.integer(report.executionID)
            text.raw(",\"A\":")
            text.decimal(report.order.prevented.raw)
            text.raw(",\"B\":")
            text.decimal(report.order.prevented.raw)
        }
    }

    /// `I w m M O Z Y Q W V`, then labels and the reason of an expiry.
    private func times(of report: OrderReport, to text: inout TextBuffer) {
        let order = report.order
        text.raw(",\"I\":")
        text.integer(report.executionID)
        text.raw(",\"w\":")
        text.boolean(order.isOpen)
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
        text.raw(",\"W\":")
        text.time(order.workingTime, unit)
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
            text.raw(",\"eR\":")
            text.quoted(reason)
        }
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
