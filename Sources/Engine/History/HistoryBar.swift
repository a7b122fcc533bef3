import MarketModel

/// A closed candle with its numbers as the venue wrote them, digit for digit.
struct HistoryBar: Equatable, Sendable {
    /// When it begins.
    let time: Timestamp
    /// Open, high, low, close and volume.
    let texts: [String]

    /// A line of a file without its end.
    var line: String { "\(time.milliseconds),\(texts.joined(separator: ","))" }

    /// To compare it with others; 0 for what is no number.
    func number(_ field: BarProblem.Field) -> Double { Double(texts[field.place]) ?? 0 }

    /// What is wrong with it by itself, the first of several (MD-12); `nil` when nothing is.
    func problem(in timeframe: HistoryTimeframe) -> BarProblem? {
        if timeframe.start(of: time) != time { return .offGrid(timeframe) }
        var numbers: [Int128] = []
        for (place, text) in texts.enumerated() {
            let field = BarProblem.Field.allCases[place]
            guard let number = PlainDecimal.value(of: text) else {
                return .noNumber(field, text: text)
            }
            if field == .volume ? number < 0 : number <= 0 { return .sign(field, text: text) }
            numbers.append(number)
        }
        let (open, high, low, close) = (numbers[0], numbers[1], numbers[2], numbers[3])
        for (number, field) in [(open, BarProblem.Field.open), (close, .close), (low, .low)] {
            let text = texts[field.place]
            if high < number { return .highBelow(texts[1], field, text: text) }
            if field != .low, low > number { return .lowAbove(texts[2], field, text: text) }
        }
        return nil
    }
}

/// What is wrong with a candle (MD-12).
public enum BarProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Field: String, CaseIterable, Sendable {
        case open, high, low, close, volume

        /// Among the numbers of a bar, from 0.
        var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    case noNumber(Field, text: String)
    /// A price of 0 or less, a volume below 0.
    case sign(Field, text: String)
    case highBelow(String, Field, text: String)
    case lowAbove(String, Field, text: String)
    case offGrid(HistoryTimeframe)
    case notAfter(Timestamp)

    public var description: String {
        switch self {
        case .noNumber(let field, let text):
            "\(field.rawValue) is '\(text)'; accepted: a plain decimal with up to 18 digits behind "
                + "the point"
        case .sign(.volume, let text): "volume is \(text); accepted: 0 or more"
        case .sign(let field, let text): "\(field.rawValue) is \(text); accepted: above 0"
        case .highBelow(let high, let field, let text):
            "high is \(high); accepted: \(text) or more, the \(field.rawValue)"
        case .lowAbove(let low, let field, let text):
            "low is \(low); accepted: \(text) or less, the \(field.rawValue)"
        case .offGrid(let timeframe):
            "it does not begin on \(timeframe.grid)"
        case .notAfter(let last):
            "it does not begin after the bar before it, of \(HistoryText.moment(last))"
        }
    }
}

/// Decimals of every size that a venue writes, exactly.
enum PlainDecimal {
    /// Digits behind the point.
    private static let scale = 18

    /// In units of 10^-18; `nil` for anything but `[-]digits[.digits]`, for more than 18 digits
    /// behind the point that say something, and beyond 10^20.
    static func value(of text: String) -> Int128? {
        var text = text
        return text.withUTF8 { bytes in
            let isNegative = bytes.first == UInt8(ascii: "-")
            var value: Int128 = 0
            var fraction = -1
            var digits = 0
            for byte in bytes.dropFirst(isNegative ? 1 : 0) {
                if byte == UInt8(ascii: "."), fraction < 0, digits > 0 {
                    fraction = 0
                    continue
                }
                let digit = byte &- UInt8(ascii: "0")
                if digit > 9 { return nil }
                digits += 1
                if fraction >= scale {
                    if digit != 0 { return nil }
                    continue
                }
                if value > Int128.max / 100 { return nil }
                value = value * 10 + Int128(digit)
                if fraction >= 0 { fraction += 1 }
            }
            guard digits > 0, fraction != 0 else { return nil }
            for _ in max(fraction, 0)..<scale {
                if value > Int128.max / 100 { return nil }
                value *= 10
            }
            return isNegative ? -value : value
        }
    }
}
