import MarketModel

/// Variance of a price in basis points squared per second, exponentially weighted by time.
///
/// Samples at most every 100 ms, so that bid-ask bounce does not count as volatility. The decay
/// over a sample that took `dt` is approximated by 1/(1 + dt·ln2/half-life), which needs no
/// exponential and is exact to first order.
struct VarianceEstimate: BitwiseCopyable {
    private let decayPerNanosecond: Double
    private var lastPrice = 0.0
    private var lastTime = Timestamp.unknown
    private var samples = 0
    private(set) var basisPointsSquaredPerSecond = 0.0

    init(halfLife: Nanoseconds) {
        precondition(halfLife.count > 0, "the half-life is positive")
        decayPerNanosecond = 0.693_147_180_559_945_3 / Double(halfLife.count)
    }

    /// Whether a few samples have been seen.
    var isReady: Bool {
        @_noLocks get { samples >= 3 }
    }

    /// `price` in any unit, above 0.
    @_noLocks
    mutating func update(_ price: Double, at time: Timestamp) {
        // Far behind the last time is another clock: a recorded market has begun.
        if lastTime == .unknown || lastTime - time > .seconds(1) {
            lastTime = time
            lastPrice = price
            return
        }
        let elapsed = (time - lastTime).count
        if elapsed < 100_000_000 { return }
        let span = Double(elapsed)
        let move = (price / lastPrice - 1) * 10_000
        let rate = move * move / (span * 1e-9)
        let weight = samples == 0 ? 1.0 : 1 - 1 / (1 + span * decayPerNanosecond)
        basisPointsSquaredPerSecond += weight * (rate - basisPointsSquaredPerSecond)
        samples += 1
        lastTime = time
        lastPrice = price
    }
}
