/// Triangular moving average: weights rise to the middle of the window and fall again.
///
/// Constant time: two plain sums, of the rising and of the falling half, move the weighted one.
@frozen
public struct TRIMA: IndicatorFormula {
    public let period: Int
    @usableFromInline let half: Int
    @usableFromInline let factor: Double
    @usableFromInline var window: Ring<Double>
    @usableFromInline var numerator = 0.0
    /// Sum of the older half, where weights rise: subtracted as the window moves.
    @usableFromInline var rising = 0.0
    /// Sum of the newer half.
    @usableFromInline var falling = 0.0
    /// Pushes with which the sums are taken anew next; 0 while the window fills, and always with a
    /// period of 1.
    @usableFromInline var nextAnchor = 0

    /// `period` 1...100,000; 1 follows its input.
    public init(period: Int = 30) throws(IndicatorFailure) {
        self.init(checked: try period.checked("period"))
    }

    init(checked period: Int) {
        self.period = period
        half = period / 2
        let middle = Double(half)
        factor = 1 / (period % 2 == 1 ? (middle + 1) * (middle + 1) : middle * (middle + 1))
        window = Ring(length: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        window.push(sample)
        if _slowPath(window.pushed >= nextAnchor) {
            if !window.isFull { return nil }
            self = started()
        } else {
            move(sample)
        }
        return numerator * factor
    }

    /// The window moved by one: what was newest in the rising half joined from the falling one.
    @inlinable @inline(__always)
    mutating func move(_ sample: Double) {
        let (leaving, middle) = (window[period], window[half])
        let (before, after) = (falling, falling - middle)
        let moved = numerator - rising + (period & 1 == 1 ? before : after)
        numerator = moved + sample
        rising = rising - leaving + middle
        falling = after + sample
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
        if period > 1 { nextAnchor = window.nextAnchor }
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
