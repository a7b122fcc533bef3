import Foundation
import FoundationXML

/// A schema file of the Simple Binary Encoding, with the places of fields as the standard derives
/// them from the order of types: what decoders and writers are checked against.
public struct BinarySchema {
    public var id = 0
    public var version = 0
    public var enums: [String: Enumeration] = [:]
    public var messages: [String: Message] = [:]

    public struct Enumeration {
        public var width = 1
        public var values: [Value] = []

        public struct Value {
            public let name: String
            public let number: Int
            /// The venue's word for it in JSON.
            public let word: String?
        }
    }

    public struct Message {
        public let name: String
        public let id: Int
        public var body = Body()
    }

    /// A message's or an entry's fixed fields, then its groups, then its data.
    public struct Body {
        public var length = 0
        public var fields: [Field] = []
        public var groups: [Group] = []
        public var data: [Data] = []
    }

    public struct Field {
        public let name: String
        public let offset: Int
        public let width: Int
        public let isSigned: Bool
        public let isOptional: Bool
        public let sinceVersion: Int
        /// The field whose value is this one's exponent.
        public let exponent: String?
        public let enumeration: String?
        public let jsonPath: String?
        public let jsonDefault: String?
        /// A length of more than one element, as 128-bit numbers have.
        public let isArray: Bool
        /// A number of the machine's floating point.
        public let isFloat: Bool
    }

    public struct Group {
        public let name: String
        /// Bits of the number of entries.
        public let countBits: Int
        public let jsonPath: String?
        public var body = Body()
    }

    public struct Data {
        public let name: String
        public let lengthBits: Int
        public let jsonPath: String?
        public let jsonDefault: String?
        /// Holds a message rather than text.
        public let isMessage: Bool
    }

    /// Reads a schema file; `nil` when it is no such file.
    public init?(contentsOf file: URL) {
        guard let document = try? XMLDocument(contentsOf: file, options: []),
            let root = document.rootElement()
        else { return nil }
        id = Int(root.text("id") ?? "") ?? 0
        version = Int(root.text("version") ?? "") ?? 0
        var reader = Reader()
        reader.readTypes(root)
        enums = reader.enums
        for element in root.elements where element.localName == "message" {
            guard let name = element.text("name"), let id = Int(element.text("id") ?? "") else {
                return nil
            }
            messages[name] = Message(name: name, id: id, body: reader.body(of: element))
        }
    }
}

/// Types by name while a file is read.
private struct Reader {
    struct Scalar {
        var width: Int
        var isSigned: Bool
        var isArray = false
        var isFloat = false
    }

    var scalars: [String: Scalar] = [:]
    var enums: [String: BinarySchema.Enumeration] = [:]
    /// Bits of the length or count that a composite begins or ends with.
    var lengthBits: [String: Int] = [:]

    init() {
        for bits in [8, 16, 32, 64] {
            scalars["int\(bits)"] = Scalar(width: bits / 8, isSigned: true)
            scalars["uint\(bits)"] = Scalar(width: bits / 8, isSigned: false)
        }
        scalars["float"] = Scalar(width: 4, isSigned: false, isFloat: true)
    }

    mutating func readTypes(_ root: XMLElement) {
        for types in root.elements where types.localName == "types" {
            for element in types.elements { readType(element) }
        }
    }

    private mutating func readType(_ element: XMLElement) {
        guard let name = element.text("name") else { return }
        switch element.localName {
        case "type":
            guard var scalar = scalars[element.text("primitiveType") ?? ""] else { return }
            if let length = Int(element.text("length") ?? ""), length > 1 {
                scalar.width *= length
                scalar.isArray = true
            }
            scalars[name] = scalar
        case "composite":
            let members = element.elements
            // Dimensions end with the count of entries, data begins with its length.
            let counted = members.first { $0.text("name") == "numInGroup" } ?? members.first
            let width = scalars[counted?.text("primitiveType") ?? ""]?.width ?? 0
            lengthBits[name] = width * 8
        case "enum", "set":
            let width = scalars[element.text("encodingType") ?? ""]?.width ?? 1
            scalars[name] = Scalar(width: width, isSigned: false)
            enums[name] = BinarySchema.Enumeration(
                width: width,
                values: element.elements.compactMap { value in
                    guard let label = value.text("name"),
                        let number = Int(value.stringValue?.trimmed ?? "")
                    else { return nil }
                    return .init(name: label, number: number, word: value.text("mbx:jsonValue"))
                })
        default: return
        }
    }

    func body(of element: XMLElement) -> BinarySchema.Body {
        var body = BinarySchema.Body()
        for member in element.elements {
            let name = member.text("name") ?? ""
            switch member.localName {
            case "field":
                if member.text("presence") == "constant" { continue }
                let type = member.text("type") ?? ""
                let scalar = scalars[type] ?? Scalar(width: 0, isSigned: false)
                body.fields.append(
                    BinarySchema.Field(
                        name: name, offset: body.length, width: scalar.width,
                        isSigned: scalar.isSigned,
                        isOptional: member.text("presence") == "optional",
                        sinceVersion: Int(member.text("sinceVersion") ?? "") ?? 0,
                        exponent: member.text("mbx:exponent"),
                        enumeration: enums[type] == nil ? nil : type,
                        jsonPath: member.text("mbx:jsonPath"),
                        jsonDefault: member.text("mbx:jsonDefaultValue"),
                        isArray: scalar.isArray, isFloat: scalar.isFloat))
                body.length += scalar.width
            case "group":
                let dimensions = member.text("dimensionType") ?? "groupSizeEncoding"
                body.groups.append(
                    BinarySchema.Group(
                        name: name, countBits: lengthBits[dimensions] ?? 0,
                        jsonPath: member.text("mbx:jsonPath"), body: self.body(of: member)))
            case "data":
                let type = member.text("type") ?? ""
                body.data.append(
                    BinarySchema.Data(
                        name: name, lengthBits: lengthBits[type] ?? 0,
                        jsonPath: member.text("mbx:jsonPath"),
                        jsonDefault: member.text("mbx:jsonDefaultValue"),
                        isMessage: type.lowercased().contains("message")))
            default: continue
            }
        }
        return body
    }
}

extension XMLElement {
    fileprivate var elements: [XMLElement] { (children ?? []).compactMap { $0 as? XMLElement } }
    fileprivate func text(_ name: String) -> String? { attribute(forName: name)?.stringValue }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
