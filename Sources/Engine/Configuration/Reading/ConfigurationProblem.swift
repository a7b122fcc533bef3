/// Where a value came from.
public enum SettingOrigin: Sendable, Equatable {
    case file(String, line: Int)
    case environment(String)
    case standard
    /// The command line, as far as it takes part in the configuration (`--live`).
    case commandLine
}

extension SettingOrigin: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path, let line): line > 0 ? "\(path):\(line)" : path
        case .environment(let name): "environment \(name)"
        case .standard: "default"
        case .commandLine: "command line"
        }
    }
}

/// One thing that is wrong: where, which key, what was found and what is accepted.
public struct ConfigurationProblem: Sendable, Equatable {
    public var origin: SettingOrigin
    /// Dotted, with the position in lists: `topology.lanes[0].core`; empty for the whole file.
    public var key: String
    public var message: String

    public init(_ origin: SettingOrigin, _ key: String, _ message: String) {
        self.origin = origin
        self.key = key
        self.message = message
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `config/demo.yaml:12: journal.segment_size: found '64', accepted: ...`
    public var description: String {
        "\(origin): " + (key.isEmpty ? "" : key + ": ") + message
    }
}

/// Everything that is wrong with a configuration; nothing was started.
public struct ConfigurationFailure: Error, Sendable, Equatable {
    public var problems: [ConfigurationProblem]
    /// There is no such file at all.
    public let lacksFile: Bool

    /// EX_CONFIG of sysexits.h.
    public static let exitCode: Int32 = 78

    public init(_ problems: [ConfigurationProblem], lacksFile: Bool = false) {
        self.problems = problems
        self.lacksFile = lacksFile
    }
}

extension ConfigurationFailure: CustomStringConvertible {
    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
