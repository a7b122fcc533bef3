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

    private struct Parameter {
        var name: String
        var key: Int64
        /// Digits after the point that the raw number holds.
        var scale: Int
        var unit: String
        var minimum: Int64
        var maximum: Int64
        var summary: String
    }

    private static func table(_ kind: String) -> [Parameter] {
        if kind == "market_maker" {
            return [
                Parameter(
                    name: "order_size", key: MarketMaker.ParameterKey.orderSize.rawValue,
                    scale: 8, unit: "base", minimum: 1, maximum: 1 << 60,
                    summary: "size of a quote with no inventory"),
                Parameter(
                    name: "max_inventory", key: MarketMaker.ParameterKey.maxInventory.rawValue,
                    scale: 8, unit: "base", minimum: 1, maximum: 1 << 60,
                    summary: "largest position either way"),
                Parameter(
                    name: "requote_ticks", key: MarketMaker.ParameterKey.requoteTicks.rawValue,
                    scale: 0, unit: "ticks", minimum: 1, maximum: 10_000,
                    summary: "a quote moves when its target is this far away"),
                Parameter(
                    name: "refresh", key: MarketMaker.ParameterKey.refresh.rawValue, scale: 9,
                    unit: "s", minimum: 0, maximum: Nanoseconds.seconds(3600).count,
                    summary: "shortest time between two looks at the quotes"),
            ]
        }
        return [
            Parameter(
                name: "take_profit", key: Breakout.ParameterKey.takeProfit.rawValue, scale: 0,
                unit: "bps", minimum: 1, maximum: 100_000, summary: "above the entry"),
            Parameter(
                name: "stop_loss", key: Breakout.ParameterKey.stopLoss.rawValue, scale: 0,
                unit: "bps", minimum: 1, maximum: 9_999, summary: "below the entry"),
            Parameter(
                name: "volume_factor", key: Breakout.ParameterKey.volumeFactor.rawValue,
                scale: 4, unit: "", minimum: 0, maximum: 1_000_000,
                summary: "signal volume over its average; 0: no such condition"),
        ]
    }

    static func descriptions(_ plan: TradingPlan) -> [String: [ValueDescription]] {
        var all: [String: [ValueDescription]] = [:]
        for (slot, name) in plan.strategyNames.enumerated() {
            all[name] = table(plan.strategyKinds[slot]).map { parameter in
                ValueDescription(
                    key: parameter.name, unit: parameter.unit,
                    minimum: ExactDecimal(raw: Int128(parameter.minimum), scale: parameter.scale),
                    maximum: ExactDecimal(raw: Int128(parameter.maximum), scale: parameter.scale),
                    decimals: parameter.scale, summary: parameter.summary)
            }
        }
        return all
    }

    /// The parameters as they stand: what was changed, over what was configured.
    static func settings(
        of strategy: String, _ plan: TradingPlan, _ changed: [String: [String: ExactDecimal]]
    ) -> [ParameterSetting] {
        guard let slot = plan.strategyNames.firstIndex(of: strategy) else { return [] }
        return table(plan.strategyKinds[slot]).map { parameter in
            let value =
                changed[strategy]?[parameter.name]
                ?? ExactDecimal(
                    raw: Int128(plan.parameter(parameter.key, ofSlot: slot)),
                    scale: parameter.scale)
            return ParameterSetting(key: parameter.name, value: value, unit: parameter.unit)
        }
    }

    /// The changes as writes to the lane, all of them or none.
    static func writes(
        _ changes: [ParameterChange], of strategy: String, _ plan: TradingPlan
    ) throws(ControlFailure) -> [Write] {
        var writes: [Write] = []
        for change in changes {
            for (slot, name) in plan.strategyNames.enumerated() where name == strategy {
                guard let parameter = table(plan.strategyKinds[slot])
                    .first(where: { $0.name == change.key })
                else { throw .refused("\(strategy) has no parameter \(change.key)") }
                guard let raw = change.value.raw64(atScale: parameter.scale),
                    raw >= parameter.minimum, raw <= parameter.maximum
                else {
                    throw .refused("\(change.key) = \(change.value) is out of its range")
                }
                writes.append(
                    Write(
                        strategy: StrategyIndex(UInt16(slot)), key: parameter.key, raw: raw,
                        name: change.key, value: change.value))
            }
        }
        return writes
    }
}
