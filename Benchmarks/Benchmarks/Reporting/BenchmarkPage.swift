import Telemetry

extension BenchmarkReport {
    /// The report as one HTML file with percentile plots and the stages as a waterfall.
    package var page: String {
        let body = [
            "<h1>\(HTML.escaped(benchmark))</h1>",
            machine.lines.map { "<p class=\"lead\">\(HTML.escaped($0))</p>" }.joined(),
            part("Percentiles", plots), part("Figures", HTMLPage.table(rowTable)),
            part("Rates", HTMLPage.table(rateTable)),
            part("Stages", StageWaterfall(stages: stages).svg),
            part("Notes", notes.map { "<p>\(HTML.escaped($0))</p>" }.joined()),
        ].joined(separator: "\n")
        return HTMLPage(title: "apus bench \(benchmark)", body: body).text
    }

    private func part(_ title: String, _ body: String) -> String {
        body.isEmpty ? "" : "<section><h2>\(title)</h2>\n\(body)</section>"
    }

    private var plots: String {
        rows.map { row in
            var stages = [Self.stage("apus", row.values)]
            if row.floor != nil { stages.append(Self.stage("C floor", row.floorValues)) }
            let plot = PercentilePlot(stages: stages).svg
            return plot.isEmpty ? "" : "<h3>\(HTML.escaped(row.name))</h3>\n\(plot)"
        }.joined(separator: "\n")
    }

    /// In whole nanoseconds, which is finer than the plot.
    private static func stage(_ name: String, _ distribution: Distribution) -> StageFigures {
        var buckets: [StageFigures.Bucket] = []
        for value in distribution.values {
            let whole = Int64(value.rounded())
            if let last = buckets.indices.last, buckets[last].value == whole {
                buckets[last].count += 1
            } else {
                buckets.append(StageFigures.Bucket(value: whole, count: 1))
            }
        }
        return StageFigures(stage: name, buckets: buckets)
    }
}

/// The parts of one way, each beginning where the one before it ends.
struct StageWaterfall {
    let stages: [BenchmarkStage]

    private static let width = 760.0
    private static let left = 130.0
    private static let right = 90.0
    private static let rowHeight = 24.0

    /// Empty without stages.
    var svg: String {
        let total = stages.reduce(0) { $0 + $1.nanoseconds }
        guard total > 0 else { return "" }
        let room = (Self.width - Self.left - Self.right) / total
        var parts = [
            SVG.open(Self.width, Double(stages.count) * Self.rowHeight + 8, "stages of the way")
        ]
        var start = Self.left
        for (index, stage) in stages.enumerated() {
            let y = Double(index) * Self.rowHeight + 4
            let span = stage.nanoseconds * room
            parts += [
                SVG.text(Self.left - 8, y + 14, stage.name, "end"),
                "<rect class=\"c0\" x=\"\(SVG.number(start))\" y=\"\(SVG.number(y))\" "
                    + "width=\"\(SVG.number(max(1, span)))\" height=\"18\"/>",
                SVG.text(
                    start + span + 6, y + 14, BenchmarkReport.number(stage.nanoseconds) + " ns",
                    "start"),
            ]
            start += span
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }
}
