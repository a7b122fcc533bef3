/// The highest of the last `period` samples.
@frozen
public struct MAX: IndicatorFormula {
    @usableFromInline var highest: BlockHighest

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        highest = BlockHighest(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { highest.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        highest.push(sample)
        return highest.isFull ? highest.value : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        highest.visitRings(&visitor)
    }
}

/// The lowest of the last `period` samples.
@frozen
public struct MIN: IndicatorFormula {
    @usableFromInline var lowest: BlockLowest

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        lowest = BlockLowest(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { lowest.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        lowest.push(sample)
        return lowest.isFull ? lowest.value : nil
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        lowest.visitRings(&visitor)
    }
}

/// The lowest and the highest of the last `period` samples.
@frozen
public struct MINMAX: IndicatorFormula {
    @usableFromInline var range: BlockRange

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        range = BlockRange(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { range.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Extremes<Double>? {
        range.push(high: sample, low: sample)
        if !range.isFull { return nil }
        let (highest, lowest) = range.span
        return Extremes(lowest: lowest, highest: highest)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        range.visitRings(&visitor)
    }
}

/// Where the highest of the last `period` samples is, counted from the first sample ever.
@frozen
public struct MAXINDEX: IndicatorFormula {
    @usableFromInline var highest: StickyExtreme

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        highest = StickyExtreme(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { highest.extreme.window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Int? {
        highest.push(sample)
        return highest.number
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        highest.visitRings(&visitor)
    }
}

/// Where the lowest of the last `period` samples is, counted from the first sample ever.
@frozen
public struct MININDEX: IndicatorFormula {
    /// Of the samples negated.
    @usableFromInline var lowest: StickyExtreme

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        lowest = StickyExtreme(length: try period.checked("period", in: 2...Int.longestPeriod))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { lowest.extreme.window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Int? {
        lowest.push(-sample)
        return lowest.number
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        lowest.visitRings(&visitor)
    }
}

/// Where the lowest and the highest of the last `period` samples are.
@frozen
public struct MINMAXINDEX: IndicatorFormula {
    @usableFromInline var lowest: MININDEX
    @usableFromInline var highest: MAXINDEX

    /// `period` 2...100,000.
    public init(period: Int = 30) throws(IndicatorFailure) {
        lowest = try MININDEX(period: period)
        highest = try MAXINDEX(period: period)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { lowest.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Extremes<Int>? {
        let low = lowest.step(sample)
        guard let high = highest.step(sample), let low else { return nil }
        return Extremes(lowest: low, highest: high)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        lowest.visitRings(&visitor)
        highest.visitRings(&visitor)
    }
}
