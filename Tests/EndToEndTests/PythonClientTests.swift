import Foundation
import Testing

/// The exchange as clients see it that others have written for the venue.
@Suite("Python clients", .timeLimit(.minutes(10)))
struct PythonClientTests {
    /// What the script says when the package index does not answer.
    private static let unavailable: Int32 = 75

    @Test func `ccxt and python-binance can do everything they know`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = try WorkFolder()
        defer { folder.remove() }
        let log = folder.path("clients.log")
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let process = Process()
        process.executableURL = root.appendingPathComponent("scripts/test-clients")
        process.arguments = [WorkFolder.binary]
        process.standardInput = FileHandle.nullDevice
        let writer = FileHandle(forWritingAtPath: log)
        process.standardOutput = writer
        process.standardError = writer
        try process.run()
        process.waitUntilExit()
        let output = try String(contentsOfFile: log, encoding: .utf8)
        guard process.terminationStatus != Self.unavailable else {
            try Test.cancel("the package index does not answer: no clients to test with")
        }
        #expect(process.terminationStatus == 0, "\(output)")
    }
}
