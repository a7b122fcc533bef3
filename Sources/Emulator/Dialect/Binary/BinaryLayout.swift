/// Where a binary message's fields lie and which part of its JSON counterpart fills them.
///
/// The tables are the venue's schema `spot_3_5.xml` in short; a test compares them.
struct BinaryLayout: Equatable, Sendable {
    static let schema: UInt16 = 3
    static let version: UInt16 = 5

    let id: UInt16
    let name: String
    var body = Body()

    /// Fixed fields, then groups, then data: of a message or of a group's entries.
    struct Body: Equatable, Sendable {
        var fields: [Field] = []
        var groups: [Group] = []
        var data: [Data] = []

        /// Bytes of the fixed fields.
        var length: Int { fields.reduce(0) { $0 + $1.width } }
    }

    struct Field: Equatable, Sendable {
        let name: String
        let path: Path
        let width: Int
        let isSigned: Bool
        var isFloat = false
        /// Which table of words the JSON value is taken from.
        var words: String?
        /// The field that holds the exponent; then this one is a decimal's mantissa.
        var exponent: String?
        var isOptional = false
        /// What JSON says where binary messages have a null.
        var nullText: String?
    }

    struct Group: Equatable, Sendable {
        let name: String
        let path: Path
        let countBits: Int
        var body = Body()
    }

    struct Data: Equatable, Sendable {
        let name: String
        let path: Path
        let lengthBits: Int
        /// Holds a whole message.
        let isMessage: Bool
        var nullText: String?
    }

    /// Where in the JSON object, or array, a value is found.
    enum Path: Equatable, Sendable {
        /// Names from the outside to the inside.
        case names([String])
        /// The element of an array at the field's own place.
        case element
        /// The value itself.
        case itself

        init(_ text: String) {
            switch text {
            case "..": self = .itself
            case "[]": self = .element
            default: self = .names(text.split(separator: ".").map(String.init))
            }
        }
    }

    /// Every layout by its message's number.
    static let all: [UInt16: BinaryLayout] = {
        let layouts = [general, market, orders].flatMap(BinaryLayoutText.layouts)
        return Dictionary(uniqueKeysWithValues: layouts.map { ($0.id, $0) })
    }()

    /// The message's number by its name.
    static let ids = Dictionary(uniqueKeysWithValues: all.values.map { ($0.name, $0.id) })

    /// The numbers of the venue's words, by table.
    static let numbers: [String: [(word: String, number: Int64)]] =
        BinaryLayoutText.numbers(words)
}

/// Reads the tables: a line with a message's number and name, then its parts.
///
/// `price@p:s8^priceExponent?-1` is a field: name, path in JSON when it is another, sign and width,
/// its exponent's field, and a `?` when it may be null, with what JSON says then. `side:u1#orderSide`
/// takes its number from a table of words. `fills*32{ … }` is a group whose count has 32 bits,
/// `symbol$8` data behind a length of 8 bits, `result$32!` a message within. `&205` stands for the
/// parts of a message further up.
struct BinaryLayoutText {
    private var tokens: ArraySlice<Substring>
    private let earlier: [BinaryLayout]

    static func layouts(_ text: String) -> [BinaryLayout] {
        var layouts: [BinaryLayout] = []
        for paragraph in paragraphs(text) {
            guard paragraph.count >= 2, let id = UInt16(paragraph[0]) else { continue }
            var reader = BinaryLayoutText(tokens: paragraph[2...], earlier: layouts)
            layouts.append(
                BinaryLayout(id: id, name: String(paragraph[1]), body: reader.body()))
        }
        return layouts
    }

    static func numbers(_ text: String) -> [String: [(word: String, number: Int64)]] {
        var tables: [String: [(word: String, number: Int64)]] = [:]
        for paragraph in paragraphs(text) {
            tables[String(paragraph[0])] = paragraph.dropFirst().compactMap { token in
                let parts = token.split(separator: "=")
                guard parts.count == 2, let number = Int64(parts[1]) else { return nil }
                return (String(parts[0]), number)
            }
        }
        return tables
    }

    /// A line and the indented ones that go on with it, as words.
    private static func paragraphs(_ text: String) -> [[Substring]] {
        var paragraphs: [[Substring]] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix(" "), let last = paragraphs.indices.last {
                paragraphs[last] += words
            } else {
                paragraphs.append(words)
            }
        }
        return paragraphs
    }

    private mutating func body() -> BinaryLayout.Body {
        var body = BinaryLayout.Body()
        while let token = tokens.popFirst(), token != "}" {
            if token.hasPrefix("&") {
                body = earlier.first { "&\($0.id)" == token }?.body ?? body
            } else if token.contains("*") {
                body.groups.append(group(token))
            } else if token.contains("$") {
                body.data.append(data(token))
            } else {
                body.fields.append(field(token))
            }
        }
        return body
    }

    private func field(_ token: Substring) -> BinaryLayout.Field {
        var rest = token
        let nullText = cut(&rest, "?")
        let exponent = cut(&rest, "^")
        let words = cut(&rest, "#")
        let type = cut(&rest, ":") ?? ""
        let (name, path) = namePath(rest)
        return BinaryLayout.Field(
            name: name, path: path, width: Int(type.dropFirst()) ?? 0,
            isSigned: type.hasPrefix("s"), isFloat: type.hasPrefix("f"), words: words,
            exponent: exponent, isOptional: nullText != nil,
            nullText: nullText.flatMap { $0.isEmpty ? nil : $0 })
    }

    private mutating func group(_ token: Substring) -> BinaryLayout.Group {
        var rest = token.dropLast()
        let bits = cut(&rest, "*").flatMap { Int($0) } ?? 0
        let (name, path) = namePath(rest)
        return BinaryLayout.Group(name: name, path: path, countBits: bits, body: body())
    }

    private func data(_ token: Substring) -> BinaryLayout.Data {
        var rest = token
        let nullText = cut(&rest, "?")
        let bits = cut(&rest, "$") ?? ""
        let (name, path) = namePath(rest)
        return BinaryLayout.Data(
            name: name, path: path, lengthBits: Int(bits.filter(\.isNumber)) ?? 0,
            isMessage: bits.hasSuffix("!"), nullText: nullText)
    }

    private func namePath(_ text: Substring) -> (String, BinaryLayout.Path) {
        var rest = text
        let path = cut(&rest, "@")
        return (String(rest), BinaryLayout.Path(path ?? String(rest)))
    }

    /// Cuts `text` at `mark` and answers what was behind it.
    private func cut(_ text: inout Substring, _ mark: Character) -> String? {
        guard let index = text.firstIndex(of: mark) else { return nil }
        defer { text = text[..<index] }
        return String(text[text.index(after: index)...])
    }
}
