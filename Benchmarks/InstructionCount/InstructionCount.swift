import Benchmarks
import Foundation

/// Does the counted work once, for `scripts/instructions` and `scripts/flat-cost`: a program of its
/// own, because an instruction counter does not survive the threads of an asynchronous one.
@main
enum InstructionCount {
    /// `names` prints the indicators; `indicators NAME ...` counts those instead of the hot stages,
    /// `briefly NAME ...` after few inputs alone.
    static func main() throws {
        let words = CommandLine.arguments.dropFirst()
        switch words.first {
        case "names": print(IndicatorCounts.names.joined(separator: "\n"))
        case "indicators", "briefly":
            say("operations \(IndicatorCounts.operations)")
            try IndicatorCounts.run(words.dropFirst(), briefly: words.first == "briefly") {
                say("began \($0)")
            }
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
