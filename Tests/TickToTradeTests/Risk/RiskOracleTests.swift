import MarketModel
import Testing

@testable import TickToTrade

/// Gate, ledger and order table together against plain lists, over random lives of orders.
@Suite("Risk against a naive implementation")
struct RiskOracleTests {
    static let coin = RiskBench.coin
    static let strategies = 2

    static func rules() -> [Instrument] {
        (0..<3).map { index in
            var rules = RiskBench.instrument(UInt16(index))
            rules.minPrice = Price(raw: 50 * coin)
            rules.maxPrice = Price(raw: 160 * coin)
            rules.minQuantity = Quantity(raw: 5 * RiskBench.lot)
            rules.maxQuantity = Quantity(raw: 3 * coin)
            rules.minNotional = rules.notional(quoteUnits: 4)
            rules.maxOpenOrders = 9
            rules.takerFee = 100_000
            return rules
        }
    }

    static func limits() -> RiskLimits {
        var limits = RiskLimits(instruments: 3, strategies: strategies)
        limits.order.maxNotional = RiskBench.money(250)
        limits.order.priceBand = 2_000
        limits.order.fatFinger = 900
        limits.order.duplicateWindow = Nanoseconds(40)
        limits.order.duplicateTicks = 2
        limits.order.requiresProtection = true
        for index in 0..<3 {
            limits.instruments[index].maxOrderQuantity = Quantity(raw: 2 * coin)
            limits.instruments[index].maxPosition = Quantity(raw: (4 + Int64(index)) * coin)
            limits.instruments[index].maxExposure = RiskBench.money(700)
            limits.instruments[index].maxOpenOrders = 7
            limits.instruments[index].staleData = Nanoseconds(30)
            limits.instruments[index].orderRate = RateLimit(count: 9, window: Nanoseconds(900))
        }
        for index in 0..<strategies {
            limits.strategies[index].maxExposure = RiskBench.money(350)
            limits.strategies[index].maxOpenOrders = 8
            limits.strategies[index].maxDailyLoss = RiskBench.money(7)
            limits.strategies[index].orderRate = RateLimit(count: 9, window: Nanoseconds(800))
        }
        limits.strategies[1].onePosition = true
        limits.global.maxExposure = RiskBench.money(700)
        limits.global.maxPositions = 2
        limits.global.maxOpenOrders = 14
        limits.global.maxLeverage = 40
        limits.global.maxDailyLoss = RiskBench.money(12)
        limits.global.orderRate = RateLimit(count: 20, window: Nanoseconds(900))
        return limits
    }

    @Test func `a hundred thousand random intents are judged alike`() {
        var run = RiskOracleRun(seed: 63)
        for step in 0..<140_000 {
            run.step()
            if let difference = run.difference {
                Issue.record("seed \(run.numbers.seed), step \(step): \(difference)")
                return
            }
        }
        // The comparison is worth something only if every rule spoke, and not always.
        let silent: Set<RiskRule> = [
            .notTrading, .orderType, .typicalSize, .venueBand, .correlation, .tradingHours,
            .volatility, .tableFull, .unknownOrder, .trigger, .iceberg, .terms,
        ]
        for rule in RiskRule.allCases where !silent.contains(rule) {
            #expect(run.seen[rule, default: 0] > 10, "\(rule) was hardly ever violated")
        }
        #expect(run.sentCount > 5_000 && run.sentCount + run.deniedCount > 100_000)
    }
}
