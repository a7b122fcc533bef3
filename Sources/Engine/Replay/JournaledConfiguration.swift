import Foundation

/// The configuration of a run as its journal keeps it: the file's text, then one comment a
/// variable of the environment that overrode it. Secrets are in neither. A dry run's begins with a
/// line that says so.
enum JournaledConfiguration {
    private static let mark = "#environment "
    private static let dryRunMark = "#dry run\n"

    /// The text for the journal.
    static func text(of configuration: RunConfiguration, environment: [String: String]) -> String {
        let file = (try? String(contentsOfFile: configuration.file, encoding: .utf8)) ?? ""
        let variables = configuration.appliedVariables.sorted().compactMap { name in
            environment[name].map { "\(mark)\(name)=\($0)\n" }
        }
        return (configuration.isDryRun ? dryRunMark : "") + file
            + (file.hasSuffix("\n") ? "" : "\n") + variables.joined()
    }

    /// Reads it back. Nothing is connected to: `live` needs no consent here.
    static func read(_ text: String, kinds: [StrategyKind]) throws -> RunConfiguration {
        var environment: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix(mark) {
            let parts = line.dropFirst(mark.count).split(separator: "=", maxSplits: 1)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-replay-\(UUID().uuidString).yaml")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var configuration: RunConfiguration
        // The flag must fit the file: a live run was started with it, others without.
        do throws(ConfigurationFailure) {
            configuration = try RunConfiguration.load(
                file: file.path, environment: environment, allowsLive: false, kinds: kinds)
        } catch {
            configuration = try RunConfiguration.load(
                file: file.path, environment: environment, allowsLive: true, kinds: kinds)
        }
        configuration.isDryRun = text.hasPrefix(dryRunMark)
        return configuration
    }
}
