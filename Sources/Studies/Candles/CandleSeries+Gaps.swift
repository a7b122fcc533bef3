import MarketModel

extension CandleSeries {
    /// Two neighbours that are further apart than candles of this length are.
    public struct Gap: Equatable, Sendable {
        /// The candle behind it.
        public let row: Int
        /// Candles that would have fitted in between, 1 or more.
        public let missing: Int
    }

    /// The distance of most neighbours; `nil` where half of them or fewer have the same, as bars of
    /// ticks and volumes do not, and in series of several symbols. O(n).
    public var interval: Nanoseconds? {
        if times.count < 3 { return nil }
        var counts: [Nanoseconds: Int] = [:]
        for row in 1..<times.count { counts[times[row] - times[row - 1], default: 0] += 1 }
        return counts.first { $0.value * 2 > times.count - 1 && $0.key.count > 0 }?.key
    }

    /// Where more than one and a half intervals lie between two candles. O(n).
    public var gaps: [Gap] {
        guard let interval else { return [] }
        return times.indices.dropFirst().compactMap { row in
            let distance = (times[row] - times[row - 1]).count
            if distance <= interval.count + interval.count / 2 { return nil }
            return Gap(row: row, missing: Int((distance + interval.count / 2) / interval.count) - 1)
        }
    }

    /// All gaps in one line for people; `nil` without any.
    public var gapText: String? {
        guard let first = gaps.first, let interval else { return nil }
        let missing = gaps.reduce(0) { $0 + $1.missing }
        let seconds = Double(interval.count) / 1e9
        return "\(origin): \(missing) candles of \(seconds.formatted) s are missing at \(gaps.count) "
            + "places, the first before \(labels[first.row]); indicators take the next one as if none were"
    }
}

extension Double {
    /// Without a point where there is nothing behind it.
    fileprivate var formatted: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}
