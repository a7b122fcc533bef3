import MarketModel
import Telemetry

/// Everything `apus exchange` was told, checked and typed; see ``ExchangeSchema``.
public struct ExchangeFileConfiguration: Sendable, Equatable {
    public enum Transport: String, Sendable { case uring, direct }

    public enum SelfTradePreventionMode: String, Sendable {
        case none
        case expireTaker = "expire_taker"
        case expireMaker = "expire_maker"
        case expireBoth = "expire_both"
    }

    public enum Source: Sendable, Equatable {
        case agents(Agents)
        case replay(Replay)
    }

    public struct Symbol: Sendable, Equatable {
        public var symbol: String
        public var base: String
        public var quote: String
        /// Prices and quantities at scale 8, the venue's ledger precision.
        public var tick: Price
        public var lot: Quantity
        public var startPrice: Price
        public var typicalQuantity: Quantity
        public var dailyVolatility: Proportion
        public var rally: Proportion
        public var activity: ExactDecimal
        /// In units of 1e-8 of the quote asset.
        public var minNotional: Int64
        public var maxOpenOrders: Int
        public var takesCancelReplace: Bool
    }

    public struct Account: Sendable, Equatable {
        public var name: String
        public var credentialsFile: String
        public var balances: [DecimalAmount]
    }

    public struct Agents: Sendable, Equatable {
        public var events: RateAllowance
        public var levels: Int
        public var takerShare: Proportion
        public var informedShare: Proportion
        public var meanReversion: ExactDecimal
    }

    public struct Replay: Sendable, Equatable {
        public enum AtEnd: String, Sendable {
            case closeStreams = "close_streams"
            case stop
            case keepServing = "keep_serving"
        }

        public var files: [String]
        /// `nil`: as fast as subscribers read.
        public var speed: ExactDecimal?
        public var atEnd: AtEnd
        public var snapshotPatience: Nanoseconds
    }

    public struct Limits: Sendable, Equatable {
        public var requestWeightPerMinute: Int
        public var ordersPerTenSeconds: Int
        public var ordersPerDay: Int
        public var banAfter: Int
        public var banTime: Nanoseconds
        public var streamMessagesPerSecond: Int
    }

    public struct Streams: Sendable, Equatable {
        public var depthInterval: Nanoseconds
        public var pingInterval: Nanoseconds
        public var pongTimeout: Nanoseconds
        public var lifetime: Nanoseconds
        public var sendQueueBytes: Int
        public var maxConnections: Int
    }

    public struct State: Sendable, Equatable {
        /// `nil`: nothing outlives the exchange.
        public var directory: String?
        public var isSynchronous: Bool

        public init(directory: String?, isSynchronous: Bool) {
            self.directory = directory
            self.isSynchronous = isSynchronous
        }
    }

    public struct Faults: Sendable, Equatable {
        public var disconnectAfterMessages: Int
        public var dropDepthEvery: Int
        public var acknowledgementDelay: Nanoseconds
    }

    public var file: String
    public var address: String
    public var port: UInt16
    /// `nil`: no market data in the binary encoding.
    public var binaryPort: UInt16?
    public var readyFile: String?
    public var core: Int?
    public var transport: Transport
    public var authorityFile: String
    public var hostNames: [String]
    public var seed: UInt64
    /// Empty: the emulator's own ten pairs.
    public var symbols: [Symbol]
    public var accounts: [Account]
    public var makerFee: Proportion
    public var takerFee: Proportion
    public var selfTradePrevention: SelfTradePreventionMode
    public var source: Source
    public var limits: Limits
    public var streams: Streams
    public var state: State
    public var faults: Faults
    public var telemetry: TelemetrySettings
    public var appliedVariables: [String]
    public var ignoredVariables: [String]

    /// The account of a configuration that names none.
    public static let demoAccount = Account(
        name: "demo", credentialsFile: ".apus/demo-credentials.yaml",
        balances: [
            DecimalAmount(ExactDecimal(1_000_000), "USDT"), DecimalAmount(ExactDecimal(10), "BTC"),
        ])
}
