import MarketModel

/// Exact reading of decimal texts of every shape, for everything the fast reader passes on.
///
/// The form is `[-]digits[.digits]`, digits on both sides of the point, no exponent, no plus.
enum DecimalText {
    /// The text in units of 10^-`scale`, 0...18. Never rounds. O(n).
    @_noLocks
    static func read(
        _ text: UnsafePointer<UInt8>, count: Int, scale: Int
    ) throws(DecodeFailure) -> Int64 {
        guard isPlain(text, count: count) else { throw .invalidNumber }
        do throws(DecimalFailure) {
            return try parseDecimal(text, count: count, scale: scale)
        } catch .tooPrecise {
            throw .tooPrecise
        } catch .overflow {
            throw .overflow
        } catch {
            throw .invalidNumber
        }
    }

    /// The text in units of 10^-`scale` as 128 bits, for money at the exact notional scale. O(n).
    @_noLocks
    static func readWide(
        _ text: UnsafePointer<UInt8>, count: Int, scale: Int
    ) throws(DecodeFailure) -> Int128 {
        guard isPlain(text, count: count) else { throw .invalidNumber }
        let isNegative = text[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        var value: Int128 = 0
        var fraction = -1
        while index < count {
            let byte = text[index]
            index &+= 1
            if byte == UInt8(ascii: "."), fraction < 0 {
                fraction = 0
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            if digit > 9 { throw .invalidNumber }
            if fraction >= scale {
                if digit != 0 { throw .tooPrecise }
                continue
            }
            value = try appending(digit, to: value)
            if fraction >= 0 { fraction &+= 1 }
        }
        var missing = scale - max(fraction, 0)
        while missing > 0 {
            value = try appending(0, to: value)
            missing &-= 1
        }
        return isNegative ? 0 - value : value
    }

    /// Digits after the point that are needed to print a positive `raw` of the given scale.
    static func decimals(of raw: Int64, scale: Int) -> Int {
        guard raw != 0 else { return 0 }
        var rest = raw
        var decimals = scale
        while decimals > 0, rest % 10 == 0 {
            rest /= 10
            decimals -= 1
        }
        return decimals
    }

    @inline(__always)
    private static func appending(
        _ digit: UInt8, to value: Int128
    ) throws(DecodeFailure) -> Int128 {
        let (scaled, isTooLarge) = value.multipliedReportingOverflow(by: 10)
        let (next, isCarried) = scaled.addingReportingOverflow(Int128(digit))
        if isTooLarge || isCarried { throw .overflow }
        return next
    }

    /// Whether the text begins (after a minus) and ends with a digit.
    @inline(__always)
    private static func isPlain(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
        guard count > 0 else { return false }
        let first = text[0] == UInt8(ascii: "-") ? 1 : 0
        guard first < count else { return false }
        return text[first] &- UInt8(ascii: "0") < 10 && text[count - 1] &- UInt8(ascii: "0") < 10
    }
}
