import Foundation
import Testing

/// That an update costs the same after 10, 1,000 and 1,000,000 inputs, in instructions.
@Suite("Flat cost")
struct FlatCostTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The release build of what is counted, if there is one.
    private static let binary: String? = {
        let named = ProcessInfo.processInfo.environment["APUS_INSTRUCTION_COUNT"]
        let path = named ?? root.appendingPathComponent(".build/release/InstructionCount").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// What a machine lacks is a reason to pass over the test, but not in CI.
    private func pass(over reason: String) {
        let isCI = ProcessInfo.processInfo.environment["CI"]?.isEmpty == false
        if isCI { Issue.record("\(reason)") } else { print("skipped: \(reason)") }
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = pipe
        process.currentDirectoryURL = Self.root
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Without windows, with sums, blocks and searches; all of them: `scripts/flat-cost`.
    @Test func `an update takes as many instructions after a million inputs as after ten`() throws {
        guard let binary = Self.binary else {
            return pass(
                over: "no release build of InstructionCount (swift build -c release --product "
                    + "InstructionCount); APUS_INSTRUCTION_COUNT names one")
        }
        guard try run(["sh", "-c", "command -v valgrind"]).status == 0 else {
            return pass(over: "needs valgrind (apt-get install valgrind)")
        }
        let names = [
            "SMA", "EMA", "WMA", "RSI", "MACD", "ATR", "BBANDS", "ADX", "STOCH", "CCI", "MAX",
            "AROON", "LINEARREG", "PERCENTILE", "OBV", "CDLENGULFING",
        ]
        let counted = try run(["scripts/flat-cost", "--binary", binary] + names)
        #expect(counted.status == 0, "\(counted.output)")
        for name in names { #expect(counted.output.contains("\(name) "), "\(counted.output)") }
        #expect(!counted.output.contains("NOT FLAT"), "\(counted.output)")
    }
}
