import MarketModel

// The fast reader of what follows every order besides its reports: the answer to the request, and
// the balances. As with reports it guesses the documented key order, verifies it, and leaves
// everything else to the general reader.

extension BinanceSpotAccountDecoder {
    /// Reads the answer to an order that was placed or cancelled, or to any request that was refused,
    /// into `frame`; false for every other message.
    @_noLocks
    func decodeAnswerInDocumentedOrder(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout AccountFrame
    ) -> Bool {
        var reader = OrderedReader(bytes, count)
        guard reader.skip(#"{"id":"#) else { return false }
        let id = reader.integer()
        guard id >= 0, reader.skip(#","status":"#) else { return false }
        let status = reader.integer()
        guard status >= 0, status <= 999, reader.position < reader.end else { return false }
        var response = VenueResponse(receiveTime: receiveTime)
        response.status = Int32(truncatingIfNeeded: status)
        response.reply.requestID = UInt64(truncatingIfNeeded: id)
        response.hasRequestID = true
        if status == 200 {
            guard readOrder(&reader, &response) else { return false }
        } else {
            guard readRefusal(&reader, &response) else { return false }
        }
        guard reader.position < reader.end, readUsage(&reader, &response.limits),
            reader.finishes(isCombined: false)
        else { return false }
        frame = .response(response)
        return true
    }

    /// The `result` of a placed or cancelled order.
    @inline(__always)
    private func readOrder(
        _ reader: inout OrderedReader, _ response: inout VenueResponse
    ) -> Bool {
        guard reader.skip(#","result":"#) else { return false }
        let start = reader.position
        guard reader.skip(#"{"symbol":""#), reader.plainText() >= 0, reader.skip("\"") else {
            return false
        }
        if reader.skip(#","origClientOrderId":""#), !Self.skipText(&reader) { return false }
        guard reader.skip(#","orderId":"#) else { return false }
        let order = reader.integer()
        guard order >= 0, reader.skip(#","orderListId":"#), Self.skipNumber(&reader),
            reader.skip(#","clientOrderId":""#), Self.skipText(&reader),
            reader.skip(#","transactTime":"#),
            let time = VenueTime.timestamp(reader.integer())
        else { return false }
        if !reader.skip("}") {
            guard skipState(&reader), reader.skip("}") else { return false }
        }
        response.reply.outcome = .accepted
        response.reply.venueOrderID = VenueOrderID(order)
        response.reply.venueTime = time
        response.content = .order
        response.result = JSONValue(.object, start, count: reader.position - start)
        return true
    }

    /// What an answer to a cancel says besides: the order as it was.
    @inline(never)
    private func skipState(_ reader: inout OrderedReader) -> Bool {
        guard reader.skip(#","price":""#), Self.skipText(&reader),
            reader.skip(#","origQty":""#), Self.skipText(&reader),
            reader.skip(#","executedQty":""#), Self.skipText(&reader)
        else { return false }
        if reader.skip(#","origQuoteOrderQty":""#), !Self.skipText(&reader) { return false }
        guard reader.skip(#","cummulativeQuoteQty":""#), Self.skipText(&reader),
            reader.skip(#","status":""#), Self.skipText(&reader),
            reader.skip(#","timeInForce":""#), Self.skipText(&reader),
            reader.skip(#","type":""#), Self.skipText(&reader),
            reader.skip(#","side":""#), Self.skipText(&reader)
        else { return false }
        if reader.skip(#","stopPrice":""#), !Self.skipText(&reader) { return false }
        if reader.skip(#","trailingDelta":"#), !Self.skipNumber(&reader) { return false }
        if reader.skip(#","icebergQty":""#), !Self.skipText(&reader) { return false }
        if reader.skip(#","strategyId":"#), !Self.skipNumber(&reader) { return false }
        if reader.skip(#","strategyType":"#), !Self.skipNumber(&reader) { return false }
        if reader.skip(#","selfTradePrevention"#) {
            return reader.skip(#"Mode":""#) && Self.skipText(&reader)
        }
        return true
    }

    /// The `error` of a refusal without details.
    @inline(__always)
    private func readRefusal(
        _ reader: inout OrderedReader, _ response: inout VenueResponse
    ) -> Bool {
        guard reader.skip(#","error":{"code":"#), reader.position < reader.end else { return false }
        let isNegative = reader.skip("-")
        let magnitude = reader.integer()
        guard magnitude > 0, magnitude <= Int64(Int32.max), reader.skip(#","msg":""#) else {
            return false
        }
        let text = reader.position
        let count = reader.plainText()
        guard count >= 0, reader.skip(#""}"#) else { return false }
        let code = Int32(truncatingIfNeeded: isNegative ? -magnitude : magnitude)
        response.reply.venueCode = code
        response.message = JSONValue(.string, text, count: count)
        response.reply.outcome = Self.outcome(
            status: response.status, code: code, response.message)
        return true
    }

    /// The venue's counts, if it sends them.
    @inline(__always)
    private func readUsage(
        _ reader: inout OrderedReader, _ usage: inout RateLimitUsage
    ) -> Bool {
        if !reader.skip(#","rateLimits":["#) { return true }
        repeat {
            guard reader.position < reader.end, reader.skip(#"{"rateLimitType":""#) else {
                return false
            }
            let isWeight = reader.skip("REQUEST_WEIGHT")
            guard isWeight || reader.skip("ORDERS"), reader.skip(#"","interval":""#),
                reader.position < reader.end
            else { return false }
            let isDaily = reader.skip("DAY")
            let isShort = !isDaily && reader.skip("SECOND")
            guard isDaily || isShort || reader.skip("MINUTE"),
                reader.skip(#"","intervalNum":"#), reader.integer() >= 0,
                reader.skip(#","limit":"#)
            else { return false }
            let limit = reader.integer()
            guard limit >= 0, limit <= Int64(Int32.max), reader.skip(#","count":"#) else {
                return false
            }
            let count = reader.integer()
            guard count >= 0, count <= Int64(Int32.max), reader.skip("}") else { return false }
            let counted = RateLimitCount(
                count: Int32(truncatingIfNeeded: count), limit: Int32(truncatingIfNeeded: limit))
            if isWeight {
                usage.requestWeight = counted
            } else if isShort {
                usage.ordersShortTerm = counted
            } else if isDaily {
                usage.ordersDaily = counted
            }
        } while reader.skip(",")
        return reader.skip("]")
    }

    /// Reads `outboundAccountPosition` into `frame`; false for every other message.
    ///
    /// All rows are verified, so that a wrong one refuses the message as a whole.
    @_noLocks
    func decodePositionInDocumentedOrder(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout AccountFrame
    ) -> Bool {
        var reader = OrderedReader(bytes, count)
        guard reader.skip(#"{"subscriptionId":"#), reader.integer() >= 0,
            reader.skip(#","event":{"e":"#), reader.skip(#""outboundAccountPositi"#),
            reader.skip(#"on","E":"#), reader.integer() >= 0, reader.skip(#","u":"#),
            let time = VenueTime.timestamp(reader.integer()), reader.skip(#","B":["#)
        else { return false }
        let rows = reader
        // Behind the last whole row: a reader that gave up within one may stand anywhere.
        var end = reader
        while BalanceRow(&reader) != nil { end = reader }
        guard end.skip("]"), end.finishes(isCombined: true) else { return false }
        frame = .balances(
            BalanceCursor(rows, directory.assets, venueTime: time, receiveTime: receiveTime))
        return true
    }

    /// A plain text with its closing quote.
    @_noLocks @inline(__always)
    static func skipText(_ reader: inout OrderedReader) -> Bool {
        reader.plainText() >= 0 && reader.skip("\"")
    }

    @_noLocks @inline(__always)
    static func skipNumber(_ reader: inout OrderedReader) -> Bool {
        reader.skip("-1") || reader.integer() >= 0
    }
}

/// One row of `outboundAccountPosition` in the documented order.
struct BalanceRow {
    let asset: UnsafePointer<UInt8>
    let assetCount: Int
    /// In units of 1e-8.
    let free: Int64
    let locked: Int64

    /// Reads a row and the comma behind it; `nil` at the end of the array and for any other form.
    @_noLocks @inline(__always)
    init?(_ reader: inout OrderedReader) {
        guard reader.position < reader.end, reader.skip(#"{"a":""#) else { return nil }
        asset = reader.position
        assetCount = reader.plainText()
        guard assetCount >= 0, reader.skip(#"","f":""#) else { return nil }
        free = reader.decimal(scale: 8)
        guard free >= 0, reader.skip(#"","l":""#) else { return nil }
        locked = reader.decimal(scale: 8)
        guard locked >= 0, reader.skip(#""}"#), reader.position < reader.end else { return nil }
        if reader.position.pointee == UInt8(ascii: "]") { return }
        guard reader.skip(","), reader.position < reader.end,
            reader.position.pointee == UInt8(ascii: "{")
        else { return nil }
    }
}
