/// What `apus check` found, in sections of lines; problems keep the engine from running.
public struct CheckReport: Sendable, Encodable {
    public enum Weight: String, Sendable, Encodable {
        case fine, note, problem
        /// A problem that lies elsewhere: nothing answered.
        case unreachable
    }

    public struct Line: Sendable, Encodable {
        public let weight: Weight
        public let text: String
    }

    public struct Section: Sendable, Encodable {
        public let title: String
        public private(set) var lines: [Line] = []

        public init(_ title: String) { self.title = title }

        public mutating func fine(_ text: String) { lines.append(Line(weight: .fine, text: text)) }

        /// Works, though less well than it could; the text says what follows.
        public mutating func note(_ text: String) { lines.append(Line(weight: .note, text: text)) }

        public mutating func problem(_ text: String) {
            lines.append(Line(weight: .problem, text: text))
        }

        /// What kept the venue's part from being asked, by its kind.
        mutating func problem(_ failure: StartFailure) {
            guard case .unreachable = failure else { return problem("\(failure)") }
            lines.append(Line(weight: .unreachable, text: "\(failure)"))
        }
    }

    public let sections: [Section]

    public init(sections: [Section]) { self.sections = sections }

    public var problemCount: Int { count(of: .problem) + unreachableCount }

    /// Of the problems, those that only say that nothing answered.
    public var unreachableCount: Int { count(of: .unreachable) }

    private func count(of weight: Weight) -> Int {
        sections.flatMap(\.lines).count { $0.weight == weight }
    }

    /// A title in front of each section's first line; `!` marks notes, `PROBLEM` problems.
    public var text: String {
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
        case .problem, .unreachable: "PROBLEM "
        }
    }
}
