import MarketModel

/// Shared indicators take the candles that strategies are told of.
extension TradingState {
    /// A closed candle of the venue's own; flat ones without trades show that none is missing.
    @_noLocks
    public mutating func apply(_ candle: Candle, interval: Nanoseconds) {
        contexts.seed(candle)
        indicators.take(fromVenue: candle, interval)
    }

    /// What a shared indicator says after the newest closed candle.
    @_noLocks
    func indicator(
        _ number: Int, of instrument: InstrumentIndex, for strategy: StrategyIndex
    ) -> IndicatorReading? {
        indicators.reading(number, of: instrument, for: strategy)
    }

    /// What it would say if the candle that trades are building closed as it is.
    @_noLocks
    mutating func formingIndicator(
        _ number: Int, of instrument: InstrumentIndex, for strategy: StrategyIndex
    ) -> IndicatorReading? {
        indicators.peek(number, of: instrument, for: strategy, candles)
    }
}
