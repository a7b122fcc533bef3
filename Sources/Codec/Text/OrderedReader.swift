import MarketModel

/// Reads a message whose key order is known, a literal and a value at a time.
///
/// Every mismatch is reported at once and the message is then read by ``JSONScanner`` instead, so
/// this reader may be narrow: plain strings, integers up to 16 digits, decimals without a sign.
/// Whatever it accepts, the scanner accepts with the same result.
///
/// Bounds: a value is begun only before `end`, and a value and the literals between two values
/// together read less than 64 bytes; hence the 64 readable bytes that every entry point demands.
struct OrderedReader {
    var position: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    @_noLocks @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        position = bytes
        end = bytes + count
    }

    /// Steps over `literal` (at most 24 bytes) if the text continues with it.
    @_noLocks @inline(__always)
    mutating func skip(_ literal: StaticString) -> Bool {
        guard EightBytes.match(position, literal) else { return false }
        position += literal.utf8CodeUnitCount
        return true
    }

    /// A non-negative JSON integer of up to 16 digits; -1 when it is anything else.
    @_noLocks @inline(__always)
    mutating func integer() -> Int64 {
        guard position < end else { return -1 }
        let first = EightBytes.load(position) ^ EightBytes.zeros
        let firstStop = EightBytes.nonDigits(first)
        if firstStop != 0 {
            let bits = EightBytes.bitsBefore(firstStop)
            // No digit, or a zero before other digits, which JSON forbids.
            if bits == 0 || (bits > 8 && first & 0xFF == 0) { return -1 }
            position += Int(bits >> 3)
            return Int64(truncatingIfNeeded: EightBytes.number(first &<< (64 &- bits)))
        }
        if first & 0xFF == 0 { return -1 }
        let second = EightBytes.load(position + 8) ^ EightBytes.zeros
        let bits = EightBytes.bitsBefore(EightBytes.nonDigits(second))
        if bits == 64, position[16] &- UInt8(ascii: "0") < 10 { return -1 }
        position += 8 &+ Int(bits >> 3)
        return Self.join(first, second, bits)
    }

    /// A decimal within quotes (the opening one already passed) in units of 10^-`scale`, up to
    /// the closing quote; -1 when it is not a plain, representable, non-negative decimal.
    ///
    /// The venue prints eight decimals; at scale 8 that form costs two loads and no loop.
    @_noLocks @inline(__always)
    mutating func decimal(scale: UInt8) -> Int64 {
        guard position < end else { return -1 }
        let whole = EightBytes.load(position) ^ EightBytes.zeros
        let bits = EightBytes.bitsBefore(EightBytes.nonDigits(whole))
        let digits = Int(bits >> 3)
        let fraction = EightBytes.load(position + digits + 1) ^ EightBytes.zeros
        let isShort = bits &- 8 <= 48 && position[digits] == UInt8(ascii: ".")
        let isFull = EightBytes.nonDigits(fraction) == 0
        if isShort && isFull && scale == 8 && position[digits + 9] == UInt8(ascii: "\"") {
            position += digits &+ 9
            // Seven digits before the point: below 10^15 + 10^8, no overflow.
            return Int64(
                truncatingIfNeeded: EightBytes.number(whole &<< (64 &- bits)) &* 100_000_000
                    &+ EightBytes.number(fraction))
        }
        return otherDecimal(scale: scale)
    }

    /// Bytes up to the closing quote of a plain string; -1 for escapes, control bytes, bytes
    /// beyond ASCII, and strings that do not end before `end`.
    @_noLocks @inline(__always)
    mutating func plainText() -> Int {
        let start = position
        while position < end {
            let word = EightBytes.load(position)
            let marks = EightBytes.special(word)
            if marks != 0 {
                position += Int(EightBytes.bitsBefore(marks) >> 3)
                return position < end && position.pointee == UInt8(ascii: "\"")
                    ? position - start : -1
            }
            position += 8
        }
        return -1
    }

    /// The slot of a known name up to its closing quote; `NameTable.none` for any other text.
    @_noLocks @inline(__always)
    mutating func name(in table: NameTable) -> UInt16 {
        guard position < end else { return NameTable.none }
        let start = position
        let word = EightBytes.load(start)
        let marks = EightBytes.equal(word, to: UInt8(ascii: "\""))
        if marks != 0 {
            let bits = EightBytes.bitsBefore(marks)
            let count = Int(bits >> 3)
            position += count
            return table.slot(of: NameKey(word & ~(UInt64.max &<< bits), 0, 0, count: count))
        }
        return longName(in: table)
    }

    /// 1 for `true`, 0 for `false`, -1 for anything else.
    @_noLocks @inline(__always)
    mutating func boolean() -> Int {
        guard position < end else { return -1 }
        if skip("true") { return 1 }
        return skip("false") ? 0 : -1
    }

    /// Whether the closing braces are the last bytes.
    @_noLocks @inline(__always)
    mutating func finishes(isCombined: Bool) -> Bool {
        guard skip("}") else { return false }
        if isCombined, !skip("}") { return false }
        return position == end
    }

    /// `first` followed by the leading digits of `second`: `bits` / 8 of them, 0...8.
    @inline(__always)
    private static func join(_ first: UInt64, _ second: UInt64, _ bits: UInt64) -> Int64 {
        // Both words move left until their last digit is the last of sixteen.
        let high = first << (64 &- bits)
        let low = (first >> bits) | (second << (64 &- bits))
        return Int64(
            truncatingIfNeeded: EightBytes.number(high) &* 100_000_000 &+ EightBytes.number(low))
    }

    @inline(never)
    private mutating func otherDecimal(scale: UInt8) -> Int64 {
        let start = position
        var count = 0
        // No accepted decimal is longer: 19 digits before, a point, 18 and some zeros after it.
        while count < 40, start + count < end {
            let byte = start[count]
            if byte &- UInt8(ascii: "0") > 9, byte != UInt8(ascii: ".") { break }
            count &+= 1
        }
        guard start + count < end, start[count] == UInt8(ascii: "\"") else { return -1 }
        do throws(DecodeFailure) {
            let value = try DecimalText.read(start, count: count, scale: Int(scale))
            position = start + count
            return value
        } catch {
            return -1
        }
    }

    @inline(never)
    private mutating func longName(in table: NameTable) -> UInt16 {
        let start = position
        var count = 8
        while count <= NameKey.capacity, start + count < end {
            if start[count] == UInt8(ascii: "\"") {
                position = start + count
                return table.slot(of: NameKey(start, count: count))
            }
            count &+= 1
        }
        return NameTable.none
    }
}
