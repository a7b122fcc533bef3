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
    /// By slot: in the order of the program's kinds, then of the file.
    let strategies: [PlannedStrategy]
    let strategyNames: [String]
    let configuration: TradingConfiguration

    init(
        _ run: RunConfiguration, _ facts: VenueFacts, kinds: [StrategyKind], epoch: UInt32
    ) throws {
        let instruments = facts.instruments
        let quotes = Set(instruments.map(\.quoteAssetName))
        guard quotes.count == 1 else {
            throw StartFailure.missing(
                "all instruments of a run must share one quote asset, found "
                    + quotes.map(\.text).sorted().joined(separator: ", "))
        }
        var strategies: [PlannedStrategy] = []
        for kind in kinds {
            for strategy in run.strategies where strategy.isEnabled && strategy.kind == kind.name {
                let traded = try strategy.instruments.map { symbol in
                    try Self.instrument(symbol, instruments, strategy.name)
                }
                for own in kind.scope == .all ? [traded] : traded.map({ [$0] }) {
                    let settings = StrategySettings(
                        name: strategy.name, kind: kind.name, instruments: own,
                        parameters: strategy.parameters)
                    strategies.append(
                        PlannedStrategy(
                            settings: settings, kind: kind, limits: strategy.limits,
                            needs: try kind.needs(settings)))
                }
            }
        }
        let wanted = strategies.flatMap(\.needs.candleIntervals)
        configuration = TradingConfiguration(
            epoch: epoch, lane: 0, subscriptions: strategies.map(\.subscription),
            limits: try Self.limits(run, instruments, strategies.map(\.limits)),
            candleIntervals: Set([.seconds(60), .seconds(3600)] + wanted).sorted(),
            buildsCandles: run.venue.candles == .trades, assetCount: facts.assets.count, requestTimeout: run.timeouts.request)
        self.instruments = instruments
        assets = facts.assets
        self.strategies = strategies
        strategyNames = strategies.map(\.settings.name)
    }

    /// Lengths of the candles that strategies want, before they start and after.
    var candleLengths: [Nanoseconds] {
        let wanted = strategies.flatMap { strategy in
            let warmUp = strategy.needs.warmUp
            return strategy.needs.candleIntervals + (warmUp == .none ? [] : [warmUp.interval])
        }
        return Set(wanted).sorted()
    }

    /// The candles that strategies want before they start: of each instrument and length once, as
    /// far back as any of them wants.
    var history: [HistoryRequest] {
        var requests: [HistoryRequest] = []
        for strategy in strategies where strategy.needs.warmUp != .none {
            let warmUp = strategy.needs.warmUp
            for symbol in strategy.settings.instruments.map(\.symbol.text) {
                let known = requests.firstIndex {
                    $0.symbol == symbol && $0.interval == warmUp.interval
                }
                if let known {
                    requests[known].duration = max(requests[known].duration, warmUp.duration)
                } else {
                    requests.append(
                        HistoryRequest(
                            symbol: symbol, interval: warmUp.interval, duration: warmUp.duration))
                }
            }
        }
        return requests
    }

    private static func instrument(
        _ symbol: String, _ list: [Instrument], _ user: String
    ) throws(StartFailure) -> Instrument {
        guard let instrument = list.first(where: { $0.symbol.text == symbol }) else {
            throw .missing("strategy \(user) trades \(symbol), which is not among the instruments")
        }
        return instrument
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

/// One running strategy as it is going to be made.
struct PlannedStrategy {
    var settings: StrategySettings
    var kind: StrategyKind
    var limits: StrategyLimits
    var needs: StrategyNeeds

    /// The bit set of its instruments.
    var subscription: UInt64 {
        settings.instruments.reduce(0) { $0 | 1 << UInt64($1.index.slot) }
    }
}
