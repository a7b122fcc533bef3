import MarketModel

/// One line of a capture: receive stamp, space, message; `nil` for any other form.
///
/// Looks only at the first bytes of the message, to pick depth messages out of many others
/// without decoding them.
struct CaptureBookLine {
    enum Kind {
        case snapshot
        case diff
        case other
    }

    /// Bytes of a message in which its kind, symbol and ids stand on every venue understood.
    private static let headCount = 320

    let receiveTime: Timestamp
    /// The message.
    let start: UnsafePointer<UInt8>
    let count: Int

    init?(_ line: UnsafeBufferPointer<UInt8>) {
        guard let base = line.baseAddress, let space = line.firstIndex(of: UInt8(ascii: " ")),
            let stamp = Int64(String(decoding: line[..<space], as: UTF8.self))
        else { return nil }
        // Older recordings have microseconds, told by their 16 digits.
        let (nanoseconds, overflow) = stamp.multipliedReportingOverflow(by: space == 16 ? 1_000 : 1)
        if overflow { return nil }
        receiveTime = Timestamp(nanoseconds: nanoseconds)
        start = base + space + 1
        count = line.count - space - 1
    }

    var kind: Kind {
        if find("\"lastUpdateId\":", within: 64) != nil { return .snapshot }
        return find("\"depthUpdate\"") == nil ? .other : .diff
    }

    /// The `s` of a diff.
    var symbol: String? {
        guard let place = find("\"s\":\"") else { return nil }
        let text = UnsafeBufferPointer(start: start + place, count: count - place)
        return String(decoding: text.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }

    /// The `pu` of a futures diff: the last update id of the diff before.
    var previousUpdateID: Int64? {
        guard let place = find("\"pu\":") else { return nil }
        let text = UnsafeBufferPointer(start: start + place, count: count - place)
        let digits = text.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// Digits after the point in the first level's price and quantity.
    var decimals: (price: Int, quantity: Int)? {
        guard let place = find("[[\"") else { return nil }
        let text = UnsafeBufferPointer(start: start + place, count: min(64, count - place))
        let fields = text.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
        guard fields.count > 3 else { return nil }
        func decimals(_ field: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
            guard let point = field.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
            return field.endIndex - point - 1
        }
        return (decimals(fields[0]), decimals(fields[2]))
    }

    /// The offset just behind `marker`, searched in the first bytes of the message.
    private func find(_ marker: StaticString, within limit: Int = headCount) -> Int? {
        let length = marker.utf8CodeUnitCount
        let last = min(limit, count) - length
        if last < 0 { return nil }
        for offset in 0...last {
            var matched = 0
            while matched < length, start[offset + matched] == marker.utf8Start[matched] {
                matched += 1
            }
            if matched == length { return offset + length }
        }
        return nil
    }
}
