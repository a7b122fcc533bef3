import MarketModel
import TickToTrade

/// Profit and loss of the UTC day, by money in and out and what is held.
struct NaiveProfit {
    /// Money and holdings of an owner when the day began, as its profit until then.
    private var starts: [UInt16: Double] = [:]
    private var day = Int64.min
    /// Another engine takes over: what it values positions by is not known before its market is.
    private var isTakenOver = false

    private static let owners = [StrategyIndex.none.raw, 0, 1, 2]

    /// The next life of the engine goes on with the same day, whatever it thinks.
    mutating func takeOver() { isTakenOver = true }

    /// A new UTC day begins with what there is.
    mutating func pass(
        to now: Timestamp, _ account: NaiveAccount, _ markets: NaiveMarkets
    ) {
        if now.utcDay <= day, !isTakenOver { return }
        let isKnown = markets.numbers.allSatisfy {
            markets[$0]?.worth() != nil || account.holding($0).quantity == 0
        }
        if !isKnown { return }
        defer { isTakenOver = false }
        if now.utcDay <= day { return }
        day = now.utcDay
        for owner in Self.owners {
            // What it was worth at a midnight that nobody saw is nobody's to say.
            let begun = profit(of: owner, account, markets).worst
            starts[owner] = isTakenOver ? -.infinity : begun
        }
    }

    /// The least that was certainly lost today; negative: nothing was.
    func leastLoss(
        _ account: NaiveAccount, _ markets: NaiveMarkets,
        of owner: UInt16 = StrategyIndex.none.raw
    ) -> Double {
        (starts[owner] ?? 0) - profit(of: owner, account, markets).best
    }

    private func profit(
        of owner: UInt16, _ account: NaiveAccount, _ markets: NaiveMarkets
    ) -> (worst: Double, best: Double) {
        var worst = 0.0
        var best = 0.0
        for number in markets.numbers {
            let holding = account.holding(number, of: owner)
            let slack = holding.turnover * 1e-5
            guard let worth = markets[number]?.worth() else { continue }
            let ends = [worth.lowerBound, worth.upperBound].map { $0 * holding.quantity }
            worst += holding.cash + min(ends[0], ends[1]) - slack
            best += holding.cash + max(ends[0], ends[1]) + slack
        }
        return (worst, best)
    }
}
