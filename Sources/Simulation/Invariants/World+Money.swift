import Emulator
import Engine
import MarketModel
import TickToTrade

/// What the exchange's own list of trades comes to, in units of 1e-16 of quote money: exact, and the
/// same in whatever order the engine heard of them.
struct TradedMoney: Equatable {
    /// Profit taken less what is held has cost, before commissions.
    var taken: Int128 = 0
    var fees: Int128 = 0
    var turnover: Int128 = 0
    var count: Int64 = 0

    init() {}

    init(_ position: Position) {
        taken = position.realised.raw - position.cost.raw
        fees = position.fees.raw
        turnover = position.turnover.raw
        count = position.fillCount
    }

    /// Adds a trade; `false` when its commission was in an asset that the instrument does not trade.
    ///
    /// A commission in the base asset is so much less of a position, and worth its trade's price.
    mutating func add(_ fill: ObservedFill, base: String, quote: String) -> Bool {
        let isBase = fill.commissionAsset == base
        if !isBase, fill.commissionAsset != quote, fill.commission != 0 { return false }
        let price = Int128(fill.price)
        let inBase = isBase ? Int128(fill.commission) : 0
        let moved = Int128(fill.quantity) + (fill.isBuyer ? -inBase : inBase)
        taken += (fill.isBuyer ? -1 : 1) * price * moved
        fees += (isBase ? inBase * price / 100_000_000 : Int128(fill.commission)) * 100_000_000
        turnover += price * moved
        count += 1
        return true
    }
}

extension World {
    /// Compares an instrument's profit and fees with the exchange's trades to the last unit; `nil`: they
    /// agree, or a trade is known only from an answer about its order, which tells no commission.
    func moneyDifference(
        in market: Int, _ position: Position, _ queried: QueriedOrders
    ) -> String? {
        let symbol = Surroundings.symbols[market]
        var traded = TradedMoney()
        for fill in ownFills(in: market) {
            if queried.contains(market, fill.order) { return nil }
            let isKnown = traded.add(
                fill, base: String(symbol.dropLast(4)), quote: String(symbol.suffix(4)))
            if !isKnown { return nil }
        }
        moneyComparisons += 1
        let booked = TradedMoney(position)
        return booked == traded ? nil : "the engine has booked \(booked), its trades make \(traded)"
    }
}
