import MarketModel
import Testing
@testable import Venues
import Wire

@Suite("Orders over REST")
struct FallbackTests {
    private let id = ClientOrderID(epoch: 7, lane: 1, sequence: 3)
    private static let rest = SpotLink.fallback

    private func rig(
        _ entry: SpotConfiguration.OrderEntry = .closingOverREST
    ) throws -> SessionRig {
        let rig = try SessionRig {
            $0.orderEntry = entry
            $0.fallbackPatience = 2_000_000_000
        }
        return rig
    }

    /// A session that was up and whose WebSocket API is gone for longer than its patience.
    private func fallen(_ entry: SpotConfiguration.OrderEntry = .closingOverREST) throws
        -> SessionRig
    {
        let rig = try rig(entry)
        try rig.makeUp()
        rig.refused = [SpotLink.orders, SpotLink.market, SpotLink.rest]
        rig.drop(SpotLink.orders)
        for _ in 0..<3 { try rig.pass(.seconds(1)) }
        if !rig.requests(Self.rest).isEmpty { readAccount(rig) }
        return rig
    }

    /// Answers the first question of the way.
    private func readAccount(_ rig: SessionRig, balances: String = "") {
        let asked = rig.requests(Self.rest).first ?? ""
        #expect(asked.hasPrefix("GET /api/v3/account?omitZeroBalances=true&"), "\(asked)")
        rig.respond(Self.rest, #"{"updateTime":1795262400000,"balances":[\#(balances)]}"#)
    }

    private func send(_ kind: RequestKind, _ number: UInt64, _ rig: SessionRig) throws -> Bool {
        let request = OrderRequest(
            kind: kind, requestID: number, clientOrderID: id, instrument: InstrumentIndex(0),
            strategy: StrategyIndex(0), side: .sell, type: .limit, timeInForce: .gtc,
            price: Price(raw: 10_000), quantity: Quantity(raw: 100_000), isReduceOnly: true,
            decisionTime: Timestamp(nanoseconds: rig.now))
        let encoded = rig.session.send(request)
        if encoded.count > 0 { try rig.pass() }
        return encoded.count > 0
    }

    /// Events of the orders' ways.
    private func links(_ told: [SessionRig.Told]) -> [LinkEvent] {
        told.compactMap { if case .link(let event) = $0 { event } else { nil } }
            .filter { $0 != .marketStreamUp && $0 != .marketStreamDown }
    }

    private func replies(_ told: [SessionRig.Told]) -> [RequestReply] {
        told.compactMap { if case .reply(let reply) = $0 { reply } else { nil } }
    }

    @Test func `the way opens after the patience, and not before`() throws {
        let rig = try rig()
        try rig.makeUp()
        _ = rig.take()
        rig.refused = [SpotLink.orders]
        rig.drop(SpotLink.orders)
        try rig.pass(.seconds(1))
        #expect(links(rig.take()) == [.orderSessionDown])
        #expect(try !send(.cancel, 1, rig), "there is no way")
        try rig.pass(.seconds(1))
        try rig.pass()
        #expect(links(rig.take()).isEmpty, "the balances come first")
        readAccount(rig)
        #expect(links(rig.take()) == [.orderFallbackUp])
    }

    @Test func `balances are read before a first login too`() throws {
        let rig = try rig()
        rig.refused = [SpotLink.orders, SpotLink.market, SpotLink.rest]
        for _ in 0..<4 { try rig.pass(.seconds(1)) }
        readAccount(rig, balances: #"{"asset":"BTC","free":"1.50000000","locked":"0.50000000"}"#)
        let told = rig.take()
        let balances = told.compactMap { told -> Balance? in
            if case .balance(let balance) = told { balance } else { nil }
        }
        #expect(balances.map(\.asset) == [AssetIndex(0)])
        #expect(balances.first?.free == 150_000_000 && balances.first?.locked == 50_000_000)
        #expect(links(told) == [.orderFallbackUp])
    }

    @Test func `balances that are refused do not keep cancels back`() throws {
        let rig = try rig()
        rig.refused = [SpotLink.orders, SpotLink.market, SpotLink.rest]
        for _ in 0..<4 { try rig.pass(.seconds(1)) }
        rig.respond(Self.rest, "<html>busy</html>", status: 503)
        #expect(links(rig.take()) == [.orderFallbackUp])
        #expect(try send(.cancel, 1, rig))
    }

    @Test func `the WebSocket API that comes back meanwhile is taken at once`() throws {
        let rig = try rig()
        try rig.makeUp()
        _ = rig.take()
        rig.refused = [SpotLink.orders, SpotLink.market, SpotLink.rest]
        rig.drop(SpotLink.orders)
        for _ in 0..<3 { try rig.pass(.seconds(1)) }
        #expect(rig.requests(Self.rest).count == 1)
        rig.refused = [SpotLink.market, SpotLink.rest]
        for _ in 0..<15 { try rig.pass(.milliseconds(100)) }
        rig.answer(SpotLink.orders, #"{"subscriptionId":0}"#)
        rig.answer(SpotLink.orders, #"{"balances":[]}"#)
        try rig.pass()
        #expect(links(rig.take()) == [.orderSessionDown, .orderSessionUp])
        #expect(try send(.cancel, 1, rig))
        #expect(rig.requests(SpotLink.orders).count == 1)
    }

    @Test func `the configuration decides whether there is a way, and for what`() throws {
        #expect(links(try fallen(.everythingOverREST).take()).last == .orderFallbackPlacing)
        let rig = try fallen(.webSocket)
        try rig.pass(.seconds(3600))
        #expect(links(rig.take()).last == .orderSessionDown)
    }

    // binance-spot.md, section 8.
    @Test(arguments: [
        (RequestKind.place, "POST /api/v3/order?newClientOrderId="),
        (.cancel, "DELETE /api/v3/order?origClientOrderId="),
        (.query, "GET /api/v3/order?origClientOrderId="),
        (.cancelAll, "DELETE /api/v3/openOrders?recvWindow="),
        (.cancelReplace, "POST /api/v3/order/cancelReplace?cancelOrigClientOrderId="),
        (.amend, "PUT /api/v3/order/amend/keepPriority?newClientOrderId="),
    ])
    func `each kind of request has its endpoint`(kind: RequestKind, start: String) throws {
        let rig = try fallen()
        #expect(try send(kind, 1, rig))
        let sent = try #require(rig.requests(Self.rest).first)
        #expect(sent.hasPrefix(start), "\(sent)")
        #expect(sent.contains("&symbol=BTCUSDT") && sent.contains("&signature="))
        #expect(!sent.contains("apiKey"), "the key is a field")
        let time = rig.now / 1_000_000
        #expect(sent.contains("timestamp=\(time)"))
    }

    /// Sends the orders of a list; whether its last one has left.
    private func send(
        _ contingency: Contingency, _ number: UInt64, _ rig: SessionRig
    ) throws -> Bool {
        let types: [OrderType] =
            switch contingency {
            case .oneCancelsOther: [.limitMaker, .stopLoss]
            case .oneTriggersOther: [.limit, .limit]
            case .none, .oneTriggersPair: [.limit, .limitMaker, .stopLoss]
            }
        var hasLeft = false
        for (leg, type) in types.enumerated() {
            var terms = SpecialTerms()
            if type == .stopLoss { terms.stopPrice = Price(raw: 9_000) }
            let request = OrderRequest(
                kind: .placeLeg, requestID: number,
                clientOrderID: ClientOrderID(raw: id.raw + UInt64(leg)),
                instrument: InstrumentIndex(0), strategy: StrategyIndex(0), side: .sell,
                type: type, timeInForce: type == .limit ? .gtc : .none,
                price: type == .stopLoss ? .zero : Price(raw: 10_000),
                quantity: Quantity(raw: 100_000), terms: terms, isReduceOnly: true,
                contingency: contingency, leg: UInt8(leg),
                decisionTime: Timestamp(nanoseconds: rig.now))
            hasLeft = rig.session.send(request).count > 0
        }
        try rig.pass()
        return hasLeft
    }

    // binance-spot.md, section 8.3.
    @Test(arguments: [
        (Contingency.oneCancelsOther, "POST /api/v3/orderList/oco?aboveClientOrderId="),
        (.oneTriggersOther, "POST /api/v3/orderList/oto?listClientOrderId="),
        (.oneTriggersPair, "POST /api/v3/orderList/otoco?listClientOrderId="),
    ])
    func `a list is one request with all its orders`(
        contingency: Contingency, start: String
    ) throws {
        let rig = try fallen()
        #expect(try send(.query, 1, rig) && send(contingency, 2, rig) && send(.cancel, 3, rig))
        rig.respond(Self.rest, #"{"code":-2013,"msg":"Order does not exist."}"#, status: 400)
        try rig.pass()
        let sent = try #require(rig.requests(Self.rest).first)
        #expect(sent.hasPrefix(start), "\(sent)")
        for leg in 0..<UInt64(contingency.legCount) {
            #expect(sent.contains(ClientOrderID(raw: id.raw + leg).text), "\(sent)")
        }
        _ = rig.take()
        rig.respond(
            Self.rest,
            #"{"orderListId":1,"contingencyType":"OCO","listStatusType":"EXEC_STARTED","#
                + #""listOrderStatus":"EXECUTING","listClientOrderId":"x","#
                + #""transactionTime":1795262400000,"symbol":"BTCUSDT","orders":[]}"#)
        let reply = try #require(replies(rig.take()).first)
        #expect(reply.requestID == 2 && reply.outcome == .accepted)
        try rig.pass()
        #expect(rig.requests(Self.rest).first?.hasPrefix("DELETE ") == true, "the next in line")
    }

    @Test func `a list whose answer is lost is not sent again`() throws {
        let rig = try fallen()
        #expect(try send(.oneTriggersPair, 1, rig) && send(.oneCancelsOther, 2, rig))
        #expect(rig.requests(Self.rest).count == 1)
        rig.drop(Self.rest)
        for _ in 0..<9 { try rig.pass(.seconds(1)) }
        readAccount(rig)
        #expect(links(rig.take()).last == .orderFallbackUp)
        try rig.pass(.seconds(1))
        #expect(rig.requests(Self.rest).isEmpty)
    }

    @Test func `a list that finds no room does not leave in part`() throws {
        let rig = try fallen()
        for number in 1...64 as ClosedRange<UInt64> {
            #expect(try send(.query, number, rig))
        }
        // One is under way: 63 wait.
        #expect(try !send(.oneTriggersPair, 100, rig))
        #expect(try send(.query, 101, rig) && !send(.query, 102, rig))
    }

    @Test func `one request at a time, in their order`() throws {
        let rig = try fallen()
        #expect(try send(.cancel, 1, rig) && send(.query, 2, rig))
        #expect(rig.requests(Self.rest).count == 1)
        _ = rig.take()
        rig.respond(Self.rest, #"{"symbol":"BTCUSDT","orderId":5,"transactTime":1795262400000}"#)
        #expect(replies(rig.take()).map(\.outcome) == [.accepted])
        try rig.pass()
        let second = rig.requests(Self.rest)
        #expect(second.count == 1 && second[0].hasPrefix("GET"))
        rig.respond(
            Self.rest, #"{"code":-2013,"msg":"Order does not exist."}"#, status: 400)
        let reply = try #require(replies(rig.take()).first)
        #expect(reply.requestID == 2 && reply.outcome == .noSuchOrder)
    }

    @Test(arguments: [
        (503, "<html>nobody is here</html>", RequestOutcome.unknown),
        (400, #"{"code":-2010,"msg":"Account has insufficient balance."}"#, .rejected),
        (400, #"{"code":-2011,"msg":"Unknown order sent."}"#, .noSuchOrder),
        (500, #"{"code":-1007,"msg":"Timeout."}"#, .unknown),
        (403, "<html>blocked</html>", .unknown),
    ])
    func `answers mean what they mean on the other way`(
        status: Int, body: String, outcome: RequestOutcome
    ) throws {
        let rig = try fallen()
        #expect(try send(.cancel, 7, rig))
        _ = rig.take()
        rig.respond(Self.rest, body, status: status)
        let reply = try #require(replies(rig.take()).first)
        #expect(reply.requestID == 7 && reply.outcome == outcome)
    }

    @Test func `a limit that is hit makes the session quiet`() throws {
        let rig = try fallen()
        #expect(try send(.cancel, 1, rig))
        rig.respond(Self.rest, #"{"code":-1003,"msg":"Too much."}"#, status: 429)
        #expect(try !send(.cancel, 2, rig))
        let held = rig.session.heldBack
        #expect(held == 1)
    }

    /// Order 55 has traded: its trades are to be asked for.
    private func answerFilled(_ rig: SessionRig) {
        rig.respond(
            Self.rest,
            """
            {"symbol":"BTCUSDT","orderId":55,"clientOrderId":"\(id.text)","price":"100.00",\
            "origQty":"1.00000","executedQty":"1.00000","cummulativeQuoteQty":"99.00",\
            "status":"FILLED","timeInForce":"GTC","type":"LIMIT","side":"SELL",\
            "time":1795262400000,"updateTime":1795262400000,"isWorking":true}
            """)
    }

    @Test func `an order's trades come with its state`() throws {
        let rig = try fallen()
        #expect(try send(.query, 1, rig))
        _ = rig.take()
        answerFilled(rig)
        try rig.pass()
        let asked = try #require(rig.requests(Self.rest).first)
        #expect(asked.hasPrefix("GET /api/v3/myTrades?") && asked.contains("orderId=55"))
        rig.respond(
            Self.rest,
            """
            [{"symbol":"BTCUSDT","id":8,"orderId":55,"price":"99.00","qty":"1.00000",\
            "commission":"0.09900000","commissionAsset":"USDT","time":1795262400000,\
            "isBuyer":false,"isMaker":false}]
            """)
        let told = rig.take()
        guard told.count == 3, case .report(let trade) = told[0], case .report(let state) = told[1],
            case .reply(let reply) = told[2]
        else {
            Issue.record("told \(told)")
            return
        }
        #expect(trade.clientOrderID == id && trade.tradeID == TradeID(8))
        #expect(state.status == .filled && reply.outcome == .accepted)
    }

    // Nothing may wait for ever for what came broken: the way back would be closed.
    @Test(arguments: [#"[{"symbol":"BTCUSDT","id":8,"orde"#, "", "<html>", "[}"])
    func `trades that cannot be read leave the outcome open, and the way back`(
        body: String
    ) throws {
        let rig = try fallen()
        #expect(try send(.query, 1, rig))
        _ = rig.take()
        answerFilled(rig)
        try rig.pass()
        #expect(rig.requests(Self.rest).first?.hasPrefix("GET /api/v3/myTrades?") == true)
        rig.respond(Self.rest, body)
        let reply = try #require(replies(rig.take()).first)
        #expect(reply.requestID == 1 && reply.outcome == .unknown)
        let isAtRest = rig.session.isFallbackAtRest
        #expect(isAtRest)
    }

    // Found by the simulator: asked for on a connection that had not logged on and was lost again, the
    // trades were waited for for ever, and with them the way back.
    @Test func `trades are asked for over REST while the WebSocket API is logging on`() throws {
        let rig = try fallen()
        #expect(try send(.query, 1, rig))
        rig.refused = [SpotLink.market, SpotLink.rest]
        for _ in 0..<15 { try rig.pass(.milliseconds(100)) }
        let login = rig.requests(SpotLink.orders).count
        _ = rig.take()
        answerFilled(rig)
        rig.session.progress(SpotLink.orders, now: rig.now)
        try rig.pass()
        #expect(login == 1 && rig.requests(SpotLink.orders).count == 1, "it only logs on there")
        #expect(rig.requests(Self.rest).first?.hasPrefix("GET /api/v3/myTrades?") == true)
    }

    @Test func `a connection that ends takes its requests with it, none is repeated`() throws {
        let rig = try fallen()
        #expect(try send(.place, 1, rig) && send(.cancel, 2, rig))
        #expect(rig.requests(Self.rest).count == 1)
        _ = rig.take()
        rig.drop(Self.rest)
        #expect(links(rig.take()) == [.orderSessionDown])
        for _ in 0..<9 { try rig.pass(.seconds(1)) }
        readAccount(rig)
        #expect(links(rig.take()) == [.orderFallbackUp])
        try rig.pass(.seconds(1))
        #expect(rig.requests(Self.rest).isEmpty, "what is to be done is the core's to say")
    }

    // Found by the simulator: both answers in one turn, and orders counted as going over REST for ever.
    @Test func `the WebSocket API that is back while the way begins has it left`() throws {
        let rig = try rig()
        try rig.makeUp()
        rig.refused = [SpotLink.market, SpotLink.rest]
        let before = rig.session.reconnects[SpotLink.orders]
        rig.drop(SpotLink.orders)
        rig.refused.insert(SpotLink.orders)
        for _ in 0..<3 { try rig.pass(.seconds(1)) }
        rig.refused.remove(SpotLink.orders)
        for _ in 0..<15 { try rig.pass(.milliseconds(100)) }
        #expect(rig.session.reconnects[SpotLink.orders] == before + 1)
        _ = rig.take()
        rig.answer(SpotLink.orders, #"{"subscriptionId":0}"#)
        rig.answer(SpotLink.orders, #"{"balances":[]}"#)
        readAccount(rig)
        try rig.pass()
        #expect(links(rig.take()) == [.orderSessionUp])
        #expect(!rig.isConnected(Self.rest))
    }

    @Test func `a request that has waited too long does not leave`() throws {
        let rig = try fallen()
        #expect(try send(.cancel, 1, rig) && send(.place, 2, rig))
        rig.now += LinkLimits().responseTimeout - 1_000_000
        rig.respond(Self.rest, #"{"symbol":"BTCUSDT","orderId":5,"transactTime":1795262400000}"#)
        try rig.pass(.milliseconds(2))
        #expect(rig.requests(Self.rest).isEmpty, "the core has asked for it since (BUG-176)")
    }

    @Test func `the WebSocket API takes over when nothing is under way`() throws {
        let rig = try fallen()
        #expect(try send(.cancel, 1, rig))
        _ = rig.take()
        rig.refused = [SpotLink.market, SpotLink.rest]
        for _ in 0..<15 { try rig.pass(.milliseconds(100)) }
        rig.answer(SpotLink.orders, #"{"subscriptionId":0}"#)
        rig.answer(SpotLink.orders, #"{"balances":[]}"#)
        try rig.pass()
        #expect(links(rig.take()).isEmpty, "a cancel is still out")
        #expect(try !send(.cancel, 2, rig))
        rig.respond(Self.rest, #"{"symbol":"BTCUSDT","orderId":5,"transactTime":1795262400000}"#)
        try rig.pass()
        let told = rig.take()
        #expect(replies(told).map(\.requestID) == [1])
        #expect(links(told) == [.orderSessionDown, .orderSessionUp])
        #expect(try send(.cancel, 3, rig))
        #expect(rig.requests(SpotLink.orders).count == 1)
        let phase = rig.session.links[Self.rest].phase
        #expect(phase == .closed || phase == .closing)
    }

    // Found by the simulator: a login that was complete and waited for REST counted as unanswered, and
    // its connection was begun anew again and again.
    @Test func `a login that waits for REST is no stalled one`() throws {
        let rig = try fallen()
        let patience = LinkLimits().responseTimeout
        #expect(try send(.cancel, 1, rig) && send(.cancel, 2, rig))
        let start = rig.now
        rig.refused = [SpotLink.market, SpotLink.rest]
        for _ in 0..<15 { try rig.pass(.milliseconds(100)) }
        rig.answer(SpotLink.orders, #"{"subscriptionId":0}"#)
        rig.answer(SpotLink.orders, #"{"balances":[]}"#)
        let done = #"{"symbol":"BTCUSDT","orderId":5,"transactTime":1795262400000}"#
        try rig.pass(Nanoseconds(start + patience * 9 / 10 - rig.now))
        rig.respond(Self.rest, done)
        try rig.pass()
        try rig.pass(Nanoseconds(patience * 8 / 10))
        _ = rig.take()
        rig.respond(Self.rest, done)
        try rig.pass()
        try rig.pass()
        #expect(links(rig.take()) == [.orderSessionDown, .orderSessionUp])
        #expect(rig.session.reconnects[SpotLink.orders] == 1, "the one after the loss")
        #expect(!rig.remarks().contains { $0.kind == .stalled })
    }
}
