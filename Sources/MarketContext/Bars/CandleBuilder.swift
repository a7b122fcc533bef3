import MarketModel

/// What one trade did to the running bar.
@frozen
public enum CandleStep: BitwiseCopyable, Sendable, Equatable {
    /// The trade is in the running bar.
    case extended
    /// The bar before it is complete; the trade opened the next one.
    case closed(Candle)
    /// The trade belongs to a bar that is closed already; it is counted and left out.
    case late
}

/// Builds the bars of one instrument and one timeframe from its trades.
///
/// Bars begin where the timeframe does, on the UTC clock. A trade's venue time decides its bar
/// (receive time where the venue sends none). Only bars with trades exist: a span without a trade
/// gives no bar, never an invented one, and bars without trades that somebody else has made are
/// left out, so that bars of history and of live trades are one series.
///
/// A bar closes with the first trade of a later bar or, by
/// ``close(at:)``, with the clock, whichever is first. Trades out of order within the running bar
/// belong to it, in the order of arrival. A trade for a bar that is closed is counted in
/// ``lateCount`` and changes nothing: a closed bar is final.
///
/// A bar that began before the first trade is partial (BUG-166), also one that somebody else began,
/// unless ``assumeComplete(since:)`` says that all trades since some moment will come; so is one
/// that trades are missing of (``markIncomplete(through:)``).
@frozen
public struct CandleBuilder: BitwiseCopyable, Sendable, Codable {
    public let instrument: InstrumentIndex
    public let timeframe: Timeframe
    /// Trades that came after their bar was closed.
    public private(set) var lateCount: Int64 = 0
    /// Bars that began before this moment are partial; `never` before the first trade.
    public private(set) var completeSince = Timestamp.never

    private var bar: Candle
    private var isOpen = false
    /// It goes on behind somebody else's bars, and no trade of ours has come.
    private var isResumed = false
    /// Start of the earliest bar that may still be built.
    private var earliestOpen = Timestamp(nanoseconds: .min)

    @_noLocks
    public init(instrument: InstrumentIndex, timeframe: Timeframe) {
        precondition(timeframe.nominalLength > .zero, "a bar has a length")
        self.instrument = instrument
        self.timeframe = timeframe
        bar = Candle(instrument, from: .unknown, to: .unknown)
    }

    /// Bars at multiples of `interval` since 1970 UTC.
    @_noLocks
    public init(instrument: InstrumentIndex, interval: Nanoseconds) {
        self.init(instrument: instrument, timeframe: .every(interval))
    }

    /// The length of its bars; 30 days for months.
    public var interval: Nanoseconds { @_noLocks get { timeframe.nominalLength } }

    /// The running bar, `nil` when no trade has opened one.
    public var current: Candle? { @_noLocks get { isOpen ? marked() : nil } }

    /// When the running bar closes by the clock; `never` while there is none.
    public var nextClose: Timestamp {
        @_noLocks get { isOpen ? bar.closeTime + Nanoseconds(1) : .never }
    }

    /// Goes on where somebody else's bars end, which come upwards: with one that is forming, or
    /// behind one that is closed, whose trades are late from then on. Ignored when this builder has
    /// a bar already, and when it is not one of this interval, is known, or has no trades. A first
    /// trade from long before it (a recorded market under today's clock) puts it aside.
    @_noLocks
    public mutating func resume(_ other: Candle) {
        if isOpen || other.tradeCount == 0 || other.openTime < earliestOpen { return }
        if timeframe.start(of: other.openTime) != other.openTime { return }
        if other.closeTime != lastMoment(from: other.openTime) { return }
        isResumed = true
        if other.isClosed {
            earliestOpen = other.closeTime + Nanoseconds(1)
        } else {
            bar = other
            isOpen = true
        }
    }

    /// All trades from `moment` on are going to come. Ignored once there was one.
    @_noLocks
    public mutating func assumeComplete(since moment: Timestamp) {
        if completeSince == .never { completeSince = moment }
    }

    /// Trades up to `time` are missing: bars that began until then are partial.
    @_noLocks
    public mutating func markIncomplete(through time: Timestamp) {
        let next = time + Nanoseconds(1)
        if completeSince == .never || next > completeSince { completeSince = next }
    }

    /// Takes the next trade.
    @_noLocks
    public mutating func update(_ trade: Trade) -> CandleStep {
        let time = trade.time
        if isOpen, time >= bar.openTime, time <= bar.closeTime {
            if isResumed {
                isResumed = false
                if completeSince == .never { markIncomplete(through: time) }
            }
            bar.add(trade)
            return .extended
        }
        if completeSince == .never { markIncomplete(through: time) }
        if isResumed { putAside(ifLongAfter: time) }
        let start = timeframe.start(of: time)
        if start < earliestOpen || (isOpen && start < bar.openTime) {
            lateCount &+= 1
            return .late
        }
        let finished = isOpen ? finish() : nil
        begin(trade, at: start)
        guard let finished else { return .extended }
        return .closed(finished)
    }

    /// Closes the running bar if it is over at `now`; later trades for it are late.
    ///
    /// Call it with a `now` as far behind the clock as trades may be late.
    @_noLocks
    public mutating func close(at now: Timestamp) -> Candle? {
        if !isOpen || now <= bar.closeTime { return nil }
        return finish()
    }

    /// Read back, it goes on where it was with these.
    func isSound(_ timeframe: Timeframe, _ instrument: InstrumentIndex) -> Bool {
        if self.timeframe != timeframe || self.instrument != instrument || lateCount < 0 {
            return false
        }
        return !isOpen
            || (timeframe.start(of: bar.openTime) == bar.openTime
                && bar.closeTime == lastMoment(from: bar.openTime)
                && bar.instrument == instrument)
    }

    private mutating func putAside(ifLongAfter time: Timestamp) {
        isResumed = false
        let newest = isOpen ? bar.openTime : earliestOpen - interval
        if time >= newest - interval { return }
        isOpen = false
        earliestOpen = Timestamp(nanoseconds: .min)
    }

    private mutating func finish() -> Candle {
        isOpen = false
        earliestOpen = bar.closeTime + Nanoseconds(1)
        bar.isClosed = true
        return marked()
    }

    private func marked() -> Candle {
        var bar = bar
        if bar.openTime < completeSince { bar.isPartial = true }
        return bar
    }

    private mutating func begin(_ trade: Trade, at start: Timestamp) {
        isOpen = true
        bar = Candle(openedBy: trade, from: start, to: lastMoment(from: start))
        bar.instrument = instrument
        bar.add(trade)
    }

    private func lastMoment(from start: Timestamp) -> Timestamp {
        timeframe.end(from: start) - Nanoseconds(1)
    }
}
