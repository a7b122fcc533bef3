import MarketModel

/// One side of a recorded book: what was displayed, less what users have taken of it.
///
/// Sorted so that the best is last; a level's key is the price for bids and the negated price
/// for asks, as in the matching book.
struct DisplayedSide {
    struct Level: BitwiseCopyable {
        let key: Int64
        var displayed: Quantity
        /// Taken by users' orders and therefore gone for them until the market shows it anew.
        var consumed: Quantity

        var available: Quantity { max(displayed - consumed, .zero) }
    }

    private let sign: Int64
    private var levels = ContiguousArray<Level>()

    init(side: Side) { sign = side.sign }

    private func price(of level: Level) -> Price { Price(raw: level.key * sign) }

    /// The best displayed level, regardless of what users took.
    var displayedBest: (price: Price, quantity: Quantity)? {
        levels.last.map { (price(of: $0), $0.displayed) }
    }

    /// The best level with something left for a user's order.
    var availableBest: (price: Price, quantity: Quantity)? {
        var index = levels.count - 1
        while index >= 0 {
            let available = levels[index].available
            if available > .zero { return (price(of: levels[index]), available) }
            index -= 1
        }
        return nil
    }

    func displayed(at price: Price) -> Quantity {
        let index = position(of: price.raw * sign)
        guard index < levels.count, levels[index].key == price.raw * sign else { return .zero }
        return levels[index].displayed
    }

    /// Visits displayed levels from the best until `body` returns false.
    func forEach(_ body: (Price, Level) -> Bool) {
        for level in levels.reversed() where !body(price(of: level), level) { return }
    }

    mutating func removeAll() { levels.removeAll(keepingCapacity: true) }

    /// The market now displays this quantity; a decrease first eats what users had taken.
    mutating func set(_ price: Price, _ quantity: Quantity) {
        let key = price.raw * sign
        let index = position(of: key)
        let isPresent = index < levels.count && levels[index].key == key
        if quantity == .zero {
            if isPresent { levels.remove(at: index) }
        } else if isPresent {
            let decrease = levels[index].displayed - quantity
            if decrease > .zero {
                levels[index].consumed = max(levels[index].consumed - decrease, .zero)
            }
            levels[index].displayed = quantity
        } else {
            levels.insert(Level(key: key, displayed: quantity, consumed: .zero), at: index)
        }
    }

    /// Removes every level better than a price: the market's best is this one.
    mutating func removeBetter(than price: Price) {
        while let best = levels.last, best.key > price.raw * sign { levels.removeLast() }
    }

    /// A user's order takes displayed quantity once.
    mutating func consume(_ quantity: Quantity, at price: Price) {
        let index = position(of: price.raw * sign)
        guard index < levels.count, levels[index].key == price.raw * sign else { return }
        levels[index].consumed += quantity
    }

    private func position(of key: Int64) -> Int {
        var low = 0
        var high = levels.count
        while low < high {
            let middle = (low + high) / 2
            if levels[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
