import Machine
import MarketModel

/// Positions per instrument and per strategy within it, marks, balances and the day's profit.
///
/// All instruments of a lane share one quote asset and notional scale (checked at start), so money
/// adds up without conversion. The sums over instruments are kept: a change marks its instrument
/// dirty, and the next question recalculates only what is dirty; that for the profit, which every
/// tick asks, nothing but that.
struct Ledger: ~Copyable {
    private let place = InPlace()
    private let net: UnsafeMutablePointer<Position>
    private let byStrategy: UnsafeMutablePointer<Position>
    private let marks: UnsafeMutablePointer<Price>
    private let assets: UnsafeMutablePointer<LedgerAssets>
    /// Total per asset, free and locked, in units of 1e-8; -1 while unknown.
    private let balances: UnsafeMutablePointer<Int64>
    /// What the venue last said, untouched by fills since.
    private let toldBalances: UnsafeMutablePointer<ToldBalance>
    /// In which order the venue's words on each asset count.
    private let words: UnsafeMutablePointer<BalanceWord>
    private let sums: LedgerSums
    let fees: FeeBook
    private let strategyDayStart: UnsafeMutablePointer<Notional>
    private let instrumentCount: Int
    private let strategyCount: Int
    let assetCount: Int
    private(set) var day = Int64.min
    private(set) var dayStart = Notional.zero
    /// Bit set of instruments with a net position of at least the smallest order.
    private(set) var openPositionSet: UInt64 = 0
    /// Commissions in assets without a rate, counted so that the report can say so.
    private(set) var unvaluedFees = 0
    /// Counts the changes of balances.
    private(set) var balanceVersion: UInt64 = 0
    /// Fills whose numbers made no sense: nothing was booked, somebody has to look.
    private(set) var refusedFills = 0

    /// 1...64 instruments; each is to be described before the first event.
    init(instruments: Int, strategies: Int, assets assetTotal: Int) {
        precondition(instruments >= 1 && instruments <= 64, "1...64 instruments a lane")
        instrumentCount = instruments
        strategyCount = Swift.max(strategies, 1)
        assetCount = Swift.max(assetTotal, 1)
        net = .allocate(capacity: instrumentCount)
        net.initialize(repeating: Position(), count: instrumentCount)
        byStrategy = .allocate(capacity: instrumentCount * strategyCount)
        byStrategy.initialize(repeating: Position(), count: instrumentCount * strategyCount)
        marks = .allocate(capacity: instrumentCount)
        marks.initialize(repeating: .zero, count: instrumentCount)
        assets = .allocate(capacity: instrumentCount)
        assets.initialize(repeating: LedgerAssets(), count: instrumentCount)
        balances = .allocate(capacity: assetCount)
        balances.initialize(repeating: -1, count: assetCount)
        toldBalances = .allocate(capacity: assetCount)
        toldBalances.initialize(repeating: ToldBalance(), count: assetCount)
        words = .allocate(capacity: assetCount)
        words.initialize(repeating: BalanceWord(), count: assetCount)
        strategyDayStart = .allocate(capacity: strategyCount)
        strategyDayStart.initialize(repeating: .zero, count: strategyCount)
        sums = LedgerSums(instruments: instrumentCount, strategies: strategyCount)
        fees = FeeBook(assets: assetCount)
    }

    deinit {
        net.deallocate()
        byStrategy.deallocate()
        marks.deallocate()
        assets.deallocate()
        balances.deallocate()
        toldBalances.deallocate()
        words.deallocate()
        strategyDayStart.deallocate()
        sums.deallocate()
        fees.deallocate()
    }

    /// Says which assets an instrument trades and in which units; at start, once for each.
    @_noLocks
    mutating func describe(_ instrument: Instrument) {
        if instrument.index.slot >= instrumentCount { return }
        assets[instrument.index.slot] = LedgerAssets(instrument)
        sums.touch(instrument.index.slot)
    }

    // MARK: - Changes

    /// Books a fill in the instrument's and the strategy's position and in the balances; tells
    /// what it did to the strategy's position (to the net one for an order without a strategy).
    /// `sharesOut`: an order without a strategy closes what the strategies hold, one after the other.
    /// `time` is the trade's on the venue's clock: balances told since then have it already.
    @_noLocks
    @discardableResult
    mutating func apply(
        _ fill: Fill, _ instrument: UnsafePointer<Instrument>, sharesOut: Bool = false,
        at time: Timestamp = .unknown
    ) -> PositionChange {
        let slot = fill.instrument.slot
        if slot >= instrumentCount { return refuse() }
        var position = net[slot]
        let moved = fill.positionQuantity
        var change = position.apply(fill.side, fill.price, moved, fee: fill.fee)
        if !change.isBooked { return refuse() }
        if fill.strategy.slot < strategyCount {
            let own = byStrategy + (fill.strategy.slot * instrumentCount + slot)
            change = own.pointee.apply(fill.side, fill.price, moved, fee: fill.fee)
            if !change.isBooked { return refuse() }
        } else if sharesOut {
            shareOut(fill, moved)
        }
        net[slot] = position
        let bit = 1 &<< UInt64(slot) as UInt64
        // What is too small to be sold is no position that a rule should count.
        let isOpen = position.quantity.magnitude >= instrument.pointee.minQuantity
        if isOpen && position.quantity.raw != 0 {
            openPositionSet |= bit
        } else {
            openPositionSet &= ~bit
        }
        if fill.isFeeUnvalued { unvaluedFees &+= 1 }
        if marks[slot].raw == 0 { marks[slot] = fill.price }
        let here = assets + slot
        if here.pointee.base == .none { describe(instrument.pointee) }
        let quantity = here.pointee.scale.balance(moved.raw)
        let notional = Notional(fill.price, fill.quantity)
        let money = Int64(clamping: notional.raw / Int128(here.pointee.moneyUnit))
        move(here.pointee.base, by: fill.side == .buy ? quantity : 0 &- quantity, time)
        move(here.pointee.quote, by: fill.side == .buy ? 0 &- money : money, time)
        // In the base asset it is less that was bought, or more that was sold.
        if fill.commissionAsset != here.pointee.base {
            move(fill.commissionAsset, by: 0 &- fill.commission, time)
        }
        fees.add(fill, base: here.pointee.base)
        sums.touch(slot)
        return change
    }

    /// Books parts of a trade in the strategies' positions that it closes, in their order.
    private mutating func shareOut(_ fill: Fill, _ moved: Quantity) {
        var left = moved
        var strategy = 0
        while strategy < strategyCount, left.raw > 0 {
            let own = byStrategy + (strategy * instrumentCount + fill.instrument.slot)
            strategy &+= 1
            let held = own.pointee.quantity
            if held.raw == 0 || (held.raw > 0) == (fill.side == .buy) { continue }
            let part = held.magnitude < left ? held.magnitude : left
            let fee = Position.share(of: fill.fee, part, moved)
            own.pointee.apply(fill.side, fill.price, part, fee: fee)
            left -= part
        }
    }

    private mutating func refuse() -> PositionChange {
        refusedFills &+= 1
        return PositionChange()
    }

    /// What an amount of an asset is worth in 1e-8 of quote money: by the mark of an instrument that
    /// trades it, else by the rate that was told; `nil` with neither.
    @_noLocks
    func value(_ amount: Int64, of asset: AssetIndex) -> Int128? {
        var slot = 0
        while slot < instrumentCount {
            if assets[slot].base == asset, marks[slot].raw > 0 {
                return Int128(amount) * Int128(marks[slot].raw) / Int128(assets[slot].priceUnit)
            }
            slot &+= 1
        }
        return fees.value(amount, of: asset)
    }

    private mutating func move(_ asset: AssetIndex, by amount: Int64, _ time: Timestamp) {
        if asset.slot >= assetCount || balances[asset.slot] < 0 { return }
        let newer = words[asset.slot].hear(of: amount, at: time)
        if newer >= 0 {
            balanceVersion &+= 1
            balances[asset.slot] = newer
            toldBalances[asset.slot].total = newer
            return
        }
        // Read after the trade, before the trade was heard of.
        if time != .unknown, time <= toldBalances[asset.slot].venueTime { return }
        if amount != 0 { balanceVersion &+= 1 }
        let (sum, overflow) = balances[asset.slot].addingReportingOverflow(amount)
        balances[asset.slot] = overflow || sum < 0 ? 0 : sum
    }

    /// The venue's word on a balance replaces ours; a negative one counts as nothing. `false` for
    /// one that is older than what the venue has said already: answers and events cross.
    @_noLocks
    @discardableResult
    mutating func apply(_ balance: Balance) -> Bool {
        if balance.asset.slot >= assetCount { return true }
        let free = Swift.max(balance.free, 0)
        let (sum, overflow) = free.addingReportingOverflow(Swift.max(balance.locked, 0))
        let total = overflow ? Int64.max : sum
        let held = balances[balance.asset.slot]
        if !words[balance.asset.slot].take(total, at: balance.venueTime, held: held) {
            return false
        }
        if balances[balance.asset.slot] != total { balanceVersion &+= 1 }
        balances[balance.asset.slot] = total
        toldBalances[balance.asset.slot] = ToldBalance(
            total: total, venueTime: balance.venueTime)
        sums.touchAll()
        return true
    }

    /// A new session may meet a venue whose clock has been set back: its first word counts.
    @_noLocks
    mutating func forgetOrderOfBalances() {
        words.update(repeating: BalanceWord(), count: assetCount)
    }

    /// What the venue last said of an asset; ``ToldBalance/total`` -1: nothing yet.
    func toldBalance(_ asset: Int) -> ToldBalance { toldBalances[asset] }

    /// Takes over a position of an earlier run; before the first fill of this one.
    mutating func restore(_ entry: AccountSnapshot.PositionEntry, minQuantity: Quantity) {
        let slot = entry.instrument.slot
        if marks[slot].raw == 0 { marks[slot] = entry.mark }
        if entry.strategy == .none {
            net[slot] = entry.position
            let held = entry.position.quantity
            if held.raw != 0, held.magnitude >= minQuantity { openPositionSet |= 1 << UInt64(slot) }
        } else if entry.strategy.slot < strategyCount {
            byStrategy[entry.strategy.slot * instrumentCount + slot] = entry.position
        }
        sums.touch(slot)
    }

    /// Takes over what the venue last said; balances themselves are unknown until it says more.
    mutating func restore(_ told: [ToldBalance]) {
        for (slot, balance) in told.enumerated() where slot < assetCount {
            toldBalances[slot] = balance
        }
    }

    /// Goes on with the day of an earlier run; a later day begins at the next ``roll(to:)``.
    mutating func restoreDay(_ day: Int64, _ start: Notional, _ strategies: [Notional]) {
        self.day = day
        dayStart = start
        for (slot, own) in strategies.enumerated() where slot < strategyCount {
            strategyDayStart[slot] = own
        }
    }

    func strategyDayStart(_ strategy: Int) -> Notional { strategyDayStart[strategy] }

    @_noLocks
    mutating func mark(_ instrument: InstrumentIndex, at price: Price) {
        if instrument.slot >= instrumentCount || marks[instrument.slot] == price { return }
        if price.raw <= 0 || price.raw > LedgerSums.largestPrice { return }
        marks[instrument.slot] = price
        sums.touch(instrument.slot)
    }

    /// Starts a new UTC day when `now` is in a later one; `true` when it did (and at the first
    /// call). A clock that steps back does not give the day's losses back.
    @_noLocks
    mutating func roll(to now: Timestamp) -> Bool {
        if now.utcDay <= day { return false }
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
        if strategy.slot >= strategyCount || instrument.slot >= instrumentCount { return nil }
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

    /// Instruments with a net position.
    var openPositions: Int {
        @_noLocks get { openPositionSet.nonzeroBitCount }
    }

    /// Realised and unrealised after fees, of all instruments.
    @_noLocks
    func profit() -> Notional {
        while let slot = sums.nextDirtyProfit() {
            sums.replace(slot, profit: LedgerFigures.profit(net + slot, marks[slot]))
        }
        return sums.total.pointee.profit
    }

    /// The same for one strategy.
    @_noLocks
    func profit(of strategy: Int) -> Notional {
        refresh()
        return sums.strategies[strategy].profit
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
        refresh()
        return sums.total.pointee.exposure
    }

    @_noLocks
    func grossExposure(of strategy: Int) -> Notional {
        refresh()
        return sums.strategies[strategy].exposure
    }

    /// The quote balance and every instrument's base balance at its mark; zero while the quote
    /// balance is unknown.
    @_noLocks
    func equity() -> Notional {
        refresh()
        guard let quote = balance(assets[0].quote) else { return .zero }
        return Notional(Price(raw: quote), Quantity(raw: assets[0].moneyUnit))
            + sums.total.pointee.assets
    }

    /// What risk asks of positions and balances, brought up to date once and written where it is
    /// looked at.
    @_noLocks
    func describe(
        _ instrument: UnsafePointer<Instrument>, _ strategy: StrategyIndex,
        in moment: UnsafeMutablePointer<RiskContext>
    ) {
        refresh()
        let slot = instrument.pointee.index.slot
        let held = net[slot].quantity
        moment.pointee.netPosition = held
        moment.pointee.instrumentExposure = Notional(marks[slot], held.magnitude)
        moment.pointee.grossExposure = sums.total.pointee.exposure
        moment.pointee.dayProfit = sums.total.pointee.profit - dayStart
        moment.pointee.openPositionSet = openPositionSet
        let own = strategy.slot
        if own < strategyCount {
            moment.pointee.strategyPosition = byStrategy[own &* instrumentCount &+ slot].quantity
            moment.pointee.strategyExposure = sums.strategies[own].exposure
            moment.pointee.strategyDayProfit = sums.strategies[own].profit - strategyDayStart[own]
        } else {
            moment.pointee.strategyPosition = .zero
            moment.pointee.strategyExposure = .zero
            moment.pointee.strategyDayProfit = .zero
        }
        moment.pointee.quoteBalance = known(instrument.pointee.quoteAsset)
        moment.pointee.baseBalance = known(instrument.pointee.baseAsset)
        moment.pointee.equity = equity()
    }

    /// -1 while unknown.
    private func known(_ asset: AssetIndex) -> Int64 {
        asset.slot < assetCount ? balances[asset.slot] : -1
    }

    // MARK: - Sums

    private func refresh() {
        while let slot = sums.nextDirty() {
            let mark = marks[slot]
            let held = balance(assets[slot].base) ?? 0
            let base = Quantity(raw: assets[slot].scale.quantity(held))
            var figures = LedgerFigures(net + slot, mark)
            figures.assets = LedgerSums.bounded(Notional(mark, base))
            sums.replace(slot, figures)
            var strategy = 0
            while strategy < strategyCount {
                let own = byStrategy + (strategy * instrumentCount + slot)
                if own.pointee.fillCount > 0 {
                    sums.replace(slot, of: strategy, LedgerFigures(own, mark))
                }
                strategy &+= 1
            }
        }
    }
}

/// A balance as the venue has told it.
public struct ToldBalance: BitwiseCopyable, Sendable, Equatable {
    /// Free and locked together in units of 1e-8; -1 while unknown.
    public var total: Int64
    /// The venue's clock when it last changed the account.
    public var venueTime: Timestamp

    @_noLocks
    public init(total: Int64 = -1, venueTime: Timestamp = .unknown) {
        self.total = total
        self.venueTime = venueTime
    }
}
