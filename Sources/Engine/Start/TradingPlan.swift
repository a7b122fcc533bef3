import MarketModel
import Telemetry
import TickToTrade

/// The configuration joined with the venue's facts: what the core is built from.
///
/// Money and sizes become raw numbers of their instrument here, exactly or not at all; a value
/// with the wrong asset or too many digits is refused with its place in the file.
struct TradingPlan {
    let instruments: [Instrument]
    let assets: [ShortName]
    let strategyNames: [String]
    let strategyKinds: [String]
    let configuration: TradingConfiguration
    private let makers: [MarketMaker.Parameters]
    private let breakouts: [Breakout.Parameters]

    init(_ run: RunConfiguration, _ facts: VenueFacts, epoch: UInt32) throws(StartFailure) {
        instruments = facts.instruments
        assets = facts.assets
        let quotes = Set(instruments.map(\.quoteAssetName))
        guard quotes.count == 1 else {
            throw .missing(
                "all instruments of a run must share one quote asset, found "
                    + quotes.map(\.text).sorted().joined(separator: ", "))
        }
        // Market makers first: the built-in set keeps one group a kind.
        let enabled = run.strategies.filter(\.isEnabled)
        var makers: [MarketMaker.Parameters] = []
        var breakouts: [Breakout.Parameters] = []
        var names: [(name: String, kind: String, instrument: Int, limits: StrategyLimits)] = []
        for kind in ["market_maker", "breakout"] {
            for strategy in enabled where strategy.kind == kind {
                for symbol in strategy.instruments {
                    let instrument = try Self.instrument(symbol, instruments, strategy.name)
                    names.append(
                        (strategy.name, kind, instrument.index.slot, strategy.limits))
                    switch strategy.parameters {
                    case .marketMaker(let own):
                        makers.append(try Self.maker(own, instrument, strategy.name))
                    case .breakout(let own):
                        breakouts.append(try Self.breakout(own, instrument, strategy.name))
                    }
                }
            }
        }
        self.makers = makers
        self.breakouts = breakouts
        strategyNames = names.map(\.name)
        strategyKinds = names.map(\.kind)
        let signals = breakouts.map(\.signalInterval)
        let intervals = Set([.seconds(60), .seconds(3600)] + signals).sorted()
        configuration = TradingConfiguration(
            epoch: epoch, lane: 0, subscriptions: names.map { 1 << UInt64($0.instrument) },
            limits: try Self.limits(run, instruments, names.map(\.limits)),
            candleIntervals: intervals, assetCount: assets.count,
            requestTimeout: run.timeouts.request)
    }

    /// The strategies, in the order of ``strategyNames``.
    func strategies() -> BuiltInStrategies {
        var makerGroup = StrategyGroup<MarketMaker>(capacity: makers.count)
        for parameters in makers { makerGroup.append(MarketMaker(parameters)) }
        var breakoutGroup = StrategyGroup<Breakout>(capacity: breakouts.count)
        for parameters in breakouts { breakoutGroup.append(Breakout(parameters)) }
        return StrategyPair(makerGroup, breakoutGroup)
    }

    /// The configured raw value of a parameter of the strategy in this slot.
    func parameter(_ key: Int64, ofSlot slot: Int) -> Int64 {
        if slot < makers.count {
            let own = makers[slot]
            return switch MarketMaker.ParameterKey(rawValue: key) {
            case .orderSize: own.orderSize.raw
            case .maxInventory: own.maxInventory.raw
            case .requoteTicks: own.requoteTicks
            case .refresh: own.refresh.count
            case nil: 0
            }
        }
        let own = breakouts[slot - makers.count]
        return switch Breakout.ParameterKey(rawValue: key) {
        case .takeProfit: own.takeProfit
        case .stopLoss: own.stopLoss
        case .volumeFactor: own.volumeFactor
        case nil: 0
        }
    }

    // MARK: - Strategies

    private static func instrument(
        _ symbol: String, _ list: [Instrument], _ user: String
    ) throws(StartFailure) -> Instrument {
        guard let instrument = list.first(where: { $0.symbol.text == symbol }) else {
            throw .missing("strategy \(user) trades \(symbol), which is not among the instruments")
        }
        return instrument
    }

    private static func maker(
        _ own: MarketMakerParameters, _ instrument: Instrument, _ name: String
    ) throws(StartFailure) -> MarketMaker.Parameters {
        let size = try base(own.orderSize, instrument, "\(name).order_size")
        guard size >= instrument.minQuantity else {
            throw .missing(
                "\(name).order_size is below the venue's smallest quantity of "
                    + "\(ExactDecimal(instrument.minQuantity, of: instrument)) (BUG-127)")
        }
        return MarketMaker.Parameters(
            instrument: instrument.index,
            model: QuoteModel(
                riskAversion: own.riskAversion.approximation,
                arrivalDecay: own.arrivalDecay.approximation,
                horizonSeconds: Double(own.horizon.count) / 1e9,
                minimumSpread: Double(own.minSpread.raw) / 10_000),
            orderSize: size,
            maxInventory: try base(own.maxInventory, instrument, "\(name).max_inventory"),
            requoteTicks: own.requoteTicks, refresh: own.refresh,
            volatilityHalfLife: own.volatilityHalfLife)
    }

    private static func breakout(
        _ own: BreakoutParameters, _ instrument: Instrument, _ name: String
    ) throws(StartFailure) -> Breakout.Parameters {
        Breakout.Parameters(
            instrument: instrument.index, lookbackDays: own.lookbackDays,
            signalInterval: own.signalInterval, takeProfit: own.takeProfit.raw / 10_000,
            stopLoss: own.stopLoss.raw / 10_000,
            orderNotional: Notional(
                raw: try quote(own.orderNotional, instrument, "\(name).order_notional")
                    .asInt128 * (instrument.unit / 100_000_000)),
            minDailyVolume: Notional(
                raw: try own.minDailyVolume.map { amount throws(StartFailure) in
                    try quote(amount, instrument, "\(name).min_daily_volume").asInt128
                        * (instrument.unit / 100_000_000)
                } ?? 0),
            volumeFactor: own.volumeFactor.raw64(atScale: 4) ?? 0)
    }

    // MARK: - Limits

    private static func limits(
        _ run: RunConfiguration, _ instruments: [Instrument], _ strategies: [StrategyLimits]
    ) throws(StartFailure) -> RiskLimits {
        var limits = RiskLimits(instruments: instruments.count, strategies: strategies.count)
        let any = instruments[0]
        let order = run.risk.order
        limits.order.maxNotional = try quote(order.maxNotional, any, "risk.order.max_notional")
        limits.order.priceBand = order.priceBand.raw / 10_000
        limits.order.fatFinger = order.fatFinger.raw / 10_000
        limits.order.duplicateWindow = order.duplicateWindow
        limits.order.duplicateTicks = order.duplicateTicks
        limits.order.requiresProtection = order.requiresProtection
        if let hours = order.tradingHours {
            limits.order.hoursStart = Int64(hours.startMinute)
            limits.order.hoursEnd = Int64(hours.endMinute)
        }
        for configured in run.instruments {
            guard let instrument = instruments.first(where: { $0.symbol.text == configured.symbol })
            else { continue }
            limits.instruments[instrument.index.slot] = try self.limits(
                configured.limits, instrument)
        }
        for (slot, own) in strategies.enumerated() {
            let place = "risk.strategy"
            limits.strategies[slot].maxExposure = try optional(own.maxExposure, any, place)
            limits.strategies[slot].maxOpenOrders = Int64(own.maxOpenOrders ?? 0)
            limits.strategies[slot].maxDailyLoss = try optional(own.maxDailyLoss, any, place)
            limits.strategies[slot].orderRate = rate(own.orderRate)
            limits.strategies[slot].onePosition = own.onePosition
        }
        let global = run.risk.global
        limits.global.maxExposure = try quote(global.maxExposure, any, "risk.global.max_exposure")
        limits.global.maxPositions = Int64(global.maxPositions ?? 0)
        limits.global.maxOpenOrders = Int64(global.maxOpenOrders)
        limits.global.maxLeverage = global.maxLeverage.raw64(atScale: 2) ?? 0
        limits.global.maxDailyLoss = try quote(
            global.maxDailyLoss, any, "risk.global.max_daily_loss")
        limits.global.orderRate = rate(global.orderRate)
        limits.global.cancelRate = rate(global.cancelRate)
        return limits
    }

    private static func limits(
        _ own: InstrumentLimits, _ instrument: Instrument
    ) throws(StartFailure) -> InstrumentRiskLimits {
        let place = "limits of \(instrument.symbol.text)"
        var limits = InstrumentRiskLimits()
        if let amount = own.maxOrderQuantity {
            limits.maxOrderQuantity = try base(amount, instrument, place)
        }
        if let amount = own.maxPosition {
            limits.maxPosition = try base(amount, instrument, place)
        }
        limits.maxExposure = try optional(own.maxExposure, instrument, place)
        limits.maxOpenOrders = Int64(own.maxOpenOrders)
        limits.orderRate = rate(own.orderRate)
        limits.cancelRate = rate(own.cancelRate)
        limits.staleData = own.staleData
        limits.maxMove = own.maxMove.raw / 10_000
        return limits
    }

    private static func rate(_ allowance: RateAllowance?) -> RateLimit {
        guard let allowance else { return .unlimited }
        return RateLimit(count: Int64(allowance.count), window: allowance.window)
    }

    // MARK: - Amounts

    private static func optional(
        _ amount: DecimalAmount?, _ instrument: Instrument, _ place: String
    ) throws(StartFailure) -> Int64 {
        guard let amount else { return 0 }
        return try quote(amount, instrument, place)
    }

    /// Money in units of 1e-8 of the quote asset.
    private static func quote(
        _ amount: DecimalAmount, _ instrument: Instrument, _ place: String
    ) throws(StartFailure) -> Int64 {
        try raw(amount, instrument.quoteAssetName.text, scale: 8, place)
    }

    private static func base(
        _ amount: DecimalAmount, _ instrument: Instrument, _ place: String
    ) throws(StartFailure) -> Quantity {
        Quantity(
            raw: try raw(
                amount, instrument.baseAssetName.text, scale: Int(instrument.quantityScale), place))
    }

    private static func raw(
        _ amount: DecimalAmount, _ asset: String, scale: Int, _ place: String
    ) throws(StartFailure) -> Int64 {
        guard amount.asset == asset else {
            throw .missing("\(place) is in \(amount.asset), wanted \(asset)")
        }
        guard let raw = amount.value.raw64(atScale: scale) else {
            throw .missing("\(place) has more than \(scale) digits after the point or is too large")
        }
        return raw
    }
}

extension Int64 {
    fileprivate var asInt128: Int128 { Int128(self) }
}
