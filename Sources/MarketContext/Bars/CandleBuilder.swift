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
/// gives no bar, never an invented one. A bar closes with the first trade of a later bar or, by
/// ``close(at:)``, with the clock, whichever is first. Trades out of order within the running bar
/// belong to it, in the order of arrival. A trade for a bar that is closed is counted in
/// ``lateCount`` and changes nothing: a closed bar is final.
@frozen
public struct CandleBuilder: BitwiseCopyable, Sendable, Codable {
    public let instrument: InstrumentIndex
    public let timeframe: Timeframe
    /// Trades that came after their bar was closed.
    public private(set) var lateCount: Int64 = 0

    private var bar: Candle
    private var isOpen = false
    /// The bar was begun by somebody else and no trade of ours is in it.
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
    public var current: Candle? { @_noLocks get { isOpen ? bar : nil } }

    /// When the running bar closes by the clock; `never` while there is none.
    public var nextClose: Timestamp {
        @_noLocks get { isOpen ? bar.closeTime + Nanoseconds(1) : .never }
    }

    /// Goes on with a bar that somebody else has begun, as the venue shows it; ignored when this
    /// builder has a bar already, or when it is not one of this interval. A first trade from long
    /// before it (a recorded market under today's clock) puts it aside.
    @_noLocks
    public mutating func resume(_ forming: Candle) {
        if isOpen || forming.isClosed { return }
        if timeframe.start(of: forming.openTime) != forming.openTime { return }
        if forming.closeTime != lastMoment(from: forming.openTime) { return }
        bar = forming
        isOpen = true
        isResumed = true
    }

    /// Takes the next trade.
    @_noLocks
    public mutating func update(_ trade: Trade) -> CandleStep {
        let time = trade.time
        if isOpen, time >= bar.openTime, time <= bar.closeTime {
            isResumed = false
            bar.add(trade)
            return .extended
        }
        if isResumed, time < bar.openTime - interval { isOpen = false }
        isResumed = false
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

    private mutating func finish() -> Candle {
        isOpen = false
        earliestOpen = bar.closeTime + Nanoseconds(1)
        bar.isClosed = true
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
