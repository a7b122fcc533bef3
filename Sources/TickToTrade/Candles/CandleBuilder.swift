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

/// Builds the bars of one instrument and one interval from its trades.
///
/// Bars start at multiples of the interval since 1970 UTC, so a day is a UTC day. A trade's venue
/// time decides its bar (receive time where the venue sends none). Only bars with trades exist: an
/// interval without a trade gives no bar, never an invented one. A bar closes with the first trade
/// of a later bar or, by ``close(at:)``, with the clock, whichever is first. A trade for a bar that
/// is closed is counted in ``lateCount`` and changes nothing: a closed bar is final.
@frozen
public struct CandleBuilder: BitwiseCopyable, Sendable {
    public let instrument: InstrumentIndex
    public let interval: Nanoseconds
    /// Trades that came after their bar was closed.
    public private(set) var lateCount: Int64 = 0

    private var bar: Candle
    private var isOpen = false
    /// The bar was begun by somebody else and no trade of ours is in it.
    private var isResumed = false
    /// Start of the earliest bar that may still be built.
    private var earliestOpen = Timestamp(nanoseconds: .min)

    /// `interval` from one second to one day, dividing a day without rest.
    public init(instrument: InstrumentIndex, interval: Nanoseconds) {
        precondition(
            interval >= .seconds(1) && interval <= .day
                && Nanoseconds.day.count % interval.count == 0,
            "a bar is one second to one day long and divides a day")
        self.instrument = instrument
        self.interval = interval
        bar = Candle(
            instrument: instrument, openTime: .unknown, closeTime: .unknown, open: .zero,
            high: .zero, low: .zero, close: .zero, volume: .zero, takerBuyVolume: .zero,
            quoteVolume: .zero, tradeCount: 0, isClosed: false)
    }

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
        let length = forming.closeTime - forming.openTime + Nanoseconds(1)
        if isOpen || forming.isClosed || length != interval { return }
        if openTime(of: forming.openTime) != forming.openTime { return }
        bar = forming
        isOpen = true
        isResumed = true
    }

    /// Takes the next trade.
    @_noLocks
    public mutating func update(_ trade: Trade) -> CandleStep {
        let time = trade.venueTime == .unknown ? trade.receiveTime : trade.venueTime
        if isOpen, time >= bar.openTime, time <= bar.closeTime {
            isResumed = false
            extend(trade)
            return .extended
        }
        if isResumed, time < bar.openTime - interval { isOpen = false }
        isResumed = false
        let start = openTime(of: time)
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

    private mutating func finish() -> Candle {
        isOpen = false
        earliestOpen = bar.closeTime + Nanoseconds(1)
        bar.isClosed = true
        return bar
    }

    private mutating func begin(_ trade: Trade, at start: Timestamp) {
        isOpen = true
        bar = Candle(
            instrument: instrument, openTime: start,
            closeTime: start + Nanoseconds(interval.count &- 1), open: trade.price,
            high: trade.price, low: trade.price, close: trade.price, volume: .zero,
            takerBuyVolume: .zero, quoteVolume: .zero, tradeCount: 0, isClosed: false)
        extend(trade)
    }

    private mutating func extend(_ trade: Trade) {
        if trade.price > bar.high { bar.high = trade.price }
        if trade.price < bar.low { bar.low = trade.price }
        bar.close = trade.price
        bar.volume = Self.sum(bar.volume, trade.quantity)
        if trade.aggressor == .buy {
            bar.takerBuyVolume = Self.sum(bar.takerBuyVolume, trade.quantity)
        }
        let money = bar.quoteVolume.raw.addingReportingOverflow(
            Notional(trade.price, trade.quantity).raw)
        bar.quoteVolume = Notional(raw: money.overflow ? .max : money.partialValue)
        let (count, overflow) = bar.tradeCount.addingReportingOverflow(trade.count)
        bar.tradeCount = overflow ? .max : count
    }

    /// Outside data never traps: a volume stops at the largest representable one.
    private static func sum(_ first: Quantity, _ second: Quantity) -> Quantity {
        let (raw, overflow) = first.raw.addingReportingOverflow(second.raw)
        return Quantity(raw: overflow ? .max : raw)
    }

    /// The multiple of the interval at or before `time`; also before 1970.
    private func openTime(of time: Timestamp) -> Timestamp {
        let rest = time.nanoseconds % interval.count
        let start = time.nanoseconds &- (rest < 0 ? rest &+ interval.count : rest)
        return Timestamp(nanoseconds: start)
    }
}
