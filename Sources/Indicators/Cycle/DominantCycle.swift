import CLibm

/// Period of the dominant cycle in bars, 6...50.
@frozen
public struct DominantCyclePeriod: IndicatorFormula, Sendable {
    @usableFromInline var meter = CycleMeter(smootherBars: 12)

    public init() {}

    @inlinable
    public var warmUp: Int { 32 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        meter.push(sample)
        return meter.count > 32 ? meter.smoothPeriod : nil
    }
}

/// The cycle's components in phase and a quarter turn behind.
@frozen
public struct CyclePhasor: IndicatorFormula, Sendable {
    @usableFromInline var meter = CycleMeter(smootherBars: 12)

    public init() {}

    @inlinable
    public var warmUp: Int { 32 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Phasor? {
        meter.push(sample)
        if meter.count <= 32 { return nil }
        return Phasor(inPhase: meter.inPhase, quadrature: meter.quadrature)
    }
}

/// A point of the complex plane.
@frozen
public struct Phasor: IndicatorOutput, Sendable {
    public var inPhase: Double
    public var quadrature: Double

    @inlinable @inline(__always)
    public init(inPhase: Double, quadrature: Double) {
        self.inPhase = inPhase
        self.quadrature = quadrature
    }

    public static var names: [String] { ["inPhase", "quadrature"] }
    public var numbers: [Double] { [inPhase, quadrature] }
}

/// Phase of the dominant cycle by correlating one period of smoothed prices with a sine.
///
/// O(period of the cycle), at most 50 steps.
@frozen
@usableFromInline
struct CyclePhase: BitwiseCopyable, Codable {
    @usableFromInline var meter = CycleMeter(smootherBars: 37)
    @usableFromInline var smoothedPrices = Ring<Double>(length: 50)
    /// In degrees, −45...315.
    @usableFromInline var degrees = 0.0

    @usableFromInline init() {}

    /// Takes a price; whether there is a phase to show.
    @inlinable
    mutating func push(_ price: Double) -> Bool {
        meter.push(price)
        if !meter.isMeasuring { return false }
        smoothedPrices.push(meter.smoothed)
        let length = Int(meter.smoothPeriod + 0.5)
        var sums = SIMD2<Double>()
        let held = min(length, smoothedPrices.pushed)
        for lag in 0..<held {
            let angle = Double(lag) * 6.283_185_307_179_586 / Double(length)
            sums += clibm_sin_cos(angle) * smoothedPrices[lag]
        }
        let (real, imaginary) = (sums[0], sums[1])
        if imaginary.magnitude > 0 {
            degrees = clibm_atan(real / imaginary) * CycleMeter.degreesPerRadian
        } else if real < 0 {
            degrees -= 90
        } else if real > 0 {
            degrees += 90
        }
        degrees += 90
        // One bar of lag of the weighted average.
        degrees += 360 / meter.smoothPeriod
        if imaginary < 0 { degrees += 180 }
        if degrees > 315 { degrees -= 360 }
        return meter.count > 63
    }

    @inlinable @inline(__always)
    var waves: CycleWaves {
        let radians = 1 / CycleMeter.degreesPerRadian
        return CycleWaves(
            sine: clibm_sin(degrees * radians), leadSine: clibm_sin((degrees + 45) * radians))
    }
}

/// Phase of the dominant cycle in degrees, −45...315. O(period of the cycle), at most 50 steps.
@frozen
public struct DominantCyclePhase: IndicatorFormula {
    @usableFromInline var phase = CyclePhase()

    public init() {}

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { 63 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        phase.push(sample) ? phase.degrees : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&phase.smoothedPrices)
    }
}

/// Sine of the cycle's phase, and of the phase 45° ahead.
@frozen
public struct CycleSine: IndicatorFormula {
    @usableFromInline var phase = CyclePhase()

    public init() {}

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { 63 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> CycleWaves? {
        phase.push(sample) ? phase.waves : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        visitor.visit(&phase.smoothedPrices)
    }
}

/// The two lines of ``CycleSine``.
@frozen
public struct CycleWaves: IndicatorOutput, Sendable {
    public var sine: Double
    public var leadSine: Double

    @inlinable @inline(__always)
    public init(sine: Double, leadSine: Double) {
        self.sine = sine
        self.leadSine = leadSine
    }

    public static var names: [String] { ["sine", "leadSine"] }
    public var numbers: [Double] { [sine, leadSine] }
}
