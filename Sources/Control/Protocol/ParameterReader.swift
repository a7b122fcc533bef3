import Telemetry

/// Reads the parameters of one call strictly: every error names the parameter and what is
/// accepted, and a parameter nobody asked for is refused.
struct ParameterReader {
    private let members: [String: JSONValue]
    private var asked: [String] = []

    /// By name; a positional list is accepted only when it is empty.
    init(_ parameters: JSONValue?) throws(RemoteError) {
        switch parameters {
        case nil, .array([]): members = [:]
        case .object(let given): members = given
        default:
            throw RemoteError(
                code: -32602, message: "parameters are given by name, in an object")
        }
    }

    /// To be called last.
    func finish() throws(RemoteError) {
        guard let extra = members.keys.sorted().first(where: { !asked.contains($0) }) else {
            return
        }
        let accepted = asked.isEmpty ? "none" : asked.joined(separator: ", ")
        throw .invalidParameter(extra, "unknown; accepted: \(accepted)")
    }

    mutating func boolean(_ name: String, default fallback: Bool) throws(RemoteError) -> Bool {
        switch take(name) {
        case nil: return fallback
        case .bool(let value)?: return value
        case let other?:
            throw .invalidParameter(name, "found \(other.kind), accepted: true, false")
        }
    }

    mutating func integer(
        _ name: String, in range: ClosedRange<Int64>, default fallback: Int64
    ) throws(RemoteError) -> Int64 {
        try optionalInteger(name, in: range) ?? fallback
    }

    mutating func requiredInteger(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(RemoteError) -> Int64 {
        if let number = try optionalInteger(name, in: range) { return number }
        throw .invalidParameter(name, "missing, accepted: an integer \(range)")
    }

    private mutating func optionalInteger(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(RemoteError) -> Int64? {
        guard let value = take(name) else { return nil }
        guard case .integer(let number) = value else {
            throw .invalidParameter(name, "found \(value.kind), accepted: an integer \(range)")
        }
        guard range.contains(number) else {
            throw .invalidParameter(name, "\(number) is outside \(range)")
        }
        return number
    }

    /// Text of at most `maximum` bytes without control characters.
    mutating func text(_ name: String, atMost maximum: Int) throws(RemoteError) -> String? {
        guard let value = take(name) else { return nil }
        guard case .string(let text) = value else {
            throw .invalidParameter(name, "found \(value.kind), accepted: a string")
        }
        guard text.utf8.count <= maximum, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .invalidParameter(
                name, "accepted: at most \(maximum) bytes without control characters")
        }
        return text
    }

    /// One of `accepted`, or `nil` when absent.
    mutating func choice(
        _ name: String, of accepted: [String]
    ) throws(RemoteError) -> String? {
        guard let value = take(name) else { return nil }
        let list = accepted.isEmpty ? "nothing" : accepted.joined(separator: ", ")
        guard case .string(let text) = value else {
            throw .invalidParameter(name, "found \(value.kind), accepted: \(list)")
        }
        guard accepted.contains(text) else {
            throw .invalidParameter(name, "'\(text)' is unknown, accepted: \(list)")
        }
        return text
    }

    mutating func requiredChoice(
        _ name: String, of accepted: [String]
    ) throws(RemoteError) -> String {
        guard let text = try choice(name, of: accepted) else {
            throw .invalidParameter(name, "missing, accepted: \(accepted.joined(separator: ", "))")
        }
        return text
    }

    /// A number within the description's range, as a string or a JSON integer.
    mutating func value(
        _ name: String, _ description: ValueDescription
    ) throws(RemoteError) -> ExactDecimal {
        guard let value = take(name) else {
            throw .invalidParameter(name, "missing, accepted: \(description.accepted)")
        }
        return try Self.number(value, name: name, description)
    }

    /// An object of numbers, or `nil` when absent.
    mutating func object(_ name: String) throws(RemoteError) -> [String: JSONValue]? {
        guard let value = take(name) else { return nil }
        guard case .object(let members) = value, !members.isEmpty else {
            throw .invalidParameter(name, "accepted: an object that is not empty")
        }
        return members
    }

    static func number(
        _ value: JSONValue, name: String, _ description: ValueDescription
    ) throws(RemoteError) -> ExactDecimal {
        let found: ExactDecimal?
        switch value {
        case .string("off") where description.canBeOff: return .zero
        case .integer(let whole): found = ExactDecimal(whole)
        case .string(let text): found = description.parse(text)
        case .fraction:
            throw .invalidParameter(
                name, "a fraction is written as a string, \"0.5\", to stay exact")
        default: found = nil
        }
        guard let found else {
            throw .invalidParameter(
                name, "found \(value.text), accepted: \(description.accepted)")
        }
        guard found.raw(atScale: description.decimals) != nil else {
            throw .invalidParameter(
                name, "\(found) has more than \(description.decimals) digits after the point")
        }
        guard !(found < description.minimum), !(description.maximum < found) else {
            throw .invalidParameter(name, "\(found) is outside \(description.accepted)")
        }
        return found
    }

    private mutating func take(_ name: String) -> JSONValue? {
        asked.append(name)
        let value = members[name]
        return value == .null ? nil : value
    }
}

extension ValueDescription {
    /// `0...100000 USDT`, as messages show it.
    public var accepted: String {
        (canBeOff ? "off, " : "") + "\(minimum)...\(maximum)" + (unit.isEmpty ? "" : " " + unit)
    }

    /// A number, with or without the unit behind it.
    public func parse(_ text: String) -> ExactDecimal? {
        var digits = Substring(text)
        if !unit.isEmpty, digits.hasSuffix(unit) {
            digits = digits.dropLast(unit.count)
            while digits.last == " " { digits.removeLast() }
        }
        return ExactDecimal(digits)
    }
}
