import MarketModel
import Telemetry
import Wire

/// Everything `apus run` was told, checked and typed.
public struct RunConfiguration: Sendable, Equatable {
    /// The file it came from.
    public var file: String
    public var name: String
    public var venue: VenueConfiguration
    public var credentials: CredentialSource
    /// PEM file of trusted certificates.
    public var authorityFile: String
    /// Who protects the records of TLS.
    public var recordLayer: TLSRecordLayer
    /// At least one; every instrument is on exactly one lane.
    public var lanes: [LaneConfiguration]
    public var instruments: [InstrumentConfiguration]
    public var strategies: [StrategyConfiguration]
    public var risk: RiskConfiguration
    public var journal: JournalSettings
    public var reconciliation: ReconciliationPolicy
    /// Path of the control socket.
    public var controlSocket: String
    public var watchdog: WatchdogSettings
    public var telemetry: TelemetrySettings
    public var timeouts: TimeoutSettings
    /// Every setting as it was read: where each stands, for what only the venue's facts can refuse.
    public var source: SettingSection
    /// Environment variables that overrode the file, and those of our prefix that mean nothing.
    public var appliedVariables: [String]
    public var ignoredVariables: [String]
    /// Everything but sending: no request that would change an order leaves. Not a setting of the
    /// file, so that no file can be mistaken for another kind: `apus run --dry-run`.
    public var isDryRun = false

    /// A crash may leave a core file, with the keys in it.
    public var allowsCoreDumps = false

    /// Where runs leave their journals: those of dry runs apart, so that no other run goes on from
    /// one, or loses its own to their number.
    public var runsDirectory: String {
        isDryRun ? journal.directory + "/dry-run" : journal.directory
    }

    public var mode: EngineMode {
        switch venue.environment {
        case .emulated: .emulated
        case .testnet: .testnet
        case .live: .live
        }
    }
}

/// The exchange and how to talk to it.
public struct VenueConfiguration: Sendable, Equatable {
    public enum Kind: String, Sendable { case binanceSpot = "binance_spot" }
    public enum Authentication: String, Sendable { case ed25519, hmac }
    public enum TradeStream: String, Sendable { case trade, aggregate = "agg_trade" }
    public enum CandleSource: String, Sendable { case trades, klines }
    /// What goes over REST while the WebSocket API is down.
    public enum OrderEntry: String, Sendable {
        case webSocket = "websocket"
        case closingOverREST = "rest_closes"
        case everythingOverREST = "rest_places"
    }
    public enum Encoding: String, Sendable { case json, sbe }

    public var kind: Kind
    public var environment: VenueEnvironment
    public var authentication: Authentication
    public var receiveWindow: Nanoseconds
    /// What orders say of the kind of their strategy, beside its number; `nil`: neither.
    public var strategyType: UInt32?
    public var trades: TradeStream
    public var candles: CandleSource
    /// 100 ms or 1000 ms.
    public var depthInterval: Nanoseconds
    public var marketEncoding: Encoding
    public var ordersEncoding: Encoding
    public var rulesRefresh: Nanoseconds
    public var orderEntry: OrderEntry
    /// How long the WebSocket API is down before orders go over REST.
    public var orderPatience: Nanoseconds
}

/// How a lane's bytes leave when io_uring receives them; what a decision has sealed goes together.
public enum LaneSend: String, Sendable, CaseIterable {
    /// Through the ring; what is sealed while a send is under way goes together in the next cycle.
    case ring
    /// By a system call of their own, at once.
    case call
}

/// One trading thread.
public struct LaneConfiguration: Sendable, Equatable {
    public enum Transport: String, Sendable { case uring, direct }

    public enum Idle: Sendable, Equatable {
        case spin
        case spinThenWait(spinning: Nanoseconds)
    }

    public var name: String
    public var core: Int?
    public var realTimePriority: Int?
    public var transport: Transport
    public var send: LaneSend
    public var receiveTimestamps: ReceiveTimestamps
    public var idle: Idle
    /// How often an idle lane runs a decision on made-up data; `nil`: never.
    public var keepWarm: Nanoseconds?
    public var locksMemory: Bool
    public var usesHugePages: Bool
    /// Bytes of market data kept while one connection relieves another.
    public var reliefBacklog: Int64
    public var instruments: [String]
}

/// One instrument with its limits: those of `risk.instrument` with its own put over them.
public struct InstrumentConfiguration: Sendable, Equatable {
    public var symbol: String
    public var limits: InstrumentLimits
}

/// One strategy with its limits: those of `risk.strategy` with its own put over them.
public struct StrategyConfiguration: Sendable, Equatable {
    public var name: String
    /// ``StrategyKind/name``.
    public var kind: String
    public var instruments: [String]
    public var isEnabled: Bool
    /// The values of its kind's settings.
    public var parameters: SettingSection
    public var limits: StrategyLimits
}

/// The limits of ``RiskSchema``.
public struct RiskConfiguration: Sendable, Equatable {
    public var order: OrderLimits
    public var instrument: InstrumentLimits
    public var strategy: StrategyLimits
    public var global: GlobalLimits
}

/// Limits of a single order.
public struct OrderLimits: Sendable, Equatable {
    public var maxNotional: DecimalAmount
    /// Zero: not checked.
    public var priceBand: Proportion
    /// Zero: not checked.
    public var fatFinger: Proportion
    /// Zero: not checked.
    public var duplicateWindow: Nanoseconds
    public var duplicateTicks: Int64
    public var requiresProtection: Bool
    /// `nil`: always.
    public var tradingHours: DailyHours?
}

/// Limits of one instrument; what is absent is not checked.
public struct InstrumentLimits: Sendable, Equatable {
    public var maxOrderQuantity: DecimalAmount?
    public var maxPosition: DecimalAmount?
    public var maxExposure: DecimalAmount?
    public var maxOpenOrders: Int
    public var orderRate: RateAllowance
    public var cancelRate: RateAllowance
    public var staleData: Nanoseconds
    /// Zero: not checked.
    public var maxMove: Proportion
}

/// Limits of one strategy; what is absent is not checked.
public struct StrategyLimits: Sendable, Equatable {
    public var maxExposure: DecimalAmount?
    public var maxOpenOrders: Int?
    public var maxDailyLoss: DecimalAmount?
    public var orderRate: RateAllowance?
    public var onePosition: Bool
}

/// Limits of the whole engine; what is absent is not checked.
public struct GlobalLimits: Sendable, Equatable {
    public var maxExposure: DecimalAmount
    public var maxPositions: Int?
    public var maxOpenOrders: Int
    public var maxLeverage: ExactDecimal
    public var maxDailyLoss: DecimalAmount
    public var orderRate: RateAllowance
    public var cancelRate: RateAllowance
}

/// Where and how the journal is written.
public struct JournalSettings: Sendable, Equatable {
    public enum Record: String, Sendable { case records, frames }

    public var directory: String
    public var segmentBytes: Int64
    /// `nil`: the kernel decides.
    public var syncInterval: Nanoseconds?
    public var record: Record
    public var retentionBytes: Int64
    public var retentionAge: Nanoseconds
}

/// Snapshots and logs.
public struct TelemetrySettings: Sendable, Equatable {
    public var interval: Nanoseconds
    /// `nil`: standard error.
    public var logFile: String?
    /// A level of swift-log.
    public var logLevel: String
    /// Zero: market contexts are not logged.
    public var contextLog = Nanoseconds.zero
}

/// The lane's sign of life and how long it may stay away.
public struct WatchdogSettings: Sendable, Equatable {
    /// Path of the mapped file.
    public var heartbeat: String
    public var patience: Nanoseconds
}

/// How long things may take; see ``RunSchema`` for each.
public struct TimeoutSettings: Sendable, Equatable {
    public var connect: Nanoseconds
    public var handshake: Nanoseconds
    public var request: Nanoseconds
    public var pingInterval: Nanoseconds
    public var silence: Nanoseconds
    /// Zero: no stream is watched.
    public var streamSilence: Nanoseconds
    public var connectionAge: Nanoseconds
    public var reconnectMinimum: Nanoseconds
    public var reconnectMaximum: Nanoseconds
    public var shutdown: Nanoseconds
}

/// What a start does about the run before it and about the account at the venue.
public struct ReconciliationPolicy: Sendable, Equatable {
    public enum ForeignOrders: String, Sendable { case ignore, cancel, claim }
    public enum Difference: Sendable { case haltInstrument, accept }

    /// Whether positions and profit go on from the newest run of the same account.
    public var takesOver: Bool
    public var foreignOrders: ForeignOrders
    public var onDifference: Difference
    /// Zero: no audits.
    public var auditInterval: Nanoseconds
}
