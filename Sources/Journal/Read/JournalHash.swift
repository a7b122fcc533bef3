import MarketModel

/// A running 64-bit hash over records: type, sequence, time and payload as they lie on disk.
///
/// Names a journal in reports; not a cryptographic digest. Two journals have the same hash when
/// they hold the same bytes in the same order, however they are cut into segments.
public struct JournalHash: Equatable, Sendable {
    public private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    public init() {}

    public mutating func add(_ record: JournalRecordView) {
        mix(UInt64(record.rawType) | UInt64(record.head.count) << 16, record.sequence)
        mix(UInt64(bitPattern: record.time.nanoseconds), UInt64(record.tail.count))
        mix(record.head)
        mix(record.tail)
    }

    /// 16 lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// A multiply-and-fold step (as in wyhash): every bit of both words reaches every bit.
    private mutating func mix(_ first: UInt64, _ second: UInt64) {
        let product = (value ^ first).multipliedFullWidth(by: second ^ 0xA076_1D64_78BD_642F)
        // A factor of zero must not forget the others.
        value = (product.high ^ product.low) &+ (value ^ first &* 0xE703_7ED1_A0B4_28DB) &+ second
    }

    /// Sixteen bytes at a time.
    private mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 16 <= bytes.count {
            mix(
                bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            offset += 16
        }
        if offset + 8 <= bytes.count {
            mix(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), 8)
            offset += 8
        }
        if offset == bytes.count { return }
        var rest: UInt64 = 0
        let count = UInt64(bytes.count - offset)
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        mix(rest, count)
    }
}
