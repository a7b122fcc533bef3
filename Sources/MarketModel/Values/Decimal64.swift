/// Powers of ten that fit an `Int64`, and the text form of scaled integers.
///
/// Prices and quantities never pass through a `Double`: text is parsed straight to a scaled
/// `Int64` and printed from it (design law 6).
public enum DecimalScale {
    /// The largest scale an instrument may have: 10^18 is the last power of ten in an `Int64`.
    public static let maximum = 18

    /// 10^`exponent`, for 0...18.
    @inlinable @_noLocks
    public static func power(_ exponent: Int) -> Int64 {
        precondition(exponent >= 0 && exponent <= maximum, "scale must be within 0...18")
        var value: Int64 = 1
        var left = exponent
        while left > 0 {
            value &*= 10
            left &-= 1
        }
        return value
    }
}

/// Why a decimal text was refused.
public enum DecimalFailure: Error, Equatable, Sendable {
    /// Nothing to read.
    case empty
    /// A byte that is no digit, sign or point.
    case notADigit
    /// More digits after the point than the scale holds, and they are not zeros.
    case tooPrecise
    /// The value does not fit 64 bits at this scale.
    case overflow
}

/// Reads a plain decimal ("-12.0340") as an integer in units of 10^-`scale`.
///
/// Exact: trailing zeros beyond the scale are accepted, other digits there are refused, never
/// rounded. No exponent form. O(n) in the text's length.
@inlinable
public func parseDecimal(
    _ text: UnsafePointer<UInt8>, count: Int, scale: Int
) throws(DecimalFailure) -> Int64 {
    var index = 0
    var negative = false
    if count > 0, text[0] == UInt8(ascii: "-") {
        negative = true
        index = 1
    }
    if index >= count { throw .empty }
    var value: Int64 = 0
    var fraction = -1
    var digits = 0
    while index < count {
        let byte = text[index]
        index += 1
        if byte == UInt8(ascii: "."), fraction < 0 {
            fraction = 0
            continue
        }
        let digit = byte &- UInt8(ascii: "0")
        if digit > 9 { throw .notADigit }
        digits += 1
        if fraction >= scale {
            if digit != 0 { throw .tooPrecise }
            continue
        }
        let (scaled, high) = value.multipliedReportingOverflow(by: 10)
        let (next, carry) = scaled.addingReportingOverflow(Int64(digit))
        if high || carry { throw .overflow }
        value = next
        if fraction >= 0 { fraction += 1 }
    }
    if digits == 0 { throw .empty }
    var missing = scale - Swift.max(fraction, 0)
    while missing > 0 {
        let (scaled, high) = value.multipliedReportingOverflow(by: 10)
        if high { throw .overflow }
        value = scaled
        missing -= 1
    }
    return negative ? -value : value
}

/// Reads a plain decimal from a string; see ``parseDecimal(_:count:scale:)``.
public func parseDecimal(_ text: String, scale: Int) throws(DecimalFailure) -> Int64 {
    var utf8 = Array(text.utf8)
    utf8.append(0)
    let result: Result<Int64, DecimalFailure> = utf8.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return .failure(.empty) }
        do throws(DecimalFailure) {
            return .success(try parseDecimal(base, count: buffer.count - 1, scale: scale))
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

/// The text of a scaled integer with exactly `decimals` digits after the point.
///
/// `decimals` below `scale` is only allowed where the cut digits are zeros; they are dropped
/// without rounding. For display and for cold paths; the codecs write digits in place.
public func formatDecimal(_ raw: Int64, scale: Int, decimals: Int? = nil) -> String {
    let shown = decimals ?? scale
    let negative = raw < 0
    var digits = String(raw.magnitude)
    if digits.utf8.count <= scale {
        digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
    }
    let whole = digits.prefix(digits.utf8.count - scale)
    var fraction = String(digits.suffix(scale))
    if shown < scale {
        fraction = String(fraction.prefix(shown))
    } else if shown > scale {
        fraction += String(repeating: "0", count: shown - scale)
    }
    let sign = negative ? "-" : ""
    return shown == 0 ? sign + whole : sign + whole + "." + fraction
}
