import MarketModel

/// Between raw quantities of an instrument and balances, which venues and we count in 1e-8.
struct BalanceScale: BitwiseCopyable {
    private let multiplier: Int64
    private let divisor: Int64

    /// `quantityScale` is 0...18.
    @_noLocks
    init(quantityScale: Int) {
        multiplier = DecimalScale.power(quantityScale > 8 ? quantityScale - 8 : 0)
        divisor = DecimalScale.power(quantityScale < 8 ? 8 - quantityScale : 0)
    }

    /// The quantity that a balance amounts to, rounded down; saturates.
    @_noLocks
    func quantity(_ balance: Int64) -> Int64 {
        if multiplier == 1 { return divisor == 1 ? balance : balance / divisor }
        let (product, overflow) = balance.multipliedReportingOverflow(by: multiplier)
        return overflow ? (balance < 0 ? .min : .max) : product
    }

    /// The balance that a quantity amounts to, rounded toward zero; saturates.
    @_noLocks
    func balance(_ quantity: Int64) -> Int64 {
        if divisor == 1 { return multiplier == 1 ? quantity : quantity / multiplier }
        let (product, overflow) = quantity.multipliedReportingOverflow(by: divisor)
        return overflow ? (quantity < 0 ? .min : .max) : product
    }
}
