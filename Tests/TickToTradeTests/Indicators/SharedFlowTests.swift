import Indicators
import MarketModel
import Testing

@testable import TickToTrade

/// Shared indicators of quotes, books and trades: fed from the lane's own market.
@Suite("Shared indicators of the order flow")
struct SharedFlowTests {
    /// Each with the catalogue's name and parameters for the same: made another way.
    private static let kinds: [(SharedIndicator, String, [Double])] = [
        (.orderFlowImbalance(period: 5), "OFI", [5]), (.queueImbalance, "QUEUE_IMBALANCE", []),
        (.weightedMid, "WEIGHTED_MID", []), (.microPrice(bins: 6), "MICRO_PRICE", [6]),
        (.bookSlope, "BOOK_SLOPE", []), (.depth(basisPoints: 8), "DEPTH", [8]),
        (.cumulativeDelta, "CUMULATIVE_DELTA", []),
        (.tradeFlowImbalance(period: 7), "TRADE_FLOW_IMBALANCE", [7]),
        (.vpin(bucketVolume: 20, buckets: 5), "VPIN", [20, 5]),
        (.kyleLambda(period: 12), "KYLE_LAMBDA", [12]), (.rollSpread(period: 9), "ROLL_SPREAD", [9]),
        (.effectiveSpread(period: 6), "EFFECTIVE_SPREAD", [6]),
        (.realisedSpread(period: 6, delay: 4), "REALISED_SPREAD", [6, 4]),
    ]

    private let unit = 100_000_000.0

    private func lane() -> LaneRig {
        var plan = IndicatorPlan()
        for (number, kind) in Self.kinds.enumerated() {
            plan.add(
                IndicatorNeed(kind.0), number: number, instrument: TestMarket.btc.slot, strategy: 0)
        }
        return LaneRig(indicators: plan)
    }

    private func readings(_ lane: LaneRig, isForming: Bool = false) -> [IndicatorReading?] {
        // As a strategy's context does; an event to ask during would be a quote of its own.
        let strategy = StrategyIndex(0)
        return Self.kinds.indices.map {
            isForming
                ? lane.state.pointee.formingIndicator($0, of: TestMarket.btc, for: strategy)
                : lane.state.pointee.indicator($0, of: TestMarket.btc, for: strategy)
        }
    }

    private func numbers(_ reading: IndicatorReading?) -> [Double]? {
        reading.map { [$0.first, $0.second, $0.third] }
    }

    /// What the library's own says after the same quotes, books and trades.
    private final class Twin {
        let running: [any RunningIndicator]
        var sample = MarketSample()

        init() throws {
            running = try SharedFlowTests.kinds.map { try IndicatorCatalogue.entry($0.1).make($0.2) }
        }

        func feed(_ places: Range<Int>) { for place in places { running[place].update(sample) } }

        func values() -> [[Double]?] {
            running.map { one in
                one.value.map { $0 + Array(repeating: 0, count: 3 - $0.count) }
            }
        }
    }

    @Test func `each says what the library's says of the lane's own quotes, books and trades`() throws {
        var random = SeededNumbers(seed: 71)
        let lane = lane()
        let twin = try Twin()
        var last = Quote(
            bid: BookLevel(price: .zero, quantity: .zero),
            ask: BookLevel(price: .zero, quantity: .zero), isValid: false)
        // What the rig said while it made itself ready.
        var isFirst = true
        for step in 0..<600 {
            let quoted = seeQuote(lane)
            if quoted.isValid && (quoted != last || isFirst) {
                last = quoted
                twin.sample.top = top(quoted)
                twin.feed(0..<4)
            }
            if isFirst {
                twin.sample.book = book(lane)
                twin.feed(4..<6)
                isFirst = false
            }
            let (closed, forming) = (readings(lane), readings(lane, isForming: true))
            for (place, value) in twin.values().enumerated() {
                let said = closed[place]
                #expect(
                    numbers(said) == value,
                    "\(Self.kinds[place].0) at step \(step), seed \(random.seed)")
                #expect(forming[place] == said)
            }
            play(&random, lane, twin)
        }
        #expect(readings(lane).allSatisfy { $0 != nil })
    }

    /// One more event of the market, in both.
    private func play(_ random: inout SeededNumbers, _ lane: LaneRig, _ twin: Twin) {
        lane.now = lane.now + .seconds(1)
        let bid = 100 + Double(Int.random(in: 0...6, using: &random)) / 100
        let size = Double(Int.random(in: 1...40, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: lane.top(bid, bid + 0.10, size: size)
        case 1:
            lane.depth(TestMarket.btc, isSnapshot: true, bid: bid, ask: bid + 0.12, size: size)
            twin.sample.book = book(lane)
            twin.feed(4..<6)
        default:
            let before = top(seeQuote(lane))
            twin.sample.top = before
            lane.trade(bid, size)
            twin.sample.trade = TradePrint(price: bid, signedSize: size)
            twin.feed(6..<13)
        }
    }

    private func seeQuote(_ lane: LaneRig) -> Quote {
        lane.state.pointee.quote(TestMarket.btc)
    }

    private func top(_ quote: Quote) -> BestQuotes {
        BestQuotes(
            bidPrice: Double(quote.bid.price.raw) / unit, bidSize: Double(quote.bid.quantity.raw) / unit,
            askPrice: Double(quote.ask.price.raw) / unit, askSize: Double(quote.ask.quantity.raw) / unit)
    }

    private func book(_ lane: LaneRig) -> BookLevels {
        var levels = BookLevels()
        for depth in 0..<20 {
            for side in [Side.buy, .sell] {
                let level = lane.state.pointee.level(TestMarket.btc, side, depth: depth)
                if level.quantity.raw == 0 { continue }
                let (price, size) = (Double(level.price.raw) / unit, Double(level.quantity.raw) / unit)
                if side == .buy {
                    levels.appendBid(price: price, size: size)
                } else {
                    levels.appendAsk(price: price, size: size)
                }
            }
        }
        return levels
    }

    @Test func `strategies share one; another market, a repeated quote and a closed candle change nothing`() {
        var plan = IndicatorPlan()
        for strategy in 0..<2 {
            plan.add(
                IndicatorNeed(.orderFlowImbalance(period: 1)), number: strategy,
                instrument: TestMarket.btc.slot, strategy: strategy)
        }
        #expect(plan.entries.count == 1)
        let lane = LaneRig(strategies: 2, indicators: plan)
        func read(_ number: Int, _ strategy: Int) -> Double? {
            lane.state.pointee.indicator(
                number, of: TestMarket.btc, for: StrategyIndex(UInt16(strategy)))?.value
        }
        lane.top(100, 100.10, size: 10)
        lane.top(100, 100.10, size: 12)
        // Two came to each side.
        #expect(read(0, 0) == 0 && read(1, 1) == 0)
        lane.top(100.01, 100.10, size: 12)
        #expect(read(0, 0) == 12 && read(1, 1) == 12)
        lane.top(100.01, 100.10, size: 12)
        lane.top(10, 10.01, in: TestMarket.eth, size: 3)
        lane.trade(100.05)
        lane.advance(.seconds(120))
        #expect(read(0, 0) == 12 && read(1, 0) == nil)
    }

    @Test func `they want no candles, and wrong parameters are refused`() throws {
        for kind in Self.kinds {
            #expect(!kind.0.takesCandles)
            #expect(try kind.0.candlesWanted() == 0)
            #expect(IndicatorNeed(kind.0).candles == nil)
        }
        #expect(throws: IndicatorFailure.self) {
            try SharedIndicator.vpin(bucketVolume: 0, buckets: 5).candlesWanted()
        }
        #expect(IndicatorNeed(.sma(period: 2), every: .seconds(60)).candles == .seconds(60))
    }
}
