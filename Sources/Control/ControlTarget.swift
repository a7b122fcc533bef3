import Telemetry

/// What the control socket commands: the engine behind an interface of its own.
///
/// The server has checked every name and value against ``vocabulary()`` before it calls, and
/// calls from many clients may overlap. Each command returns when its effect is known, or throws
/// ``ControlFailure/timedOut(_:)`` when the lane did not confirm it in time.
public protocol ControlTarget: Sendable {
    /// The names and ranges commands may use now.
    func vocabulary() async -> ControlVocabulary

    /// The state of everything, without latency buckets.
    func snapshot() async -> EngineSnapshot
    /// One entry a stage; `includingBuckets` for plots and merging.
    func latencies(includingBuckets: Bool) async -> [StageFigures]
    /// At most `maximum` orders that may still trade, oldest first.
    func openOrders(in scope: OrderScope, atMost maximum: Int) async throws(ControlFailure)
        -> [OrderFigures]
    func positions() async throws(ControlFailure) -> [PositionFigures]
    func journal() async -> JournalFigures
    /// The markets at a glance; the venue may be asked for their last 24 hours.
    func market() async -> [MarketFigures]
    /// The market contexts that strategies look at.
    func contexts() async -> [ContextFigures]

    /// Stops new risk and cancels entry orders.
    func halt(reason: String) async throws(ControlFailure) -> CancelOutcome
    /// Allows new risk again; ``ControlFailure/refused(_:)`` while a cause of the halt lasts.
    func resume() async throws(ControlFailure) -> StateOutcome
    func cancelAll(in scope: OrderScope) async throws(ControlFailure) -> CancelOutcome
    /// Cancels everything in the scope, then closes its positions with reduce-only orders.
    func flatten(_ scope: OrderScope) async throws(ControlFailure) -> FlattenOutcome

    /// Takes over an open order of somebody else on the same account, by the venue's number.
    func claim(_ order: Int64, in instrument: String) async throws(ControlFailure) -> OrderFigures

    func limits() async throws(ControlFailure) -> [LimitSetting]
    func setLimit(_ change: LimitChange) async throws(ControlFailure) -> LimitSetting

    func startStrategy(_ name: String) async throws(ControlFailure) -> StrategyFigures
    /// Stops its decisions and cancels its orders; positions stay.
    func stopStrategy(_ name: String) async throws(ControlFailure) -> StrategyFigures
    func parameters(of strategy: String) async throws(ControlFailure) -> [ParameterSetting]
    /// All of the changes or none.
    func setParameters(_ changes: [ParameterChange], of strategy: String)
        async throws(ControlFailure) -> [ParameterSetting]

    /// Begins an orderly stop and returns at once; with `flattening` positions are closed first.
    func shutdown(flattening: Bool) async throws(ControlFailure) -> StateOutcome
}

/// Why the engine did not do what it was asked.
public enum ControlFailure: Error, Equatable, Sendable {
    /// Not in this state: the text says which state and what would allow it.
    case refused(String)
    /// The engine is starting or stopping and takes no commands.
    case unavailable(String)
    /// Sent to the lane, not confirmed in time: the effect is unknown.
    case timedOut(String)
}

/// The names and ranges that commands may use.
public struct ControlVocabulary: Codable, Sendable, Equatable {
    public var instruments: [String]
    public var strategies: [StrategyFigures]
    public var limits: [ValueDescription]
    /// Per strategy name.
    public var parameters: [String: [ValueDescription]]

    public init(
        instruments: [String] = [], strategies: [StrategyFigures] = [],
        limits: [ValueDescription] = [], parameters: [String: [ValueDescription]] = [:]
    ) {
        self.instruments = instruments
        self.strategies = strategies
        self.limits = limits
        self.parameters = parameters
    }
}

/// A settable number: its key, unit and range.
public struct ValueDescription: Codable, Sendable, Equatable {
    public var key: String
    /// As written after a value: `USDT`, `bps`, `orders`, `1/s`; empty for a plain number.
    public var unit: String
    public var minimum: ExactDecimal
    public var maximum: ExactDecimal
    /// Digits after the point that the engine keeps; more are refused, never rounded.
    public var decimals: Int
    /// Whether the word `off` is a value: it switches the limit off.
    public var canBeOff: Bool
    /// For a limit the scopes it exists in; empty for a parameter.
    public var scopes: [LimitScope]
    public var summary: String

    public init(
        key: String, unit: String, minimum: ExactDecimal, maximum: ExactDecimal, decimals: Int,
        canBeOff: Bool = false, scopes: [LimitScope] = [], summary: String
    ) {
        self.key = key
        self.unit = unit
        self.minimum = minimum
        self.maximum = maximum
        self.decimals = decimals
        self.canBeOff = canBeOff
        self.scopes = scopes
        self.summary = summary
    }
}

/// What a limit is counted over.
public enum LimitScope: String, Codable, Sendable, CaseIterable {
    case order, instrument, strategy, global
}
