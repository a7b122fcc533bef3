/// What clients may ask for, over REST and the WebSocket API alike.
enum Operation: CaseIterable {
    case ping, time, exchangeInfo, executionRules
    case depth, trades, oldTrades, aggregateTrades, blockTrades
    case candles, displayCandles, averagePrice, referencePrice, referenceCalculation
    case priceTicker, bookTicker, dayTicker, tradingDayTicker, windowTicker
    case placeOrder, testOrder, cancelOrder, replaceOrder, amendOrder, cancelAll
    case routeOrder, testRouting
    case placePair, placeOldPair, placeTriggered, placeTriggeredPair, cancelList
    case placeFunded, placeFundedPair
    case queryOrder, openOrders, allOrders, amendments
    case queryList, openLists, allLists
    case account, accountTrades, commission, orderLimits, preventedMatches, allocations
    case accountFilters

    /// Method and path below `/api/v3`, and the WebSocket API's method.
    var names: (rest: String, webSocket: String) {
        switch self {
        case .ping: ("GET ping", "ping")
        case .time: ("GET time", "time")
        case .exchangeInfo: ("GET exchangeInfo", "exchangeInfo")
        case .executionRules: ("GET executionRules", "executionRules")
        case .depth: ("GET depth", "depth")
        case .trades: ("GET trades", "trades.recent")
        case .oldTrades: ("GET historicalTrades", "trades.historical")
        case .aggregateTrades: ("GET aggTrades", "trades.aggregate")
        case .blockTrades: ("GET historicalBlockTrades", "blockTrades.historical")
        case .candles: ("GET klines", "klines")
        case .displayCandles: ("GET uiKlines", "uiKlines")
        case .averagePrice: ("GET avgPrice", "avgPrice")
        case .referencePrice: ("GET referencePrice", "referencePrice")
        case .referenceCalculation:
            ("GET referencePrice/calculation", "referencePrice.calculation")
        case .priceTicker: ("GET ticker/price", "ticker.price")
        case .bookTicker: ("GET ticker/bookTicker", "ticker.book")
        case .dayTicker: ("GET ticker/24hr", "ticker.24hr")
        case .tradingDayTicker: ("GET ticker/tradingDay", "ticker.tradingDay")
        case .windowTicker: ("GET ticker", "ticker")
        case .placeOrder: ("POST order", "order.place")
        case .testOrder: ("POST order/test", "order.test")
        case .cancelOrder: ("DELETE order", "order.cancel")
        case .replaceOrder: ("POST order/cancelReplace", "order.cancelReplace")
        case .amendOrder: ("PUT order/amend/keepPriority", "order.amend.keepPriority")
        case .cancelAll: ("DELETE openOrders", "openOrders.cancelAll")
        case .routeOrder: ("POST sor/order", "sor.order.place")
        case .testRouting: ("POST sor/order/test", "sor.order.test")
        case .placePair: ("POST orderList/oco", "orderList.place.oco")
        case .placeOldPair: ("POST order/oco", "orderList.place")
        case .placeTriggered: ("POST orderList/oto", "orderList.place.oto")
        case .placeTriggeredPair: ("POST orderList/otoco", "orderList.place.otoco")
        case .placeFunded: ("POST orderList/opo", "orderList.place.opo")
        case .placeFundedPair: ("POST orderList/opoco", "orderList.place.opoco")
        case .cancelList: ("DELETE orderList", "orderList.cancel")
        case .queryOrder: ("GET order", "order.status")
        case .openOrders: ("GET openOrders", "openOrders.status")
        case .allOrders: ("GET allOrders", "allOrders")
        case .amendments: ("GET order/amendments", "order.amendments")
        case .queryList: ("GET orderList", "orderList.status")
        case .openLists: ("GET openOrderList", "openOrderLists.status")
        case .allLists: ("GET allOrderList", "allOrderLists")
        case .account: ("GET account", "account.status")
        case .accountTrades: ("GET myTrades", "myTrades")
        case .commission: ("GET account/commission", "account.commission")
        case .orderLimits: ("GET rateLimit/order", "account.rateLimits.orders")
        case .preventedMatches: ("GET myPreventedMatches", "myPreventedMatches")
        case .allocations: ("GET myAllocations", "myAllocations")
        case .accountFilters: ("GET myFilters", "myFilters")
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
        case .ping, .time, .exchangeInfo, .executionRules, .depth, .trades, .oldTrades,
            .aggregateTrades, .blockTrades, .candles, .displayCandles, .averagePrice,
            .referencePrice, .referenceCalculation, .priceTicker, .bookTicker, .dayTicker,
            .tradingDayTicker, .windowTicker:
            false
        default: true
        }
    }

    /// Answered late by the late acknowledgement fault.
    var isOrderRequest: Bool {
        switch self {
        case .placeOrder, .cancelOrder, .replaceOrder, .amendOrder, .cancelAll, .routeOrder,
            .placePair, .placeOldPair, .placeTriggered, .placeTriggeredPair, .placeFunded,
            .placeFundedPair, .cancelList:
            true
        default: false
        }
    }

    /// How many unfilled orders it adds to the account's count.
    var orderCount: Int {
        switch self {
        case .placeOrder, .replaceOrder, .routeOrder: 1
        case .placePair, .placeOldPair, .placeTriggered, .placeFunded: 2
        case .placeTriggeredPair, .placeFundedPair: 3
        default: 0
        }
    }

    /// Whether the answer reports the account's order counts.
    var reportsOrderCounts: Bool { orderCount > 0 }

    /// Request weight (sheet sections 6 and 8).
    func weight(_ parameters: Parameters) -> Int {
        switch self {
        case .ping, .time, .placeOrder, .cancelOrder, .replaceOrder, .cancelAll, .routeOrder,
            .placePair, .placeOldPair, .placeTriggered, .placeTriggeredPair, .placeFunded,
            .placeFundedPair, .cancelList:
            1
        case .testOrder, .testRouting:
            parameters.boolean("computeCommissionRates") ?? false ? 20 : 1
        case .candles, .displayCandles, .averagePrice, .referencePrice, .referenceCalculation: 2
        case .executionRules: min(Self.symbolCount(parameters).map { 2 * $0 } ?? 40, 40)
        case .priceTicker, .bookTicker: parameters["symbol"] == nil ? 4 : 2
        case .aggregateTrades, .queryOrder, .queryList, .amendments, .amendOrder: 4
        case .openOrders: parameters["symbol"] == nil ? 80 : 6
        case .openLists: 6
        case .exchangeInfo, .account, .commission, .allOrders, .allLists, .allocations: 20
        case .preventedMatches: parameters["orderId"] == nil ? 2 : 20
        case .accountTrades: parameters["orderId"] == nil ? 20 : 5
        case .trades, .oldTrades, .blockTrades: 25
        case .dayTicker:
            switch Self.symbolCount(parameters) {
            case nil: 80
            case .some(...20): 2
            case .some(...100): 40
            default: 80
            }
        case .tradingDayTicker, .windowTicker:
            min(4 * (Self.symbolCount(parameters) ?? 1), 200)
        case .orderLimits, .accountFilters: 40
        case .depth:
            switch Int(parameters["limit"] ?? "100") ?? 100 {
            case ...100: 5
            case ...500: 25
            case ...1_000: 50
            default: 250
            }
        }
    }

    /// How many symbols a request names; `nil`: it means them all.
    private static func symbolCount(_ parameters: Parameters) -> Int? {
        if parameters["symbol"] != nil { return 1 }
        return parameters["symbols"].map { $0.split(separator: ",").count }
    }
}
