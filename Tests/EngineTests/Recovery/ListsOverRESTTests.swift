import Codec
import MarketModel
import Testing

@testable import Emulator
@testable import Engine

/// What the session sends over REST for order lists and amendments, put to the exchange.
struct ListsOverRESTTests {

    private func leg(
        _ type: OrderType, _ side: Side, _ price: Int64, stop: Int64 = 0,
        _ contingency: Contingency, _ leg: UInt8
    ) -> OrderRequest {
        var terms = SpecialTerms()
        terms.stopPrice = Price(raw: stop * 100_000_000)
        let isLimited = type == .limit || type == .takeProfitLimit || type == .stopLossLimit
        return OrderRequest(
            kind: .placeLeg, requestID: 1,
            clientOrderID: ClientOrderID(epoch: 3, lane: 0, sequence: UInt32(leg) + 1),
            instrument: InstrumentIndex(0), strategy: StrategyIndex(0), side: side, type: type,
            timeInForce: isLimited ? .gtc : .none, price: Price(raw: price * 100_000_000),
            quantity: Quantity(raw: 1_000_000), terms: terms, isReduceOnly: true,
            contingency: contingency, leg: leg, decisionTime: .unknown)
    }

    private func legs(_ contingency: Contingency) -> [OrderRequest] {
        switch contingency {
        case .none, .oneCancelsOther:
            [
                leg(.limitMaker, .buy, 50_000, contingency, 0),
                leg(.stopLoss, .buy, 0, stop: 70_000, contingency, 1),
            ].reversedForBuying
        case .oneTriggersOther:
            [
                leg(.limit, .buy, 50_000, contingency, 0),
                leg(.limit, .sell, 70_000, contingency, 1),
            ]
        case .oneTriggersPair:
            [
                leg(.limit, .buy, 50_000, contingency, 0),
                leg(.takeProfitLimit, .sell, 70_000, stop: 69_000, contingency, 1),
                leg(.stopLoss, .sell, 0, stop: 40_000, contingency, 2),
            ]
        }
    }

    @Test(arguments: [
        (Contingency.oneCancelsOther, "oco"), (.oneTriggersOther, "oto"),
        (.oneTriggersPair, "otoco"),
    ])
    func `the exchange takes a list's parameters and knows its orders by their ids`(
        contingency: Contingency, path: String
    ) throws {
        let desk = try DialectDesk(symbols: 1)
        var inquiry = try desk.inquiry()
        let facts = try inquiry.ask(symbols: desk.symbols)
        let directory = facts.directory()
        let encoder = BinanceSpotOrderEncoder(
            instruments: facts.instruments, access: .session, receiveWindow: 5_000)
        let text = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer {
            directory.deallocate()
            encoder.deallocate()
            text.deallocate()
        }
        let own = legs(contingency)
        let time = Timestamp(nanoseconds: desk.now)
        let count = try own.withUnsafeBufferPointer {
            try encoder.encodeListSigningText(try #require($0.baseAddress), time: time, into: text)
        }
        let query = String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
        let answer = try desk.request("POST", "/api/v3/orderList/\(path)?\(query)&signature=good")
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        for leg in own {
            let state = try inquiry.order(
                leg.clientOrderID, desk.symbols[0], directory, facts.clockOffset)
            let found = try #require(state)
            #expect(found.status.isOpen && found.quantity == leg.quantity)
            #expect(found.side == leg.side && found.type == leg.type && found.price == leg.price)
        }
    }

    @Test func `the exchange takes an amendment and keeps the order's id`() throws {
        let desk = try DialectDesk(symbols: 1)
        var inquiry = try desk.inquiry()
        let facts = try inquiry.ask(symbols: desk.symbols)
        let directory = facts.directory()
        let encoder = BinanceSpotOrderEncoder(
            instruments: facts.instruments, access: .session, receiveWindow: 5_000)
        let text = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer {
            directory.deallocate()
            encoder.deallocate()
            text.deallocate()
        }
        var order = leg(.limit, .buy, 50_000, .none, 0)
        for (kind, method, path, quantity) in [
            (RequestKind.place, "POST", "order", 1_000_000),
            (.amend, "PUT", "order/amend/keepPriority", 400_000),
        ] as [(RequestKind, String, String, Int64)] {
            order.kind = kind
            order.quantity = Quantity(raw: quantity)
            let count = try encoder.encodeSigningText(
                order, time: Timestamp(nanoseconds: desk.now), into: text)
            let query = String(
                decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
            let answer = try desk.request(method, "/api/v3/\(path)?\(query)&signature=good")
            #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
            let state = try inquiry.order(
                order.clientOrderID, desk.symbols[0], directory, facts.clockOffset)
            #expect(state?.quantity == order.quantity && state?.status == .new)
        }
    }
}

extension [OrderRequest] {
    /// A pair that buys: the stop is above the market, the limit below; legs count from above.
    fileprivate var reversedForBuying: [OrderRequest] {
        var pair = Array(reversed())
        for place in pair.indices { pair[place].leg = UInt8(place) }
        return pair
    }
}
