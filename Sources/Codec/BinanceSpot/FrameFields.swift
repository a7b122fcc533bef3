/// The values of one flat message by key, in whatever order the keys come.
///
/// The venue's events use single letters; the few long names that envelopes, answers and depth
/// snapshots use have slots of their own. Other keys are ignored: fields are added without notice.
struct FrameFields {
    /// Long names, and their slots behind the 52 letters.
    enum Name {
        case stream, data, result, id, code, error, lastUpdateId, bids, asks, event, status
        case rateLimits
    }

    private var values = InlineArray<64, JSONValue>(repeating: .absent)
    private var present: UInt64 = 0

    /// Reads the next object of `scanner`. A key that has a slot must not occur twice.
    @_noLocks
    init(_ scanner: inout JSONScanner) throws(DecodeFailure) {
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            let slot = Self.slot(of: key)
            guard slot >= 0 else { continue }
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: slot)
            guard present & bit == 0 else { throw .duplicateKey }
            present |= bit
            values[slot] = value
        }
    }

    /// Reads an object found earlier.
    @_noLocks
    init(_ object: JSONValue) throws(DecodeFailure) {
        var scanner = try JSONScanner(object)
        try self.init(&scanner)
    }

    /// The value of a single-letter key.
    @inline(__always)
    subscript(_ letter: StaticString) -> JSONValue {
        @_noLocks get { values[Self.slot(ofLetter: letter.utf8Start.pointee)] }
    }

    @inline(__always)
    subscript(_ name: Name) -> JSONValue {
        @_noLocks get { values[Self.slot(of: name)] }
    }

    @_noLocks
    private static func slot(of key: JSONValue) -> Int {
        if key.count == 1, !key.hasEscapes, let start = key.start {
            return slot(ofLetter: start.pointee)
        }
        if key.hasEscapes {
            var letter: UInt16 = 0
            let count = withUnsafeMutableBytes(of: &letter) { buffer in
                guard let base = buffer.baseAddress else { return -1 }
                return key.copyText(to: base.assumingMemoryBound(to: UInt8.self), capacity: 1)
            }
            if count == 1 { return slot(ofLetter: UInt8(truncatingIfNeeded: letter)) }
        }
        return slot(ofName: key)
    }

    private static func slot(ofName key: JSONValue) -> Int {
        if key.equals("stream") { return slot(of: .stream) }
        if key.equals("data") { return slot(of: .data) }
        if key.equals("result") { return slot(of: .result) }
        if key.equals("id") { return slot(of: .id) }
        if key.equals("code") { return slot(of: .code) }
        if key.equals("error") { return slot(of: .error) }
        if key.equals("lastUpdateId") { return slot(of: .lastUpdateId) }
        if key.equals("bids") { return slot(of: .bids) }
        if key.equals("asks") { return slot(of: .asks) }
        if key.equals("event") { return slot(of: .event) }
        if key.equals("status") { return slot(of: .status) }
        return key.equals("rateLimits") ? slot(of: .rateLimits) : -1
    }

    /// 0...25 for capital letters, 26...51 for small ones, -1 for other bytes.
    @inline(__always)
    private static func slot(ofLetter byte: UInt8) -> Int {
        let capital = byte &- UInt8(ascii: "A")
        if capital < 26 { return Int(capital) }
        let small = byte &- UInt8(ascii: "a")
        return small < 26 ? 26 &+ Int(small) : -1
    }

    @inline(__always)
    private static func slot(of name: Name) -> Int {
        switch name {
        case .stream: 52
        case .data: 53
        case .result: 54
        case .id: 55
        case .code: 56
        case .error: 57
        case .lastUpdateId: 58
        case .bids: 59
        case .asks: 60
        case .event: 61
        case .status: 62
        case .rateLimits: 63
        }
    }
}
