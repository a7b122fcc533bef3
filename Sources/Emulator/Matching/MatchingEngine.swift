import MarketModel

/// Price-time priority matching of one symbol.
///
/// Pure: no clock, no randomness; ids are consecutive. Placing an order is O(trades + levels
/// between it and the best price), cancelling O(log levels). Trades happen at the resting
/// order's price. Not thread safe: it lives on the exchange's thread.
final class MatchingEngine: Matcher {
    private var book: Book
    private let lotSize: Quantity

    /// An empty book whose first change and trade carry the numbers after the given ones.
    init(lotSize: Quantity, lastUpdateID: Int64 = 0, lastTradeID: Int64 = 0, capacity: Int = 4096) {
        precondition(lotSize > .zero, "the lot size must be positive")
        self.lotSize = lotSize
        book = Book(capacity: capacity, updateID: lastUpdateID, tradeID: lastTradeID)
    }

    var updateID: Int64 { book.shared.updateID }
    var lastTradeID: Int64 { book.shared.tradeID }
    var log: MatchLog { book.shared.log }
    /// Whether the last operation traded: ``log`` is a copy.
    var hasFills: Bool { !book.shared.log.fills.isEmpty }
    var restingOrderCount: Int { book.shared.pool.count }

    var top: BookTop {
        BookTop(
            bidPrice: book.bids.bestPrice ?? .zero, bidQuantity: book.bids.bestQuantity,
            askPrice: book.asks.bestPrice ?? .zero, askQuantity: book.asks.bestQuantity)
    }

    func bestPrice(against side: Side) -> Price? { book.best(against: side) }

    func resume(afterUpdate update: Int64, trade: Int64) {
        book.shared.updateID = max(book.shared.updateID, update)
        book.shared.tradeID = max(book.shared.tradeID, trade)
    }

    /// Forgets the last operation's trades.
    func clearLog() { book.shared.log.clear() }

    func place(_ order: IncomingOrder) -> Placement {
        book.shared.log.clear()
        if order.type == .limitMaker, let best = book.best(against: order.side),
            order.reaches(best)
        {
            return Placement(executed: .zero, remainder: .wouldTake, handle: .none)
        }
        if order.timeInForce == .fok, !book.canFillWhole(order) {
            return Placement(executed: .zero, remainder: .expiredFillOrKill, handle: .none)
        }
        var taker = Taker(order: order, lotSize: lotSize)
        book.match(&taker)
        return finish(taker)
    }

    func cancel(_ handle: OrderHandle) -> Quantity? {
        book.shared.log.clear()
        guard let order = book.shared.pool.find(handle) else { return nil }
        let hidden = book.shared.pool.hidden(handle.slot)
        book.remove(handle.slot, side: order.side)
        return order.remaining + hidden
    }

    func reduce(_ handle: OrderHandle, by quantity: Quantity) -> Bool {
        book.shared.log.clear()
        guard let order = book.shared.pool.find(handle), quantity > .zero else { return false }
        let hidden = book.shared.pool.hidden(handle.slot)
        guard quantity < order.remaining + hidden else { return false }
        // What is shown changes last.
        let unseen = min(hidden, quantity)
        if unseen > .zero { book.shared.pool.takeHidden(unseen, from: handle.slot) }
        if quantity > unseen { book.reduce(handle.slot, by: quantity - unseen, side: order.side) }
        return true
    }

    func forEachLevel(of side: Side, limit: Int, _ body: (Price, Quantity) -> Void) {
        side == .buy
            ? book.bids.forEachLevel(limit: limit, body)
            : book.asks.forEachLevel(limit: limit, body)
    }

    func levelCount(of side: Side) -> Int {
        side == .buy ? book.bids.levelCount : book.asks.levelCount
    }

    func quantity(of side: Side, at price: Price) -> Quantity {
        side == .buy ? book.bids.quantity(at: price) : book.asks.quantity(at: price)
    }

    func costOfBuying(_ quantity: Quantity, excluding excluded: AccountIndex?) -> Int64 {
        var left = quantity
        var cost: Int64 = 0
        book.asks.forEachQueue { price, displayed, head in
            let part = min(
                left, book.quantity(of: displayed, from: head, without: excluded))
            let sum = cost.addingReportingOverflow(Money.quoteRoundedUp(price, part) ?? .max)
            cost = sum.overflow ? .max : sum.partialValue
            left -= part
            return left > .zero
        }
        return cost
    }

    /// Visits every level changed since the last call with its quantity now, best first.
    func drainChanges(of side: Side, _ body: (Price, Quantity) -> Void) {
        let changed = side == .buy ? book.bids.changes : book.asks.changes
        guard !changed.isEmpty else { return }
        let ordered = changed.sorted { side == .buy ? $0.raw > $1.raw : $0.raw < $1.raw }
        var previous: Price?
        for price in ordered where price != previous {
            body(price, quantity(of: side, at: price))
            previous = price
        }
        book.clearChanges(of: side)
    }

    private func finish(_ taker: Taker) -> Placement {
        var placement = Placement(
            executed: taker.executed, remainder: taker.remainder, handle: .none)
        if placement.remainder == .rests {
            placement.handle = book.rest(taker.order, remaining: taker.remaining)
        }
        return placement
    }
}

/// The two sides and what they share.
private struct Book {
    var bids: BookSide
    var asks: BookSide
    var shared: Shared

    /// Orders, trades and running numbers, apart from the sides so that one side can be
    /// swept while they change.
    struct Shared {
        var pool: OrderPool
        var log = MatchLog()
        var updateID: Int64
        var tradeID: Int64
    }

    init(capacity: Int, updateID: Int64, tradeID: Int64) {
        bids = BookSide(side: .buy, capacity: capacity)
        asks = BookSide(side: .sell, capacity: capacity)
        shared = Shared(
            pool: OrderPool(capacity: capacity), updateID: updateID, tradeID: tradeID)
    }

    func best(against side: Side) -> Price? {
        side == .buy ? asks.bestPrice : bids.bestPrice
    }

    mutating func match(_ taker: inout Taker) {
        if taker.order.side == .buy {
            shared.sweep(&asks, with: &taker)
        } else {
            shared.sweep(&bids, with: &taker)
        }
    }

    /// Whether fill-or-kill would fill, with what self-trade prevention would do on the way.
    func canFillWhole(_ order: IncomingOrder) -> Bool {
        var found = Quantity.zero
        let opposite = order.side == .buy ? asks : bids
        opposite.forEachQueue { price, quantity, head in
            guard order.reaches(price) else { return false }
            guard order.account != .market, order.selfTradePrevention != .none else {
                found += self.quantity(of: quantity, from: head, without: nil)
                return found < order.quantity
            }
            var slot = head
            while slot >= 0 {
                let maker = shared.pool[slot]
                if maker.account != order.account {
                    found += maker.remaining
                } else if order.selfTradePrevention != .expireMaker {
                    return false
                }
                if found >= order.quantity { return false }
                slot = maker.next
            }
            // What icebergs hide comes after everything shown at its price.
            found += hidden(from: head, without: order.account)
            return found < order.quantity
        }
        return found >= order.quantity
    }

    /// What a queue holds, shown (`displayed` in all) and hidden, without one account's orders.
    func quantity(
        of displayed: Quantity, from head: Int32, without account: AccountIndex?
    ) -> Quantity {
        guard let account else { return displayed + hidden(from: head, without: nil) }
        var sum = Quantity.zero
        var slot = head
        while slot >= 0 {
            let order = shared.pool[slot]
            if order.account != account { sum += order.remaining }
            slot = order.next
        }
        return sum + hidden(from: head, without: account)
    }

    private func hidden(from head: Int32, without account: AccountIndex?) -> Quantity {
        var sum = Quantity.zero
        var slot = shared.pool.hasIcebergs ? head : -1
        while slot >= 0 {
            let order = shared.pool[slot]
            if order.isIceberg, order.account != account { sum += shared.pool.hidden(slot) }
            slot = order.next
        }
        return sum
    }

    mutating func rest(_ order: IncomingOrder, remaining: Quantity) -> OrderHandle {
        let isIceberg = order.displayQuantity > .zero && order.displayQuantity < remaining
        let shown = isIceberg ? order.displayQuantity : remaining
        let resting = RestingOrder(
            id: order.id, price: order.price, remaining: shown, account: order.account,
            previous: -1, next: -1, side: order.side)
        shared.updateID += 1
        let slot = order.side == .buy
            ? bids.append(resting, to: &shared.pool) : asks.append(resting, to: &shared.pool)
        if isIceberg {
            shared.pool.keep(
                IcebergReserve(display: shown, hidden: remaining - shown), behind: slot)
        }
        return OrderHandle(slot: slot, id: order.id)
    }

    mutating func reduce(_ slot: Int32, by quantity: Quantity, side: Side) {
        shared.updateID += 1
        if side == .buy {
            bids.reduce(slot, by: quantity, in: &shared.pool)
        } else {
            asks.reduce(slot, by: quantity, in: &shared.pool)
        }
    }

    mutating func remove(_ slot: Int32, side: Side) {
        shared.updateID += 1
        if side == .buy {
            bids.remove(slot, from: &shared.pool)
        } else {
            asks.remove(slot, from: &shared.pool)
        }
    }

    mutating func clearChanges(of side: Side) {
        if side == .buy { bids.clearChanges() } else { asks.clearChanges() }
    }
}

extension Book.Shared {
    /// Trades the taker against one side, best price first, first come first served.
    mutating func sweep(_ opposite: inout BookSide, with taker: inout Taker) {
        while let price = opposite.bestPrice, taker.order.reaches(price) {
            let wanted = taker.wanted(at: price)
            guard wanted > .zero else {
                taker.budgetIsSpent = true
                return
            }
            let slot = opposite.front
            let maker = pool[slot]
            if prevents(taker.order, maker) {
                guard prevent(&taker, wanted: wanted, maker: maker, slot: slot, on: &opposite)
                else { return }
                continue
            }
            let quantity = min(wanted, maker.remaining)
            tradeID += 1
            updateID += 1
            log.append(
                Fill(
                    tradeID: tradeID, price: price, quantity: quantity,
                    takerSide: taker.order.side, takerID: taker.order.id,
                    takerAccount: taker.order.account, makerID: maker.id,
                    makerAccount: maker.account,
                    makerRemaining: left(of: maker, in: slot) - quantity))
            opposite.fillFront(quantity, in: &pool)
            taker.take(quantity, at: price)
            if taker.isDone { return }
        }
    }

    private func prevents(_ order: IncomingOrder, _ maker: RestingOrder) -> Bool {
        order.account == maker.account && order.account != .market
            && order.selfTradePrevention != .none
    }

    /// What is open of a resting order, shown and hidden.
    private func left(of maker: RestingOrder, in slot: Int32) -> Quantity {
        maker.isIceberg ? maker.remaining + pool.hidden(slot) : maker.remaining
    }

    /// Applies the taker's prevention mode; whether the taker goes on.
    private mutating func prevent(
        _ taker: inout Taker, wanted: Quantity, maker: RestingOrder, slot: Int32,
        on opposite: inout BookSide
    ) -> Bool {
        let mode = taker.order.selfTradePrevention
        let match = PreventedMatch(
            mode, wanted: wanted, makerID: maker.id, makerAccount: maker.account,
            price: maker.price, shown: maker.remaining, left: left(of: maker, in: slot),
            tradesBefore: log.fills.count)
        log.append(match)
        if match.makerPrevented > .zero {
            updateID += 1
            if match.makerIsGone {
                opposite.remove(slot, from: &pool)
            } else {
                opposite.fillFront(match.makerPrevented, in: &pool)
            }
        }
        if mode.decrements {
            taker.lose(match.quantity, at: maker.price)
            return !taker.isDone
        }
        taker.wasPrevented = mode != .expireMaker
        return mode == .expireMaker
    }
}
