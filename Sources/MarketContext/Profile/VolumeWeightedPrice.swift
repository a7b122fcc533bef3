import CLibm
import MarketModel

/// VWAP of trades since the last reset, with bands, and the delta beside it.
///
/// The money and the volume are exact sums; the deviation is West's weighted running variance
/// ("Updating mean and variance estimates", 1979), which does not cancel. Prices that come out are
/// `Double`s in raw price units.
@frozen
public struct VolumeWeightedPrice: BitwiseCopyable, Sendable, Codable {
    public private(set) var volume = Quantity.zero
    public private(set) var quoteVolume = Notional.zero
    /// Bought less sold by aggressors.
    public private(set) var delta = Quantity.zero

    private var mean = 0.0
    private var squares = 0.0

    @_noLocks
    public init() {}

    /// Read back, it goes on where it was.
    var isSound: Bool {
        volume >= .zero && quoteVolume >= .zero && mean.isFinite && squares.isFinite
    }

    /// Counts a trade. One without a positive price and quantity changes nothing.
    @_noLocks
    public mutating func add(_ trade: Trade) {
        if trade.price <= .zero || trade.quantity <= .zero { return }
        volume = volume.saturatingSum(trade.quantity)
        quoteVolume = quoteVolume.saturatingSum(Notional(trade.price, trade.quantity))
        delta = delta.saturatingSum(
            trade.aggressor == .buy ? trade.quantity : Quantity(raw: 0 &- trade.quantity.raw))
        let size = Double(trade.quantity.raw)
        let distance = Double(trade.price.raw) - mean
        mean += distance * size / Double(volume.raw)
        squares += size * distance * (Double(trade.price.raw) - mean)
    }

    /// `nil` before the first trade.
    public var value: Double? {
        @_noLocks get {
            volume.raw > 0 ? quoteVolume.approximation / Double(volume.raw) : nil
        }
    }

    /// Volume-weighted standard deviation of the prices (of the population).
    public var deviation: Double {
        @_noLocks get {
            volume.raw > 0 && squares > 0 ? clibm_sqrt(squares / Double(volume.raw)) : 0
        }
    }

    /// The price at `width` deviations from the VWAP: negative below it.
    @_noLocks
    public func band(_ width: Double) -> Double? {
        guard let value else { return nil }
        return value + width * deviation
    }
}
