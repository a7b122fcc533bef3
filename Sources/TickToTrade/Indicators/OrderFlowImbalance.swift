import MarketModel

/// Net pressure on the best levels over fixed intervals, in base units.
///
/// Cont, Kukanov, Stoikov, "The Price Impact of Order Book Events" (2014), equation (1): with each
/// change of the best levels
///
///     e = [b ≥ b′]·q_b − [b ≤ b′]·q_b′ − [a ≤ a′]·q_a + [a ≥ a′]·q_a′
///
/// (primes: before the change) is added to the interval's sum. Intervals start at multiples of
/// their length since 1970 UTC. Sums are exact integers until they are read.
@frozen
public struct OrderFlowImbalance: BitwiseCopyable, Sendable {
    private let interval: Int64
    private let scale: UnitScale
    private var bid = BookLevel(price: .zero, quantity: .zero)
    private var ask = BookLevel(price: .zero, quantity: .zero)
    private var hasPrevious = false
    private var number = Int64.min
    private var sum: Int64 = 0
    private var completed: Int64 = 0
    private var isPartial = true
    /// Whether an interval was seen from its start to its end.
    public private(set) var isReady = false

    /// `interval` must be positive; the paper uses ten seconds.
    public init(interval: Nanoseconds, scale: UnitScale) {
        precondition(interval.count > 0, "an interval has a length")
        self.interval = interval.count
        self.scale = scale
    }

    /// The imbalance of the last complete interval; NaN until ready.
    public var value: Double {
        @_noLocks get { isReady ? scale.units(Quantity(raw: completed)) : .nan }
    }

    /// The imbalance of the running interval so far.
    public var running: Double { @_noLocks get { scale.units(Quantity(raw: sum)) } }

    /// Takes the best levels after a change; a quantity of zero means an empty side.
    @_noLocks
    public mutating func update(bid newBid: BookLevel, ask newAsk: BookLevel, at time: Timestamp) {
        advance(to: time)
        if hasPrevious {
            var event: Wide = 0
            if newBid.price >= bid.price { event += Wide(newBid.quantity.raw) }
            if newBid.price <= bid.price { event -= Wide(bid.quantity.raw) }
            if newAsk.price <= ask.price { event -= Wide(newAsk.quantity.raw) }
            if newAsk.price >= ask.price { event += Wide(ask.quantity.raw) }
            // Outside data never traps: an absurd sum stops at the largest representable one.
            sum = Int64(clamping: Wide(sum) + event)
        }
        bid = newBid
        ask = newAsk
        hasPrevious = newBid.quantity.raw > 0 && newAsk.quantity.raw > 0
    }

    /// Ends intervals by the clock, so that quiet ones count as zero.
    @_noLocks
    public mutating func advance(to time: Timestamp) {
        let next = time.nanoseconds / interval
        if next <= number { return }
        if number != .min {
            let isAdjacent = next == number &+ 1
            let wasWhole = !isPartial
            completed = isAdjacent ? sum : 0
            if wasWhole || !isAdjacent { isReady = true }
            isPartial = false
        }
        number = next
        sum = 0
    }

    /// After a gap: the next levels are a new start, the difference to the old ones means nothing.
    @_noLocks
    public mutating func forgetLevels() {
        hasPrevious = false
        isPartial = true
        isReady = false
        number = .min
        sum = 0
    }

    private typealias Wide = Int128
}
