import MarketModel

/// Reads order list requests (sheet section 8.3).
struct OrderListParameters {
    let parameters: Parameters
    let defaultSelfTradePrevention: SelfTradePreventionMode

    func oneCancelsOther() throws(Rejection) -> OrderListTicket {
        let (stop, target) = try pair("", side: "side", quantity: "quantity")
        return try list(.oco(stop: stop, target: target))
    }

    /// The old form of an OCO: a limit order and a stop, named as such.
    func limitAndStop() throws(Rejection) -> OrderListTicket {
        let limit = OrderParameterNames(
            prefix: "limit", side: "side", quantity: "quantity", exceptions: ["price": "price"])
        let stop = OrderParameterNames(
            prefix: "stop", side: "side", quantity: "quantity",
            exceptions: [
                "price": "stopLimitPrice", "timeInForce": "stopLimitTimeInForce",
                "stopPrice": "stopPrice", "trailingDelta": "trailingDelta",
            ])
        let stopType: OrderType =
            parameters["stopLimitPrice"] == nil ? .stopLoss : .stopLossLimit
        let typed = OrderListParameters(
            parameters: Parameters(
                parameters.entries + [
                    .init(name: "limitType", value: "\(OrderType.limitMaker.venueText)"),
                    .init(name: "stopType", value: "\(stopType.venueText)"),
                ]),
            defaultSelfTradePrevention: defaultSelfTradePrevention)
        let target = try typed.reader(limit).ticket()
        return try list(.oco(stop: try typed.reader(stop).ticket(), target: target))
    }

    func oneTriggersOther() throws(Rejection) -> OrderListTicket {
        let working = try working()
        let pending = try order("pending", side: "pendingSide", quantity: "pendingQuantity")
        return try list(.oto(working: working, pending: pending))
    }

    func oneTriggersPair() throws(Rejection) -> OrderListTicket {
        let working = try working()
        let (stop, target) = try pair(
            "pending", side: "pendingSide", quantity: "pendingQuantity")
        return try list(.otoco(working: working, stop: stop, target: target))
    }

    func responseType() throws(Rejection) -> OrderParameters.ResponseType {
        try reader(.single).responseType() ?? .result
    }

    private func list(_ shape: OrderListTicket.Shape) throws(Rejection) -> OrderListTicket {
        OrderListTicket(
            clientOrderID: try parameters.clientOrderID("listClientOrderId"), shape: shape)
    }

    private func reader(_ names: OrderParameterNames) -> OrderParameters {
        OrderParameters(
            parameters: parameters, defaultSelfTradePrevention: defaultSelfTradePrevention,
            names: names)
    }

    private func order(
        _ prefix: String, side: String, quantity: String
    ) throws(Rejection) -> OrderTicket {
        try reader(OrderParameterNames(prefix: prefix, side: side, quantity: quantity)).ticket()
    }

    private func working() throws(Rejection) -> OrderTicket {
        let ticket = try order("working", side: "workingSide", quantity: "workingQuantity")
        guard ticket.type == .limit || ticket.type == .limitMaker else { throw .badOrderType }
        return ticket
    }

    /// The stop loss and the other order of a pair, from its above and below halves.
    private func pair(
        _ prefix: String, side: String, quantity: String
    ) throws(Rejection) -> (stop: OrderTicket, target: OrderTicket) {
        func half(_ name: String) throws(Rejection) -> OrderTicket {
            try order(
                prefix.isEmpty ? name : prefix + name.capitalizedFirst, side: side,
                quantity: quantity)
        }
        try checkTypes(prefix)
        let above = try half("above")
        let below = try half("below")
        return above.isStopLoss ? (above, below) : (below, above)
    }

    /// One half must be a stop loss, on the side where it limits the loss.
    private func checkTypes(_ prefix: String) throws(Rejection) {
        func type(_ half: String) throws(Rejection) -> OrderType {
            let name = OrderParameterNames(prefix: prefix, side: "", quantity: "")(half + "Type")
            guard let type = OrderType(venueText: try parameters.required(name)) else {
                throw .badOrderType
            }
            guard type != .limit, type != .market else { throw .badPairType }
            return type
        }
        let above = OrderTicket(side: .buy, type: try type("above"), timeInForce: .none)
        let below = OrderTicket(side: .buy, type: try type("below"), timeInForce: .none)
        let sideName = prefix.isEmpty ? "side" : prefix + "Side"
        guard let side = Side(venueText: try parameters.required(sideName)) else { throw .badSide }
        if !above.isConditional, !below.isConditional { throw .pairNeedsStop }
        if side == .buy {
            if above.type == .limitMaker { throw .buyLimitMustBeBelow }
            if above.isTakeProfit { throw .buyTakeProfitMustBeBelow }
            if below.isStopLoss { throw .buyStopLossMustBeAbove }
        } else {
            if below.type == .limitMaker { throw .sellLimitMustBeAbove }
            if below.isTakeProfit { throw .sellTakeProfitMustBeAbove }
            if above.isStopLoss { throw .sellStopLossMustBeBelow }
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
