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
    /// What the fast windows have seen since the last slow one.
    private var slowBids: [BookLevel] = []
    private var slowAsks: [BookLevel] = []

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
        slowBids += bids
        slowAsks += asks
        defer { lastFast = last }
        return DepthDiff(firstUpdateID: lastFast + 1, lastUpdateID: last, bids: bids, asks: asks)
    }

    /// The window from the last slow one to the last fast one; the book may have gone on since.
    mutating func slow() -> DepthDiff? {
        let last = lastFast
        guard last > lastSlow else { return nil }
        let bids = Self.newest(slowBids).sorted { $0.price > $1.price }
        let asks = Self.newest(slowAsks).sorted { $0.price < $1.price }
        forgetSlow()
        defer { lastSlow = last }
        return DepthDiff(
            firstUpdateID: lastSlow + 1, lastUpdateID: last, bids: bids, asks: asks)
    }

    /// Ends a slow window that nobody reads.
    mutating func skipSlow() {
        forgetSlow()
        lastSlow = lastFast
    }

    private mutating func forgetSlow() {
        slowBids.removeAll(keepingCapacity: true)
        slowAsks.removeAll(keepingCapacity: true)
    }

    /// The last of several changes of one level.
    private static func newest(_ changes: [BookLevel]) -> [BookLevel] {
        Dictionary(changes.map { ($0.price, $0) }, uniquingKeysWith: { $1 }).map(\.value)
    }
}
