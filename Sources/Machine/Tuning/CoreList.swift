/// Numbers of cores or nodes as the kernel writes them: `0-3,8,10-11`.
public enum CoreList {
    /// Ascending and without repeats; empty for an empty text, `nil` for anything else that is not
    /// a list of numbers below 4096.
    ///
    /// Skips the words that `isolcpus=` and `nohz_full=` allow in front (`domain,managed_irq,2-7`).
    public static func parse(_ text: some StringProtocol) -> [Int]? {
        var found: Set<Int> = []
        for part in text.split(separator: ",") {
            if part.allSatisfy({ $0.isLetter || $0 == "_" }) { continue }
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = Int(ends[0]), let last = Int(ends[ends.count - 1]),
                (0..<4096).contains(first), (first..<4096).contains(last)
            else { return nil }
            found.formUnion(first...last)
        }
        return found.sorted()
    }

    /// The shortest form; `none` for no core.
    public static func text(_ cores: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for core in Set(cores).sorted() {
            if let last = ranges.last, last.upperBound + 1 == core {
                ranges[ranges.count - 1] = last.lowerBound...core
            } else {
                ranges.append(core...core)
            }
        }
        if ranges.isEmpty { return "none" }
        return ranges.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }.joined(separator: ",")
    }
}
