import TickToTrade

/// How many orders are open, by instrument.
public struct OpenOrders: Sendable, Equatable, CustomStringConvertible {
    /// Only instruments with orders, in the order of the configuration.
    public let bySymbol: [(symbol: String, count: Int)]

    public static func == (left: OpenOrders, right: OpenOrders) -> Bool {
        left.bySymbol.elementsEqual(right.bySymbol, by: ==)
    }

    public var count: Int { bySymbol.reduce(0) { $0 + $1.count } }
    public var isEmpty: Bool { bySymbol.isEmpty }

    /// What is left after so many of each symbol.
    func without(_ others: [String: Int]) -> OpenOrders {
        OpenOrders(
            bySymbol: bySymbol.map { ($0.symbol, $0.count - others[$0.symbol, default: 0]) }
                .filter { $0.1 > 0 })
    }

    /// `3 orders (BTCUSDT 2, ETHUSDT 1)`.
    public var description: String {
        let parts = bySymbol.map { "\($0.symbol) \($0.count)" }.joined(separator: ", ")
        return "\(count) \(count == 1 ? "order" : "orders")" + (isEmpty ? "" : " (\(parts))")
    }
}

/// Reads a lane's open orders from what it publishes, for whoever must not wait for the engine.
struct OpenOrderGauge: Sendable {
    let symbols: [String]
    let board: StatusBoard

    var orders: OpenOrders {
        let counts = board.read().instruments.map { Int($0.openOrders) }
        return OpenOrders(bySymbol: zip(symbols, counts).filter { $0.1 > 0 }.map { ($0, $1) })
    }
}
