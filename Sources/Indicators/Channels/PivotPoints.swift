/// Support and resistance for a session from the high, low and close of the session before.
@frozen
public struct PivotPoints: IndicatorFormula, Sendable {
    @frozen
    public enum Kind: Int, BitwiseCopyable, Codable, Sendable, CaseIterable {
        /// P = (H + L + C) / 3; levels mirror the range at P.
        case classic = 0
        /// Levels at 38.2, 61.8 and 100 % of the range from P.
        case fibonacci = 1
        /// Levels at 1.1 / 12, 1.1 / 6 and 1.1 / 4 of the range from the close.
        case camarilla = 2
        /// As classic with P = (H + L + 2 · C) / 4.
        case woodie = 3
    }

    @usableFromInline let kind: Kind
    @usableFromInline var clock: SessionClock
    @usableFromInline var session = PriceBar(open: 0, high: 0, low: 0, close: 0, volume: 0)
    @usableFromInline var levels = PivotLevels()
    @usableFromInline var sessions = 0

    /// Sessions as ``SessionClock`` has them.
    public init(
        _ kind: Kind = .classic, lengthMinutes: Int = 1440, offsetMinutes: Int = 0
    ) throws(IndicatorFailure) {
        self.kind = kind
        clock = try SessionClock(lengthMinutes: lengthMinutes, offsetMinutes: offsetMinutes)
    }

    /// Nothing until the second session; how many bars that is depends on their length.
    @inlinable
    public var warmUp: Int { 1 }

    @inlinable @inline(__always)
    public mutating func step(_ input: TimedBar) -> PivotLevels? {
        let bar = input.bar
        if clock.begins(at: input.time) {
            if sessions > 0 { levels = PivotLevels(kind, of: session) }
            sessions &+= 1
            session = bar
        } else {
            session = PriceBar(
                open: session.open, high: larger(session.high, bar.high),
                low: smaller(session.low, bar.low), close: bar.close, volume: session.volume)
        }
        return sessions > 1 ? levels : nil
    }
}

/// The levels of ``PivotPoints``.
@frozen
public struct PivotLevels: IndicatorOutput, Sendable {
    public var pivot = 0.0
    public var resistance1 = 0.0
    public var resistance2 = 0.0
    public var resistance3 = 0.0
    public var support1 = 0.0
    public var support2 = 0.0
    public var support3 = 0.0

    @inlinable
    init() {}

    @inlinable
    init(_ kind: PivotPoints.Kind, of session: PriceBar) {
        let range = session.high - session.low
        switch kind {
        case .classic, .woodie:
            pivot = kind == .classic
                ? session.typicalPrice : (session.high + session.low + 2 * session.close) / 4
            resistance1 = 2 * pivot - session.low
            support1 = 2 * pivot - session.high
            resistance2 = pivot + range
            support2 = pivot - range
            resistance3 = session.high + 2 * (pivot - session.low)
            support3 = session.low - 2 * (session.high - pivot)
        case .fibonacci:
            pivot = session.typicalPrice
            spread(around: pivot, SamplePair(0.382 * range, 0.618 * range), range)
        case .camarilla:
            pivot = session.typicalPrice
            spread(
                around: session.close, SamplePair(range * 1.1 / 12, range * 1.1 / 6),
                range * 1.1 / 4)
        }
    }

    @inlinable
    mutating func spread(around middle: Double, _ inner: SamplePair, _ outer: Double) {
        resistance1 = middle + inner.first
        resistance2 = middle + inner.second
        resistance3 = middle + outer
        support1 = middle - inner.first
        support2 = middle - inner.second
        support3 = middle - outer
    }

    public static var names: [String] {
        [
            "pivot", "resistance1", "resistance2", "resistance3", "support1", "support2",
            "support3",
        ]
    }
    public var numbers: [Double] {
        [pivot, resistance1, resistance2, resistance3, support1, support2, support3]
    }
}
