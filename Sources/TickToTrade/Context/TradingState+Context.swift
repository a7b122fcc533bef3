import MarketContext
import MarketModel

/// Market contexts see the trades that strategies see.
extension TradingState {
    @_noLocks
    func context(
        of instrument: InstrumentIndex, for strategy: StrategyIndex
    ) -> UnsafePointer<InstrumentContext>? {
        contexts.context(of: instrument, for: strategy)
    }

    /// A bar that the venue has built, closed or forming: contexts begin where history ends.
    @_noLocks
    public mutating func seedContexts(_ candle: Candle) { contexts.seed(candle) }

    /// A piece of the trades that contexts have asked for.
    @_noLocks
    public mutating func apply(_ piece: HistoricTrade) {
        contexts.add(piece)
        tellContextEvents()
    }

    /// The trades that the contexts of an instrument lack.
    package func historyRequest(of instrument: InstrumentIndex) -> TradeHistoryRequest {
        contexts.request(of: instrument)
    }

    /// The context that a strategy looks at, to compare.
    package func marketContext(
        of instrument: InstrumentIndex, for strategy: StrategyIndex
    ) -> UnsafePointer<InstrumentContext>? {
        contexts.context(of: instrument, for: strategy)
    }

    /// Whether trades are asked for afterwards.
    public var gathersHistory: Bool { @_noLocks get { contexts.gathersHistory } }

    /// Lets the contexts' clock go on to where the venue's is.
    @_noLocks
    mutating func advanceContexts(to now: Timestamp) {
        if contexts.nextChange == .never { return }
        contexts.advance(to: candles.venueTime(at: now))
        tellContextEvents()
    }

    @_noLocks
    mutating func tellContextEvents() {
        var place = 0
        while let event = contexts.takeEvent(at: &place) {
            let instrument = contexts.instrument(at: place)
            var slot = 0
            while slot < strategyCount {
                if contexts.isSeen(place, by: slot), listens(slot, to: instrument) {
                    notify(
                        StrategyIndex(UInt16(truncatingIfNeeded: slot)),
                        .context(event, instrument))
                }
                slot &+= 1
            }
        }
    }
}
