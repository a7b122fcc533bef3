/// Eight bytes of text at once, the first in the low byte of a word.
///
/// The arithmetic is "SIMD within a register" as in simdjson and D. Lemire's "Number parsing at a
/// gigabyte per second": one load, a few multiplies, no branch per byte.
enum EightBytes {
    /// '0' in every byte.
    @inline(__always)
    static var zeros: UInt64 { @_noLocks get { 0x3030_3030_3030_3030 } }
    @inline(__always)
    static var highBits: UInt64 { @_noLocks get { 0x8080_8080_8080_8080 } }
    @inline(__always)
    static var ones: UInt64 { @_noLocks get { 0x0101_0101_0101_0101 } }

    @_noLocks @inline(__always)
    static func load(_ address: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(address).loadUnaligned(as: UInt64.self))
    }

    @_noLocks @inline(__always)
    static func store(_ word: UInt64, to address: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(address).storeBytes(of: word.littleEndian, as: UInt64.self)
    }

    /// Marks (high bit) the bytes that are no digit value 0...9. Exact up to and including the
    /// first marked byte; a carry may spoil later ones.
    @_noLocks @inline(__always)
    static func nonDigits(_ values: UInt64) -> UInt64 {
        ((values &+ 0x7676_7676_7676_7676) | values) & highBits
    }

    /// Marks the bytes equal to `byte`. Exact up to and including the first marked byte.
    @_noLocks @inline(__always)
    static func equal(_ word: UInt64, to byte: UInt8) -> UInt64 {
        let difference = word ^ (ones &* UInt64(byte))
        return (difference &- ones) & ~difference & highBits
    }

    /// Marks the bytes that a plain JSON string does not hold: quote, backslash, control bytes,
    /// and everything beyond ASCII. Exact up to and including the first marked byte.
    @_noLocks @inline(__always)
    static func special(_ word: UInt64) -> UInt64 {
        let control = (word &- 0x2020_2020_2020_2020) & ~word
        let quote = word ^ 0x2222_2222_2222_2222
        let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
        return
            (control | word | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash))
            & highBits
    }

    /// Bits before the first marked byte: eight times its index, 64 when none is marked.
    @_noLocks @inline(__always)
    static func bitsBefore(_ marks: UInt64) -> UInt64 {
        UInt64(truncatingIfNeeded: marks.trailingZeroBitCount) & ~7
    }

    /// The number that eight digit values (0...9 a byte, first digit low) spell.
    @_noLocks @inline(__always)
    static func number(_ values: UInt64) -> UInt64 {
        let pairs = (values &* 10) &+ (values >> 8)
        let low = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return (low &+ high) >> 32
    }

    /// The eight digit values of a number below 10^8, first digit low.
    @_noLocks @inline(__always)
    static func digits(_ number: UInt64) -> UInt64 {
        let thousands = number / 10_000
        let halves = thousands | (number &- thousands &* 10_000) << 32
        let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007F_0000_007F
        let pairs = hundreds | (halves &- hundreds &* 100) << 16
        let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
        return tens | (pairs &- tens &* 10) << 8
    }

    /// Whether the bytes at `text` are those of `literal`. Reads `literal`'s length, rounded up
    /// to 1, 2, 4 or 8 bytes; the compiler folds the literal into immediates.
    @_noLocks @inline(__always)
    static func match(_ text: UnsafePointer<UInt8>, _ literal: StaticString) -> Bool {
        let expected = literal.utf8Start
        let count = literal.utf8CodeUnitCount
        var index = 0
        while index &+ 8 <= count {
            if load(text + index) != load(expected + index) { return false }
            index &+= 8
        }
        if count & 4 != 0 {
            let found = UnsafeRawPointer(text + index).loadUnaligned(as: UInt32.self)
            if found != UnsafeRawPointer(expected + index).loadUnaligned(as: UInt32.self) {
                return false
            }
            index &+= 4
        }
        if count & 2 != 0 {
            let found = UnsafeRawPointer(text + index).loadUnaligned(as: UInt16.self)
            if found != UnsafeRawPointer(expected + index).loadUnaligned(as: UInt16.self) {
                return false
            }
            index &+= 2
        }
        return count & 1 == 0 || text[index] == expected[index]
    }
}
