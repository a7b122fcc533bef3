import MarketModel

/// The bricks that one trade has completed: all in one direction, one beside the other.
@frozen
public struct BrickRun: BitwiseCopyable, Sendable, Equatable {
    /// At least 1.
    public let count: Int64
    let first: Candle
    /// Open to close of each: negative downwards.
    let step: Int64

    /// Brick `number`, 0..<``count``. The first has all volume since the brick before; the others,
    /// which the price jumped over, have none.
    public func brick(_ number: Int64) -> Candle {
        precondition(number >= 0 && number < count, "a brick of the run")
        var brick = first
        if number > 0 {
            brick.openTime = brick.closeTime
            brick.volume = .zero
            brick.takerBuyVolume = .zero
            brick.quoteVolume = .zero
            brick.tradeCount = 0
        }
        brick.open = Price(raw: first.open.raw &+ step &* number)
        brick.close = Price(raw: brick.open.raw &+ step)
        brick.high = step > 0 ? brick.close : brick.open
        brick.low = step > 0 ? brick.open : brick.close
        return brick
    }
}

/// Renko bars: bricks of one height on a grid of its multiples, up or down with the price.
///
/// A brick is complete when the price reaches its far end; to turn, the price must go one brick
/// beyond the near end of the last one. A jump completes several at once, in constant time. The
/// grid begins with the first trade's price rounded down to it.
@frozen
public struct RenkoBars: BitwiseCopyable, Sendable, Codable {
    public var height: Price { brick.height }
    private let brick: BrickHeight

    /// Volume since the last brick.
    private var bar: Candle
    private var isOpen = false
    private var hasGrid = false
    private var lacksTrades = false
    /// The ends of the last brick; equal before the first.
    private var upper: Int64 = 0
    private var lower: Int64 = 0

    /// `height` is positive.
    public init(height: Price, instrument: InstrumentIndex) throws(ContextFailure) {
        brick = try BrickHeight(height)
        bar = Candle(instrument, from: .unknown, to: .unknown)
    }

    /// What trades have done since the last brick; `nil` when there was none.
    public var current: Candle? {
        @_noLocks get {
            if !isOpen { return nil }
            var bar = bar
            bar.isPartial = lacksTrades
            return bar
        }
    }

    /// Trades right before the next one are missing: the next bricks are partial.
    @_noLocks
    public mutating func markIncomplete() { lacksTrades = true }

    /// Takes the next trade; the bricks that it completes. One without a positive price, or too
    /// high to have bricks above it, is left out.
    @_noLocks
    public mutating func update(_ trade: Trade) -> BrickRun? {
        let price = trade.price.raw
        if price <= 0 || price > .max / 4 || height.raw > .max / 4 { return nil }
        if !hasGrid {
            hasGrid = true
            lower = price &- price % height.raw
            upper = lower
        }
        if !isOpen {
            bar = Candle(openedBy: trade, from: trade.time, to: trade.time)
            isOpen = true
        }
        bar.add(trade)
        if trade.time > bar.closeTime { bar.closeTime = trade.time }
        if price >= upper &+ height.raw {
            return run((price &- upper) / height.raw, from: upper, step: height.raw)
        }
        if price <= lower &- height.raw {
            return run((lower &- price) / height.raw, from: lower, step: 0 &- height.raw)
        }
        return nil
    }

    private mutating func run(_ count: Int64, from start: Int64, step: Int64) -> BrickRun {
        let end = start &+ step &* count
        upper = step > 0 ? end : end &- step
        lower = step > 0 ? end &- step : end
        var first = bar
        first.open = Price(raw: start)
        first.close = Price(raw: start &+ step)
        first.high = step > 0 ? first.close : first.open
        first.low = step > 0 ? first.open : first.close
        first.isClosed = true
        first.isPartial = lacksTrades
        lacksTrades = false
        isOpen = false
        return BrickRun(count: count, first: first, step: step)
    }
}
