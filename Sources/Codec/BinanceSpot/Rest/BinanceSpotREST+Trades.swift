import MarketModel

/// Trades of everybody that are over (binance-spot.md, section 6).
extension BinanceSpotREST {
    /// One row of `GET /api/v3/aggTrades`.
    public struct AggregateTrade: Sendable {
        public var trade: Trade
        /// The first of the trades that it holds.
        public var first: TradeID
    }

    /// `GET /api/v3/aggTrades`: oldest first.
    public static func aggregateTrades(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, instrument: Instrument
    ) throws(DecodeFailure) -> [AggregateTrade] {
        var trades: [AggregateTrade] = []
        var scanner = JSONScanner(bytes, count)
        try scanner.enterArray()
        while try scanner.nextElement() {
            let fields = try FrameFields(&scanner)
            let first = try fields["f"].count64()
            let last = try fields["l"].count64()
            guard let covered = BinanceSpotMarketDecoder.tradeCount(first: first, last: last) else {
                throw .invalidNumber
            }
            trades.append(
                AggregateTrade(
                    trade: Trade(
                        instrument: instrument.index, id: TradeID(try fields["a"].count64()),
                        price: Price(
                            raw: try fields["p"].magnitude(scale: Int(instrument.priceScale))),
                        quantity: Quantity(
                            raw: try fields["q"].magnitude(scale: Int(instrument.quantityScale))),
                        aggressor: BinanceSpotMarketDecoder.aggressor(
                            isBuyerMaker: try fields["m"].boolean()),
                        venueTime: try VenueTime.required(fields["T"]), receiveTime: .unknown,
                        count: covered, isAggregate: true),
                    first: TradeID(first)))
        }
        try scanner.finish()
        return trades
    }

    /// `GET /api/v3/historicalTrades`: oldest first.
    public static func trades(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, instrument: Instrument
    ) throws(DecodeFailure) -> [Trade] {
        var trades: [Trade] = []
        var scanner = JSONScanner(bytes, count)
        try scanner.enterArray()
        while try scanner.nextElement() {
            let row = try scanner.value()
            trades.append(
                Trade(
                    instrument: instrument.index, id: TradeID(try row.member("id").count64()),
                    price: Price(
                        raw: try row.member("price").magnitude(scale: Int(instrument.priceScale))),
                    quantity: Quantity(
                        raw: try row.member("qty").magnitude(scale: Int(instrument.quantityScale))),
                    aggressor: BinanceSpotMarketDecoder.aggressor(
                        isBuyerMaker: try row.member("isBuyerMaker").boolean()),
                    venueTime: try VenueTime.required(try row.member("time")), receiveTime: .unknown))
        }
        try scanner.finish()
        return trades
    }
}
