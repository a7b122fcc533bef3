import MarketContext
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
            throw ConfigurationFailure([
                run.source.problem(
                    "instruments",
                    "found quote assets \(quotes.map(\.text).sorted().joined(separator: ", ")), "
                        + "accepted: instruments of one quote asset")
            ])
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
        for strategy in strategies {
            let place = "candle_intervals of strategy \(strategy.settings.name)"
            for length in strategy.needs.candleIntervals {
                try IndicatorPlanning.check(length, place)
            }
        }
        let wanted = strategies.flatMap {
            $0.needs.candleIntervals + $0.needs.indicators.compactMap(\.candles)
        }
        var configuration = TradingConfiguration(
            epoch: epoch, lane: 0, subscriptions: strategies.map(\.subscription),
            limits: try LimitPlan(run, instruments).limits(of: strategies),
            candleIntervals: Set([.seconds(60), .seconds(3600)] + wanted).sorted(),
            buildsCandles: run.venue.candles == .trades, assetCount: facts.assets.count,
            requestTimeout: run.timeouts.request)
        configuration.alwaysBuilt = configuration.candleIntervals.filter {
            !VenueInquiry.hasCandles(of: $0)
        }
        configuration.arrivalWindow = run.venue.receiveWindow + .seconds(1)
        configuration.contexts = try ContextPlanning.plan(
            strategies.map {
                ContextPlanning.Wish(
                    strategy: $0.settings.name, instruments: $0.settings.instruments,
                    settings: $0.needs.context, warmUp: $0.needs.contextWarmUp)
            })
        configuration.indicators = try IndicatorPlanning.plan(strategies)
        self.configuration = configuration
        self.instruments = instruments
        assets = facts.assets
        self.strategies = strategies
        strategyNames = strategies.map(\.settings.name)
    }

    /// Lengths of the candles that strategies want, before they start and after.
    var candleLengths: [Nanoseconds] {
        let wanted = strategies.flatMap { strategy in
            let warmUp = strategy.needs.warmUp
            return strategy.needs.candleIntervals + strategy.needs.indicators.compactMap(\.candles)
                + (warmUp == .none ? [] : [warmUp.interval])
        }
        return Set(wanted).sorted()
    }

    /// The candles that strategies want before they start: of each instrument and length once, as
    /// far back as any of them wants.
    var history: [HistoryRequest] {
        var requests: [HistoryRequest] = []
        for strategy in strategies {
            var wanted: [WarmUp] = []
            if strategy.needs.warmUp != .none { wanted.append(strategy.needs.warmUp) }
            if strategy.needs.context != nil { wanted.append(ContextPlanning.warmUp) }
            wanted += IndicatorPlanning.warmUps(of: strategy.needs.indicators)
            for symbol in strategy.settings.instruments.map(\.symbol.text) {
                for warmUp in wanted {
                    Self.add(
                        HistoryRequest(
                            symbol: symbol, interval: warmUp.interval, duration: warmUp.duration),
                        to: &requests)
                }
            }
        }
        return requests
    }

    /// Where the trades begin that market contexts want when the venue's clock shows `now`: with a
    /// UTC day, so that what counts in days is complete.
    func tapes(at now: Timestamp) -> [TapeStart] {
        configuration.contexts.warmUps.sorted { $0.key < $1.key }.map { slot, warmUp in
            TapeStart(
                instrument: instruments[slot],
                start: Timeframe.every(.day).start(of: now - warmUp))
        }
    }

    private static func add(_ wanted: HistoryRequest, to requests: inout [HistoryRequest]) {
        let known = requests.firstIndex {
            $0.symbol == wanted.symbol && $0.interval == wanted.interval
        }
        if let known {
            requests[known].duration = max(requests[known].duration, wanted.duration)
        } else {
            requests.append(wanted)
        }
    }

    private static func instrument(
        _ symbol: String, _ list: [Instrument], _ user: String
    ) throws(StartFailure) -> Instrument {
        guard let instrument = list.first(where: { $0.symbol.text == symbol }) else {
            throw .missing("strategy \(user) trades \(symbol), which is not among the instruments")
        }
        return instrument
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
