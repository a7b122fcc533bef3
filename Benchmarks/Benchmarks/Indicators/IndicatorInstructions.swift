import Foundation

/// Instructions an update, by indicator, as scripts/flat-cost has counted and written them: a
/// program cannot count its own where the processor's counters are not to be had.
enum IndicatorInstructions {
    /// Where the script writes them, in the repository.
    static let standardPath = "Benchmarks/indicator-instructions"

    /// None without a `path` where there is no file of the standard one.
    static func read(_ path: String?) throws -> [String: Double] {
        guard let text = try? String(contentsOfFile: path ?? standardPath, encoding: .utf8) else {
            if let path { throw BenchmarkFailure("\(path) cannot be read") }
            return [:]
        }
        var counts: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 2, let count = Double(words[1]) else {
                throw BenchmarkFailure("no name and count of instructions: \(line)")
            }
            counts[String(words[0])] = count
        }
        return counts
    }
}
