import MarketModel

/// Liquidity from a recorded market: users' orders trade with it and queue in it.
///
/// The recorded flow cannot react, so: a taker fills against what is displayed, each displayed
/// unit once; a resting order joins the queue behind what is displayed at its price, moves up
/// with trades and cancels there (cancels count as coming from behind until the level is smaller
/// than the queue), and fills by trades at its price after the queue, by trades through it, or
/// when the other side is displayed at its price or beyond.
final class ReplayedBook: Matcher {
    /// Users' trades are numbered apart from the recorded ones.
    static let firstTradeID: Int64 = 9_000_000_000_000

    private var bids = DisplayedSide(side: .buy)
    private var asks = DisplayedSide(side: .sell)
    private var resting: [Resting] = []
    private(set) var log = MatchLog()
    private(set) var updateID: Int64 = 0
    private var lastTicker: (updateID: Int64, top: BookTop)?
    /// Diffs recorded before the snapshot.
    private var early: [DepthDiff] = []
    private(set) var isSynchronized = false
    /// Diffs that did not follow the one before.
    private(set) var gapCount = 0
    private(set) var lastTradeID = ReplayedBook.firstTradeID - 1
    private var nextSlot: Int32 = 0
    private let lotSize: Quantity

    init(lotSize: Quantity) { self.lotSize = lotSize }

    /// A user's order in the recorded queue; the list is in order of arrival.
    private struct Resting {
        let id: Int64
        let slot: Int32
        let account: AccountIndex
        let side: Side
        let price: Price
        var remaining: Quantity
        /// Displayed quantity that stands before it.
        var ahead: Quantity
    }

    // MARK: - The recorded market

    /// Loads a snapshot and the diffs recorded before it that still matter.
    func apply(snapshot: DepthDiff) {
        log.clear()
        // A later snapshot in the capture is not needed: the diffs have kept the book.
        guard !isSynchronized else { return }
        bids.removeAll()
        asks.removeAll()
        for level in snapshot.bids { bids.set(level.price, level.quantity) }
        for level in snapshot.asks { asks.set(level.price, level.quantity) }
        updateID = snapshot.lastUpdateID
        isSynchronized = true
        for diff in early { load(diff) }
        early.removeAll()
        fillCrossed()
    }

    func apply(diff: DepthDiff) {
        log.clear()
        guard isSynchronized else {
            if early.count < 10_000 { early.append(diff) }
            return
        }
        load(diff)
        fillCrossed()
    }

    private func load(_ diff: DepthDiff) {
        guard diff.lastUpdateID > updateID else { return }
        if diff.firstUpdateID > updateID + 1 { gapCount += 1 }
        updateID = diff.lastUpdateID
        for level in diff.bids { set(.buy, level.price, level.quantity) }
        for level in diff.asks { set(.sell, level.price, level.quantity) }
        // A newer ticker knows the top better than a diff that ends before it.
        if let lastTicker, lastTicker.updateID > diff.lastUpdateID { overlay(lastTicker.top) }
    }

    func apply(ticker top: BookTop, updateID: Int64) {
        log.clear()
        lastTicker = (updateID, top)
        guard isSynchronized, updateID > self.updateID else { return }
        overlay(top)
        fillCrossed()
    }

    private func overlay(_ top: BookTop) {
        bids.removeBetter(than: top.bidPrice)
        asks.removeBetter(than: top.askPrice)
        set(.buy, top.bidPrice, top.bidQuantity)
        set(.sell, top.askPrice, top.askQuantity)
    }

    private func set(_ side: Side, _ price: Price, _ quantity: Quantity) {
        if side == .buy { bids.set(price, quantity) } else { asks.set(price, quantity) }
        for index in resting.indices where resting[index].side == side {
            guard resting[index].price == price else { continue }
            resting[index].ahead = min(resting[index].ahead, quantity)
        }
    }

    /// A recorded trade: users' orders at better prices fill first, then those whose turn it is.
    func apply(trade: PublicTrade) {
        log.clear()
        guard !resting.isEmpty else { return }
        let side = trade.takerSide.opposite
        var left = trade.quantity
        for index in byPriority(side) where left > .zero {
            let order = resting[index]
            if order.price == trade.price {
                let passed = min(order.ahead, trade.quantity)
                resting[index].ahead -= passed
                let reached = min(left, trade.quantity - passed)
                left -= fill(index, atMost: reached)
            } else if side == .buy ? order.price > trade.price : order.price < trade.price {
                left -= fill(index, atMost: left)
            }
        }
        removeFilled()
    }

    /// Fills resting orders that the other side's displayed quantity has reached.
    private func fillCrossed() {
        guard !resting.isEmpty else { return }
        for side in Side.allCases {
            for index in byPriority(side) {
                while resting[index].remaining > .zero,
                    let best = side == .buy ? asks.availableBest : bids.availableBest,
                    side == .buy
                        ? best.price <= resting[index].price : best.price >= resting[index].price
                {
                    let taken = fill(index, atMost: best.quantity)
                    consume(taken, of: side.opposite, at: best.price)
                }
            }
        }
        removeFilled()
    }

    private func byPriority(_ side: Side) -> [Int] {
        resting.indices.filter { resting[$0].side == side }.sorted { left, right in
            let (a, b) = (resting[left], resting[right])
            if a.price != b.price { return side == .buy ? a.price > b.price : a.price < b.price }
            return left < right
        }
    }

    private func fill(_ index: Int, atMost limit: Quantity) -> Quantity {
        let order = resting[index]
        let quantity = min(order.remaining, limit)
        guard quantity > .zero else { return .zero }
        lastTradeID += 1
        resting[index].remaining -= quantity
        log.append(
            Fill(
                tradeID: lastTradeID, price: order.price, quantity: quantity,
                takerSide: order.side.opposite, takerID: 0, takerAccount: .market,
                makerID: order.id, makerAccount: order.account,
                makerRemaining: order.remaining - quantity))
        return quantity
    }

    private func consume(_ quantity: Quantity, of side: Side, at price: Price) {
        if side == .buy {
            bids.consume(quantity, at: price)
        } else {
            asks.consume(quantity, at: price)
        }
    }

    private func removeFilled() { resting.removeAll { $0.remaining == .zero } }

    // MARK: - Users' orders

    /// Changes of the book have the recorded market's numbers.
    func resume(afterUpdate _: Int64, trade: Int64) { lastTradeID = max(lastTradeID, trade) }

    var top: BookTop {
        let bid = bids.displayedBest
        let ask = asks.displayedBest
        return BookTop(
            bidPrice: bid?.price ?? .zero, bidQuantity: bid?.quantity ?? .zero,
            askPrice: ask?.price ?? .zero, askQuantity: ask?.quantity ?? .zero)
    }

    func bestPrice(against side: Side) -> Price? {
        let displayed = (side == .buy ? asks : bids).availableBest?.price
        let own = bestResting(side.opposite).map { resting[$0].price }
        guard let displayed, let own else { return displayed ?? own }
        return side == .buy ? min(displayed, own) : max(displayed, own)
    }

    func place(_ order: IncomingOrder) -> Placement {
        log.clear()
        if order.type == .limitMaker, let best = bestPrice(against: order.side),
            order.reaches(best)
        {
            return Placement(executed: .zero, remainder: .wouldTake, handle: .none)
        }
        if order.timeInForce == .fok, reachable(by: order) < order.quantity {
            return Placement(executed: .zero, remainder: .expiredFillOrKill, handle: .none)
        }
        var taker = Taker(order: order, lotSize: lotSize)
        take(&taker)
        removeFilled()
        var placement = Placement(
            executed: taker.executed, remainder: taker.remainder, handle: .none)
        if placement.remainder == .rests {
            let displayed = (order.side == .buy ? bids : asks).displayed(at: order.price)
            nextSlot &+= 1
            resting.append(
                Resting(
                    id: order.id, slot: nextSlot, account: order.account, side: order.side,
                    price: order.price, remaining: taker.remaining, ahead: displayed))
            placement.handle = OrderHandle(slot: nextSlot, id: order.id)
        }
        return placement
    }

    func cancel(_ handle: OrderHandle) -> Quantity? {
        log.clear()
        guard let index = resting.firstIndex(where: { $0.slot == handle.slot }) else { return nil }
        return resting.remove(at: index).remaining
    }

    func reduce(_ handle: OrderHandle, by quantity: Quantity) -> Bool {
        log.clear()
        guard let index = resting.firstIndex(where: { $0.slot == handle.slot }),
            quantity > .zero, quantity < resting[index].remaining
        else { return false }
        resting[index].remaining -= quantity
        return true
    }

    /// Meets displayed quantity and other users' orders, better prices first.
    private func take(_ taker: inout Taker) {
        let side = taker.order.side
        while let price = bestPrice(against: side), taker.order.reaches(price) {
            let wanted = taker.wanted(at: price)
            guard wanted > .zero else {
                taker.budgetIsSpent = true
                return
            }
            let displayed = (side == .buy ? asks : bids).availableBest
            if let displayed, displayed.price == price {
                let quantity = min(wanted, displayed.quantity)
                consume(quantity, of: side.opposite, at: price)
                book(quantity, at: price, maker: nil, &taker)
            } else if let index = bestResting(side.opposite) {
                guard meet(index, wanted: wanted, &taker) else { return }
            }
            if taker.isDone { return }
        }
    }

    /// Trades with another user's resting order, or prevents it; whether the taker goes on.
    private func meet(_ index: Int, wanted: Quantity, _ taker: inout Taker) -> Bool {
        let maker = resting[index]
        let mode = taker.order.selfTradePrevention
        guard maker.account == taker.order.account, mode != .none else {
            let quantity = min(wanted, maker.remaining)
            resting[index].remaining -= quantity
            book(quantity, at: maker.price, maker: resting[index], &taker)
            removeFilled()
            return true
        }
        let match = PreventedMatch(
            mode, wanted: wanted, makerID: maker.id, makerAccount: maker.account,
            price: maker.price, shown: maker.remaining, left: maker.remaining,
            tradesBefore: log.fills.count)
        log.append(match)
        resting[index].remaining -= match.makerPrevented
        removeFilled()
        if mode.decrements {
            taker.lose(match.quantity, at: maker.price)
            return true
        }
        taker.wasPrevented = mode != .expireMaker
        return mode == .expireMaker
    }

    private func book(
        _ quantity: Quantity, at price: Price, maker: Resting?, _ taker: inout Taker
    ) {
        lastTradeID += 1
        taker.take(quantity, at: price)
        log.append(
            Fill(
                tradeID: lastTradeID, price: price, quantity: quantity,
                takerSide: taker.order.side, takerID: taker.order.id,
                takerAccount: taker.order.account, makerID: maker?.id ?? 0,
                makerAccount: maker?.account ?? .market,
                makerRemaining: maker?.remaining ?? .zero))
    }

    private func bestResting(_ side: Side) -> Int? { byPriority(side).first }

    /// What fill-or-kill could get; other users' orders do not count.
    private func reachable(by order: IncomingOrder) -> Quantity {
        var found = Quantity.zero
        (order.side == .buy ? asks : bids).forEach { price, level in
            guard order.reaches(price), found < order.quantity else { return false }
            found += min(level.available, order.quantity)
            return true
        }
        return found
    }

    func forEachLevel(of side: Side, limit: Int, _ body: (Price, Quantity) -> Void) {
        var left = limit
        (side == .buy ? bids : asks).forEach { price, level in
            guard left > 0 else { return false }
            left -= 1
            body(price, level.displayed)
            return true
        }
    }

    /// Other users' cheaper offers are left out: the cost is never too low.
    func costOfBuying(_ quantity: Quantity, excluding excluded: AccountIndex?) -> Int64 {
        var left = quantity
        var cost: Int64 = 0
        asks.forEach { price, level in
            let part = min(left, level.available)
            let sum = cost.addingReportingOverflow(Money.quoteRoundedUp(price, part) ?? .max)
            cost = sum.overflow ? .max : sum.partialValue
            left -= part
            return left > .zero
        }
        return cost
    }
}
