/// A request the venue refuses: its code, its text and the HTTP status that carries it.
///
/// Codes and texts: binance-spot sheet section 13 and the venue's error page.
struct Rejection: Error, Equatable {
    var status = 400
    let code: Int
    let message: String
    /// When the client may come back, in milliseconds since 1970; 0: not said.
    var retryAfter: Int64 = 0
    /// JSON that explains a partial failure (`error.data`), empty when there is none.
    var data: [UInt8] = []

    init(_ code: Int, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }

    /// A part of the venue is down.
    static var unavailable: Rejection {
        Rejection(-1001, "Internal error; unable to process your request.", status: 503)
    }

    // Limits.
    static func tooMuchWeight(limit: Int, retryAfter: Int64) -> Rejection {
        var rejection = Rejection(
            -1003,
            "Too much request weight used; current limit is \(limit) request weight per 1 MINUTE. "
                + "Please use WebSocket Streams for live updates to avoid polling the API.",
            status: 429)
        rejection.retryAfter = retryAfter
        return rejection
    }

    static func tooManyRequests(limit: Int, retryAfter: Int64) -> Rejection {
        var rejection = Rejection(
            -1003,
            "Too many requests; current limit is \(limit) requests per 5 MINUTE. "
                + "Please use WebSocket Streams for live updates to avoid polling the API.",
            status: 429)
        rejection.retryAfter = retryAfter
        return rejection
    }

    static func tooManyConnections(retryAfter: Int64) -> Rejection {
        var rejection = Rejection(-1003, "Too many connection attempts.", status: 429)
        rejection.retryAfter = retryAfter
        return rejection
    }

    static func banned(until time: Int64) -> Rejection {
        var rejection = Rejection(
            -1003,
            "Way too much request weight used; IP banned until \(time). "
                + "Please use WebSocket Streams for live updates to avoid bans.",
            status: 418)
        rejection.retryAfter = time
        return rejection
    }

    static func tooManyOrders(limit: Int, interval: String, retryAfter: Int64) -> Rejection {
        var rejection = Rejection(
            -1015, "Too many new orders; current limit is \(limit) orders per \(interval).",
            status: 429)
        rejection.retryAfter = retryAfter
        return rejection
    }

    // Requests.
    static let unknownMethod = Rejection(-1020, "This operation is not supported.", status: 404)
    static let outsideReceiveWindow = Rejection(
        -1021, "Timestamp for this request is outside of the recvWindow.")
    static let aheadOfServer = Rejection(
        -1021, "Timestamp for this request was 1000ms ahead of the server's time.")
    static let badSignature = Rejection(-1022, "Signature for this request is not valid.")
    static let badKeyFormat = Rejection(-2014, "API-key format invalid.", status: 401)
    static let badKey = Rejection(
        -2015, "Invalid API-key, IP, or permissions for action.", status: 401)
    static let receiveWindowTooLong = Rejection(-1131, "recvWindow must be less than 60000")

    // Parameters.
    static func missing(_ name: String) -> Rejection {
        Rejection(
            -1102,
            "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
    }

    static func missingEither(_ first: String, _ second: String) -> Rejection {
        Rejection(
            -1102, "Param '\(first)' or '\(second)' must be sent, but both were empty/null!")
    }

    static func notRequired(_ name: String) -> Rejection {
        Rejection(-1106, "Parameter '\(name)' sent when not required.")
    }

    static func illegalCharacters(_ name: String, range: String) -> Rejection {
        Rejection(
            -1100,
            "Illegal characters found in parameter '\(name)'; legal range is '\(range)'.")
    }

    static func tooPrecise(_ name: String) -> Rejection {
        Rejection(-1111, "Parameter '\(name)' has too much precision.")
    }

    static func invalidData(_ name: String) -> Rejection {
        Rejection(-1130, "Data sent for parameter '\(name)' is not valid.")
    }

    static let unsupportedCombination = Rejection(-1014, "Unsupported order combination.")
    static let badCombination = Rejection(-1128, "Combination of optional parameters invalid.")
    static let badTimeInForce = Rejection(-1115, "Invalid timeInForce.")
    static let badOrderType = Rejection(-1116, "Invalid orderType.")
    static let badSide = Rejection(-1117, "Invalid side.")
    static let badInterval = Rejection(-1120, "Invalid interval.")
    static let badSymbol = Rejection(-1121, "Invalid symbol.")
    static let repeatedSymbol = Rejection(
        -1151, "Symbol is present multiple times in the list.")
    static let badSymbolStatus = Rejection(-1122, "Invalid symbolStatus.")
    static let otherSymbolStatus = Rejection(
        -1220, "The symbol's status does not match the requested symbolStatus.")
    static let noReferencePrice = Rejection(
        -2043, "This symbol doesn't have a reference price.")
    static let badCancelRestrictions = Rejection(-1145, "Invalid cancelRestrictions")

    static let badPegPriceType = Rejection(-1210, "Invalid pegPriceType.")
    static let badPegOffsetType = Rejection(-1211, "Invalid pegOffsetType.")
    static let badStrategyType = Rejection(-1134, "strategyType was less than 1000000.")
    static let tooManyHours = Rejection(
        -1127, "More than 24 hours between startTime and endTime.")

    // Orders.
    static func filter(_ name: String) -> Rejection {
        Rejection(-1013, "Filter failure: \(name)")
    }

    static let invalidPrice = Rejection(-1013, "Invalid price.")
    static let invalidQuantity = Rejection(-1013, "Invalid quantity.")
    static let selfTradeModeNotAllowed = Rejection(
        -1013, "This symbol does not allow the specified self-trade prevention mode.")
    static let insufficientBalance = Rejection(
        -2010, "Account has insufficient balance for requested action.")
    static let wouldTake = Rejection(-2010, "Order would immediately match and take.")
    static let duplicateOrder = Rejection(-2010, "Duplicate order sent.")
    static let wouldTrigger = Rejection(-2010, "Order would trigger immediately.")
    static let badPairPrices = Rejection(
        -2010, "The relationship of the prices for the orders is not correct.")
    static let icebergTooLarge = Rejection(-2010, "IcebergQty exceeds QTY.")
    static let marketClosed = Rejection(-2010, "Market is closed.")
    static let noLiquidity = Rejection(
        -2010, "Order book liquidity is less than symbol minimum quantity.")
    static let quoteMarketNotSupported = Rejection(
        -2010, "Quote order qty market orders are not support for this symbol.")

    /// Something that the symbol does not offer.
    static func notSupported(_ name: String, verb: String = "are") -> Rejection {
        Rejection(-2010, "\(name) \(verb) not supported for this symbol.")
    }

    static let noOrderRouting = Rejection(-1013, "This symbol has no SOR.")
    static let fundedListsNotSupported = Rejection(
        -2010, "OPO orders are not supported for this symbol.")

    static func listNotSupported(_ kind: String) -> Rejection {
        // The venue's text has no full stop here.
        Rejection(-2010, "\(kind) orders are not supported for this symbol")
    }

    static func amend(_ message: String) -> Rejection { Rejection(-2038, message) }
    static let clientOrderIDMismatch = Rejection(
        -2039, "Client order ID is not correct for this order ID.")

    // Order lists.
    static let badPairType = Rejection(-1158, "Order type not supported in OCO.")
    static func pairIcebergNeedsGTC(_ name: String) -> Rejection {
        let prefix = name.hasPrefix("above") || name.hasPrefix("pendingAbove") ? "above" : "below"
        return Rejection(
            -1160,
            "Parameter '\(name)' is not supported if '\(prefix)TimeInForce' is not GTC.")
    }
    static let buyLimitMustBeBelow = Rejection(
        -1165, "A limit order in a buy OCO must be below.")
    static let sellLimitMustBeAbove = Rejection(
        -1166, "A limit order in a sell OCO must be above.")
    static let pairNeedsStop = Rejection(-1168, "At least one OCO order must be contingent.")
    static let buyStopLossMustBeAbove = Rejection(
        -1196, "A stop loss order in a buy OCO must be above.")
    static let sellStopLossMustBeBelow = Rejection(
        -1197, "A stop loss order in a sell OCO must be below.")
    static let buyTakeProfitMustBeBelow = Rejection(
        -1198, "A take profit order in a buy OCO must be below.")
    static let sellTakeProfitMustBeAbove = Rejection(
        -1199, "A take profit order in a sell OCO must be above.")

    static let unknownOrder = Rejection(-2011, "Unknown order sent.")
    static let restrictedCancel = Rejection(
        -2011, "Order was not canceled due to cancel restrictions.")
    static let noSuchOrder = Rejection(-2013, "Order does not exist.")

    // User streams.
    static let subscriptionActive = Rejection(
        -2035, "User Data Stream subscription already active.")
    static let subscriptionInactive = Rejection(
        -2036, "User Data Stream subscription not active.")
    static let subscriptionIDsExhausted = Rejection(
        -2042, "Maximum subscription ID reached for this connection.")

    /// Why an order was refused, in the word that an executionReport uses (sheet section 11.1).
    var reason: StaticString {
        switch self {
        case .insufficientBalance: "INSUFFICIENT_BALANCES"
        case .wouldTrigger: "STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY"
        case .wouldTake: "WOULD_MATCH_IMMEDIATELY"
        case .badPairPrices: "OCO_BAD_PRICES"
        default: "NONE"
        }
    }

    /// Whether only the number of open orders stands in the way.
    var isCountFilter: Bool { message.contains("MAX_NUM_") }
}
