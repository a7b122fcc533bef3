import MarketModel
import Testing

@testable import Emulator

/// A venue with one symbol, two accounts and no agents, driven in virtual time.
struct Venue {
    let exchange: Exchange
    let market: SymbolMarket
    let alice = AccountIndex(1)
    let bob = AccountIndex(2)
    var now = Timestamp(milliseconds: 1_723_161_253_000)

    static var configuration: ExchangeConfiguration {
        var configuration = ExchangeConfiguration()
        configuration.symbols = [SymbolConfiguration.defaults[0]]
        configuration.symbols[0].maxOpenOrders = 5
        var alice = AccountConfiguration()
        alice.apiKey = "alice"
        alice.account = "alice"
        alice.balances = ["USDT": 1_000_000 * Money.unit, "BTC": 10 * Money.unit]
        var bob = alice
        bob.apiKey = "bob"
        bob.account = "bob"
        configuration.accounts = [alice, bob]
        configuration.fees = FeeRates(maker: 50_000, taker: 100_000)
        return configuration
    }

    init(
        _ configuration: ExchangeConfiguration = Venue.configuration, records: [StateRecord] = []
    ) {
        exchange = Exchange(configuration: configuration.resuming(records), historyEnd: now) {
            MatchingEngine(lotSize: $0.lotSize)
        }
        exchange.restore(records, now: now)
        market = exchange.markets[0]
    }

    static func limit(
        _ side: Side, _ price: String, _ quantity: String, id: String? = nil,
        timeInForce: TimeInForce = .gtc, type: OrderType = .limit,
        prevention: SelfTradePreventionMode = .expireMaker
    ) throws -> OrderTicket {
        OrderTicket(
            side: side, type: type, timeInForce: type == .limit ? timeInForce : .none,
            price: Price(raw: try parseDecimal(price, scale: 8)),
            quantity: Quantity(raw: try parseDecimal(quantity, scale: 8)), clientOrderID: id,
            selfTradePrevention: prevention)
    }

    /// The public trades one lot at a price, over an otherwise empty book.
    func trade(at price: String) throws {
        let price = Price(raw: try parseDecimal(price, scale: 8))
        play(.sell, price, market.instrument.lotSize, .gtc)
        play(.buy, price, market.instrument.lotSize, .ioc)
    }

    /// The public places an order and everyone feels it.
    func play(_ side: Side, _ price: Price, _ quantity: Quantity, _ life: TimeInForce) {
        _ = market.matcher.place(
            IncomingOrder(
                id: market.makeOrderID(), account: .market, side: side, type: .limit,
                timeInForce: life, price: price, quantity: quantity))
        market.record(fills: market.matcher.log.fills, now: now, into: &exchange.publicEvents)
        exchange.settleMarketFills(of: market, now: now)
    }

    func play(
        _ side: Side, _ price: String, _ quantity: String, _ life: TimeInForce = .gtc
    ) throws {
        play(
            side, Price(raw: try parseDecimal(price, scale: 8)),
            Quantity(raw: try parseDecimal(quantity, scale: 8)), life)
    }

    /// Alice places an order.
    @discardableResult
    func place(_ ticket: OrderTicket) throws -> PlacedOrder {
        try exchange.place(ticket, in: market, account: alice, now: now)
    }

    func state(_ id: Int64) throws -> UserOrder { try #require(market.orders[id]) }

    func asset(_ name: String) -> AssetIndex {
        AssetIndex(UInt16(exchange.assets.firstIndex(of: name) ?? 0))
    }

    func free(_ account: AccountIndex, _ name: String) -> Int64 {
        exchange.ledger[account, asset(name)].free
    }

    /// What happened since the last call, in short.
    func takeEvents() -> [String] {
        defer { exchange.userEvents.removeAll() }
        return exchange.userEvents.map { event in
            switch event {
            case .report(let report):
                "\(report.order.account.raw) \(report.type.rawValue) \(report.order.status.rawValue)"
            case .list(let report):
                "\(report.list.account.raw) list \(report.list.statusType.rawValue)"
            case .position(let account, _, _): "\(account.raw) position"
            case .balance(let account, _, let delta, _): "\(account.raw) balance \(delta)"
            case .externalLock(let account, _, let delta, _): "\(account.raw) lock \(delta)"
            }
        }
    }

    func locked(_ account: AccountIndex, _ name: String) -> Int64 {
        exchange.ledger[account, asset(name)].locked
    }
}

@Suite("Exchange")
struct ExchangeTests {
    // Found by the simulator: the market plays what was due before an order that came first.
    @Test func `an account is told of its balances in the order of time`() throws {
        var venue = Venue()
        let early = venue.now
        venue.now = early + .milliseconds(500)
        _ = try venue.place(Venue.limit(.buy, "60000", "0.1"))
        venue.now = early
        let price = Price(raw: try parseDecimal("60000", scale: 8))
        venue.play(.sell, price, Quantity(raw: 1_000_000), .ioc)
        let times = venue.exchange.userEvents.compactMap { event in
            if case .position(_, _, let time) = event { time } else { nil }
        }
        #expect(times.count == 2 && times == times.sorted(), "\(times)")
    }

    @Test func `placing locks, cancelling gives back`() throws {
        let venue = Venue()
        let placed = try venue.exchange.place(
            try Venue.limit(.buy, "60000", "0.5"), in: venue.market, account: venue.alice,
            now: venue.now)
        #expect(placed.order.status == .new)
        #expect(venue.locked(venue.alice, "USDT") == 30_000 * Money.unit)
        #expect(venue.free(venue.alice, "USDT") == 970_000 * Money.unit)
        _ = try venue.exchange.cancel(
            OrderSelector(orderID: placed.order.id), in: venue.market, account: venue.alice,
            newClientOrderID: "c", now: venue.now)
        #expect(venue.locked(venue.alice, "USDT") == 0)
        #expect(venue.free(venue.alice, "USDT") == 1_000_000 * Money.unit)
    }

    @Test func `a trade moves both sides' balances and takes fees in what they receive`() throws {
        let venue = Venue()
        _ = try venue.exchange.place(
            try Venue.limit(.sell, "60000", "1"), in: venue.market, account: venue.bob,
            now: venue.now)
        let taken = try venue.exchange.place(
            try Venue.limit(.buy, "61000", "0.4"), in: venue.market, account: venue.alice,
            now: venue.now)
        #expect(taken.order.status == .filled)
        // Bought at the maker's price, the better limit is unlocked again.
        #expect(venue.free(venue.alice, "USDT") == (1_000_000 - 24_000) * Money.unit)
        #expect(venue.locked(venue.alice, "USDT") == 0)
        // Taker 0.1 % of 0.4 BTC, maker 0.05 % of 24000 USDT.
        #expect(venue.free(venue.alice, "BTC") == 10 * Money.unit + 39_960_000)
        #expect(venue.free(venue.bob, "USDT") == (1_000_000 + 24_000 - 12) * Money.unit)
        #expect(venue.locked(venue.bob, "BTC") == 60_000_000)
        #expect(venue.exchange.ledger.fees[venue.asset("BTC").slot] == 40_000)
    }

    @Test func `reports come in order: new, maker's trade, taker's trade, positions`() throws {
        let venue = Venue()
        _ = try venue.exchange.place(
            try Venue.limit(.sell, "60000", "1"), in: venue.market, account: venue.bob,
            now: venue.now)
        venue.exchange.userEvents.removeAll()
        _ = try venue.exchange.place(
            try Venue.limit(.buy, "60000", "1", timeInForce: .ioc), in: venue.market,
            account: venue.alice, now: venue.now)
        #expect(
            venue.takeEvents() == [
                "1 NEW NEW", "2 TRADE FILLED", "1 TRADE FILLED", "1 position", "2 position",
            ])
    }

    @Test func `what expires says why`() throws {
        let venue = Venue()
        let immediate = try venue.exchange.place(
            try Venue.limit(.buy, "60000", "1", timeInForce: .ioc), in: venue.market,
            account: venue.alice, now: venue.now)
        #expect(immediate.order.status == .expired)
        #expect(immediate.order.expiryReason == .unfilledImmediate)
        let killed = try venue.exchange.place(
            try Venue.limit(.buy, "60000", "1", timeInForce: .fok), in: venue.market,
            account: venue.alice, now: venue.now)
        #expect(killed.order.expiryReason == .unfilledFillOrKill)
        #expect(venue.free(venue.alice, "USDT") == 1_000_000 * Money.unit)
    }

    @Test func `self-trade prevention expires the resting order and unlocks it`() throws {
        let venue = Venue()
        let resting = try venue.exchange.place(
            try Venue.limit(.sell, "60000", "1"), in: venue.market, account: venue.alice,
            now: venue.now)
        _ = try venue.exchange.place(
            try Venue.limit(.buy, "60000", "1"), in: venue.market, account: venue.alice,
            now: venue.now)
        #expect(venue.market.orders[resting.order.id]?.status == .expiredInMatch)
        #expect(venue.locked(venue.alice, "BTC") == 0)
        #expect(venue.market.orders.openCount(of: venue.alice) == 1)
    }

    @Test func `client ids must be unique among open orders and may be used again`() throws {
        let venue = Venue()
        let ticket = try Venue.limit(.buy, "60000", "0.1", id: "same")
        _ = try venue.exchange.place(
            ticket, in: venue.market, account: venue.alice, now: venue.now)
        #expect(throws: Rejection.duplicateOrder) {
            try venue.exchange.place(
                ticket, in: venue.market, account: venue.alice, now: venue.now)
        }
        _ = try venue.exchange.cancel(
            OrderSelector(clientOrderID: "same"), in: venue.market, account: venue.alice,
            newClientOrderID: nil, now: venue.now)
        _ = try venue.exchange.place(
            ticket, in: venue.market, account: venue.alice, now: venue.now)
    }

    @Test func `cancel-replace stops or goes on after a failed cancel`() throws {
        let venue = Venue()
        let ticket = try Venue.limit(.buy, "60000", "0.1")
        let stopped = try venue.exchange.cancelReplace(
            OrderSelector(orderID: 99), with: ticket, in: venue.market, account: venue.alice,
            cancelClientOrderID: nil, restriction: nil, stopsOnFailure: true, now: venue.now)
        #expect(stopped.placement == nil)
        let allowed = try venue.exchange.cancelReplace(
            OrderSelector(orderID: 99), with: ticket, in: venue.market, account: venue.alice,
            cancelClientOrderID: nil, restriction: nil, stopsOnFailure: false, now: venue.now)
        guard case .failure(.unknownOrder) = allowed.cancel, case .success? = allowed.placement
        else {
            Issue.record("the cancel fails, the order is placed")
            return
        }
    }

    @Test func `a sale by quote amount never sells more base than there is`() throws {
        let venue = Venue()
        _ = try venue.exchange.place(
            try Venue.limit(.buy, "60000", "0.1"), in: venue.market, account: venue.bob,
            now: venue.now)
        _ = try venue.exchange.place(
            try Venue.limit(.buy, "20000", "40"), in: venue.market, account: venue.bob,
            now: venue.now)
        var ticket = OrderTicket(side: .sell, type: .market, timeInForce: .none)
        ticket.quoteQuantity = 599_000 * Money.unit
        let sold = try venue.exchange.place(
            ticket, in: venue.market, account: venue.alice, now: venue.now)
        #expect(sold.order.executed == Quantity(raw: 10 * Money.unit))
        #expect(venue.free(venue.alice, "BTC") == 0)
    }

    @Test func `a market buyer must afford what remains after own offers expire`() throws {
        var configuration = Venue.configuration
        configuration.accounts[0].balances = ["USDT": 60_000 * Money.unit, "BTC": Money.unit]
        let venue = Venue(configuration)
        _ = try venue.exchange.place(
            try Venue.limit(.sell, "60000", "1"), in: venue.market, account: venue.alice,
            now: venue.now)
        _ = try venue.exchange.place(
            try Venue.limit(.sell, "90000", "1"), in: venue.market, account: venue.bob,
            now: venue.now)
        var ticket = OrderTicket(side: .buy, type: .market, timeInForce: .none)
        ticket.quantity = Quantity(raw: Money.unit)
        ticket.selfTradePrevention = .expireMaker
        #expect(throws: Rejection.insufficientBalance) {
            try venue.exchange.place(
                ticket, in: venue.market, account: venue.alice, now: venue.now)
        }
    }

    @Test(arguments: [UInt64(11), 12])
    func `no asset is made or lost, whatever happens`(_ seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        let venue = Venue()
        let totals = venue.exchange.assets.indices.map {
            venue.exchange.ledger.total(of: AssetIndex(UInt16($0)))
        }
        var now = venue.now
        for _ in 0..<5_000 {
            now = now + .milliseconds(1)
            let account = random.below(2) == 0 ? venue.alice : venue.bob
            if random.below(4) == 0 {
                _ = try? venue.exchange.cancelAll(in: venue.market, account: account, now: now)
                continue
            }
            var ticket = OrderTicket(
                side: random.below(2) == 0 ? .buy : .sell, type: .limit, timeInForce: .gtc)
            ticket.price = Price(raw: (6_183_000 + Int64(random.below(2_000))) * 1_000_000)
            ticket.quantity = Quantity(raw: Int64(random.below(20_000) + 10) * 1_000)
            ticket.selfTradePrevention = SelfTradePreventionMode.allCases[random.below(4)]
            switch random.below(6) {
            case 0: ticket.timeInForce = .ioc
            case 1: ticket.timeInForce = .fok
            case 2:
                ticket.type = .market
                ticket.timeInForce = .none
                if random.below(2) == 0 {
                    ticket.quantity = .zero
                    ticket.quoteQuantity = Int64(random.below(1_000_000) + 500) * 1_000_003
                }
            default: break
            }
            _ = try? venue.exchange.place(
                ticket, in: venue.market, account: account, now: now)
            venue.exchange.userEvents.removeAll()
        }
        for (index, total) in totals.enumerated() {
            let asset = AssetIndex(UInt16(index))
            #expect(venue.exchange.ledger.total(of: asset) == total, "seed \(seed)")
        }
        for account in [venue.alice, venue.bob] {
            _ = try? venue.exchange.cancelAll(in: venue.market, account: account, now: now)
            for asset in ["BTC", "USDT"] {
                #expect(venue.free(account, asset) >= 0, "seed \(seed)")
                #expect(venue.locked(account, asset) == 0, "seed \(seed)")
            }
        }
    }
}

@Suite("Order filters")
struct OrderFilterTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let change: @Sendable (inout OrderTicket) -> Void
        let expected: Rejection?
        let testDescription: String

        init(
            _ name: String, _ expected: Rejection?,
            _ change: @escaping @Sendable (inout OrderTicket) -> Void
        ) {
            testDescription = name
            self.expected = expected
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("a good order", nil) { _ in },
        Case("price zero", .invalidPrice) { $0.price = .zero },
        Case("price off the tick", .filter("PRICE_FILTER")) { $0.price.raw += 1 },
        Case("price above the maximum", .filter("PRICE_FILTER")) {
            $0.price = Price(raw: 2_000_000 * Money.unit)
        },
        Case("price far above the band", .filter("PERCENT_PRICE_BY_SIDE")) {
            $0.price = Price(raw: 400_000 * Money.unit)
        },
        Case("price far below the band", .filter("PERCENT_PRICE_BY_SIDE")) {
            $0.price = Price(raw: 1_000 * Money.unit)
        },
        Case("quantity zero", .invalidQuantity) { $0.quantity = .zero },
        Case("quantity off the lot", .filter("LOT_SIZE")) { $0.quantity.raw += 1 },
        Case("quantity above the maximum", .filter("LOT_SIZE")) {
            $0.quantity = Quantity(raw: 100_000_000 * Money.unit)
        },
        Case("too small", .filter("NOTIONAL")) { $0.quantity = Quantity(raw: 1_000) },
        Case("too large", .filter("NOTIONAL")) { $0.quantity = Quantity(raw: 200 * Money.unit) },
        Case("market above its own maximum", .filter("MARKET_LOT_SIZE")) {
            $0.type = .market
            $0.quantity = Quantity(raw: 60 * Money.unit)
        },
        Case("more than there is", .insufficientBalance) {
            $0.quantity = Quantity(raw: 100 * Money.unit)
        },
    ]

    @Test(arguments: cases)
    func `filters refuse with the venue's code and text`(_ example: Case) throws {
        var configuration = Venue.configuration
        configuration.symbols[0].marketMaxQuantity = Quantity(raw: 50 * Money.unit)
        let venue = Venue(configuration)
        var ticket = try Venue.limit(.buy, "61000", "0.01")
        example.change(&ticket)
        var thrown: Rejection?
        do throws(Rejection) {
            _ = try venue.exchange.place(
                ticket, in: venue.market, account: venue.alice, now: venue.now)
        } catch {
            thrown = error
        }
        #expect(thrown == example.expected)
    }

    @Test func `the number of open orders is limited`() throws {
        let venue = Venue()
        for _ in 0..<5 {
            _ = try venue.exchange.place(
                try Venue.limit(.buy, "60000", "0.01"), in: venue.market, account: venue.alice,
                now: venue.now)
        }
        #expect(throws: Rejection.filter("MAX_NUM_ORDERS")) {
            try venue.exchange.place(
                try Venue.limit(.buy, "60000", "0.01"), in: venue.market, account: venue.alice,
                now: venue.now)
        }
    }
}
