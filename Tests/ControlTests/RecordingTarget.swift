import Control
import MarketModel
import Synchronization
import Telemetry

/// A target that remembers what it was asked and answers with fixed figures.
final class RecordingTarget: ControlTarget {
    private let calls = Mutex<[String]>([])
    private let failure = Mutex<ControlFailure?>(nil)
    /// Holds `halt` back until it is opened.
    let gate: Gate?

    init(gate: Gate? = nil) { self.gate = gate }

    var recorded: [String] { calls.withLock { $0 } }

    func fail(with wanted: ControlFailure) { failure.withLock { $0 = wanted } }

    private func record(_ call: String) throws(ControlFailure) {
        calls.withLock { $0.append(call) }
        if let wanted = failure.withLock({ $0 }) { throw wanted }
    }

    func vocabulary() async -> ControlVocabulary {
        ControlVocabulary(
            instruments: ["BTCUSDT", "ETHUSDT"],
            strategies: [StrategyFigures(name: "maker", kind: "market_maker", isRunning: true)],
            limits: [
                ValueDescription(
                    key: "max_exposure", unit: "USDT", minimum: .zero,
                    maximum: ExactDecimal(100_000), decimals: 2,
                    scopes: [.instrument, .strategy, .global], summary: "Worth of positions.")
            ],
            parameters: [
                "maker": [
                    ValueDescription(
                        key: "requote_ticks", unit: "ticks", minimum: ExactDecimal(1),
                        maximum: ExactDecimal(100), decimals: 0, summary: "Hysteresis.")
                ]
            ])
    }

    func snapshot() async -> EngineSnapshot {
        var snapshot = EngineSnapshot(
            time: Timestamp(nanoseconds: 1_700_000_000_000_000_000), uptime: .seconds(5),
            run: "test-1", mode: .emulated, state: .trading)
        var bitcoin = InstrumentFigures(symbol: "BTCUSDT")
        bitcoin.bid = ExactDecimal("61837.62")
        snapshot.instruments = [bitcoin]
        snapshot.totals.denied = [ReasonCount(reason: "stale_data", count: 3)]
        return snapshot
    }

    func latencies(includingBuckets: Bool) async -> [StageFigures] {
        var figures = StageFigures(stage: "parse", buckets: [.init(value: 100, count: 9)])
        if !includingBuckets { figures.buckets = nil }
        return [figures]
    }

    func openOrders(
        in scope: OrderScope, atMost maximum: Int
    ) async throws(ControlFailure) -> [OrderFigures] {
        try record("orders \(scope.instrument ?? "*") \(scope.strategy ?? "*") \(maximum)")
        return [
            OrderFigures(
                order: "ap-0000000000000001", venueOrder: 9, instrument: "BTCUSDT",
                strategy: "maker", side: .buy, type: "limitMaker", state: "new",
                price: ExactDecimal(61_000), quantity: ExactDecimal("0.01") ?? .zero,
                filled: .zero, ageNanoseconds: 1_500_000)
        ]
    }

    func positions() async throws(ControlFailure) -> [PositionFigures] {
        try record("positions")
        return [
            PositionFigures(
                instrument: "BTCUSDT", position: ExactDecimal("-0.5") ?? .zero,
                realised: ExactDecimal("12.345") ?? .zero, fees: .zero, asset: "USDT")
        ]
    }

    func journal() async -> JournalFigures { JournalFigures() }

    func market() async -> [MarketFigures] {
        var figures = MarketFigures(symbol: "BTCUSDT")
        figures.price = ExactDecimal("61837.62")
        figures.changePercent = -1.25
        figures.spread = ExactDecimal("0.50")
        figures.dayAgeNanoseconds = 1_000
        return [figures]
    }

    func contexts() async -> [ContextFigures] {
        var figures = ContextFigures(instrument: "BTCUSDT", regime: "trend_up")
        figures.strategies = ["maker"]
        figures.sessions = ["london", "new_york"]
        func price(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? .zero }
        figures.day = ContextFigures.DayFigures(
            high: price("61900.00"), low: price("60010.50"), last: price("61837.62"),
            volume: price("12.5"), delta: price("-1.25"), vwap: price("61001.24"),
            deviation: price("210.40"), pointOfControl: price("60900.00"),
            binSize: price("5.00"), valueAreaHigh: price("61300.00"),
            valueAreaLow: price("60700.00"), isPartial: true)
        figures.previousDay = ContextFigures.LevelFigures(
            high: price("62100.00"), low: price("59900.00"), close: price("60100.00"),
            isPartial: false)
        return [figures]
    }

    func halt(reason: String) async throws(ControlFailure) -> CancelOutcome {
        try record("halt \(reason)")
        await gate?.pass()
        return CancelOutcome(
            state: .halted, cancelsSent: 2, cancelsConfirmed: 2, lastSentAfterNanoseconds: 84_000,
            lastConfirmedAfterNanoseconds: 912_000)
    }

    func resume() async throws(ControlFailure) -> StateOutcome {
        try record("resume")
        return StateOutcome(state: .trading)
    }

    func cancelAll(in scope: OrderScope) async throws(ControlFailure) -> CancelOutcome {
        try record("cancel_all \(scope.instrument ?? "*") \(scope.strategy ?? "*")")
        return CancelOutcome(state: .trading, cancelsSent: 1, cancelsConfirmed: 0)
    }

    func flatten(_ scope: OrderScope) async throws(ControlFailure) -> FlattenOutcome {
        try record("flatten \(scope.instrument ?? "*")")
        return FlattenOutcome(
            cancels: CancelOutcome(state: .halted, cancelsSent: 0, cancelsConfirmed: 0),
            closingOrdersSent: 1)
    }

    func claim(_ order: Int64, in instrument: String) async throws(ControlFailure) -> OrderFigures {
        try record("claim \(order) \(instrument)")
        return OrderFigures(
            order: "ap-ffffff0000000009", venueOrder: order, instrument: instrument, side: .sell,
            type: "limit", state: "new", price: ExactDecimal(70_000), quantity: ExactDecimal(1),
            filled: ExactDecimal(0), ageNanoseconds: 0)
    }

    func limits() async throws(ControlFailure) -> [LimitSetting] {
        try record("limits")
        return [
            LimitSetting(scope: .global, limit: "max_exposure", value: ExactDecimal(5), unit: "USDT")
        ]
    }

    func setLimit(_ change: LimitChange) async throws(ControlFailure) -> LimitSetting {
        try record("limit \(change.scope) \(change.name ?? "*") \(change.limit) \(change.value)")
        return LimitSetting(
            scope: change.scope, name: change.name, limit: change.limit, value: change.value,
            unit: "USDT", previous: ExactDecimal(5))
    }

    func startStrategy(_ name: String) async throws(ControlFailure) -> StrategyFigures {
        try record("start \(name)")
        return StrategyFigures(name: name, kind: "market_maker", isRunning: true)
    }

    func stopStrategy(_ name: String) async throws(ControlFailure) -> StrategyFigures {
        try record("stop \(name)")
        return StrategyFigures(name: name, kind: "market_maker", isRunning: false)
    }

    func parameters(of strategy: String) async throws(ControlFailure) -> [ParameterSetting] {
        try record("parameters \(strategy)")
        return [ParameterSetting(key: "requote_ticks", value: ExactDecimal(2), unit: "ticks")]
    }

    func setParameters(
        _ changes: [ParameterChange], of strategy: String
    ) async throws(ControlFailure) -> [ParameterSetting] {
        try record("set \(strategy) " + changes.map { "\($0.key)=\($0.value)" }.joined())
        return changes.map { ParameterSetting(key: $0.key, value: $0.value, unit: "ticks") }
    }

    func shutdown(flattening: Bool) async throws(ControlFailure) -> StateOutcome {
        try record("shutdown \(flattening)")
        return StateOutcome(state: .stopping)
    }
}

/// Lets callers pass once it is open.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var arrivals: [CheckedContinuation<Void, Never>] = []
    private var arrived = 0

    func pass() async {
        arrived += 1
        arrivals.forEach { $0.resume() }
        arrivals.removeAll()
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Returns when somebody stands before the gate.
    func awaitArrival() async {
        if arrived > 0 { return }
        await withCheckedContinuation { arrivals.append($0) }
    }

    func open() {
        isOpen = true
        waiting.forEach { $0.resume() }
        waiting.removeAll()
    }
}
