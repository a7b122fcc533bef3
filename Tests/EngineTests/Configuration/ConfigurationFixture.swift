import Engine
import Foundation

/// The smallest valid configuration, and edits of it.
enum ConfigurationFixture {
    static let smallest = """
        venue:
          kind: binance_spot
          environment: emulated
        instruments:
          - symbol: BTCUSDT
        """

    static func run(
        _ text: String, environment: [String: String] = [:], allowsLive: Bool = false
    ) throws(ConfigurationFailure) -> RunConfiguration {
        try RunConfiguration.parse(
            text, file: "t.yaml", environment: environment, allowsLive: allowsLive)
    }

    /// The problems of a text that must be refused; empty when it is accepted.
    static func problems(
        _ text: String, environment: [String: String] = [:], allowsLive: Bool = false
    ) -> [String] {
        do throws(ConfigurationFailure) {
            _ = try run(text, environment: environment, allowsLive: allowsLive)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    /// The checkout, for the example files.
    static var root: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
    }

    static func example(_ name: String) throws -> String {
        try String(
            contentsOf: root.appendingPathComponent("config/\(name)"), encoding: .utf8)
    }

    /// A file below a fresh directory, removed by the caller.
    static func temporary(_ name: String, _ text: String, mode: Int) throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        return file.path
    }
}
