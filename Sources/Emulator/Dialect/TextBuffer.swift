/// Text under construction: bytes appended to raw memory that grows and is reused.
///
/// The one writer of every frame and body; numbers are printed without intermediate strings.
struct TextBuffer: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// The bytes so far; valid until the next append.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
    var array: [UInt8] { Array(bytes) }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// A byte written before.
    subscript(place: Int) -> UInt8 {
        get {
            precondition(place >= 0 && place < count, "within what is written")
            return base[place]
        }
        set {
            precondition(place >= 0 && place < count, "within what is written")
            base[place] = newValue
        }
    }

    mutating func clear() { count = 0 }

    /// Cuts off everything after the first `length` bytes.
    mutating func truncate(to length: Int) { count = min(count, length) }

    @inline(__always)
    mutating func raw(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        (base + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    mutating func raw(_ text: String) {
        var copy = text
        copy.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
    }

    mutating func raw(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    mutating func raw(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { raw($0) }
    }

    /// The first bytes of a word as it lies in memory; up to eight.
    @inline(__always)
    mutating func word(_ value: UInt64, count length: Int) {
        reserve(8)
        UnsafeMutableRawPointer(base + count).storeBytes(of: value, as: UInt64.self)
        count += length
    }

    mutating func byte(_ value: UInt8) {
        reserve(1)
        base[count] = value
        count += 1
    }

    /// A JSON string: quoted, with quotes, backslashes and control characters escaped.
    mutating func quoted(_ text: String) {
        byte(UInt8(ascii: "\""))
        for value in text.utf8 {
            switch value {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20:
                raw("\\u00")
                let digits = StaticString("0123456789abcdef").utf8Start
                byte(digits[Int(value >> 4)])
                byte(digits[Int(value & 15)])
            default: byte(value)
            }
        }
        byte(UInt8(ascii: "\""))
    }

    mutating func integer(_ value: Int64) {
        if value < 0 { byte(UInt8(ascii: "-")) }
        digits(value.magnitude)
    }

    mutating func integer(_ value: Int) { integer(Int64(value)) }

    mutating func boolean(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    /// A quoted decimal with 8 digits after the point from units of 1e-8: `"0.10264410"`.
    mutating func decimal(_ raw: Int64) {
        byte(UInt8(ascii: "\""))
        if raw < 0 { byte(UInt8(ascii: "-")) }
        let (whole, fraction) = raw.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
        digits(whole)
        eightDigits(UInt32(fraction))
        byte(UInt8(ascii: "\""))
    }

    /// As ``decimal(_:)-(Int64)`` for sums that may exceed 64 bits; not negative.
    mutating func decimal(_ raw: Int128) {
        byte(UInt8(ascii: "\""))
        let (whole, fraction) = raw.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
        self.raw(String(whole))
        eightDigits(UInt32(fraction))
        byte(UInt8(ascii: "\""))
    }

    private mutating func eightDigits(_ fraction: UInt32) {
        reserve(9)
        base[count] = UInt8(ascii: ".")
        UnsafeMutableRawPointer(base + count + 1).storeBytes(
            of: Self.digits(fraction) | Self.zeros, as: UInt64.self)
        count += 9
    }

    private mutating func digits(_ magnitude: UInt64) {
        guard magnitude < 100_000_000 else {
            let (front, last) = magnitude.quotientAndRemainder(dividingBy: 100_000_000)
            digits(front)
            reserve(8)
            UnsafeMutableRawPointer(base + count).storeBytes(
                of: Self.digits(UInt32(last)) | Self.zeros, as: UInt64.self)
            count += 8
            return
        }
        reserve(8)
        let all = Self.digits(UInt32(magnitude))
        // The last digit is written even when all are zero.
        let leading = min(all.trailingZeroBitCount / 8, 7)
        UnsafeMutableRawPointer(base + count).storeBytes(
            of: (all | Self.zeros) >> UInt64(8 * leading), as: UInt64.self)
        count += 8 - leading
    }

    private static var zeros: UInt64 { 0x3030_3030_3030_3030 }

    /// The eight digits of a number below 10^8, a byte each, the first in the lowest: halves, then
    /// pairs, then single digits are divided side by side (the divisions are multiplications that are
    /// exact up to the size of what they divide).
    @inline(__always)
    private static func digits(_ value: UInt32) -> UInt64 {
        let front = UInt64(value / 10_000)
        let halves = front | (UInt64(value) - front * 10_000) << 32
        let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007F_0000_007F
        let pairs = hundreds | (halves - hundreds * 100) << 16
        let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
        return tens | (pairs - tens * 10) << 8
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(by: more) }
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        let wanted = max(capacity * 2, count + more)
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        grown.update(from: base, count: count)
        base.deallocate()
        base = grown
        capacity = wanted
    }
}
