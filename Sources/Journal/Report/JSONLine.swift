/// Builds one JSON object as text, keys in the order they are added.
struct JSONLine {
    private(set) var text = "{"

    mutating func raw(_ key: String, _ value: String) {
        if text.utf8.count > 1 { text += "," }
        text += "\"" + key + "\":" + value
    }

    mutating func number(_ key: String, _ value: some BinaryInteger) { raw(key, "\(value)") }

    mutating func flag(_ key: String, _ value: Bool) { raw(key, value ? "true" : "false") }

    mutating func string(_ key: String, _ value: String) { raw(key, Self.quoted(value)) }

    /// The finished object, without a line end.
    var closed: String { text + "}" }

    static func quoted(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }

    static func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
        var text = ""
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }
}
