import CFloor
import MarketModel
import TickToTrade

/// Pre-trade checks on a live-like state with every limit set.
enum RiskBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let rows = try Cores(options).measure {
            let bench = try RiskBench()
            let meter = Meter(options: options)
            let rows = bench.contests.map(meter.measure)
            try bench.verify()
            return rows
        }
        return BenchmarkReport(
            "risk", rows: rows,
            notes: [
                "our check gathers its context, rounds to the venue's grid and tests every rule of "
                    + "this engine with 128-bit money; the floor is twelve comparisons of words",
                "a row of a batch: each sample is the mean of the batch's checks, so that its p99.9 "
                    + "is that of such means; the single checks' p99.9 is that of one check, two "
                    + "readings of the clock included",
            ])
    }
}

final class RiskBench {
    private let state: UnsafeMutablePointer<TradingState>
    private let desk: OpaquePointer
    private let start = Timestamp(milliseconds: 1_795_262_400_000)
    private var violations: UInt64 = 0
    private var failed: UInt32 = 0

    init() throws(BenchmarkFailure) {
        desk = try FloorDesk.make(every: 1)
        state = TradingState.allocate(
            TradingConfiguration(
                epoch: 1, lane: 0, subscriptions: [1], limits: SampleLimits.all(), assetCount: 2),
            instruments: [SampleMarket.instrument()])
        open()
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
        cfloor_desk_destroy(desk)
    }

    /// Sessions up, balances known, the market seen.
    private func open() {
        func link(_ event: LinkEvent) {
            state.pointee.apply(
                LinkState(event: event, instrument: InstrumentIndex(0), time: start), now: start)
        }
        func balance(_ asset: AssetIndex, _ units: Int64) {
            state.pointee.apply(
                Balance(
                    asset: asset, free: units * 100_000_000, locked: 0, venueTime: start,
                    receiveTime: start), now: start)
        }
        link(.marketStreamUp)
        link(.orderSessionUp)
        balance(SampleMarket.usdt, 1_000_000)
        balance(SampleMarket.btc, 10)
        let levels = [
            BookLevel(price: Price(raw: SampleMarket.middle), quantity: Quantity(raw: 1 << 28)),
            BookLevel(
                price: Price(raw: SampleMarket.middle + SampleMarket.cent),
                quantity: Quantity(raw: 1 << 28)),
        ]
        let header = DepthHeader(
            instrument: InstrumentIndex(0), isSnapshot: true, firstUpdateID: 1, lastUpdateID: 1,
            bidCount: 1, askCount: 1, venueTime: start, receiveTime: start)
        levels.withUnsafeBufferPointer { levels in
            guard let first = levels.baseAddress else { return }
            _ = state.pointee.apply(header, levels: first, now: start)
        }
        _ = state.pointee.apply(
            Trade(
                instrument: InstrumentIndex(0), id: TradeID(1),
                price: Price(raw: SampleMarket.middle), quantity: Quantity(raw: 1_000_000),
                aggressor: .buy, venueTime: start, receiveTime: start), now: start)
        link(.bookSynced)
        link(.reconciled)
        state.pointee.advance(to: start)
    }

    var contests: [Contest] {
        [contest("all checks of an order", batch: 20), contest("one check", batch: 1)]
    }

    private func contest(_ name: String, batch: Int) -> Contest {
        Contest(
            name: name, batch: batch,
            ours: Contestant("apus") { [self] in check($0) },
            floor: Contestant("C floor") { [self] count in
                failed |= cfloor_checks(desk, SampleMarket.middle, count)
            })
    }

    private func check(_ count: Int) {
        let state = state
        var found: UInt64 = 0
        for turn in 0..<Int64(count) {
            let intent = OrderIntent(
                instrument: InstrumentIndex(0), side: turn & 1 == 0 ? .buy : .sell, type: .limit,
                timeInForce: .ioc,
                price: Price(raw: SampleMarket.middle + (turn & 1) * SampleMarket.cent),
                quantity: Quantity(raw: 1_000_000), hasProtection: true)
            found |= state.pointee.violations(
                of: intent, for: StrategyIndex(0), now: start
            ).rawValue
        }
        violations |= found
    }

    /// An order that is refused would be checked faster or slower than one that passes.
    func verify() throws(BenchmarkFailure) {
        if violations != 0 || failed != 0 {
            throw BenchmarkFailure(
                "the sample order is refused: rules \(String(violations, radix: 2)), "
                    + "floor \(failed)")
        }
    }
}

/// Every limit there is, wide enough for the sample orders.
enum SampleLimits {
    static func all() -> RiskLimits {
        var limits = RiskLimits(instruments: 1, strategies: 1)
        let million = Int64(1_000_000) * 100_000_000
        let rate = RateLimit(count: 1_000_000, window: .seconds(1))
        limits.order.maxNotional = million
        limits.order.priceBand = 500
        limits.order.fatFinger = 500
        limits.order.maxSizeMultiple = 100_000
        limits.order.duplicateWindow = Nanoseconds(1)
        limits.order.duplicateTicks = 1
        limits.order.requiresProtection = true
        limits.order.hoursStart = 0
        limits.order.hoursEnd = 1440
        limits.instruments[0].maxOrderQuantity = Quantity(raw: 100 * 100_000_000)
        limits.instruments[0].maxPosition = Quantity(raw: 1_000 * 100_000_000)
        limits.instruments[0].maxExposure = million
        limits.instruments[0].maxOpenOrders = 1_000
        limits.instruments[0].orderRate = rate
        limits.instruments[0].cancelRate = rate
        limits.instruments[0].staleData = .seconds(3_600)
        limits.instruments[0].maxMove = 5_000
        limits.instruments[0].correlatedSet = 1
        limits.strategies[0].maxExposure = million
        limits.strategies[0].maxOpenOrders = 1_000
        limits.strategies[0].maxDailyLoss = million
        limits.strategies[0].orderRate = rate
        limits.global.maxExposure = million
        limits.global.maxPositions = 10
        limits.global.maxCorrelated = 10
        limits.global.maxOpenOrders = 1_000
        limits.global.maxLeverage = 10_000
        limits.global.maxDailyLoss = million
        limits.global.orderRate = rate
        limits.global.cancelRate = rate
        return limits
    }
}
