import MarketModel

@testable import Emulator

/// The obvious matcher: one list of orders, searched for everything. The oracle of the fast one.
struct NaiveMatcher {
    struct Order {
        let id: Int64
        let account: AccountIndex
        let side: Side
        let price: Price
        /// What is shown; the rest of an iceberg is hidden.
        var shown: Quantity
        var hidden = Quantity.zero
        var display = Quantity.zero
        var arrival: Int

        var remaining: Quantity { shown + hidden }
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
                if prevent(maker, at: index, wanted: wanted, &taker) { continue }
                break
            }
            let quantity = min(wanted, maker.shown)
            tradeID += 1
            take(quantity, from: index)
            fills.append(
                Fill(
                    tradeID: tradeID, price: maker.price, quantity: quantity,
                    takerSide: order.side, takerID: order.id, takerAccount: order.account,
                    makerID: maker.id, makerAccount: maker.account,
                    makerRemaining: maker.remaining - quantity))
            taker.take(quantity, at: maker.price)
        }
        if taker.remainder == .rests {
            arrivals += 1
            orders.append(
                Order(
                    id: order.id, account: order.account, side: order.side, price: order.price,
                    shown: taker.remaining, arrival: arrivals))
            let display = order.displayQuantity
            if display > .zero, display < taker.remaining {
                orders[orders.count - 1].shown = display
                orders[orders.count - 1].display = display
                orders[orders.count - 1].hidden = taker.remaining - display
            }
        }
        return (taker.executed, taker.remainder)
    }

    /// Takes a shown quantity; an iceberg's next part comes last in its queue.
    private mutating func take(_ quantity: Quantity, from index: Int) {
        orders[index].shown -= quantity
        guard orders[index].shown == .zero else { return }
        if orders[index].hidden == .zero {
            orders.remove(at: index)
            return
        }
        let part = min(orders[index].display, orders[index].hidden)
        orders[index].shown = part
        orders[index].hidden -= part
        arrivals += 1
        orders[index].arrival = arrivals
    }

    private mutating func prevent(
        _ maker: Order, at index: Int, wanted: Quantity, _ taker: inout Taker
    ) -> Bool {
        let mode = taker.order.selfTradePrevention
        prevented.append(
            PreventedMatch(
                mode, wanted: wanted, makerID: maker.id, makerAccount: maker.account,
                price: maker.price, shown: maker.shown, left: maker.remaining,
                tradesBefore: fills.count))
        switch mode {
        case .none, .expireTaker: break
        case .expireMaker, .expireBoth: orders.remove(at: index)
        case .decrement, .transfer:
            let quantity = min(wanted, maker.shown)
            take(quantity, from: index)
            taker.lose(quantity, at: maker.price)
            return true
        }
        taker.wasPrevented = mode != .expireMaker
        return mode == .expireMaker
    }

    mutating func reduce(_ id: Int64, by quantity: Quantity) -> Bool {
        guard let index = orders.firstIndex(where: { $0.id == id }),
            quantity < orders[index].remaining
        else { return false }
        let unseen = min(quantity, orders[index].hidden)
        orders[index].hidden -= unseen
        orders[index].shown -= quantity - unseen
        return true
    }

    mutating func cancel(_ id: Int64) -> Quantity? {
        guard let index = orders.firstIndex(where: { $0.id == id }) else { return nil }
        return orders.remove(at: index).remaining
    }

    /// Aggregated levels of a side, best first.
    func levels(of side: Side) -> [BookLevel] {
        var sums: [Price: Quantity] = [:]
        for order in orders where order.side == side {
            sums[order.price, default: .zero] += order.shown
        }
        let prices = side == .buy ? sums.keys.sorted(by: >) : sums.keys.sorted()
        return prices.map { BookLevel(price: $0, quantity: sums[$0] ?? .zero) }
    }
}
