// Walking over whole values: the grammar of RFC 8259 without recursion.

extension JSONScanner {
    /// Steps over an object or array with everything in it; `enclosing` containers are open.
    @_noLocks
    mutating func skipContainer(enclosing: Int) throws(DecodeFailure) {
        // One bit a level, the innermost lowest: set for an object.
        var objects: UInt64 = 0
        var level = 0
        repeat {
            skipWhitespace()
            guard position < end else { throw .truncated }
            let byte = position.pointee
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                guard enclosing &+ level < Self.maximumDepth else { throw .tooDeep }
                let isObject = byte == UInt8(ascii: "{")
                objects = objects << 1 | (isObject ? 1 : 0)
                level &+= 1
                position += 1
                if !skipClosing(isObject) {
                    if isObject { try skipKey() }
                    continue
                }
                objects >>= 1
                level &-= 1
            } else {
                try skipScalar()
            }
            // A value has ended: containers close until one goes on.
            while level > 0 {
                let isObject = objects & 1 == 1
                if skipClosing(isObject) {
                    objects >>= 1
                    level &-= 1
                    continue
                }
                guard position < end else { throw .truncated }
                guard position.pointee == UInt8(ascii: ",") else { throw .invalidJSON }
                position += 1
                if isObject { try skipKey() }
                break
            }
        } while level > 0
    }

    /// A string token as a value; checks escapes and UTF-8.
    @_noLocks
    mutating func scanString() throws(DecodeFailure) -> JSONValue {
        guard position < end else { throw .truncated }
        guard position.pointee == UInt8(ascii: "\"") else { throw .invalidJSON }
        position += 1
        let start = position
        var hasEscapes = false
        while true {
            // Eight plain bytes at a time while the text lasts.
            while end - position >= 8 {
                let marks = EightBytes.special(EightBytes.load(position))
                position += Int(EightBytes.bitsBefore(marks) >> 3)
                if marks != 0 { break }
            }
            guard position < end else { throw .truncated }
            let byte = position.pointee
            if byte == UInt8(ascii: "\"") {
                let count = position - start
                position += 1
                return JSONValue(.string, start, count: count, hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try skipEscape()
            } else if byte < 0x20 {
                throw .invalidText
            } else if byte < 0x80 {
                position += 1
            } else {
                try skipMultibyte()
            }
        }
    }

    @_noLocks
    mutating func skipWord(_ word: StaticString) throws(DecodeFailure) {
        let count = word.utf8CodeUnitCount
        let expected = word.utf8Start
        guard end - position >= count else { throw .truncated }
        var index = 0
        while index < count {
            guard position[index] == expected[index] else { throw .invalidJSON }
            index &+= 1
        }
        position += count
    }

    /// Steps over `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
    @_noLocks
    mutating func skipNumber() throws(DecodeFailure) {
        if skipByte(UInt8(ascii: "-")), position == end { throw .truncated }
        if skipByte(UInt8(ascii: "0")) {
            if position < end, position.pointee &- UInt8(ascii: "0") < 10 { throw .invalidJSON }
        } else {
            try skipDigits()
        }
        if skipByte(UInt8(ascii: ".")) {
            try skipDigits()
        }
        if skipByte(UInt8(ascii: "e")) || skipByte(UInt8(ascii: "E")) {
            if !skipByte(UInt8(ascii: "+")) { _ = skipByte(UInt8(ascii: "-")) }
            try skipDigits()
        }
    }

    private mutating func skipScalar() throws(DecodeFailure) {
        switch position.pointee {
        case UInt8(ascii: "\""): _ = try scanString()
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
    }

    private mutating func skipKey() throws(DecodeFailure) {
        skipWhitespace()
        _ = try scanString()
        skipWhitespace()
        guard position < end else { throw .truncated }
        guard position.pointee == UInt8(ascii: ":") else { throw .invalidJSON }
        position += 1
    }

    private mutating func skipClosing(_ isObject: Bool) -> Bool {
        skipWhitespace()
        return skipByte(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    @inline(__always)
    private mutating func skipByte(_ byte: UInt8) -> Bool {
        guard position < end, position.pointee == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() throws(DecodeFailure) {
        let start = position
        while position < end, position.pointee &- UInt8(ascii: "0") < 10 { position += 1 }
        if position == start { throw position == end ? .truncated : .invalidJSON }
    }

    private mutating func skipEscape() throws(DecodeFailure) {
        guard end - position >= 2 else { throw .truncated }
        switch position[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            let unit = try skipUnit()
            if unit & 0xFC00 == 0xDC00 { throw .invalidText }
            if unit & 0xFC00 == 0xD800 { try skipLowSurrogate() }
        default:
            throw .invalidText
        }
    }

    /// The second half of a pair: `\uDC00` to `\uDFFF`.
    private mutating func skipLowSurrogate() throws(DecodeFailure) {
        guard position < end else { throw .truncated }
        guard position.pointee == UInt8(ascii: "\\") else { throw .invalidText }
        guard end - position >= 2 else { throw .truncated }
        guard position[1] == UInt8(ascii: "u") else { throw .invalidText }
        guard try skipUnit() & 0xFC00 == 0xDC00 else { throw .invalidText }
    }

    /// `\uXXXX`: its sixteen bits.
    private mutating func skipUnit() throws(DecodeFailure) -> UInt32 {
        guard end - position >= 6 else { throw .truncated }
        let unit = EscapeReader.unit(position + 2)
        guard unit <= 0xFFFF else { throw .invalidText }
        position += 6
        return unit
    }

    /// One UTF-8 sequence of two to four bytes, by the table of RFC 3629: no overlong forms, no
    /// surrogates, nothing above U+10FFFF.
    private mutating func skipMultibyte() throws(DecodeFailure) {
        let lead = position.pointee
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        let count: Int
        switch lead {
        case 0xC2...0xDF: count = 2
        case 0xE0...0xEF:
            count = 3
            if lead == 0xE0 { low = 0xA0 }
            if lead == 0xED { high = 0x9F }
        case 0xF0...0xF4:
            count = 4
            if lead == 0xF0 { low = 0x90 }
            if lead == 0xF4 { high = 0x8F }
        default: throw .invalidText
        }
        guard end - position >= count else { throw .truncated }
        guard position[1] >= low, position[1] <= high else { throw .invalidText }
        var index = 2
        while index < count {
            guard position[index] & 0xC0 == 0x80 else { throw .invalidText }
            index &+= 1
        }
        position += count
    }
}
