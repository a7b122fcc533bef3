/// Which binary message a JSON answer or event becomes.
enum BinaryAnswer {
    /// The answer to one of the operations, or to a method of the session.
    case operation(Operation)
    case method(String)

    /// The message's number; `nil` for a method that does not exist.
    func template(of result: JSONValue) -> UInt16? {
        switch self {
        case .method(let name):
            switch name {
            case "session.logon": 51
            case "session.status": 52
            case "session.logout": 53
            case "session.subscriptions": 54
            case "userDataStream.subscribe", "userDataStream.subscribe.signature": 503
            case "userDataStream.unsubscribe": 504
            default: nil
            }
        case .operation(let operation): Self.template(operation, result)
        }
    }

    private static func template(_ operation: Operation, _ result: JSONValue) -> UInt16 {
        switch operation {
        case .ping: 101
        case .time: 102
        case .exchangeInfo: 103
        case .executionRules: 104
        case .accountFilters: 105
        case .depth: 200
        case .trades, .oldTrades: 201
        case .aggregateTrades: 202
        case .candles, .displayCandles: 203
        case .averagePrice: 204
        case .dayTicker: result.isFull ? result.oneOrMany(205) : result.oneOrMany(207)
        case .priceTicker: result.oneOrMany(209)
        case .bookTicker: result.oneOrMany(211)
        case .tradingDayTicker, .windowTicker:
            result.isFull ? result.oneOrMany(213) : result.oneOrMany(215)
        case .referencePrice: 217
        case .referenceCalculation: 218
        case .blockTrades: 219
        case .placeOrder, .cancelOrder, .routeOrder: order(result)
        case .testOrder, .testRouting: result["discount"] == nil ? 303 : 315
        case .queryOrder: 304
        case .cancelAll: 306
        case .replaceOrder: 307
        case .openOrders, .allOrders: 308
        case .placePair, .placeOldPair, .placeTriggered, .placeTriggeredPair, .placeFunded,
            .placeFundedPair:
            // An acknowledgement, a result or everything: as its orders are.
            order(result["orderReports"]?.first ?? .null) + 9
        case .cancelList: 312
        case .queryList: 313
        case .openLists, .allLists: 314
        case .amendments: 316
        case .amendOrder: 317
        case .account: 400
        case .accountTrades: 401
        case .orderLimits: 402
        case .preventedMatches: 403
        case .allocations: 404
        case .commission: 405
        }
    }

    /// An order by what is told of it: cancelled, in full, its result, or its acknowledgement.
    private static func order(_ order: JSONValue) -> UInt16 {
        if order["orderReports"] != nil { return 312 }
        if order["fills"] != nil { return 302 }
        if order["origClientOrderId"] != nil { return 305 }
        return order["price"] == nil ? 300 : 301
    }

    /// The message within another, by the name of the field it lies in.
    static func nested(_ field: String, _ value: JSONValue?) -> (id: UInt16, value: JSONValue)? {
        guard let value, value != .null else { return nil }
        if let type = value["filterType"]?.string {
            return filter(type).map { ($0, value) }
        }
        if value["code"] != nil { return (100, error(value)) }
        if field == "data" { return value["cancelResult"] == nil ? nil : (307, value) }
        return (order(value), value)
    }

    /// The message of a filter by its type's word: `LOT_SIZE` is the `LotSizeFilter`.
    static func filter(_ type: String) -> UInt16? {
        let parts = type.split(separator: "_").map { $0.prefix(1) + $0.dropFirst().lowercased() }
        let name = parts.joined()
        return BinaryLayout.ids[name.hasSuffix("Filter") ? name : name + "Filter"]
    }

    /// An error with its data's times, which binary messages have beside its code.
    static func error(_ error: JSONValue) -> JSONValue {
        guard case .object(let members) = error, case .object(let data)? = error["data"] else {
            return error
        }
        return .object(members + data.filter { ["serverTime", "retryAfter"].contains($0.name) })
    }

    /// The message that an answer's `result` becomes.
    func message(of result: JSONValue) -> (id: UInt16, value: JSONValue)? {
        template(of: result).map { ($0, $0 == 317 ? Self.amendment(result) : result) }
    }

    /// An amendment with its order's values beside its own, as the binary message has them.
    private static func amendment(_ result: JSONValue) -> JSONValue {
        guard case .object(let members) = result, case .object(let order)? = result["amendedOrder"]
        else { return result }
        return .object(members + order)
    }

    /// The message of a user stream's or the connection's event.
    static func template(ofEvent name: String?) -> UInt16? {
        switch name {
        case "balanceUpdate": 601
        case "eventStreamTerminated": 602
        case "executionReport": 603
        case "externalLockUpdate": 604
        case "listStatus": 606
        case "outboundAccountPosition": 607
        case "serverShutdown": 610
        default: nil
        }
    }
}

/// Whole frames of the WebSocket API.
enum BinaryFrame {
    /// The answer `frame`, an object with id, status and result or error, in its envelope.
    static func answer(
        _ frame: JSONValue, to answer: BinaryAnswer?, isDeprecated: Bool,
        to text: inout TextBuffer
    ) {
        guard case .object(var members) = frame else { return }
        members.append(
            JSONValue.Member(
                name: "sbeSchemaIdVersionDeprecated", value: .boolean(isDeprecated)))
        BinaryEncoder.write(50, .object(members), to: &text) { field, value in
            guard field == "result" else { return BinaryAnswer.nested(field, value) }
            guard let result = value else {
                return frame["error"].map { (100, BinaryAnswer.error($0)) }
            }
            return answer?.message(of: result)
        }
    }

    /// The body of a REST answer: the result of a request, or the error that refuses it.
    static func body(_ body: JSONValue, to answer: BinaryAnswer?, to text: inout TextBuffer) {
        let message = answer?.message(of: body) ?? (100, BinaryAnswer.error(body))
        BinaryEncoder.write(message.id, message.value, to: &text, nested: BinaryAnswer.nested)
    }

    /// An event `frame`, an object with the event and perhaps its subscription; events go bare.
    static func event(_ frame: JSONValue, to text: inout TextBuffer) {
        guard case .object(var members)? = frame["event"],
            let id = BinaryAnswer.template(ofEvent: frame["event"]?["e"]?.string)
        else { return }
        if let subscription = frame["subscriptionId"] {
            members.append(JSONValue.Member(name: "subscriptionId", value: subscription))
        }
        BinaryEncoder.write(id, .object(members), to: &text)
    }
}

extension JSONValue {
    fileprivate var first: JSONValue? {
        if case .array(let elements) = self { elements.first } else { nil }
    }

    /// Whether a ticker, or the first of several, has the change and not only the range.
    fileprivate var isFull: Bool { (first ?? self)["priceChange"] != nil }

    /// The message for one symbol; the number behind it is that for a list of them.
    fileprivate func oneOrMany(_ one: UInt16) -> UInt16 {
        if case .array = self { one + 1 } else { one }
    }
}
