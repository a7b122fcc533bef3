/// Sizes of a strategy that the limits of its instruments never let through.
enum SizeChecks {
    static func problems(
        of strategy: StrategyConfiguration, _ instruments: [InstrumentConfiguration]
    ) -> [ConfigurationProblem] {
        let traded = instruments.filter { strategy.instruments.contains($0.symbol) }
        return traded.flatMap { instrument in
            [
                problem(
                    strategy, "max_inventory", instrument.limits.maxPosition, "max_position",
                    instrument.symbol),
                problem(
                    strategy, "order_size", instrument.limits.maxOrderQuantity,
                    "max_order_quantity", instrument.symbol),
            ].compactMap { $0 }
        }
    }

    private static func problem(
        _ strategy: StrategyConfiguration, _ key: String, _ limit: DecimalAmount?, _ name: String,
        _ symbol: String
    ) -> ConfigurationProblem? {
        guard let limit, let found = strategy.parameters.optionalAmount(key),
            found.asset == limit.asset, found.value > limit.value
        else { return nil }
        return strategy.parameters.problem(
            key, "found '\(found)', accepted: at most \(name) of \(symbol), '\(limit)'")
    }
}
