import Emulator
import Engine
import MarketModel
import Telemetry

/// The exchange's own configuration from the file's.
extension ExchangeConfiguration {
    init(_ file: ExchangeFileConfiguration, accounts: [AccountConfiguration]) {
        self.init()
        address = file.address
        port = file.port
        binaryPort = file.binaryPort
        hostNames = file.hostNames
        authorityPath = file.authorityFile
        readyPath = file.readyFile
        core = file.core
        transport = file.transport == .uring ? .ring : .direct
        if !file.symbols.isEmpty { symbols = file.symbols.map(SymbolConfiguration.init) }
        self.accounts = accounts
        fees = FeeRates(maker: file.makerFee.raw, taker: file.takerFee.raw)
        defaultSelfTradePrevention = SelfTradePreventionMode(file.selfTradePrevention)
        limits = RateLimitConfiguration(file.limits)
        streams = StreamConfiguration(file.streams)
        state.directory = file.state.directory
        state.isSynchronous = file.state.isSynchronous
        faults = FaultConfiguration(file.faults)
        market =
            switch file.source {
            case .agents(let agents): .agents(AgentConfiguration(agents, seed: file.seed))
            case .replay(let replay): .replay(ReplayConfiguration(replay))
            }
    }
}

extension SymbolConfiguration {
    init(_ symbol: ExchangeFileConfiguration.Symbol) {
        self.init(
            symbol: symbol.symbol, baseAsset: symbol.base, quoteAsset: symbol.quote,
            tickSize: symbol.tick, lotSize: symbol.lot, startPrice: symbol.startPrice,
            typicalQuantity: symbol.typicalQuantity,
            dailyVolatility: symbol.dailyVolatility.approximation,
            rally: symbol.rally.approximation,
            activity: symbol.activity.approximation)
        minNotional = symbol.minNotional
        maxOpenOrders = symbol.maxOpenOrders
        if !symbol.takesCancelReplace { features.remove(.cancelReplace) }
    }
}

extension SelfTradePreventionMode {
    init(_ file: ExchangeFileConfiguration.SelfTradePreventionMode) {
        self =
            switch file {
            case .none: .none
            case .expireTaker: .expireTaker
            case .expireMaker: .expireMaker
            case .expireBoth: .expireBoth
            }
    }
}

extension AgentConfiguration {
    init(_ file: ExchangeFileConfiguration.Agents, seed: UInt64) {
        self.init()
        self.seed = seed
        eventsPerSecond = Double(file.events.count) / file.events.window.seconds
        levels = file.levels
        takerShare = file.takerShare.approximation
        informedShare = file.informedShare.approximation
        meanReversion = file.meanReversion.approximation
    }
}

extension ReplayConfiguration {
    init(_ file: ExchangeFileConfiguration.Replay) {
        self.init(files: file.files)
        pace = file.speed.map { .multiple($0.approximation) } ?? .unthrottled
        atEnd =
            switch file.atEnd {
            case .closeStreams: .closeStreams
            case .stop: .stop
            case .keepServing: .keepServing
            }
        snapshotPatienceMilliseconds = file.snapshotPatience.count / 1_000_000
    }
}

extension RateLimitConfiguration {
    init(_ file: ExchangeFileConfiguration.Limits) {
        self.init()
        requestWeightPerMinute = file.requestWeightPerMinute
        ordersPerTenSeconds = file.ordersPerTenSeconds
        ordersPerDay = file.ordersPerDay
        banAfterViolations = file.banAfter
        banSeconds = Int(file.banTime.wholeSeconds)
        streamMessagesPerSecond = file.streamMessagesPerSecond
    }
}

extension StreamConfiguration {
    init(_ file: ExchangeFileConfiguration.Streams) {
        self.init()
        depthIntervalMilliseconds = file.depthInterval.count / 1_000_000
        pingIntervalSeconds = file.pingInterval.wholeSeconds
        pongTimeoutSeconds = file.pongTimeout.wholeSeconds
        connectionLifetimeSeconds = file.lifetime.wholeSeconds
        sendQueueBytes = file.sendQueueBytes
        maximumConnections = file.maxConnections
    }
}

extension FaultConfiguration {
    init(_ file: ExchangeFileConfiguration.Faults) {
        self.init()
        disconnectAfterMessages = file.disconnectAfterMessages
        dropDepthEvery = file.dropDepthEvery
        acknowledgementDelayMicroseconds = file.acknowledgementDelay.count / 1_000
    }
}

extension Nanoseconds {
    /// For what the exchange counts in whole seconds: at least one.
    fileprivate var wholeSeconds: Int64 { max(1, count / 1_000_000_000) }

    fileprivate var seconds: Double { Double(count) / 1e9 }
}
