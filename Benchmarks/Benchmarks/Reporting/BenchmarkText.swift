import Foundation
import Telemetry

extension BenchmarkReport {
    /// The report for a terminal.
    package var text: String {
        var parts = ["\(benchmark)\n" + machine.lines.map { "  \($0)\n" }.joined()]
        if !rows.isEmpty { parts.append(rowTable.text) }
        if !rates.isEmpty { parts.append(rateTable.text) }
        if !stages.isEmpty { parts.append(stageTable.text) }
        if updates != nil { parts.append(updateTable.text) }
        if !notes.isEmpty { parts.append(notes.map { "\($0)\n" }.joined()) }
        return parts.joined(separator: "\n")
    }

    /// A row each for us, the floor and the peers.
    package var rowTable: TextTable {
        var table = TextTable(
            [.init("nanoseconds", .left)] + Figures.columns.map { .init($0) }
                + [.init("samples"), .init("of"), .init("ratio")])
        func add(_ name: String, _ figures: Figures, _ batch: Int, _ ratio: Double?) {
            table.append(
                [name] + figures.shown.map(Self.number)
                    + ["\(figures.count)", "\(batch)", ratio.map(Self.ratio) ?? ""])
        }
        for row in rows {
            add(row.name, row.figures, row.batch, row.ratio)
            if let floor = row.floor { add("  C floor", floor, row.batch, nil) }
            for peer in row.peers {
                let ratio = peer.figures.p50 > 0 ? row.figures.p50 / peer.figures.p50 : nil
                add("  \(peer.name)", peer.figures, row.batch, ratio)
            }
        }
        return table
    }

    package var rateTable: TextTable {
        var table = TextTable(
            [.init("millions a second", .left), .init("rate"), .init("C floor"), .init("ratio")])
        for rate in rates {
            let ratio = rate.floor.map { rate.perSecond / $0 }
            table.append([
                rate.name, Self.number(rate.perSecond / 1e6),
                rate.floor.map { Self.number($0 / 1e6) } ?? "", ratio.map(Self.ratio) ?? "",
            ])
            for peer in rate.peers ?? [] {
                table.append([
                    "  \(peer.name)", Self.number(peer.perSecond / 1e6), "",
                    Self.ratio(rate.perSecond / peer.perSecond),
                ])
            }
        }
        return table
    }

    package var stageTable: TextTable {
        var table = TextTable([.init("stage, median", .left), .init("ns")])
        for stage in stages { table.append([stage.name, Self.number(stage.nanoseconds)]) }
        return table
    }

    /// A row for each indicator, in the order of the catalogue; columns of what is known.
    package var updateTable: TextTable {
        let updates = updates ?? []
        let isCounted = updates.contains { $0.instructions != nil }
        let isCompared = updates.contains { $0.talib != nil }
        var columns: [TextTable.Column] = [.init("nanoseconds, lower quartile", .left), .init("update")]
        if isCounted { columns.append(.init("instructions")) }
        columns += [.init("alone"), .init("in a series")]
        if isCompared { columns += [.init("TA-Lib"), .init("ratio"), .init("series")] }
        var table = TextTable(columns)
        for update in updates {
            var cells = [update.name, Self.number(update.nanoseconds)]
            if isCounted { cells.append(update.instructions.map(Self.number) ?? "-") }
            cells += [Self.number(update.alone), Self.number(update.series)]
            if isCompared {
                cells += [
                    update.talib.map(Self.number) ?? "-", update.ratio.map(Self.ratio) ?? "-",
                    update.seriesRatio.map(Self.ratio) ?? "-",
                ]
            }
            table.append(cells)
        }
        return table
    }

    /// One digit behind the point below 1000.
    static func number(_ value: Double) -> String {
        String(format: abs(value) < 999.95 ? "%.1f" : "%.0f", value)
    }

    static func ratio(_ value: Double) -> String { String(format: "%.2f", value) }
}
