/// Why bytes from outside were refused.
///
/// Payload-free: it travels the hot path, is counted by the session, and never traps.
public enum DecodeFailure: UInt8, Error, BitwiseCopyable, Sendable, Equatable, CaseIterable {
    /// The message ends before its value does.
    case truncated = 1
    /// A byte that JSON does not allow here.
    case invalidJSON = 2
    /// A string with a wrong escape, a raw control byte or bytes that are not UTF-8.
    case invalidText = 3
    /// Containers nested deeper than ``JSONScanner/maximumDepth``.
    case tooDeep = 4
    /// Something other than whitespace follows the value.
    case trailingBytes = 5
    /// A key the message cannot do without is absent.
    case missingKey = 6
    /// A key that counts occurs twice.
    case duplicateKey = 7
    /// The value is of another JSON type than documented.
    case wrongType = 8
    /// A text or a value where a number of the documented form belongs.
    case invalidNumber = 9
    /// More digits after the point than the instrument's scale holds.
    case tooPrecise = 10
    /// The number does not fit its 64 bits.
    case overflow = 11
    /// A symbol that is not in the directory.
    case unknownSymbol = 12
    /// A word (side, order type, time in force) this engine does not know.
    case unknownWord = 13
    /// More price levels than the caller's scratch holds.
    case tooManyLevels = 14
    /// A binary message of another schema than the connection's.
    case wrongSchema = 15
}
