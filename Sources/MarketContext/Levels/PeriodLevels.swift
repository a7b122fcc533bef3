import MarketModel

/// A finished day, week or month.
@frozen
public struct PeriodLevel: BitwiseCopyable, Sendable, Equatable, Codable {
    /// High, low and close among it: PDH and PDL of a day.
    public var candle: Candle
    /// Trades of it are missing.
    public var isPartial: Bool

    @_noLocks
    init(_ candle: Candle, isPartial: Bool) {
        self.candle = candle
        self.isPartial = isPartial
    }
}

/// High, low and close of the running and of the previous day, week or month in UTC.
///
/// The previous one is the last with trades. Trades must not go back in time. Daily bars of history
/// may come before the first of them: the running period then goes on where they end.
@frozen
public struct PeriodLevels: BitwiseCopyable, Sendable, Codable {
    private var builder: CandleBuilder
    private var history: CandleAggregator
    private var hasTrades = false
    private var hasPrevious = false
    private var last: PeriodLevel

    @_noLocks
    public init(_ timeframe: Timeframe, instrument: InstrumentIndex) {
        builder = CandleBuilder(instrument: instrument, timeframe: timeframe)
        history = CandleAggregator(instrument: instrument, timeframe: timeframe)
        last = PeriodLevel(Candle(instrument, from: .unknown, to: .unknown), isPartial: true)
    }

    /// The running period; `nil` before its first trade. All trades since `complete` are known.
    @_noLocks
    public func current(complete: Timestamp) -> Candle? {
        guard var candle = builder.current else { return nil }
        candle.isPartial = candle.openTime < complete
        return candle
    }

    /// The last period that is over; `nil` while none is.
    public var previous: PeriodLevel? { @_noLocks get { hasPrevious ? last : nil } }

    /// A day of history, upwards; the last may still be forming. Ignored once there was a trade.
    @_noLocks
    public mutating func seed(_ day: Candle) {
        if hasTrades { return }
        if let candle = history.update(day) { finish(candle, candle.isPartial) }
    }

    /// Takes the next trade. All trades since `complete` are known: a period that began earlier is
    /// partial.
    @_noLocks
    public mutating func add(_ trade: Trade, complete: Timestamp) {
        if !hasTrades { leaveHistory(at: trade.time) }
        if case .closed(let candle) = builder.update(trade) {
            finish(candle, candle.openTime < complete)
        }
    }

    /// Closes the running period if it is over at `now`.
    @_noLocks
    public mutating func close(at now: Timestamp, complete: Timestamp) {
        if let candle = builder.close(at: now) { finish(candle, candle.openTime < complete) }
    }

    /// Read back, it goes on where it was.
    func isSound(_ timeframe: Timeframe, _ instrument: InstrumentIndex) -> Bool {
        builder.isSound(timeframe, instrument) && history.isSound(timeframe)
    }

    private mutating func leaveHistory(at time: Timestamp) {
        hasTrades = true
        if let candle = history.close(at: time) { finish(candle, candle.isPartial) }
        guard let running = history.current else { return }
        if time < running.openTime {
            // A recorded market under today's history.
            hasPrevious = false
        } else {
            builder.resume(running)
        }
    }

    private mutating func finish(_ candle: Candle, _ isPartial: Bool) {
        last = PeriodLevel(candle, isPartial: isPartial)
        last.candle.isPartial = isPartial
        hasPrevious = true
    }
}
