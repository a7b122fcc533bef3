/// Settings given by environment variables: `APUS_` and the path in capitals, joined by `_`.
///
/// `APUS_JOURNAL_SEGMENT_SIZE=16MiB` overrides `journal.segment_size`; an element of a list goes
/// by its position, `APUS_TOPOLOGY_LANES_0_CORE=1`; a list of words is separated by commas.
public struct EnvironmentOverrides: Sendable {
    public static let prefix = "APUS_"

    /// Variables with a meaning of their own: credentials, and what scripts and tests use.
    public static let reserved: Set<String> = [
        "APUS_API_KEY", "APUS_API_SECRET", "APUS_PRIVATE_KEY_FILE", "APUS_TARGETS",
    ]

    private let variables: [String: String]
    private var used: Set<String> = []

    public init(_ environment: [String: String]) {
        variables = environment.filter {
            $0.key.hasPrefix(Self.prefix) && !Self.reserved.contains($0.key)
        }
    }

    static func name(_ path: String) -> String {
        var name = prefix
        for character in path.uppercased() {
            switch character {
            case ".", "[": name += "_"
            case "]": break
            default: name.append(character)
            }
        }
        return name
    }

    /// The value for a setting's path, which counts as used from then on.
    mutating func take(_ path: String) -> (name: String, text: String)? {
        let name = Self.name(path)
        guard let text = variables[name] else { return nil }
        used.insert(name)
        return (name, text)
    }

    func hasAny(below path: String) -> Bool {
        let start = Self.name(path) + "_"
        return variables.keys.contains { $0.hasPrefix(start) }
    }

    /// Variables that overrode a setting.
    public var applied: [String] { used.sorted() }

    /// Variables that look like settings and are none: refused, since they would be lost silently.
    func unknown(sections: [String]) -> [String] {
        variables.keys.filter { name in
            !used.contains(name)
                && sections.contains { (name + "_").hasPrefix(Self.name($0) + "_") }
        }.sorted()
    }

    /// Other variables of our prefix that no setting has: reported, not refused.
    func ignored(sections: [String]) -> [String] {
        let refused = Set(unknown(sections: sections))
        return variables.keys.filter { !used.contains($0) && !refused.contains($0) }.sorted()
    }
}

extension Setting {
    /// The variable that overrides the setting at `path`; list positions shown as `N`.
    public static func variable(for path: String) -> String {
        EnvironmentOverrides.name(path)
    }
}
