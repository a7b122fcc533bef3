/// What `apus check` found, in sections of lines; problems keep the engine from running.
struct CheckReport {
    enum Weight: Sendable { case fine, note, problem }

    struct Line: Sendable {
        var weight: Weight
        var text: String
    }

    struct Section: Sendable {
        let title: String
        private(set) var lines: [Line] = []

        init(_ title: String) { self.title = title }

        mutating func fine(_ text: String) { lines.append(Line(weight: .fine, text: text)) }

        /// Works, though less well than it could; the text says what follows.
        mutating func note(_ text: String) { lines.append(Line(weight: .note, text: text)) }

        mutating func problem(_ text: String) {
            lines.append(Line(weight: .problem, text: text))
        }
    }

    var sections: [Section] = []

    var problemCount: Int {
        sections.flatMap(\.lines).count { $0.weight == .problem }
    }

    /// A title in front of each section's first line; `!` marks notes, `PROBLEM` problems.
    var text: String {
        var text = ""
        for section in sections {
            for (index, line) in section.lines.enumerated() {
                let title = index == 0 ? section.title : ""
                let margin = title + String(repeating: " ", count: max(1, 15 - title.count))
                text += margin + Self.mark(line.weight) + line.text + "\n"
            }
        }
        return text
    }

    private static func mark(_ weight: Weight) -> String {
        switch weight {
        case .fine: "  "
        case .note: "! "
        case .problem: "PROBLEM "
        }
    }
}
