import MarketModel

/// How far one instrument's streams have been taken: what a second connection says again is known.
struct StreamPlace: BitwiseCopyable {
    private var trade: Int64 = -1
    private var top: Int64 = -1
    /// Open times of the last closed candles, whatever their length; a few lengths close at once.
    private var candles = InlineArray<16, (open: Int64, close: Int64)>(repeating: (0, 0))
    private var nextCandle = 0

    @_noLocks
    init() {}

    @_noLocks
    mutating func note(_ trade: Trade) { self.trade = trade.id.raw }

    @_noLocks
    mutating func note(_ top: TopOfBook) { self.top = top.updateID }

    @_noLocks
    mutating func note(_ candle: Candle) {
        candles[nextCandle] = (candle.openTime.nanoseconds, candle.closeTime.nanoseconds)
        nextCandle = (nextCandle &+ 1) & 15
    }

    @_noLocks
    func knows(_ trade: Trade) -> Bool { trade.id.raw <= self.trade }

    @_noLocks
    func knows(_ top: TopOfBook) -> Bool { top.updateID <= self.top }

    @_noLocks
    func knows(_ candle: Candle) -> Bool {
        var index = 0
        while index < 16 {
            let known = candles[index]
            if known.open == candle.openTime.nanoseconds,
                known.close == candle.closeTime.nanoseconds
            {
                return true
            }
            index &+= 1
        }
        return false
    }
}
