import MarketModel
import Telemetry

/// What a setting's value looks like and which values are accepted.
public indirect enum SettingKind: Sendable {
    /// Free text of at most so many bytes, not empty.
    case text(maximum: Int)
    /// A name of letters, digits, `-` and `_`.
    case name
    /// A venue's symbol or asset: upper-case letters and digits, at most 23.
    case symbol
    /// A file or directory; relative paths start at the working directory.
    case path
    case choice([String])
    case boolean
    case integer(ClosedRange<Int64>)
    /// With its unit: ns, us, ms, s, m, h, d.
    case duration(ClosedRange<Nanoseconds>)
    /// With its unit: B, KiB, MiB, GiB, TiB.
    case size(ClosedRange<Int64>)
    /// A part of the UTC day: `08:00-20:00`, over midnight when the end is before the start.
    case hours
    /// `50/s` or `100/10s`.
    case rate(ClosedRange<Int64>)
    /// `25bps`, four digits after the point at most.
    case basisPoints(ClosedRange<Int64>)
    /// `7%`, six digits after the point at most.
    case percent(ClosedRange<Int64>)
    /// `3x`.
    case multiple(ClosedRange<Int64>)
    /// A plain decimal, eight digits after the point at most.
    case decimal(ClosedRange<Int64>)
    /// A decimal and its asset: `1000 USDT`.
    case amount(ClosedRange<Int64>)
    case list(SettingKind, count: ClosedRange<Int>)
    case section([Setting])
    /// A list of sections.
    case sections([Setting], count: ClosedRange<Int>)
    /// A section whose settings depend on what its sibling setting says.
    case dependent(on: String, [String: [Setting]])
}

/// What happens when a setting is left out.
public enum SettingPresence: Sendable, Equatable {
    case required
    case optional
    /// The default, written as in the file; a mapping takes the defaults of its own keys.
    case standard(String)
}

/// One key of the configuration: everything parser, reference and defaults know about it.
public struct Setting: Sendable {
    public let key: String
    public let kind: SettingKind
    public let presence: SettingPresence
    /// One line, with the unit and the meaning of special values.
    public let summary: String
    /// What is found there is never repeated in a message.
    public let isConfidential: Bool

    public init(
        _ key: String, _ kind: SettingKind, _ presence: SettingPresence, _ summary: String,
        isConfidential: Bool = false
    ) {
        self.key = key
        self.kind = kind
        self.presence = presence
        self.summary = summary
        self.isConfidential = isConfidential
    }

    /// A setting with a default.
    public init(
        _ key: String, _ kind: SettingKind, default text: String, _ summary: String
    ) {
        self.init(key, kind, .standard(text), summary)
    }
}

extension SettingKind {
    /// What is accepted, as messages and the reference say it.
    public var accepted: String {
        switch self {
        case .text(let maximum): "text of 1 to \(maximum) bytes"
        case .name: "a name of 1 to 64 letters, digits, '-' or '_'"
        case .symbol: "1 to 23 upper-case letters or digits, such as BTCUSDT"
        case .path: "a path"
        case .choice(let words): words.joined(separator: ", ")
        case .boolean: "true, false"
        case .integer(let range): "an integer \(range.lowerBound)...\(range.upperBound)"
        case .duration(let range):
            "a duration \(Self.text(range.lowerBound))...\(Self.text(range.upperBound))"
                + " with its unit (ns, us, ms, s, m, h, d)"
        case .size(let range):
            "a size \(Self.size(range.lowerBound))...\(Self.size(range.upperBound))"
                + " with its unit (B, KiB, MiB, GiB, TiB)"
        case .hours: "hours of the UTC day, such as 08:00-20:00"
        case .rate(let range):
            "a rate \(range.lowerBound)/s...\(range.upperBound)/s, such as 50/s or 100/10s"
        case .basisPoints(let range):
            "\(range.lowerBound)bps...\(range.upperBound)bps with the unit bps"
        case .percent(let range): "\(range.lowerBound)%...\(range.upperBound)% with the unit %"
        case .multiple(let range): "\(range.lowerBound)x...\(range.upperBound)x with the unit x"
        case .decimal(let range):
            "a decimal \(range.lowerBound)...\(range.upperBound), at most 8 digits after the point"
        case .amount(let range):
            "an amount \(range) with its asset, such as '1000 USDT'"
        case .list(let element, let count):
            "a list of \(count.lowerBound) to \(count.upperBound) values, each \(element.accepted)"
        case .section, .dependent: "a mapping"
        case .sections(_, let count):
            "a list of \(count.lowerBound) to \(count.upperBound) mappings"
        }
    }

    /// A duration in the largest unit that holds it exactly.
    static func text(_ duration: Nanoseconds) -> String {
        for (unit, length) in ScalarText.durationUnits.reversed()
        where duration.count != 0 && duration.count % length == 0 {
            return "\(duration.count / length)\(unit)"
        }
        return "0s"
    }

    static func size(_ bytes: Int64) -> String {
        for (unit, length) in ScalarText.sizeUnits.reversed()
        where bytes != 0 && bytes % length == 0 {
            return "\(bytes / length)\(unit)"
        }
        return "0B"
    }
}
