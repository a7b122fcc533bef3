import MarketModel

/// Net profit, or equity, at one moment.
public struct EquityPoint: Codable, Sendable, Equatable {
    public var timeNanoseconds: Int64
    public var value: ExactDecimal

    public init(time: Timestamp, value: ExactDecimal) {
        timeNanoseconds = time.nanoseconds
        self.value = value
    }
}

/// Equity over a run of any length in bounded memory.
///
/// When it is full the older half is thinned to its extremes, so that no excursion is ever lost.
public struct EquitySeries: Sendable {
    public private(set) var points: [EquityPoint] = []
    private let capacity: Int

    /// At most `capacity` points, 16 or more.
    public init(capacity: Int = 8192) {
        precondition(capacity >= 16, "a series has room for its extremes")
        self.capacity = capacity
    }

    /// Adds a point; times ascend.
    public mutating func append(_ point: EquityPoint) {
        if points.count == capacity {
            let half = capacity / 2
            let older = Self.thinned(Array(points[..<half]), columns: half / 4)
            points.replaceSubrange(..<half, with: older)
        }
        points.append(point)
    }

    /// The lowest and the highest point of each column, in the order of time.
    static func thinned(_ points: [EquityPoint], columns: Int) -> [EquityPoint] {
        guard points.count > 2 * columns else { return points }
        var kept: [EquityPoint] = []
        for column in 0..<columns {
            let start = points.count * column / columns
            let part = points[start..<points.count * (column + 1) / columns]
            guard let low = part.min(by: { $0.value < $1.value }),
                let high = part.max(by: { $0.value < $1.value })
            else { continue }
            let isRising = low.timeNanoseconds <= high.timeNanoseconds
            kept += low == high ? [low] : isRising ? [low, high] : [high, low]
        }
        return kept
    }
}
