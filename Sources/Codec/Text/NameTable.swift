import MarketModel

/// A name of up to 23 bytes as three words, its length in the last byte: compared and hashed
/// without a loop over bytes.
struct NameKey: BitwiseCopyable, Equatable {
    var low: UInt64
    var middle: UInt64
    var high: UInt64

    /// As ``ShortName``.
    @inline(__always)
    static var capacity: Int { @_noLocks get { 23 } }

    /// Words that hold `count` bytes of a name and zeros behind them.
    @_noLocks @inline(__always)
    init(_ low: UInt64, _ middle: UInt64, _ high: UInt64, count: Int) {
        self.low = low
        self.middle = middle
        self.high = high | UInt64(truncatingIfNeeded: count) << 56
    }

    /// `count` must be within 0...23; reads 24 bytes.
    @_noLocks @inline(__always)
    init(_ text: UnsafePointer<UInt8>, count: Int) {
        self.init(
            EightBytes.load(text) & Self.mask(count),
            EightBytes.load(text + 8) & Self.mask(count &- 8),
            EightBytes.load(text + 16) & Self.mask(count &- 16), count: count)
    }

    @inline(__always)
    var hash: UInt64 {
        @_noLocks get {
            (low ^ (middle &* 0x9E37_79B9_7F4A_7C15) ^ (high &* 0xC2B2_AE3D_27D4_EB4F))
                &* 0xD6E8_FEB8_6659_FD93
        }
    }

    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        if count <= 0 { return 0 }
        return count >= 8 ? .max : ~(UInt64.max &<< UInt64(truncatingIfNeeded: count &* 8))
    }
}

/// Names to dense numbers: an open-addressing table, filled once, then only read.
///
/// A handle over raw memory. Lookup is one hash and, at half load, one or two probes. Whoever
/// makes it frees it with ``deallocate()`` after its last reader.
public struct NameTable: BitwiseCopyable, @unchecked Sendable {
    struct Entry: BitwiseCopyable {
        var key: NameKey
        var slot: UInt16
    }

    let entries: UnsafeMutablePointer<Entry>
    let shift: UInt64
    let mask: Int

    /// What a lookup answers for a name that is not in the table.
    @inline(__always)
    public static var none: UInt16 { @_noLocks get { .max } }

    /// A table of `names` and their slots. The first of two equal names stays. Names that need
    /// escaping within JSON (quote, backslash, control bytes) never match and are left out.
    public init(_ names: [(name: ShortName, slot: UInt16)]) {
        var bits: UInt64 = 4
        while 1 << bits < names.count * 2 { bits += 1 }
        let capacity = 1 << Int(bits)
        entries = .allocate(capacity: capacity)
        entries.initialize(
            repeating: Entry(key: NameKey(0, 0, 0, count: 0), slot: Self.none), count: capacity)
        shift = 64 - bits
        mask = capacity - 1
        for (name, slot) in names {
            insert(name, slot)
        }
    }

    /// Frees the table.
    public func deallocate() {
        entries.deallocate()
    }

    /// The slot of the name with these bytes; ``none`` when it is unknown. Reads 24 bytes.
    @_noLocks
    public func slot(of text: UnsafePointer<UInt8>, count: Int) -> UInt16 {
        guard count > 0, count <= NameKey.capacity else { return Self.none }
        return slot(of: NameKey(text, count: count))
    }

    @_noLocks @inline(__always)
    func slot(of key: NameKey) -> UInt16 {
        var index = Int(truncatingIfNeeded: key.hash &>> shift)
        // Half the entries are free, and a free one ends the probe.
        while true {
            let entry = entries + index
            if entry.pointee.key == key || entry.pointee.slot == Self.none {
                return entry.pointee.slot
            }
            index = (index &+ 1) & mask
        }
    }

    private func insert(_ name: ShortName, _ slot: UInt16) {
        var bytes = [UInt8](repeating: 0, count: 24)
        let count = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { name.write(to: $0) } ?? 0
        }
        let isPlain = bytes.prefix(count).allSatisfy {
            $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        guard count > 0, isPlain, slot != Self.none else { return }
        let key = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { NameKey($0, count: count) } ?? NameKey(0, 0, 0, count: 0)
        }
        var index = Int(truncatingIfNeeded: key.hash &>> shift)
        while entries[index].slot != Self.none {
            if entries[index].key == key { return }
            index = (index + 1) & mask
        }
        entries[index] = Entry(key: key, slot: slot)
    }
}
