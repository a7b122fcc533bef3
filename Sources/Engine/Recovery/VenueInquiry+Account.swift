import Codec
import Machine
import MarketModel
import Venues

/// What a reconciliation asks the venue.
extension VenueInquiry {
    /// Every open order of the account in these instruments, ours or not: asked for one symbol
    /// after the other, or the whole account at once where that costs less.
    mutating func openOrders(
        of instruments: [Instrument], _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [ExecutionReport] {
        if RequestWeight.openOrders(of: instruments.count) == RequestWeight.allOpenOrders {
            let wanted = Set(instruments.map(\.index.raw))
            return try openOrders("", directory, offset)
                .filter { wanted.contains($0.instrument.raw) }
        }
        var orders: [ExecutionReport] = []
        for instrument in instruments {
            let symbol = percentEncoded(instrument.symbol.text)
            orders += try openOrders("symbol=\(symbol)", directory, offset)
        }
        return orders
    }

    private mutating func openOrders(
        _ query: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [ExecutionReport] {
        let path = "/api/v3/openOrders"
        let text = try body(signed: path, query, offset)
        let now = Timestamp(nanoseconds: clock.now())
        return try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.openOrders(text, count, directory: directory, receiveTime: now)
        }
    }

    /// The state of one of our orders; `nil` when the venue does not know it.
    mutating func order(
        _ id: ClientOrderID, _ symbol: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> ExecutionReport? {
        if !id.isClaimed {
            return try order(
                named: "origClientOrderId=\(id.text)", symbol, directory, offset)
        }
        var report = try order(numbered: id.claimedOrder, symbol, directory, offset)
        // One of somebody else's, taken over: the venue calls it by another name.
        report?.clientOrderID = id
        return report
    }

    /// The same by the venue's number; `clientOrderID` is `none` for an order that is not ours.
    mutating func order(
        numbered number: VenueOrderID, _ symbol: String, _ directory: InstrumentDirectory,
        _ offset: Int64
    ) throws(StartFailure) -> ExecutionReport? {
        try order(named: "orderId=\(number.raw)", symbol, directory, offset)
    }

    private mutating func order(
        named name: String, _ symbol: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> ExecutionReport? {
        let path = "/api/v3/order"
        let query = "symbol=\(percentEncoded(symbol))&\(name)"
        let text: [UInt8]
        do throws(StartFailure) {
            text = try body(signed: path, query, offset)
        } catch {
            // Order does not exist (binance-spot.md, section 13).
            if case .refused(_, _, -2013, _) = error { return nil }
            throw error
        }
        let now = Timestamp(nanoseconds: clock.now())
        return try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.order(text, count, directory: directory, receiveTime: now)
        }
    }

    /// Cancels an order by its number at the venue and tells how it ended; `nil` when it was not
    /// open any more, or when the answer does not say. Costs nothing when it succeeds.
    mutating func cancel(
        _ order: ExecutionReport, _ symbol: String, _ directory: InstrumentDirectory,
        _ offset: Int64
    ) throws(StartFailure) -> ExecutionReport? {
        let path = "/api/v3/order"
        let query = "symbol=\(percentEncoded(symbol))&orderId=\(order.venueOrderID.raw)"
        let text: [UInt8]
        do throws(StartFailure) {
            text = try body(signed: path, query, offset, method: "DELETE")
        } catch {
            // Unknown order sent: it has ended by itself.
            if case .refused(_, _, -2011, _) = error { return nil }
            throw error
        }
        let now = Timestamp(nanoseconds: clock.now())
        var state: ExecutionReport
        do throws(StartFailure) {
            state = try read(path, text) { text, count throws(DecodeFailure) in
                try BinanceSpotREST.order(text, count, directory: directory, receiveTime: now)
            }
        } catch {
            // An order of a list is answered for by the list, in another form.
            return nil
        }
        // The id in the answer is the cancel's.
        state.clientOrderID = order.clientOrderID
        return state
    }

    /// The trades of one order, in order: a quarter of the weight of a symbol's.
    mutating func fills(
        _ symbol: String, of order: VenueOrderID, _ directory: InstrumentDirectory,
        _ offset: Int64
    ) throws(StartFailure) -> [AccountFill] {
        try pages(symbol, "orderId=\(order.raw)", directory, offset)
    }

    /// The account's trades in one symbol since a moment of our clock, in order.
    mutating func fills(
        _ symbol: String, since time: Timestamp, _ directory: InstrumentDirectory,
        _ offset: Int64
    ) throws(StartFailure) -> [AccountFill] {
        let start = Timestamp(nanoseconds: time.nanoseconds + offset).milliseconds
        return try pages(symbol, "startTime=\(max(start, 0))", directory, offset)
    }

    private mutating func pages(
        _ symbol: String, _ first: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [AccountFill] {
        let path = "/api/v3/myTrades"
        var all: [AccountFill] = []
        var place = first
        while true {
            let query = "symbol=\(percentEncoded(symbol))&\(place)&limit=\(Self.longestPage)"
            let text = try body(signed: path, query, offset)
            let page = try read(path, text) { text, count throws(DecodeFailure) in
                try BinanceSpotREST.fills(text, count, directory: directory)
            }
            all += page
            guard page.count == Self.longestPage, let last = page.last else { return all }
            // Of one order or of all: the numbers go on.
            let order = first.hasPrefix("orderId=") ? first + "&" : ""
            place = "\(order)fromId=\(last.tradeID.raw + 1)"
        }
    }

    private static var longestPage: Int { 1_000 }

    /// Free and locked together by asset, in units of 1e-8.
    mutating func balances(
        _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [AssetIndex: Int64] {
        let path = "/api/v3/account"
        let text = try body(signed: path, "omitZeroBalances=false", offset)
        let account = try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.account(
                text, count, directory: directory, receiveTime: .unknown)
        }
        var totals: [AssetIndex: Int64] = [:]
        for balance in account.balances { totals[balance.asset] = balance.free + balance.locked }
        return totals
    }
}
