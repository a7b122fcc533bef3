import MarketModel
import Testing
import Venues

@Suite("Order connections that follow each other")
struct OrderRenewalTests {
    private static let orders = SpotLink.orders
    private static let relief = SpotLink.orderRelief

    /// A session that is up, alone on its order link, which is renewed after ten seconds.
    private func rig() throws -> SessionRig {
        let rig = try SessionRig { $0.connectionAge = 10_000_000_000 }
        rig.refused = [SpotLink.market, SpotLink.rest]
        try rig.makeUp()
        _ = rig.take()
        _ = rig.remarks()
        return rig
    }

    /// Lets the relief log on, up to where it can take over.
    private func renew(_ rig: SessionRig) throws {
        try rig.pass(.seconds(10))
        try rig.pass()
        rig.answer(Self.relief, #"{"subscriptionId":0}"#)
    }

    private func cancel(_ number: UInt64, _ rig: SessionRig) -> Bool {
        let request = OrderRequest(
            kind: .cancel, requestID: number,
            clientOrderID: ClientOrderID(epoch: 7, lane: 1, sequence: UInt32(number)),
            instrument: InstrumentIndex(0), strategy: StrategyIndex(0), side: .buy, type: .limit,
            timeInForce: .gtc, price: Price(raw: 10_000), quantity: Quantity(raw: 100_000),
            decisionTime: Timestamp(nanoseconds: rig.now))
        let encoded = rig.session.send(request)
        rig.settle()
        return encoded.count > 0
    }

    /// Events of the order session.
    private func events(_ told: [SessionRig.Told]) -> [LinkEvent] {
        told.compactMap { if case .link(let event) = $0 { event } else { nil } }
            .filter { $0 == .orderSessionUp || $0 == .orderSessionDown }
    }

    private func trades(_ told: [SessionRig.Told]) -> [Int64] {
        told.compactMap { if case .report(let report) = $0 { report.tradeID.raw } else { nil } }
    }

    private func replies(_ told: [SessionRig.Told]) -> [UInt64] {
        told.compactMap { if case .reply(let reply) = $0 { reply.requestID } else { nil } }
    }

    private static let deposit = #"""
        {"subscriptionId":0,"event":{"e":"balanceUpdate","E":1795262400000001,"a":"BTC",\#
        "d":"2.00000000","T":1795262400000000}}
        """#

    private static func trade(_ number: Int, subscription: Int = 0) -> String {
        #"""
        {"subscriptionId":\#(subscription),"event":{"e":"executionReport","E":1795262400000001,"s":"BTCUSDT",\#
        "c":"ap-1","S":"BUY","o":"LIMIT","f":"GTC","q":"1.00000","p":"100.00","P":"0.00",\#
        "F":"0.00000","g":-1,"C":"","x":"TRADE","X":"PARTIALLY_FILLED","r":"NONE","i":55,\#
        "l":"0.10000","z":"0.10000","L":"100.00","n":"0","N":null,"T":1795262400000001,\#
        "t":\#(number),"I":\#(number + 100),"w":true,"m":true,"O":1795262400000000,\#
        "Z":"10.00000","Y":"10.00000","Q":"0.00000","W":1795262400000000,"V":"NONE"}}
        """#
    }

    @Test func `orders leave and are answered throughout`() throws {
        let rig = try rig()
        #expect(cancel(1, rig))
        try renew(rig)
        #expect(rig.requests(Self.orders).count == 1, "still unanswered")
        try rig.pass()
        // They have changed places: what was asked on the first is answered there.
        #expect(rig.requests(Self.orders).isEmpty && rig.requests(Self.relief).count == 1)
        #expect(cancel(2, rig))
        #expect(rig.requests(Self.orders).count == 1, "the next leaves over the second")
        try rig.pass(.milliseconds(600))
        #expect(rig.isConnected(Self.relief), "an answer is still out on it")
        rig.answer(Self.relief, #"{"code":-2011,"msg":"Unknown order sent."}"#, status: 400)
        rig.answer(Self.orders, #"{"code":-2011,"msg":"Unknown order sent."}"#, status: 400)
        let told = rig.take()
        #expect(replies(told) == [1, 2])
        try rig.pass()
        #expect(!rig.isConnected(Self.relief), "closed once nothing is out any more")
        #expect(events(told + rig.take()).isEmpty, "the core hears of no loss")
        let isUp = rig.session.isOrderSessionUp
        let kinds = rig.remarks().filter { $0.link == Self.orders }.map(\.kind)
        #expect(isUp && kinds == [.renewed])
        // And so on for the next one.
        try renew(rig)
        try rig.pass()
        #expect(cancel(3, rig) && rig.requests(Self.orders).count == 1)
    }

    /// Which of the two tells first is open, around the takeover as before and behind it.
    @Test func `an event is told whichever connection hears of it last`() throws {
        let rig = try rig()
        try renew(rig)
        // Told by the second before it takes over, by the first after that.
        rig.say(Self.relief, Self.trade(1))
        #expect(trades(rig.take()).isEmpty)
        rig.say(Self.orders, Self.trade(0))
        #expect(trades(rig.take()) == [0])
        try rig.pass()
        // What the first has told before is known when the second comes to it, and the other way.
        rig.say(Self.orders, Self.trade(0))
        #expect(trades(rig.take()).isEmpty)
        rig.say(Self.relief, Self.trade(1))
        #expect(trades(rig.take()) == [1], "the first is listened to")
        // Told by the second only, since the first is late.
        rig.say(Self.orders, Self.trade(2))
        #expect(trades(rig.take()) == [2])
        rig.say(Self.relief, Self.trade(2, subscription: 17))
        #expect(trades(rig.take()).isEmpty)
        try rig.pass(.milliseconds(600))
        #expect(!rig.isConnected(Self.relief))
        rig.say(Self.orders, Self.trade(3))
        #expect(trades(rig.take()) == [3])
    }

    @Test(arguments: [false, true])
    func `a deposit that both connections tell of counts once`(secondIsFirst: Bool) throws {
        let rig = try rig()
        try renew(rig)
        try rig.pass()
        rig.say(secondIsFirst ? Self.orders : Self.relief, Self.deposit)
        rig.say(secondIsFirst ? Self.relief : Self.orders, Self.deposit)
        let total = rig.session.transferred(AssetIndex(0))
        #expect(total == 200_000_000)
    }

    @Test func `the venue's announcement that it shuts down is heeded at once`() throws {
        let rig = try rig()
        rig.say(Self.orders, #"{"event":{"e":"serverShutdown","E":1795262400000000}}"#)
        try rig.pass()
        try rig.pass()
        rig.answer(Self.relief, #"{"subscriptionId":0}"#)
        try rig.pass()
        // The first ends as announced, and nobody minds.
        rig.close(Self.relief)
        #expect(!rig.isConnected(Self.relief))
        #expect(cancel(1, rig) && rig.requests(Self.orders).count == 1)
        #expect(events(rig.take()).isEmpty)
    }

    @Test(arguments: ["refused", "silent", "lost"])
    func `a second connection that fails is tried again while the first works`(
        how: String
    ) throws {
        let rig = try rig()
        try rig.pass(.seconds(10))
        try rig.pass()
        switch how {
        case "refused":
            rig.answer(Self.relief, #"{"code":-2015,"msg":"Invalid API-key."}"#, status: 401)
        case "silent": try rig.pass(.seconds(5))
        default: rig.drop(Self.relief)
        }
        try rig.pass()
        #expect(cancel(1, rig) && rig.requests(Self.orders).count == 1)
        #expect(events(rig.take()).isEmpty)
        try rig.pass(.seconds(1))
        try rig.pass()
        rig.answer(Self.relief, #"{"subscriptionId":0}"#)
        try rig.pass()
        #expect(rig.requests(Self.relief).count == 1, "the first's request has moved with it")
    }

    @Test(arguments: [false, true])
    func `a connection lost before its follower is ready is found again`(isReady: Bool) throws {
        let rig = try rig()
        try rig.pass(.seconds(10))
        try rig.pass()
        if isReady { rig.answer(Self.relief, #"{"subscriptionId":0}"#) }
        rig.drop(Self.orders)
        #expect(events(rig.take()) == [.orderSessionDown])
        try rig.pass()
        #expect(!rig.isConnected(Self.relief))
        try rig.pass(.seconds(1))
        rig.answer(Self.orders, #"{"subscriptionId":0}"#)
        rig.answer(Self.orders, #"{"balances":[]}"#)
        #expect(events(rig.take()) == [.orderSessionUp])
    }

    // Found by the simulator: closed again at every turn, the old one ended without its last word.
    @Test func `an old connection has time for its last word`() throws {
        let rig = try rig()
        try renew(rig)
        try rig.pass()
        rig.stalled = [Self.relief]
        rig.say(Self.relief, Self.trade(8))
        for _ in 0..<6 { try rig.pass(.milliseconds(100)) }
        for _ in 0..<20 { try rig.pass() }
        #expect(rig.isConnected(Self.relief))
        #expect(trades(rig.take()).isEmpty)
        rig.stalled = []
        try rig.pass()
        let told = rig.take()
        #expect(trades(told) == [8] && events(told).isEmpty)
        #expect(!rig.isConnected(Self.relief))
    }

    @Test func `a second connection whose server shuts down as well is tried again`() throws {
        let rig = try rig()
        try rig.pass(.seconds(10))
        try rig.pass()
        rig.say(Self.relief, #"{"event":{"e":"serverShutdown","E":1795262400000000}}"#)
        try rig.pass(.seconds(1))
        try rig.pass()
        rig.answer(Self.relief, #"{"subscriptionId":0}"#)
        try rig.pass()
        #expect(cancel(1, rig) && rig.requests(Self.orders).count == 1)
        #expect(events(rig.take()).isEmpty)
    }

    private static func streamEnd(subscription: Int) -> String {
        #"""
        {"subscriptionId":\#(subscription),"event":{"e":"eventStreamTerminated","E":1795262400000000}}
        """#
    }

    // Found by the simulator: the same words on the old connection made those on the new one no news,
    // and from then on no event of the account was heard.
    @Test func `events that end on both connections are subscribed to anew`() throws {
        let rig = try rig()
        try renew(rig)
        try rig.pass()
        rig.say(Self.relief, Self.streamEnd(subscription: 0))
        rig.say(Self.orders, Self.streamEnd(subscription: 0))
        try rig.pass()
        #expect(events(rig.take()) == [.orderSessionDown])
        #expect(!rig.isConnected(Self.orders))
    }

    @Test func `a shutdown that both connections announce ends neither unheard`() throws {
        let rig = try rig()
        try renew(rig)
        try rig.pass()
        rig.say(Self.relief, #"{"event":{"e":"serverShutdown","E":1795262400000000}}"#)
        rig.say(Self.orders, #"{"event":{"e":"serverShutdown","E":1795262400000000}}"#)
        try rig.pass(.milliseconds(600))
        // The first is gone; the second is relieved in its turn.
        for _ in 0..<4 { try rig.pass(.milliseconds(300)) }
        #expect(rig.isConnected(Self.relief))
    }

    @Test func `a second connection whose events end before it takes over is tried again`() throws {
        let rig = try rig()
        try renew(rig)
        rig.say(Self.relief, Self.streamEnd(subscription: 0))
        try rig.pass()
        #expect(cancel(1, rig) && rig.requests(Self.orders).count == 1)
        #expect(rig.requests(Self.relief).isEmpty)
        try rig.pass(.seconds(1))
        try rig.pass()
        rig.answer(Self.relief, #"{"subscriptionId":0}"#)
        try rig.pass()
        #expect(rig.requests(Self.orders).isEmpty && rig.requests(Self.relief).count == 1)
        #expect(events(rig.take()).isEmpty)
    }

    /// What it had still to say may be what happened to an order.
    @Test func `an old connection that ends before its last word has the account read anew`() throws {
        let rig = try rig()
        try renew(rig)
        try rig.pass()
        rig.drop(Self.relief)
        #expect(events(rig.take()) == [.orderSessionDown])
        try rig.pass()
        rig.answer(Self.orders, #"{"balances":[{"asset":"BTC","free":"1.0","locked":"0.0"}]}"#)
        let told = rig.take()
        let balances = told.filter { if case .balance = $0 { true } else { false } }
        #expect(balances.count == 1 && events(told) == [.orderSessionUp])
        #expect(cancel(1, rig) && rig.requests(Self.orders).count == 1)
    }

    @Test func `answers that never come hold the old connection for ten seconds`() throws {
        let rig = try rig()
        #expect(cancel(1, rig))
        try renew(rig)
        try rig.pass()
        try rig.pass(.milliseconds(9_900))
        #expect(rig.isConnected(Self.relief))
        try rig.pass(.milliseconds(200))
        #expect(!rig.isConnected(Self.relief))
        // Nobody will say what it took: it counts until the venue's own count comes.
        let used = rig.session.budget.weight.used
        #expect(used >= 1)
    }

    @Test func `a wrong time in a request has the venue's clock asked at once`() throws {
        let rig = try SessionRig()
        rig.refused = [SpotLink.market]
        try rig.makeUp()
        try rig.pass()
        rig.respond(SpotLink.rest, #"{"serverTime":1795262400000}"#)
        try rig.pass(.milliseconds(100))
        #expect(rig.requests(SpotLink.rest).isEmpty, "the next time is due in ten seconds")
        #expect(cancel(1, rig))
        rig.answer(
            Self.orders,
            #"{"code":-1021,"msg":"Timestamp for this request is outside of the recvWindow."}"#,
            status: 400)
        try rig.pass()
        #expect(rig.requests(SpotLink.rest) == ["GET /api/v3/time"])
    }
}
