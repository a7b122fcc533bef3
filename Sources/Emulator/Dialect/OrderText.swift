import MarketModel

/// JSON of orders as answers carry it; fields in the order of sheet section 8.
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
            trigger(of: order, to: &text)
            text.raw(",\"workingTime\":")
            text.timeOrNone(order.workingTime, unit)
            iceberg(of: order, to: &text)
            labels(of: order, to: &text)
            prevention(of: order, to: &text)
            if type == .full {
                fills(placed.fills, to: &text)
                if !placed.prevented.isEmpty { preventedMatches(placed, to: &text) }
            }
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

    private func preventedMatches(_ placed: PlacedOrder, to text: inout TextBuffer) {
        text.raw(",\"preventedMatches\":[")
        for (index, match) in placed.prevented.enumerated() {
            text.raw(index == 0 ? "{\"preventedMatchId\":" : ",{\"preventedMatchId\":")
            text.integer(match.id)
            text.raw(",\"makerSymbol\":")
            text.quoted(exchange.markets[placed.order.market].configuration.symbol)
            text.raw(",\"makerOrderId\":")
            text.integer(match.makerID)
            text.raw(",\"price\":")
            text.decimal(match.price.raw)
            PreventedMatchText.quantities(match, to: &text)
            text.raw("}")
        }
        text.raw("]")
    }

    /// What a cancel ended: an order, or a list with its orders.
    func ended(_ cancellation: Cancellation, to text: inout TextBuffer) {
        switch cancellation {
        case .order(let canceled): self.canceled(canceled, to: &text)
        case .list(let canceled):
            OrderListText(exchange: exchange, unit: unit).canceled(canceled, to: &text)
        }
    }

    func canceled(_ canceled: CanceledOrder, to text: inout TextBuffer) {
        let order = canceled.order
        text.raw("{\"symbol\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"origClientOrderId\":")
        text.quoted(order.clientOrderID)
        text.raw(",\"orderId\":")
        text.integer(order.id)
        text.raw(",\"orderListId\":")
        text.integer(order.listID)
        text.raw(",\"clientOrderId\":")
        text.quoted(canceled.cancelClientOrderID)
        text.raw(",\"transactTime\":")
        text.time(canceled.time, unit)
        amounts(of: order, to: &text)
        terms(of: order, to: &text)
        trigger(of: order, to: &text)
        iceberg(of: order, to: &text)
        labels(of: order, to: &text)
        prevention(of: order, to: &text)
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
        text.raw(",\"stopPrice\":")
        text.decimal(order.ticket.stopPrice.raw)
        trailing(of: order, to: &text)
        text.raw(",\"icebergQty\":")
        text.decimal(order.ticket.icebergQuantity.raw)
        text.raw(",\"time\":")
        text.time(order.time, unit)
        text.raw(",\"updateTime\":")
        text.time(order.updateTime, unit)
        text.raw(",\"isWorking\":")
        text.boolean(order.isWorking)
        text.raw(",\"workingTime\":")
        text.timeOrNone(order.workingTime, unit)
        text.raw(",\"origQuoteOrderQty\":")
        text.decimal(order.ticket.quoteQuantity)
        labels(of: order, to: &text)
        prevention(of: order, to: &text)
        text.raw("}")
    }

    /// The answer to an amendment (sheet section 8.2); it spells some names its own way.
    func amended(_ amended: AmendedOrder, to text: inout TextBuffer) {
        let order = amended.order
        text.raw("{\"transactTime\":")
        text.time(amended.amendment.time, unit)
        text.raw(",\"executionId\":")
        text.integer(amended.amendment.executionID)
        text.raw(",\"amendedOrder\":{\"symbol\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"orderId\":")
        text.integer(order.id)
        text.raw(",\"orderListId\":")
        text.integer(order.listID)
        text.raw(",\"origClientOrderId\":")
        text.quoted(amended.amendment.oldClientOrderID)
        text.raw(",\"clientOrderId\":")
        text.quoted(order.clientOrderID)
        text.raw(",\"price\":")
        text.decimal(order.ticket.price.raw)
        text.raw(",\"qty\":")
        text.decimal(order.quantity.raw)
        text.raw(",\"executedQty\":")
        text.decimal(order.executed.raw)
        text.raw(",\"preventedQty\":")
        text.decimal(order.prevented.raw)
        text.raw(",\"quoteOrderQty\":")
        text.decimal(order.ticket.quoteQuantity)
        text.raw(",\"cumulativeQuoteQty\":")
        text.decimal(order.cumulativeQuote)
        terms(of: order, to: &text)
        trigger(of: order, to: &text)
        if order.isWorking {
            text.raw(",\"workingTime\":")
            text.time(order.workingTime, unit)
        }
        iceberg(of: order, to: &text)
        labels(of: order, to: &text)
        prevention(of: order, to: &text)
        text.raw("}")
        if let list = amended.list {
            text.raw(",\"listStatus\":{")
            OrderListText(exchange: exchange, unit: unit).summary(of: list, to: &text)
            text.raw("}")
        }
        text.raw("}")
    }

    // MARK: - Parts

    private func names(
        of order: UserOrder, clientOrderID: String, to text: inout TextBuffer
    ) {
        text.raw("\"symbol\":")
        text.quoted(exchange.markets[order.market].configuration.symbol)
        text.raw(",\"orderId\":")
        text.integer(order.id)
        text.raw(",\"orderListId\":")
        text.integer(order.listID)
        text.raw(",\"clientOrderId\":")
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

    /// Only conditional orders show these.
    private func trigger(of order: UserOrder, to text: inout TextBuffer) {
        guard order.ticket.isConditional else { return }
        text.raw(",\"stopPrice\":")
        text.decimal(order.ticket.stopPrice.raw)
        trailing(of: order, to: &text)
    }

    private func trailing(of order: UserOrder, to text: inout TextBuffer) {
        guard order.ticket.trailingDelta > 0 else { return }
        text.raw(",\"trailingDelta\":")
        text.integer(order.ticket.trailingDelta)
        text.raw(",\"trailingTime\":")
        text.timeOrNone(order.trailingTime, unit)
    }

    private func iceberg(of order: UserOrder, to text: inout TextBuffer) {
        guard order.isIceberg else { return }
        text.raw(",\"icebergQty\":")
        text.decimal(order.ticket.icebergQuantity.raw)
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

    /// The prevention mode, what it took, and why the order expired.
    private func prevention(of order: UserOrder, to text: inout TextBuffer) {
        text.raw(",\"selfTradePreventionMode\":")
        text.quotedRaw(order.ticket.selfTradePrevention.venueText)
        if order.preventedMatchID >= 0 {
            text.raw(",\"preventedMatchId\":")
            text.integer(order.preventedMatchID)
            text.raw(",\"preventedQuantity\":")
            text.decimal(order.prevented.raw)
        }
        if let reason = order.expiryReason {
            text.raw(",\"expiryReason\":\"")
            text.raw(reason.rawValue)
            text.raw("\"")
        }
    }
}

/// Trades that did not happen, as `myPreventedMatches` answers them (sheet section 8.4).
enum PreventedMatchText {
    static func list(
        _ matches: [PreventedTrade], symbol: String, _ unit: TimeUnit, to text: inout TextBuffer
    ) {
        text.raw("[")
        for (index, match) in matches.enumerated() {
            text.raw(index == 0 ? "{\"symbol\":" : ",{\"symbol\":")
            text.quoted(symbol)
            text.raw(",\"preventedMatchId\":")
            text.integer(match.id)
            text.raw(",\"takerOrderId\":")
            text.integer(match.takerID)
            text.raw(",\"makerSymbol\":")
            text.quoted(symbol)
            text.raw(",\"makerOrderId\":")
            text.integer(match.makerID)
            text.raw(",\"tradeGroupId\":-1,\"selfTradePreventionMode\":")
            text.quotedRaw(match.mode.venueText)
            text.raw(",\"price\":")
            text.decimal(match.price.raw)
            quantities(match, to: &text)
            text.raw(",\"transactTime\":")
            text.time(match.time, unit)
            text.raw("}")
        }
        text.raw("]")
    }

    /// Each side's loss, when it lost something.
    static func quantities(_ match: PreventedTrade, to text: inout TextBuffer) {
        if match.takerPrevented > .zero {
            text.raw(",\"takerPreventedQuantity\":")
            text.decimal(match.takerPrevented.raw)
        }
        if match.makerPrevented > .zero {
            text.raw(",\"makerPreventedQuantity\":")
            text.decimal(match.makerPrevented.raw)
        }
    }
}
