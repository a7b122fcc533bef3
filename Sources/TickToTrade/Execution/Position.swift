import MarketModel

/// A position by average cost, exact, with what it has earned.
///
/// Money is quote notional at the instrument's exact scale. Realised profit accumulates over
/// partial closes (BUG-106); a flip closes and opens in one fill (BUG-105).
@frozen
public struct Position: BitwiseCopyable, Sendable, Equatable {
    /// Signed: long positive.
    public var quantity = Quantity.zero
    /// What the open quantity cost, signed as the quantity: average entry = cost / quantity.
    public var cost = Notional.zero
    /// Realised profit before fees.
    public var realised = Notional.zero
    public var fees = Notional.zero
    /// Σ |price × quantity| of all fills.
    public var turnover = Notional.zero
    public var fillCount: Int64 = 0

    @_noLocks
    public init() {}

    /// Books one fill.
    @_noLocks
    public mutating func apply(_ side: Side, _ price: Price, _ filled: Quantity, fee: Notional) {
        fillCount &+= 1
        fees += fee
        turnover += Notional(price, filled)
        let signed = side == .buy ? filled : -filled
        let isOpening = quantity.raw == 0 || (quantity.raw > 0) == (signed.raw > 0)
        if isOpening {
            quantity += signed
            cost += Notional(price, signed)
            return
        }
        let closing = Swift.min(filled, quantity.magnitude)
        let closedCost = share(of: closing)
        let proceeds = Notional(price, quantity.raw > 0 ? closing : -closing)
        realised += proceeds - closedCost
        cost -= closedCost
        quantity -= quantity.raw > 0 ? closing : -closing
        let opening = filled - closing
        if opening.raw > 0 {
            let flipped = side == .buy ? opening : -opening
            quantity = flipped
            cost = Notional(price, flipped)
        }
    }

    /// The part of ``cost`` that belongs to `part` of the open quantity; all of it at the end.
    private func share(of part: Quantity) -> Notional {
        let whole = quantity.magnitude.raw
        if part.raw >= whole { return cost }
        // cost × part / whole without leaving 128 bits: whole and rest are scaled apart.
        let divisor = Int128(whole)
        let quotient = cost.raw / divisor
        let rest = cost.raw % divisor
        return Notional(raw: quotient * Int128(part.raw) + rest * Int128(part.raw) / divisor)
    }

    /// Profit of the open quantity at `mark`, before fees.
    @_noLocks
    public func unrealised(at mark: Price) -> Notional {
        quantity.raw == 0 ? .zero : Notional(mark, quantity) - cost
    }

    /// Average entry price, rounded toward zero; zero when flat.
    @inlinable
    public var averageEntry: Price {
        if quantity.raw == 0 { return .zero }
        return Price(raw: Int64(truncatingIfNeeded: cost.raw / Int128(quantity.raw)))
    }
}
