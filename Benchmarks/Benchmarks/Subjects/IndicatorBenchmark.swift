import CFloor
import MarketModel
import TickToTrade

/// One tick through incremental indicators.
enum IndicatorBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let rows = try Cores(options).measure {
            let bench = try IndicatorBench()
            let meter = Meter(options: options)
            return bench.contests.map(meter.measure)
        }
        return BenchmarkReport(
            "indicators", rows: rows,
            notes: [
                "our ten: EMA twice, RSI, ATR, micro-price, order-flow imbalance, realised "
                    + "volatility, highest and lowest of 50, session VWAP",
                "the floor's ten: EMA twice, MACD's signal, RSI's averages, true range, mean and "
                    + "variance of 64, VWAP, cumulative sum, imbalance; no division, no time",
            ])
    }
}

/// Ten indicators as a strategy would hold them.
struct IndicatorSet {
    var fast = EMA(period: 12)
    var slow = EMA(period: 26)
    var rsi = RSI()
    var atr = ATR()
    var micro = MicroPrice(scale: UnitScale())
    var flow = OrderFlowImbalance(interval: .milliseconds(100), scale: UnitScale())
    var volatility = RealisedVolatility(halfLife: .seconds(60))
    var highest = RollingExtreme<64>(.highest, period: 50)
    var lowest = RollingExtreme<64>(.lowest, period: 50)
    var vwap = SessionVWAP()

    @_noLocks
    mutating func update(_ price: Double, _ bid: BookLevel, _ ask: BookLevel, _ now: Timestamp) {
        fast.update(price)
        slow.update(price)
        rsi.update(price)
        atr.update(
            PriceBar(open: price, high: price + 0.5, low: price - 0.5, close: price, volume: 1))
        micro.update(bid: bid, ask: ask)
        flow.update(bid: bid, ask: ask, at: now)
        volatility.update(price, at: now)
        highest.update(price)
        lowest.update(price)
        vwap.update(price: price, volume: 0.01, at: now)
    }
}

final class IndicatorBench {
    private let set = UnsafeMutablePointer<IndicatorSet>.allocate(capacity: 1)
    private let desk: OpaquePointer
    private var turn: Int64 = 0
    private(set) var sum = 0.0

    init() throws(BenchmarkFailure) {
        set.initialize(to: IndicatorSet())
        desk = try FloorDesk.make(every: 1)
    }

    deinit {
        set.deallocate()
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
            all,
            one("EMA") { $0.pointee.fast.update($1) }, one("RSI") { $0.pointee.rsi.update($1) },
            one("highest of 50") { $0.pointee.highest.update($1) },
        ]
    }

    private func updateAll(_ count: Int) {
        let set = set
        let first = turn
        for turn in first..<first + Int64(count) {
            let offset = turn & 7
            let bid = BookLevel(
                price: Price(raw: SampleMarket.middle + offset * SampleMarket.cent),
                quantity: Quantity(raw: 100_000_000 + offset))
            let ask = BookLevel(
                price: Price(raw: bid.price.raw + SampleMarket.cent), quantity: bid.quantity)
            set.pointee.update(
                61_837 + Double(offset), bid, ask, Timestamp(nanoseconds: turn * 50_000))
        }
        turn = first + Int64(count)
        sum += set.pointee.slow.value
    }

    private func one(
        _ name: String, _ update: @escaping (UnsafeMutablePointer<IndicatorSet>, Double) -> Void
    ) -> Contest {
        Contest(
            name: name, batch: 100,
            ours: Contestant("apus") { [set] count in
                for turn in 0..<count { update(set, 61_837 + Double(turn & 7)) }
            })
    }
}
