import MarketModel

/// What a market is doing.
@frozen
public enum Regime: UInt8, BitwiseCopyable, Sendable, Codable {
    /// Too few bars yet.
    case unknown
    /// Going back and forth.
    case range
    case trendUp
    case trendDown

    @inlinable @inline(__always)
    public static func == (left: Regime, right: Regime) -> Bool { left.rawValue == right.rawValue }
    @inlinable @inline(__always)
    public static func != (left: Regime, right: Regime) -> Bool { !(left == right) }
}

/// Tells trend from range by how straight the closes have moved.
///
/// The measure is Kaufman's efficiency ratio over the last `period` closed bars: the distance from
/// first to last close, over the sum of the distances from close to close; 1 is a straight line.
/// A market becomes a trend, in the direction of the distance, at `enter` or more. It is a range
/// again below `leave`, or when the distance turns round with less than `enter`: between the two it
/// stays what it was, so that it does not flicker. Exact, in whole numbers; constant time a bar.
public struct RegimeClassifier: ~Copyable {
    public let period: Int
    private let enter: Int64
    private let leave: Int64
    private let closes: UnsafeMutablePointer<Int64>
    private var head = 0
    private var count = 0
    private var path: Int128 = 0
    public private(set) var regime = Regime.unknown

    /// `period` 2...10,000 bars; `enter` above `leave`, in ten-thousandths.
    public init(
        period: Int = 48, enter: Int64 = 3_500, leave: Int64 = 2_000
    ) throws(ContextFailure) {
        if !(2...10_000).contains(period) {
            throw .outside("regime period", value: Int64(period), allowed: 2...10_000)
        }
        if !(1...10_000).contains(enter) {
            throw .outside("regime enter", value: enter, allowed: 1...10_000)
        }
        if leave < 0 || leave >= enter { throw .contradiction("leave is not below enter") }
        self.period = period
        self.enter = enter
        self.leave = leave
        closes = .allocate(capacity: period + 1)
        closes.initialize(repeating: 0, count: period + 1)
    }

    deinit { closes.deallocate() }

    /// Efficiency of the last bars in ten-thousandths; `nil` while there are too few, 0 where
    /// nothing moved.
    public var efficiency: Int64? {
        @_noLocks get {
            if count <= period { return nil }
            if path == 0 { return 0 }
            return Int64(truncatingIfNeeded: distance(newest, oldest) * 10_000 / path)
        }
    }

    /// Takes the close of the next bar; `true` when the regime is another one now.
    @_noLocks
    public mutating func update(_ close: Price) -> Bool {
        if count > 0 { path += distance(newest, close.raw) }
        if count > period {
            path -= distance(oldest, closes[place(after: oldestPlace)])
        } else {
            count &+= 1
        }
        closes[head] = close.raw
        head = place(after: head)
        guard let efficiency else { return false }
        let before = regime
        let direction = newest >= oldest ? Regime.trendUp : .trendDown
        if efficiency >= enter {
            regime = direction
        } else if efficiency < leave || before != direction {
            regime = .range
        }
        return regime != before
    }

    private var newest: Int64 { closes[head == 0 ? period : head &- 1] }
    private var oldestPlace: Int { count > period ? head : 0 }
    private var oldest: Int64 { closes[oldestPlace] }

    private func place(after place: Int) -> Int { place == period ? 0 : place &+ 1 }

    private func distance(_ first: Int64, _ second: Int64) -> Int128 {
        let distance = Int128(first) - Int128(second)
        return distance < 0 ? 0 - distance : distance
    }
}

extension RegimeClassifier {
    /// What it holds, to be saved: the closes, oldest first.
    public struct State: Codable, Sendable {
        var closes: [Int64]
        var regime: Regime
    }

    /// Allocates.
    public var state: State {
        var closes: [Int64] = []
        var place = oldestPlace
        for _ in 0..<count {
            closes.append(self.closes[place])
            place = self.place(after: place)
        }
        return State(closes: closes, regime: regime)
    }

    func accepts(_ state: State) -> Bool {
        state.closes.count <= period + 1
            && (state.closes.count > period) == (state.regime != .unknown)
    }

    /// Goes on where one of the same period was; ``ContextFailure/unsound(_:)`` when none can have
    /// been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        if !accepts(state) { throw .unsound("regime") }
        path = 0
        for (place, close) in state.closes.enumerated() {
            closes[place] = close
            if place > 0 { path += distance(closes[place - 1], close) }
        }
        count = state.closes.count
        head = count > period ? 0 : count
        regime = state.regime
    }
}
