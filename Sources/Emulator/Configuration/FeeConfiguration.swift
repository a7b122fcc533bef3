import MarketModel

/// Commission rates in units of 1e-8 of the received amount (100000 is 0.1 %).
///
/// A trade pays maker or taker plus buyer or seller.
public struct FeeRates: Sendable, Equatable {
    public var maker: Int64
    public var taker: Int64
    public var buyer: Int64
    public var seller: Int64

    /// Every rate within 0...100000000.
    public init(maker: Int64 = 100_000, taker: Int64 = 100_000, buyer: Int64 = 0, seller: Int64 = 0) {
        self.maker = maker
        self.taker = taker
        self.buyer = buyer
        self.seller = seller
    }

    /// What a trade on one side pays.
    func rate(isMaker: Bool, isBuyer: Bool) -> Int64 {
        (isMaker ? maker : taker) + (isBuyer ? buyer : seller)
    }

    var isValid: Bool { [maker, taker, buyer, seller].allSatisfy { (0...Money.unit).contains($0) } }
}

/// Paying commissions in an asset of the venue's own (sheet section 14).
public struct FeeDiscountConfiguration: Sendable, Equatable {
    public var asset = "BNB"
    /// The part of the standard commission that is still paid, in units of 1e-8.
    public var factor: Int64 = 75_000_000

    public init() {}
}
