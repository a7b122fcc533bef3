import MarketModel

/// Commissions by the asset they were paid in, and what assets are worth that no instrument trades.
///
/// A handle over raw memory, part of the ledger.
struct FeeBook: BitwiseCopyable {
    /// Paid so far by asset, in units of 1e-8; a rebate is negative.
    private let paid: UnsafeMutablePointer<Int64>
    /// The part of ``paid`` for which there was no rate.
    private let unvalued: UnsafeMutablePointer<Int64>
    /// The part of ``paid`` for trades in which the asset is not the base.
    private let outside: UnsafeMutablePointer<Int64>
    /// Quote money for one unit of the asset, in 1e-8; 0 while unknown.
    private let rates: UnsafeMutablePointer<Int64>
    private let assetCount: Int

    init(assets: Int) {
        assetCount = assets
        paid = .allocate(capacity: assets)
        paid.initialize(repeating: 0, count: assets)
        unvalued = .allocate(capacity: assets)
        unvalued.initialize(repeating: 0, count: assets)
        outside = .allocate(capacity: assets)
        outside.initialize(repeating: 0, count: assets)
        rates = .allocate(capacity: assets)
        rates.initialize(repeating: 0, count: assets)
    }

    func deallocate() {
        paid.deallocate()
        unvalued.deallocate()
        outside.deallocate()
        rates.deallocate()
    }

    /// Counts the commission of a fill in an instrument with this base asset.
    @_noLocks
    func add(_ fill: Fill, base: AssetIndex) {
        let asset = fill.commissionAsset.slot
        if asset >= assetCount || fill.commission == 0 { return }
        Self.add(fill.commission, to: paid + asset)
        if fill.commissionAsset != base { Self.add(fill.commission, to: outside + asset) }
        if fill.isFeeUnvalued { Self.add(fill.commission, to: unvalued + asset) }
    }

    /// Saturates: only nonsense from outside goes so far.
    private static func add(_ amount: Int64, to sum: UnsafeMutablePointer<Int64>) {
        let (total, overflow) = sum.pointee.addingReportingOverflow(amount)
        sum.pointee = overflow ? (amount < 0 ? .min : .max) : total
    }

    /// `false` for an asset or a rate that is none.
    @_noLocks
    func setRate(_ asset: AssetIndex, _ rate: Int64) -> Bool {
        if asset.slot >= assetCount || rate <= 0 || rate > 1 << 60 { return false }
        rates[asset.slot] = rate
        return true
    }

    /// What an amount is worth in 1e-8 of quote money, rounded toward zero; `nil` without a rate.
    @_noLocks
    func value(_ amount: Int64, of asset: AssetIndex) -> Int128? {
        if asset.slot >= assetCount || rates[asset.slot] == 0 { return nil }
        return Int128(amount) * Int128(rates[asset.slot]) / 100_000_000
    }

    @_noLocks
    func outside(in asset: Int) -> Int64 { outside[asset] }

    @_noLocks
    func paid(in asset: Int) -> Int64 { paid[asset] }

    @_noLocks
    func unvalued(in asset: Int) -> Int64 { unvalued[asset] }
}
