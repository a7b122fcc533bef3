import CLibm

/// Ehlers' MESA adaptive averages: weights follow how fast the phase of the cycle turns.
@frozen
public struct MAMA: IndicatorFormula, Sendable {
    @usableFromInline let fastLimit: Double
    @usableFromInline let slowLimit: Double
    @usableFromInline var meter = CycleMeter(smootherBars: 12)
    @usableFromInline var phase = 0.0
    @usableFromInline var mama = 0.0
    @usableFromInline var fama = 0.0

    /// Limits of the weight, 0.01...0.99.
    public init(fastLimit: Double = 0.5, slowLimit: Double = 0.05) throws(IndicatorFailure) {
        self.fastLimit = try fastLimit.checked("fastLimit", in: 0.01...0.99)
        self.slowLimit = try slowLimit.checked("slowLimit", in: 0.01...0.99)
    }

    init(checkedFast fastLimit: Double, slow slowLimit: Double) {
        self.fastLimit = fastLimit
        self.slowLimit = slowLimit
    }

    @inlinable
    public var warmUp: Int { 32 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> AdaptiveAverages? {
        meter.push(sample)
        if !meter.isMeasuring { return nil }
        let before = phase
        phase = meter.inPhase == 0
            ? 0
            : clibm_atan(meter.quadrature / meter.inPhase) * CycleMeter.degreesPerRadian
        let turn = before - phase
        var weight = fastLimit
        if turn > 1 {
            weight = fastLimit / turn
            if weight < slowLimit { weight = slowLimit }
        }
        mama = (weight * sample).adding(1 - weight, times: mama)
        weight *= 0.5
        fama = (weight * mama).adding(1 - weight, times: fama)
        return meter.count > 32 ? AdaptiveAverages(mama: mama, fama: fama) : nil
    }
}

/// The two lines of ``MAMA``: the average and the one that follows it.
@frozen
public struct AdaptiveAverages: IndicatorOutput, Sendable {
    public var mama: Double
    public var fama: Double

    @inlinable @inline(__always)
    public init(mama: Double, fama: Double) {
        self.mama = mama
        self.fama = fama
    }

    public static var names: [String] { ["mama", "fama"] }
    public var numbers: [Double] { [mama, fama] }
}
