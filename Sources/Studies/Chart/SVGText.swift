/// A picture as SVG, element by element. Coordinates are in pixels, written to a tenth.
struct SVGText {
    private(set) var text = ""

    enum Anchor: String { case start, middle, end }

    /// The whole file, `content` inside.
    static func document(width: Double, height: Double, title: String, content: SVGText) -> String {
        let (w, h) = (tenths(width), tenths(height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(w)" height="\(h)" \
            viewBox="0 0 \(w) \(h)" font-family="Helvetica, Arial, sans-serif" font-size="11">
            <title>\(escaped(title))</title>
            \(content.text)</svg>

            """
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ attributes: String
    ) {
        text += "<rect x=\"\(Self.tenths(x))\" y=\"\(Self.tenths(y))\" "
        text += "width=\"\(Self.tenths(width))\" height=\"\(Self.tenths(height))\" \(attributes)/>\n"
    }

    mutating func path(_ path: SVGPath, _ attributes: String) {
        if !path.text.isEmpty { text += "<path d=\"\(path.text)\" \(attributes)/>\n" }
    }

    mutating func label(
        _ words: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, fill: String,
        isBold: Bool = false
    ) {
        label([(words, fill)], x, y, anchor, isBold: isBold)
    }

    /// Words one after the other, each in its colour.
    mutating func label(
        _ words: [(text: String, fill: String)], _ x: Double, _ y: Double, _ anchor: Anchor = .start,
        isBold: Bool = false
    ) {
        text += "<text x=\"\(Self.tenths(x))\" y=\"\(Self.tenths(y))\""
        if anchor != .start { text += " text-anchor=\"\(anchor.rawValue)\"" }
        if isBold { text += " font-weight=\"bold\"" }
        text += ">"
        for (place, word) in words.enumerated() {
            let gap = place > 0 ? " dx=\"7\"" : ""
            text += "<tspan fill=\"\(word.fill)\"\(gap)>\(Self.escaped(word.text))</tspan>"
        }
        text += "</text>\n"
    }

    mutating func clip(_ name: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        text += "<clipPath id=\"\(name)\">"
        rectangle(x, y, width, height, "")
        text += "</clipPath>\n"
    }

    mutating func group(_ attributes: String, _ content: SVGText) {
        if !content.text.isEmpty { text += "<g \(attributes)>\n\(content.text)</g>\n" }
    }

    static func tenths(_ number: Double) -> String {
        let units = Int((number * 10).rounded())
        if units % 10 == 0 { return "\(units / 10)" }
        return (units < 0 ? "-" : "") + "\(units.magnitude / 10).\(units.magnitude % 10)"
    }

    /// Such as an opacity.
    static func hundredths(_ number: Double) -> String {
        let units = Int((number * 100).rounded())
        return "0." + (units < 10 ? "0" : "") + "\(min(max(units, 0), 99))"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }
}

/// The data of a path: lines and rectangles.
struct SVGPath {
    private(set) var text = ""
    private var isDrawing = false

    /// Goes on from the point before, or starts there after a gap.
    mutating func point(_ x: Double, _ y: Double) {
        text += (isDrawing ? "L" : "M") + SVGText.tenths(x) + " " + SVGText.tenths(y)
        isDrawing = true
    }

    mutating func gap() { isDrawing = false }

    mutating func vertical(_ x: Double, from start: Double, to end: Double) {
        text += "M\(SVGText.tenths(x)) \(SVGText.tenths(start))V\(SVGText.tenths(end))"
        isDrawing = false
    }

    mutating func horizontal(_ y: Double, from start: Double, to end: Double) {
        text += "M\(SVGText.tenths(start)) \(SVGText.tenths(y))H\(SVGText.tenths(end))"
        isDrawing = false
    }

    mutating func box(_ left: Double, _ top: Double, _ right: Double, _ bottom: Double) {
        text += "M\(SVGText.tenths(left)) \(SVGText.tenths(top))H\(SVGText.tenths(right))"
        text += "V\(SVGText.tenths(bottom))H\(SVGText.tenths(left))Z"
        isDrawing = false
    }

    mutating func close() {
        text += "Z"
        isDrawing = false
    }
}
