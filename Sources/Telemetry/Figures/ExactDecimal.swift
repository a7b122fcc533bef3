import MarketModel

/// A decimal number without rounding: `raw` units of 10^-`scale`, written as text in JSON.
///
/// What leaves the engine as money, price or quantity has this type, so that no reader ever sees
/// a binary fraction (design law 6). 128 bits hold every product of a price and a quantity.
public struct ExactDecimal: Hashable, Sendable {
    public let raw: Int128
    /// Digits after the point that `raw` holds, 0...36.
    public let scale: Int

    /// The largest scale: two 18-digit scales multiplied.
    public static let maximumScale = 36

    public static let zero = ExactDecimal(raw: 0, scale: 0)

    public init(raw: Int128, scale: Int) {
        precondition(scale >= 0 && scale <= Self.maximumScale, "scale must be within 0...36")
        self.raw = raw
        self.scale = scale
    }

    public init(_ whole: Int64) { self.init(raw: Int128(whole), scale: 0) }

    /// A price of `instrument`, printed with the digits of its tick.
    public init(_ price: Price, of instrument: Instrument) {
        let exact = ExactDecimal(raw: Int128(price.raw), scale: Int(instrument.priceScale))
        self = exact.shortened(to: Int(instrument.priceDecimals))
    }

    /// A quantity of `instrument`, printed with the digits of its lot.
    public init(_ quantity: Quantity, of instrument: Instrument) {
        let exact = ExactDecimal(raw: Int128(quantity.raw), scale: Int(instrument.quantityScale))
        self = exact.shortened(to: Int(instrument.quantityDecimals))
    }

    /// Money in `instrument`'s quote asset, exact; trailing zeros beyond two digits are dropped.
    public init(_ notional: Notional, of instrument: Instrument) {
        let scale = Int(instrument.priceScale) + Int(instrument.quantityScale)
        self = ExactDecimal(raw: notional.raw, scale: scale).shortened(to: 2)
    }

    /// Reads "-12.0340"; `nil` for every other form and for what 128 bits do not hold.
    public init?(_ text: some StringProtocol) {
        var digits: [UInt8] = []
        var fraction: Int?
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        for byte in isNegative ? text.utf8.dropFirst() : text.utf8[...] {
            if byte == UInt8(ascii: "."), fraction == nil, !digits.isEmpty {
                fraction = 0
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            digits.append(digit)
            if let count = fraction { fraction = count + 1 }
        }
        guard !digits.isEmpty, fraction != 0, (fraction ?? 0) <= Self.maximumScale else {
            return nil
        }
        var value: Int128 = 0
        for digit in digits {
            let (scaled, high) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = scaled.addingReportingOverflow(Int128(digit))
            if high || carry { return nil }
            value = next
        }
        self.init(raw: isNegative ? -value : value, scale: fraction ?? 0)
    }

    /// The same number with trailing zeros removed, but not below `decimals` digits.
    public func shortened(to decimals: Int = 0) -> ExactDecimal {
        var value = raw
        var left = scale
        while left > decimals, value % 10 == 0 {
            value /= 10
            left -= 1
        }
        return ExactDecimal(raw: value, scale: left)
    }

    /// The same number in units of 10^-`scale`; `nil` when digits would be lost or it overflows.
    public func raw(atScale wanted: Int) -> Int128? {
        var value = raw
        var left = scale
        while left > wanted {
            guard value % 10 == 0 else { return nil }
            value /= 10
            left -= 1
        }
        while left < wanted {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = scaled
            left += 1
        }
        return value
    }

    /// The same number in units of 10^-`scale` as 64 bits; `nil` as for ``raw(atScale:)``.
    public func raw64(atScale wanted: Int) -> Int64? {
        raw(atScale: wanted).flatMap { Int64(exactly: $0) }
    }

    /// Rounded half away from zero to `decimals` digits: for display only.
    public func rounded(to decimals: Int) -> ExactDecimal {
        guard decimals < scale else { return self }
        var divisor: Int128 = 1
        for _ in decimals..<scale { divisor *= 10 }
        let half = divisor / 2
        let quotient = raw / divisor
        let rest = raw % divisor
        let step: Int128 = rest >= half ? 1 : rest <= -half ? -1 : 0
        return ExactDecimal(raw: quotient + step, scale: decimals)
    }

    /// The nearest binary fraction: for plots only.
    public var approximation: Double {
        var divisor = 1.0
        for _ in 0..<scale { divisor *= 10 }
        return Double(raw) / divisor
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// Exactly `scale` digits after the point.
    public var description: String {
        var digits = String(raw.magnitude)
        if digits.utf8.count <= scale {
            digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
        }
        let sign = raw < 0 ? "-" : ""
        guard scale > 0 else { return sign + digits }
        return sign + digits.dropLast(scale) + "." + digits.suffix(scale)
    }

    /// Two digits (more never shown) and a sign also for gains: a column of profits.
    public var signedMoney: String {
        let rounded = rounded(to: 2)
        let shown = rounded.raw(atScale: 2).map { ExactDecimal(raw: $0, scale: 2) } ?? rounded
        return (shown.raw > 0 ? "+" : "") + shown.description
    }
}

extension ExactDecimal: Comparable {
    /// By value: 1.0 is neither below nor above 1.
    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let scale = max(left.scale, right.scale)
        if let first = left.raw(atScale: scale), let second = right.raw(atScale: scale) {
            return first < second
        }
        // One of them does not fit the finer scale: then the coarse parts already differ.
        return left.approximation < right.approximation
    }
}

extension ExactDecimal: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = ExactDecimal(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a decimal number")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
