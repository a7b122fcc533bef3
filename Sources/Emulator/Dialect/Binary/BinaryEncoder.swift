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
            text.wide(number(field, found) ?? field.missing, width: field.width)
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
    private static func number(_ field: BinaryLayout.Field, _ value: JSONValue?) -> Int128? {
        if field.name.hasSuffix("xponent") { return Int128(exponent) }
        switch value {
        case .boolean(let flag): return flag ? 1 : 0
        case .array(let words):
            return field.words.map { Int128(bits(words, of: $0, width: field.width)) }
        case .number(let digits), .string(let digits):
            if let table = field.words {
                return BinaryLayout.number(of: digits, in: table).map { Int128($0) } ?? 254
            }
            let number = number(field, digits)
            return number == field.nullText.flatMap { self.number(field, $0) } ? nil : number
        default: return nil
        }
    }

    /// What the digits say in the field's own form.
    private static func number(_ field: BinaryLayout.Field, _ digits: String) -> Int128? {
        if field.isFloat { return Float(digits).map { Int128($0.bitPattern) } }
        let number = field.exponent == nil ? Int128(digits) : mantissa(digits)
        guard let number, field.width > 8 || Int64(exactly: number) != nil else { return nil }
        return number
    }

    /// A decimal in units of ``exponent``; `nil` when it has more digits than that.
    private static func mantissa(_ digits: String) -> Int128? {
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        let missing = Int(-exponent) - fraction.utf8.count
        guard missing >= 0 else { return nil }
        return Int128(parts[0] + fraction + String(repeating: "0", count: missing))
    }

    /// A bit for every word; the highest, "not representable", for those the schema does not have.
    private static func bits(_ words: [JSONValue], of table: String, width: Int) -> Int64 {
        words.reduce(0) { set, word in
            let number = BinaryLayout.number(of: word.string ?? "", in: table)
            return set | 1 << (number ?? Int64(8 * width - 1))
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
    /// The number of a word; `nil` for one that the schema does not have.
    fileprivate static func number(of word: String, in table: String) -> Int64? {
        numbers[table]?.first { $0.word == word }?.number
    }
}

extension BinaryLayout.Field {
    /// What is written where JSON has nothing: null; or, where there is none, the first word or 0.
    fileprivate var missing: Int128 {
        if isFloat { return Int128(Float.nan.bitPattern) }
        if isOptional { return isSigned ? Int128.min >> Int128(128 - 8 * width) : -1 }
        return Int128(words.flatMap { BinaryLayout.numbers[$0]?.first?.number } ?? 0)
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

    /// The low bytes of a number, the lowest first; up to eight.
    @inline(__always)
    mutating func little(_ value: Int64, width: Int) {
        word(UInt64(bitPattern: value).littleEndian, count: width)
    }

    /// As ``little(_:width:)`` for up to 16 bytes.
    mutating func wide(_ value: Int128, width: Int) {
        little(Int64(truncatingIfNeeded: value), width: min(width, 8))
        if width > 8 { little(Int64(truncatingIfNeeded: value >> 64), width: width - 8) }
    }

    /// A length, and what `write` adds behind it; cut to what the length can say.
    mutating func counted(width: Int, _ write: (inout TextBuffer) -> Void) {
        let place = count
        little(0, width: width)
        let start = count
        write(&self)
        let most = 1 << (8 * min(width, 4)) - 1
        if count - start > most { truncate(to: start + most) }
        for index in 0..<width {
            self[place + index] = UInt8(truncatingIfNeeded: (count - start) >> (8 * index))
        }
    }
}
