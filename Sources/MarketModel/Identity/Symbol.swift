/// A short name (symbol, asset) stored in place: up to 23 UTF-8 bytes, longer ones are refused.
@frozen
public struct ShortName: BitwiseCopyable, Sendable, Equatable, Hashable {
    @usableFromInline var words: (UInt64, UInt64, UInt64)

    /// The longest name in bytes.
    public static let capacity = 23

    /// `nil` when the text is longer than ``capacity`` bytes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.capacity else { return nil }
        self.init(bytes)
    }

    init(_ bytes: [UInt8]) {
        words = (0, 0, 0)
        withUnsafeMutableBytes(of: &words) { buffer in
            for index in 0..<bytes.count { buffer[index] = bytes[index] }
            buffer[23] = UInt8(bytes.count)
        }
    }

    /// `nil` when there are more than ``capacity`` bytes.
    @inlinable
    public init?(_ text: UnsafePointer<UInt8>, count: Int) {
        if count > 23 || count < 0 { return nil }
        words = (0, 0, 0)
        withUnsafeMutableBytes(of: &words) { buffer in
            var index = 0
            while index < count {
                buffer[index] = text[index]
                index &+= 1
            }
            buffer[23] = UInt8(truncatingIfNeeded: count)
        }
    }

    /// Bytes of the name.
    @inlinable
    public var count: Int { Int(words.2 >> 56) }

    /// Whether the name has exactly these bytes.
    @inlinable
    public func equals(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
        guard let other = ShortName(text, count: count) else { return false }
        return self == other
    }

    @inlinable
    public static func == (left: ShortName, right: ShortName) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1
            && left.words.2 == right.words.2
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
    }

    /// Copies the bytes to `target`, which needs ``count`` bytes; returns how many.
    @inlinable
    public func write(to target: UnsafeMutablePointer<UInt8>) -> Int {
        let length = count
        withUnsafeBytes(of: words) { buffer in
            var index = 0
            while index < length {
                target[index] = buffer[index]
                index &+= 1
            }
        }
        return length
    }

    public var text: String {
        withUnsafeBytes(of: words) { String(decoding: $0.prefix(count), as: UTF8.self) }
    }
}
