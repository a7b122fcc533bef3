import MarketModel

/// Where an instrument's fills move balances, and the scales between them.
struct LedgerAssets: BitwiseCopyable {
    let base: AssetIndex
    let quote: AssetIndex
    let scale: BalanceScale
    /// One unit of 1e-8 quote money at the notional scale; a lane's is at most 1e10.
    let moneyUnit: Int64
    /// Raw price units of one unit of quote money for one of base.
    let priceUnit: Int64

    /// Not described yet: no assets.
    init() {
        base = .none
        quote = .none
        scale = BalanceScale(quantityScale: 8)
        moneyUnit = 1
        priceUnit = 1
    }

    @_noLocks
    init(_ instrument: Instrument) {
        base = instrument.baseAsset
        quote = instrument.quoteAsset
        scale = BalanceScale(quantityScale: Int(instrument.quantityScale))
        let unit = instrument.unit / 100_000_000
        moneyUnit = unit > 0 ? Int64(clamping: unit) : 1
        priceUnit = DecimalScale.power(Int(instrument.priceScale))
    }
}

/// The figures of one position at one mark, or the sum of many.
struct LedgerFigures: BitwiseCopyable {
    /// Realised and unrealised after fees.
    var profit = Notional.zero
    /// |position| × mark.
    var exposure = Notional.zero
    /// Base balance × mark.
    var assets = Notional.zero

    @_noLocks
    init() {}

    @_noLocks
    init(_ position: UnsafeMutablePointer<Position>, _ mark: Price) {
        profit = Self.profit(position, mark)
        exposure = LedgerSums.bounded(Notional(mark, position.pointee.quantity.magnitude))
    }

    /// Realised and unrealised after fees.
    @_noLocks
    static func profit(_ position: UnsafeMutablePointer<Position>, _ mark: Price) -> Notional {
        let earned = position.pointee.realised - position.pointee.fees
        let open = position.pointee.unrealised(at: mark)
        return LedgerSums.bounded(LedgerSums.bounded(earned) + LedgerSums.bounded(open))
    }

    @_noLocks
    mutating func replace(_ old: LedgerFigures, by new: LedgerFigures) {
        profit += new.profit - old.profit
        exposure += new.exposure - old.exposure
        assets += new.assets - old.assets
    }
}

/// Sums over instruments, kept as they change.
struct LedgerSums: BitwiseCopyable {
    let total: UnsafeMutablePointer<LedgerFigures>
    let strategies: UnsafeMutablePointer<LedgerFigures>
    private let instruments: UnsafeMutablePointer<LedgerFigures>
    private let pairs: UnsafeMutablePointer<LedgerFigures>
    /// Bit sets of instruments: all of whose figures are out of date, and whose profit is.
    private let dirty: UnsafeMutablePointer<(all: UInt64, profit: UInt64)>
    private let instrumentCount: Int

    init(instruments count: Int, strategies strategyCount: Int) {
        instrumentCount = count
        total = Self.zeros(1)
        strategies = Self.zeros(strategyCount)
        instruments = Self.zeros(count)
        pairs = Self.zeros(count * strategyCount)
        dirty = .allocate(capacity: 1)
        dirty.initialize(to: (0, 0))
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<LedgerFigures> {
        let memory = UnsafeMutablePointer<LedgerFigures>.allocate(capacity: count)
        memory.initialize(repeating: LedgerFigures(), count: count)
        return memory
    }

    func deallocate() {
        total.deallocate()
        strategies.deallocate()
        instruments.deallocate()
        pairs.deallocate()
        dirty.deallocate()
    }

    /// Prices above this are no prices.
    static var largestPrice: Int64 {
        @_noLocks get { 1 << 61 }
    }

    /// `amount` within ±2^118: the sum of 64 of them stays within 128 bits. Only nonsense from
    /// outside is ever that large; it must not trap.
    @_noLocks
    static func bounded(_ amount: Notional) -> Notional {
        let bound = (1 as Int128) &<< 118
        return amount.raw > bound
            ? Notional(raw: bound) : amount.raw < 0 - bound ? Notional(raw: 0 - bound) : amount
    }

    @_noLocks
    func touch(_ slot: Int) {
        dirty.pointee.all |= 1 &<< UInt64(slot)
        dirty.pointee.profit |= 1 &<< UInt64(slot)
    }

    @_noLocks
    func touchAll() {
        let all = instrumentCount == 64 ? .max : (1 &<< UInt64(instrumentCount)) &- 1
        dirty.pointee = (all, all)
    }

    /// Takes one instrument whose figures are out of date.
    @_noLocks
    func nextDirty() -> Int? {
        let all = dirty.pointee.all
        if all == 0 { return nil }
        dirty.pointee.all = all & (all &- 1)
        dirty.pointee.profit &= ~(all & (0 &- all))
        return all.trailingZeroBitCount
    }

    /// Takes one instrument whose profit is out of date.
    @_noLocks
    func nextDirtyProfit() -> Int? {
        let profit = dirty.pointee.profit
        if profit == 0 { return nil }
        dirty.pointee.profit = profit & (profit &- 1)
        return profit.trailingZeroBitCount
    }

    @_noLocks
    func replace(_ slot: Int, profit: Notional) {
        total.pointee.profit += profit - instruments[slot].profit
        instruments[slot].profit = profit
    }

    @_noLocks
    func replace(_ slot: Int, _ figures: LedgerFigures) {
        total.pointee.replace(instruments[slot], by: figures)
        instruments[slot] = figures
    }

    @_noLocks
    func replace(_ slot: Int, of strategy: Int, _ figures: LedgerFigures) {
        let place = pairs + (strategy &* instrumentCount &+ slot)
        strategies[strategy].replace(place.pointee, by: figures)
        place.pointee = figures
    }
}
