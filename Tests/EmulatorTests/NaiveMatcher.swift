import MarketModel

@testable import Emulator

/// The obvious matcher: one list of orders, searched for everything. The oracle of the fast one.
struct NaiveMatcher {
    struct Order {
        let id: Int64
        let account: AccountIndex
        let side: Side
        let price: Price
        var remaining: Quantity
        let arrival: Int
    }

    private(set) var orders: [Order] = []
    private(set) var fills: [Fill] = []
    private(set) var prevented: [PreventedMatch] = []
    private var arrivals = 0
    private var tradeID: Int64 = 0
    let lotSize: Quantity

    init(lotSize: Quantity) { self.lotSize = lotSize }

    /// Index of the order that a taker of `side` meets first.
    private func best(against side: Side) -> Int? {
        orders.indices.filter { orders[$0].side == side.opposite }.min { left, right in
            let (a, b) = (orders[left], orders[right])
            if a.price != b.price { return side == .buy ? a.price < b.price : a.price > b.price }
            return a.arrival < b.arrival
        }
    }

    mutating func place(_ order: IncomingOrder) -> (executed: Quantity, remainder: Remainder) {
        fills = []
        prevented = []
        if order.type == .limitMaker, let index = best(against: order.side),
            order.reaches(orders[index].price)
        {
            return (.zero, .wouldTake)
        }
        if order.timeInForce == .fok {
            // Try on a copy: fill-or-kill is the same order, all or nothing.
            var copy = self
            var trial = order
            trial.timeInForce = .ioc
            if copy.place(trial).executed != order.quantity {
                return (.zero, .expiredFillOrKill)
            }
        }
        return match(order)
    }

    private mutating func match(
        _ order: IncomingOrder
    ) -> (executed: Quantity, remainder: Remainder) {
        var taker = Taker(order: order, lotSize: lotSize)
        while !taker.isDone, let index = best(against: order.side),
            order.reaches(orders[index].price)
        {
            let maker = orders[index]
            let wanted = taker.wanted(at: maker.price)
            if wanted == .zero {
                taker.budgetIsSpent = true
                break
            }
            if maker.account == order.account, order.account != .market,
                order.selfTradePrevention != .none
            {
                let mode = order.selfTradePrevention
                if mode != .expireTaker {
                    prevented.append(
                        PreventedMatch(
                            makerID: maker.id, makerAccount: maker.account,
                            quantity: maker.remaining, price: maker.price))
                    orders.remove(at: index)
                }
                if mode != .expireMaker {
                    taker.wasPrevented = true
                    break
                }
                continue
            }
            let quantity = min(wanted, maker.remaining)
            tradeID += 1
            orders[index].remaining -= quantity
            fills.append(
                Fill(
                    tradeID: tradeID, price: maker.price, quantity: quantity,
                    takerSide: order.side, takerID: order.id, takerAccount: order.account,
                    makerID: maker.id, makerAccount: maker.account,
                    makerRemaining: orders[index].remaining))
            if orders[index].remaining == .zero { orders.remove(at: index) }
            taker.take(quantity, at: maker.price)
        }
        if taker.remainder == .rests {
            arrivals += 1
            orders.append(
                Order(
                    id: order.id, account: order.account, side: order.side, price: order.price,
                    remaining: taker.remaining, arrival: arrivals))
        }
        return (taker.executed, taker.remainder)
    }

    mutating func cancel(_ id: Int64) -> Quantity? {
        guard let index = orders.firstIndex(where: { $0.id == id }) else { return nil }
        return orders.remove(at: index).remaining
    }

    /// Aggregated levels of a side, best first.
    func levels(of side: Side) -> [BookLevel] {
        var sums: [Price: Quantity] = [:]
        for order in orders where order.side == side {
            sums[order.price, default: .zero] += order.remaining
        }
        let prices = side == .buy ? sums.keys.sorted(by: >) : sums.keys.sorted()
        return prices.map { BookLevel(price: $0, quantity: sums[$0] ?? .zero) }
    }
}
