import Benchmarks
import Foundation

/// Does the counted work once, for `scripts/instructions` and `scripts/flat-cost`: a program of its
/// own, because an instruction counter does not survive the threads of an asynchronous one.
@main
enum InstructionCount {
    /// `names` prints the indicators; `indicators 10,1000 NAME ...` counts those instead of the hot
    /// stages, after so many inputs.
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        switch words.first {
        case "names": print(IndicatorCounts.names.joined(separator: "\n"))
        case "indicators":
            say("operations \(IndicatorCounts.operations)")
            let before = words.dropFirst().first?.split(separator: ",").compactMap { Int($0) }
            try IndicatorCounts.run(words.dropFirst(2), after: before ?? []) { say("began \($0)") }
        default: try countStages()
        }
    }

    /// At once: what comes next may be the last thing that it does.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func countStages() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-count-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try InstructionSubjects.run(directory: directory)
        print("operations \(InstructionSubjects.operations)")
    }
}
