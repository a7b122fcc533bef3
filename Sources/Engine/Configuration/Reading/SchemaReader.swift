import Yams

/// Reads a tree of nodes against the schema, collecting every problem instead of the first.
struct SchemaReader {
    let file: String
    var environment: EnvironmentOverrides
    private(set) var problems: [ConfigurationProblem] = []

    init(file: String, environment: [String: String]) {
        self.file = file
        self.environment = EnvironmentOverrides(environment)
    }

    /// The whole document. Unknown variables are problems too.
    mutating func document(
        _ root: Node?, _ schema: [Setting], isConfidential: Bool = false
    ) -> SettingSection {
        let place = SettingOrigin.file(file, line: 1)
        let section = section(
            schema, root, path: "", at: place, isConfidential: isConfidential)
        let known = schema.variables
        for name in environment.unknown(sections: schema.mappings, known: known) {
            problems.append(
                ConfigurationProblem(
                    .environment(name), "", "overrides no setting" + Self.hint(for: name, known)))
        }
        problems.sort { $0.origin.line < $1.origin.line }
        return section
    }

    private static func hint(for name: String, _ known: [String]) -> String {
        let pattern = EnvironmentOverrides.pattern(name)
        if known.contains(pattern) { return ", the file's list has no such element" }
        return NameSuggestion.hint(for: pattern, among: known).map { ", " + $0 } ?? ""
    }

    // MARK: - Mappings

    private mutating func section(
        _ settings: [Setting], _ node: Node?, path: String, at place: SettingOrigin,
        isConfidential: Bool = false
    ) -> SettingSection {
        var section = SettingSection(origin: place, path: path)
        var pairs: [(key: Node, value: Node)] = []
        switch node {
        case nil: break
        case .mapping(let mapping)?: pairs = Array(mapping)
        case let other?:
            report(
                place, path,
                "found \(found(other, isConfidential)), accepted: a mapping")
            return section
        }
        checkKeys(pairs.map(\.key), settings, path: path, isConfidential)
        for setting in settings {
            let pair = pairs.first { $0.key.string == setting.key }
            let line = pair?.key.mark.map { SettingOrigin.file(file, line: $0.line) }
            read(setting, pair?.value, at: line ?? place, isGiven: pair != nil, into: &section)
        }
        return section
    }

    private mutating func checkKeys(
        _ keys: [Node], _ settings: [Setting], path: String, _ isConfidential: Bool
    ) {
        let known = settings.map(\.key)
        let accepted = known.isEmpty ? "none" : known.joined(separator: ", ")
        for key in keys {
            let place = SettingOrigin.file(file, line: key.mark?.line ?? 0)
            guard let name = key.scalar?.string else {
                report(place, path, "a key must be a word")
                continue
            }
            if known.contains(name) { continue }
            if isConfidential, !Self.namesSecret(name) {
                // Its name may be a value that slipped.
                report(place, path, "unknown key, accepted: " + accepted)
                continue
            }
            let full = path.isEmpty ? name : path + "." + name
            if Self.namesSecret(name) {
                report(
                    place, full,
                    "secrets do not belong in this file; accepted: credentials.file, or the "
                        + "environment: APUS_API_KEY, APUS_API_SECRET, APUS_PRIVATE_KEY_FILE")
                continue
            }
            let hint = NameSuggestion.hint(for: name, among: known) ?? "accepted: " + accepted
            report(place, full, "unknown key, " + hint)
        }
    }

    static func namesSecret(_ key: String) -> Bool {
        let words = ["secret", "password", "passphrase", "private_key", "api_key", "token"]
        let lower = key.lowercased()
        return words.contains { lower.contains($0) }
    }

    // MARK: - Values

    private mutating func read(
        _ setting: Setting, _ node: Node?, at place: SettingOrigin, isGiven: Bool,
        into section: inout SettingSection
    ) {
        let path = section.path(of: setting.key)
        if let node, Self.isNull(node) {
            report(place, path, "has no value, accepted: \(setting.kind.accepted)")
            return
        }
        switch setting.kind {
        case .section(let settings):
            readSection(setting, settings, node, at: place, into: &section)
        case .dependent(let sibling, let choices):
            guard let chosen = section.optionalText(sibling), let settings = choices[chosen] else {
                return
            }
            readSection(setting, settings, node, at: place, into: &section)
        case .sections(let settings, let count):
            readSections(setting, settings, count, node, at: place, into: &section)
        case .list(let element, let count):
            readList(setting, element, count, node, at: place, into: &section)
        default:
            guard let scalar = scalar(setting, node, path: path, at: place) else { return }
            section.values[setting.key] = scalar
        }
    }

    private mutating func readSection(
        _ setting: Setting, _ settings: [Setting], _ node: Node?, at place: SettingOrigin,
        into section: inout SettingSection
    ) {
        let path = section.path(of: setting.key)
        if node == nil, setting.presence == .optional, !environment.hasAny(below: path) { return }
        if node == nil, setting.presence == .required, !environment.hasAny(below: path) {
            report(place, path, "missing, accepted: \(setting.kind.accepted)")
            return
        }
        let child = self.section(
            settings, node, path: path, at: place, isConfidential: setting.isConfidential)
        section.values[setting.key] = SettingValue(content: .section(child), origin: place)
    }

    private mutating func readSections(
        _ setting: Setting, _ settings: [Setting], _ count: ClosedRange<Int>, _ node: Node?,
        at place: SettingOrigin, into section: inout SettingSection
    ) {
        let path = section.path(of: setting.key)
        guard let node else {
            if setting.presence == .required {
                report(place, path, "missing, accepted: \(setting.kind.accepted)")
            }
            return
        }
        guard case .sequence(let sequence) = node, count.contains(sequence.count) else {
            report(
                place, path,
                "found \(found(node, setting.isConfidential)), accepted: \(setting.kind.accepted)")
            return
        }
        var elements: [SettingSection] = []
        for (position, element) in sequence.enumerated() {
            let line = element.mark.map { SettingOrigin.file(file, line: $0.line) } ?? place
            elements.append(
                self.section(settings, element, path: "\(path)[\(position)]", at: line))
        }
        section.values[setting.key] = SettingValue(content: .sections(elements), origin: place)
    }

    private mutating func readList(
        _ setting: Setting, _ kind: SettingKind, _ count: ClosedRange<Int>, _ node: Node?,
        at place: SettingOrigin, into section: inout SettingSection
    ) {
        let path = section.path(of: setting.key)
        var texts: [(text: String, origin: SettingOrigin)] = []
        var origin = place
        if let (name, text) = environment.take(path) {
            origin = .environment(name)
            texts = text.split(separator: ",").map {
                (String($0).trimmingSpaces, origin)
            }
        } else if let node {
            guard case .sequence(let sequence) = node else {
                report(
                    place, path,
                    "found \(found(node, setting.isConfidential)), accepted: "
                        + setting.kind.accepted)
                return
            }
            for (position, element) in sequence.enumerated() {
                let line = element.mark.map { SettingOrigin.file(file, line: $0.line) } ?? place
                guard let scalar = element.scalar else {
                    report(line, "\(path)[\(position)]", "accepted: \(setting.kind.accepted)")
                    return
                }
                if isTextForNumber(scalar, kind: kind) {
                    reportQuoted(line, "\(path)[\(position)]", scalar, setting, kind)
                    return
                }
                texts.append((scalar.string, line))
            }
        } else {
            if setting.presence == .required {
                report(place, path, "missing, accepted: \(setting.kind.accepted)")
            }
            return
        }
        guard count.contains(texts.count) else {
            report(origin, path, "found \(texts.count) values, accepted: \(setting.kind.accepted)")
            return
        }
        let values = texts.enumerated().compactMap { position, one in
            value(
                one.text, kind, path: "\(path)[\(position)]", from: one.origin,
                isConfidential: setting.isConfidential)
        }
        section.values[setting.key] = SettingValue(content: .list(values), origin: origin)
    }

    private mutating func scalar(
        _ setting: Setting, _ node: Node?, path: String, at place: SettingOrigin
    ) -> SettingValue? {
        if let (name, text) = environment.take(path) {
            return value(
                text, setting.kind, path: path, from: .environment(name),
                isConfidential: setting.isConfidential)
        }
        if let node {
            guard let scalar = node.scalar else {
                report(
                    place, path,
                    "found \(found(node, setting.isConfidential)), accepted: "
                        + setting.kind.accepted)
                return nil
            }
            if isTextForNumber(scalar, kind: setting.kind) {
                reportQuoted(place, path, scalar, setting, setting.kind)
                return nil
            }
            return value(
                scalar.string, setting.kind, path: path, from: place,
                isConfidential: setting.isConfidential)
        }
        switch setting.presence {
        case .optional: return nil
        case .required:
            report(place, path, "missing, accepted: \(setting.kind.accepted)")
            return nil
        case .standard(let text):
            return value(text, setting.kind, path: path, from: .standard, isConfidential: false)
        }
    }

    private mutating func value(
        _ text: String, _ kind: SettingKind, path: String, from origin: SettingOrigin,
        isConfidential: Bool
    ) -> SettingValue? {
        do throws(ScalarFailure) {
            let scalar = try ScalarText.parse(text, as: kind)
            return SettingValue(content: .scalar(scalar), origin: origin)
        } catch {
            let shown = isConfidential ? "a value" : Self.shown(text)
            let detail: String
            switch error {
            case .outOfRange: detail = "found \(shown), which is out of range"
            case .malformed(let hint?): detail = "found \(shown), \(hint)"
            case .malformed(nil): detail = "found \(shown)"
            }
            let end = detail.hasSuffix("?") ? " accepted: " : ", accepted: "
            report(origin, path, detail + end + kind.accepted)
            return nil
        }
    }

    private mutating func report(_ origin: SettingOrigin, _ path: String, _ message: String) {
        problems.append(ConfigurationProblem(origin, path, message))
    }

    private func found(_ node: Node, _ isConfidential: Bool) -> String {
        switch node {
        case .scalar(let scalar):
            isConfidential ? "a value" : Self.shown(scalar.string)
        case .mapping: "a mapping"
        case .sequence(let sequence): "a list of \(sequence.count)"
        case .alias: "an alias"
        }
    }

    /// Quotes make a text of a number or a truth value, which then is none.
    private func isTextForNumber(_ scalar: Node.Scalar, kind: SettingKind) -> Bool {
        guard scalar.style != .plain, scalar.style != .any else { return false }
        switch kind {
        case .integer, .decimal, .boolean: return true
        default: return false
        }
    }

    private mutating func reportQuoted(
        _ place: SettingOrigin, _ path: String, _ scalar: Node.Scalar, _ setting: Setting,
        _ kind: SettingKind
    ) {
        let shown = setting.isConfidential ? "a value" : Self.shown(scalar.string)
        report(place, path, "found the text \(shown), accepted: \(kind.accepted), without quotes")
    }

    /// What was found, in quotes, short, without anything that a terminal would act upon.
    static func shown(_ text: String) -> String {
        let safe = text.unicodeScalars.prefix(60).map { scalar in
            scalar.properties.generalCategory == .control
                ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "'\(safe.joined())'"
    }

    private static func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }
}

extension SettingSection {
    /// The section of a file that says nothing; every setting must have a default.
    static func defaults(of settings: [Setting]) -> SettingSection {
        var reader = SchemaReader(file: "", environment: [:])
        return reader.document(nil, settings)
    }
}

extension SettingOrigin {
    var line: Int {
        if case .file(_, let line) = self { line } else { 0 }
    }
}

extension SettingKind {
    var isScalar: Bool {
        switch self {
        case .list, .section, .sections, .dependent: false
        default: true
        }
    }
}

extension Setting {
    /// Every path below this setting that holds a value; list positions are `N`.
    func paths(under parent: String) -> [String] {
        let path = parent.isEmpty ? key : parent + "." + key
        switch kind {
        case .section(let settings): return settings.flatMap { $0.paths(under: path) }
        case .sections(let settings, _):
            return settings.flatMap { $0.paths(under: path + "[N]") }
        case .dependent(_, let choices):
            let all = choices.sorted { $0.key < $1.key }.flatMap { $0.value }
            return all.flatMap { $0.paths(under: path) }
        default: return [path]
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
