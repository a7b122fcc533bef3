import Foundation
import Testing

/// A working directory of its own with the example configurations, for processes under test.
struct WorkFolder {
    /// What a finished command left.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    let root: String
    private let environment: [String: String]

    init(filePath: String = #filePath) throws {
        root = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let configurations = URL(fileURLWithPath: filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("config")
        for name in ["demo.yaml", "exchange.yaml"] {
            try FileManager.default.copyItem(
                atPath: configurations.appendingPathComponent(name).path,
                toPath: root + "/" + name)
        }
        var environment = ProcessInfo.processInfo.environment
        environment = environment.filter { !$0.key.hasPrefix("APUS_") }
        self.environment = environment
    }

    func path(_ name: String) -> String { root + "/" + name }

    func remove() { try? FileManager.default.removeItem(atPath: root) }

    /// Where the build put the command: beside the test bundle.
    static var binary: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("apus").path
    }

    /// Starts the exchange and waits for its ready file.
    func exchange(_ arguments: String...) throws -> Process {
        let ready = path("ready")
        try? FileManager.default.removeItem(atPath: ready)
        let process = process(
            ["exchange", "--config", path("exchange.yaml"), "--ready-file", ready] + arguments)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let deadline = Date().addingTimeInterval(20)
        while !FileManager.default.fileExists(atPath: ready) {
            try #require(process.isRunning && Date() < deadline, "the exchange did not start")
            sched_yield()
        }
        return process
    }

    /// Runs a command to its end.
    func apus(_ arguments: String...) throws -> Outcome {
        let process = process(arguments)
        let output = path("stdout-\(UUID().uuidString)")
        let errors = path("stderr-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "",
            errors: (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
    }

    private func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.binary)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.environment = environment
        return process
    }
}
