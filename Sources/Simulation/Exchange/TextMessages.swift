import Glibc

/// Messages in JSON: `{"stream":"btcusdt@depth","data":{...}}`.
enum TextMessages: MessageForm {
    static func isDiff(_ message: UnsafeRawBufferPointer) -> Bool {
        isStream("@depth", message)
    }

    static func isTop(_ message: UnsafeRawBufferPointer) -> Bool {
        isStream("@bookTicker", message)
    }

    /// Whether it is a frame of a stream whose name goes on like this behind the symbol.
    private static func isStream(_ kind: StaticString, _ message: UnsafeRawBufferPointer) -> Bool {
        guard let start = message.baseAddress,
            let at = memchr(start, 0x40, min(message.count, 48))
        else { return false }
        let place = UnsafeRawPointer(at) - start
        let length = kind.utf8CodeUnitCount
        return place + length <= message.count && memcmp(at, kind.utf8Start, length) == 0
    }

    /// A byte that no UTF-8 text has.
    static func invalidText(_ message: [UInt8], at place: Int) -> [UInt8] {
        var bytes = message
        bytes.insert(0xFF, at: max(0, min(place, bytes.count)))
        return bytes
    }

    /// A field that nobody has heard of, first in the outermost object.
    static func unknownField(_ message: [UInt8]) -> [UInt8] {
        guard message.first == UInt8(ascii: "{") else { return message }
        return Array("{\"zz\":{\"later\":[1,2.5,null,\"x\"]},".utf8) + message.dropFirst()
    }

    static func wrongType(_ message: [UInt8]) -> [UInt8]? {
        replacingNumber(message, by: "true")
    }

    static func hugeNumber(_ message: [UInt8]) -> [UInt8]? {
        replacingNumber(message, by: "\"99999999999999999999.5\"")
    }

    /// The value of the first field written as a number in text, replaced by `value`; `nil` when
    /// there is none.
    private static func replacingNumber(_ message: [UInt8], by value: String) -> [UInt8]? {
        var place = 0
        while place + 3 < message.count {
            let isValue =
                message[place] == UInt8(ascii: ":") && message[place + 1] == UInt8(ascii: "\"")
                && message[place + 2].isDigit
            if isValue, let end = message[(place + 2)...].firstIndex(of: UInt8(ascii: "\"")) {
                return Array(message[...place]) + Array(value.utf8) + Array(message[(end + 1)...])
            }
            place += 1
        }
        return nil
    }

    /// A best bid above the best ask: the two prices of a `bookTicker`, exchanged.
    static func crossedTop(_ message: [UInt8]) -> [UInt8]? {
        guard let bid = text(behind: "\"b\":\"", in: message),
            let ask = text(behind: "\"a\":\"", in: message), bid != ask,
            let first = MessageFaults.replacing("\"b\":\"" + bid, by: "\"b\":\"" + ask, in: message)
        else { return nil }
        return MessageFaults.replacing("\"a\":\"" + ask, by: "\"a\":\"" + bid, in: first)
    }

    /// A diff with one bid more, far above every ask: of this quantity, zero takes it away again.
    static func withHighBid(_ message: [UInt8], isTakenAway: Bool) -> [UInt8]? {
        let mark = "\"b\":["
        guard let place = MessageFaults.firstPlace(of: mark, in: message) else { return nil }
        let start = place + mark.utf8.count
        let isAlone = message[start] == UInt8(ascii: "]")
        let quantity = isTakenAway ? "0.00000000" : "1.00000000"
        let level = "[\"900000.00000000\",\"\(quantity)\"]" + (isAlone ? "" : ",")
        return Array(message[..<start]) + Array(level.utf8) + Array(message[start...])
    }

    /// The symbol of a diff and the number of its last update.
    static func place(ofDiff message: [UInt8]) -> (symbol: String, updateID: Int64)? {
        guard let symbol = text(behind: "\"s\":\"", in: message),
            let mark = MessageFaults.firstPlace(of: "\"u\":", in: message)
        else { return nil }
        let digits = message[(mark + 4)...].prefix { $0.isDigit }
        return Int64(String(decoding: digits, as: UTF8.self)).map { (symbol, $0) }
    }

    private static func text(behind mark: String, in message: [UInt8]) -> String? {
        guard let place = MessageFaults.firstPlace(of: mark, in: message) else { return nil }
        let rest = message[(place + mark.utf8.count)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
