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
    /// `known` are the settings' own, positions as `N`; `sections` the top-level mappings.
    func unknown(sections: [String], known: [String]) -> [String] {
        variables.keys.filter { name in
            !used.contains(name)
                && (sections.contains { (name + "_").hasPrefix(Self.name($0) + "_") }
                    || Self.slip(name, known) != nil)
        }.sorted()
    }

    /// Other variables of our prefix that no setting has: reported, not refused.
    func ignored(schema: [Setting]) -> [String] {
        let refused = Set(unknown(sections: schema.mappings, known: schema.variables))
        return variables.keys.filter { !used.contains($0) && !refused.contains($0) }.sorted()
    }

    /// The setting's variable that `name` misses by a slip of the hand.
    static func slip(_ name: String, _ known: [String]) -> String? {
        let wanted = pattern(name)
        let allowed = max(2, wanted.count / 8)
        guard let closest = NameSuggestion.closest(to: wanted, among: known),
            NameSuggestion.distance(Array(wanted.utf8), Array(closest.utf8)) <= allowed
        else { return nil }
        return closest
    }

    /// The name with list positions as `N`.
    static func pattern(_ name: String) -> String {
        name.split(separator: "_", omittingEmptySubsequences: false)
            .map { !$0.isEmpty && $0.allSatisfy(\.isNumber) ? "N" : $0 }
            .joined(separator: "_")
    }
}

extension [Setting] {
    /// Keys of the settings that hold others.
    var mappings: [String] { filter { !$0.kind.isScalar }.map(\.key) }

    /// Every variable that overrides one of them, list positions as `N`.
    var variables: [String] { flatMap { $0.paths(under: "") }.map(Setting.variable(for:)) }
}

extension Setting {
    /// The variable that overrides the setting at `path`; list positions shown as `N`.
    public static func variable(for path: String) -> String {
        EnvironmentOverrides.name(path)
    }
}
