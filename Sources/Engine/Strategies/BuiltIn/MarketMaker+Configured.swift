import MarketModel
import Telemetry
import TickToTrade

extension MarketMaker: ConfiguredStrategy {
    public static var kind: String { "market_maker" }

    public static var scope: InstrumentScope { .one }

    public static var settings: [Setting] {
        [
            Setting(
                "risk_aversion", .decimal(0...1000), default: "0.1",
                "Avellaneda-Stoikov gamma, per basis point; above 0."),
            Setting(
                "arrival_decay", .decimal(0...1000), default: "0.5",
                "kappa, per basis point: how fast fills thin out away from the mid; above 0."),
            Setting(
                "horizon", .duration(.milliseconds(100)...(.seconds(86_400))), default: "10s",
                "Time over which inventory is meant to be worked off."),
            Setting(
                "order_size", .amount(0...1_000_000_000), .required,
                "Size of a quote with no inventory, in the base asset."),
            Setting(
                "max_inventory", .amount(0...1_000_000_000), .required,
                "Largest position either way, in the base asset."),
            Setting(
                "min_spread", .basisPoints(0...10_000), default: "2bps",
                "The quoted spread is never below this."),
            Setting(
                "requote_ticks", .integer(1...10_000), default: "2",
                "A quote moves only when its target is this many ticks away."),
            Setting(
                "refresh", .duration(.zero...(.seconds(3600))), default: "50ms",
                "Shortest time between two looks at the quotes."),
            Setting(
                "volatility_halflife", .duration(.milliseconds(10)...(.seconds(86_400))),
                default: "10s", "Half-life of the variance estimate."),
        ]
    }

    public static var liveParameters: [StrategyParameter] {
        [
            StrategyParameter(
                "order_size", number: ParameterKey.orderSize.rawValue, .quantity, unit: "base",
                1...(1 << 60), "size of a quote with no inventory"),
            StrategyParameter(
                "max_inventory", number: ParameterKey.maxInventory.rawValue, .quantity,
                unit: "base", 1...(1 << 60), "largest position either way"),
            StrategyParameter(
                "requote_ticks", number: ParameterKey.requoteTicks.rawValue, .digits(0),
                unit: "ticks", 1...10_000, "a quote moves when its target is this far away"),
            StrategyParameter(
                "refresh", number: ParameterKey.refresh.rawValue, .digits(9), unit: "s",
                0...Nanoseconds.seconds(3600).count,
                "shortest time between two looks at the quotes"),
        ]
    }

    public static func problems(in parameters: SettingSection) -> [ConfigurationProblem] {
        var found = ["risk_aversion", "arrival_decay"]
            .filter { parameters.decimal($0).raw == 0 }
            .map { parameters.problem($0, "must be above 0") }
        let size = parameters.amount("order_size")
        let inventory = parameters.amount("max_inventory")
        if size.raw == 0 { found.append(parameters.problem("order_size", "must be above 0")) }
        if inventory.asset != size.asset {
            found.append(
                parameters.problem(
                    "max_inventory",
                    "found \(inventory.asset), accepted: the asset of order_size, \(size.asset)"))
        } else if inventory.value < size.value {
            found.append(
                parameters.problem(
                    "max_inventory",
                    "found '\(inventory)', accepted: at least order_size, '\(size)'"))
        }
        return found
    }

    public init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        let own = settings.parameters
        let instrument = settings.instrument
        let size = try settings.quantity("order_size")
        guard size >= instrument.minQuantity else {
            throw settings.failure(
                "order_size",
                "found '\(own.amount("order_size"))', accepted: at least "
                    + "\(ExactDecimal(instrument.minQuantity, of: instrument)) "
                    + "\(instrument.baseAssetName.text), the venue's smallest quantity of "
                    + instrument.symbol.text)
        }
        self.init(
            Parameters(
                instrument: instrument.index,
                model: QuoteModel(
                    riskAversion: own.decimal("risk_aversion").approximation,
                    arrivalDecay: own.decimal("arrival_decay").approximation,
                    horizonSeconds: Double(own.duration("horizon").count) / 1e9,
                    minimumSpread: Double(own.proportion("min_spread").raw) / 10_000),
                orderSize: size, maxInventory: try settings.quantity("max_inventory"),
                requoteTicks: own.integer("requote_ticks"), refresh: own.duration("refresh"),
                volatilityHalfLife: own.duration("volatility_halflife")))
    }

    public func parameter(_ number: Int64) -> Int64 {
        switch ParameterKey(rawValue: number) {
        case .orderSize: parameters.orderSize.raw
        case .maxInventory: parameters.maxInventory.raw
        case .requoteTicks: parameters.requoteTicks
        case .refresh: parameters.refresh.count
        case nil: 0
        }
    }
}
