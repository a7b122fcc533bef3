/// A dense number of an instrument within one engine: the index of its book and position.
@frozen
public struct InstrumentIndex: BitwiseCopyable, Hashable, Sendable, Codable {
    public var raw: UInt16
    @inlinable @inline(__always)
    public static func == (left: InstrumentIndex, right: InstrumentIndex) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public init(_ raw: UInt16) { self.raw = raw }
    @inlinable @inline(__always)
    public var slot: Int { Int(raw) }
    /// No instrument: a record that concerns the whole engine.
    @inlinable @inline(__always)
    public static var none: InstrumentIndex { InstrumentIndex(.max) }
}

/// A dense number of an asset (BTC, USDT) within one engine.
@frozen
public struct AssetIndex: BitwiseCopyable, Hashable, Sendable {
    public var raw: UInt16
    @inlinable @inline(__always)
    public static func == (left: AssetIndex, right: AssetIndex) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public init(_ raw: UInt16) { self.raw = raw }
    @inlinable @inline(__always)
    public var slot: Int { Int(raw) }
    /// An asset this engine does not know, or none.
    @inlinable @inline(__always)
    public static var none: AssetIndex { AssetIndex(.max) }
}

/// A dense number of a running strategy within one engine.
@frozen
public struct StrategyIndex: BitwiseCopyable, Hashable, Sendable {
    public var raw: UInt16
    @inlinable @inline(__always)
    public static func == (left: StrategyIndex, right: StrategyIndex) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public init(_ raw: UInt16) { self.raw = raw }
    @inlinable @inline(__always)
    public var slot: Int { Int(raw) }
    /// No strategy: an order of the operator, or one found at the venue.
    @inlinable @inline(__always)
    public static var none: StrategyIndex { StrategyIndex(.max) }
}

/// The venue's order number: unique for a symbol, 0 until the venue has answered.
@frozen
public struct VenueOrderID: BitwiseCopyable, Hashable, Sendable {
    public var raw: Int64
    @inlinable @inline(__always)
    public static func == (left: VenueOrderID, right: VenueOrderID) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public init(_ raw: Int64) { self.raw = raw }
    @inlinable @inline(__always)
    public static var none: VenueOrderID { VenueOrderID(0) }
}

/// The venue's trade number: consecutive for a symbol, -1 where there is no trade.
@frozen
public struct TradeID: BitwiseCopyable, Hashable, Sendable, Codable {
    public var raw: Int64
    @inlinable @inline(__always)
    public static func == (left: TradeID, right: TradeID) -> Bool { left.raw == right.raw }
    @inlinable @inline(__always)
    public init(_ raw: Int64) { self.raw = raw }
    @inlinable @inline(__always)
    public static var none: TradeID { TradeID(-1) }
}
