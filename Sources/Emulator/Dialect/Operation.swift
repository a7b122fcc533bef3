/// What clients may ask for, over REST and the WebSocket API alike.
enum Operation: CaseIterable {
    case ping, time, exchangeInfo
    case depth, trades, aggregateTrades, candles, averagePrice, priceTicker, bookTicker
    case placeOrder, testOrder, cancelOrder, replaceOrder, cancelAll
    case queryOrder, openOrders, allOrders
    case account, accountTrades, commission, orderLimits

    /// Method and path below `/api/v3`, and the WebSocket API's method.
    private var names: (rest: String, webSocket: String) {
        switch self {
        case .ping: ("GET ping", "ping")
        case .time: ("GET time", "time")
        case .exchangeInfo: ("GET exchangeInfo", "exchangeInfo")
        case .depth: ("GET depth", "depth")
        case .trades: ("GET trades", "trades.recent")
        case .aggregateTrades: ("GET aggTrades", "trades.aggregate")
        case .candles: ("GET klines", "klines")
        case .averagePrice: ("GET avgPrice", "avgPrice")
        case .priceTicker: ("GET ticker/price", "ticker.price")
        case .bookTicker: ("GET ticker/bookTicker", "ticker.book")
        case .placeOrder: ("POST order", "order.place")
        case .testOrder: ("POST order/test", "order.test")
        case .cancelOrder: ("DELETE order", "order.cancel")
        case .replaceOrder: ("POST order/cancelReplace", "order.cancelReplace")
        case .cancelAll: ("DELETE openOrders", "openOrders.cancelAll")
        case .queryOrder: ("GET order", "order.status")
        case .openOrders: ("GET openOrders", "openOrders.status")
        case .allOrders: ("GET allOrders", "allOrders")
        case .account: ("GET account", "account.status")
        case .accountTrades: ("GET myTrades", "myTrades")
        case .commission: ("GET account/commission", "account.commission")
        case .orderLimits: ("GET rateLimit/order", "account.rateLimits.orders")
        }
    }

    private static let byREST = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.names.rest, $0) })
    private static let byWebSocket = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.names.webSocket, $0) })

    /// The operation of a REST request; `path` without its query.
    init?(method: String, path: String) {
        let prefix = "/api/v3/"
        guard path.hasPrefix(prefix),
            let found = Self.byREST[method + " " + path.dropFirst(prefix.count)]
        else { return nil }
        self = found
    }

    init?(webSocketMethod: String) {
        guard let found = Self.byWebSocket[webSocketMethod] else { return nil }
        self = found
    }

    var isSigned: Bool {
        switch self {
        case .ping, .time, .exchangeInfo, .depth, .trades, .aggregateTrades, .candles,
            .averagePrice, .priceTicker, .bookTicker:
            false
        default: true
        }
    }

    /// Order requests cost nothing when they succeed (sheet section 3.3).
    var isFreeOnSuccess: Bool {
        switch self {
        case .placeOrder, .cancelOrder, .replaceOrder, .cancelAll: true
        default: false
        }
    }

    /// Whether the answer reports the account's order counts.
    var reportsOrderCounts: Bool { self == .placeOrder || self == .replaceOrder }

    /// Request weight (sheet sections 6 and 8).
    func weight(_ parameters: Parameters) -> Int {
        switch self {
        case .ping, .time, .placeOrder, .testOrder, .cancelOrder, .replaceOrder, .cancelAll: 1
        case .candles, .averagePrice: 2
        case .priceTicker, .bookTicker: parameters["symbol"] == nil ? 4 : 2
        case .aggregateTrades, .queryOrder: 4
        case .openOrders: parameters["symbol"] == nil ? 80 : 6
        case .exchangeInfo, .account, .commission, .allOrders: 20
        case .accountTrades: parameters["orderId"] == nil ? 20 : 5
        case .trades: 25
        case .orderLimits: 40
        case .depth:
            switch Int(parameters["limit"] ?? "100") ?? 100 {
            case ...100: 5
            case ...500: 25
            case ...1_000: 50
            default: 250
            }
        }
    }
}
