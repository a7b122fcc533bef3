/// The configuration's reference, derived from the schema that the parser uses.
public enum ConfigurationReference {
    /// Both files in Markdown, with the built-in strategies: a table for each mapping.
    public static let markdown = markdown(for: StrategyProgram.builtIn.kinds)

    /// Both files, with strategies of these kinds.
    public static func markdown(for kinds: [StrategyKind]) -> String {
        document("apus run --config FILE", RunSchema.settings(for: kinds)) + "\n"
            + document("apus exchange --config FILE", ExchangeSchema.settings)
    }

    /// One file in Markdown.
    public static func document(_ title: String, _ settings: [Setting]) -> String {
        "# \(title)\n" + table(settings, path: "", summary: "The top level.")
    }

    /// Every key of one file on one line each, for `--help`.
    public static func text(_ settings: [Setting]) -> String {
        lines(settings, indentation: 0).map { $0 + "\n" }.joined()
    }

    /// The dotted path of every key that holds a value; `[N]` is a position in a list.
    public static func paths(_ settings: [Setting]) -> [String] {
        settings.flatMap { $0.paths(under: "") }
    }

    /// The environment variables that override settings; `N` is a position in a list.
    public static func variables(_ settings: [Setting]) -> [String] {
        var seen: Set<String> = []
        return paths(settings).map(Setting.variable(for:))
            .filter { seen.insert($0).inserted }
    }

    private static func table(_ settings: [Setting], path: String, summary: String) -> String {
        var text = "\n## " + (path.isEmpty ? "top level" : path) + "\n\n\(summary)\n\n"
        text += "| key | accepted | default | meaning |\n|---|---|---|---|\n"
        for setting in settings {
            let cells = [
                "`\(setting.key)`", setting.kind.accepted, setting.standard, setting.summary,
            ]
            text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
            text += " |\n"
        }
        for setting in settings {
            let below = path.isEmpty ? setting.key : path + "." + setting.key
            switch setting.kind {
            case .section(let inner):
                text += table(inner, path: below, summary: setting.summary)
            case .sections(let inner, _):
                text += table(inner, path: below + "[]", summary: setting.summary)
            case .dependent(let sibling, let choices):
                for (choice, inner) in choices.sorted(by: { $0.key < $1.key }) {
                    text += table(
                        inner, path: "\(below) (\(sibling): \(choice))", summary: setting.summary)
                }
            default: break
            }
        }
        return text
    }

    private static func lines(_ settings: [Setting], indentation: Int) -> [String] {
        let margin = String(repeating: "  ", count: indentation)
        return settings.flatMap { setting -> [String] in
            let head = "\(margin)\(setting.key): \(setting.kind.accepted)"
            let rest = " [\(setting.standard)] \(setting.summary)"
            switch setting.kind {
            case .section(let inner):
                return ["\(margin)\(setting.key):  \(setting.summary)"]
                    + lines(inner, indentation: indentation + 1)
            case .sections(let inner, _):
                return ["\(margin)\(setting.key):  (list) \(setting.summary)"]
                    + lines(inner, indentation: indentation + 1)
            case .dependent(let sibling, let choices):
                return choices.sorted { $0.key < $1.key }.flatMap { choice, inner in
                    ["\(margin)\(setting.key):  for \(sibling): \(choice)"]
                        + lines(inner, indentation: indentation + 1)
                }
            default: return [head + rest]
            }
        }
    }
}

extension Setting {
    /// The default as the reference shows it.
    var standard: String {
        switch presence {
        case .required: "required"
        case .optional: "optional"
        case .standard(""): "defaults of its keys"
        case .standard(let text): text
        }
    }
}
