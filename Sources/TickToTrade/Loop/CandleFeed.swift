import MarketContext
import MarketModel
import Rings

/// The running candles of every instrument and interval, and those that have just closed.
///
/// A candle closes with the first trade behind its end, or by the clock where no trade comes. The
/// clock is the venue's: our own plus the distance of the last trade's venue time from it, less a
/// grace, so that a recorded or skewed feed closes its candles where the venue would, and trades
/// still on their way are not left out.
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
    private let intervalCount: Int
    private var closed: BoundedQueue<Closed>
    /// Venue time less engine time, as of the last trade.
    private var offset = Nanoseconds(0)
    private var earliestEnd = Timestamp.never
    private let isBuilding: Bool

    /// With `isBuilding` false trades make no candles: they come from the venue.
    init(instruments: [Instrument], intervals: [Nanoseconds], isBuilding: Bool = true) {
        self.isBuilding = isBuilding
        let all = intervals.filter { $0 != .day } + [.day]
        intervalCount = all.count
        count = instruments.count * all.count
        builders = .allocate(capacity: count)
        for (slot, instrument) in instruments.enumerated() {
            for (number, interval) in all.enumerated() {
                (builders + (slot * all.count + number)).initialize(
                    to: CandleBuilder(instrument: instrument.index, interval: interval))
            }
        }
        closed = BoundedQueue(capacity: 1024)
    }

    deinit { builders.deallocate() }

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

    /// Adds a trade to its instrument's candles; those it ends wait to be taken.
    @_noLocks
    mutating func add(_ trade: Trade, now: Timestamp) {
        if trade.venueTime != .unknown { offset = trade.venueTime - now }
        if !isBuilding { return }
        var slot = trade.instrument.slot &* intervalCount
        let end = slot &+ intervalCount
        while slot < end {
            if case .closed(let candle) = builders[slot].update(trade) {
                _ = closed.push(Closed(candle, builders[slot].interval))
            }
            if builders[slot].nextClose < earliestEnd { earliestEnd = builders[slot].nextClose }
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
            if builders[slot].interval == interval { return builders[slot].current }
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
            if let candle = builders[slot].close(at: venueNow) {
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
