import BinarySchema
import Foundation

@testable import Emulator

/// Reads binary messages as the venue's schema file lays them out, and compares every value with
/// the JSON that says the same. It knows nothing of the exchange's own tables.
struct SchemaComparison {
    private let schema: BinarySchema
    private let messages: [Int: BinarySchema.Message]
    /// Values that were found on both sides.
    private(set) var compared = 0
    private(set) var differences: [String] = []

    init(_ schema: BinarySchema) {
        self.schema = schema
        messages = Dictionary(uniqueKeysWithValues: schema.messages.values.map { ($0.id, $0) })
    }

    /// Compares a whole message, to its last byte; the number of its template.
    @discardableResult
    mutating func compare(_ bytes: [UInt8], with json: JSONValue) -> Int {
        var reader = Reader(bytes: bytes)
        let length = Int(reader.number(2))
        let id = Int(reader.number(2))
        let schemaNumbers = [Int(reader.number(2)), Int(reader.number(2))]
        guard let message = messages[id], schemaNumbers == [schema.id, schema.version] else {
            differences.append("template \(id) of schema \(schemaNumbers)")
            return id
        }
        compare(message.body, length, &reader, json, [:], message.name)
        if reader.index != bytes.count {
            differences.append("\(message.name) ends at \(reader.index) of \(bytes.count)")
        }
        return id
    }

    private mutating func compare(
        _ body: BinarySchema.Body, _ length: Int, _ reader: inout Reader, _ json: JSONValue,
        _ outerExponents: [String: Int], _ place: String
    ) {
        let start = reader.index
        var exponents = outerExponents
        for (index, field) in body.fields.enumerated() {
            reader.index = start + field.offset
            let number = reader.number(field.width, isSigned: field.isSigned || field.isArray)
            if field.name.lowercased().hasSuffix("exponent") {
                exponents[field.name] = Int(number)
                continue
            }
            let found = Self.find(field.jsonPath ?? field.name, in: json, index)
            let exponent = field.exponent.flatMap { exponents[$0] }
            if let wrong = difference(field, number, exponent, found) {
                differences.append("\(place).\(field.name): \(number) is not \(wrong)")
            } else if found != nil {
                compared += 1
            }
        }
        reader.index = start + length
        for group in body.groups { compare(group, &reader, json, exponents, place) }
        for data in body.data {
            let count = Int(reader.number(data.lengthBits / 8))
            let bytes = reader.take(count)
            let found = Self.find(data.jsonPath ?? data.name, in: json, 0)
            if data.isMessage {
                let inner = data.name == "result" ? json["result"] ?? json["error"] : found
                if count > 0 || inner != nil { compare(bytes, with: inner ?? .null) }
            } else if String(decoding: bytes, as: UTF8.self) != found?.signedText ?? "" {
                differences.append("\(place).\(data.name): \(bytes) is not \(found as Any)")
            } else {
                compared += 1
            }
        }
    }

    private mutating func compare(
        _ group: BinarySchema.Group, _ reader: inout Reader, _ json: JSONValue,
        _ exponents: [String: Int], _ place: String
    ) {
        let length = Int(reader.number(2))
        let count = Int(reader.number(group.countBits / 8))
        let rows = Self.find(group.jsonPath ?? group.name, in: json, 0)?.elements ?? []
        if rows.count != count {
            differences.append("\(place).\(group.name): \(count) is not \(rows.count)")
        }
        for index in 0..<min(count, 100_000) {
            compare(
                group.body, length, &reader, index < rows.count ? rows[index] : .null,
                exponents, "\(place).\(group.name)[\(index)]")
        }
    }

    /// What JSON says when that is something else; `nil` when both say the same.
    private func difference(
        _ field: BinarySchema.Field, _ number: Int128, _ exponent: Int?, _ json: JSONValue?
    ) -> String? {
        var isNull = field.isOptional && number == Self.null(field)
        if field.isFloat { isNull = Float(bitPattern: UInt32(number)).isNaN }
        let isRight: Bool
        switch json {
        case nil, .null?: isRight = isNull || !field.isOptional
        case .boolean(let flag)?: isRight = number == (flag ? 1 : 0)
        case .array(let words)?:
            let bits = words.map { bit($0.signedText, of: field) }
            isRight = number == bits.reduce(0) { $0 | 1 << $1 }
        case .number(let text)?, .string(let text)?:
            if isNull {
                isRight = field.jsonDefault.map { Double($0) == Double(text) } ?? false
            } else if field.enumeration != nil, field.enumeration != "boolEnum" {
                isRight = number == bit(text, of: field)
            } else if field.isFloat {
                isRight = Float(bitPattern: UInt32(number)) == Float(text)
            } else if let exponent {
                isRight = Decimal(string: "\(number)e\(exponent)") == Decimal(string: text)
            } else {
                isRight = "\(number)" == text
            }
        case .object?: isRight = false
        }
        return isRight ? nil : "\(json as Any)"
    }

    private func bit(_ word: String, of field: BinarySchema.Field) -> Int128 {
        let values = field.enumeration.flatMap { schema.enums[$0] }?.values ?? []
        return values.first { $0.word == word }.map { Int128($0.number) } ?? -1
    }

    private static func null(_ field: BinarySchema.Field) -> Int128 {
        let bits = Int128(8 * field.width)
        return field.isSigned ? -1 << (bits - 1) : 1 << bits - 1
    }

    private static func find(_ path: String, in json: JSONValue, _ index: Int) -> JSONValue? {
        switch path {
        case "..": return json
        case "[]": return index < json.elements.count ? json.elements[index] : nil
        default:
            var found: JSONValue? = json
            for name in path.split(separator: ".") { found = found?[String(name)] }
            return found
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        mutating func number(_ width: Int, isSigned: Bool = false) -> Int128 {
            let part = take(width)
            let value = part.reversed().reduce(Int128(0)) { $0 << 8 | Int128($1) }
            let bits = Int128(8 * width)
            guard isSigned, width < 16, part.last ?? 0 >= 0x80 else { return value }
            return value - 1 << bits
        }

        /// The next bytes; fewer where there are no more.
        mutating func take(_ count: Int) -> [UInt8] {
            let end = min(index + count, bytes.count)
            defer { index += count }
            return index < end ? Array(bytes[index..<end]) : []
        }
    }
}
