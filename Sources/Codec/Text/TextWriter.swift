/// Writes text into memory that the caller owns: literals, digits, names.
///
/// The caller guarantees room: every writing function may store up to 8 bytes past what it adds,
/// so the target needs the longest text plus 8 bytes.
struct TextWriter {
    let start: UnsafeMutablePointer<UInt8>
    var position: UnsafeMutablePointer<UInt8>

    @_noLocks @inline(__always)
    init(_ target: UnsafeMutablePointer<UInt8>) {
        start = target
        position = target
    }

    @inline(__always)
    var count: Int { @_noLocks get { position - start } }

    /// Adds a literal; the compiler folds it into immediate stores.
    @_noLocks @inline(__always)
    mutating func write(_ literal: StaticString) {
        let source = literal.utf8Start
        let count = literal.utf8CodeUnitCount
        var index = 0
        while index &+ 8 <= count {
            EightBytes.store(EightBytes.load(source + index), to: position + index)
            index &+= 8
        }
        if index < count {
            // What is left of the literal, in one store.
            var rest: UInt64 = 0
            var shift: UInt64 = 0
            var next = index
            while next < count {
                rest |= UInt64(source[next]) &<< shift
                shift &+= 8
                next &+= 1
            }
            EightBytes.store(rest, to: position + index)
        }
        position += count
    }

    /// Adds bytes prepared earlier, eight at a time: `source` must be readable up to the next
    /// multiple of eight.
    @_noLocks @inline(__always)
    mutating func write(_ source: UnsafePointer<UInt8>, count: Int) {
        var index = 0
        while index < count {
            EightBytes.store(EightBytes.load(source + index), to: position + index)
            index &+= 8
        }
        position += count
    }

    @_noLocks @inline(__always)
    mutating func write(byte: UInt8) {
        position.pointee = byte
        position += 1
    }

    /// Adds an integer without leading zeros.
    @_noLocks
    mutating func write(_ number: UInt64) {
        if number < 100_000_000 {
            writeHead(number)
            return
        }
        let high = number / 100_000_000
        let low = number &- high &* 100_000_000
        if high < 100_000_000 {
            writeHead(high)
        } else {
            let top = high / 100_000_000
            writeHead(top)
            writeGroup(high &- top &* 100_000_000)
        }
        writeGroup(low)
    }

    /// Adds `raw`, in units of 10^-`scale`, with exactly `decimals` digits after the point.
    ///
    /// False, and nothing added, when that would lose a digit that is not zero, when `raw` is
    /// negative or when a scale is above 18: a price is never rounded on its way out.
    @_noLocks
    mutating func write(_ raw: Int64, scale: UInt8, decimals: UInt8) -> Bool {
        guard raw >= 0, scale <= 18, decimals <= 18 else { return false }
        let value = UInt64(truncatingIfNeeded: raw)
        guard scale == 8, decimals <= 8 else {
            return writeGeneral(value, scale: Int(scale), decimals: Int(decimals))
        }
        let whole = value / 100_000_000
        let fraction = EightBytes.digits(value &- whole &* 100_000_000)
        let kept = UInt64(decimals) &* 8
        // Digits beyond `decimals` sit in the high bytes.
        if decimals < 8, fraction &>> kept != 0 { return false }
        write(whole)
        if decimals > 0 {
            position.pointee = UInt8(ascii: ".")
            EightBytes.store(fraction | EightBytes.zeros, to: position + 1)
            position += 1 &+ Int(decimals)
        }
        return true
    }

    /// The digits of a number below 10^8, without leading zeros; at least one.
    @inline(__always)
    private mutating func writeHead(_ number: UInt64) {
        let digits = EightBytes.digits(number)
        let blank = min(digits.trailingZeroBitCount & ~7, 56)
        EightBytes.store(
            (digits | EightBytes.zeros) &>> UInt64(truncatingIfNeeded: blank), to: position)
        position += 8 &- (blank &>> 3)
    }

    /// All eight digits of a number below 10^8.
    @inline(__always)
    private mutating func writeGroup(_ number: UInt64) {
        EightBytes.store(EightBytes.digits(number) | EightBytes.zeros, to: position)
        position += 8
    }

    /// Any scale: a digit at a time from the last one.
    private mutating func writeGeneral(_ value: UInt64, scale: Int, decimals: Int) -> Bool {
        var whole = value
        var fraction: UInt64 = 0
        var unit: UInt64 = 1
        var dropped = 0
        while dropped < scale {
            let digit = whole % 10
            whole /= 10
            // Digits leave from the right: those beyond `decimals` first.
            if scale &- dropped > decimals {
                if digit != 0 { return false }
            } else {
                fraction &+= digit &* unit
                unit &*= 10
            }
            dropped &+= 1
        }
        write(whole)
        if decimals == 0 { return true }
        write(byte: UInt8(ascii: "."))
        var shown = min(scale, decimals)
        while shown > 0 {
            unit /= 10
            write(byte: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: fraction / unit % 10))
            shown &-= 1
        }
        var padding = decimals &- scale
        while padding > 0 {
            write(byte: UInt8(ascii: "0"))
            padding &-= 1
        }
        return true
    }
}
