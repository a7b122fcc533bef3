import MarketModel
import Telemetry
import Testing
import TickToTrade
import Wire

@testable import Emulator
@testable import Engine

/// The percent-price band as the engine holds it, against the exchange that enforces it: both see the
/// same trades, the exchange judges the orders that the engine would send.
struct PercentBandTests {
    private final class Bench {
        let desk: DialectDesk
        let instrument: Instrument
        let state: UnsafeMutablePointer<TradingState>
        private var tradeID: Int64 = 1

        init(minutes: Int, bySide: Bool) throws {
            desk = try DialectDesk(symbols: 1) {
                $0.symbols[0].filters.averagePriceMinutes = minutes
                $0.symbols[0].bidMultiplierUp = bySide ? 11_000 : 0
                $0.symbols[0].bidMultiplierDown = bySide ? 9_000 : 0
                $0.symbols[0].askMultiplierUp = bySide ? 10_500 : 0
                $0.symbols[0].askMultiplierDown = bySide ? 9_500 : 0
                $0.symbols[0].filters.priceMultiplierUp = bySide ? 0 : 10_800
                $0.symbols[0].filters.priceMultiplierDown = bySide ? 0 : 9_200
            }
            var inquiry = try desk.inquiry()
            instrument = try inquiry.ask(symbols: desk.symbols).instruments[0]
            state = TradingState.allocate(
                TradingConfiguration(
                    epoch: 1, lane: 0, subscriptions: [1],
                    limits: RiskLimits(instruments: 1, strategies: 1), assetCount: 3,
                    orderCapacity: 16, bookLevels: 64),
                instruments: [instrument])
        }

        deinit {
            state.deinitialize(count: 1)
            state.deallocate()
        }

        var market: SymbolMarket { desk.dialect.exchange.markets[0] }
        var now: Timestamp { Timestamp(nanoseconds: desk.now) }

        /// A trade that both see at once.
        func trade(_ price: Int64, _ quantity: Int64) {
            tradeID += 1
            let trade = PublicTrade(
                id: tradeID, price: Price(raw: price), quantity: Quantity(raw: quantity), time: now,
                takerSide: .buy)
            market.recordRecorded(trade)
            _ = state.pointee.apply(
                Trade(
                    instrument: instrument.index, id: TradeID(tradeID), price: trade.price,
                    quantity: trade.quantity, aggressor: .buy, venueTime: now, receiveTime: now),
                now: now)
        }

        /// Time without a trade; both notice it with the next depth event at the latest.
        func pass(_ time: Nanoseconds) {
            desk.pause(time)
            market.candles.advance(to: now.milliseconds)
            var top = TopOfBook(
                instrument: instrument.index, updateID: desk.now, bidPrice: .zero,
                bidQuantity: .zero, askPrice: .zero, askQuantity: .zero, venueTime: now,
                receiveTime: now)
            top.bidPrice = market.lastPrice
            _ = state.pointee.apply(top, now: now)
        }

        func isDenied(_ side: Side, at price: Int64) -> Bool {
            let intent = OrderIntent(
                instrument: instrument.index, side: side, type: .limit, timeInForce: .gtc,
                price: Price(raw: price), quantity: instrument.minQuantity)
            return state.pointee.violations(of: intent, for: StrategyIndex(0), now: now).rules
                .contains(.venueBand)
        }

        func isRefused(_ side: Side, at price: Int64) -> Bool {
            let text = ExactDecimal(Price(raw: price), of: instrument)
            let response = desk.askElsewhere(
                "POST", "/api/v3/order/test?symbol=\(desk.symbols[0])&side=\(side == .buy ? "BUY" : "SELL")"
                    + "&type=LIMIT&timeInForce=GTC&quantity=0.01&price=\(text)")
            return response.text.contains("PERCENT_PRICE")
        }
    }

    @Test(
        arguments: [0, 1, 5, 7], [false, true])
    func `what the engine lets through, the exchange does not refuse for the band`(
        minutes: Int, bySide: Bool
    ) throws {
        let bench = try Bench(minutes: minutes, bySide: bySide)
        let seed = UInt64(31 + minutes)
        var random = SeededRandom(seed: seed)
        func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        let tick = bench.instrument.tickSize.raw
        var price = bench.market.lastPrice.raw
        // Behind what was traded before the engine saw the market.
        for _ in 0..<(60 * (minutes + 2)) {
            bench.pass(.seconds(1))
            bench.trade(price, number(1...100_000_000))
        }
        var refused = 0
        var taken = 0
        var strict = 0
        for step in 0..<2_000 {
            bench.pass(Nanoseconds(number(0...3_000) * 1_000_000))
            if number(0...99) == 0 { bench.pass(.seconds(number(1...600))) }
            let isJump = number(0...49) == 0
            price = max(price + number(-10...10) * price / (isJump ? 100 : 5_000), 1_000 * tick)
            price -= price % tick
            for _ in 0..<number(0...3) { bench.trade(price, number(1...100_000_000)) }
            // Around the band's ends, where a tick decides.
            let side: Side = number(0...1) == 0 ? .buy : .sell
            let reference = bench.market.referencePrice.raw
            let edges: [Int64] = bySide
                ? (side == .buy ? [11_000, 9_000] : [10_500, 9_500]) : [10_800, 9_200]
            let edge = reference / 10_000 * edges[Int(number(0...1))]
            let raw = edge + number(-200...200) * reference / 10_000
            let asked = max(raw - raw % tick, tick)
            let isRefused = bench.isRefused(side, at: asked)
            let isDenied = bench.isDenied(side, at: asked)
            let isWrong = isRefused && !isDenied
            #expect(
                !isWrong, "seed \(seed), step \(step): \(side) at \(asked), reference \(reference)")
            if isRefused { refused += 1 } else { taken += 1 }
            if isDenied, !isRefused { strict += 1 }
        }
        // Both happen, and the engine is seldom stricter than the exchange.
        let isTelling = refused > 400 && taken > 400 && strict < taken / 2
        #expect(isTelling, "seed \(seed): \(refused) refused, \(taken) taken, \(strict) of them denied")
    }
}
