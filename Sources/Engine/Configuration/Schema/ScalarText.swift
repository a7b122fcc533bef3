import MarketModel
import Telemetry

/// What one scalar setting holds.
public enum ScalarValue: Sendable, Equatable {
    case text(String)
    case boolean(Bool)
    /// Integers, and sizes in bytes.
    case integer(Int64)
    case duration(Nanoseconds)
    case hours(DailyHours)
    case rate(RateAllowance)
    case proportion(Proportion)
    case decimal(ExactDecimal)
    case amount(DecimalAmount)
}

/// Why a scalar's text was refused.
public enum ScalarFailure: Error, Equatable, Sendable {
    /// Not of this form; `hint` says what is close, such as the missing unit.
    case malformed(hint: String?)
    case outOfRange
}

/// Reads the text of scalar settings: strict, exact, units are part of the text.
public enum ScalarText {
    /// Ascending, in nanoseconds.
    static let durationUnits: [(String, Int64)] = [
        ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]
    /// Ascending, in bytes.
    static let sizeUnits: [(String, Int64)] = [
        ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    /// The value of `text` as `kind`, which must be a scalar kind.
    public static func parse(
        _ text: String, as kind: SettingKind
    ) throws(ScalarFailure) -> ScalarValue {
        switch kind {
        case .text, .name, .symbol, .path, .choice: return try word(text, kind)
        case .boolean:
            guard text == "true" || text == "false" else { throw .malformed(hint: nil) }
            return .boolean(text == "true")
        case .integer(let range):
            guard let value = whole(text[...]) else { throw .malformed(hint: nil) }
            return .integer(try within(range, value))
        case .duration(let range):
            let value = try scaled(text, units: durationUnits)
            return .duration(
                Nanoseconds(
                    try within(range.lowerBound.count...range.upperBound.count, value)))
        case .size(let range):
            return .integer(try within(range, try scaled(text, units: sizeUnits)))
        case .hours: return .hours(try hours(text))
        case .rate(let range): return .rate(try rate(text, range))
        case .basisPoints(let range):
            return .proportion(
                try proportion(text, suffix: "bps", unit: Proportion.basisPoint, range))
        case .percent(let range):
            return .proportion(try proportion(text, suffix: "%", unit: Proportion.percent, range))
        case .multiple(let range):
            return .decimal(try decimal(try without("x", text), range))
        case .decimal(let range): return .decimal(try decimal(Substring(text), range))
        case .amount(let range): return .amount(try amount(text, range))
        case .list, .section, .sections, .dependent:
            preconditionFailure("only scalar kinds have text")
        }
    }

    private static func word(
        _ text: String, _ kind: SettingKind
    ) throws(ScalarFailure) -> ScalarValue {
        let count = text.utf8.count
        let isPrintable = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        guard count > 0, isPrintable else { throw .malformed(hint: nil) }
        switch kind {
        case .choice(let words):
            guard words.contains(text) else {
                throw .malformed(hint: NameSuggestion.hint(for: text, among: words))
            }
        case .name:
            guard count <= 64, text.utf8.allSatisfy(isNameByte) else {
                throw .malformed(hint: nil)
            }
        case .symbol:
            guard count <= ShortName.capacity, text == text.uppercased() else {
                throw .malformed(hint: nil)
            }
        case .text(let maximum):
            guard count <= maximum else { throw .malformed(hint: "it has \(count) bytes") }
        default:
            guard count <= 4096 else { throw .malformed(hint: nil) }
        }
        return .text(text)
    }

    /// Digits with at most a minus before them: `Int64.init` would also take a plus.
    private static func whole(_ text: Substring) -> Int64? {
        text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func within(
        _ range: ClosedRange<Int64>, _ value: Int64
    ) throws(ScalarFailure) -> Int64 {
        guard range.contains(value) else { throw .outOfRange }
        return value
    }

    /// A decimal followed by one of `units`, as a whole number of the smallest unit.
    private static func scaled(
        _ text: String, units: [(String, Int64)]
    ) throws(ScalarFailure) -> Int64 {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
        let unit = text.dropFirst(digits.count)
        guard let number = ExactDecimal(digits) else { throw .malformed(hint: nil) }
        guard !unit.isEmpty else { throw .malformed(hint: "the unit is missing") }
        guard let length = units.first(where: { $0.0 == unit })?.1 else {
            throw .malformed(hint: "'\(unit)' is not a unit here")
        }
        let (product, overflow) = number.raw.multipliedReportingOverflow(by: Int128(length))
        guard !overflow else { throw .outOfRange }
        guard let whole = ExactDecimal(raw: product, scale: number.scale).raw(atScale: 0) else {
            throw .malformed(hint: "it is not a whole number of \(units[0].0)")
        }
        guard let value = Int64(exactly: whole) else { throw .outOfRange }
        return value
    }

    private static func hours(_ text: String) throws(ScalarFailure) -> DailyHours {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .malformed(hint: nil) }
        let start = try minute(parts[0])
        let end = try minute(parts[1])
        guard start < 1440, end > 0, start != end else { throw .malformed(hint: nil) }
        return DailyHours(startMinute: start, endMinute: end)
    }

    /// Minutes since midnight of `HH:MM`, up to 24:00.
    private static func minute(_ text: Substring) throws(ScalarFailure) -> Int64 {
        let digits = Array(text.utf8)
        guard digits.count == 5, digits[2] == UInt8(ascii: ":"),
            let hour = whole(text.prefix(2)), let minute = whole(text.suffix(2)),
            (0...24).contains(hour), (0...59).contains(minute), hour * 60 + minute <= 1440
        else { throw .malformed(hint: nil) }
        return hour * 60 + minute
    }

    private static func rate(
        _ text: String, _ range: ClosedRange<Int64>
    ) throws(ScalarFailure) -> RateAllowance {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let count = parts.first.flatMap(whole) else { throw .malformed(hint: nil) }
        guard parts.count == 2 else { throw .malformed(hint: "the unit is missing") }
        let window = parts[1].first?.isNumber == true ? String(parts[1]) : "1" + parts[1]
        let length = try scaled(window, units: durationUnits)
        guard length >= 1_000_000, length <= Nanoseconds.day.count else { throw .outOfRange }
        return RateAllowance(count: try within(range, count), window: Nanoseconds(length))
    }

    private static func without(
        _ suffix: String, _ text: String
    ) throws(ScalarFailure) -> Substring {
        guard text.hasSuffix(suffix) else {
            let isNumber = ExactDecimal(text) != nil
            throw .malformed(hint: isNumber ? "the unit is missing" : nil)
        }
        return text.dropLast(suffix.count)
    }

    private static func proportion(
        _ text: String, suffix: String, unit: Int64, _ range: ClosedRange<Int64>
    ) throws(ScalarFailure) -> Proportion {
        let digits = try without(suffix, text)
        guard let number = ExactDecimal(digits) else { throw .malformed(hint: nil) }
        let (product, overflow) = number.raw.multipliedReportingOverflow(by: Int128(unit))
        guard !overflow else { throw .outOfRange }
        guard let whole = ExactDecimal(raw: product, scale: number.scale).raw(atScale: 0) else {
            throw .malformed(hint: "it has too many digits after the point")
        }
        guard number >= ExactDecimal(range.lowerBound), number <= ExactDecimal(range.upperBound),
            let value = Int64(exactly: whole)
        else { throw .outOfRange }
        return Proportion(raw: value)
    }

    private static func decimal(
        _ text: Substring, _ range: ClosedRange<Int64>
    ) throws(ScalarFailure) -> ExactDecimal {
        guard let number = ExactDecimal(text) else { throw .malformed(hint: nil) }
        guard number.raw(atScale: 8) != nil else {
            throw .malformed(hint: "it has more than 8 digits after the point")
        }
        guard number >= ExactDecimal(range.lowerBound), number <= ExactDecimal(range.upperBound)
        else { throw .outOfRange }
        return number
    }

    private static func amount(
        _ text: String, _ range: ClosedRange<Int64>
    ) throws(ScalarFailure) -> DecimalAmount {
        let parts = text.split(separator: " ")
        guard parts.count == 2 else {
            let isNumber = ExactDecimal(text) != nil
            throw .malformed(hint: isNumber ? "the asset is missing" : nil)
        }
        guard case .text(let asset)? = try? word(String(parts[1]), .symbol) else {
            throw .malformed(hint: "'\(parts[1])' is not an asset")
        }
        return DecimalAmount(try decimal(parts[0], range), asset)
    }
}
