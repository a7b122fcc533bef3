/// Reservation price and spread of an inventory-aware market maker.
///
/// Avellaneda and Stoikov, "High-frequency trading in a limit order book", Quantitative Finance
/// 8(3), 2008, equations (29) and (30), with inventory in units of the largest inventory and
/// prices relative to the mid:
///
///     reservation = fair − q γ σ² τ
///     spread      = γ σ² τ + (2/γ) ln(1 + γ/κ)
///
/// Pure arithmetic on `Double`: an indicator, not an order. Prices become fixed point, rounded
/// away from risk, where the strategy quotes.
@frozen
public struct QuoteModel: BitwiseCopyable, Sendable, Equatable {
    /// Risk aversion γ, per basis point; above 0.
    public let riskAversion: Double
    /// Horizon τ in seconds over which inventory is meant to be worked off; above 0.
    public let horizonSeconds: Double
    /// Half of (2/γ) ln(1 + γ/κ), in basis points: what the order-arrival decay κ asks for.
    public let halfArrivalSpread: Double
    /// The smallest half spread, in basis points.
    public let minimumHalfSpread: Double

    /// `arrivalDecay` is κ, per basis point: how fast fills thin out away from the mid; above 0.
    /// Spreads in basis points of the fair price.
    public init(
        riskAversion: Double, arrivalDecay: Double, horizonSeconds: Double,
        minimumSpread: Double
    ) {
        precondition(riskAversion > 0 && arrivalDecay > 0 && horizonSeconds > 0)
        self.riskAversion = riskAversion
        self.horizonSeconds = horizonSeconds
        halfArrivalSpread =
            naturalLogarithm(1 + riskAversion / arrivalDecay) / riskAversion
        minimumHalfSpread = minimumSpread / 2
    }

    /// Bid and ask in basis points from the fair price (bid negative when it is below).
    ///
    /// `inventory` is −1...1 of the largest inventory; `variance` in bps² per second.
    @_noLocks
    public func quote(inventory: Double, variance: Double) -> (bid: Double, ask: Double) {
        let risk = riskAversion * variance * horizonSeconds
        let reservation = 0 - inventory * risk
        var half = 0.5 * risk + halfArrivalSpread
        if half < minimumHalfSpread { half = minimumHalfSpread }
        return (reservation - half, reservation + half)
    }
}

/// ln(x) for x ≥ 1, to 1e-15 relative, without a call into libm: the caller may be on the lane.
///
/// Halves x into 1...2, then the series of 2·atanh((x−1)/(x+1)).
func naturalLogarithm(_ x: Double) -> Double {
    precondition(x >= 1 && x.isFinite, "only what the quote model needs")
    var reduced = x
    var halvings = 0.0
    while reduced > 2 {
        reduced *= 0.5
        halvings += 1
    }
    let z = (reduced - 1) / (reduced + 1)
    let square = z * z
    var term = z
    var sum = 0.0
    var divisor = 1.0
    while divisor < 41 {
        sum += term / divisor
        term *= square
        divisor += 2
    }
    return 2 * sum + halvings * 0.693_147_180_559_945_3
}
