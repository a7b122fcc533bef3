/// Every indicator by name.
public enum IndicatorCatalogue {
    /// In the order of their families.
    public static let entries: [CatalogueEntry] = [
        averages, channels, changes, averageDifferences, oscillators, stochastics, trend,
        volatility, cycles, statistics, volume, prices, arithmetic,
        patterns, orderFlow, tradeFlow, spreads,
    ].flatMap { $0 }

    /// The entry called `name`, in any case.
    public static func entry(_ name: String) throws(IndicatorFailure) -> CatalogueEntry {
        let wanted = name.uppercased()
        guard let entry = entries.first(where: { $0.name == wanted }) else {
            throw .unknownIndicator(name)
        }
        return entry
    }
}
