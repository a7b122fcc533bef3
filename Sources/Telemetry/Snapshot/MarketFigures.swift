import MarketModel

/// The market of one instrument at a glance (MD-20). What is not known is absent.
public struct MarketFigures: Codable, Sendable, Equatable {
    public var symbol: String
    /// The last trade's; without one of this run's, the venue's.
    public var price: ExactDecimal?
    /// Best ask less best bid, and in basis points of their middle.
    public var spread: ExactDecimal?
    public var spreadBasisPoints: Double?
    /// The price against the first one of the last 24 hours, in percent.
    public var changePercent: Double?
    /// Of the last 24 hours, in base and in quote units.
    public var volume: ExactDecimal?
    public var quoteVolume: ExactDecimal?
    public var high: ExactDecimal?
    public var low: ExactDecimal?
    /// Of the last 24 hours by their high and low (Parkinson: √(ln(high / low)² / (4 · ln 2))), a
    /// year, in percent.
    public var volatilityPercent: Double?
    /// How old the venue's figures of the 24 hours are.
    public var dayAgeNanoseconds: Int64?

    public init(symbol: String) { self.symbol = symbol }
}
