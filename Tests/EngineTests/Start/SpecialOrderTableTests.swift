import Codec
import MarketModel
import Testing

@testable import Emulator
@testable import Engine

/// What the engine's codec writes for special orders, put to the exchange: what it takes, what it
/// refuses in which words, and what becomes of the orders.
struct SpecialOrderTableTests {
    /// Not the exchange's type of this name.
    typealias Restriction = MarketModel.CancelRestriction

    private final class Bench {
        let desk: DialectDesk
        let instrument: Instrument
        private let encoder: BinanceSpotOrderEncoder
        private let text = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)

        init(_ change: (inout SymbolConfiguration) -> Void = { _ in }) throws {
            desk = try DialectDesk(symbols: 1) {
                var agents = AgentConfiguration()
                agents.eventsPerSecond = 0
                agents.levels = 1
                $0.market = .agents(agents)
                change(&$0.symbols[0])
            }
            var inquiry = try desk.inquiry()
            instrument = try inquiry.ask(symbols: desk.symbols).instruments[0]
            encoder = BinanceSpotOrderEncoder(
                instruments: [instrument], access: .session, strategyType: 1_000_007)
        }

        deinit {
            encoder.deallocate()
            text.deallocate()
        }

        var market: SymbolMarket { desk.dialect.exchange.markets[0] }

        /// Takes everybody else's orders out of the book.
        func sweep() throws {
            var sequence: UInt32 = 10_000
            for side in [Side.buy, .sell] {
                while let price = market.matcher.bestPrice(against: side), sequence < 10_100 {
                    sequence += 1
                    var taker = SpecialOrderTableTests.request(
                        sequence, side, .limit, price: price.raw, quantity: 100_000_000)
                    taker.timeInForce = .ioc
                    try send(taker)
                }
            }
        }

        /// A trade with ourselves.
        func trade(at price: Int64, _ sequence: UInt32) throws {
            for (number, side) in [Side.buy, .sell].enumerated() {
                try send(
                    SpecialOrderTableTests.request(
                        sequence + UInt32(number), side, .limit, price: price,
                        terms: SpecialTerms(selfTradePrevention: .none)))
            }
        }

        @discardableResult
        func send(_ request: OrderRequest) throws -> (status: Int, text: String) {
            let count = try encoder.encodeSigningText(
                request, time: Timestamp(nanoseconds: desk.now), into: text)
            let query = String(
                decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
            let path = request.kind == .cancelReplace ? "order/cancelReplace" : "order"
            let answer = try desk.request(
                request.kind == .cancel ? "DELETE" : "POST",
                "/api/v3/\(path)?\(query)&signature=good")
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }

        func order(_ sequence: UInt32) throws -> UserOrder {
            let id = SpecialOrderTableTests.id(sequence).text
            return try #require(market.orders.inSavingOrder.last { $0.clientOrderID == id })
        }
    }

    private static func id(_ sequence: UInt32) -> ClientOrderID {
        ClientOrderID(epoch: 3, lane: 0, sequence: sequence)
    }

    private static func request(
        _ sequence: UInt32, _ side: Side, _ type: OrderType, price: Int64 = 0,
        quantity: Int64 = 1_000_000, terms: SpecialTerms = .none, kind: RequestKind = .place,
        replaces: UInt32 = 0, restriction: Restriction = .none,
        mayKeepReplaced: Bool = false
    ) -> OrderRequest {
        OrderRequest(
            kind: kind, requestID: 1, clientOrderID: id(sequence), replacedOrderID: id(replaces),
            instrument: InstrumentIndex(0), strategy: StrategyIndex(4), side: side, type: type,
            timeInForce: type == .limit ? .gtc : .none, price: Price(raw: price),
            quantity: Quantity(raw: quantity), terms: terms, restriction: restriction,
            mayKeepReplaced: mayKeepReplaced, decisionTime: .unknown)
    }

    private static let dollar: Int64 = 100_000_000

    // EXE: a trailing stop from placement to fill.
    @Test func `a trailing stop follows the market up and sells at its distance below`() throws {
        let bench = try Bench()
        try bench.sweep()
        try bench.trade(at: 62_000 * Self.dollar, 100)
        // What it will meet when it is woken.
        try bench.send(Self.request(1, .buy, .limit, price: 61_000 * Self.dollar))
        let stop = Self.request(
            2, .sell, .stopLoss,
            terms: SpecialTerms(trailingDelta: 100, selfTradePrevention: .none))
        #expect(try bench.send(stop).status == 200)
        // One percent below the highest, 62500, is 61875.
        for (number, price) in [62_000, 62_500, 61_876].enumerated() {
            try bench.trade(at: Int64(price) * Self.dollar, 200 + UInt32(number) * 2)
            #expect(try bench.order(2).isWaiting, "\(price)")
        }
        try bench.trade(at: 61_875 * Self.dollar, 300)
        #expect(try bench.order(2).status == .filled && bench.order(1).status == .filled)
    }

    /// The states and prevented quantities of a resting bid of 0.01 and of a sale of 0.02 that meets
    /// it, both ours. TRANSFER needs the other account's consent and is otherwise DECREMENT.
    @Test(
        arguments: [
            (.none, .filled, .partiallyFilled, 0, 0),
            (.expireTaker, .new, .expiredInMatch, 0, 2_000_000),
            (.expireMaker, .expiredInMatch, .new, 1_000_000, 0),
            (.expireBoth, .expiredInMatch, .expiredInMatch, 1_000_000, 2_000_000),
            (.decrement, .expiredInMatch, .new, 1_000_000, 1_000_000),
            (.transfer, .expiredInMatch, .new, 1_000_000, 1_000_000),
        ] as [(SelfTradePrevention, OrderStatus, OrderStatus, Int64, Int64)])
    func `an order that meets its own does as its mode says`(
        mode: SelfTradePrevention, maker: OrderStatus, taker: OrderStatus, ofMaker: Int64,
        ofTaker: Int64
    ) throws {
        let bench = try Bench()
        try bench.sweep()
        try bench.send(Self.request(1, .buy, .limit, price: 61_000 * Self.dollar))
        let sent = try bench.send(
            Self.request(
                2, .sell, .limit, price: 61_000 * Self.dollar, quantity: 2_000_000,
                terms: SpecialTerms(selfTradePrevention: mode)))
        #expect(sent.status == 200, "\(sent.text)")
        #expect(try [1, 2].map { try bench.order($0).status } == [maker, taker])
        #expect(try [1, 2].map { try bench.order($0).prevented.raw } == [ofMaker, ofTaker])
        // What the engine reads of it.
        var inquiry = try bench.desk.inquiry()
        let facts = try inquiry.ask(symbols: bench.desk.symbols)
        let directory = facts.directory()
        defer { directory.deallocate() }
        for (sequence, prevented) in [(UInt32(1), ofMaker), (2, ofTaker)] {
            let report = try inquiry.order(
                Self.id(sequence), bench.desk.symbols[0], directory, facts.clockOffset)
            #expect(report?.preventedQuantity.raw == prevented)
            #expect(try report?.status.isOpen == bench.order(sequence).isOpen)
        }
    }

    private static let restricted =
        #"{"code":-2011,"msg":"Order was not canceled due to cancel restrictions."}"#

    @Test(arguments: [Restriction.none, .onlyNew, .onlyPartiallyFilled], [false, true])
    func `a cancel holds for the state that it names`(
        restriction: Restriction, hasTraded: Bool
    ) throws {
        let bench = try Bench()
        try bench.sweep()
        try bench.send(
            Self.request(1, .buy, .limit, price: 61_000 * Self.dollar, quantity: 2_000_000))
        if hasTraded {
            try bench.send(
                Self.request(
                    2, .sell, .limit, price: 61_000 * Self.dollar,
                    terms: SpecialTerms(selfTradePrevention: .none)))
        }
        let isMeant = restriction == .none || (restriction == .onlyPartiallyFilled) == hasTraded
        let answer = try bench.send(
            Self.request(1, .buy, .limit, kind: .cancel, restriction: restriction))
        #expect(answer.status == (isMeant ? 200 : 400), "\(answer.text)")
        #expect(try bench.order(1).isOpen == !isMeant)
        if !isMeant { #expect(answer.text == Self.restricted) }
    }

    /// The order stays; the new one is placed only where the mode allows it.
    @Test(arguments: [false, true])
    func `a restriction holds for the cancel of a replacement`(mayKeepReplaced: Bool) throws {
        let bench = try Bench()
        try bench.sweep()
        try bench.send(Self.request(1, .buy, .limit, price: 61_000 * Self.dollar))
        let answer = try bench.send(
            Self.request(
                2, .buy, .limit, price: 60_000 * Self.dollar, kind: .cancelReplace, replaces: 1,
                restriction: .onlyPartiallyFilled, mayKeepReplaced: mayKeepReplaced))
        #expect(answer.status == (mayKeepReplaced ? 409 : 400))
        #expect(answer.text.contains(#""cancelResponse":"# + Self.restricted), "\(answer.text)")
        #expect(answer.text.contains(mayKeepReplaced ? "SUCCESS" : "NOT_ATTEMPTED"))
        #expect(try bench.order(1).isOpen)
        #expect(bench.market.orders.allOpen.count == (mayKeepReplaced ? 2 : 1))
    }

    @Test func `a symbol that replaces nothing says so, before and after`() throws {
        let bench = try Bench { $0.features.remove(.cancelReplace) }
        #expect(!bench.instrument.offersCancelReplace)
        #expect(try Bench().instrument.offersCancelReplace)
        try bench.sweep()
        try bench.send(Self.request(1, .buy, .limit, price: 61_000 * Self.dollar))
        let answer = try bench.send(
            Self.request(
                2, .buy, .limit, price: 60_000 * Self.dollar, kind: .cancelReplace, replaces: 1))
        #expect(
            answer.text
                == #"{"code":-2010,"msg":"Order cancel-replace is not supported for this symbol."}"#)
        #expect(try bench.order(1).status == .new)
    }

    @Test func `the venue's records tell the strategies apart`() throws {
        let bench = try Bench()
        try bench.sweep()
        try bench.send(Self.request(1, .buy, .limit, price: 61_000 * Self.dollar))
        let ticket = try bench.order(1).ticket
        #expect(ticket.strategyID == 5 && ticket.strategyType == 1_000_007)
    }
}
