/// A table for fixed-width terminals: aligned columns, a header, no wrapping.
public struct TextTable {
    public enum Alignment: Sendable { case left, right }

    public struct Column: Sendable {
        public let title: String
        public let alignment: Alignment

        public init(_ title: String, _ alignment: Alignment = .right) {
            self.title = title
            self.alignment = alignment
        }
    }

    public let columns: [Column]
    public private(set) var rows: [[String]] = []

    public init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells stay empty, further ones are a programming error.
    public mutating func append(_ cells: [String]) {
        precondition(cells.count <= columns.count, "a row has at most as many cells as columns")
        rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
    }

    /// The lines of the table: header first, two spaces between columns, no trailing spaces.
    public func lines() -> [String] {
        let widths = columns.indices.map { index in
            rows.reduce(columns[index].title.count) { max($0, $1[index].count) }
        }
        return ([columns.map(\.title)] + rows).map { cells in
            var line = ""
            for (index, cell) in cells.enumerated() {
                if index > 0 { line += "  " }
                let gap = String(repeating: " ", count: widths[index] - cell.count)
                line += columns[index].alignment == .left ? cell + gap : gap + cell
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The lines joined, each ended by a newline.
    public var text: String { lines().map { $0 + "\n" }.joined() }
}
