import MarketModel

/// A level of an earlier session that the price has not come back to.
@frozen
public struct NakedLevel: BitwiseCopyable, Sendable, Equatable, Codable {
    /// Its bin's lowest price.
    public var low: Price
    /// When its session began.
    public var session: Timestamp
    /// Trades of its session are missing, so that it may lie elsewhere, or trades since, which may
    /// have touched it.
    public var isPartial: Bool

    @_noLocks
    init(low: Price, session: Timestamp, isPartial: Bool) {
        self.low = low
        self.session = session
        self.isPartial = isPartial
    }
}

/// Points of control of earlier sessions until the price touches or crosses their bin.
///
/// Kept in the order of price beside the place of the last trade, so a trade looks only at the
/// next one above and below: constant time, plus one step for each level that it ends. The newest
/// 64 are kept.
@frozen
public struct NakedLevels: BitwiseCopyable, Sendable {
    public static var capacity: Int { 64 }

    public let binSize: Price
    /// Levels that were dropped for newer ones while still naked.
    public private(set) var droppedCount: Int64 = 0
    /// Levels that have been touched.
    public private(set) var touchedCount: Int64 = 0
    /// How many there are.
    public private(set) var count = 0

    private var levels: InlineArray<64, NakedLevel>
    /// How many lie below the last trade.
    private var below = 0
    private var lastBin: Int64 = 0

    /// `binSize` as that of the profiles that the levels come from, positive.
    @_noLocks
    public init(binSize: Price) {
        precondition(binSize > .zero, "a bin has a size")
        self.binSize = binSize
        levels = InlineArray(
            repeating: NakedLevel(low: .zero, session: .unknown, isPartial: true))
    }

    /// Level `index` from the lowest, 0..<``count``.
    @_noLocks
    public func level(_ index: Int) -> NakedLevel {
        precondition(index >= 0 && index < count, "a level that is there")
        return levels[index]
    }

    /// The nearest below the last trade's bin.
    public var nearestBelow: NakedLevel? { @_noLocks get { below > 0 ? levels[below &- 1] : nil } }
    /// The nearest above the last trade's bin.
    public var nearestAbove: NakedLevel? { @_noLocks get { below < count ? levels[below] : nil } }

    /// The price has moved here, from where it was.
    @_noLocks
    public mutating func move(to price: Price) {
        if price <= .zero { return }
        lastBin = price.raw / binSize.raw
        while below < count, levels[below].low.raw / binSize.raw <= lastBin { touch(below) }
        while below > 0, levels[below &- 1].low.raw / binSize.raw >= lastBin {
            below &-= 1
            touch(below)
        }
    }

    /// A session is over; `low` is its point of control. Where the price stands already it is
    /// touched at once.
    @_noLocks
    public mutating func add(low: Price, session: Timestamp, isPartial: Bool = false) {
        let bin = low.raw / binSize.raw
        if bin == lastBin {
            touchedCount &+= 1
            return
        }
        if count == Self.capacity { dropOldest() }
        var place = count
        while place > 0, levels[place &- 1].low > low {
            levels[place] = levels[place &- 1]
            place &-= 1
        }
        levels[place] = NakedLevel(low: low, session: session, isPartial: isPartial)
        count &+= 1
        if bin < lastBin { below &+= 1 }
    }

    /// Trades are missing, which may have touched any of them.
    @_noLocks
    public mutating func markPartial() {
        var index = 0
        while index < count {
            levels[index].isPartial = true
            index &+= 1
        }
    }

    private mutating func touch(_ index: Int) {
        touchedCount &+= 1
        remove(index)
    }

    private mutating func dropOldest() {
        var oldest = 0
        var index = 1
        while index < count {
            if levels[index].session < levels[oldest].session { oldest = index }
            index &+= 1
        }
        if oldest < below { below &-= 1 }
        droppedCount &+= 1
        remove(oldest)
    }

    private mutating func remove(_ index: Int) {
        var place = index &+ 1
        while place < count {
            levels[place &- 1] = levels[place]
            place &+= 1
        }
        count &-= 1
    }
}

extension NakedLevels {
    /// What it holds, to be saved: the levels upwards, and where the price is.
    public struct State: Codable, Sendable {
        var levels: [NakedLevel]
        var lastBin: Int64
        var droppedCount: Int64
        var touchedCount: Int64
    }

    /// Allocates.
    public var state: State {
        State(
            levels: (0..<count).map { [levels] in levels[$0] }, lastBin: lastBin, droppedCount: droppedCount,
            touchedCount: touchedCount)
    }

    /// Goes on where one with the same bins was; ``ContextFailure/unsound(_:)`` when none can have
    /// been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        let lows = state.levels.map(\.low)
        let isSound =
            lows.count <= Self.capacity && state.lastBin >= 0
            && state.droppedCount >= 0 && state.touchedCount >= 0
            && lows.allSatisfy { $0 >= .zero && $0.raw / binSize.raw != state.lastBin }
            && zip(lows, lows.dropFirst()).allSatisfy { $0 <= $1 }
        if !isSound { throw .unsound("naked levels") }
        for (place, level) in state.levels.enumerated() { levels[place] = level }
        count = lows.count
        lastBin = state.lastBin
        below = lows.count { $0.raw / binSize.raw < state.lastBin }
        droppedCount = state.droppedCount
        touchedCount = state.touchedCount
    }
}
