/// What a REST request costs of the address's weight in a minute (binance-spot.md, sections 6 and 8).
enum RequestWeight {
    /// Open orders of one symbol, and of the whole account.
    static let openOrders: Int64 = 6
    static let allOpenOrders: Int64 = 80
    static let account: Int64 = 20
    /// A page of everybody's trades.
    static let aggregates: Int64 = 4
    static let trades: Int64 = 25

    /// What the venue charges for the open orders of so many symbols: asked for one by one, or all
    /// at once where that is cheaper.
    static func openOrders(of symbols: Int) -> Int64 {
        min(openOrders * Int64(symbols), allOpenOrders)
    }

    /// Weight of a request before its answer; one that places or cancels gets it back when it
    /// succeeds. What the table does not have counts as much as the dearest small request.
    static func of(_ method: String, _ target: String) -> Int64 {
        let (path, query) = split(target)
        let names = Set(query.split(separator: "&").map { $0.prefix { $0 != "=" } })
        switch path.split(separator: "/").dropFirst(2).joined(separator: "/") {
        case "ping", "time": return 1
        case "order": return method == "GET" ? 4 : 1
        case "order/test": return query.contains("computeCommissionRates=true") ? 20 : 1
        case "openOrders":
            if method == "DELETE" { return 1 }
            return names.contains("symbol") ? openOrders : allOpenOrders
        case "klines": return 2
        case "aggTrades": return aggregates
        case "historicalTrades": return trades
        case "ticker/price", "ticker/bookTicker": return names.contains("symbol") ? 2 : 4
        case "ticker/24hr": return dayTickers(query)
        case "account": return account
        case "myTrades": return names.contains("orderId") ? 5 : 20
        case "depth": return depth(query)
        case "rateLimit/order", "myFilters": return 40
        default: return 20
        }
    }

    private static func split(_ target: String) -> (path: Substring, query: Substring) {
        let path = target.prefix { $0 != "?" }
        return (path, target.dropFirst(path.count + 1))
    }

    /// By the number of symbols that are named; without any it means them all.
    private static func dayTickers(_ query: Substring) -> Int64 {
        let named = query.split(separator: "&").first { $0.hasPrefix("symbols=") }
        if named == nil, query.contains("symbol=") { return 2 }
        switch named.map({ $0.split(separator: ",").count }) {
        case .some(...20): return 2
        case .some(...100): return 40
        default: return 80
        }
    }

    private static func depth(_ query: Substring) -> Int64 {
        let limit = query.split(separator: "&").first { $0.hasPrefix("limit=") }
            .flatMap { Int($0.dropFirst(6)) } ?? 100
        switch limit {
        case ...100: return 5
        case ...500: return 25
        case ...1_000: return 50
        default: return 250
        }
    }
}
