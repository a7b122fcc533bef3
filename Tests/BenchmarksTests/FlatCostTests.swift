import Foundation
import Indicators
import Testing

/// That an update costs the same however many inputs came before, in instructions.
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

    /// All of them, in short: `scripts/flat-cost` goes on to a million inputs.
    @Test func `an update takes as many instructions after 20,000 inputs as after ten`() throws {
        guard let binary = Self.binary else {
            return pass(
                over: "no release build of InstructionCount (swift build -c release --product "
                    + "InstructionCount); APUS_INSTRUCTION_COUNT names one")
        }
        guard try run(["sh", "-c", "command -v valgrind"]).status == 0 else {
            return pass(over: "needs valgrind (apt-get install valgrind)")
        }
        let counted = try run(["scripts/flat-cost", "--short", "--binary", binary])
        #expect(counted.status == 0, "\(counted.output)")
        for entry in IndicatorCatalogue.entries {
            #expect(counted.output.contains("\n\(entry.name) "), "\(entry.name) is not counted")
        }
        #expect(!counted.output.contains("NOT FLAT"), "\(counted.output)")
    }

    @Test func `whoever may cost more now and then is in the catalogue, with a reason`() throws {
        let file = Self.root.appendingPathComponent("Benchmarks/flat-cost-exceptions")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        for line in lines where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            _ = try IndicatorCatalogue.entry(String(words[0]))
            #expect(words.count > 3, "\(line)")
        }
    }
}
