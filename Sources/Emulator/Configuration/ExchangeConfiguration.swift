import MarketModel

/// Everything an emulated exchange is built from; plain values with working defaults.
///
/// Reading it from a file is the caller's work. ``validate()`` names the first wrong value.
public struct ExchangeConfiguration: Sendable, Equatable {
    /// Loopback address to listen on.
    public var address = "127.0.0.1"
    /// TCP port; 0 lets the kernel choose (see `ExchangeServer.port`).
    public var port: UInt16 = 0
    /// TCP port of the binary market streams, which venues serve at a host of their own; 0 lets the
    /// kernel choose (see `ExchangeServer.binaryPort`), `nil`: they are not served.
    public var binaryPort: UInt16?
    /// Host names in the certificate chain made at start.
    public var hostNames = ["localhost", "127.0.0.1"]
    /// Where the certification authority's certificate is written for clients; `nil`: nowhere.
    public var authorityPath: String?
    /// Where one line `host:port` is written once the exchange accepts connections.
    public var readyPath: String?
    /// Core to pin the exchange's thread to; `nil`: any.
    public var core: Int?
    /// How sockets are driven.
    public var transport = TransportChoice.ring

    public var symbols = SymbolConfiguration.defaults
    public var accounts = [AccountConfiguration()]
    /// The standard commission, the special one for some symbols, and tax.
    public var fees = FeeRates()
    public var specialFees = FeeRates(maker: 0, taker: 0)
    public var taxFees = FeeRates(maker: 0, taker: 0)
    public var feeDiscount = FeeDiscountConfiguration()
    /// Limits of an account over all symbols.
    public var filters = ExchangeFilterConfiguration()
    /// For orders that name no mode.
    public var defaultSelfTradePrevention = SelfTradePreventionMode.expireMaker
    public var market = MarketSource.agents(AgentConfiguration())
    public var limits = RateLimitConfiguration()
    public var streams = StreamConfiguration()
    public var state = StateConfiguration()
    public var faults = FaultConfiguration()

    public init() {}

    /// What moves the sockets.
    public enum TransportChoice: Sendable, Equatable {
        /// io_uring.
        case ring
        /// Non-blocking receive and send.
        case direct
    }

    /// Where public orders and trades come from.
    public enum MarketSource: Sendable, Equatable {
        /// Seeded agents trade in the matching book.
        case agents(AgentConfiguration)
        /// A recorded capture is played; users' orders get a queue position in it.
        case replay(ReplayConfiguration)
    }

    /// Refuses values out of range; the error says which and what is accepted.
    public func validate() throws(ExchangeConfigurationFailure) {
        if let violation { throw ExchangeConfigurationFailure(description: violation) }
    }

    private var violation: String? {
        if symbols.isEmpty { return "at least one symbol must be configured" }
        if symbols.count > 1000 { return "at most 1000 symbols are supported" }
        if Set(symbols.map(\.symbol)).count != symbols.count { return "symbols must be unique" }
        if hostNames.isEmpty { return "at least one host name is needed for the certificate" }
        if ![fees, specialFees, taxFees].allSatisfy(\.isValid)
            || !(0...Money.unit).contains(feeDiscount.factor)
        {
            return "fee rates must be within 0...100000000 (units of 1e-8)"
        }
        if Set(accounts.map(\.apiKey)).count != accounts.count { return "API keys must be unique" }
        return symbols.lazy.compactMap(\.violation).first
            ?? accounts.lazy.compactMap(\.violation).first
            ?? market.violation ?? limits.violation ?? streams.violation ?? faults.violation
    }
}

/// A configuration value that cannot be accepted.
public struct ExchangeConfigurationFailure: Error, Equatable, CustomStringConvertible {
    /// Which value, and what is accepted.
    public let description: String
}

/// One API key, its secret and the balances behind it.
public struct AccountConfiguration: Sendable, Equatable {
    /// Value of `X-MBX-APIKEY`; keys with the same ``account`` share balances and orders.
    public var apiKey = "apus-demo-key"
    public var credential = Credential.hmac(secret: "apus-demo-secret")
    /// Name of the account behind the key.
    public var account = "demo"
    /// Free balances at start, raw at 1e-8 of the asset; not negative.
    public var balances: [String: Int64] = [
        "USDT": 1_000_000 * Money.unit, "BTC": 10 * Money.unit,
    ]
    /// Whether commissions are paid in the discount asset as long as there is enough of it.
    public var paysFeesInDiscountAsset = false

    public init() {}

    /// How requests of this key are signed.
    public enum Credential: Sendable, Equatable {
        /// HMAC-SHA256 with this secret.
        case hmac(secret: String)
        /// Ed25519, verified with the raw 32-byte public key.
        case ed25519(publicKey: [UInt8])
    }

    var violation: String? {
        if apiKey.isEmpty { return "an API key must not be empty" }
        if case .ed25519(let key) = credential, key.count != 32 {
            return "key \(apiKey): an Ed25519 public key has 32 bytes"
        }
        if case .hmac(let secret) = credential, secret.isEmpty {
            return "key \(apiKey): the HMAC secret must not be empty"
        }
        if balances.values.contains(where: { $0 < 0 || $0 > Int64.max / 4 }) {
            return "key \(apiKey): balances must be within 0...23 billion units"
        }
        return nil
    }
}

/// Seeded agents: how busy, how deep, how random.
public struct AgentConfiguration: Sendable, Equatable {
    public var seed: UInt64 = 1
    /// Public order events per second over all symbols, 0...10 million.
    public var eventsPerSecond: Double = 2_000
    /// Price levels a side in the initial book, 1...5000.
    public var levels = 500
    /// Share of events that take liquidity, 0...1.
    public var takerShare = 0.12
    /// Share of taking events that follow the fair value or momentum, 0...1.
    public var informedShare = 0.35
    /// How fast price returns to the fair value's mean, per second, 0...10; 0: random walk.
    public var meanReversion = 0.0
    public init() {}
}

/// A recorded capture to play.
public struct ReplayConfiguration: Sendable, Equatable {
    /// Files in the order to play, lines `receive_nanoseconds json`, gzip or plain.
    public var files: [String]
    public var pace = Pace.multiple(1)
    public var atEnd = AtEnd.closeStreams
    /// How long the frames after the recorded snapshot wait for a client to ask for it.
    public var snapshotPatienceMilliseconds: Int64 = 10_000

    public init(files: [String]) { self.files = files }

    public enum Pace: Sendable, Equatable {
        /// Recorded time divided by this factor; positive.
        case multiple(Double)
        /// As fast as subscribers read.
        case unthrottled
    }

    public enum AtEnd: Sendable, Equatable {
        /// Send `serverShutdown`, close market streams with code 1000, keep serving requests.
        case closeStreams
        /// As `closeStreams`, then stop the exchange.
        case stop
        /// Go silent and keep serving.
        case keepServing
    }
}

/// The venue's rate limits.
public struct RateLimitConfiguration: Sendable, Equatable {
    /// REQUEST_WEIGHT per minute and client address; positive.
    public var requestWeightPerMinute = 6_000
    /// ORDERS per account; positive.
    public var ordersPerTenSeconds = 100
    public var ordersPerDay = 200_000
    /// Requests after a 429 within one minute that lead to a ban (418); positive.
    public var banAfterViolations = 10
    /// The first ban; every further one is twice as long, up to three days.
    public var banSeconds = 120
    /// RAW_REQUESTS per five minutes and client address; positive.
    public var rawRequestsPerFiveMinutes = 300_000
    /// WebSocket connection attempts per five minutes and client address; positive.
    public var connectionsPerFiveMinutes = 300
    /// What the first fill of a resting order takes off the unfilled orders; positive.
    public var ordersReturnedByMaker = 5
    /// Incoming messages per second on a stream connection; positive.
    public var streamMessagesPerSecond = 5
    public init() {}

    var violation: String? {
        let values = [
            requestWeightPerMinute, ordersPerTenSeconds, ordersPerDay, banAfterViolations,
            banSeconds, streamMessagesPerSecond, rawRequestsPerFiveMinutes,
            connectionsPerFiveMinutes, ordersReturnedByMaker,
        ]
        return values.allSatisfy { $0 > 0 } ? nil : "rate limits must be positive"
    }
}

/// Streams and connections.
public struct StreamConfiguration: Sendable, Equatable {
    /// Interval of the fast diff and partial depth streams, 1...10000.
    public var depthIntervalMilliseconds: Int64 = 100
    public var pingIntervalSeconds: Int64 = 20
    public var pongTimeoutSeconds: Int64 = 60
    public var connectionLifetimeSeconds: Int64 = 86_400
    /// Bytes queued for one connection before it is dropped as a slow consumer.
    public var sendQueueBytes = 8 << 20
    public var maximumConnections = 64
    public init() {}

    var violation: String? {
        if !(1...10_000).contains(depthIntervalMilliseconds) {
            return "depth interval must be within 1...10000 ms"
        }
        if pingIntervalSeconds < 1 || pongTimeoutSeconds < 1 || connectionLifetimeSeconds < 1 {
            return "ping interval, pong timeout and lifetime must be at least 1 s"
        }
        if !((64 << 10)...(1 << 30)).contains(sendQueueBytes) {
            return "send queue must be within 64 KiB...1 GiB"
        }
        return (1...4096).contains(maximumConnections)
            ? nil : "maximum connections must be within 1...4096"
    }
}

/// Whether accounts, orders and trades outlive the exchange's process.
public struct StateConfiguration: Sendable, Equatable {
    /// Where they are kept, for one exchange at a time; made if need be. `nil`: in memory only.
    public var directory: String?
    /// Whether answers wait for the disk, to survive a failure of the machine and not only of the
    /// process.
    public var isSynchronous = false
    public init() {}
}

/// Misbehaviour on purpose; everything off by default.
public struct FaultConfiguration: Sendable, Equatable {
    /// Drop each market stream connection after this many messages; 0: never.
    public var disconnectAfterMessages = 0
    /// Leave out every n-th diff depth message, which is a gap; 0: never.
    public var dropDepthEvery = 0
    /// Hold the WebSocket API's answers to order requests back this long, 0...60 s.
    public var acknowledgementDelayMicroseconds: Int64 = 0
    public init() {}

    var violation: String? {
        disconnectAfterMessages >= 0 && dropDepthEvery >= 0
            && (0...60_000_000).contains(acknowledgementDelayMicroseconds)
            ? nil : "fault counts must not be negative, the delay at most one minute"
    }
}

extension ExchangeConfiguration.MarketSource {
    var violation: String? {
        switch self {
        case .agents(let agents):
            if !(0...1e7).contains(agents.eventsPerSecond) {
                return "events per second must be within 0...10000000"
            }
            if !(1...5000).contains(agents.levels) { return "levels must be within 1...5000" }
            if !(0...1).contains(agents.takerShare) || !(0...1).contains(agents.informedShare) {
                return "taker and informed shares must be within 0...1"
            }
            return (0...10).contains(agents.meanReversion)
                ? nil : "mean reversion must be within 0...10"
        case .replay(let replay):
            if replay.files.isEmpty { return "a replay needs at least one file" }
            if replay.snapshotPatienceMilliseconds < 0 { return "patience must not be negative" }
            if case .multiple(let factor) = replay.pace, !(factor > 0 && factor.isFinite) {
                return "the replay's pace must be positive"
            }
            return nil
        }
    }
}
