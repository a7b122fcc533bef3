import MarketModel

/// JSON of accounts, their trades, fees and limits (sheet section 8.4).
struct AccountText {
    let exchange: Exchange
    let unit: TimeUnit

    func account(_ account: AccountIndex, omitsZero: Bool, to text: inout TextBuffer) {
        let fees = exchange.configuration.fees
        // The old integer fields are in basis points, the rates in 1e-8.
        text.raw("{\"makerCommission\":")
        text.integer(fees.maker / 10_000)
        text.raw(",\"takerCommission\":")
        text.integer(fees.taker / 10_000)
        text.raw(",\"buyerCommission\":")
        text.integer(fees.buyer / 10_000)
        text.raw(",\"sellerCommission\":")
        text.integer(fees.seller / 10_000)
        text.raw(",\"commissionRates\":")
        rates(fees, to: &text)
        text.raw(
            ",\"canTrade\":true,\"canWithdraw\":true,\"canDeposit\":true,\"brokered\":false,"
                + "\"requireSelfTradePrevention\":false,\"preventSor\":false,\"updateTime\":")
        text.time(exchange.balanceTimes[account] ?? .unknown, unit)
        text.raw(",\"accountType\":\"SPOT\",\"balances\":[")
        var isFirst = true
        for (index, name) in exchange.assets.enumerated() {
            let amounts = exchange.ledger[account, AssetIndex(UInt16(index))]
            if omitsZero, amounts.free == 0, amounts.locked == 0 { continue }
            text.raw(isFirst ? "{\"asset\":" : ",{\"asset\":")
            isFirst = false
            text.quoted(name)
            text.raw(",\"free\":")
            text.decimal(amounts.free)
            text.raw(",\"locked\":")
            text.decimal(amounts.locked)
            text.raw("}")
        }
        text.raw("],\"permissions\":[\"SPOT\"],\"uid\":")
        text.integer(354_937_868 + Int64(account.raw))
        text.raw("}")
    }

    private func rates(_ fees: FeeRates, to text: inout TextBuffer) {
        text.raw("{\"maker\":")
        text.decimal(fees.maker)
        text.raw(",\"taker\":")
        text.decimal(fees.taker)
        text.raw(",\"buyer\":")
        text.decimal(fees.buyer)
        text.raw(",\"seller\":")
        text.decimal(fees.seller)
        text.raw("}")
    }

    /// The rates of an account on a symbol.
    func commission(
        _ market: SymbolMarket, _ account: AccountIndex, to text: inout TextBuffer
    ) {
        text.raw("{\"symbol\":")
        text.quoted(market.configuration.symbol)
        text.raw(",\"standardCommission\":")
        rates(exchange.configuration.fees, to: &text)
        text.raw(",\"specialCommission\":")
        rates(exchange.configuration.specialFees, to: &text)
        text.raw(",\"taxCommission\":")
        rates(exchange.configuration.taxFees, to: &text)
        discount(of: account, to: &text)
        text.raw("}")
    }

    /// What the trades of one order would pay, the side's part included.
    func commission(for side: Side, _ account: AccountIndex, to text: inout TextBuffer) {
        func rates(_ name: StaticString, _ fees: FeeRates) {
            text.raw(name)
            text.raw("{\"maker\":")
            text.decimal(fees.rate(isMaker: true, isBuyer: side == .buy))
            text.raw(",\"taker\":")
            text.decimal(fees.rate(isMaker: false, isBuyer: side == .buy))
            text.raw("}")
        }
        rates("{\"standardCommissionForOrder\":", exchange.configuration.fees)
        rates(",\"specialCommissionForOrder\":", exchange.configuration.specialFees)
        rates(",\"taxCommissionForOrder\":", exchange.configuration.taxFees)
        discount(of: account, to: &text)
        text.raw("}")
    }

    private func discount(of account: AccountIndex, to text: inout TextBuffer) {
        let discount = exchange.configuration.feeDiscount
        text.raw(",\"discount\":{\"enabledForAccount\":")
        text.boolean(exchange.paysInDiscountAsset.contains(account))
        text.raw(",\"enabledForSymbol\":")
        text.boolean(exchange.discountAsset != nil)
        text.raw(",\"discountAsset\":")
        text.quoted(discount.asset)
        text.raw(",\"discount\":")
        text.decimal(discount.factor)
        text.raw("}")
    }

    func trades(_ fills: [UserFill], _ market: SymbolMarket, to text: inout TextBuffer) {
        text.raw("[")
        for (index, fill) in fills.enumerated() {
            text.raw(index == 0 ? "{\"symbol\":" : ",{\"symbol\":")
            text.quoted(market.configuration.symbol)
            text.raw(",\"id\":")
            text.integer(fill.tradeID)
            text.raw(",\"orderId\":")
            text.integer(fill.orderID)
            text.raw(",\"orderListId\":")
            text.integer(fill.listID)
            text.raw(",\"price\":")
            text.decimal(fill.price.raw)
            text.raw(",\"qty\":")
            text.decimal(fill.quantity.raw)
            text.raw(",\"quoteQty\":")
            text.decimal(fill.quote)
            text.raw(",\"commission\":")
            text.decimal(fill.commission)
            text.raw(",\"commissionAsset\":")
            text.quoted(exchange.assetName(fill.commissionAsset))
            text.raw(",\"time\":")
            text.time(fill.time, unit)
            text.raw(",\"isBuyer\":")
            text.boolean(fill.isBuyer)
            text.raw(",\"isMaker\":")
            text.boolean(fill.isMaker)
            text.raw(",\"isBestMatch\":true}")
        }
        text.raw("]")
    }
}

/// The rate limits as exchangeInfo lists them and answers report them.
enum RateLimitText {
    static func entry(
        _ type: StaticString, _ interval: StaticString, _ number: Int, limit: Int, count: Int?,
        to text: inout TextBuffer
    ) {
        text.raw("{\"rateLimitType\":")
        text.quotedRaw(type)
        text.raw(",\"interval\":")
        text.quotedRaw(interval)
        text.raw(",\"intervalNum\":")
        text.integer(number)
        text.raw(",\"limit\":")
        text.integer(limit)
        if let count {
            text.raw(",\"count\":")
            text.integer(count)
        }
        text.raw("}")
    }

    /// The two order limits, with counts when given.
    static func orders(
        _ limits: RateLimitConfiguration, counts: (Int, Int)?, to text: inout TextBuffer
    ) {
        entry(
            "ORDERS", "SECOND", 10, limit: limits.ordersPerTenSeconds, count: counts?.0, to: &text)
        text.raw(",")
        entry("ORDERS", "DAY", 1, limit: limits.ordersPerDay, count: counts?.1, to: &text)
    }

    static func weight(
        _ limits: RateLimitConfiguration, count: Int?, to text: inout TextBuffer
    ) {
        entry(
            "REQUEST_WEIGHT", "MINUTE", 1, limit: limits.requestWeightPerMinute, count: count,
            to: &text)
    }
}
