/// A strict pull scanner over one JSON text: no tree, no copy, no allocation.
///
/// The reader asks for what it expects (`enterObject`, `nextKey`, `value`) and gets views into the
/// text. Values that it does not want are checked all the same. Grammar, escapes and UTF-8 are
/// those of RFC 8259; the first violation throws and the scanner is then of no further use.
/// O(n) in the text, reads nothing outside it.
public struct JSONScanner: BitwiseCopyable, @unchecked Sendable {
    /// Deepest nesting of containers.
    public static var maximumDepth: Int { @_noLocks get { 32 } }

    var position: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    private var depth = 0
    /// The last token opened a container: no comma is due.
    private var isAtStart = false

    /// Scans `count` bytes.
    @_noLocks
    public init(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        position = bytes
        end = bytes + max(count, 0)
    }

    /// Scans the inside of an object or array found earlier; `wrongType` for another value.
    @_noLocks
    public init(_ value: JSONValue) throws(DecodeFailure) {
        self.init(try value.containerBytes(), value.count)
    }

    /// What the next value is, without moving; `absent` at a closing bracket, comma or the end.
    @_noLocks
    public mutating func nextKind() throws(DecodeFailure) -> JSONKind {
        skipWhitespace()
        guard position < end else { return .absent }
        switch position.pointee {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"): return .true
        case UInt8(ascii: "f"): return .false
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","): return .absent
        default: throw .invalidJSON
        }
    }

    /// Steps into an object; `wrongType` when the next value is something else.
    @_noLocks
    public mutating func enterObject() throws(DecodeFailure) {
        try enter(UInt8(ascii: "{"))
    }

    /// Steps into an array; `wrongType` when the next value is something else.
    @_noLocks
    public mutating func enterArray() throws(DecodeFailure) {
        try enter(UInt8(ascii: "["))
    }

    /// The next key of the object, the colon behind it consumed; `nil` once the object ended.
    /// A ``value()`` or an `enter` must follow each key.
    @_noLocks
    public mutating func nextKey() throws(DecodeFailure) -> JSONValue? {
        guard try advance(to: UInt8(ascii: "}")) else { return nil }
        let key = try scanString()
        skipWhitespace()
        guard position < end else { throw .truncated }
        guard position.pointee == UInt8(ascii: ":") else { throw .invalidJSON }
        position += 1
        return key
    }

    /// Whether the array has another element; false once the array ended.
    @_noLocks
    public mutating func nextElement() throws(DecodeFailure) -> Bool {
        try advance(to: UInt8(ascii: "]"))
    }

    /// The next value, whole and checked.
    @_noLocks
    public mutating func value() throws(DecodeFailure) -> JSONValue {
        skipWhitespace()
        guard position < end else { throw .truncated }
        let start = position
        switch start.pointee {
        case UInt8(ascii: "\""):
            return try scanString()
        case UInt8(ascii: "{"):
            try skipContainer(enclosing: depth)
            return JSONValue(.object, start, count: position - start)
        case UInt8(ascii: "["):
            try skipContainer(enclosing: depth)
            return JSONValue(.array, start, count: position - start)
        case UInt8(ascii: "t"):
            try skipWord("true")
            return JSONValue(.true, start, count: 4)
        case UInt8(ascii: "f"):
            try skipWord("false")
            return JSONValue(.false, start, count: 5)
        case UInt8(ascii: "n"):
            try skipWord("null")
            return JSONValue(.null, start, count: 4)
        default:
            try skipNumber()
            return JSONValue(.number, start, count: position - start)
        }
    }

    /// Checks that only whitespace is left.
    @_noLocks
    public mutating func finish() throws(DecodeFailure) {
        skipWhitespace()
        guard position == end else { throw .trailingBytes }
    }

    @_noLocks @inline(__always)
    mutating func skipWhitespace() {
        while position < end {
            let byte = position.pointee
            if byte > 0x20 { return }
            if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return }
            position += 1
        }
    }

    private mutating func enter(_ bracket: UInt8) throws(DecodeFailure) {
        skipWhitespace()
        guard position < end else { throw .truncated }
        guard position.pointee == bracket else { throw .wrongType }
        guard depth < Self.maximumDepth else { throw .tooDeep }
        position += 1
        depth &+= 1
        isAtStart = true
    }

    /// Steps over the comma before an element, or over the closing bracket (then false).
    private mutating func advance(to bracket: UInt8) throws(DecodeFailure) -> Bool {
        skipWhitespace()
        guard position < end else { throw .truncated }
        if position.pointee == bracket {
            position += 1
            depth &-= 1
            isAtStart = false
            return false
        }
        if !isAtStart {
            guard position.pointee == UInt8(ascii: ",") else { throw .invalidJSON }
            position += 1
            skipWhitespace()
            guard position < end else { throw .truncated }
            if position.pointee == bracket { throw .invalidJSON }
        }
        isAtStart = false
        return true
    }
}
