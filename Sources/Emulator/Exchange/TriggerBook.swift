import MarketModel

/// Orders of one symbol that wait for a price: plain stops sorted by it, trailing ones followed.
///
/// Every public trade passes through ``note(_:now:)``; with nothing waiting that costs one test.
/// Plain stops cost a comparison with the nearest, trailing ones a look at each.
struct TriggerBook {
    private struct Stop: BitwiseCopyable {
        let id: Int64
        let price: Price
    }

    private struct Trailing {
        let id: Int64
        let side: Side
        let delta: Int64
        /// Following begins here; zero: with the next trade.
        let start: Price
        let startsAbove: Bool
        /// The best price since following began; zero before.
        var best = Price.zero
    }

    /// Nearest last, so that it is taken off the end.
    private var above: [Stop] = []
    private var below: [Stop] = []
    private var trailing: [Trailing] = []
    /// Trailing orders whose best price has moved.
    var changes = ChangeTracker<Int64>()

    var isEmpty: Bool { above.isEmpty && below.isEmpty && trailing.isEmpty }

    mutating func insert(_ order: UserOrder) {
        let ticket = order.ticket
        if ticket.trailingDelta > 0 {
            trailing.append(
                Trailing(
                    id: order.id, side: ticket.side, delta: ticket.trailingDelta,
                    start: ticket.stopPrice, startsAbove: ticket.triggersAbove))
            return
        }
        let stop = Stop(id: order.id, price: ticket.stopPrice)
        // Of equal prices the earlier order wakes first: it stays nearer the end.
        if ticket.triggersAbove {
            above.insert(stop, at: above.firstIndex { $0.price <= stop.price } ?? above.count)
        } else {
            below.insert(stop, at: below.firstIndex { $0.price >= stop.price } ?? below.count)
        }
    }

    mutating func remove(_ id: Int64) {
        above.removeAll { $0.id == id }
        below.removeAll { $0.id == id }
        trailing.removeAll { $0.id == id }
    }

    /// What a trade sets off.
    struct Effects {
        /// Orders that wake up, in turn; they have left the book.
        var triggered: [Int64] = []
        /// Trailing orders that begin to follow the price.
        var following: [Int64] = []
    }

    /// Looks at one trade's price.
    mutating func note(_ price: Price, into effects: inout Effects) {
        while let stop = above.last, price >= stop.price {
            effects.triggered.append(stop.id)
            above.removeLast()
        }
        while let stop = below.last, price <= stop.price {
            effects.triggered.append(stop.id)
            below.removeLast()
        }
        guard !trailing.isEmpty else { return }
        for index in trailing.indices {
            var entry = trailing[index]
            if follow(&entry, price) { effects.following.append(entry.id) }
            trailing[index] = entry
        }
        trailing.removeAll { entry in
            guard Self.hasTurned(entry, at: price) else { return false }
            effects.triggered.append(entry.id)
            return true
        }
    }

    /// Moves the best price along; whether following began with this trade.
    private mutating func follow(_ entry: inout Trailing, _ price: Price) -> Bool {
        guard entry.best > .zero else {
            let isReached = entry.start == .zero
                || (entry.startsAbove ? price >= entry.start : price <= entry.start)
            if isReached { move(&entry, to: price) }
            return isReached
        }
        if entry.side == .sell ? price > entry.best : price < entry.best {
            move(&entry, to: price)
        }
        return false
    }

    private mutating func move(_ entry: inout Trailing, to best: Price) {
        entry.best = best
        changes.note(entry.id)
    }

    /// Sells wake `delta` below the highest price, buys above the lowest (sheet section 10).
    private static func hasTurned(_ entry: Trailing, at price: Price) -> Bool {
        guard entry.best > .zero else { return false }
        let now = Int128(price.raw) * 10_000
        return entry.side == .sell
            ? now <= Int128(entry.best.raw) * Int128(10_000 - entry.delta)
            : now >= Int128(entry.best.raw) * Int128(10_000 + entry.delta)
    }

    /// The best price a trailing order has followed so far; zero before it began.
    func best(of id: Int64) -> Price { trailing.first { $0.id == id }?.best ?? .zero }

    /// Puts back how far a trailing order had followed.
    mutating func restore(_ best: Price, of id: Int64) {
        guard let index = trailing.firstIndex(where: { $0.id == id }) else { return }
        trailing[index].best = best
    }
}
