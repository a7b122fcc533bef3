import MarketModel

/// The levels that changed within a window of update ids, with their quantities at its end.
struct DepthDiff {
    let firstUpdateID: Int64
    let lastUpdateID: Int64
    let bids: [BookLevel]
    let asks: [BookLevel]
}

/// Cuts a book's changes into windows whose update ids follow each other without a gap.
///
/// Both depth speeds read the same book: the fast windows drain the book's list of changes, the
/// slow ones collect what the fast ones saw. Quantities are those at the window's end.
struct DepthDiffer {
    private let engine: MatchingEngine
    private var lastFast: Int64
    private var lastSlow: Int64
    private var slowBids: Set<Price> = []
    private var slowAsks: Set<Price> = []

    init(engine: MatchingEngine) {
        self.engine = engine
        lastFast = engine.updateID
        lastSlow = engine.updateID
        engine.drainChanges(of: .buy) { _, _ in }
        engine.drainChanges(of: .sell) { _, _ in }
    }

    /// The window since the last fast one; `nil` when nothing changed.
    mutating func fast() -> DepthDiff? {
        let last = engine.updateID
        guard last > lastFast else { return nil }
        var bids: [BookLevel] = []
        var asks: [BookLevel] = []
        engine.drainChanges(of: .buy) { bids.append(BookLevel(price: $0, quantity: $1)) }
        engine.drainChanges(of: .sell) { asks.append(BookLevel(price: $0, quantity: $1)) }
        for level in bids { slowBids.insert(level.price) }
        for level in asks { slowAsks.insert(level.price) }
        defer { lastFast = last }
        return DepthDiff(firstUpdateID: lastFast + 1, lastUpdateID: last, bids: bids, asks: asks)
    }

    /// The window since the last slow one; ask for the fast one first.
    mutating func slow() -> DepthDiff? {
        let last = lastFast
        guard last > lastSlow else { return nil }
        let bids = slowBids.sorted(by: >).map { level(.buy, $0) }
        let asks = slowAsks.sorted().map { level(.sell, $0) }
        slowBids.removeAll(keepingCapacity: true)
        slowAsks.removeAll(keepingCapacity: true)
        defer { lastSlow = last }
        return DepthDiff(firstUpdateID: lastSlow + 1, lastUpdateID: last, bids: bids, asks: asks)
    }

    private func level(_ side: Side, _ price: Price) -> BookLevel {
        BookLevel(price: price, quantity: engine.quantity(of: side, at: price))
    }
}
