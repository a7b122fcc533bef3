import MarketModel
import Testing

@testable import TickToTrade

/// The venue's rules, prices, the moment, and what passes all the same.
@Suite("Risk and the market")
struct RiskMarketTests {
    typealias Bench = RiskBench

    @Test func `tick, price bounds`() {
        // RSK-10
        var instrument = Bench.instrument(0)
        instrument.minPrice = Price(raw: Bench.price - Bench.tick)
        instrument.maxPrice = Price(raw: Bench.price + Bench.tick)
        let bench = Bench(instruments: [instrument])
        for (offset, isLegal) in [
            (-2 * Bench.tick, false), (-Bench.tick, true), (0, true), (1, false),
            (Bench.tick - 1, false), (Bench.tick, true), (2 * Bench.tick, false),
        ] {
            let found = bench.check(Bench.intent(at: Bench.price + offset))
            #expect(found == (isLegal ? [] : [.price]), "\(offset)")
        }
    }

    @Test func `lot, quantity bounds, also the market order's own`() {
        // RSK-11
        var instrument = Bench.instrument(0)
        instrument.minQuantity = Quantity(raw: 10 * Bench.lot)
        instrument.maxQuantity = Quantity(raw: 20 * Bench.lot)
        instrument.marketMaxQuantity = Quantity(raw: 15 * Bench.lot)
        let bench = Bench(instruments: [instrument])
        for (lots, limit, market) in [
            (9, false, false), (10, true, true), (15, true, true), (16, true, false),
            (20, true, false), (21, false, false),
        ] as [(Int64, Bool, Bool)] {
            let intents = [
                Bench.intent(.buy, lots * Bench.lot),
                Bench.intent(.buy, lots * Bench.lot, type: .market),
            ]
            #expect(bench.check(intents[0]) == (limit ? [] : [.quantity]), "\(lots)")
            #expect(bench.check(intents[1]) == (market ? [] : [.quantity]), "\(lots)")
        }
        #expect(bench.check(Bench.intent(.buy, 12 * Bench.lot + 1)) == [.quantity])
    }

    @Test func `notional bounds, for market orders only where the venue says so`() {
        var instrument = Bench.instrument(0)
        instrument.minNotional = instrument.notional(quoteUnits: 60)
        instrument.maxNotional = instrument.notional(quoteUnits: 600)
        instrument.maxNotionalAppliesToMarket = true
        let bench = Bench(instruments: [instrument])
        for (lots, isLegal) in [(99, false), (100, true), (1_000, true), (1_001, false)] {
            let found = bench.check(Bench.intent(.buy, Int64(lots) * Bench.lot))
            #expect(found == (isLegal ? [] : [.notional]), "\(lots)")
        }
        #expect(bench.check(Bench.intent(.sell, 99 * Bench.lot, type: .market)) == [])
        #expect(bench.check(Bench.intent(.sell, 1_001 * Bench.lot, type: .market)) == [.notional])
    }

    @Test func `status, order types and the venue's percent band`() {
        var instrument = Bench.instrument(0)
        instrument.features = [.limit, .market]
        instrument.bidMultiplierUp = 12_000
        instrument.bidMultiplierDown = 2_000
        let bench = Bench(instruments: [instrument])
        #expect(bench.check(Bench.intent(type: .limitMaker)) == [.orderType])
        var stop = Bench.intent(.sell, type: .stopLoss)
        stop.terms.stopPrice = Price(raw: Bench.price / 10 * 9)
        #expect(bench.check(stop).contains(.orderType))
        for (percent, isLegal) in [(119, true), (120, true), (121, false)] {
            let price = Bench.price / 100 * Int64(percent)
            #expect(bench.check(Bench.intent(at: price)) == (isLegal ? [] : [.venueBand]))
        }
        #expect(bench.check(Bench.intent(at: Bench.price / 100 * 20)) == [])
        #expect(bench.check(Bench.intent(at: Bench.price / 100 * 20 - Bench.tick)) == [.venueBand])
        // Above is measured from the lower end of what the venue may measure from, below from the
        // higher one.
        bench.context.averageLow = Price(raw: Bench.price / 100 * 95)
        bench.context.averageHigh = Price(raw: Bench.price / 100 * 105)
        for (percent, isLegal) in [(114, true), (115, false), (21, true), (20, false)] {
            let price = Bench.price / 100 * Int64(percent)
            #expect(bench.check(Bench.intent(at: price)) == (isLegal ? [] : [.venueBand]))
        }
        for status in [InstrumentStatus.cancelOnly, .halted] {
            instrument.status = status
            let closed = Bench(instruments: [instrument])
            #expect(closed.check(Bench.intent()) == [.notTrading])
            closed.context.strategyPosition = Quantity(raw: Bench.coin)
            #expect(closed.check(Bench.intent(.sell, reduceOnly: true)) == [.notTrading])
        }
    }

    @Test func `distance from the book's other side and from the last trade`() {
        let bench = Bench()
        #expect(bench.set(.orderPriceBand, 100))
        bench.context.quote = Bench.quote(Bench.price - Bench.tick, Bench.price)
        let bound = Bench.price / 100
        for (offset, isLegal) in [
            (-bound - Bench.tick, false), (-bound, true), (bound, true),
            (bound + Bench.tick, false),
        ] {
            let found = bench.check(Bench.intent(at: Bench.price + offset))
            #expect(found == (isLegal ? [] : [.priceBand]), "\(offset)")
        }
        // In the book's band, but far from the last trade.
        bench.context.last = Price(raw: Bench.price / 2)
        #expect(bench.check(Bench.intent()) == [.priceBand])
    }

    @Test func `a limit price far through the book`() {
        let bench = Bench()
        #expect(bench.set(.orderFatFinger, 100))
        let quote = bench.context.quote
        let deep = quote.ask.price.raw + quote.ask.price.raw / 100
        let tick = Bench.tick
        #expect(bench.check(Bench.intent(at: deep / tick * tick)) == [])
        #expect(bench.check(Bench.intent(at: deep / tick * tick + tick)) == [.fatFinger])
        #expect(bench.check(Bench.intent(at: Bench.price / 2)) == [])
        #expect(bench.check(Bench.intent(.sell, at: Bench.price / 2)) == [.fatFinger])
    }

    @Test func `an order that would trade with our own`() {
        let bench = Bench()
        bench.context.ownBestAsk = Price(raw: Bench.price)
        #expect(bench.check(Bench.intent(at: Bench.price - Bench.tick)) == [])
        #expect(bench.check(Bench.intent()) == [.selfCross])
        #expect(bench.check(Bench.intent(.sell)) == [])
        #expect(bench.check(Bench.intent(type: .market)) == [.selfCross])
        bench.context.ownBestAsk = Price(raw: Bench.price / 100 * 102)
        #expect(bench.check(Bench.intent(type: .market)) == [])
        bench.context.ownBestBid = Price(raw: Bench.price)
        #expect(bench.check(Bench.intent(.sell)) == [.selfCross])
    }

    @Test func `old data, data from the future, and a book without sequence`() {
        let bench = Bench()
        #expect(bench.set(.instrumentStaleData, 1_000))
        for (age, isLegal) in [(-1, false), (0, true), (1_000, true), (1_001, false)] {
            bench.context.lastDataTime = Bench.start - Nanoseconds(Int64(age))
            #expect(bench.check(Bench.intent()) == (isLegal ? [] : [.staleData]), "\(age)")
        }
        bench.context.lastDataTime = Bench.start
        bench.context.quote.isValid = false
        #expect(bench.check(Bench.intent()) == [.bookInvalid])
    }

    @Test func `halts of everything and of one instrument`() {
        // RSK-16
        let bench = Bench()
        bench.context.isHalted = true
        #expect(bench.check(Bench.intent()) == [.halted])
        bench.context.isHalted = false
        #expect(bench.set(.instrumentHalted, 1))
        #expect(bench.check(Bench.intent()) == [.halted])
        #expect(bench.check(Bench.intent(instrument: 1)) == [])
    }

    @Test(arguments: [
        (Int64(720), Int64(721), true), (721, 722, false), (700, 720, false), (720, 720, true),
        (1_400, 721, true), (1_400, 720, false),
    ])
    func `hours of trading in UTC`(_ start: Int64, _ end: Int64, _ isOpen: Bool) {
        // RSK-14: it is 12:00; the last rows reach over midnight.
        let bench = Bench()
        #expect(bench.set(.orderHoursStart, start) && bench.set(.orderHoursEnd, end))
        #expect(bench.check(Bench.intent()) == (isOpen ? [] : [.tradingHours]))
    }

    @Test func `a market that has moved too far`() {
        // RSK-15
        let bench = Bench()
        #expect(bench.set(.instrumentMaxMove, 100))
        for (offset, isLegal) in [(99, true), (100, true), (101, false)] {
            bench.context.last = Price(raw: Bench.price + Bench.price / 10_000 * Int64(offset))
            #expect(bench.check(Bench.intent()) == (isLegal ? [] : [.volatility]), "\(offset)")
        }
    }

    @Test func `stop and target are mandatory for directional entries only`() {
        // RSK-09, BUG-173
        let bench = Bench()
        #expect(bench.set(.orderRequiresProtection, 1))
        #expect(bench.check(Bench.intent()) == [.protection])
        #expect(bench.check(Bench.intent(hasProtection: true)) == [])
        #expect(bench.check(Bench.intent(type: .limitMaker)) == [])
    }

    @Test func `what reduces passes every rule of risk and none of the venue's`() {
        // BUG-056, BUG-174
        let bench = Bench()
        for key in RiskLimitKey.allCases where key.range.upperBound > 1439 || key.unit == .flag {
            #expect(bench.set(key, 1), "\(key)")
        }
        bench.context.isHalted = true
        bench.context.quote.isValid = false
        bench.context.dayProfit = Notional(raw: -(1 << 100))
        bench.context.strategyPosition = Quantity(raw: Bench.coin)
        bench.context.quoteBalance = -1
        bench.send(Bench.intent(.buy, reduceOnly: false))
        #expect(bench.check(Bench.intent()).count > 15)
        let exit = Bench.intent(.sell, reduceOnly: true)
        #expect(bench.check(exit) == [])
        #expect(bench.check(Bench.intent(.sell, 7, reduceOnly: true)) == [.quantity])
        #expect(bench.check(Bench.intent(.sell, at: 7, reduceOnly: true)) == [.price])
        // Without any price the position can still be closed.
        bench.context.quote = Bench.quote(0, 0, isValid: false)
        bench.context.last = .zero
        #expect(bench.check(Bench.intent(.sell, type: .market, reduceOnly: true)) == [])
        #expect(bench.check(Bench.intent(.sell, type: .market)) == [.malformed])
    }

    @Test func `reduce-only orders together never exceed the position`() {
        let bench = Bench()
        bench.context.strategyPosition = Quantity(raw: 2 * Bench.coin)
        let exit = Bench.intent(.sell, Bench.coin, reduceOnly: true)
        let first = bench.send(exit)
        bench.send(exit)
        #expect(bench.check(exit) == [.reduceOnly])
        bench.context.isReplacement = true
        bench.context.isReplacedReduceOnly = true
        bench.context.replacedSell = Quantity(raw: Bench.coin)
        #expect(bench.check(exit) == [])
        bench.context.isReplacement = false
        bench.context.isReplacedReduceOnly = false
        bench.context.replacedSell = .zero
        bench.gate.fill(first, Quantity(raw: Bench.coin))
        bench.context.strategyPosition = Quantity(raw: Bench.coin)
        #expect(bench.check(exit) == [.reduceOnly])
        #expect(bench.check(Bench.intent(.buy, reduceOnly: true)) == [.reduceOnly])
        // A short is closed by buying; an operator's order looks at the net position.
        bench.context.strategy = .none
        bench.context.netPosition = Quantity(raw: -Bench.coin)
        #expect(bench.check(Bench.intent(.buy, reduceOnly: true)) == [])
        #expect(bench.check(Bench.intent(.buy, 2 * Bench.coin, reduceOnly: true)) == [.reduceOnly])
    }

    @Test func `input that makes no sense is refused, never trapped`() {
        let bench = Bench()
        let large = Int64.max
        let intents = [
            Bench.intent(.buy, 0), Bench.intent(.buy, -1), Bench.intent(.buy, .min),
            Bench.intent(at: 0), Bench.intent(at: -1), Bench.intent(at: .min),
            Bench.intent(.buy, large), Bench.intent(at: large),
            Bench.intent(.sell, large, at: large),
            Bench.intent(.buy, 1 << 61, at: 1 << 61), Bench.intent(instrument: 3),
            Bench.intent(instrument: .max),
        ]
        for intent in intents {
            #expect(bench.check(bench.gate.normalized(intent)) == [.malformed], "\(intent)")
            #expect(bench.check(intent) == [.malformed], "\(intent)")
        }
        for price in [large, -1, 0, .min] {
            bench.context.quote = Bench.quote(price, price)
            bench.context.last = Price(raw: price)
            for side in Side.allCases {
                #expect(bench.check(Bench.intent(side, type: .market)) == [.malformed], "\(price)")
            }
        }
    }

    @Test func `all violated rules are reported with their numbers, in one pass`() {
        // RSK-01, BUG-063
        let bench = Bench()
        #expect(bench.set(.orderMaxNotional, Bench.money(1)))
        #expect(bench.set(.orderFatFinger, 1))
        #expect(bench.set(.globalMaxExposure, Bench.money(2)))
        #expect(bench.set(.instrumentMaxOrderQuantity, 5))
        bench.context.isHalted = true
        bench.context.quote.isValid = false
        bench.context.quoteBalance = Bench.money(7)
        let found = bench.check(Bench.intent(at: Bench.price * 2 + 1))
        #expect(
            found == [
                .price, .halted, .bookInvalid, .orderNotional, .orderQuantity, .fatFinger,
                .totalExposure, .capital,
            ])
        let verdict = bench.gate.verdict
        #expect(verdict.breachCount == 8 && !verdict.isClear)
        #expect(Set((0..<8).map { verdict.breach($0).rule }) == found)
        let text = verdict.explanation(Bench.instrument(0))
        #expect(text.contains("order_quantity: 1 BTC0 against 0.00000005 BTC0"))
        #expect(text.contains("total_exposure: 120000.00000001 USDT against 2 USDT"))
        #expect(text.contains("fat_finger: 10000 bps against 1 bps"))
        #expect(verdict.explanation.contains("halted; book_invalid"))
        bench.gate.countDenial(verdict.violations)
        #expect((0..<64).map { bench.gate.denials[$0] }.reduce(0, +) == 8)
        #expect(bench.check(Bench.intent(.buy, Bench.lot)).count < 8)
    }
}
