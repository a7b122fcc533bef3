import Control
import MarketModel
import Telemetry
import TickToTrade

/// The parameters that strategies take while running: names, units, ranges.
enum StrategyParameters {
    /// One write to the lane.
    struct Write {
        var strategy: StrategyIndex
        var key: Int64
        var raw: Int64
        var name: String
        var value: ExactDecimal
    }

    /// By strategy. Strategies of one entry share a name; their values have the digits of the
    /// first one's instrument.
    static func descriptions(_ plan: TradingPlan) -> [String: [ValueDescription]] {
        var all: [String: [ValueDescription]] = [:]
        for strategy in plan.strategies where all[strategy.settings.name] == nil {
            all[strategy.settings.name] = strategy.kind.parameters.map { parameter in
                let digits = parameter.digits(on: strategy.settings.instrument)
                return ValueDescription(
                    key: parameter.key, unit: parameter.unit,
                    minimum: ExactDecimal(raw: Int128(parameter.range.lowerBound), scale: digits),
                    maximum: ExactDecimal(raw: Int128(parameter.range.upperBound), scale: digits),
                    decimals: digits, summary: parameter.summary)
            }
        }
        return all
    }

    /// The parameters as they stand: what was changed, over what was configured.
    static func settings(
        of name: String, _ plan: TradingPlan, _ changed: [String: [String: ExactDecimal]]
    ) -> [ParameterSetting] {
        guard let strategy = plan.strategies.first(where: { $0.settings.name == name }) else {
            return []
        }
        return zip(strategy.kind.parameters, strategy.needs.values).map { parameter, configured in
            let digits = parameter.digits(on: strategy.settings.instrument)
            let value =
                changed[name]?[parameter.key]
                ?? ExactDecimal(raw: Int128(configured), scale: digits)
            return ParameterSetting(key: parameter.key, value: value, unit: parameter.unit)
        }
    }

    /// The changes as writes to the lane, all of them or none.
    static func writes(
        _ changes: [ParameterChange], of name: String, _ plan: TradingPlan
    ) throws(ControlFailure) -> [Write] {
        var writes: [Write] = []
        for change in changes {
            for (slot, strategy) in plan.strategies.enumerated()
            where strategy.settings.name == name {
                guard let parameter = strategy.kind.parameters.first(where: { $0.key == change.key })
                else { throw .refused("\(name) has no parameter \(change.key)") }
                let digits = parameter.digits(on: strategy.settings.instrument)
                guard let raw = change.value.raw64(atScale: digits), parameter.range.contains(raw)
                else {
                    throw .refused("\(change.key) = \(change.value) is out of its range")
                }
                writes.append(
                    Write(
                        strategy: StrategyIndex(UInt16(slot)), key: parameter.number, raw: raw,
                        name: change.key, value: change.value))
            }
        }
        return writes
    }
}
