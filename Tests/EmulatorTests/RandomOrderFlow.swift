import MarketModel

@testable import Emulator

/// An exchange and a source of chance that does with it whatever an account can; prices stay
/// around 61837.63.
struct RandomOrderFlow {
    var venue: Venue
    var random: RandomSource
    var now: Timestamp
    var placed = 0
    var listsPlaced = 0
    var amended = 0
    /// States, reasons and kinds of events seen, so that silence is not mistaken for health.
    var seen: Set<String> = []

    static var configuration: ExchangeConfiguration {
        var configuration = Venue.configuration
        configuration.symbols[0].maxOpenOrders = 60
        configuration.symbols[0].filters.maxAlgoOrders = 0
        configuration.symbols[0].filters.maxOrderLists = 0
        configuration.symbols.append(SymbolConfiguration.defaults[2])
        configuration.accounts[0].paysFeesInDiscountAsset = true
        configuration.accounts[0].balances["BNB"] = 2 * Money.unit
        configuration.fees = FeeRates(maker: 70_000, taker: 110_001, buyer: 3_000, seller: 9)
        configuration.specialFees = FeeRates(maker: 7, taker: 13)
        configuration.taxFees = FeeRates(maker: 0, taker: 0, buyer: 501, seller: 0)
        return configuration
    }

    init(seed: UInt64) {
        venue = Venue(Self.configuration)
        now = venue.now
        random = RandomSource(seed: seed)
    }

    mutating func price() -> Price {
        Price(raw: (6_150_000 + Int64(random.below(6_000)) * 10) * 1_000_000)
    }

    mutating func quantity() -> Quantity {
        Quantity(raw: Int64(random.below(30_000) + 20) * 1_000)
    }

    mutating func ticket(_ types: [OrderType] = OrderType.allCases) -> OrderTicket {
        let type = types[random.below(types.count)]
        let side: Side = random.below(2) == 0 ? .buy : .sell
        var ticket = OrderTicket(side: side, type: type, timeInForce: .none)
        ticket.quantity = quantity()
        if ticket.workingType != .market { ticket.price = price() }
        if ticket.workingType == .limit {
            ticket.timeInForce = [.gtc, .gtc, .gtc, .ioc, .fok][random.below(5)]
        }
        if ticket.isConditional {
            if random.below(3) > 0 { ticket.stopPrice = price() }
            if random.below(3) == 0 || ticket.stopPrice == .zero {
                ticket.trailingDelta = Int64(random.below(60) + 10)
            }
        }
        if ticket.price > .zero, ticket.timeInForce != .ioc, ticket.timeInForce != .fok,
            random.below(3) == 0
        {
            ticket.icebergQuantity = Quantity(
                raw: max(ticket.quantity.raw / 3 / 1_000, 1) * 1_000)
        }
        if type == .market, random.below(2) == 0 {
            ticket.quantity = .zero
            ticket.quoteQuantity = Int64(random.below(1_000_000) + 500) * 1_000_003
        }
        ticket.selfTradePrevention =
            SelfTradePreventionMode.allCases[random.below(SelfTradePreventionMode.allCases.count)]
        return ticket
    }

    mutating func list() -> OrderListTicket {
        let side: Side = random.below(2) == 0 ? .buy : .sell
        var stop = ticket([.stopLoss, .stopLossLimit])
        var target = ticket([.limitMaker, .takeProfit, .takeProfitLimit])
        stop.side = side
        target.side = side
        target.quantity = stop.quantity
        if target.icebergQuantity > target.quantity { target.icebergQuantity = .zero }
        let working = ticket([.limit, .limitMaker])
        var pending = ticket()
        if pending.quoteQuantity > 0 {
            pending.quoteQuantity = 0
            pending.quantity = quantity()
        }
        let shape: OrderListTicket.Shape =
            switch random.below(3) {
            case 0: .oco(stop: stop, target: target)
            case 1: .oto(working: working, pending: pending)
            default: .otoco(working: working, stop: stop, target: target)
            }
        return OrderListTicket(clientOrderID: nil, shape: shape)
    }

    /// The public trades and quotes; users' resting orders and stops feel it.
    mutating func playPublic() {
        let market = venue.market
        let order = IncomingOrder(
            id: market.makeOrderID(), account: .market,
            side: random.below(2) == 0 ? .buy : .sell, type: .limit,
            timeInForce: random.below(2) == 0 ? .gtc : .ioc, price: price(),
            quantity: quantity())
        _ = market.matcher.place(order)
        market.record(fills: market.matcher.log.fills, now: now, into: &venue.exchange.publicEvents)
        venue.exchange.settleMarketFills(of: market, now: now)
    }

    mutating func playUser() {
        let account = random.below(2) == 0 ? venue.alice : venue.bob
        let (exchange, market) = (venue.exchange, venue.market)
        switch random.below(20) {
        case 0: _ = try? exchange.cancelAll(in: market, account: account, now: now)
        case 1..<5:
            if (try? exchange.place(list(), in: market, account: account, now: now)) != nil {
                listsPlaced += 1
            }
        case 5..<9:
            let open = market.orders.open(of: account)
            guard !open.isEmpty else { return }
            let order = open[random.below(open.count)]
            let selector = OrderSelector(orderID: order.id)
            if random.below(2) == 0 {
                _ = try? exchange.cancel(
                    selector, in: market, account: account, newClientOrderID: nil, now: now)
                return
            }
            let smaller = Quantity(
                raw: Int64(random.below(Int(order.quantity.raw / 1_000)) + 1) * 1_000)
            let result = try? exchange.amend(
                selector, to: smaller, newClientOrderID: nil, in: market, account: account,
                now: now)
            if result != nil { amended += 1 }
        case 9:
            let open = market.orders.open(of: account)
            guard !open.isEmpty else { return }
            _ = try? exchange.cancelReplace(
                OrderSelector(orderID: open[random.below(open.count)].id), with: ticket(),
                in: market, account: account, cancelClientOrderID: nil, restriction: nil,
                stopsOnFailure: random.below(2) == 0, now: now)
        default:
            if (try? exchange.place(ticket(), in: market, account: account, now: now)) != nil {
                placed += 1
            }
        }
    }

    mutating func takeEvents() {
        for event in venue.exchange.userEvents {
            guard case .report(let report) = event else { continue }
            seen.insert(report.type.rawValue)
            seen.insert(report.order.status.rawValue)
            if let reason = report.order.expiryReason { seen.insert(reason.rawValue) }
            if report.order.ticket.isConditional, report.order.isWorking {
                seen.insert(String(describing: report.order.ticket.type.venueText))
            }
            if report.order.trailingTime != .unknown, report.order.isWorking {
                seen.insert("trailed")
            }
            if report.type == .trade, report.order.isIceberg { seen.insert("iceberg traded") }
        }
        venue.exchange.userEvents.removeAll()
        venue.exchange.publicEvents.removeAll()
    }

    static let everything: Set<String> = [
        "NEW", "CANCELED", "REPLACED", "REJECTED", "TRADE", "EXPIRED", "TRADE_PREVENTION",
        "PENDING_NEW", "PARTIALLY_FILLED", "FILLED", "EXPIRED_IN_MATCH", "OCO_TRIGGER",
        "OTO_PHASE_ONE_EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED",
        "UNFILLED_FOK_ORDER_EXPIRED", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT",
        "TAKE_PROFIT_LIMIT", "trailed", "iceberg traded",
    ]

    /// What the accounts have locked is exactly what their orders and pairs say.
    func imbalance() -> String? {
        let (exchange, market) = (venue.exchange, venue.market)
        for account in [venue.alice, venue.bob] {
            var locked: [AssetIndex: Int64] = [:]
            var working = 0
            for order in market.orders.open(of: account) {
                locked[market.spentAsset(order.ticket.side), default: 0] += order.locked
                if order.remaining <= .zero { return "open order \(order.id) has nothing left" }
                if order.isWorking { working += 1 }
                if order.listID >= 0, exchange.lists[order.listID]?.isOpen != true {
                    return "order \(order.id) outlived its list"
                }
            }
            for list in exchange.lists.open(of: account) {
                let side = list.pair.first.flatMap { market.orders[$0] }?.ticket.side
                if let side { locked[market.spentAsset(side), default: 0] += list.pairLocked }
                let orders = list.orders.compactMap { market.orders[$0] }
                if !orders.contains(where: \.isOpen) { return "list \(list.id) never ended" }
            }
            for (holding, amount) in exchange.externalLocks where holding.account == account {
                locked[holding.asset, default: 0] += amount
            }
            for (index, name) in exchange.assets.enumerated() {
                let asset = AssetIndex(UInt16(index))
                let amounts = exchange.ledger[account, asset]
                if amounts.free < 0 || amounts.locked != locked[asset] ?? 0 {
                    return "\(name) of \(account.raw): \(amounts) but \(locked[asset] ?? 0)"
                }
            }
        }
        return nil
    }
}
