import MarketModel

@testable import TickToTrade

/// A gate over three instruments and two strategies, and a market in which all is well:
/// 60,000 with a tick of 0.01 and a lot of 0.00001, enough money, no limit set.
final class RiskBench {
    var gate: RiskGate
    var context = RiskContext()
    var orders: OrderTable
    var sequence: UInt32 = 0

    static let coin: Int64 = 100_000_000
    static let tick: Int64 = 1_000_000
    static let lot: Int64 = 1_000
    static let price: Int64 = 60_000 * coin
    static let start = Timestamp(nanoseconds: 20_000 * Nanoseconds.day.count + 43_200_000_000_000)

    init(
        _ limits: RiskLimits = RiskLimits(instruments: 3, strategies: 2),
        instruments: [Instrument]? = nil
    ) {
        let list = instruments ?? (0..<3).map { Self.instrument(UInt16($0)) }
        gate = RiskGate(limits: limits, instruments: list, strategies: 2)
        orders = OrderTable(capacity: 1024, instruments: list.count)
        context.strategy = StrategyIndex(0)
        context.quote = Self.quote(Self.price - Self.tick, Self.price + Self.tick)
        context.last = Price(raw: Self.price)
        context.averageLow = context.last
        context.averageHigh = context.last
        context.lastDataTime = Self.start
        context.sessionOpen = Price(raw: Self.price)
        context.quoteBalance = 100_000_000 * Self.coin
        context.baseBalance = 1_000 * Self.coin
        context.equity = Notional(raw: Int128(context.quoteBalance) * 100_000_000)
        context.now = Self.start
    }

    static func instrument(_ index: UInt16) -> Instrument {
        var instrument = Instrument(
            symbol: ShortName("BTC\(index)USDT")!, base: ShortName("BTC\(index)")!,
            quote: ShortName("USDT")!, index: InstrumentIndex(index),
            baseAsset: AssetIndex(index + 1), quoteAsset: AssetIndex(0))
        instrument.tickSize = Price(raw: tick)
        instrument.lotSize = Quantity(raw: lot)
        return instrument
    }

    static func quote(_ bid: Int64, _ ask: Int64, isValid: Bool = true) -> Quote {
        Quote(
            bid: BookLevel(price: Price(raw: bid), quantity: Quantity(raw: coin)),
            ask: BookLevel(price: Price(raw: ask), quantity: Quantity(raw: coin)),
            isValid: isValid)
    }

    /// One coin at 60,000 unless said otherwise.
    static func intent(
        _ side: Side = .buy, _ quantity: Int64 = coin, at price: Int64 = price,
        type: OrderType = .limit, instrument: UInt16 = 0, reduceOnly: Bool = false,
        hasProtection: Bool = false
    ) -> OrderIntent {
        OrderIntent(
            instrument: InstrumentIndex(instrument), side: side, type: type, timeInForce: .gtc,
            price: type == .market ? .zero : Price(raw: price), quantity: Quantity(raw: quantity),
            isReduceOnly: reduceOnly, hasProtection: hasProtection)
    }

    /// The names of the violated rules.
    func check(_ intent: OrderIntent) -> Set<RiskRule> {
        withUnsafePointer(to: intent) { intent in
            withUnsafePointer(to: context) { context in
                Set(gate.violations(of: intent, context).rules)
            }
        }
    }

    func setAccountLimit(_ key: Int64, _ value: Int64) -> Bool { gate.setAccountLimit(key, value) }

    /// Reserves and counts, as for an order that is sent.
    @discardableResult
    func send(_ intent: OrderIntent) -> UnsafeMutablePointer<Order> {
        sequence += 1
        var record = Order(
            id: ClientOrderID(epoch: 1, lane: 0, sequence: sequence), intent: intent,
            strategy: context.strategy, time: context.now)
        record.state = .new
        let stored = orders.insert(record)
        withUnsafePointer(to: intent) { intent in
            let worst = withUnsafePointer(to: context) { gate.worstPrice(intent, $0) }
            gate.reserve(stored, at: worst)
            gate.countOrder(intent, context.strategy, context.now)
        }
        return stored
    }

    func end(_ order: UnsafeMutablePointer<Order>, _ state: OrderState = .canceled) {
        order.pointee.state = state
        gate.release(order)
        orders.unlink(order)
    }

    func set(_ key: RiskLimitKey, _ value: Int64) -> Bool {
        gate.set(
            key.rawValue, instrument: InstrumentIndex(0), strategy: StrategyIndex(0), to: value)
    }

    /// 1e-8 units of `amount` quote units: how limits of money are given.
    static func money(_ amount: Int64) -> Int64 { amount * coin }
}
