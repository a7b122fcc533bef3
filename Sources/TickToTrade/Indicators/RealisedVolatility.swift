import CLinuxURing
import MarketModel

/// Volatility of a price per square root of a second, exponentially weighted by time.
///
/// Σ w·r² / Σ w·Δt over simple returns r with weights halving every half-life: exact for samples at
/// any spacing. Samples closer than `spacing` are skipped, so that bid-ask bounce does not count.
@frozen
public struct RealisedVolatility: BitwiseCopyable, Sendable {
    private let decay: ExponentialDecay
    private let spacing: Int64
    private var lastPrice = 0.0
    private var lastTime = Timestamp.unknown
    private var squares = 0.0
    private var seconds = 0.0
    private var returns = 0

    /// `halfLife` must be positive; `spacing` may be zero.
    public init(halfLife: Nanoseconds, spacing: Nanoseconds = .milliseconds(100)) {
        precondition(halfLife.count > 0 && spacing.count >= 0, "the half-life is positive")
        decay = ExponentialDecay(halfLife: halfLife)
        self.spacing = spacing.count
    }

    /// Whether a few returns have been seen.
    public var isReady: Bool { @_noLocks get { returns >= 3 } }

    /// Variance of the return per second; NaN until ready.
    public var variance: Double { @_noLocks get { isReady ? squares / seconds : .nan } }

    /// Standard deviation of the return per √second (0.0001 = one basis point); NaN until ready.
    public var value: Double { @_noLocks get { clinux_uring_sqrt(variance) } }

    /// `price` above zero in any unit; samples not later than the last one are skipped.
    @_noLocks
    public mutating func update(_ price: Double, at time: Timestamp) {
        if !(price > 0) { return }
        if lastTime == .unknown {
            lastPrice = price
            lastTime = time
            return
        }
        let elapsed = time - lastTime
        if elapsed.count <= 0 || elapsed.count < spacing { return }
        let change = price / lastPrice - 1
        let factor = decay.factor(over: elapsed)
        squares = squares * factor + change * change
        seconds = seconds * factor + Double(elapsed.count) * 1e-9
        returns &+= returns < 3 ? 1 : 0
        lastPrice = price
        lastTime = time
    }
}
