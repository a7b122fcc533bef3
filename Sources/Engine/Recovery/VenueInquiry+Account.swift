import Codec
import Machine
import MarketModel
import Venues

/// What a reconciliation asks the venue.
extension VenueInquiry {
    /// Every open order of the account in one symbol, ours or not.
    mutating func openOrders(
        _ symbol: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [ExecutionReport] {
        let path = "/api/v3/openOrders"
        let text = try body(try signed(path, "symbol=\(percentEncoded(symbol))", offset))
        let now = Timestamp(nanoseconds: clock.now())
        return try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.openOrders(text, count, directory: directory, receiveTime: now)
        }
    }

    /// The state of one of our orders; `nil` when the venue does not know it.
    mutating func order(
        _ id: ClientOrderID, _ symbol: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> ExecutionReport? {
        let path = "/api/v3/order"
        let name = id.isClaimed
            ? "orderId=\(id.claimedOrder.raw)" : "origClientOrderId=\(id.text)"
        let query = "symbol=\(percentEncoded(symbol))&\(name)"
        let text: [UInt8]
        do throws(StartFailure) {
            text = try body(try signed(path, query, offset))
        } catch {
            // Order does not exist (binance-spot.md, section 13).
            if case .refused(_, _, -2013, _) = error { return nil }
            throw error
        }
        let now = Timestamp(nanoseconds: clock.now())
        var report = try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.order(text, count, directory: directory, receiveTime: now)
        }
        // One of somebody else's, taken over: the venue calls it by another name.
        if id.isClaimed { report.clientOrderID = id }
        return report
    }

    /// Cancels an order by its number at the venue; `false` when it is not open any more.
    mutating func cancel(
        _ id: VenueOrderID, _ symbol: String, _ offset: Int64
    ) throws(StartFailure) -> Bool {
        let query = "symbol=\(percentEncoded(symbol))&orderId=\(id.raw)"
        do throws(StartFailure) {
            _ = try body(try signed("/api/v3/order", query, offset), method: "DELETE")
            return true
        } catch {
            // Unknown order sent: it has ended by itself.
            if case .refused(_, _, -2011, _) = error { return false }
            throw error
        }
    }

    /// The account's trades in one symbol that are newer than a trade or than a moment of our
    /// clock, each once, in order.
    mutating func fills(
        _ symbol: String, after id: Int64, since time: Timestamp,
        _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [AccountFill] {
        let start = Timestamp(nanoseconds: time.nanoseconds + offset).milliseconds
        var fills = try pages(symbol, "startTime=\(max(start, 0))", directory, offset)
        if id >= 0 {
            let known = Set(fills.map(\.tradeID.raw))
            let newer = try pages(symbol, "fromId=\(id + 1)", directory, offset)
            fills += newer.filter { !known.contains($0.tradeID.raw) }
        }
        return fills.sorted { $0.tradeID.raw < $1.tradeID.raw }
    }

    private mutating func pages(
        _ symbol: String, _ first: String, _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [AccountFill] {
        let path = "/api/v3/myTrades"
        var all: [AccountFill] = []
        var place = first
        while true {
            let query = "symbol=\(percentEncoded(symbol))&\(place)&limit=1000"
            let text = try body(try signed(path, query, offset))
            let page = try read(path, text) { text, count throws(DecodeFailure) in
                try BinanceSpotREST.fills(text, count, directory: directory)
            }
            all += page
            guard page.count == 1_000, let last = page.last else { return all }
            place = "fromId=\(last.tradeID.raw + 1)"
        }
    }

    /// Free and locked together by asset, in units of 1e-8.
    mutating func balances(
        _ directory: InstrumentDirectory, _ offset: Int64
    ) throws(StartFailure) -> [AssetIndex: Int64] {
        let path = "/api/v3/account"
        let text = try body(try signed(path, "omitZeroBalances=false", offset))
        let account = try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.account(
                text, count, directory: directory, receiveTime: .unknown)
        }
        var totals: [AssetIndex: Int64] = [:]
        for balance in account.balances { totals[balance.asset] = balance.free + balance.locked }
        return totals
    }
}
