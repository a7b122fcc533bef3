/// Ways to spoil a message of the exchange; pure.
enum MessageFaults {
    /// The first `share` of a message, at least one byte short.
    static func truncated(_ message: [UInt8], to count: Int) -> [UInt8] {
        Array(message.prefix(max(0, min(count, message.count - 1))))
    }

    /// How many objects without objects in them a list has.
    static func elementCount(_ list: [UInt8]) -> Int { list.count { $0 == UInt8(ascii: "}") } }

    /// A list of such objects without those behind the first so many.
    static func elements(_ list: [UInt8], first count: Int) -> [UInt8] {
        if count == 0 { return Array("[]".utf8) }
        let ends = list.indices.filter { list[$0] == UInt8(ascii: "}") }
        return ends.count > count ? list[...ends[count - 1]] + [UInt8(ascii: "]")] : list
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

    /// The value of the first field written as a number in text, replaced by `value`; `nil` when
    /// there is none.
    static func replacingNumber(_ message: [UInt8], by value: String) -> [UInt8]? {
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

    /// One text in place of the first occurrence of another; `nil` when it is not there.
    static func replacing(_ text: String, by other: String, in message: [UInt8]) -> [UInt8]? {
        guard let place = firstPlace(of: text, in: message) else { return nil }
        return Array(message[..<place]) + Array(other.utf8)
            + Array(message[(place + text.utf8.count)...])
    }

    static func contains(_ message: [UInt8], _ text: String) -> Bool {
        firstPlace(of: text, in: message) != nil
    }

    /// A best bid above the best ask: the two prices of a `bookTicker`, exchanged.
    static func crossedTop(_ message: [UInt8]) -> [UInt8]? {
        guard let bid = text(behind: "\"b\":\"", in: message),
            let ask = text(behind: "\"a\":\"", in: message), bid != ask,
            let first = replacing("\"b\":\"" + bid, by: "\"b\":\"" + ask, in: message)
        else { return nil }
        return replacing("\"a\":\"" + ask, by: "\"a\":\"" + bid, in: first)
    }

    /// A diff with one bid more, far above every ask: of this quantity, zero takes it away again.
    static func withHighBid(_ message: [UInt8], quantity: String) -> [UInt8]? {
        let mark = "\"b\":["
        guard let place = firstPlace(of: mark, in: message) else { return nil }
        let start = place + mark.utf8.count
        let isAlone = message[start] == UInt8(ascii: "]")
        let level = "[\"900000.00000000\",\"\(quantity)\"]" + (isAlone ? "" : ",")
        return Array(message[..<start]) + Array(level.utf8) + Array(message[start...])
    }

    /// The symbol of a diff and the number of its last update.
    static func place(ofDiff message: [UInt8]) -> (symbol: String, updateID: Int64)? {
        guard let symbol = text(behind: "\"s\":\"", in: message),
            let mark = firstPlace(of: "\"u\":", in: message)
        else { return nil }
        let digits = message[(mark + 4)...].prefix { $0.isDigit }
        return Int64(String(decoding: digits, as: UTF8.self)).map { (symbol, $0) }
    }

    /// Heads of HTTP answers that no reader may take for one.
    static let corruptHeads: [[UInt8]] = [
        "HTTQ/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}!",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "HTTP/1.1 200 OK\r\nA: \u{1}\u{2}\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    ].map { Array($0.utf8) }

    /// A frame with an opcode that does not exist.
    static let corruptFrame: [UInt8] = [0x83 | 0x70, 0x04, 1, 2, 3, 4]

    private static func text(behind mark: String, in message: [UInt8]) -> String? {
        guard let place = firstPlace(of: mark, in: message) else { return nil }
        let rest = message[(place + mark.utf8.count)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    private static func firstPlace(of text: String, in message: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        guard message.count >= wanted.count else { return nil }
        return (0...(message.count - wanted.count)).first { place in
            message[place] == wanted[0]
                && message[place..<(place + wanted.count)].elementsEqual(wanted)
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
