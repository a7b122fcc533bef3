import MarketModel

/// What a request calls the parameters of one of its orders.
struct OrderParameterNames {
    /// Empty for a request with one order; `working`, `pending`, `above`, … in lists.
    let prefix: String
    let side: String
    let quantity: String
    /// Names that the prefix does not give.
    var exceptions: [String: String] = [:]

    static let single = OrderParameterNames(prefix: "", side: "side", quantity: "quantity")

    var clientOrderID: String { prefix.isEmpty ? "newClientOrderId" : prefix + "ClientOrderId" }

    /// `price` or `abovePrice`.
    func callAsFunction(_ name: String) -> String {
        if let exception = exceptions[name] { return exception }
        guard !prefix.isEmpty, let first = name.first else { return name }
        return prefix + first.uppercased() + name.dropFirst()
    }
}

/// Reads order requests (sheet section 8.1): which parameters each type must and must not have.
struct OrderParameters {
    let parameters: Parameters
    let defaultSelfTradePrevention: SelfTradePreventionMode
    var names = OrderParameterNames.single

    func ticket() throws(Rejection) -> OrderTicket {
        guard let side = Side(venueText: try parameters.required(names.side)) else {
            throw .badSide
        }
        guard let type = OrderType(venueText: try parameters.required(names("type"))) else {
            throw .badOrderType
        }
        try refusePeg()
        var ticket = OrderTicket(side: side, type: type, timeInForce: .none)
        try readLimit(into: &ticket)
        try readQuantity(into: &ticket)
        try readTrigger(into: &ticket)
        try readIceberg(into: &ticket)
        ticket.clientOrderID = try parameters.clientOrderID(names.clientOrderID)
        ticket.strategyID = try parameters.integer(names("strategyId"))
        ticket.strategyType = try parameters.integer(names("strategyType"))
        if let type = ticket.strategyType, type < 1_000_000 { throw .badStrategyType }
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
        try responseType() ?? (type == .market || type == .limit ? .full : .acknowledgement)
    }

    /// As asked for; `nil` when nothing was.
    func responseType() throws(Rejection) -> ResponseType? {
        guard let text = parameters["newOrderRespType"] else { return nil }
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

    // MARK: - By type

    /// Limit and time in force.
    private func readLimit(into ticket: inout OrderTicket) throws(Rejection) {
        guard ticket.workingType != .market else {
            try refuse("timeInForce")
            try refuse("price")
            return
        }
        if ticket.type == .limitMaker {
            try refuse("timeInForce")
        } else {
            let text = try parameters.required(names("timeInForce"))
            guard let value = TimeInForce(venueText: text) else { throw .badTimeInForce }
            ticket.timeInForce = value
        }
        ticket.price = Price(raw: try parameters.requiredDecimal(names("price")))
    }

    /// Base quantity, or for market orders a quote amount.
    private func readQuantity(into ticket: inout OrderTicket) throws(Rejection) {
        guard ticket.type == .market, names.prefix.isEmpty else {
            try refuse("quoteOrderQty")
            ticket.quantity = Quantity(raw: try parameters.requiredDecimal(names.quantity))
            return
        }
        let quantity = try parameters.decimal(names.quantity)
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

    /// Stop price and trailing delta: conditional orders need one of them, others have neither.
    private func readTrigger(into ticket: inout OrderTicket) throws(Rejection) {
        guard ticket.isConditional else {
            try refuse("stopPrice")
            try refuse("trailingDelta")
            return
        }
        let stop = try parameters.decimal(names("stopPrice"))
        let delta = try parameters.integer(names("trailingDelta"))
        if stop == nil, delta == nil {
            throw .missingEither(names("stopPrice"), names("trailingDelta"))
        }
        if let stop {
            guard stop > 0 else { throw .invalidPrice }
            ticket.stopPrice = Price(raw: stop)
        }
        if let delta {
            guard delta > 0 else { throw .filter("TRAILING_DELTA") }
            ticket.trailingDelta = delta
        }
    }

    private func readIceberg(into ticket: inout OrderTicket) throws(Rejection) {
        guard ticket.workingType != .market else { return try refuse("icebergQty") }
        guard let shown = try parameters.decimal(names("icebergQty")) else { return }
        guard shown > 0 else { throw .invalidQuantity }
        if ticket.type != .limitMaker, ticket.timeInForce != .gtc {
            if names.prefix.isEmpty { throw .unsupportedCombination }
            throw .pairIcebergNeedsGTC(names("icebergQty"))
        }
        ticket.icebergQuantity = Quantity(raw: shown)
    }

    private func selfTradePrevention() throws(Rejection) -> SelfTradePreventionMode {
        guard let text = parameters["selfTradePreventionMode"] else {
            return defaultSelfTradePrevention
        }
        guard let mode = SelfTradePreventionMode(venueText: text) else {
            throw .selfTradeModeNotAllowed
        }
        return mode
    }

    /// No symbol takes pegged orders; exchangeInfo says so.
    private func refusePeg() throws(Rejection) {
        let type = parameters[names("pegPriceType")]
        let offset = parameters[names("pegOffsetType")]
        if let type, type != "PRIMARY_PEG", type != "MARKET_PEG" { throw .badPegPriceType }
        if let offset, offset != "PRICE_LEVEL" { throw .badPegOffsetType }
        if type != nil { throw .notSupported("Pegged orders") }
        try refuse("pegOffsetType")
        try refuse("pegOffsetValue")
    }

    private func refuse(_ name: String) throws(Rejection) {
        if parameters[names(name)] != nil { throw .notRequired(names(name)) }
    }
}
