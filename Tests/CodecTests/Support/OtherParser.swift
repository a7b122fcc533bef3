import Foundation

/// Foundation's JSON parser as an oracle.
enum OtherParser {
    /// The parsed text; `nil` when it is refused. Foundation refuses numbers that no `Double`
    /// holds, which is not the grammar's business: such exponents are made small first.
    static func object(_ text: [UInt8]) -> Any? {
        if let object = parse(Data(text)) { return object }
        let tamed = String(decoding: text, as: UTF8.self).replacingOccurrences(
            of: "([0-9])[eE][+-]?[0-9]+", with: "$1e1", options: .regularExpression)
        return parse(Data(tamed.utf8))
    }

    private static func parse(_ data: Data) -> Any? {
        try? JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])
    }
}
