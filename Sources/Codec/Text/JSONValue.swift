/// What kind of value a piece of JSON is.
public enum JSONKind: UInt8, BitwiseCopyable, Sendable {
    /// No value: the key was not there.
    case absent = 0
    case object = 1
    case array = 2
    case string = 3
    case number = 4
    case `true` = 5
    case `false` = 6
    case null = 7
}

/// One JSON value where it lies: a view into the message, valid as long as the message.
///
/// Only ``JSONScanner`` makes values, after checking their syntax; so reading one cannot fail on
/// JSON grammar, only on type and range. For a string the bytes are those between the quotes.
public struct JSONValue: BitwiseCopyable, @unchecked Sendable {
    let start: UnsafePointer<UInt8>?
    /// Bytes of the value.
    public let count: Int
    public let kind: JSONKind
    /// For a string: whether it holds backslash escapes.
    public let hasEscapes: Bool

    @_noLocks @inline(__always)
    init(_ kind: JSONKind, _ start: UnsafePointer<UInt8>?, count: Int, hasEscapes: Bool = false) {
        self.start = start
        self.count = count
        self.kind = kind
        self.hasEscapes = hasEscapes
    }

    /// The value of a key that was not there.
    @inline(__always)
    public static var absent: JSONValue { @_noLocks get { JSONValue(.absent, nil, count: 0) } }

    /// Whether the key was not there.
    @inline(__always)
    public var isAbsent: Bool { @_noLocks get { kind == .absent } }

    /// Whether there is a value and it is not `null`.
    @inline(__always)
    public var isPresent: Bool { @_noLocks get { kind != .absent && kind != .null } }

    /// A whole number within 64 bits; `missingKey` when absent.
    @_noLocks
    public func integer() throws(DecodeFailure) -> Int64 {
        let bytes = try bytes(.number)
        let isNegative = bytes[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        var value: Int64 = 0
        while index < count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            if digit > 9 { throw .invalidNumber }
            let (scaled, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            // Counted downwards for a negative number, so that Int64.min is reached.
            let (next, isCarried) =
                isNegative
                ? scaled.subtractingReportingOverflow(Int64(digit))
                : scaled.addingReportingOverflow(Int64(digit))
            if isTooLarge || isCarried { throw .overflow }
            value = next
            index &+= 1
        }
        return value
    }

    /// A whole number of 0 or more within 64 bits.
    @_noLocks
    public func count64() throws(DecodeFailure) -> Int64 {
        let value = try integer()
        if value < 0 { throw .invalidNumber }
        return value
    }

    /// A decimal, as a string (the venues' form) or a plain number, in units of 10^-`scale`.
    @_noLocks
    public func decimal(scale: Int) throws(DecodeFailure) -> Int64 {
        let bytes = try bytes(kind == .number ? .number : .string)
        return try DecimalText.read(bytes, count: count, scale: scale)
    }

    /// A decimal of 0 or more in units of 10^-`scale`.
    @_noLocks
    public func magnitude(scale: Int) throws(DecodeFailure) -> Int64 {
        let value = try decimal(scale: scale)
        if value < 0 { throw .invalidNumber }
        return value
    }

    /// A decimal in units of 10^-`scale` as 128 bits.
    @_noLocks
    public func wideDecimal(scale: Int) throws(DecodeFailure) -> Int128 {
        let bytes = try bytes(kind == .number ? .number : .string)
        return try DecimalText.readWide(bytes, count: count, scale: scale)
    }

    /// `true` or `false`; `missingKey` when absent.
    @_noLocks
    public func boolean() throws(DecodeFailure) -> Bool {
        switch kind {
        case .true: return true
        case .false: return false
        case .absent: throw .missingKey
        default: throw .wrongType
        }
    }

    /// Whether this is a string with exactly these characters, escapes resolved.
    @_noLocks
    public func equals(_ literal: StaticString) -> Bool {
        guard kind == .string, let start else { return false }
        let expected = literal.utf8Start
        let length = literal.utf8CodeUnitCount
        if !hasEscapes {
            guard count == length else { return false }
            var index = 0
            while index < length {
                if start[index] != expected[index] { return false }
                index &+= 1
            }
            return true
        }
        var reader = EscapeReader(start, count)
        var index = 0
        while let byte = reader.next() {
            if index == length || byte != expected[index] { return false }
            index &+= 1
        }
        return index == length
    }

    /// Copies a string with its escapes resolved; -1 when it is no string or longer than
    /// `capacity`.
    @_noLocks
    public func copyText(to target: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
        guard kind == .string, let start else { return -1 }
        var reader = EscapeReader(start, count)
        var length = 0
        while let byte = reader.next() {
            if length == capacity { return -1 }
            target[length] = byte
            length &+= 1
        }
        return length
    }

    /// The slot of the name this string spells; `wrongType` or `missingKey` when it is none.
    @_noLocks
    public func slot(in table: NameTable) throws(DecodeFailure) -> UInt16 {
        let bytes = try bytes(.string)
        if !hasEscapes { return table.slot(of: bytes, count: count) }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        return withUnsafeMutableBytes(of: &words) { buffer in
            guard let base = buffer.baseAddress else { return NameTable.none }
            let text = base.assumingMemoryBound(to: UInt8.self)
            return table.slot(of: text, count: copyText(to: text, capacity: NameKey.capacity))
        }
    }

    /// The value of a key of this object; `absent` without the key or when this is no object.
    /// O(n) in the object: for rare messages, where a table of keys would not pay.
    @_noLocks
    public func member(_ name: StaticString) throws(DecodeFailure) -> JSONValue {
        guard case .object = kind else { return .absent }
        var scanner = try JSONScanner(self)
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            if key.equals(name) { return value }
        }
        return .absent
    }

    /// The string, escapes resolved; `nil` when it is no string. Cold paths only.
    public var string: String? {
        guard kind == .string, let start else { return nil }
        var reader = EscapeReader(start, count)
        var bytes: [UInt8] = []
        while let byte = reader.next() { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes of an object or array, brackets included.
    @_noLocks
    func containerBytes() throws(DecodeFailure) -> UnsafePointer<UInt8> {
        switch kind {
        case .object: return try bytes(.object)
        case .array: return try bytes(.array)
        case .absent: throw .missingKey
        default: throw .wrongType
        }
    }

    /// The bytes of a value of this kind. Never empty for a number.
    @_noLocks @inline(__always)
    func bytes(_ wanted: JSONKind) throws(DecodeFailure) -> UnsafePointer<UInt8> {
        guard kind == wanted, let start else {
            throw kind == .absent ? .missingKey : .wrongType
        }
        return start
    }
}

/// Gives the UTF-8 bytes of a checked JSON string one by one, escapes resolved.
struct EscapeReader {
    private var position: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>
    /// Bytes of a decoded scalar that are still to come, next one lowest.
    private var pending: UInt32 = 0

    @_noLocks
    init(_ start: UnsafePointer<UInt8>, _ count: Int) {
        position = start
        end = start + count
    }

    @_noLocks
    mutating func next() -> UInt8? {
        if pending != 0 {
            let byte = UInt8(truncatingIfNeeded: pending)
            pending >>= 8
            return byte
        }
        guard position < end else { return nil }
        let byte = position.pointee
        position += 1
        guard byte == UInt8(ascii: "\\"), position < end else { return byte }
        let escape = position.pointee
        position += 1
        switch escape {
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "u"): return encode(scalar())
        default: return escape
        }
    }

    /// The scalar behind `\u`, with its low surrogate if it needs one.
    private mutating func scalar() -> UInt32 {
        let unit = Self.unit(position)
        position += 4
        guard unit & 0xFC00 == 0xD800 else { return unit }
        let low = Self.unit(position + 2)
        position += 6
        return 0x1_0000 &+ ((unit & 0x3FF) << 10 | (low & 0x3FF))
    }

    /// First byte of the scalar's UTF-8; the others become `pending`.
    private mutating func encode(_ scalar: UInt32) -> UInt8 {
        if scalar < 0x80 { return UInt8(truncatingIfNeeded: scalar) }
        let last = 0x80 | (scalar & 0x3F)
        if scalar < 0x800 {
            pending = last
            return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        }
        let middle = 0x80 | (scalar >> 6 & 0x3F)
        if scalar < 0x1_0000 {
            pending = middle | last << 8
            return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        }
        pending = (0x80 | (scalar >> 12 & 0x3F)) | middle << 8 | last << 16
        return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
    }

    /// Four hexadecimal digits as a number; 2^16 or more when one of them is none.
    @_noLocks
    static func unit(_ text: UnsafePointer<UInt8>) -> UInt32 {
        var value: UInt32 = 0
        var index = 0
        while index < 4 {
            let byte = text[index]
            var digit = byte &- UInt8(ascii: "0")
            if digit > 9 {
                digit = (byte | 0x20) &- UInt8(ascii: "a")
                if digit > 5 { return .max }
                digit &+= 10
            }
            value = value << 4 | UInt32(digit)
            index &+= 1
        }
        return value
    }
}
