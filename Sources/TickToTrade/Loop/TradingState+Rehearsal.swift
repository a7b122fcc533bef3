import MarketModel

/// For lanes with nothing to do: what can be known of the next order, and a decision without a trace.
extension TradingState {
    /// The numbers of the next request and of the next order, if it is an order and finds its place
    /// free.
    public var nextNumbers: (request: UInt64, order: ClientOrderID) {
        @_noLocks get {
            let order = ClientOrderID(
                epoch: configuration.epoch, lane: configuration.lane, sequence: nextSequence)
            return (nextRequestID, order)
        }
    }

    /// Checks an order at the present price, of the first strategy, and makes the request it would
    /// be; neither is kept, counted, announced or reserved for. The request's number and client id
    /// are nobody's.
    @_noLocks
    public mutating func rehearse(_ instrument: InstrumentIndex, now: Timestamp) -> OrderRequest {
        let quote = markets[instrument.slot].quote()
        let rules = risk.rules + instrument.slot
        let intent = OrderIntent(
            instrument: instrument, side: .buy, type: .limit, timeInForce: .ioc,
            price: quote.ask.price, quantity: rules.pointee.minQuantity, hasProtection: true)
        _ = violations(of: intent, for: StrategyIndex(0), now: now)
        orders.prepare(nextSequence)
        return OrderRequest(
            kind: .place, requestID: 0, clientOrderID: .none, instrument: instrument,
            strategy: StrategyIndex(0), side: .buy, type: .limit, timeInForce: .ioc,
            price: draft.pointee.price, quantity: draft.pointee.quantity, decisionTime: now)
    }
}
