import MarketModel

/// A position by average cost, exact, with what it has earned.
///
/// Money is quote notional at the instrument's exact scale. Realised profit accumulates over
/// partial closes (BUG-106); a flip closes and opens in one fill, its fee apportioned (BUG-105).
@frozen
public struct Position: BitwiseCopyable, Sendable, Equatable {
    /// Signed: long positive.
    public private(set) var quantity = Quantity.zero
    /// What would lie undefined here: positions are journaled.
    private var filler = Filler<UInt64>()
    /// What the open quantity cost, signed as the quantity: average entry = cost / quantity.
    public private(set) var cost = Notional.zero
    /// Realised profit before fees.
    public private(set) var realised = Notional.zero
    /// All fees so far; a rebate is negative.
    public private(set) var fees = Notional.zero
    /// The part of ``fees`` that was paid to open what is still open.
    public private(set) var entryFees = Notional.zero
    /// Σ |price × quantity| of all fills.
    public private(set) var turnover = Notional.zero
    public private(set) var fillCount: Int64 = 0

    @_noLocks
    public init() {}

    /// Books one fill; without effect, and so reported, when it makes no sense or when a sum would
    /// leave the range of money: the numbers come from outside.
    @_noLocks
    @discardableResult
    public mutating func apply(
        _ side: Side, _ price: Price, _ filled: Quantity, fee: Notional
    ) -> PositionChange {
        if price.raw <= 0 || price.raw > Self.largestQuantity || filled.raw <= 0
            || filled.raw > Self.largestQuantity || fee.magnitude > Self.largestMoney
        {
            return PositionChange()
        }
        var next = self
        let isFlat = quantity.raw == 0
        let isOpening = isFlat || (quantity.raw > 0) == (side == .buy)
        var change = PositionChange()
        let held = quantity.magnitude
        change.closed = isOpening ? .zero : filled < held ? filled : held
        change.opened = filled - change.closed
        change.closingFee = Self.share(of: fee, change.closed, filled)
        change.openingFee = fee - change.closingFee
        if change.closed.raw > 0 { next.close(price, &change) }
        let opened = side == .buy ? change.opened : -change.opened
        next.quantity += opened
        next.cost += Notional(price, opened)
        next.entryFees += change.openingFee
        next.fees += fee
        next.turnover += Notional(price, filled)
        next.fillCount &+= 1
        if !next.isWithinRange { return PositionChange() }
        change.isBooked = true
        self = next
        return change
    }

    private mutating func close(_ price: Price, _ change: inout PositionChange) {
        let whole = quantity.magnitude
        let costShare = Self.share(of: cost, change.closed, whole)
        let feeShare = Self.share(of: entryFees, change.closed, whole)
        let signed = quantity.raw > 0 ? change.closed : -change.closed
        change.realised = Notional(price, signed) - costShare
        change.realisedNet = change.realised - feeShare - change.closingFee
        realised += change.realised
        cost -= costShare
        entryFees -= feeShare
        quantity -= signed
    }

    /// `amount` × part / whole, rounded toward zero; all of it for the whole, so nothing is lost.
    @_noLocks
    static func share(
        of amount: Notional, _ part: Quantity, _ whole: Quantity
    ) -> Notional {
        if part == whole { return amount }
        if part.raw == 0 || amount.raw == 0 { return .zero }
        // Quotient and rest are scaled apart: the product stays within 128 bits.
        let divisor = Int128(whole.raw)
        let quotient = amount.raw / divisor
        let rest = amount.raw - quotient * divisor
        return Notional(raw: quotient * Int128(part.raw) + rest * Int128(part.raw) / divisor)
    }

    /// 2^61 raw units, of a price as well.
    static var largestQuantity: Int64 {
        @_noLocks get { 1 << 61 }
    }

    /// Two of these never leave 128 bits.
    static var largestMoney: Notional {
        @_noLocks get { Notional(raw: (1 as Int128) &<< 125) }
    }

    private var isWithinRange: Bool {
        quantity.raw <= Self.largestQuantity && quantity.raw >= 0 &- Self.largestQuantity
            && cost.magnitude <= Self.largestMoney && realised.magnitude <= Self.largestMoney
            && fees.magnitude <= Self.largestMoney && turnover <= Self.largestMoney
    }

    // MARK: - Questions

    /// Profit of the open quantity at `mark`, before fees; zero while there is no mark.
    @_noLocks
    public func unrealised(at mark: Price) -> Notional {
        quantity.raw == 0 || mark.raw <= 0 ? .zero : Notional(mark, quantity) - cost
    }

    /// ``unrealised(at:)`` in 1e-4 of what the position cost, rounded toward zero; cold.
    public func unrealisedBasisPoints(at mark: Price) -> Int64 {
        let basis = cost.magnitude.raw
        if basis == 0 { return 0 }
        // Both sides shortened alike where the product would leave 128 bits.
        let shift: Int128 = basis >> 100 == 0 ? 0 : 20
        let profit = unrealised(at: mark).raw >> shift
        return Int64(clamping: profit * 10_000 / (basis >> shift))
    }

    /// Realised profit after the fees of what was closed, entry and exit.
    public var realisedNet: Notional {
        @_noLocks get { realised - (fees - entryFees) }
    }

    /// Average entry price, rounded toward zero; zero when flat. Cold: a 128-bit division.
    public var averageEntry: Price {
        if quantity.raw == 0 { return .zero }
        return Price(raw: Int64(clamping: cost.raw / Int128(quantity.raw)))
    }
}

/// What one fill did to a position: the parts of a flip told apart.
@frozen
public struct PositionChange: BitwiseCopyable, Sendable, Equatable {
    public internal(set) var closed = Quantity.zero
    public internal(set) var opened = Quantity.zero
    /// Of the closed part, before and after the fees of its entry and exit.
    public internal(set) var realised = Notional.zero
    public internal(set) var realisedNet = Notional.zero
    public internal(set) var closingFee = Notional.zero
    public internal(set) var openingFee = Notional.zero
    /// `false`: the fill made no sense and nothing was changed.
    public internal(set) var isBooked = false

    @_noLocks
    public init() {}
}
