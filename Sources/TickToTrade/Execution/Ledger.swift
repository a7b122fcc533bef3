import MarketModel

/// Positions per instrument and per strategy within it, marks, balances and the day's profit.
///
/// All instruments of a lane share one quote asset and notional scale (checked at start), so money
/// adds up without conversion.
struct Ledger: ~Copyable {
    private let net: UnsafeMutablePointer<Position>
    private let byStrategy: UnsafeMutablePointer<Position>
    private let marks: UnsafeMutablePointer<Price>
    /// Total per asset, free and locked, in units of 1e-8; -1 while unknown.
    private let balances: UnsafeMutablePointer<Int64>
    private let strategyDayStart: UnsafeMutablePointer<Notional>
    private let instrumentCount: Int
    private let strategyCount: Int
    private let assetCount: Int
    private(set) var day = Int64.min
    private(set) var dayStart = Notional.zero
    private(set) var openPositions = 0
    /// Commissions in assets without a rate, counted so that the report can say so.
    private(set) var unvaluedFees = 0

    init(instruments: Int, strategies: Int, assets: Int) {
        instrumentCount = Swift.max(instruments, 1)
        strategyCount = Swift.max(strategies, 1)
        assetCount = Swift.max(assets, 1)
        net = .allocate(capacity: instrumentCount)
        net.initialize(repeating: Position(), count: instrumentCount)
        byStrategy = .allocate(capacity: instrumentCount * strategyCount)
        byStrategy.initialize(repeating: Position(), count: instrumentCount * strategyCount)
        marks = .allocate(capacity: instrumentCount)
        marks.initialize(repeating: .zero, count: instrumentCount)
        balances = .allocate(capacity: assetCount)
        balances.initialize(repeating: -1, count: assetCount)
        strategyDayStart = .allocate(capacity: strategyCount)
        strategyDayStart.initialize(repeating: .zero, count: strategyCount)
    }

    deinit {
        net.deallocate()
        byStrategy.deallocate()
        marks.deallocate()
        balances.deallocate()
        strategyDayStart.deallocate()
    }

    // MARK: - Changes

    /// Books a fill in the instrument's and the strategy's position and in the balances.
    @_noLocks
    mutating func apply(_ fill: Fill, _ instrument: UnsafePointer<Instrument>) {
        let slot = fill.instrument.slot
        let wasOpen = net[slot].quantity.raw != 0
        net[slot].apply(fill.side, fill.price, fill.quantity, fee: fill.fee)
        let isOpen = net[slot].quantity.raw != 0
        if wasOpen != isOpen { openPositions &+= isOpen ? 1 : -1 }
        if fill.strategy.slot < strategyCount {
            byStrategy[fill.strategy.slot * instrumentCount + slot].apply(
                fill.side, fill.price, fill.quantity, fee: fill.fee)
        }
        if fill.isFeeUnvalued { unvaluedFees &+= 1 }
        if marks[slot].raw == 0 { marks[slot] = fill.price }
        move(instrument.pointee.baseAsset, by: fill.side.sign &* fill.quantity.raw)
        let money = Notional(fill.price, fill.quantity).raw / 100_000_000
        move(
            instrument.pointee.quoteAsset,
            by: 0 &- fill.side.sign &* Int64(truncatingIfNeeded: money))
    }

    private mutating func move(_ asset: AssetIndex, by amount: Int64) {
        if asset.slot >= assetCount || balances[asset.slot] < 0 { return }
        let (sum, overflow) = balances[asset.slot].addingReportingOverflow(amount)
        balances[asset.slot] = overflow || sum < 0 ? 0 : sum
    }

    /// The venue's word on a balance replaces ours.
    @_noLocks
    mutating func apply(_ balance: Balance) {
        if balance.asset.slot >= assetCount { return }
        let (sum, overflow) = balance.free.addingReportingOverflow(balance.locked)
        balances[balance.asset.slot] = overflow ? Int64.max : sum
    }

    @_noLocks
    mutating func mark(_ instrument: InstrumentIndex, at price: Price) {
        if price.raw > 0 { marks[instrument.slot] = price }
    }

    /// Starts a new UTC day when `now` is in one; `true` when it did (and at the first call).
    @_noLocks
    mutating func roll(to now: Timestamp) -> Bool {
        if now.utcDay == day { return false }
        day = now.utcDay
        dayStart = profit()
        var strategy = 0
        while strategy < strategyCount {
            strategyDayStart[strategy] = profit(of: strategy)
            strategy &+= 1
        }
        return true
    }

    // MARK: - Questions

    @_noLocks
    func position(_ instrument: InstrumentIndex) -> UnsafePointer<Position> {
        UnsafePointer(net + instrument.slot)
    }

    @_noLocks
    func position(
        of strategy: StrategyIndex, in instrument: InstrumentIndex
    ) -> UnsafePointer<Position>? {
        if strategy.slot >= strategyCount { return nil }
        return UnsafePointer(byStrategy + (strategy.slot * instrumentCount + instrument.slot))
    }

    @_noLocks
    func mark(_ instrument: InstrumentIndex) -> Price { marks[instrument.slot] }

    /// Free and locked together, in units of 1e-8; `nil` while the venue has not said.
    @_noLocks
    func balance(_ asset: AssetIndex) -> Int64? {
        if asset.slot >= assetCount || balances[asset.slot] < 0 { return nil }
        return balances[asset.slot]
    }

    /// Realised and unrealised after fees, of all instruments.
    @_noLocks
    func profit() -> Notional {
        var sum = Notional.zero
        var slot = 0
        while slot < instrumentCount {
            sum += net[slot].realised - net[slot].fees + net[slot].unrealised(at: marks[slot])
            slot &+= 1
        }
        return sum
    }

    /// The same for one strategy.
    @_noLocks
    func profit(of strategy: Int) -> Notional {
        var sum = Notional.zero
        var slot = 0
        while slot < instrumentCount {
            let position = byStrategy + (strategy * instrumentCount + slot)
            sum += position.pointee.realised - position.pointee.fees
                + position.pointee.unrealised(at: marks[slot])
            slot &+= 1
        }
        return sum
    }

    /// Profit since the UTC day began, after fees; a loss is negative.
    @_noLocks
    func dayProfit() -> Notional { profit() - dayStart }

    @_noLocks
    func dayProfit(of strategy: Int) -> Notional {
        profit(of: strategy) - strategyDayStart[strategy]
    }

    /// Σ |position| × mark over all instruments.
    @_noLocks
    func grossExposure() -> Notional {
        var sum = Notional.zero
        var slot = 0
        while slot < instrumentCount {
            sum += Notional(marks[slot], net[slot].quantity.magnitude)
            slot &+= 1
        }
        return sum
    }

    @_noLocks
    func grossExposure(of strategy: Int) -> Notional {
        var sum = Notional.zero
        var slot = 0
        while slot < instrumentCount {
            let quantity = byStrategy[strategy * instrumentCount + slot].quantity
            sum += Notional(marks[slot], quantity.magnitude)
            slot &+= 1
        }
        return sum
    }
}
