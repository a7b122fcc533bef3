import MarketModel
import Testing
import Venues

@Suite("The order session")
struct OrderSessionTests {
    private let id = ClientOrderID(epoch: 7, lane: 1, sequence: 3)

    private func request(_ kind: RequestKind, _ number: UInt64, at now: Int64) -> OrderRequest {
        OrderRequest(
            kind: kind, requestID: number, clientOrderID: id, instrument: InstrumentIndex(0),
            strategy: StrategyIndex(0), side: .buy, type: .limit, timeInForce: .gtc,
            price: Price(raw: 10_000), quantity: Quantity(raw: 100_000),
            decisionTime: Timestamp(nanoseconds: now))
    }

    private func send(_ kind: RequestKind, _ number: UInt64, _ rig: SessionRig) -> Bool {
        let encoded = rig.session.send(request(kind, number, at: rig.now))
        rig.settle()
        return encoded.count > 0
    }

    /// An order's state, as a query tells it.
    private func state(
        _ status: String, filled: String, spent: String, of name: String? = nil
    ) -> String {
        """
        {"symbol":"BTCUSDT","orderId":55,"clientOrderId":"\(name ?? id.text)","price":"100.00",\
        "origQty":"1.00000","executedQty":"\(filled)","cummulativeQuoteQty":"\(spent)",\
        "status":"\(status)","timeInForce":"GTC","type":"LIMIT","side":"BUY",\
        "time":1795262400000,"updateTime":1795262400000,"isWorking":true}
        """
    }

    private func trade(_ number: Int, _ quantity: String) -> String {
        """
        {"symbol":"BTCUSDT","id":\(number),"orderId":55,"price":"99.00","qty":"\(quantity)",\
        "commission":"0.00050000","commissionAsset":"BTC","time":1795262400000,"isBuyer":true,\
        "isMaker":true}
        """
    }

    @Test func `a login's weight is settled by its answers`() throws {
        let rig = try SessionRig()
        for round in 1...3 {
            try rig.connect(SessionRig.orders)
            rig.answer(SessionRig.orders, #"{"subscriptionId":0}"#, weight: 24 * round - 20)
            rig.answer(SessionRig.orders, #"{"balances":[]}"#, weight: 24 * round)
            let isUp = rig.session.isOrderSessionUp
            let used = rig.session.budget.weight.used
            #expect(isUp)
            #expect(used == Int64(24 * round), "nothing of the login is still out")
            rig.drop(SessionRig.orders)
        }
    }

    @Test func `a request of the core and one of the session keep their own weights`() throws {
        let rig = try SessionRig()
        try rig.makeUp()
        // The first numbers of both kinds, all under way at once.
        #expect(send(.query, 1, rig) && send(.query, 2, rig))
        rig.answer(SessionRig.orders, state("FILLED", filled: "1.00000", spent: "99.00"))
        #expect(rig.requests(SessionRig.orders).count == 2)
        rig.answer(SessionRig.orders, "[\(trade(1, "1.00000"))]", weight: 9, at: 1)
        rig.answer(
            SessionRig.orders, #"{"code":-2013,"msg":"Order does not exist."}"#, status: 400,
            weight: 13)
        let used = rig.session.budget.weight.used
        #expect(used == 13)
    }

    @Test func `an order's trades come before its state, and the answer behind it`() throws {
        let rig = try SessionRig()
        try rig.makeUp()
        #expect(send(.query, 1, rig))
        _ = rig.take()
        rig.answer(SessionRig.orders, state("FILLED", filled: "1.00000", spent: "99.00"))
        #expect(rig.take().isEmpty, "the trades are asked for first")
        let asked = try #require(rig.requests(SessionRig.orders).first)
        #expect(asked.contains(#""method":"myTrades""#) && asked.contains(#""orderId":55"#))
        rig.answer(SessionRig.orders, "[\(trade(8, "0.40000")),\(trade(9, "0.60000"))]")
        let told = rig.take()
        guard told.count == 4, case .report(let first) = told[0], case .report(let second) = told[1],
            case .report(let state) = told[2], case .reply(let reply) = told[3]
        else {
            Issue.record("told \(told)")
            return
        }
        #expect(first.clientOrderID == id && second.clientOrderID == id)
        #expect([first.tradeID, second.tradeID] == [TradeID(8), TradeID(9)])
        #expect(first.executionID == 0 && first.commission == 50_000)
        #expect(state.executionType == .status && state.status == .filled)
        #expect(reply.requestID == 1 && reply.outcome == .accepted)
    }

    @Test(arguments: [true, false])
    func `a list of trades that does not add up is no answer`(isRefused: Bool) throws {
        let rig = try SessionRig()
        try rig.makeUp()
        #expect(send(.query, 1, rig))
        rig.answer(SessionRig.orders, state("FILLED", filled: "1.00000", spent: "99.00"))
        _ = rig.take()
        if isRefused {
            rig.answer(SessionRig.orders, #"{"code":-1003,"msg":"Too much."}"#, status: 429)
        } else {
            rig.answer(SessionRig.orders, "[\(trade(8, "0.40000"))]")
        }
        guard case .reply(let reply) = rig.take().last else {
            Issue.record("no reply")
            return
        }
        #expect(reply.requestID == 1 && reply.outcome == .unknown)
    }

    // The venue tells a thousand at a time.
    @Test func `trades beyond the longest list are asked for from the last one on`() throws {
        let rig = try SessionRig()
        try rig.makeUp()
        #expect(send(.query, 1, rig))
        _ = rig.take()
        rig.answer(SessionRig.orders, state("FILLED", filled: "0.01002", spent: "0.99"))
        let first = try #require(rig.requests(SessionRig.orders).first)
        #expect(first.contains(#""fromId":0"#))
        let list = (1...1_000).map { trade($0 * 3, "0.00001") }.joined(separator: ",")
        rig.answer(SessionRig.orders, "[\(list)]")
        #expect(rig.take().count == 1_000, "no state yet")
        let second = try #require(rig.requests(SessionRig.orders).first)
        #expect(second.contains(#""fromId":3001"#) && second.contains(#""orderId":55"#))
        rig.answer(SessionRig.orders, "[\(trade(3_001, "0.00001")),\(trade(3_002, "0.00001"))]")
        let rest = rig.take()
        guard rest.count == 4, case .report(let state) = rest[2], case .reply(let reply) = rest[3]
        else {
            Issue.record("told \(rest)")
            return
        }
        #expect(state.executionType == .status && reply.outcome == .accepted)
    }

    // Somebody else's order that was taken over goes by the id that it has here.
    @Test func `trades of an order with an id of somebody else come under the claimed one`() throws {
        let rig = try SessionRig()
        try rig.makeUp()
        #expect(send(.query, 1, rig))
        _ = rig.take()
        rig.answer(
            SessionRig.orders, state("FILLED", filled: "1.00000", spent: "99.00", of: "web_17"))
        _ = rig.take()
        rig.answer(SessionRig.orders, "[\(trade(8, "1.00000"))]")
        guard case .report(let fill) = rig.take().first else {
            Issue.record("no trade")
            return
        }
        #expect(fill.clientOrderID == ClientOrderID(claiming: VenueOrderID(55)))
    }

    @Test func `an order without trades is told at once`() throws {
        let rig = try SessionRig()
        try rig.makeUp()
        #expect(send(.query, 1, rig))
        _ = rig.take()
        rig.answer(SessionRig.orders, state("NEW", filled: "0.00000", spent: "0.00"))
        #expect(rig.requests(SessionRig.orders).isEmpty)
        #expect(rig.take().count == 2)
    }

    @Test(arguments: [
        (SpotLink.market, 418, 300, 300), (SpotLink.orders, 429, 7, 7), (SpotLink.orders, 429, 0, 60),
        (SpotLink.market, 403, 0, 120), (SpotLink.orders, 503, 0, 0),
    ] as [(Int, Int32, Int32, Int64)])
    func `a refused WebSocket is not asked for again before the venue wants it`(
        link: Int, status: Int32, retryAfter: Int32, pause: Int64
    ) throws {
        let rig = try SessionRig()
        try rig.refuse(link, status: status, retryAfter: retryAfter)
        // Every link waits: the address is what is refused. Other failures are the backoff's alone.
        for other in [SpotLink.market, SpotLink.orders] {
            let early = rig.session.wantsConnection(
                other, now: rig.now + pause * 1_000_000_000 - 1_000_000)
            #expect(pause == 0 || !early, "link \(other)")
            let late = rig.session.wantsConnection(other, now: rig.now + 301_000_000_000)
            #expect(late, "link \(other)")
        }
    }
}
