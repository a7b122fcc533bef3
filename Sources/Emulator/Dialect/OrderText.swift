import MarketModel

/// JSON of orders and accounts as answers carry it; fields in the order of sheet section 8.
struct OrderText {
    let exchange: Exchange
    let unit: TimeUnit

    /// A new order's answer: ACK, RESULT or FULL.
    func placed(
        _ placed: PlacedOrder, _ type: OrderParameters.ResponseType, to text: inout TextBuffer
    ) {
        let order = placed.order
        text.raw("{")
        names(of: order, clientOrderID: order.clientOrderID, to: &text)
        text.raw(",\"transactTime\":")
        text.time(order.time, unit)
        if type != .acknowledgement {
            amounts(of: order, to: &text)
            terms(of: order, to: &text)
            labels(of: order, to: &text)
            text.raw(",\"workingTime\":")
            text.time(order.workingTime, unit)
            text.raw(",\"selfTradePreventionMode\":")
            text.quotedRaw(order.ticket.selfTradePrevention.venueText)
            if let reason = order.expiryReason {
                text.raw(",\"expiryReason\":")
                text.quoted(reason)
            }
            if type == .full { fills(placed.fills, to: &text) }
        }
        text.raw("}")
    }

    private func fills(_ fills: [UserFill], to text: inout TextBuffer) {
        text.raw(",\"fills\":[")
        for (index, fill) in fills.enumerated() {
            text.raw(index == 0 ? "{\"price\":" : ",{\"price\":")
            text.decimal(fill.price.raw)
            text.raw(",\"qty\":")
            text.decimal(fill.quantity.raw)
            text.raw(",\"commission\":")
            text.decimal(fill.commission)
            text.raw(",\"commissionAsset\":")
            text.quoted(exchange.assetName(fill.commissionAsset))
            text.raw(",\"tradeId\":")
            text.integer(fill.tradeID)
            text.raw("}")
        }
        text.raw("]")
    }

    func canceled(_ canceled: CanceledOrder, to text: inout TextBuffer) {
        let order = canceled.order
        text.raw("{\"symbol\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"origClientOrderId\":")
        text.quoted(order.clientOrderID)
        text.raw(",\"orderId\":")
        text.integer(order.id)
        text.raw(",\"orderListId\":-1,\"clientOrderId\":")
        text.quoted(canceled.cancelClientOrderID)
        text.raw(",\"transactTime\":")
        text.time(canceled.time, unit)
        amounts(of: order, to: &text)
        terms(of: order, to: &text)
        labels(of: order, to: &text)
        text.raw(",\"selfTradePreventionMode\":")
        text.quotedRaw(order.ticket.selfTradePrevention.venueText)
        text.raw("}")
    }

    /// An order's state as queries answer it.
    func state(_ order: UserOrder, to text: inout TextBuffer) {
        text.raw("{")
        names(of: order, clientOrderID: order.clientOrderID, to: &text)
        text.raw(",\"price\":")
        text.decimal(order.ticket.price.raw)
        text.raw(",\"origQty\":")
        text.decimal(order.quantity.raw)
        text.raw(",\"executedQty\":")
        text.decimal(order.executed.raw)
        text.raw(",\"cummulativeQuoteQty\":")
        text.decimal(order.cumulativeQuote)
        terms(of: order, to: &text)
        text.raw(",\"stopPrice\":\"0.00000000\",\"icebergQty\":\"0.00000000\",\"time\":")
        text.time(order.time, unit)
        text.raw(",\"updateTime\":")
        text.time(order.updateTime, unit)
        text.raw(",\"isWorking\":true,\"workingTime\":")
        text.time(order.workingTime, unit)
        text.raw(",\"origQuoteOrderQty\":")
        text.decimal(order.ticket.quoteQuantity)
        labels(of: order, to: &text)
        text.raw(",\"selfTradePreventionMode\":")
        text.quotedRaw(order.ticket.selfTradePrevention.venueText)
        if order.prevented > .zero {
            text.raw(",\"preventedQuantity\":")
            text.decimal(order.prevented.raw)
        }
        text.raw("}")
    }

    private func names(
        of order: UserOrder, clientOrderID: String, to text: inout TextBuffer
    ) {
        text.raw("\"symbol\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"orderId\":")
        text.integer(order.id)
        text.raw(",\"orderListId\":-1,\"clientOrderId\":")
        text.quoted(clientOrderID)
    }

    private func amounts(of order: UserOrder, to text: inout TextBuffer) {
        text.raw(",\"price\":")
        text.decimal(order.ticket.price.raw)
        text.raw(",\"origQty\":")
        text.decimal(order.quantity.raw)
        text.raw(",\"executedQty\":")
        text.decimal(order.executed.raw)
        text.raw(",\"origQuoteOrderQty\":")
        text.decimal(order.ticket.quoteQuantity)
        // The double m is the venue's spelling.
        text.raw(",\"cummulativeQuoteQty\":")
        text.decimal(order.cumulativeQuote)
    }

    private func terms(of order: UserOrder, to text: inout TextBuffer) {
        text.raw(",\"status\":\"")
        text.raw(order.status.rawValue)
        text.raw("\",\"timeInForce\":")
        text.quotedRaw(order.ticket.timeInForce.venueText)
        text.raw(",\"type\":")
        text.quotedRaw(order.ticket.type.venueText)
        text.raw(",\"side\":")
        text.quotedRaw(order.ticket.side.venueText)
    }

    private func labels(of order: UserOrder, to text: inout TextBuffer) {
        if let id = order.ticket.strategyID {
            text.raw(",\"strategyId\":")
            text.integer(id)
        }
        if let type = order.ticket.strategyType {
            text.raw(",\"strategyType\":")
            text.integer(type)
        }
    }
}
