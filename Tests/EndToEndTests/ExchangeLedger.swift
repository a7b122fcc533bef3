import Foundation
import Testing

/// The exchange's own account of what the engine has done, added up as it grows.
final class ExchangeLedger {
    static let symbols = ["BTCUSDT", "ETHUSDT"]

    /// Signed base quantity and cash after every trade, commissions included.
    struct Holding {
        var quantity = Decimal(0)
        var cash = Decimal(0)
        var trades = 0
        fileprivate var lastTrade: Int64 = -1
    }

    private let folder: WorkFolder
    private var client: VenueClient
    private(set) var holdings: [String: Holding] = [:]

    init(_ folder: WorkFolder) throws {
        self.folder = folder
        client = try VenueClient(folder)
    }

    /// The exchange has been away.
    func connectAgain() throws { client = try VenueClient(folder) }

    /// Reads the trades that are new; each has a number above the last one's.
    func update() throws {
        for symbol in Self.symbols {
            var holding = holdings[symbol] ?? Holding()
            while true {
                let trades = try objects(
                    "myTrades", "symbol=\(symbol)&limit=1000&fromId=\(holding.lastTrade + 1)")
                for trade in trades { try add(trade, symbol, to: &holding) }
                if trades.count < 1_000 { break }
            }
            holdings[symbol] = holding
        }
    }

    private func add(_ trade: [String: Any], _ symbol: String, to holding: inout Holding) throws {
        let number = try #require(trade["id"] as? Int64)
        try #require(number > holding.lastTrade, "trade \(number) comes twice")
        let quantity = try decimal(trade["qty"])
        let sign: Decimal = trade["isBuyer"] as? Bool == true ? 1 : -1
        holding.quantity += sign * quantity
        holding.cash -= sign * quantity * (try decimal(trade["price"]))
        let commission = try decimal(trade["commission"])
        switch trade["commissionAsset"] as? String {
        case "USDT": holding.cash -= commission
        case String(symbol.dropLast(4)): holding.quantity -= commission
        case let other: try #require(commission == 0, "a commission in \(other ?? "nothing")")
        }
        holding.trades += 1
        holding.lastTrade = number
    }

    /// Client order ids of everything that rests.
    func openOrders() throws -> [String] {
        try objects("openOrders", "").compactMap { $0["clientOrderId"] as? String }
    }

    /// Client order ids of every order the account has ever had, in the exchange's order.
    func allOrders() throws -> [String] {
        var names: [String] = []
        for symbol in Self.symbols {
            var next: Int64 = 0
            while true {
                let page = try objects("allOrders", "symbol=\(symbol)&limit=1000&orderId=\(next)")
                names += page.compactMap { $0["clientOrderId"] as? String }
                guard page.count == 1_000, let last = page.last?["orderId"] as? Int64 else { break }
                next = last + 1
            }
        }
        return names
    }

    /// Whether every balance is what it began with and what the trades have changed.
    func expectBalances(_ place: Comment) throws {
        let began: [String: Decimal] = ["USDT": 1_000_000, "BTC": 10, "ETH": 100]
        let answer = try #require(try client.request("GET", "account"), place)
        let balances = try #require(answer.object["balances"] as? [[String: Any]], place)
        for balance in balances {
            let asset = balance["asset"] as? String ?? ""
            let total = try decimal(balance["free"]) + decimal(balance["locked"])
            let changed =
                asset == "USDT"
                ? holdings.values.reduce(0) { $0 + $1.cash } : holdings[asset + "USDT"]?.quantity
            #expect(total == began[asset, default: 0] + (changed ?? 0), "\(place): \(asset)")
        }
    }

    private func objects(_ path: String, _ query: String) throws -> [[String: Any]] {
        let answer = try #require(try client.request("GET", path, query), "\(path): no answer")
        try #require(answer.status == 200, "\(path): \(answer.body)")
        return answer.objects
    }

    private func decimal(_ value: Any?) throws -> Decimal {
        try #require((value as? String).flatMap { Decimal(string: $0) })
    }
}
