/// Comparisons of the account with the venue while the engine runs.
public struct AuditFigures: Codable, Sendable, Equatable {
    /// Those that came to a result.
    public var completed: Int64 = 0
    /// Those left out: the budget was used, the venue did not answer, the account did not stand still.
    public var skipped: Int64 = 0
    /// Differences that two comparisons in a row have found.
    public var differences: Int64 = 0

    public init() {}
}

/// Commissions paid in one asset; a rebate is negative.
public struct AssetFees: Codable, Sendable, Equatable {
    public var asset: String
    public var paid: ExactDecimal
    /// The part for which there was no rate: it is not in the fees in quote money.
    public var unvalued: ExactDecimal

    public init(asset: String, paid: ExactDecimal, unvalued: ExactDecimal) {
        self.asset = asset
        self.paid = paid
        self.unvalued = unvalued
    }
}
