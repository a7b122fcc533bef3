/// Triangular moving average: weights rise to the middle of the window and fall again.
///
/// Constant time: two plain sums, of the rising and of the falling half, move the weighted one.
@frozen
public struct TRIMA: IndicatorFormula {
    public let period: Int
    @usableFromInline let factor: Double
    @usableFromInline var window: Ring<Double>
    @usableFromInline var numerator = 0.0
    /// Sum of the older half, where weights rise: subtracted as the window moves.
    @usableFromInline var rising = 0.0
    /// Sum of the newer half.
    @usableFromInline var falling = 0.0

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        let half = Double(period / 2)
        factor = 1 / (period % 2 == 1 ? (half + 1) * (half + 1) : half * (half + 1))
        window = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if period == 1 { return sample }
        window.push(sample)
        if window.pushed < period { return nil }
        if window.pushed == period || window.isAnchorDue {
            self = started()
        } else {
            move(sample)
        }
        return numerator * factor
    }

    /// The window moved by one: what was newest in the rising half joined from the falling one.
    @inlinable @inline(__always)
    mutating func move(_ sample: Double) {
        let half = period / 2
        numerator -= rising
        rising -= window[period]
        let middle = window[half]
        rising += middle
        if period % 2 == 1 {
            numerator += falling
            falling -= middle
        } else {
            falling -= middle
            numerator += falling
        }
        falling += sample
        numerator += sample
    }

    /// Out of line and on a copy, so that a loop of steps keeps the rest in registers.
    @inlinable @inline(never)
    func started() -> Self {
        var next = self
        next.start()
        return next
    }

    @inlinable @inline(__always)
    mutating func start() {
        let half = period / 2
        numerator = 0
        rising = 0
        falling = 0
        var age = half
        while age < period {
            rising += window[age]
            numerator += rising
            age &+= 1
        }
        age = half &- 1
        while age >= 0 {
            falling += window[age]
            numerator += falling
            age &-= 1
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&window) }
}
