extension StrategyConfiguration {
    init(_ section: SettingSection, standard: StrategyLimits) {
        name = section.text("name")
        kind = section.text("kind")
        instruments = section.texts("instruments")
        isEnabled = section.boolean("enabled")
        parameters = section.section("parameters")
        limits = standard.replaced(by: section.optionalSection("limits"))
    }

    /// What a range of one value cannot say.
    func problems(in section: SettingSection, _ kind: StrategyKind) -> [ConfigurationProblem] {
        let own = kind.problems(parameters)
        guard kind.scope == .one, instruments.count > 1 else { return own }
        return own + [
            section.problem(
                "instruments",
                "found \(instruments.count), accepted: one; a \(kind.name) trades one instrument, "
                    + "give each its own strategy")
        ]
    }
}
