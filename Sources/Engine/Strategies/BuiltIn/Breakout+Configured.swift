import MarketModel
import Telemetry
import TickToTrade

extension Breakout: ConfiguredStrategy {
    public static var kind: String { "breakout" }

    public static var settings: [Setting] {
        [
            Setting(
                "lookback_days", .integer(1...64), default: "20",
                "Completed UTC days whose high must be exceeded."),
            Setting(
                "signal_interval", .choice(intervals.map(\.name)), default: "1h",
                "Length of the candles whose close may signal."),
            Setting(
                "take_profit", .percent(0...1000), default: "7%",
                "Above the entry price; above 0, whole basis points."),
            Setting(
                "stop_loss", .percent(0...100), default: "16%",
                "Below the entry price; above 0, below 100%, whole basis points."),
            Setting(
                "order_notional", .amount(0...1_000_000_000), .required,
                "Worth of one entry, in the quote asset."),
            Setting(
                "min_daily_volume", .amount(0...1_000_000_000_000), .optional,
                "Yesterday's traded worth must reach it; absent: no such condition."),
            Setting(
                "volume_factor", .decimal(0...1000), default: "1.5",
                "The signal candle's volume over its mean must reach it, at most 4 digits after "
                    + "the point; 0: no such condition."),
        ]
    }

    private static let intervals: [(name: String, length: Nanoseconds)] = [
        ("1m", .seconds(60)), ("5m", .seconds(300)), ("15m", .seconds(900)),
        ("1h", .seconds(3600)), ("4h", .seconds(14_400)),
    ]

    public static var liveParameters: [StrategyParameter] {
        [
            StrategyParameter(
                "take_profit", number: ParameterKey.takeProfit.rawValue, .digits(0), unit: "bps",
                1...100_000, "above the entry"),
            StrategyParameter(
                "stop_loss", number: ParameterKey.stopLoss.rawValue, .digits(0), unit: "bps",
                1...9_999, "below the entry"),
            StrategyParameter(
                "volume_factor", number: ParameterKey.volumeFactor.rawValue, .digits(4),
                0...1_000_000, "signal volume over its average; 0: no such condition"),
        ]
    }

    public static func problems(in parameters: SettingSection) -> [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        func report(_ key: String, _ message: String) {
            found.append(parameters.problem(key, message))
        }
        let stopLoss = parameters.proportion("stop_loss")
        if parameters.proportion("take_profit").raw == 0 {
            report("take_profit", "must be above 0%")
        }
        if stopLoss.raw == 0 || stopLoss >= .one {
            report("stop_loss", "must be above 0% and below 100%")
        }
        for key in ["take_profit", "stop_loss"]
        where parameters.proportion(key).raw % Proportion.basisPoint != 0 {
            report(key, "must be whole basis points, two digits after the point at most")
        }
        let worth = parameters.amount("order_notional")
        if worth.raw == 0 { report("order_notional", "must be above 0") }
        if let volume = parameters.optionalAmount("min_daily_volume"), volume.asset != worth.asset {
            report(
                "min_daily_volume",
                "found \(volume.asset), accepted: the asset of order_notional, \(worth.asset)")
        }
        if parameters.decimal("volume_factor").raw64(atScale: 4) == nil {
            report("volume_factor", "has more than 4 digits after the point")
        }
        return found
    }

    public init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        let own = settings.parameters
        let interval = own.text("signal_interval")
        guard let signal = Self.intervals.first(where: { $0.name == interval }) else {
            throw settings.failure("signal_interval", "'\(interval)' is no candle length")
        }
        guard let factor = own.decimal("volume_factor").raw64(atScale: 4) else {
            throw settings.failure("volume_factor", "has more than 4 digits after the point")
        }
        let worth = try settings.notional("order_notional")
        if worth < settings.instrument.minNotional {
            throw settings.failure(
                "order_notional",
                "found '\(own.amount("order_notional"))', accepted: at least "
                    + "\(ExactDecimal(settings.instrument.minNotional, of: settings.instrument)) "
                    + "\(settings.instrument.quoteAssetName.text), the venue's smallest order of "
                    + settings.instrument.symbol.text)
        }
        self.init(
            Parameters(
                instrument: settings.instrument.index,
                lookbackDays: Int(own.integer("lookback_days")), signalInterval: signal.length,
                takeProfit: own.proportion("take_profit").raw / Proportion.basisPoint,
                stopLoss: own.proportion("stop_loss").raw / Proportion.basisPoint,
                orderNotional: worth,
                minDailyVolume: own.has("min_daily_volume")
                    ? try settings.notional("min_daily_volume") : .zero,
                volumeFactor: factor))
    }

    public var candleIntervals: [Nanoseconds] { [parameters.signalInterval] }

    public func parameter(_ number: Int64) -> Int64 {
        switch ParameterKey(rawValue: number) {
        case .takeProfit: parameters.takeProfit
        case .stopLoss: parameters.stopLoss
        case .volumeFactor: parameters.volumeFactor
        case nil: 0
        }
    }
}
