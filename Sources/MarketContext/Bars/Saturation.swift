import MarketModel

/// Sums of outside numbers: at the ends of the range they stay there.
extension Int64 {
    @_noLocks
    func saturatingSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension Quantity {
    @_noLocks
    func saturatingSum(_ other: Quantity) -> Quantity {
        Quantity(raw: raw.saturatingSum(other.raw))
    }
}

extension Notional {
    @_noLocks
    func saturatingSum(_ other: Notional) -> Notional {
        let (sum, overflow) = raw.addingReportingOverflow(other.raw)
        return Notional(raw: overflow ? (other.raw < 0 ? .min : .max) : sum)
    }

    /// The nearest `Double` of its raw value, to one part in 2^52.
    var approximation: Double {
        @_noLocks get {
            let high = Int64(truncatingIfNeeded: raw >> 64)
            let low = UInt64(truncatingIfNeeded: raw)
            return Double(high) * 18_446_744_073_709_551_616.0 + Double(low)
        }
    }
}
