import MarketModel

/// The fields of orders, lists and trades, in the order in which records hold them.
extension OrderTicket {
    static let blank = OrderTicket(side: .buy, type: .limit, timeInForce: .none)

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&side)
        try coder.code(&type)
        try coder.code(&timeInForce)
        try coder.code(&price)
        try coder.code(&quantity)
        try coder.code(&quoteQuantity)
        try coder.code(&stopPrice)
        try coder.code(&trailingDelta)
        try coder.code(&icebergQuantity)
        try coder.code(&clientOrderID, blank: "") { value, coder throws(BadField) in
            try coder.code(&value)
        }
        try coder.code(&selfTradePrevention)
        try coder.code(&strategyID, blank: 0) { value, coder throws(BadField) in
            try coder.code(&value)
        }
        try coder.code(&strategyType, blank: 0) { value, coder throws(BadField) in
            try coder.code(&value)
        }
    }
}

extension UserOrder {
    static let blank = UserOrder(
        account: .market, market: 0, ticket: .blank, clientOrderID: "", time: .unknown)

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        var number = id
        try coder.code(&number)
        self.number(number)
        try coder.code(&account)
        try coder.code(market: &market)
        try ticket.code(with: &coder)
        try coder.code(&time)
        try coder.code(&clientOrderID)
        try coder.code(&listID)
        try coder.code(&status)
        try coder.code(&executed)
        try coder.code(&cumulativeQuote)
        try coder.code(&quantity)
        try coder.code(&prevented)
        try coder.code(&preventedMatchID)
        try coder.code(&updateTime)
        try coder.code(&isWorking)
        try coder.code(&workingTime)
        try coder.code(&trailingTime)
        try coder.code(&locked)
        try coder.code(&lockPrice)
        try coder.code(&expiryReason, blank: .rejected) { reason, coder throws(BadField) in
            try coder.code(&reason)
        }
        try coder.code(&amendments, blank: .blank) { amendment, coder throws(BadField) in
            try amendment.code(with: &coder)
        }
    }
}

extension Amendment {
    fileprivate static let blank = Amendment(
        executionID: 0, oldClientOrderID: "", newClientOrderID: "", oldQuantity: .zero,
        newQuantity: .zero, time: .unknown)

    fileprivate mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&executionID)
        try coder.code(&oldClientOrderID)
        try coder.code(&newClientOrderID)
        try coder.code(&oldQuantity)
        try coder.code(&newQuantity)
        try coder.code(&time)
    }
}

extension OrderList {
    static let blank = OrderList(
        id: 0, account: .market, market: 0, contingency: .oco, clientOrderID: "", time: .unknown,
        orders: [], working: nil, hasPair: false)

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&id)
        try coder.code(&account)
        try coder.code(market: &market)
        try coder.code(&contingency)
        try coder.code(&clientOrderID)
        try coder.code(&time)
        try coder.code(&orders, blank: 0) { id, coder throws(BadField) in try coder.code(&id) }
        try coder.code(&working, blank: 0) { id, coder throws(BadField) in try coder.code(&id) }
        try coder.code(&statusType)
        try coder.code(&hasPair)
        try coder.code(&pairLocked)
    }
}

extension UserFill {
    static let blank = UserFill(
        market: 0, tradeID: 0, orderID: 0, listID: -1, price: .zero, quantity: .zero, quote: 0,
        commission: 0, commissionAsset: AssetIndex(0), time: .unknown, isBuyer: false,
        isMaker: false)

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(market: &market)
        try coder.code(&tradeID)
        try coder.code(&orderID)
        try coder.code(&listID)
        try coder.code(&price)
        try coder.code(&quantity)
        try coder.code(&quote)
        try coder.code(&commission)
        try coder.code(&commissionAsset)
        try coder.code(&time)
        try coder.code(&isBuyer)
        try coder.code(&isMaker)
    }
}

extension PreventedTrade {
    static let blank = PreventedTrade(
        id: 0, takerID: 0, makerID: 0, account: .market, mode: .none, price: .zero,
        quantity: .zero, takerPrevented: .zero, makerPrevented: .zero, time: .unknown)

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&id)
        try coder.code(&takerID)
        try coder.code(&makerID)
        try coder.code(&account)
        try coder.code(&mode)
        try coder.code(&price)
        try coder.code(&quantity)
        try coder.code(&takerPrevented)
        try coder.code(&makerPrevented)
        try coder.code(&time)
    }
}
