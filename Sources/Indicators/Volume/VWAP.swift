import MarketModel

/// Price per unit of volume since an anchor, and how far prices lay from it.
@frozen
@usableFromInline
struct VolumeWeighting: BitwiseCopyable, Codable, Sendable {
    @usableFromInline var moments = Moments()
    @usableFromInline var origin = 0.0
    @usableFromInline var money = 0.0

    @inlinable init() {}

    @inlinable @inline(__always)
    mutating func add(_ bar: PriceBar) {
        let price = bar.typicalPrice
        if moments.weight == 0 { origin = price }
        moments.add(price - origin, weight: bar.volume)
        money += price * bar.volume
    }

    /// `nil` before any volume.
    @inlinable @inline(__always)
    var price: Double? { moments.weight > 0 ? money / moments.weight : nil }

    @inlinable @inline(__always)
    func bands(width: Double) -> Bands? {
        guard let price else { return nil }
        let reach = width * moments.deviation
        return Bands(upper: price + reach, middle: price, lower: price - reach)
    }
}

/// Volume-weighted average of the typical price since the first bar; `nil` before any volume.
@frozen
public struct VWAP: IndicatorFormula, Sendable {
    @usableFromInline var weighting = VolumeWeighting()

    public init() {}

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Double? {
        weighting.add(bar)
        return weighting.price
    }
}

/// ``VWAP`` anew in each session, with bands at `width` volume-weighted deviations.
@frozen
public struct SessionVWAP: IndicatorFormula, Sendable {
    @usableFromInline let width: Double
    @usableFromInline var clock: SessionClock
    @usableFromInline var weighting = VolumeWeighting()

    /// Sessions as ``SessionClock`` has them; `width` 0...100.
    public init(
        lengthMinutes: Int = 1440, offsetMinutes: Int = 0, width: Double = 2
    ) throws(IndicatorFailure) {
        clock = try SessionClock(lengthMinutes: lengthMinutes, offsetMinutes: offsetMinutes)
        self.width = try width.checked("width", in: 0...100)
    }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ input: TimedBar) -> Bands? {
        if clock.begins(at: input.time) { weighting = VolumeWeighting() }
        weighting.add(input.bar)
        return weighting.bands(width: width)
    }
}

/// ``VWAP`` from the first bar at or after a moment, with bands.
@frozen
public struct AnchoredVWAP: IndicatorFormula, Sendable {
    @usableFromInline let anchor: Int64
    @usableFromInline let width: Double
    @usableFromInline var weighting = VolumeWeighting()

    /// `anchorMilliseconds` since 1970, 0...10¹³; `width` 0...100.
    public init(anchorMilliseconds: Double = 0, width: Double = 2) throws(IndicatorFailure) {
        let moment = try anchorMilliseconds.checked("anchorMilliseconds", in: 0...1e13)
        anchor = Int64(moment)
        self.width = try width.checked("width", in: 0...100)
    }

    /// Bars before the anchor are not counted.
    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ input: TimedBar) -> Bands? {
        if input.time.milliseconds < anchor { return nil }
        weighting.add(input.bar)
        return weighting.bands(width: width)
    }
}

/// ``VWAP`` of the last `period` bars, with bands; `nil` while they have no volume.
@frozen
public struct RollingVWAP: IndicatorFormula {
    @usableFromInline let width: Double
    @usableFromInline var window: BlockMoments

    /// `period` 1...100,000; `width` 0...100.
    public init(period: Int = 20, width: Double = 2) throws(IndicatorFailure) {
        window = BlockMoments(length: try period.checked("period"))
        self.width = try width.checked("width", in: 0...100)
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int { window.length &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Bands? {
        window.push(bar.typicalPrice, weight: bar.volume)
        if !window.isFull { return nil }
        let moments = window.moments
        if moments.weight <= 0 { return nil }
        let price = window.origin + moments.mean
        let reach = width * moments.deviation
        return Bands(upper: price + reach, middle: price, lower: price - reach)
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}
