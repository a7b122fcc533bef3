import MarketModel
import TickToTrade

/// Limits of a single order: its worth, its size, its price, its time.
struct NaiveOrderRules {
    private let request: OrderRequest
    private let market: NaiveMarket
    private let limits: NaiveLimits
    private let here: UInt16

    init(_ request: OrderRequest, _ market: NaiveMarket, _ limits: NaiveLimits) {
        self.request = request
        self.market = market
        self.limits = limits
        here = request.instrument.raw
    }

    /// The first limit that the order breaks, with the numbers.
    func firstBroken(_ checks: inout [RiskLimitKey: Int]) -> String? {
        let rules: [(key: RiskLimitKey, number: UInt16, broken: (Int64) -> String?)] = [
            (.orderMaxNotional, 0, notional), (.instrumentMaxOrderQuantity, here, quantity),
            (.orderPriceBand, 0, band), (.orderFatFinger, 0, reach),
            (.orderRequiresProtection, 0, protection), (.instrumentStaleData, here, age),
            (.instrumentMaxMove, here, move), (.instrumentHalted, here, { _ in "it is halted" }),
        ]
        for rule in rules {
            guard let limit = limits.value(rule.key, of: rule.number) else { continue }
            checks[rule.key, default: 0] += 1
            if let how = rule.broken(limit) { return "\(rule.key.path) \(limit): \(how)" }
        }
        return hours(&checks)
    }

    /// Least worth of the order, in the quote asset.
    private var worth: Double {
        if request.terms.quoteQuantity.raw > 0 { return Double(request.terms.quoteQuantity.raw) / 1e8 }
        let quantity = Double(request.quantity.raw) / 1e8
        if request.type.isPriced { return Double(request.price.raw) / 1e8 * quantity }
        return (market.worth()?.lowerBound ?? 0) * quantity
    }

    private func notional(_ limit: Int64) -> String? {
        // A quote amount is spent in whole lots: it may be less than was asked for, never more.
        if request.terms.quoteQuantity.raw > 0 { return nil }
        return worth > Double(limit) / 1e8 * 1.000_001 ? "it is worth \(worth)" : nil
    }

    private func quantity(_ limit: Int64) -> String? {
        request.quantity.raw > limit ? "it is \(request.quantity.raw)" : nil
    }

    /// Distance of the price from where it is measured, as a share of that.
    private func distance(from base: Int64) -> Double {
        base > 0 ? abs(Double(request.price.raw - base)) / Double(base) : 0
    }

    private var opposite: Int64 {
        if request.type.isConditional { return request.terms.stopPrice.raw }
        let best = market.best()
        return request.side == .buy ? best.ask : best.bid
    }

    private func band(_ limit: Int64) -> String? {
        if !request.type.isPriced { return nil }
        let bases = request.type.isConditional ? [opposite] : [opposite, market.last]
        let far = bases.map { distance(from: $0) }.max() ?? 0
        return far > Double(limit) / 10_000 + 1e-9 ? "it is \(far) away" : nil
    }

    private func reach(_ limit: Int64) -> String? {
        if !request.type.isPriced || opposite <= 0 { return nil }
        let isThrough = request.side == .buy
            ? request.price.raw > opposite : request.price.raw < opposite
        let far = distance(from: opposite)
        return isThrough && far > Double(limit) / 10_000 + 1e-9 ? "it reaches \(far) through" : nil
    }

    /// Only the bracket's entry says that stop and target follow.
    private func protection(_ limit: Int64) -> String? {
        let isProtected = request.contingency == .oneTriggersPair || request.type == .limitMaker
        return isProtected ? nil : "it has none"
    }

    private func age(_ limit: Int64) -> String? {
        guard let time = market.dataTime else { return "there is no data" }
        let age = request.decisionTime - time
        return age.count > limit ? "the data are \(age.count) ns old" : nil
    }

    private func move(_ limit: Int64) -> String? {
        guard market.last > 0, market.sessionOpen > 0 else { return nil }
        let move = abs(Double(market.last - market.sessionOpen)) / Double(market.sessionOpen)
        return move > Double(limit) / 10_000 + 1e-9 ? "the market has moved \(move)" : nil
    }

    private func hours(_ checks: inout [RiskLimitKey: Int]) -> String? {
        let start = limits.value(.orderHoursStart) ?? 0
        let end = limits.value(.orderHoursEnd) ?? 0
        if start == end { return nil }
        for key in [RiskLimitKey.orderHoursStart, .orderHoursEnd] { checks[key, default: 0] += 1 }
        let minute = request.decisionTime.nanoseconds / 60_000_000_000 % 1_440
        let isOpen = start < end ? start <= minute && minute < end : minute >= start || minute < end
        return isOpen ? nil : "order.hours_start \(start), hours_end \(end): minute \(minute)"
    }
}
