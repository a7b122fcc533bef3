import Benchmarks
import Foundation

/// Does the counted work once, for `scripts/instructions` and `scripts/flat-cost`: a program of its
/// own, because an instruction counter does not survive the threads of an asynchronous one.
@main
enum InstructionCount {
    /// `indicators [NAME ...]`: those instead of the hot stages.
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "indicators" {
            try IndicatorCounts.run(Set(words.dropFirst()))
            print("operations \(IndicatorCounts.operations)")
            return
        }
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-count-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try InstructionSubjects.run(directory: directory)
        print("operations \(InstructionSubjects.operations)")
    }
}
