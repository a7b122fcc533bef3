import Indicators

/// The catalogue as people read it in a terminal.
public enum CatalogueText {
    /// A line for each indicator, by family, or of one family.
    public static func list(_ family: CatalogueEntry.Family? = nil) -> [String] {
        let families = CatalogueEntry.Family.allCases.filter { family == nil || $0 == family }
        return families.flatMap { family -> [String] in
            let entries = IndicatorCatalogue.entries.filter { $0.family == family }
            let rows = entries.map { [$0.name, $0.title, parameters($0)] }
            let heading = family.title + " (" + family.rawValue + ", \(entries.count))"
            return [heading] + TextTable.lines(rows).map { "  " + $0 } + [""]
        }
    }

    /// As in period=20 width=2 kind=sma.
    static func parameters(_ entry: CatalogueEntry) -> String {
        let list = ParameterList(of: entry)
        return entry.parameters.map { $0.name + "=" + list.text($0, $0.standard) }
            .joined(separator: " ")
    }

    /// All that the catalogue knows of one indicator.
    public static func sheet(_ entry: CatalogueEntry) throws(StudyFailure) -> [String] {
        let warmUp = try Study(entry.name).warmUp()
        var rows = [
            ["formula", entry.formula],
            ["outputs", entry.outputs.joined(separator: ", ") + "; " + place(entry)],
            ["input", entry.columns.map(CandleHeading.name).joined(separator: ", ")],
            ["warm-up", "\(warmUp) inputs without a value, with the standard parameters"],
            ["cost", entry.cost.rawValue + " an update: " + entry.cost.summary],
            ["source", entry.source],
        ]
        if entry.parameters.isEmpty { rows.append(["parameters", "none"]) }
        var lines = ["\(entry.name)  \(entry.title)  (\(entry.family.rawValue))", ""]
        lines += TextTable.lines(rows)
        if !entry.parameters.isEmpty {
            let list = ParameterList(of: entry)
            let table =
                [["parameter", "default", "allowed"]]
                + entry.parameters.map {
                    [$0.name, list.text($0, $0.standard), list.range($0)]
                }
            lines += [""] + TextTable.lines(table)
        }
        return lines
    }

    private static func place(_ entry: CatalogueEntry) -> String {
        switch entry.placement {
        case .onPrice([]): "drawn over the candles"
        case .onPrice(let others): "drawn over the candles, without \(others.joined(separator: ", "))"
        case .below: "drawn in a panel of its own"
        case .marks: "drawn as marks at the candles"
        }
    }
}

extension UpdateCost {
    /// What the class means.
    var summary: String {
        switch self {
        case .constant: "the same work each time"
        case .amortised: "the same on average, now and then one works through its window"
        case .window: "grows with the window or table, never with the history"
        case .levels: "grows with the levels of the book it is shown"
        }
    }
}

/// Columns of text.
enum TextTable {
    /// Each column as wide as its widest cell, two blanks between.
    static func lines(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (cell, width) in zip(row.dropLast(), widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            return line + (row.last ?? "")
        }
    }
}
