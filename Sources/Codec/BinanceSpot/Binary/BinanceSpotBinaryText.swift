import MarketModel

/// Binary market messages in words: the combined JSON frames that would have told the same.
///
/// Cold: recorded messages become captures, which are text.
public enum BinanceSpotBinaryText {
    /// The frames of a message: one, or one for each trade of several. None for a message that
    /// means nothing to this engine; throws for one that cannot be read. Times in microseconds.
    public static func frames(
        of bytes: UnsafeRawBufferPointer
    ) throws(DecodeFailure) -> [String] {
        guard let base = bytes.baseAddress else { throw .truncated }
        let message = try BinaryMessage(
            base, bytes.count, schema: BinanceSpotBinaryMarketDecoder.schema)
        switch BinanceSpotBinaryMarketDecoder.Template(rawValue: message.template) {
        case .tradesStreamEvent: return try trades(message)
        case .bestBidAskStreamEvent: return [try top(message)]
        case .depthDiffStreamEvent: return [try diff(message)]
        case .depthSnapshotStreamEvent: return [try snapshot(message)]
        case nil: return []
        }
    }

    private typealias Market = BinanceSpotBinaryMarketDecoder

    private static func trades(_ message: BinaryMessage) throws(DecodeFailure) -> [String] {
        let fields = message.fields
        var rest = message.rest
        let group = try rest.group32()
        var rows = BinaryRows(group, rest)
        _ = try rest.entries(group, of: TradeCursor.rowLength)
        let symbol = try name(&rest)
        let price = try fields.int8(Market.Trades.priceExponent.rawValue)
        let quantity = try fields.int8(Market.Trades.qtyExponent.rawValue)
        let event = try fields.int64(Market.DepthDiff.eventTime.rawValue)
        let time = try fields.int64(Market.Trades.transactTime.rawValue)
        var frames: [String] = []
        while let row = try rows.next() {
            frames.append(
                frame(
                    symbol, "trade",
                    #"{"e":"trade","E":\#(event),"s":"\#(symbol)","#
                        + #""t":\#(try row.int64(TradeCursor.Row.id.rawValue)),"#
                        + #""p":"\#(try decimal(row, TradeCursor.Row.price.rawValue, price))","#
                        + #""q":"\#(try decimal(row, TradeCursor.Row.qty.rawValue, quantity))","#
                        + #""T":\#(time),"#
                        + #""m":\#(try row.boolean(TradeCursor.Row.isBuyerMaker.rawValue)),"#
                        + #""M":true}"#))
        }
        return frames
    }

    private static func top(_ message: BinaryMessage) throws(DecodeFailure) -> String {
        let fields = message.fields
        var rest = message.rest
        let symbol = try name(&rest)
        let price = try fields.int8(Market.BestBidAsk.priceExponent.rawValue)
        let quantity = try fields.int8(Market.BestBidAsk.qtyExponent.rawValue)
        return frame(
            symbol, "bookTicker",
            #"{"u":\#(try fields.int64(Market.BestBidAsk.bookUpdateId.rawValue)),"#
                + #""s":"\#(symbol)","#
                + #""b":"\#(try decimal(fields, Market.BestBidAsk.bidPrice.rawValue, price))","#
                + #""B":"\#(try decimal(fields, Market.BestBidAsk.bidQty.rawValue, quantity))","#
                + #""a":"\#(try decimal(fields, Market.BestBidAsk.askPrice.rawValue, price))","#
                + #""A":"\#(try decimal(fields, Market.BestBidAsk.askQty.rawValue, quantity))"}"#)
    }

    private static func diff(_ message: BinaryMessage) throws(DecodeFailure) -> String {
        let fields = message.fields
        var rest = message.rest
        let price = try fields.int8(Market.DepthDiff.priceExponent.rawValue)
        let quantity = try fields.int8(Market.DepthDiff.qtyExponent.rawValue)
        let bids = try levels(&rest, price, quantity)
        let asks = try levels(&rest, price, quantity)
        let symbol = try name(&rest)
        return frame(
            symbol, "depth@100ms",
            #"{"e":"depthUpdate","E":\#(try fields.int64(Market.DepthDiff.eventTime.rawValue)),"#
                + #""s":"\#(symbol)","#
                + #""U":\#(try fields.int64(Market.DepthDiff.firstBookUpdateId.rawValue)),"#
                + #""u":\#(try fields.int64(Market.DepthDiff.lastBookUpdateId.rawValue)),"#
                + #""b":\#(bids),"a":\#(asks)}"#)
    }

    private static func snapshot(_ message: BinaryMessage) throws(DecodeFailure) -> String {
        let fields = message.fields
        var rest = message.rest
        let price = try fields.int8(Market.DepthSnapshot.priceExponent.rawValue)
        let quantity = try fields.int8(Market.DepthSnapshot.qtyExponent.rawValue)
        let id = try fields.int64(Market.DepthSnapshot.bookUpdateId.rawValue)
        let bids = try levels(&rest, price, quantity)
        let asks = try levels(&rest, price, quantity)
        return frame(
            try name(&rest), "depth20@100ms",
            #"{"lastUpdateId":\#(id),"bids":\#(bids),"asks":\#(asks)}"#)
    }

    // MARK: - Parts

    private static func frame(_ symbol: String, _ stream: String, _ data: String) -> String {
        #"{"stream":"\#(symbol.lowercased())@\#(stream)","data":\#(data)}"#
    }

    private static func name(_ rest: inout BinaryReader) throws(DecodeFailure) -> String {
        let symbol = try rest.data8()
        return String(
            decoding: UnsafeRawBufferPointer(start: symbol.start, count: symbol.count),
            as: UTF8.self)
    }

    private static func levels(
        _ rest: inout BinaryReader, _ price: Int8, _ quantity: Int8
    ) throws(DecodeFailure) -> String {
        let group = try rest.group16()
        var rows = BinaryRows(group, rest)
        _ = try rest.entries(group, of: 16)
        var levels: [String] = []
        while let row = try rows.next() {
            levels.append(
                #"["\#(try decimal(row, Market.Level.price.rawValue, price))","#
                    + #""\#(try decimal(row, Market.Level.qty.rawValue, quantity))"]"#)
        }
        return "[" + levels.joined(separator: ",") + "]"
    }

    /// With as many digits after the point as the exponent says.
    private static func decimal(
        _ fields: BinaryBlock, _ offset: Int, _ exponent: Int8
    ) throws(DecodeFailure) -> String {
        let mantissa = try fields.int64(offset)
        guard exponent < -18 || exponent > 0 else {
            return formatDecimal(mantissa, scale: -Int(exponent))
        }
        let whole = try MantissaScale(exponent: exponent, scale: 18).value(mantissa)
        return formatDecimal(whole, scale: 18)
    }
}
