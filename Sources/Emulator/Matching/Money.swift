import MarketModel

/// Amounts of assets: integers in units of 1e-8, the venue's ledger precision.
enum Money {
    /// One unit of an asset, and the scale of every price and quantity on this venue.
    static let unit: Int64 = 100_000_000
    static let scale = 8

    /// price × quantity in quote units, rounded down; `nil` when it does not fit.
    static func quote(_ price: Price, _ quantity: Quantity) -> Int64? {
        scaled(price.raw, quantity.raw, roundingUp: false)
    }

    /// As ``quote(_:_:)`` but rounded up: what a buyer must lock.
    static func quoteRoundedUp(_ price: Price, _ quantity: Quantity) -> Int64? {
        scaled(price.raw, quantity.raw, roundingUp: true)
    }

    /// `amount` × `rate` with the rate in units of 1e-8, rounded down. Both not negative.
    static func commission(of amount: Int64, rate: Int64) -> Int64 {
        rate == 0 ? 0 : scaled(amount, rate, roundingUp: false) ?? 0
    }

    /// How much a quote amount buys at a price, rounded down; `nil` when it does not fit.
    static func quantity(for quote: Int64, at price: Price) -> Quantity? {
        guard quote >= 0, price.raw > 0 else { return nil }
        let product = UInt64(quote).multipliedFullWidth(by: UInt64(unit))
        let divisor = UInt64(price.raw)
        guard product.high < divisor else { return nil }
        let quotient = divisor.dividingFullWidth((product.high, product.low)).quotient
        return Int64(exactly: quotient).map(Quantity.init(raw:))
    }

    private static func scaled(_ left: Int64, _ right: Int64, roundingUp: Bool) -> Int64? {
        guard left >= 0, right >= 0 else { return nil }
        let product = UInt64(left).multipliedFullWidth(by: UInt64(right))
        let divisor = UInt64(unit)
        guard product.high < divisor else { return nil }
        let (quotient, rest) = divisor.dividingFullWidth((product.high, product.low))
        let needed = roundingUp && rest > 0 ? quotient &+ 1 : quotient
        return Int64(exactly: needed)
    }
}
