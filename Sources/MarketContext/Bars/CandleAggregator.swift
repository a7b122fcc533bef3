import MarketModel

/// Builds bars of a longer timeframe from closed bars of a shorter one.
///
/// The bars are those that a ``CandleBuilder`` of the longer timeframe makes of the same trades,
/// except that a trade which was too late for its short bar is in neither. A bar closes with the
/// first short bar behind its end or with the clock. Short bars come in the order of their time;
/// one that lies before the running bar, or across a boundary, is counted in ``refusedCount``.
///
/// A bar is partial when one of its short bars is, and the first when it begins before the first
/// short bar does, unless ``assumeComplete(since:)`` says that none is missing.
@frozen
public struct CandleAggregator: BitwiseCopyable, Sendable, Codable {
    public let timeframe: Timeframe
    public private(set) var refusedCount: Int64 = 0

    private var bar: Candle
    private var isOpen = false
    /// Start of the earliest bar that may still be built, and of the earliest short bar for it.
    private var earliestOpen = Timestamp(nanoseconds: .min)
    private var earliestShort = Timestamp(nanoseconds: .min)
    /// Bars that began before are partial; `never` before the first short bar.
    private var completeSince = Timestamp.never

    @_noLocks
    public init(instrument: InstrumentIndex, timeframe: Timeframe) {
        precondition(timeframe.nominalLength > .zero, "a bar has a length")
        self.timeframe = timeframe
        bar = Candle(instrument, from: .unknown, to: .unknown)
    }

    /// The running bar as of the last closed short bar; `nil` when none has opened one.
    public var current: Candle? { @_noLocks get { isOpen ? bar : nil } }

    /// The running bar with a short bar that is still forming.
    @_noLocks
    public func current(with forming: Candle) -> Candle? {
        var next = self
        _ = next.update(forming)
        return next.current
    }

    /// All short bars from `moment` on are going to come. Ignored once there was one.
    @_noLocks
    public mutating func assumeComplete(since moment: Timestamp) {
        if completeSince == .never { completeSince = moment }
    }

    /// Takes the next closed short bar; the bar that it closes, if it does.
    @_noLocks
    public mutating func update(_ short: Candle) -> Candle? {
        if isOpen, short.openTime >= earliestShort, short.closeTime <= bar.closeTime {
            bar.add(short)
            earliestShort = short.closeTime + Nanoseconds(1)
            return nil
        }
        let start = timeframe.start(of: short.openTime)
        let last = timeframe.end(from: start) - Nanoseconds(1)
        if short.closeTime > last || start < earliestOpen || (isOpen && start <= bar.openTime) {
            refusedCount &+= 1
            return nil
        }
        let finished = isOpen ? finish() : nil
        if completeSince == .never { completeSince = short.openTime }
        isOpen = true
        earliestShort = short.closeTime + Nanoseconds(1)
        bar = short
        bar.openTime = start
        bar.closeTime = last
        bar.isClosed = false
        if start < completeSince { bar.isPartial = true }
        return finished
    }

    /// Closes the running bar if it is over at `now`.
    @_noLocks
    public mutating func close(at now: Timestamp) -> Candle? {
        if !isOpen || now <= bar.closeTime { return nil }
        return finish()
    }

    /// Read back, it goes on where it was with this.
    func isSound(_ timeframe: Timeframe) -> Bool {
        self.timeframe == timeframe && refusedCount >= 0
            && (!isOpen || timeframe.start(of: bar.openTime) == bar.openTime)
    }

    private mutating func finish() -> Candle {
        isOpen = false
        earliestOpen = bar.closeTime + Nanoseconds(1)
        bar.isClosed = true
        return bar
    }
}
