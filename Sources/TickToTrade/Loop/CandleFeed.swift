import MarketContext
import MarketModel
import Rings

/// The running candles of every instrument and interval, and those that have just closed.
///
/// A candle closes with the first trade behind its end, or by the clock where no trade comes. The
/// clock is the venue's: our own plus the distance of the last trade's venue time from it, less a
/// grace, so that a recorded or skewed feed closes its candles where the venue would, and trades
/// still on their way are not left out.
///
/// A candle is partial when trades of it are missing: those before the first one, numbers that did
/// not come, and, until the next trade tells by its number, whatever a lost stream may have missed.
struct CandleFeed: ~Copyable {
    struct Closed: BitwiseCopyable {
        var candle: Candle
        var interval: Nanoseconds

        @_noLocks
        init(_ candle: Candle, _ interval: Nanoseconds) {
            self.candle = candle
            self.interval = interval
        }
    }

    /// How long after its end a candle waits for late trades before the clock closes it.
    private static var grace: Nanoseconds { Nanoseconds(2_000_000_000) }

    private let builders: UnsafeMutablePointer<CandleBuilder>
    private let count: Int
    private let continuities: UnsafeMutablePointer<TradeContinuity>
    private let instrumentCount: Int
    private let intervalCount: Int
    private var closed: BoundedQueue<Closed>
    /// Venue time less engine time, as of the last trade.
    private var offset = Nanoseconds(0)
    private var earliestEnd = Timestamp.never
    private let isBuilding: Bool

    /// Candles of other lengths than `intervals` come from the venue.
    init(instruments: [Instrument], intervals: [Nanoseconds]) {
        intervalCount = intervals.count
        count = instruments.count * intervals.count
        isBuilding = count > 0
        instrumentCount = instruments.count
        continuities = .allocate(capacity: Swift.max(instruments.count, 1))
        continuities.initialize(repeating: TradeContinuity(), count: Swift.max(instruments.count, 1))
        builders = .allocate(capacity: Swift.max(count, 1))
        for (slot, instrument) in instruments.enumerated() {
            for (number, interval) in intervals.enumerated() {
                (builders + (slot * intervals.count + number)).initialize(
                    to: CandleBuilder(instrument: instrument.index, interval: interval))
            }
        }
        closed = BoundedQueue(capacity: 1024)
    }

    deinit {
        builders.deallocate()
        continuities.deallocate()
    }

    /// When the clock may close a candle, on the engine's clock.
    var nextClose: Timestamp {
        @_noLocks get { engineTime(of: earliestEnd) }
    }

    /// Where the venue's clock is when ours shows `now`, less the time that trades may be late.
    @_noLocks
    func venueTime(at now: Timestamp) -> Timestamp { now + offset - Self.grace }

    /// When ``venueTime(at:)`` comes to `time`.
    @_noLocks
    func engineTime(of time: Timestamp) -> Timestamp {
        time == .never ? .never : time - offset + Self.grace
    }

    /// Adds a trade to its instrument's candles; those it ends wait to be taken. How many trades before
    /// it have not come, as far as numbers tell.
    @_noLocks
    @discardableResult
    mutating func add(_ trade: Trade, now: Timestamp) -> Int64 {
        if trade.venueTime != .unknown { offset = trade.venueTime - now }
        let missing = continuities[trade.instrument.slot].missing(before: trade.id)
        if !isBuilding { return missing }
        var slot = trade.instrument.slot &* intervalCount
        let end = slot &+ intervalCount
        if missing != 0 { markIncomplete(slot, through: trade) }
        while slot < end {
            if case .closed(let candle) = builders[slot].update(trade) {
                _ = closed.push(Closed(candle, builders[slot].interval))
            }
            if builders[slot].nextClose < earliestEnd { earliestEnd = builders[slot].nextClose }
            slot &+= 1
        }
        return missing
    }

    /// The stream was lost: trades may be missing from now on.
    @_noLocks
    mutating func doubt() {
        var slot = 0
        while slot < instrumentCount {
            continuities[slot].doubt()
            slot &+= 1
        }
    }

    private mutating func markIncomplete(_ first: Int, through trade: Trade) {
        let time = trade.venueTime == .unknown ? trade.receiveTime : trade.venueTime
        var slot = first
        while slot < first &+ intervalCount {
            builders[slot].markIncomplete(through: time)
            slot &+= 1
        }
    }

    /// The candle that trades are building; `nil` before its first trade, and for a length that is
    /// not built.
    @_noLocks
    func forming(_ instrument: InstrumentIndex, _ interval: Nanoseconds) -> Candle? {
        if !isBuilding || instrument.slot &* intervalCount >= count { return nil }
        var slot = instrument.slot &* intervalCount
        let end = slot &+ intervalCount
        while slot < end {
            if builders[slot].interval == interval {
                guard var candle = builders[slot].current else { return nil }
                if continuities[instrument.slot].isInDoubt { candle.isPartial = true }
                return candle
            }
            slot &+= 1
        }
        return nil
    }

    /// Goes on where a bar of history ends, forming or closed.
    @_noLocks
    mutating func resume(_ other: Candle) {
        if !isBuilding || other.instrument.slot &* intervalCount >= count { return }
        var slot = other.instrument.slot &* intervalCount
        let end = slot &+ intervalCount
        while slot < end {
            builders[slot].resume(other)
            if builders[slot].nextClose < earliestEnd { earliestEnd = builders[slot].nextClose }
            slot &+= 1
        }
    }

    /// Takes one closed candle: first those that trades have closed, then those whose time is up.
    @_noLocks
    mutating func takeClosed(at now: Timestamp) -> Closed? {
        if let waiting = closed.pop() { return waiting }
        if now < nextClose { return nil }
        let venueNow = venueTime(at: now)
        var slot = 0
        while slot < count {
            if var candle = builders[slot].close(at: venueNow) {
                if continuities[slot / intervalCount].isInDoubt { candle.isPartial = true }
                return Closed(candle, builders[slot].interval)
            }
            slot &+= 1
        }
        earliestEnd = .never
        slot = 0
        while slot < count {
            if builders[slot].nextClose < earliestEnd { earliestEnd = builders[slot].nextClose }
            slot &+= 1
        }
        return nil
    }
}
