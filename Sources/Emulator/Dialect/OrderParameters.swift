import MarketModel

/// Reads order requests (sheet section 8.1): which parameters each type must and must not have.
struct OrderParameters {
    let parameters: Parameters
    let defaultSelfTradePrevention: SelfTradePrevention

    func ticket() throws(Rejection) -> OrderTicket {
        guard let side = Side(venueText: try parameters.required("side")) else { throw .badSide }
        guard let type = OrderType(venueText: try parameters.required("type")) else {
            throw .badOrderType
        }
        var ticket = OrderTicket(side: side, type: type, timeInForce: .none)
        switch type {
        case .limit:
            ticket.timeInForce = try timeInForce()
            try refuse("quoteOrderQty")
            ticket.quantity = Quantity(raw: try parameters.requiredDecimal("quantity"))
            ticket.price = Price(raw: try parameters.requiredDecimal("price"))
        case .limitMaker:
            try refuse("timeInForce")
            try refuse("quoteOrderQty")
            ticket.quantity = Quantity(raw: try parameters.requiredDecimal("quantity"))
            ticket.price = Price(raw: try parameters.requiredDecimal("price"))
        default:
            try refuse("timeInForce")
            try refuse("price")
            try readMarketAmount(into: &ticket)
        }
        try refuse("stopPrice")
        ticket.clientOrderID = try parameters.clientOrderID("newClientOrderId")
        ticket.strategyID = try parameters.integer("strategyId")
        ticket.strategyType = try parameters.integer("strategyType")
        ticket.selfTradePrevention = try selfTradePrevention()
        return ticket
    }

    /// How much of the result the client wants to see.
    enum ResponseType: String {
        case acknowledgement = "ACK"
        case result = "RESULT"
        case full = "FULL"
    }

    func responseType(for type: OrderType) throws(Rejection) -> ResponseType {
        guard let text = parameters["newOrderRespType"] else {
            return type == .market || type == .limit ? .full : .acknowledgement
        }
        guard let value = ResponseType(rawValue: text) else {
            throw .invalidData("newOrderRespType")
        }
        return value
    }

    func restriction() throws(Rejection) -> CancelRestriction? {
        guard let text = parameters["cancelRestrictions"] else { return nil }
        guard let value = CancelRestriction(rawValue: text) else { throw .badCancelRestrictions }
        return value
    }

    /// The order a request names by `idName` or `clientName`.
    func selector(_ idName: String, _ clientName: String) throws(Rejection) -> OrderSelector {
        let selector = OrderSelector(
            orderID: try parameters.integer(idName),
            clientOrderID: try parameters.clientOrderID(clientName))
        if selector.orderID == nil, selector.clientOrderID == nil {
            throw .missingEither(clientName, idName)
        }
        return selector
    }

    private func timeInForce() throws(Rejection) -> TimeInForce {
        guard let value = TimeInForce(venueText: try parameters.required("timeInForce")) else {
            throw .badTimeInForce
        }
        return value
    }

    private func readMarketAmount(into ticket: inout OrderTicket) throws(Rejection) {
        let quantity = try parameters.decimal("quantity")
        let quote = try parameters.decimal("quoteOrderQty")
        switch (quantity, quote) {
        case (nil, nil): throw .missingEither("quantity", "quoteOrderQty")
        case (let quantity?, nil): ticket.quantity = Quantity(raw: quantity)
        case (nil, let quote?):
            guard quote > 0 else { throw .invalidQuantity }
            ticket.quoteQuantity = quote
        case (_?, _?): throw .badCombination
        }
    }

    private func selfTradePrevention() throws(Rejection) -> SelfTradePrevention {
        guard let text = parameters["selfTradePreventionMode"] else {
            return defaultSelfTradePrevention
        }
        guard let mode = SelfTradePrevention(venueText: text) else {
            throw .selfTradeModeNotAllowed
        }
        return mode
    }

    private func refuse(_ name: String) throws(Rejection) {
        if parameters[name] != nil { throw .notRequired(name) }
    }
}
