import MarketModel

/// How trades and bars become one bar. Sums stop at the largest number: outside data never traps.
extension Candle {
    /// The bar of no trade yet.
    @_noLocks
    init(_ instrument: InstrumentIndex, from openTime: Timestamp, to closeTime: Timestamp) {
        self.init(
            instrument: instrument, openTime: openTime, closeTime: closeTime, open: .zero,
            high: .zero, low: .zero, close: .zero, volume: .zero, takerBuyVolume: .zero,
            quoteVolume: .zero, tradeCount: 0, isClosed: false)
    }

    /// A bar that a trade opens, with nothing counted yet.
    @_noLocks
    init(openedBy trade: Trade, from openTime: Timestamp, to closeTime: Timestamp) {
        self.init(trade.instrument, from: openTime, to: closeTime)
        open = trade.price
        high = trade.price
        low = trade.price
        close = trade.price
    }

    /// Counts a trade of this bar.
    @_noLocks
    mutating func add(_ trade: Trade) {
        if trade.price > high { high = trade.price }
        if trade.price < low { low = trade.price }
        close = trade.price
        volume = volume.saturatingSum(trade.quantity)
        if trade.aggressor == .buy {
            takerBuyVolume = takerBuyVolume.saturatingSum(trade.quantity)
        }
        quoteVolume = quoteVolume.saturatingSum(Notional(trade.price, trade.quantity))
        let (count, overflow) = tradeCount.addingReportingOverflow(trade.count)
        tradeCount = overflow ? .max : count
    }

    /// Counts a later, shorter bar of this one.
    @_noLocks
    mutating func add(_ later: Candle) {
        if later.high > high { high = later.high }
        if later.low < low { low = later.low }
        close = later.close
        if later.isPartial { isPartial = true }
        volume = volume.saturatingSum(later.volume)
        takerBuyVolume = takerBuyVolume.saturatingSum(later.takerBuyVolume)
        quoteVolume = quoteVolume.saturatingSum(later.quoteVolume)
        let (count, overflow) = tradeCount.addingReportingOverflow(later.tradeCount)
        tradeCount = overflow ? .max : count
    }

    /// Volume sold by aggressors.
    public var takerSellVolume: Quantity {
        @_noLocks get { Quantity(raw: volume.raw &- takerBuyVolume.raw) }
    }

    /// Volume bought by aggressors less volume sold by them.
    public var delta: Quantity {
        @_noLocks get { Quantity(raw: takerBuyVolume.raw &- takerSellVolume.raw) }
    }

    /// Volume-weighted average price in raw price units; `nil` without volume.
    public var vwap: Double? {
        @_noLocks get {
            volume.raw > 0 ? quoteVolume.approximation / Double(volume.raw) : nil
        }
    }
}

extension Trade {
    /// When it happened: the venue's time, the receive time where the venue sends none.
    var time: Timestamp {
        @_noLocks get { venueTime == .unknown ? receiveTime : venueTime }
    }
}
