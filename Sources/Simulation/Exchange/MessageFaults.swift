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

    /// One text in place of the first occurrence of another; `nil` when it is not there.
    static func replacing(_ text: String, by other: String, in message: [UInt8]) -> [UInt8]? {
        guard let place = firstPlace(of: text, in: message) else { return nil }
        return Array(message[..<place]) + Array(other.utf8)
            + Array(message[(place + text.utf8.count)...])
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

    static func firstPlace(of text: String, in message: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        guard message.count >= wanted.count else { return nil }
        return (0...(message.count - wanted.count)).first { place in
            message[place] == wanted[0]
                && message[place..<(place + wanted.count)].elementsEqual(wanted)
        }
    }
}
