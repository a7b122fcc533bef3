import MarketModel

/// The running candles of every instrument and interval, and those that have just closed.
///
/// A candle closes with the first trade behind its end or when the clock has passed it, whichever
/// comes first. Days are always built; only candles with trades are given out.
struct CandleFeed: ~Copyable {
    struct Closed: BitwiseCopyable {
        var candle: Candle
        var interval: Nanoseconds
    }

    private let builders: UnsafeMutablePointer<CandleBuilder>
    private let count: Int
    private let intervalCount: Int
    /// The earliest end of a running candle.
    private(set) var nextClose = Timestamp.never

    init(instruments: [Instrument], intervals: [Nanoseconds]) {
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
    }

    deinit { builders.deallocate() }

    /// Adds a trade to its instrument's running candles. Close what has ended before it first.
    @_noLocks
    mutating func add(_ trade: Trade) {
        var slot = trade.instrument.slot &* intervalCount
        let end = slot &+ intervalCount
        while slot < end {
            builders[slot].add(trade)
            if builders[slot].end < nextClose { nextClose = builders[slot].end }
            slot &+= 1
        }
    }

    /// Takes one candle whose end `now` has reached, in the order of instrument and interval.
    @_noLocks
    mutating func takeClosed(at now: Timestamp) -> Closed? {
        if now < nextClose { return nil }
        var slot = 0
        while slot < count {
            if let candle = builders[slot].close(at: now) {
                return Closed(candle: candle, interval: builders[slot].interval)
            }
            slot &+= 1
        }
        nextClose = .never
        slot = 0
        while slot < count {
            if builders[slot].end < nextClose { nextClose = builders[slot].end }
            slot &+= 1
        }
        return nil
    }
}

/// One running candle, aligned to UTC multiples of its interval.
struct CandleBuilder: BitwiseCopyable {
    let interval: Nanoseconds
    private var candle: Candle
    private var isRunning = false

    init(instrument: InstrumentIndex, interval: Nanoseconds) {
        precondition(interval.count > 0, "an interval is positive")
        self.interval = interval
        candle = Candle(
            instrument: instrument, openTime: .unknown, closeTime: .unknown, open: .zero,
            high: .zero, low: .zero, close: .zero, volume: .zero, takerBuyVolume: .zero,
            quoteVolume: .zero, tradeCount: 0, isClosed: false)
    }

    /// First instant that no longer belongs to the running candle; never while there is none.
    var end: Timestamp {
        isRunning ? candle.closeTime + Nanoseconds(1) : .never
    }

    /// A trade older than the running candle is counted into it: it was not known before.
    @_noLocks
    mutating func add(_ trade: Trade) {
        if !isRunning {
            let time = trade.venueTime.nanoseconds
            let open = time - time % interval.count
            isRunning = true
            candle.openTime = Timestamp(nanoseconds: open)
            candle.closeTime = Timestamp(nanoseconds: open &+ (interval.count &- 1))
            candle.open = trade.price
            candle.high = trade.price
            candle.low = trade.price
            candle.volume = .zero
            candle.takerBuyVolume = .zero
            candle.quoteVolume = .zero
            candle.tradeCount = 0
        }
        if trade.price > candle.high { candle.high = trade.price }
        if trade.price < candle.low { candle.low = trade.price }
        candle.close = trade.price
        candle.volume = Quantity(raw: candle.volume.raw &+ trade.quantity.raw)
        if trade.aggressor == .buy {
            candle.takerBuyVolume = Quantity(
                raw: candle.takerBuyVolume.raw &+ trade.quantity.raw)
        }
        candle.quoteVolume += Notional(trade.price, trade.quantity)
        candle.tradeCount &+= trade.count
    }

    /// The running candle, closed, when its end is reached.
    @_noLocks
    mutating func close(at now: Timestamp) -> Candle? {
        if !isRunning || now <= candle.closeTime { return nil }
        isRunning = false
        var closed = candle
        closed.isClosed = true
        return closed
    }
}
