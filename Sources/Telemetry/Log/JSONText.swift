/// JSON text written by hand: one pass, no intermediate objects.
enum JSONText {
    /// Appends `text` as a JSON string. Control characters, quotes and U+2028/2029 are escaped.
    static func append(_ text: String, to line: inout String) {
        line.append("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line.append("\\\"")
            case "\\": line.append("\\\\")
            case "\n": line.append("\\n")
            case "\r": line.append("\\r")
            case "\t": line.append("\\t")
            case _ where scalar.value < 0x20 || scalar.value == 0x7F,
                "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                line.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: line.unicodeScalars.append(scalar)
            }
        }
        line.append("\"")
    }
}
