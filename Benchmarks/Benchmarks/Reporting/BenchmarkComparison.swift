import Telemetry

/// Two reports row by row: how the second stands to the first.
package struct BenchmarkComparison {
    let first: BenchmarkReport
    let second: BenchmarkReport

    package init(_ first: BenchmarkReport, _ second: BenchmarkReport) {
        self.first = first
        self.second = second
    }

    /// Rows that both have, by name; ratios below 1 are the second's gain.
    package var text: String {
        var table = TextTable(
            [.init("row", .left)] + ["p50", "", "ratio", "p99", "", "ratio"].map { .init($0) })
        for row in first.rows {
            guard let other = second.rows.first(where: { $0.name == row.name }) else { continue }
            table.append(
                [row.name] + Self.cells(row.figures.p50, other.figures.p50)
                    + Self.cells(row.figures.p99, other.figures.p99))
        }
        for rate in first.rates {
            guard let other = second.rates.first(where: { $0.name == rate.name }) else { continue }
            table.append(
                ["\(rate.name), M/s"] + Self.cells(rate.perSecond / 1e6, other.perSecond / 1e6))
        }
        return machines + table.text + missing
    }

    private static func cells(_ first: Double, _ second: Double) -> [String] {
        [
            BenchmarkReport.number(first), BenchmarkReport.number(second),
            first > 0 ? BenchmarkReport.ratio(second / first) : "",
        ]
    }

    /// Figures of two machines are not comparable without a word.
    private var machines: String {
        var lines = ["\(first.benchmark): second over first"]
        if first.machine.processor != second.machine.processor
            || first.machine.flags != second.machine.flags
        {
            lines.append("different machines or flags: compare ratios to the floor instead")
        }
        lines.append("load \(first.machine.loadAverage) and \(second.machine.loadAverage)")
        return lines.map { "\($0)\n" }.joined() + "\n"
    }

    private var missing: String {
        let names = Set(first.rows.map(\.name)).symmetricDifference(second.rows.map(\.name))
        return names.isEmpty ? "" : "\nonly in one: \(names.sorted().joined(separator: ", "))\n"
    }
}
