/// How fast size gathers away from the mid: slope, through the origin, of cumulative size on
/// distance in basis points, for each side, over all levels given. O(levels).
@frozen
public struct BookSlope: IndicatorFormula, Sendable {
    public init() {}

    public static var cost: UpdateCost { .levels }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ book: BookLevels) -> BookSides? {
        let mid = book.mid
        return book.withLevels { bids, asks in
            BookSides(
                bid: Self.slope(of: bids, count: book.bidCount, mid),
                ask: Self.slope(of: asks, count: book.askCount, mid))
        }
    }

    /// Out of line: what is around it does not decide how the loop is compiled.
    @inlinable @inline(never)
    static func slope(
        of levels: UnsafePointer<SamplePair>, count: Int, _ mid: Double
    ) -> Double {
        var size = 0.0
        var products = 0.0
        var squares = 0.0
        for place in 0..<count {
            let level = levels[place]
            let distance = (level.first - mid).magnitude / mid * 10_000
            size += level.second
            products += distance * size
            squares += distance * distance
        }
        return squares > 0 ? products / squares : 0
    }
}

/// Size within a distance of the mid, on each side. O(levels).
@frozen
public struct DepthAtDistance: IndicatorFormula, Sendable {
    @usableFromInline let reach: Double

    /// `basisPoints` of the mid 0.01...10,000.
    public init(basisPoints: Double = 10) throws(IndicatorFailure) {
        reach = try basisPoints.checked("basisPoints", in: 0.01...10_000) / 10_000
    }

    public static var cost: UpdateCost { .levels }

    @inlinable
    public var warmUp: Int { 0 }

    @inlinable @inline(__always)
    public mutating func step(_ book: BookLevels) -> BookSides? {
        let mid = book.mid
        let limit = reach * mid
        return book.withLevels { bids, asks in
            var sides = BookSides(bid: 0, ask: 0)
            for place in 0..<book.bidCount where mid - bids[place].first <= limit {
                sides.bid += bids[place].second
            }
            for place in 0..<book.askCount where asks[place].first - mid <= limit {
                sides.ask += asks[place].second
            }
            return sides
        }
    }
}

/// A number for each side of the book.
@frozen
public struct BookSides: IndicatorOutput, Sendable {
    public var bid: Double
    public var ask: Double

    @inlinable @inline(__always)
    public init(bid: Double, ask: Double) {
        self.bid = bid
        self.ask = ask
    }

    public static var names: [String] { ["bid", "ask"] }
    public var numbers: [Double] { [bid, ask] }
}
