import MarketModel

/// The prices around the point of control that hold a share of the volume.
@frozen
public struct ValueArea: BitwiseCopyable, Sendable, Equatable, Codable {
    /// VAL: low edge of its lowest row.
    public var low: Price
    /// VAH: high edge of its highest row.
    public var high: Price
    /// What was traded in it: at least the share asked for.
    public var volume: Quantity

    @_noLocks
    public init(low: Price, high: Price, volume: Quantity) {
        self.low = low
        self.high = high
        self.volume = volume
    }
}

/// How a value area grows from the point of control.
@frozen
public enum ValueAreaRule: UInt8, BitwiseCopyable, Sendable {
    /// One row at a time, the larger neighbour.
    case singleRow
    /// Two rows at a time, the side on which the next two hold more (CBOT's market profile).
    case twoRow
}

extension VolumeProfile {
    /// The value area of `share` ten-thousandths of the volume (7,000 is the usual 70 %), of
    /// equals the upper side first; `nil` before the first trade.
    ///
    /// Exact: shares are compared as whole numbers. Takes time with the rows of the area, which
    /// the capacity bounds.
    @_noLocks
    public func valueArea(
        share: Int64 = 7_000, by rule: ValueAreaRule = .singleRow
    ) -> ValueArea? {
        if isEmpty { return nil }
        let wanted = Int128(volume.raw) * Int128(share < 10_000 ? share : 10_000)
        var low = control
        var high = control
        var covered = volume(of: control)
        let step: Int64 = rule == .twoRow ? 2 : 1
        while Int128(covered) * 10_000 < wanted, low > lowest || high < highest {
            let rowsAbove = step < highest &- high ? step : highest &- high
            let rowsBelow = step < low &- lowest ? step : low &- lowest
            let above = sum(from: high &+ 1, rowsAbove)
            let below = sum(from: low &- rowsBelow, rowsBelow)
            if rowsAbove > 0, rowsBelow == 0 || above >= below {
                high &+= rowsAbove
                covered = covered.saturatingSum(above)
            } else {
                low &-= rowsBelow
                covered = covered.saturatingSum(below)
            }
        }
        let highestLow = high &* binSize.raw
        return ValueArea(
            low: Price(raw: low &* binSize.raw),
            high: Price(raw: highestLow.saturatingSum(binSize.raw)),
            volume: Quantity(raw: covered))
    }

    private func sum(from first: Int64, _ count: Int64) -> Int64 {
        var sum: Int64 = 0
        var row: Int64 = 0
        while row < count {
            sum = sum.saturatingSum(volume(of: first &+ row))
            row &+= 1
        }
        return sum
    }
}
