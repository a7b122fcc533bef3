/// The latency table shown by the panel, the control client and the exit report.
public enum LatencyTable {
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
