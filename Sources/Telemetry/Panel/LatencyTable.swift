import Machine

/// The latency table shown by the panel, the control client and the exit report.
public enum LatencyTable {
    /// What to keep where not all stages fit, the most telling first.
    private static let order = [
        LatencyStage.tickToOrder, .orderToAck, .frameToDone, .strategy, .risk, .book, .parse,
    ].map { "\($0)" }

    /// So many stages that tell most, in their own order.
    static func mostTelling(_ count: Int, of figures: [StageFigures]) -> [StageFigures] {
        func rank(_ stage: StageFigures) -> Int {
            order.firstIndex(of: stage.stage) ?? order.count
        }
        let kept = figures.sorted { rank($0) < rank($1) }.prefix(max(0, count)).map(\.stage)
        return figures.filter { kept.contains($0.stage) }
    }

    /// Stages without a sample are left out.
    public static func table(of figures: [StageFigures]) -> TextTable {
        var table = TextTable([
            .init("stage", .left), .init("p50"), .init("p90"), .init("p99"), .init("p99.9"),
            .init("p99.99"), .init("max"), .init("count"),
        ])
        for stage in figures where stage.count > 0 {
            let values = stage.percentiles.map(\.value) + [stage.maximum]
            table.append(
                [stage.stage] + values.map(FigureText.duration) + [FigureText.count(stage.count)])
        }
        return table
    }
}
