/// Writes the parameters of a request as JSON members or as the text that is signed.
///
/// One pass of calls, made in the order of the names, serves both, so what is signed is what is
/// sent: JSON `"price":"1.50","symbol":"BTCUSDT"`, signed `price=1.50&symbol=BTCUSDT`.
struct ParameterWriter {
    var text: TextWriter
    let isSigningText: Bool
    private var isFirst = true

    @_noLocks @inline(__always)
    init(_ text: TextWriter, isSigningText: Bool) {
        self.text = text
        self.isSigningText = isSigningText
    }

    /// A text value made of bytes prepared earlier (see ``TextWriter/write(_:count:)``).
    @_noLocks @inline(__always)
    mutating func add(_ name: StaticString, _ value: UnsafePointer<UInt8>, count: Int) {
        begin(name, isQuoted: true)
        text.write(value, count: count)
        endQuoted()
    }

    @_noLocks @inline(__always)
    mutating func add(_ name: StaticString, _ value: StaticString) {
        begin(name, isQuoted: true)
        text.write(value)
        endQuoted()
    }

    @_noLocks @inline(__always)
    mutating func add(_ name: StaticString, number: UInt64) {
        begin(name, isQuoted: false)
        text.write(number)
    }

    /// False when the number cannot be printed exactly.
    @_noLocks @inline(__always)
    mutating func add(
        _ prefix: StaticString, _ name: StaticString, _ raw: Int64, scale: UInt8,
        decimals: UInt8
    ) -> Bool {
        begin(prefix, name, isQuoted: true)
        let isExact = text.write(raw, scale: scale, decimals: decimals)
        endQuoted()
        return isExact
    }

    /// The name and what stands between it and its value.
    @_noLocks @inline(__always)
    mutating func begin(_ name: StaticString, isQuoted: Bool) {
        begin("", name, isQuoted: isQuoted)
    }

    /// The same for a name in two parts: `above` and `Price`.
    @_noLocks @inline(__always)
    mutating func begin(_ prefix: StaticString, _ name: StaticString, isQuoted: Bool) {
        if isSigningText {
            if !isFirst { text.write(byte: UInt8(ascii: "&")) }
            text.write(prefix)
            text.write(name)
            text.write(byte: UInt8(ascii: "="))
        } else {
            if !isFirst { text.write(byte: UInt8(ascii: ",")) }
            text.write(byte: UInt8(ascii: "\""))
            text.write(prefix)
            text.write(name)
            text.write(isQuoted ? "\":\"" : "\":")
        }
        isFirst = false
    }

    @_noLocks @inline(__always)
    mutating func endQuoted() {
        if !isSigningText { text.write(byte: UInt8(ascii: "\"")) }
    }
}
