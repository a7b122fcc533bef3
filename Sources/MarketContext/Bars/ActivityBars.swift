import MarketModel

/// When a bar is full that no clock closes.
@frozen
public enum BarMeasure: BitwiseCopyable, Sendable, Codable {
    /// So many trades; an aggregate counts as the trades in it.
    case trades(UInt32)
    /// So much of the base asset.
    case volume(Quantity)
    /// So much money ("dollar bars").
    case quoteVolume(Notional)
    /// High less low at most so much.
    case range(Price)
}

/// Bars that close with activity instead of time (López de Prado, "Advances in Financial Machine
/// Learning", 2.3.1): every so many trades, so much volume or money, or so wide a range.
///
/// A trade is never split: the one that fills a bar is in it, whole, and closes it. A range bar is
/// closed by the trade that would make it too wide, and that trade opens the next; a price that
/// jumps over several ranges invents no bars between. Trades count in the order of arrival. A bar
/// opens and closes at the times of its first and its latest trade.
@frozen
public struct ActivityBars: BitwiseCopyable, Sendable, Codable {
    public let measure: BarMeasure

    private var bar: Candle
    private var isOpen = false
    private var lacksTrades = false

    /// The measure's size is positive.
    public init(_ measure: BarMeasure, instrument: InstrumentIndex) throws(ContextFailure) {
        let isPositive = switch measure {
        case .trades(let count): count > 0
        case .volume(let size): size > .zero
        case .quoteVolume(let size): size > .zero
        case .range(let size): size > .zero
        }
        if !isPositive { throw .notPositive("bar size") }
        self.measure = measure
        bar = Candle(instrument, from: .unknown, to: .unknown)
    }

    /// The running bar; `nil` before the first trade and right after one that filled a bar.
    public var current: Candle? {
        @_noLocks get {
            if !isOpen { return nil }
            var bar = bar
            bar.isPartial = lacksTrades
            return bar
        }
    }

    /// Trades right before the next one are missing: the running bar, or the next, is partial.
    @_noLocks
    public mutating func markIncomplete() { lacksTrades = true }

    /// Takes the next trade; the bar that it closes, if it does.
    @_noLocks
    public mutating func update(_ trade: Trade) -> Candle? {
        if case .range(let width) = measure { return update(trade, width: width) }
        include(trade)
        let isFull = switch measure {
        case .trades(let count): bar.tradeCount >= count
        case .volume(let size): bar.volume >= size
        case .quoteVolume(let size): bar.quoteVolume >= size
        case .range: false
        }
        return isFull ? finish() : nil
    }

    private mutating func update(_ trade: Trade, width: Price) -> Candle? {
        var finished: Candle?
        if isOpen {
            let high = trade.price > bar.high ? trade.price : bar.high
            let low = trade.price < bar.low ? trade.price : bar.low
            let (range, overflow) = high.raw.subtractingReportingOverflow(low.raw)
            if overflow || range > width.raw { finished = finish() }
        }
        include(trade)
        return finished
    }

    private mutating func include(_ trade: Trade) {
        if !isOpen {
            bar = Candle(openedBy: trade, from: trade.time, to: trade.time)
            isOpen = true
        }
        bar.add(trade)
        if trade.time > bar.closeTime { bar.closeTime = trade.time }
    }

    private mutating func finish() -> Candle {
        isOpen = false
        bar.isClosed = true
        bar.isPartial = lacksTrades
        lacksTrades = false
        return bar
    }
}
