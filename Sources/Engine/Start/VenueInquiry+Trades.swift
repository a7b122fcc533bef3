import Codec
import MarketModel
import Venues

/// Trades of everybody that are over.
extension VenueInquiry {
    /// Most trades of one answer.
    static var pageLength: Int { 1_000 }

    /// The next trades of a tape behind `last`, `none` for its first, oldest first; fewer than
    /// ``pageLength`` when the venue has no more at present. Their numbers and times are as the
    /// stream's: of aggregates (weight 4) or of single trades (weight 25, and 4 for the first page).
    mutating func trades(
        _ tape: TapeStart, after last: TradeID, areAggregates: Bool
    ) throws(StartFailure) -> [Trade] {
        if areAggregates { return try aggregates(tape, after: last).map(\.trade) }
        var first = last.raw + 1
        if last == .none {
            guard let start = try aggregates(tape, after: .none, limit: 1).first else { return [] }
            first = start.first.raw
        }
        let symbol = percentEncoded(tape.instrument.symbol.text)
        let path = "/api/v3/historicalTrades?symbol=\(symbol)&fromId=\(first)"
            + "&limit=\(Self.pageLength)"
        let text = try body(path, inMicroseconds: true)
        return try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.trades(text, count, instrument: tape.instrument)
        }
    }

    /// When the venue's limits have room for the next page, on our clock; `nil`: now.
    mutating func pageIsDue(areAggregates: Bool) -> Int64? {
        roomReturns(for: areAggregates ? RequestWeight.aggregates : RequestWeight.trades)
    }

    private mutating func aggregates(
        _ tape: TapeStart, after last: TradeID, limit: Int = pageLength
    ) throws(StartFailure) -> [BinanceSpotREST.AggregateTrade] {
        let symbol = percentEncoded(tape.instrument.symbol.text)
        let place = last == .none
            ? "startTime=\(tape.start.milliseconds)" : "fromId=\(last.raw + 1)"
        let path = "/api/v3/aggTrades?symbol=\(symbol)&\(place)&limit=\(limit)"
        let text = try body(path, inMicroseconds: true)
        return try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.aggregateTrades(text, count, instrument: tape.instrument)
        }
    }
}
