import MarketModel

/// A request's parameters in the order sent, with readers that refuse in the venue's words.
struct Parameters {
    struct Entry: Equatable {
        let name: String
        let value: String
    }

    private(set) var entries: [Entry]

    init(_ entries: [Entry]) { self.entries = entries }

    /// Reads `a=1&b=2`, percent-decoded.
    init(query: String) {
        entries = query.split(separator: "&").map { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Entry(
                name: Self.percentDecoded(pair[0]),
                value: pair.count > 1 ? Self.percentDecoded(pair[1]) : "")
        }
    }

    /// The `params` member of a WebSocket API request.
    init(_ value: JSONValue?) {
        guard case .object(let members)? = value else {
            entries = []
            return
        }
        entries = members.map { Entry(name: $0.name, value: $0.value.signedText) }
    }

    /// The value when sent and not empty.
    subscript(name: String) -> String? {
        guard let value = entries.first(where: { $0.name == name })?.value, !value.isEmpty else {
            return nil
        }
        return value
    }

    func required(_ name: String) throws(Rejection) -> String {
        guard let value = self[name] else { throw .missing(name) }
        return value
    }

    func integer(_ name: String) throws(Rejection) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let value = Int64(text) else {
            throw .illegalCharacters(name, range: "^[0-9]{1,20}$")
        }
        return value
    }

    /// A moment in milliseconds or microseconds since 1970, both accepted.
    func time(_ name: String) throws(Rejection) -> Timestamp? {
        guard let value = try integer(name) else { return nil }
        guard value >= 0 else {
            throw .illegalCharacters(name, range: "^[0-9]{1,20}$")
        }
        // Microseconds of any year since 1973 exceed this.
        let scale: Int64 = value > 100_000_000_000_000 ? 1_000 : 1_000_000
        let (nanoseconds, overflows) = value.multipliedReportingOverflow(by: scale)
        return overflows ? .never : Timestamp(nanoseconds: nanoseconds)
    }

    /// `startTime` to `endTime`, at most a day apart when both are sent.
    func period() throws(Rejection) -> ClosedRange<Timestamp> {
        let start = try time("startTime")
        let end = try time("endTime")
        if let start, let end, end > start, (end - start) > .day { throw .tooManyHours }
        let first = start ?? .unknown
        return first...max(end ?? .never, first)
    }

    /// Milliseconds east of Greenwich from `timeZone`: `8` or `-1:00`, -12:00 to +14:00.
    func timeZone() throws(Rejection) -> Int64 {
        guard let name = self["timeZone"] else { return 0 }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard let hours = Int64(parts[0]), (-12...14).contains(hours), parts.count <= 2,
            let minutes = parts.count == 2 ? Int64(parts[1]) : 0, (0..<60).contains(minutes),
            minutes == 0 || hours > -12 && hours < 14
        else { throw .illegalCharacters("timeZone", range: "^[+-]?[0-9]{1,2}(:[0-9]{2})?$") }
        let sign: Int64 = name.hasPrefix("-") ? -1 : 1
        return hours * CandleInterval.hour + sign * minutes * CandleInterval.minute
    }

    /// A plain decimal with at most 8 digits after the point, in units of 1e-8.
    func decimal(_ name: String) throws(Rejection) -> Int64? {
        guard let text = self[name] else { return nil }
        let failure: DecimalFailure
        do throws(DecimalFailure) {
            let value = try parseDecimal(text, scale: Money.scale)
            if !text.hasPrefix("-") { return value }
            failure = .notADigit
        } catch {
            failure = error
        }
        if failure == .tooPrecise { throw .tooPrecise(name) }
        throw .illegalCharacters(name, range: "^([0-9]{1,20})(\\.[0-9]{1,20})?$")
    }

    func requiredDecimal(_ name: String) throws(Rejection) -> Int64 {
        guard let value = try decimal(name) else { throw .missing(name) }
        return value
    }

    /// A client order id: 1 to 36 letters, digits, `-` or `_` (sheet section 2).
    func clientOrderID(_ name: String) throws(Rejection) -> String? {
        guard let text = self[name] else { return nil }
        let isLegal = text.utf8.count <= 36
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        guard isLegal else { throw .illegalCharacters(name, range: "^[a-zA-Z0-9-_]{1,36}$") }
        return text
    }

    func boolean(_ name: String) -> Bool? { self[name].map { $0 == "true" } }

    /// How many rows are wanted, within 1...`maximum`.
    func limit(default usual: Int, maximum: Int) throws(Rejection) -> Int {
        guard let value = try integer("limit") else { return usual }
        guard value > 0 else { throw .invalidData("limit") }
        return Int(min(value, Int64(maximum)))
    }

    static func percentDecoded(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") })
        else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
