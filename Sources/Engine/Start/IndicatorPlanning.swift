import Indicators
import MarketModel
import TickToTrade

/// The shared indicators that strategies ask for, tried before a lane computes them.
enum IndicatorPlanning {
    /// The indicators of all strategies, by slot.
    static func plan(_ strategies: [PlannedStrategy]) throws(StartFailure) -> IndicatorPlan {
        var plan = IndicatorPlan()
        for (slot, strategy) in strategies.enumerated() {
            let needs = strategy.needs.indicators
            guard needs.count <= IndicatorPlan.mostPerStrategy else {
                throw .unusable(
                    "the indicators of strategy \(strategy.settings.name): \(needs.count) of them, "
                        + "accepted: up to \(IndicatorPlan.mostPerStrategy)")
            }
            for (number, need) in needs.enumerated() {
                try check(need, "indicator \(number) of strategy \(strategy.settings.name)")
                for instrument in strategy.settings.instruments {
                    plan.add(
                        need, number: number, instrument: instrument.index.slot, strategy: slot)
                }
            }
        }
        return plan
    }

    private static func check(_ need: IndicatorNeed, _ place: String) throws(StartFailure) {
        guard need.indicator.takesCandles else {
            if need.interval.count != 0 {
                throw .unusable(
                    "\(place): candles of \(need.interval.count) ns, accepted: none, it takes what comes in")
            }
            return try checkParameters(need, place)
        }
        try check(need.interval, place)
        try checkParameters(need, place)
    }

    private static func checkParameters(
        _ need: IndicatorNeed, _ place: String
    ) throws(StartFailure) {
        do throws(IndicatorFailure) {
            _ = try need.indicator.candlesWanted()
        } catch {
            throw .unusable("\(place): \(error.words)")
        }
    }

    /// Lengths that begin with a UTC day, all or some of them.
    static func check(_ length: Nanoseconds, _ place: String) throws(StartFailure) {
        let (day, count) = (Nanoseconds.day.count, length.count)
        let isPart = (Nanoseconds.seconds(1).count...day).contains(count) && day % count == 0
        let isDays = (day...day * 30).contains(count) && count % day == 0
        if !isPart && !isDays {
            throw .unusable(
                "\(place): candles of \(count) ns, accepted: 1 s to 1 d, dividing a day, or 1 d "
                    + "to 30 d in whole days")
        }
    }

    /// The candles that come before the first live one, where the venue's make such. Those without
    /// trades are not counted in: in a market that pauses, an indicator is ready later.
    static func warmUps(of needs: [IndicatorNeed]) -> [WarmUp] {
        needs.compactMap { need in
            guard need.indicator.takesCandles, VenueInquiry.source(of: need.interval) != nil,
                let count = try? need.indicator.candlesWanted()
            else { return nil }
            let candles = Int64(min(count, VenueInquiry.mostCandles))
            return WarmUp(
                interval: need.interval,
                duration: Nanoseconds(need.interval.count * candles))
        }
    }
}

extension IndicatorFailure {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .parameter(let name, let value, let allowed):
            "\(name) is \(value), accepted: \(allowed.lowerBound) to \(allowed.upperBound)"
        case .contradiction(let what), .state(let what): what
        case .unknownIndicator(let name): "no indicator \(name)"
        case .unknownParameter(let name): "no parameter \(name)"
        }
    }
}
