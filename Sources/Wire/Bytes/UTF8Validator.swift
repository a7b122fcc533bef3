/// Checks UTF-8 (RFC 3629) piece by piece: a character may span two pieces.
///
/// No surrogates, no overlong forms, nothing above U+10FFFF. ASCII costs one 32-byte step each.
public struct UTF8Validator: BitwiseCopyable, Sendable {
    private var missing: UInt8 = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Starts between two characters.
    @_noLocks public init() {}

    /// True when the bytes seen so far end with a whole character.
    public var isComplete: Bool {
        @_noLocks get { missing == 0 }
    }

    /// Takes the next `count` bytes; false as soon as no continuation could make them valid.
    @_noLocks public mutating func accept(_ bytes: UnsafeRawPointer, _ count: Int) -> Bool {
        var at = 0
        while at < count {
            if missing == 0 {
                at = Self.skipASCII(bytes, from: at, count)
                if at == count { break }
            }
            guard step(bytes.load(fromByteOffset: at, as: UInt8.self)) else { return false }
            at &+= 1
        }
        return true
    }

    private static func skipASCII(_ bytes: UnsafeRawPointer, from start: Int, _ count: Int) -> Int {
        var at = start
        while at &+ 32 <= count {
            let block = bytes.loadUnaligned(fromByteOffset: at, as: SIMD4<UInt64>.self)
            let high = block & SIMD4(repeating: 0x8080_8080_8080_8080)
            if high != SIMD4<UInt64>.zero { break }
            at &+= 32
        }
        while at &+ 8 <= count,
            bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            at &+= 8
        }
        while at < count, bytes.load(fromByteOffset: at, as: UInt8.self) < 0x80 { at &+= 1 }
        return at
    }

    /// One byte: RFC 3629 section 4 as the range allowed for the byte that comes next.
    private mutating func step(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard byte >= lowest, byte <= highest else { return false }
            missing &-= 1
            lowest = 0x80
            highest = 0xBF
            return true
        }
        switch byte {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if byte == 0xE0 { lowest = 0xA0 }
            if byte == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F }
        default: return false
        }
        return true
    }
}
