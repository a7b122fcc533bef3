/// How a piece of the panel is to stand out; plain terminals ignore it.
enum TextStyle: Sendable {
    case plain, dim, bold, title, good, warning, bad

    /// The parameters of the ANSI "select graphic rendition" sequence; `nil` for plain text.
    var code: String? {
        switch self {
        case .plain: nil
        case .dim: "2"
        case .bold: "1"
        case .title: "36"
        case .good: "32"
        case .warning: "33"
        case .bad: "1;31"
        }
    }
}

/// One line of the panel as pieces with styles; its width is that of its characters.
struct StyledLine: Sendable, Equatable {
    struct Piece: Sendable, Equatable {
        var text: String
        var style: TextStyle
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

    mutating func append(_ text: String, _ style: TextStyle = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }

    var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

    /// The line cut to `width`, an ellipsis in place of the last character when something is lost.
    func clipped(to width: Int) -> StyledLine {
        guard self.width > width else { return self }
        var left = max(0, width - 1)
        var line = StyledLine()
        for piece in pieces where left > 0 {
            let text = String(piece.text.prefix(left))
            line.append(text, piece.style)
            left -= text.count
        }
        if width > 0 { line.append("…", .dim) }
        return line
    }

    var plain: String { pieces.map(\.text).joined() }

    /// With ANSI sequences, every style ended where it was begun.
    var ansi: String {
        pieces.map { piece in
            guard let code = piece.style.code else { return piece.text }
            return "\u{1B}[\(code)m\(piece.text)\u{1B}[0m"
        }.joined()
    }
}
