/// One line through Ehlers' discrete Hilbert transformer: 0.0962 and 0.5769 at lags 0, 2, 4 and 6.
///
/// Even and odd bars run through separate lines, so that lags of two are lags of one.
@frozen
@usableFromInline
struct HilbertLine: BitwiseCopyable, Codable, Sendable {
    @usableFromInline var oldest = 0.0
    @usableFromInline var older = 0.0
    @usableFromInline var newest = 0.0
    @usableFromInline var previous = 0.0
    @usableFromInline var previousInput = 0.0

    @usableFromInline init() {}

    @inlinable @inline(__always)
    mutating func transform(_ input: Double, _ adjustment: Double) -> Double {
        let scaled = 0.0962 * input
        var value = -oldest
        oldest = older
        older = newest
        newest = scaled
        value += scaled
        value -= previous
        previous = 0.5769 * previousInput
        value += previous
        previousInput = input
        return value * adjustment
    }
}

/// The lines of the bars of one parity.
@frozen
@usableFromInline
struct HilbertLines: BitwiseCopyable, Codable, Sendable {
    @usableFromInline var detrender = HilbertLine()
    @usableFromInline var quadrature = HilbertLine()
    @usableFromInline var inPhaseTurned = HilbertLine()
    @usableFromInline var quadratureTurned = HilbertLine()
    /// The detrender three bars before the next bar of this parity, and the one after it.
    @usableFromInline var inPhase = 0.0
    @usableFromInline var nextInPhase = 0.0

    @usableFromInline init() {}

    @inlinable @inline(__always)
    mutating func transform(_ smoothed: Double, _ adjustment: Double) -> HilbertStep {
        let detrended = detrender.transform(smoothed, adjustment)
        let turned = quadrature.transform(detrended, adjustment)
        return HilbertStep(
            detrender: detrended, quadrature: turned, inPhase: inPhase,
            inPhaseTurned: inPhaseTurned.transform(inPhase, adjustment),
            quadratureTurned: quadratureTurned.transform(turned, adjustment))
    }
}

/// What one bar gives through its lines.
@frozen
@usableFromInline
struct HilbertStep {
    @usableFromInline let detrender: Double
    @usableFromInline let quadrature: Double
    @usableFromInline let inPhase: Double
    @usableFromInline let inPhaseTurned: Double
    @usableFromInline let quadratureTurned: Double

    @inlinable @inline(__always)
    init(
        detrender: Double, quadrature: Double, inPhase: Double, inPhaseTurned: Double,
        quadratureTurned: Double
    ) {
        self.detrender = detrender
        self.quadrature = quadrature
        self.inPhase = inPhase
        self.inPhaseTurned = inPhaseTurned
        self.quadratureTurned = quadratureTurned
    }
}

/// Ehlers' homodyne discriminator: the period of the dominant cycle and its phasor.
@frozen
@usableFromInline
struct CycleMeter: BitwiseCopyable, Codable, Sendable {
    /// Bars that only fill the price smoother.
    @usableFromInline let smootherBars: Int
    @usableFromInline var count = 0
    @usableFromInline var price1 = 0.0
    @usableFromInline var price2 = 0.0
    @usableFromInline var price3 = 0.0
    @usableFromInline var priceSum = 0.0
    @usableFromInline var weightedPrice = 0.0
    @usableFromInline var leavingPrice = 0.0
    @usableFromInline var even = HilbertLines()
    @usableFromInline var odd = HilbertLines()
    @usableFromInline var previousI2 = 0.0
    @usableFromInline var previousQ2 = 0.0
    @usableFromInline var real = 0.0
    @usableFromInline var imaginary = 0.0
    @usableFromInline var period = 0.0
    @usableFromInline var smoothPeriod = 0.0
    /// Of the last bar.
    @usableFromInline var smoothed = 0.0
    @usableFromInline var inPhase = 0.0
    @usableFromInline var quadrature = 0.0

    @usableFromInline
    init(smootherBars: Int) { self.smootherBars = smootherBars }
}
