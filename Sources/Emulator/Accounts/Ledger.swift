import MarketModel

/// Free and locked amounts of every account and asset, in units of 1e-8.
///
/// Account 0 is the public market: it takes the other side of users' trades and may go negative,
/// so that over all accounts plus collected fees every asset's sum never changes.
struct Ledger {
    struct Amounts: BitwiseCopyable, Equatable {
        var free: Int64 = 0
        var locked: Int64 = 0
    }

    private let assetCount: Int
    private var amounts: [Amounts]
    /// Commissions collected, by asset.
    private(set) var fees: [Int64]
    var changes = ChangeTracker<Holding>()
    var feeChanges = ChangeTracker<AssetIndex>()

    /// What an account has of an asset.
    struct Holding: Hashable {
        let account: AccountIndex
        let asset: AssetIndex
    }

    init(accounts: Int, assets: Int) {
        assetCount = assets
        amounts = Array(repeating: Amounts(), count: accounts * assets)
        fees = Array(repeating: 0, count: assets)
    }

    subscript(account: AccountIndex, asset: AssetIndex) -> Amounts {
        amounts[account.slot * assetCount + asset.slot]
    }

    mutating func deposit(_ amount: Int64, _ asset: AssetIndex, to account: AccountIndex) {
        amounts[changing(account, asset)].free += amount
    }

    /// Moves free to locked; `false` and no change when there is not enough.
    mutating func lock(_ amount: Int64, _ asset: AssetIndex, of account: AccountIndex) -> Bool {
        guard self[account, asset].free >= amount else { return false }
        let slot = changing(account, asset)
        amounts[slot].free -= amount
        amounts[slot].locked += amount
        return true
    }

    mutating func unlock(_ amount: Int64, _ asset: AssetIndex, of account: AccountIndex) {
        let slot = changing(account, asset)
        amounts[slot].locked -= amount
        amounts[slot].free += amount
    }

    /// Adds to free; a negative amount takes away.
    mutating func credit(_ amount: Int64, _ asset: AssetIndex, of account: AccountIndex) {
        amounts[changing(account, asset)].free += amount
    }

    mutating func collectFee(_ amount: Int64, _ asset: AssetIndex) {
        feeChanges.note(asset)
        fees[asset.slot] += amount
    }

    /// Everything there is of an asset: constant after the deposits.
    func total(of asset: AssetIndex) -> Int128 {
        var sum = Int128(fees[asset.slot])
        var slot = asset.slot
        while slot < amounts.count {
            sum += Int128(amounts[slot].free) + Int128(amounts[slot].locked)
            slot += assetCount
        }
        return sum
    }

    /// Puts back what was there, as recorded.
    mutating func restore(_ amounts: Amounts, _ asset: AssetIndex, of account: AccountIndex) {
        self.amounts[changing(account, asset)] = amounts
    }

    mutating func restore(fees amount: Int64, _ asset: AssetIndex) {
        feeChanges.note(asset)
        fees[asset.slot] = amount
    }

    /// The place of an amount that is about to change.
    private mutating func changing(_ account: AccountIndex, _ asset: AssetIndex) -> Int {
        changes.note(Holding(account: account, asset: asset))
        return account.slot * assetCount + asset.slot
    }
}
