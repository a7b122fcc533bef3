import CDigits
import MarketModel

/// Reads a message whose key order is known, a literal and a value at a time.
///
/// Every mismatch is reported at once and the message is then read by ``JSONScanner`` instead, so
/// this reader may be narrow: plain strings, integers up to 16 digits, decimals without a sign.
/// Whatever it accepts, the scanner accepts with the same result.
///
/// Bounds: a value is begun only before `end`, and a value and the literals between two values
/// together read less than 64 bytes; hence the 64 readable bytes that every entry point demands.
struct OrderedReader: BitwiseCopyable, @unchecked Sendable {
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
        var number = cdigits_integer(position)
        if number.count == 0 { number = Self.sixteenDigits(position) }
        position += Int(number.count)
        return number.value
    }

    /// A decimal within quotes (the opening one already passed) in units of 10^-`scale`, up to
    /// the closing quote; -1 when it is not a plain, representable, non-negative decimal.
    ///
    /// The venue prints eight decimals; at scale 8 that form costs one load and no loop.
    @_noLocks @inline(__always)
    mutating func decimal(scale: UInt8) -> Int64 {
        guard position < end else { return -1 }
        var number = cdigits_eight_decimals(position)
        if number.count == 0 || scale != 8 {
            number = Self.otherDecimal(position, end, scale: scale)
        }
        position += Int(number.count)
        return number.value
    }

    /// Bytes up to the closing quote of a plain string; -1 for escapes, control bytes, bytes
    /// beyond ASCII, and strings that do not end before `end`.
    ///
    /// Of a stream's name the usual lengths are foreseen.
    @_noLocks @inline(__always)
    mutating func plainText(isStream: Bool = false) -> Int {
        let start = position
        while position < end {
            let count = Int(cdigits_plain_text(position))
            position += isStream ? Int(cdigits_foreseen_stream(Int64(count))) : count
            if count < 32 {
                return position < end && position.pointee == UInt8(ascii: "\"")
                    ? position - start : -1
            }
        }
        return -1
    }

    /// The slot of a known name up to its closing quote; `NameTable.none` for any other text.
    @_noLocks @inline(__always)
    mutating func name(in table: NameTable) -> UInt16 {
        guard position < end else { return NameTable.none }
        let word = EightBytes.load(position)
        let marks = EightBytes.equal(word, to: UInt8(ascii: "\""))
        if marks == 0 {
            let name = Self.longName(position, end, in: table)
            position += name.count
            return name.slot
        }
        let bits = EightBytes.bitsBefore(marks)
        let count = Int(bits >> 3)
        position += Int(cdigits_foreseen_name(Int64(count)))
        return table.slot(of: NameKey(word & ~(UInt64.max &<< bits), 0, 0, count: count))
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

    // The ways for rare forms get the place by value: a reader whose address is known to a function
    // would lie in memory, not in registers.

    /// Sixteen digits and no more.
    @inline(never)
    private static func sixteenDigits(_ text: UnsafePointer<UInt8>) -> cdigits_number {
        let first = EightBytes.load(text) ^ EightBytes.zeros
        let second = EightBytes.load(text + 8) ^ EightBytes.zeros
        let others = EightBytes.nonDigits(first) | EightBytes.nonDigits(second)
        if others != 0 || first & 0xFF == 0 || text[16] &- UInt8(ascii: "0") < 10 {
            return cdigits_number(value: -1, count: 0)
        }
        let value = EightBytes.number(first) &* 100_000_000 &+ EightBytes.number(second)
        return cdigits_number(value: Int64(truncatingIfNeeded: value), count: 16)
    }

    @inline(never)
    private static func otherDecimal(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, scale: UInt8
    ) -> cdigits_number {
        let whole = cdigits_integer(start)
        let digits = Int(whole.count)
        let fraction = EightBytes.load(start + digits + 1) ^ EightBytes.zeros
        // Ten digits before the point: below 10^18 + 10^8.
        if scale == 8, digits > 0, digits <= 10, start[digits] == UInt8(ascii: "."),
            EightBytes.nonDigits(fraction) == 0, start[digits + 9] == UInt8(ascii: "\"")
        {
            let value = whole.value &* 100_000_000
                &+ Int64(truncatingIfNeeded: EightBytes.number(fraction))
            return cdigits_number(value: value, count: Int64(digits &+ 9))
        }
        var count = 0
        // No accepted decimal is longer: 19 digits before, a point, 18 and some zeros after it.
        while count < 40, start + count < end {
            let byte = start[count]
            if byte &- UInt8(ascii: "0") > 9, byte != UInt8(ascii: ".") { break }
            count &+= 1
        }
        guard start + count < end, start[count] == UInt8(ascii: "\"") else {
            return cdigits_number(value: -1, count: 0)
        }
        do throws(DecodeFailure) {
            let value = try DecimalText.read(start, count: count, scale: Int(scale))
            return cdigits_number(value: value, count: Int64(count))
        } catch {
            return cdigits_number(value: -1, count: 0)
        }
    }

    @inline(never)
    private static func longName(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, in table: NameTable
    ) -> (slot: UInt16, count: Int) {
        var count = 8
        while count <= NameKey.capacity, start + count < end {
            if start[count] == UInt8(ascii: "\"") {
                return (table.slot(of: NameKey(start, count: count)), count)
            }
            count &+= 1
        }
        return (NameTable.none, 0)
    }
}
