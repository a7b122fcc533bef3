import MarketModel

/// The mid price weighted by the opposite quantities: nearer to the side that is about to give way.
///
/// (bid · askQuantity + ask · bidQuantity) / (bidQuantity + askQuantity).
@frozen
public struct MicroPrice: BitwiseCopyable, Sendable {
    private let scale: UnitScale
    /// The price in decimal units; NaN while a side is empty.
    public private(set) var value = Double.nan
    /// (bidQuantity - askQuantity) / (bidQuantity + askQuantity), -1...1; NaN likewise.
    public private(set) var imbalance = Double.nan

    public init(scale: UnitScale) { self.scale = scale }

    public var isReady: Bool { @_noLocks get { !value.isNaN } }

    /// Takes the best levels; a quantity of zero means an empty side.
    @_noLocks
    public mutating func update(bid: BookLevel, ask: BookLevel) {
        if bid.quantity.raw <= 0 || ask.quantity.raw <= 0 {
            value = .nan
            imbalance = .nan
            return
        }
        let bidQuantity = Double(bid.quantity.raw)
        let askQuantity = Double(ask.quantity.raw)
        let share = bidQuantity / (bidQuantity + askQuantity)
        let bidPrice = scale.units(bid.price)
        value = bidPrice + (scale.units(ask.price) - bidPrice) * share
        imbalance = 2 * share - 1
    }
}
