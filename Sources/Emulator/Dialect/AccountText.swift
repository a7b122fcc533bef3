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
        text.raw(",\"buyerCommission\":0,\"sellerCommission\":0,\"commissionRates\":")
        rates(maker: fees.maker, taker: fees.taker, to: &text)
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

    private func rates(maker: Int64, taker: Int64, to text: inout TextBuffer) {
        text.raw("{\"maker\":")
        text.decimal(maker)
        text.raw(",\"taker\":")
        text.decimal(taker)
        text.raw(",\"buyer\":\"0.00000000\",\"seller\":\"0.00000000\"}")
    }

    func commission(_ market: SymbolMarket, to text: inout TextBuffer) {
        text.raw("{\"symbol\":")
        text.quoted(market.configuration.symbol)
        text.raw(",\"standardCommission\":")
        rates(maker: market.instrument.makerFee, taker: market.instrument.takerFee, to: &text)
        text.raw(",\"specialCommission\":")
        rates(maker: 0, taker: 0, to: &text)
        text.raw(",\"taxCommission\":")
        rates(maker: 0, taker: 0, to: &text)
        text.raw(
            ",\"discount\":{\"enabledForAccount\":false,\"enabledForSymbol\":false,"
                + "\"discountAsset\":\"BNB\",\"discount\":\"0.75000000\"}}")
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
            text.raw(",\"orderListId\":-1,\"price\":")
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
