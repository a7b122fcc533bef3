import MarketModel

/// A request of the WebSocket API that is not on the hot path: session, account, history.
///
/// Gives the text to sign and, with the signature, the text to send.
public struct BinanceSpotSessionRequest: Sendable, Equatable {
    /// One parameter: its text and whether JSON quotes it.
    struct Parameter: Sendable, Equatable {
        var name: String
        var value: String
        var isQuoted: Bool
    }

    /// Echoed by the answer.
    public let id: UInt64
    public let method: String
    var parameters: [Parameter]

    init(id: UInt64, method: String, parameters: [Parameter] = []) {
        self.id = id
        self.method = method
        self.parameters = parameters
    }

    /// All parameters in the order of their names, `name=value` joined by `&`, as they are.
    public var signingText: String {
        sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// The JSON text without a signature.
    public var text: String { render(sorted) }

    /// The JSON text with the signature of ``signingText``.
    public func text(signature: String) -> String {
        render(sorted + [Parameter(name: "signature", value: signature, isQuoted: true)])
    }

    private var sorted: [Parameter] {
        parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private func render(_ members: [Parameter]) -> String {
        let head = "{\"id\":\(id),\"method\":\(JSONText.quoted(method))"
        guard !members.isEmpty else { return head + "}" }
        let body = members.map { member in
            let value = member.isQuoted ? JSONText.quoted(member.value) : member.value
            return "\(JSONText.quoted(member.name)):\(value)"
        }
        return head + ",\"params\":{\(body.joined(separator: ","))}}"
    }
}

extension BinanceSpotSessionRequest {
    /// `session.logon`: to be signed with an Ed25519 key; later requests need no signature.
    public static func logon(
        id: UInt64, apiKey: String, time: Timestamp, receiveWindow: Int? = nil
    ) -> BinanceSpotSessionRequest {
        signed("session.logon", id, apiKey: apiKey, time, receiveWindow)
    }

    /// `userDataStream.subscribe`, on a connection that is logged on.
    public static func subscribeUserStream(id: UInt64) -> BinanceSpotSessionRequest {
        BinanceSpotSessionRequest(id: id, method: "userDataStream.subscribe")
    }

    /// `userDataStream.subscribe.signature`: any kind of key, no logon.
    public static func subscribeUserStream(
        id: UInt64, apiKey: String, time: Timestamp, receiveWindow: Int? = nil
    ) -> BinanceSpotSessionRequest {
        signed("userDataStream.subscribe.signature", id, apiKey: apiKey, time, receiveWindow)
    }

    /// `time`: the venue's clock.
    public static func time(id: UInt64) -> BinanceSpotSessionRequest {
        BinanceSpotSessionRequest(id: id, method: "time")
    }

    /// `account.status`: balances that are not zero. Weight 20.
    public static func accountStatus(
        id: UInt64, apiKey: String?, time: Timestamp, receiveWindow: Int? = nil
    ) -> BinanceSpotSessionRequest {
        var request = signed("account.status", id, apiKey: apiKey, time, receiveWindow)
        request.add("omitZeroBalances", "true", isQuoted: false)
        return request
    }

    /// `openOrders.status`. Weight 6 with a symbol, 80 without.
    public static func openOrders(
        id: UInt64, symbol: ShortName?, apiKey: String?, time: Timestamp,
        receiveWindow: Int? = nil
    ) -> BinanceSpotSessionRequest {
        var request = signed("openOrders.status", id, apiKey: apiKey, time, receiveWindow)
        if let symbol { request.add("symbol", symbol.text, isQuoted: true) }
        return request
    }

    /// `myTrades` of one order: at most 1000 of its trades, from one on. Weight 5.
    public static func orderTrades(
        id: UInt64, symbol: ShortName, orderID: VenueOrderID, from trade: TradeID,
        apiKey: String?, time: Timestamp, receiveWindow: Int? = nil
    ) -> BinanceSpotSessionRequest {
        var request = signed("myTrades", id, apiKey: apiKey, time, receiveWindow)
        request.add("symbol", symbol.text, isQuoted: true)
        request.add("orderId", String(orderID.raw), isQuoted: false)
        request.add("fromId", String(trade.raw), isQuoted: false)
        request.add("limit", "1000", isQuoted: false)
        return request
    }

    private mutating func add(_ name: String, _ value: String, isQuoted: Bool) {
        parameters.append(Parameter(name: name, value: value, isQuoted: isQuoted))
    }

    /// A request with a timestamp; without a key it is for a connection that is logged on.
    private static func signed(
        _ method: String, _ id: UInt64, apiKey: String?, _ time: Timestamp, _ window: Int?
    ) -> BinanceSpotSessionRequest {
        var request = BinanceSpotSessionRequest(id: id, method: method)
        if let apiKey { request.add("apiKey", apiKey, isQuoted: true) }
        request.add("timestamp", String(time.milliseconds), isQuoted: false)
        if let window { request.add("recvWindow", String(window), isQuoted: false) }
        return request
    }
}
