/// Messages of the binary market streams: a header of eight bytes (length of the fields, template,
/// schema, version), fields, groups, the symbol (sheet section 15.2).
enum BinaryMessages: MessageForm {
    private static let header = 8
    private static let top: UInt16 = 10_001
    private static let diff: UInt16 = 10_003

    static func isDiff(_ message: UnsafeRawBufferPointer) -> Bool { template(message) == diff }
    static func isTop(_ message: UnsafeRawBufferPointer) -> Bool { template(message) == top }

    private static func template(_ message: UnsafeRawBufferPointer) -> UInt16? {
        message.count < header ? nil : message.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
    }

    /// The symbol of a diff and the number of its last update.
    static func place(ofDiff message: [UInt8]) -> (symbol: String, updateID: Int64)? {
        guard message.withUnsafeBytes(isDiff), let symbol = symbolPlace(message),
            symbol < message.count
        else { return nil }
        let name = message[(symbol + 1)...]
        return (String(decoding: name, as: UTF8.self), Int64(number(message, 24, width: 8)))
    }

    /// Where the symbol of a diff begins, with its length: behind two groups.
    private static func symbolPlace(_ message: [UInt8]) -> Int? {
        var place = header + Int(number(message, 0, width: 2))
        for _ in 0..<2 {
            guard place + 4 <= message.count else { return nil }
            place += 4 + Int(number(message, place, width: 2) * number(message, place + 2, width: 2))
        }
        return place < message.count ? place : nil
    }

    /// Eight bytes behind the fields: what a later version of the schema may add.
    static func unknownField(_ message: [UInt8]) -> [UInt8] {
        guard message.count >= header else { return message }
        var longer = message
        let length = Int(number(message, 0, width: 2))
        guard header + length <= message.count else { return message }
        longer.insert(contentsOf: [1, 2, 3, 4, 5, 6, 7, 8], at: header + length)
        set(&longer, 0, UInt64(length + 8), width: 2)
        set(&longer, 6, number(message, 6, width: 2) + 1, width: 2)
        return longer
    }

    /// The symbol is the only text, and the last of all.
    static func invalidText(_ message: [UInt8], at place: Int) -> [UInt8] {
        var other = message
        if !other.isEmpty { other[other.count - 1] = 0xFF }
        return other
    }

    /// A template that the schema does not have.
    static func wrongType(_ message: [UInt8]) -> [UInt8]? {
        if message.count < header { return nil }
        var other = message
        set(&other, 2, 999, width: 2)
        return other
    }

    /// Powers of ten that no number of the engine's holds.
    static func hugeNumber(_ message: [UInt8]) -> [UInt8]? {
        guard let exponents = exponentPlace(message) else { return nil }
        var other = message
        other[exponents] = 18
        other[exponents + 1] = 18
        return other
    }

    /// The last two bytes of the fields, but for those of a top of book.
    private static func exponentPlace(_ message: [UInt8]) -> Int? {
        let place = message.withUnsafeBytes(isTop) ? 16 : Int(number(message, 0, width: 2)) - 2
        return place >= 0 && header + place + 2 <= message.count ? header + place : nil
    }

    /// A best bid above the best ask: the two prices of a top of book, exchanged.
    static func crossedTop(_ message: [UInt8]) -> [UInt8]? {
        let (bid, ask) = (header + 18, header + 34)
        guard message.withUnsafeBytes(isTop), message.count >= ask + 8 else { return nil }
        let prices = (number(message, bid, width: 8), number(message, ask, width: 8))
        if prices.0 == prices.1 { return nil }
        var other = message
        set(&other, bid, prices.1, width: 8)
        set(&other, ask, prices.0, width: 8)
        return other
    }

    /// A diff with one bid more, far above every ask: of this quantity, zero takes it away again.
    static func withHighBid(_ message: [UInt8], isTakenAway: Bool) -> [UInt8]? {
        let bids = header + Int(number(message, 0, width: 2))
        guard let exponents = exponentPlace(message), symbolPlace(message) != nil else { return nil }
        var level = [UInt8](repeating: 0, count: 16)
        // 900,000 and 1 in the powers of ten of the message.
        set(&level, 0, 900_000 * power(message[exponents]), width: 8)
        set(&level, 8, isTakenAway ? 0 : power(message[exponents + 1]), width: 8)
        var other = message
        other.insert(contentsOf: level, at: bids + 4)
        set(&other, bids + 2, number(message, bids + 2, width: 2) + 1, width: 2)
        return other
    }

    /// What makes units of an exponent of -8...0 from a whole number.
    private static func power(_ exponent: UInt8) -> UInt64 {
        (0..<max(0, -Int(Int8(bitPattern: exponent)))).reduce(1) { power, _ in power * 10 }
    }

    // MARK: - Little-endian numbers

    /// 0 behind the end.
    private static func number(_ message: [UInt8], _ place: Int, width: Int) -> UInt64 {
        guard place + width <= message.count else { return 0 }
        return (0..<width).reduce(0) { $0 | UInt64(message[place + $1]) << UInt64(8 * $1) }
    }

    private static func set(_ message: inout [UInt8], _ place: Int, _ value: UInt64, width: Int) {
        for index in 0..<width {
            message[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }
}
