/// Start line and fields of one message, as places inside the buffer that holds it.
struct HTTPHead: Sendable {
    struct Place: BitwiseCopyable, Sendable {
        var start = 0
        var count = 0
    }

    struct Field: BitwiseCopyable, Sendable {
        var name: Place
        var value: Place
    }

    /// How the body's end is found (RFC 9112 section 6.3).
    enum Framing: Equatable, Sendable {
        case none
        case sized(Int)
        case chunked
        case untilClose
    }

    var method = Place()
    var target = Place()
    var status = 0
    var isVersion11 = false
    var fields: [Field] = []
    var framing = Framing.none
    var keepsAlive = false
    var isUpgrade = false
}

/// The bytes of a message, for comparing and cutting.
struct HTTPText {
    let bytes: UnsafeRawPointer

    subscript(index: Int) -> UInt8 { bytes.load(fromByteOffset: index, as: UInt8.self) }

    func string(_ place: HTTPHead.Place) -> String {
        String(
            decoding: UnsafeRawBufferPointer(start: bytes + place.start, count: place.count),
            as: UTF8.self)
    }

    /// Compares without regard to ASCII case, as field names and most tokens are.
    func equals(_ place: HTTPHead.Place, _ text: String) -> Bool {
        var text = text
        return text.withUTF8 { wanted in
            wanted.count == place.count
                && wanted.indices.allSatisfy {
                    lowercased(self[place.start + $0]) == lowercased(wanted[$0])
                }
        }
    }

    /// True when the comma-separated list at `place` has the element `token`.
    func lists(_ place: HTTPHead.Place, _ token: String) -> Bool {
        var start = place.start
        let end = place.start + place.count
        for index in place.start...end where index == end || self[index] == UInt8(ascii: ",") {
            if equals(trimmed(start, index), token) { return true }
            start = index + 1
        }
        return false
    }

    /// `[start, end)` without spaces and tabs around it.
    func trimmed(_ start: Int, _ end: Int) -> HTTPHead.Place {
        var start = start
        var end = end
        while start < end, isBlank(self[start]) { start += 1 }
        while end > start, isBlank(self[end - 1]) { end -= 1 }
        return HTTPHead.Place(start: start, count: end - start)
    }
}

func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

/// Characters of a token: methods and field names (RFC 9110 section 5.6.2).
func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
        UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
        UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
        true
    default: false
    }
}

/// Characters of a field value: visible ones, blanks and bytes above ASCII (section 5.5).
func isFieldCharacter(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }
