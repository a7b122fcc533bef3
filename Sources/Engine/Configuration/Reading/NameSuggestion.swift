/// "Did you mean": the known name closest to one that is not known.
enum NameSuggestion {
    /// The closest of `known`, when it is close enough to be a slip of the hand.
    static func closest(to name: String, among known: [String]) -> String? {
        let allowed = max(1, name.count / 3)
        return
            known
            .map { ($0, distance(Array(name.utf8), Array($0.utf8))) }
            .filter { $0.1 <= allowed }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    static func hint(for name: String, among known: [String]) -> String? {
        closest(to: name, among: known).map { "did you mean '\($0)'?" }
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                let isSame = first[row] == second[column]
                var best = min(
                    last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }
}
