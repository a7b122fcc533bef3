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
    /// The exchange's, free when the folder was made.
    let port: UInt16
    private let environment: [String: String]

    init(filePath: String = #filePath) throws {
        root = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString.prefix(8))").path
        port = try Self.freePort()
        try FileManager.default.createDirectory(
            atPath: root, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let configurations = URL(fileURLWithPath: filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("config")
        for name in ["demo.yaml", "exchange.yaml"] {
            // A port of its own: an exchange that somebody runs beside the tests keeps the usual.
            let text = try String(
                contentsOf: configurations.appendingPathComponent(name), encoding: .utf8)
            try text.replacingOccurrences(of: "9443", with: "\(port)")
                .write(toFile: root + "/" + name, atomically: true, encoding: .utf8)
        }
        var environment = ProcessInfo.processInfo.environment
        environment = environment.filter { !$0.key.hasPrefix("APUS_") }
        self.environment = environment
    }

    /// A loopback port that the kernel has just given out and taken back.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        return UInt16(bigEndian: address.sin_port)
    }

    func path(_ name: String) -> String { root + "/" + name }

    /// Changes a configuration file of the folder.
    func edit(_ name: String, _ change: (String) -> String) throws {
        let text = try String(contentsOfFile: path(name), encoding: .utf8)
        let changed = change(text)
        try #require(changed != text, "\(name) is as it was")
        try changed.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    /// `TESTS_KEEP=1` keeps it, to look at what is left.
    func remove() {
        if ProcessInfo.processInfo.environment["TESTS_KEEP"] != nil { return }
        try? FileManager.default.removeItem(atPath: root)
    }

    /// Where the build put the command, beside the test bundle; `APUS_TEST_BINARY` names another:
    /// a release build, when the test measures.
    static var binary: String {
        if let own = ProcessInfo.processInfo.environment["APUS_TEST_BINARY"] { return own }
        return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("apus").path
    }

    /// Starts the exchange and waits for its ready file.
    func exchange(_ arguments: String...) throws -> Process {
        let ready = path("ready")
        try? FileManager.default.removeItem(atPath: ready)
        let process = process(
            ["exchange", "--config", path("exchange.yaml"), "--ready-file", ready] + arguments)
        process.standardOutput = FileHandle.nullDevice
        let errors = path("exchange.errors")
        try Data().write(to: URL(fileURLWithPath: errors))
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        let deadline = Date().addingTimeInterval(20)
        while !FileManager.default.fileExists(atPath: ready) {
            try #require(
                process.isRunning && Date() < deadline,
                "the exchange did not start: \((try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")")
            sched_yield()
        }
        return process
    }

    /// Runs a command to its end.
    func apus(_ arguments: String...) throws -> Outcome { try apus(arguments) }

    func apus(_ arguments: [String]) throws -> Outcome {
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
