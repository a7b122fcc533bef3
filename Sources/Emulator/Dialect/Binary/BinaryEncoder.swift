import MarketModel

/// Writes the binary counterpart of a JSON value: the same answer or event in the other encoding.
struct BinaryEncoder {
    /// Decimals have eight digits after the point, as in JSON.
    static let exponent: Int64 = -8

    /// The message within a data field, by the field's name and its JSON value.
    typealias Nested = (String, JSONValue?) -> (id: UInt16, value: JSONValue)?

    /// Writes message `id` with its header. Everything in `value` that the layout does not name is
    /// left out.
    static func write(
        _ id: UInt16, _ value: JSONValue, to text: inout TextBuffer, nested: Nested = { _, _ in nil }
    ) {
        guard let layout = BinaryLayout.all[id] else { return }
        text.header(
            length: layout.body.length, id: id, schema: BinaryLayout.schema,
            version: BinaryLayout.version)
        write(layout.body, value, to: &text, nested)
    }

    private static func write(
        _ body: BinaryLayout.Body, _ value: JSONValue, to text: inout TextBuffer,
        _ nested: Nested
    ) {
        for (index, field) in body.fields.enumerated() {
            let found = find(field.path, in: value, index: index)
            text.little(number(field, found) ?? field.missing, width: field.width)
        }
        for group in body.groups {
            let entries: [JSONValue]
            switch find(group.path, in: value, index: 0) {
            case .array(let values)?: entries = values
            case .object(let members)?: entries = [.object(members)]
            default: entries = []
            }
            text.little(Int64(group.body.length), width: 2)
            text.little(Int64(entries.count), width: group.countBits / 8)
            for entry in entries { write(group.body, entry, to: &text, nested) }
        }
        for data in body.data {
            let found = find(data.path, in: value, index: 0)
            text.counted(width: data.lengthBits / 8) { text in
                if data.isMessage {
                    if let inner = nested(data.name, found) {
                        write(inner.id, inner.value, to: &text, nested: nested)
                    }
                } else {
                    text.raw(words(data, found))
                }
            }
        }
    }

    private static func find(
        _ path: BinaryLayout.Path, in value: JSONValue, index: Int
    ) -> JSONValue? {
        switch path {
        case .itself: return value
        case .element:
            guard case .array(let elements) = value, index < elements.count else { return nil }
            return elements[index]
        case .names(let names):
            var found: JSONValue? = value
            for name in names { found = found?[name] }
            return found
        }
    }

    /// The field's number; `nil` for null.
    private static func number(_ field: BinaryLayout.Field, _ value: JSONValue?) -> Int64? {
        if field.name.hasSuffix("xponent") { return exponent }
        switch value {
        case .boolean(let flag): return flag ? 1 : 0
        case .number(let digits), .string(let digits):
            if digits == field.nullText { return nil }
            if let table = field.words { return BinaryLayout.number(of: digits, in: table) }
            if field.exponent != nil { return try? parseDecimal(digits, scale: 8) }
            return Int64(digits)
        default: return nil
        }
    }

    private static func words(_ data: BinaryLayout.Data, _ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text == data.nullText ? "" : text
        case .number(let digits): digits
        default: ""
        }
    }
}

extension BinaryLayout {
    /// The number of a word; 254, "not representable", for one that the schema does not have.
    fileprivate static func number(of word: String, in table: String) -> Int64 {
        numbers[table]?.first { $0.word == word }?.number ?? 254
    }
}

extension BinaryLayout.Field {
    /// What is written where JSON has nothing: null; or, where there is none, the first word or 0.
    fileprivate var missing: Int64 {
        if isOptional { return isSigned ? Int64.min >> Int64(64 - 8 * width) : -1 }
        return words.flatMap { BinaryLayout.numbers[$0]?.first?.number } ?? 0
    }
}

extension TextBuffer {
    /// The header that every binary message begins with.
    mutating func header(length: Int, id: UInt16, schema: UInt16, version: UInt16) {
        little(Int64(length), width: 2)
        little(Int64(id), width: 2)
        little(Int64(schema), width: 2)
        little(Int64(version), width: 2)
    }

    /// The low bytes of a number, the lowest first.
    mutating func little(_ value: Int64, width: Int) {
        for index in 0..<width { byte(UInt8(truncatingIfNeeded: value >> (8 * Int64(index)))) }
    }

    /// A length, and what `write` adds behind it; cut to what the length can say.
    mutating func counted(width: Int, _ write: (inout TextBuffer) -> Void) {
        var inner = TextBuffer()
        write(&inner)
        let most = 1 << (8 * min(width, 4)) - 1
        if inner.count > most { inner.truncate(to: most) }
        little(Int64(inner.count), width: width)
        raw(inner.bytes)
    }
}
