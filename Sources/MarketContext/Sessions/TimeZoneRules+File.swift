/// Reading a zone file: RFC 9636 (TZif), versions 2 to 4.
extension TimeZoneRules {
    /// The rules in a zone file's bytes. Throws ``ContextFailure/timeZone(_:)`` at the first thing
    /// that is not as the format has it; version 1, of before 2005, is refused.
    public init(file bytes: [UInt8]) throws(ContextFailure) {
        var reader = ZoneFileReader(bytes: bytes)
        let old = try reader.header()
        try reader.skip(old.byteCount(timeSize: 4))
        let counts = try reader.header()
        let times = try reader.numbers(counts.times, size: 8)
        let kinds = try reader.numbers(counts.times, size: 1)
        var offsets: [Int64] = []
        for _ in 0..<counts.types {
            offsets.append(try reader.number(size: 4))
            try reader.skip(2)
        }
        try reader.skip(counts.names + counts.leaps * 12 + counts.standards + counts.universals)
        var transitions: [Transition] = []
        for (time, kind) in zip(times, kinds) {
            guard kind >= 0, kind < offsets.count else {
                throw .timeZone("a transition of unknown type \(kind)")
            }
            if let last = transitions.last, time <= last.time {
                throw .timeZone("transitions out of order")
            }
            transitions.append(Transition(time: time, offset: offsets[Int(kind)]))
        }
        guard let first = offsets.first else { throw .timeZone("no local time type") }
        initialOffset = first
        self.transitions = transitions
        let footer = try reader.footer()
        if footer.isEmpty {
            rule = nil
        } else {
            var text = ZoneRuleReader(text: footer)
            rule = try text.rule()
        }
    }
}

private struct ZoneFileReader {
    struct Counts {
        var universals, standards, leaps, times, types, names: Int

        func byteCount(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + names + leaps * (timeSize + 4) + standards
                + universals
        }
    }

    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func header() throws(ContextFailure) -> Counts {
        let isZoneFile = bytes.dropFirst(place).starts(with: Array("TZif".utf8))
        guard isZoneFile, bytes.count > place + 4, bytes[place + 4] >= UInt8(ascii: "2") else {
            throw .timeZone("not a zone file of version 2 or later")
        }
        try skip(20)
        var counts: [Int] = []
        for _ in 0..<6 {
            let count = try number(size: 4)
            // Far above any zone, far below an overflow.
            guard (0...100_000).contains(count) else { throw .timeZone("a count of \(count)") }
            counts.append(Int(count))
        }
        return Counts(
            universals: counts[0], standards: counts[1], leaps: counts[2], times: counts[3],
            types: counts[4], names: counts[5])
    }

    mutating func skip(_ count: Int) throws(ContextFailure) {
        guard place + count <= bytes.count else { throw .timeZone("cut off") }
        place += count
    }

    /// Big-endian, signed; single bytes are not.
    mutating func number(size: Int) throws(ContextFailure) -> Int64 {
        let start = place
        try skip(size)
        let bits = bytes[start..<place].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return switch size {
        case 4: Int64(Int32(truncatingIfNeeded: bits))
        case 8: Int64(bitPattern: bits)
        default: Int64(bits)
        }
    }

    mutating func numbers(_ count: Int, size: Int) throws(ContextFailure) -> [Int64] {
        var numbers: [Int64] = []
        for _ in 0..<count { numbers.append(try number(size: size)) }
        return numbers
    }

    /// The line between two line feeds at the end.
    mutating func footer() throws(ContextFailure) -> ArraySlice<UInt8> {
        let rest = bytes[place...]
        guard rest.count >= 2, rest.first == 10, rest.last == 10 else {
            throw .timeZone("no line at the end")
        }
        return rest.dropFirst().dropLast()
    }
}

/// Reads `GMT0BST,M3.5.0/1,M10.5.0`.
private struct ZoneRuleReader {
    var text: ArraySlice<UInt8>

    mutating func rule() throws(ContextFailure) -> DaylightRule {
        try skipName()
        // POSIX counts westwards.
        let standard = try -time()
        if text.isEmpty {
            return DaylightRule(standard: standard, daylight: standard, changes: nil)
        }
        try skipName()
        let isDefault = text.first == UInt8(ascii: ",")
        let daylight = isDefault ? standard + 3600 : try -time()
        let begin = try change()
        let end = try change()
        guard text.isEmpty else { throw failure }
        return DaylightRule(standard: standard, daylight: daylight, changes: (begin, end))
    }

    private var failure: ContextFailure {
        .timeZone("no rule at \"\(String(decoding: text, as: UTF8.self))\"")
    }

    private mutating func take(_ character: Character) -> Bool {
        guard let byte = character.asciiValue, text.first == byte else { return false }
        text.removeFirst()
        return true
    }

    private mutating func skipName() throws(ContextFailure) {
        let start = text.count
        if take("<") {
            text = text.drop { $0 != UInt8(ascii: ">") }
            guard take(">") else { throw failure }
        } else {
            text = text.drop { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        }
        if text.count == start { throw failure }
    }

    private mutating func number() throws(ContextFailure) -> Int64 {
        let digits = text.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard let number = Int64(String(decoding: digits, as: UTF8.self)), digits.count <= 3 else {
            throw failure
        }
        text = text.dropFirst(digits.count)
        return number
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private mutating func time() throws(ContextFailure) -> Int64 {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        var seconds = try number() * 3600
        if take(":") {
            seconds += try number() * 60
            if take(":") { seconds += try number() }
        }
        return isNegative ? -seconds : seconds
    }

    private mutating func change() throws(ContextFailure) -> DaylightRule.Change {
        guard take(",") else { throw failure }
        let day: DaylightRule.YearDay
        if take("M") {
            let month = try number()
            guard (1...12).contains(month), take(".") else { throw failure }
            let week = try number()
            guard (1...5).contains(week), take(".") else { throw failure }
            let weekday = try number()
            guard (0...6).contains(weekday) else { throw failure }
            day = .weekday(month: month, week: week, day: weekday)
        } else if take("J") {
            day = .julian(try number())
        } else {
            day = .zeroBased(try number())
        }
        return DaylightRule.Change(day: day, time: take("/") ? try time() : 7200)
    }
}
