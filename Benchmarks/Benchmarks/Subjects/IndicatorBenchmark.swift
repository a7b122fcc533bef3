import CFloor
import Indicators

/// One tick through incremental indicators, one trade through the market's context.
enum IndicatorBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let (rows, updates) = try Cores(options).measure {
            let (bench, context) = (try IndicatorBench(), try ContextBench())
            let meter = Meter(options: options)
            let rows = (bench.contests + context.contests).map(meter.measure)
            precondition(context.isSound, "every trade is new and follows the one before")
            return (rows, try CatalogueBenchmark(options).measure())
        }
        var report = BenchmarkReport(
            "indicators", rows: rows,
            notes: [
                "our ten: EMA twice, RSI, MACD, highest and lowest of 50, deviation of 20, ATR, "
                    + "order-flow imbalance of 100, queue imbalance; each refuses bad input",
                "the floor's ten: EMA twice, MACD's signal, RSI's averages, true range, mean and "
                    + "variance of 64, VWAP, cumulative sum, imbalance; no division, no time",
                "market context: a trade through the UTC day and three sessions with profile, VWAP "
                    + "and levels, footprint, regime, and its events; behind a joined tape: the "
                    + "same, with history and stream joined by number",
                "update: of eight in turn, each with a series of its own, as among other work; "
                    + "alone: of one again and again, each waiting for what the one before wrote; "
                    + "in a series: per input of one taken in one piece",
                "TA-Lib: its function over the same series, per element, in turns (--talib FILE); "
                    + "ratio: of an update, and of an input of a series, to that",
                "instructions an update: scripts/flat-cost counts them (--instructions FILE)",
            ])
        report.updates = updates
        return report
    }
}

/// Ten indicators as a strategy would hold them.
struct IndicatorSet: ~Copyable {
    fileprivate var fast: Indicator<EMA>
    fileprivate var slow: Indicator<EMA>
    fileprivate var rsi: Indicator<RSI>
    fileprivate var highest: Indicator<MAX>
    private var lowest: Indicator<MIN>
    private var macd: Indicator<MACD>
    private var deviation: Indicator<STDDEV>
    private var range: Indicator<ATR>
    private var flow: Indicator<OrderFlowImbalance>
    private var imbalance: Indicator<QueueImbalance>

    init() throws(IndicatorFailure) {
        // All that can be refused comes first: what cannot be copied is made as a whole.
        let averages = (try EMA(period: 12), try EMA(period: 26), try RSI(), try MACD())
        let extremes = (try MAX(period: 50), try MIN(period: 50))
        let spreads = (try STDDEV(period: 20), try ATR(), try OrderFlowImbalance(period: 100))
        fast = Indicator(averages.0)
        slow = Indicator(averages.1)
        rsi = Indicator(averages.2)
        macd = Indicator(averages.3)
        highest = Indicator(extremes.0)
        lowest = Indicator(extremes.1)
        deviation = Indicator(spreads.0)
        range = Indicator(spreads.1)
        flow = Indicator(spreads.2)
        imbalance = Indicator(QueueImbalance())
    }

    /// All ten, with what the announcement says.
    @_noLocks
    mutating func update(_ top: BestQuotes) {
        let price = top.bidPrice
        fast.update(price)
        slow.update(price)
        rsi.update(price)
        highest.update(price)
        lowest.update(price)
        macd.update(price)
        deviation.update(price)
        range.update(
            PriceBar(open: price, high: top.askPrice, low: price, close: price, volume: 1))
        flow.update(top)
        imbalance.update(top)
    }
}

final class IndicatorBench {
    private let set = UnsafeMutablePointer<IndicatorSet>.allocate(capacity: 1)
    private let desk: OpaquePointer
    private let bar = UnsafeMutablePointer<PriceBar>.allocate(capacity: 1)
    private let prices = UnsafeMutablePointer<Double>.allocate(capacity: 12)
    private(set) var sum = 0.0

    init() throws {
        set.initialize(to: try IndicatorSet())
        desk = try FloorDesk.make(every: 1)
        for rung in 0..<12 { prices[rung] = 61_837 + Double(rung) }
    }

    deinit {
        set.deinitialize(count: 1)
        set.deallocate()
        bar.deallocate()
        prices.deallocate()
        cfloor_desk_destroy(desk)
    }

    var contests: [Contest] {
        var all = Contest(
            name: "ten indicators", batch: 50,
            ours: Contestant("apus") { [self] in updateAll($0) })
        all.floor = Contestant("C floor") { [self] count in
            sum += cfloor_indicators(desk, 61_837, count)
        }
        return [
            all, forming,
            one("EMA") { $0.pointee.fast.update($1) }, one("RSI") { $0.pointee.rsi.update($1) },
            one("highest of 50") { $0.pointee.highest.update($1) },
        ]
    }

    /// A bar is checked here, once for all indicators that take it.
    private var forming: Contest {
        Contest(
            name: "a bar, formed and checked", batch: 100,
            ours: Contestant("apus") { [self] count in
                let (bar, prices) = (bar, prices)
                for turn in 0..<count {
                    let rung = prices + (turn & 7)
                    bar.pointee = PriceBar(
                        open: rung[1], high: rung[3], low: rung[0], close: rung[2],
                        volume: rung[4])
                }
                sum += bar.pointee.isValid ? 1 : 0
            })
    }

    private func updateAll(_ count: Int) {
        let set = set
        for turn in 0..<count {
            let offset = Double(turn & 7)
            set.pointee.update(
                BestQuotes(
                    bidPrice: 61_837 + offset, bidSize: 1 + offset, askPrice: 61_838 + offset,
                    askSize: 2))
        }
        sum += set.pointee.slow.value ?? 0
    }

    private func one(
        _ name: String, _ update: @escaping (UnsafeMutablePointer<IndicatorSet>, Double) -> Void
    ) -> Contest {
        Contest(
            name: name, batch: 100,
            ours: Contestant("apus") { [self] count in
                let set = set
                for turn in 0..<count { update(set, 61_837 + Double(turn & 7)) }
            })
    }
}
