import Indicators

extension IndicatorCatalogue {
    /// The entry of that name in any case, or a failure that suggests others.
    public static func named(_ name: String) throws(StudyFailure) -> CatalogueEntry {
        do {
            return try entry(name)
        } catch {
            throw .unknownIndicator(name, suggestions: suggestions(for: name))
        }
    }

    /// Up to five names for a misspelt one: the closest by spelling, then those that contain it or
    /// whose title does.
    static func suggestions(for name: String) -> [String] {
        let wanted = name.lowercased().filter { $0.isLetter || $0.isNumber }
        if wanted.isEmpty { return [] }
        let limit = max(1, wanted.count / 4)
        let ranked = entries.compactMap { entry -> (rank: Int, name: String)? in
            let known = entry.name.lowercased().filter { $0 != "_" }
            let distance = editDistance(Array(wanted.utf8), Array(known.utf8))
            if distance <= limit { return (distance, entry.name) }
            if wanted.count < 3 { return nil }
            if known.contains(wanted) { return (limit + 1, entry.name) }
            let title = entry.title.lowercased().filter { $0.isLetter || $0.isNumber }
            if title.hasPrefix(wanted) { return (limit + 1, entry.name) }
            return title.contains(wanted) ? (limit + 2, entry.name) : nil
        }
        return ranked.enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .prefix(5).map(\.element.name)
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one of the other.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(
                    last[column] + (letter == other ? 0 : 1), last[column + 1] + 1,
                    next[column] + 1)
                let isSwap =
                    row > 0 && column > 0 && letter == right[column - 1] && left[row - 1] == other
                if isSwap { best = min(best, before[column - 1] + 1) }
                next.append(best)
            }
            (before, last) = (last, next)
        }
        return last[right.count]
    }
}
