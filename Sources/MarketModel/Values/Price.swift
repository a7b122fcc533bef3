/// A price in units of 10^-`priceScale` of its instrument. Signed: spreads and offsets are prices.
@frozen
public struct Price: BitwiseCopyable, Hashable, Comparable, Sendable, Codable {
    public var raw: Int64

    @inlinable @inline(__always)
    public init(raw: Int64) { self.raw = raw }

    @inlinable @inline(__always)
    public static var zero: Price { Price(raw: 0) }
    /// Larger than every price: the "ask" of an empty side.
    @inlinable @inline(__always)
    public static var highest: Price { Price(raw: .max) }

    @inlinable @inline(__always)
    public static func == (left: Price, right: Price) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public static func < (left: Price, right: Price) -> Bool { left.raw < right.raw }
    @inlinable @inline(__always)
    public static func + (left: Price, right: Price) -> Price { Price(raw: left.raw + right.raw) }
    @inlinable @inline(__always)
    public static func - (left: Price, right: Price) -> Price { Price(raw: left.raw - right.raw) }

    /// Down to a multiple of `tick`. `tick` must be positive, the price not negative.
    @inlinable @inline(__always)
    public func flooredToMultiple(of tick: Price) -> Price {
        Price(raw: raw - raw % tick.raw)
    }

    /// Up to a multiple of `tick`. `tick` must be positive, the price not negative.
    @inlinable @inline(__always)
    public func ceiledToMultiple(of tick: Price) -> Price {
        let rest = raw % tick.raw
        return rest == 0 ? self : Price(raw: raw - rest + tick.raw)
    }
}

/// A quantity of the base asset in units of 10^-`quantityScale` of its instrument.
///
/// Signed where it is a position (long positive), otherwise not negative.
@frozen
public struct Quantity: BitwiseCopyable, Hashable, Comparable, Sendable, Codable {
    public var raw: Int64

    @inlinable @inline(__always)
    public init(raw: Int64) { self.raw = raw }

    @inlinable @inline(__always)
    public static var zero: Quantity { Quantity(raw: 0) }
    @inlinable @inline(__always)
    public var magnitude: Quantity { Quantity(raw: raw < 0 ? 0 - raw : raw) }

    @inlinable @inline(__always)
    public static func == (left: Quantity, right: Quantity) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public static func < (left: Quantity, right: Quantity) -> Bool { left.raw < right.raw }
    @inlinable @inline(__always)
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(raw: left.raw + right.raw)
    }
    @inlinable @inline(__always)
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(raw: left.raw - right.raw)
    }
    @inlinable @inline(__always)
    public static prefix func - (value: Quantity) -> Quantity { Quantity(raw: 0 - value.raw) }
    @inlinable @inline(__always)
    public static func += (left: inout Quantity, right: Quantity) { left.raw += right.raw }
    @inlinable @inline(__always)
    public static func -= (left: inout Quantity, right: Quantity) { left.raw -= right.raw }

    /// Down to a multiple of `step`, which must be positive; the quantity must not be negative.
    @inlinable @inline(__always)
    public func flooredToMultiple(of step: Quantity) -> Quantity {
        Quantity(raw: raw - raw % step.raw)
    }
}

/// An amount of money, exact: units of 10^-(`priceScale` + `quantityScale`) of the quote asset.
///
/// The product of a price and a quantity needs no rounding at this scale; 128 bits hold every
/// product of two `Int64`, and sums of 2^0 to 2^1 of the largest: overflow traps.
@frozen
public struct Notional: BitwiseCopyable, Hashable, Comparable, Sendable, Codable {
    public var raw: Int128

    @inlinable @inline(__always)
    public init(raw: Int128) { self.raw = raw }
    /// price × quantity, exact.
    @inlinable @inline(__always)
    public init(_ price: Price, _ quantity: Quantity) {
        let product = price.raw.multipliedFullWidth(by: quantity.raw)
        raw = Int128(truncatingIfNeeded: product.high) << 64
            | Int128(truncatingIfNeeded: product.low)
    }

    @inlinable @inline(__always)
    public static var zero: Notional { Notional(raw: 0) }
    @inlinable @inline(__always)
    public var magnitude: Notional { Notional(raw: raw < 0 ? 0 - raw : raw) }

    @inlinable @inline(__always)
    public static func == (left: Notional, right: Notional) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public static func < (left: Notional, right: Notional) -> Bool { left.raw < right.raw }
    @inlinable @inline(__always)
    public static func + (left: Notional, right: Notional) -> Notional {
        Notional(raw: left.raw + right.raw)
    }
    @inlinable @inline(__always)
    public static func - (left: Notional, right: Notional) -> Notional {
        Notional(raw: left.raw - right.raw)
    }
    @inlinable @inline(__always)
    public static prefix func - (value: Notional) -> Notional { Notional(raw: 0 - value.raw) }
    @inlinable @inline(__always)
    public static func += (left: inout Notional, right: Notional) { left.raw += right.raw }
    @inlinable @inline(__always)
    public static func -= (left: inout Notional, right: Notional) { left.raw -= right.raw }
}
