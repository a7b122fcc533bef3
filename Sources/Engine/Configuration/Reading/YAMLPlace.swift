/// Where a key stands in the block structure of a YAML text, found by indentation alone: for texts
/// that the parser refuses.
enum YAMLPlace {
    /// A line that begins with a key, and with `- ` before it in a list's element.
    private struct Line {
        var key: String
        /// Columns of the key and of the dash before it.
        var column: Int
        var dash: Int?

        init?(_ text: Substring) {
            column = text.prefix { $0 == " " }.count
            var rest = text.dropFirst(column)
            while rest.hasPrefix("- ") {
                dash = dash ?? column
                let skipped = 1 + rest.dropFirst().prefix { $0 == " " }.count
                column += skipped
                rest = rest.dropFirst(skipped)
            }
            guard !rest.hasPrefix("#"), let colon = rest.firstIndex(of: ":") else { return nil }
            key = String(rest[..<colon])
        }
    }

    /// The dotted path, list positions included, of the key on a line (from 1); `nil` when there is
    /// no such line or it begins with no key.
    static func path(ofKeyOn number: Int, in text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(number - 1), var inner = Line(lines[number - 1]) else {
            return nil
        }
        var path = inner.key
        var position: Int?
        if inner.dash != nil { position = 0 }
        for text in lines[..<(number - 1)].reversed() {
            guard let line = Line(text) else { continue }
            if let found = position, let dash = inner.dash {
                // Looking for the key whose list this is; other elements only count.
                if line.dash == dash {
                    position = found + 1
                } else if line.dash == nil && line.column <= dash || line.column < dash {
                    path = "\(line.key)[\(found)].\(path)"
                    inner = line
                    position = line.dash == nil ? nil : 0
                }
            } else if let dash = line.dash, line.column == inner.column {
                // The first key of our own element.
                inner.dash = dash
                position = 0
            } else if line.column < inner.column {
                path = "\(line.key).\(path)"
                inner = line
                position = line.dash == nil ? nil : 0
            }
        }
        return path
    }
}
