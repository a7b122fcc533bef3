import MarketModel

// What the ladder cannot take at once: far levels, a full side, a finer step, a moved window.
extension BookSide {
    /// Sets a level that the fast path of `apply` refused.
    @inline(never) @_noLocks
    mutating func place(_ level: BookLevel) {
        let quantity = level.quantity.raw
        if level.price.raw <= 0 {
            if quantity > 0 { unplacedCount &+= 1 }
            return
        }
        if grid.steps(level.price.raw) == nil {
            // Between two steps: nothing is there yet.
            if quantity <= 0 { return }
            let anchor = count == 0 ? level.price : currentBest
            rebuild(grid.refined(for: level.price.raw), around: anchor)
        }
        placeOnGrid(level)
    }

    private mutating func placeOnGrid(_ level: BookLevel) {
        guard let steps = grid.steps(level.price.raw) else { return }
        let rank = (steps ^ mask) &- origin
        if rank < 0 {
            placeInOutskirts(level)
        } else if rank >= TickLadder.rankCount {
            if level.quantity.raw <= 0 { return }
            rebuild(grid, around: level.price)
            placeOnGrid(level)
        } else if level.quantity.raw <= 0 {
            ladder.remove(rank)
        } else if !ladder.set(rank, level.quantity.raw, limit: capacity &- outskirts.count) {
            droppedCount &+= 1
            if outskirts.count > 0 {
                outskirts.removeWorst()
            } else {
                let worst = ladder.worstRank
                if rank < worst { return }
                ladder.remove(worst)
            }
            _ = ladder.set(rank, level.quantity.raw, limit: capacity &- outskirts.count)
        }
    }

    private mutating func placeInOutskirts(_ level: BookLevel) {
        let key = level.price.raw ^ Int64(mask)
        if level.quantity.raw <= 0 {
            outskirts.remove(key)
            return
        }
        if outskirts.replace(key, level.quantity.raw) { return }
        if count == capacity {
            droppedCount &+= 1
            let farthest = outskirts.count &- 1
            if farthest < 0 || key < outskirts.level(farthest).key { return }
            outskirts.removeWorst()
        }
        outskirts.insert(key, level.quantity.raw)
    }

    // MARK: - The grid and the window

    /// Chooses step and window for a snapshot; the side must be empty.
    @_noLocks
    mutating func anchor(_ levels: UnsafePointer<BookLevel>, _ levelCount: Int) {
        var chosen: PriceGrid?
        var best = Price.zero
        var index = 0
        while index < levelCount {
            let level = levels[index]
            index &+= 1
            if level.price.raw <= 0 || level.quantity.raw <= 0 { continue }
            guard let grid = chosen else {
                chosen = PriceGrid(step: level.price.raw)
                best = level.price
                continue
            }
            if grid.steps(level.price.raw) == nil { chosen = grid.refined(for: level.price.raw) }
            if mask == 0 ? level.price > best : level.price < best { best = level.price }
        }
        guard let chosen else { return }
        grid = chosen
        origin = windowOrigin(around: best)
    }

    /// Moves the window to the best level, if that moves it at all.
    @inline(never) @_noLocks
    mutating func recentre() {
        let best = currentBest
        if windowOrigin(around: best) != origin { rebuild(grid, around: best) }
    }

    /// The best price while `best` may not be up to date; the side must not be empty.
    private var currentBest: Price {
        ladder.bestRank >= 0 ? innerLevel(ladder.bestRank).price : outerLevel(0).price
    }

    /// Lays every level out anew; no level may be better than `anchor` or off the new grid.
    private mutating func rebuild(_ newGrid: PriceGrid, around anchor: Price) {
        rebuildCount &+= 1
        var left = copyLevels(to: scratch, limit: capacity)
        ladder.clear()
        outskirts.clear()
        grid = newGrid
        origin = windowOrigin(around: anchor)
        // The worst first, so that the outskirts grow at their hot end.
        while left > 0 {
            left &-= 1
            placeOnGrid(scratch[left])
        }
    }

    /// Where the window starts with `price` in its middle, kept to prices of at least one step.
    private func windowOrigin(around price: Price) -> Int {
        let half = TickLadder.rankCount / 2
        guard let steps = grid.steps(price.raw) else { return origin }
        let lowest = mask == 0 ? 1 : Int.min
        let highest = (mask == 0 ? Int.max : -2) - (TickLadder.rankCount - 1)
        let (wanted, overflow) = (steps ^ mask).subtractingReportingOverflow(half)
        if overflow { return lowest }
        return Swift.min(Swift.max(wanted, lowest), highest)
    }
}
