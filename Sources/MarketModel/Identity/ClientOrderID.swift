/// Our own order id, fixed before the first byte leaves (design law 8).
///
/// Deterministic: run epoch (24 bits), lane (8 bits), sequence (32 bits). Its venue text is
/// always 19 bytes, `ap-` and 16 lower-case hexadecimal digits, which satisfies every venue's
/// rule (Binance: `^[a-zA-Z0-9-_]{1,36}$`).
@frozen
public struct ClientOrderID: BitwiseCopyable, Hashable, Sendable {
    public var raw: UInt64
    @inlinable @inline(__always)
    public static func == (left: ClientOrderID, right: ClientOrderID) -> Bool { left.raw == right.raw }

    @inlinable @inline(__always)
    public init(raw: UInt64) { self.raw = raw }
    @inlinable @inline(__always)
    public init(epoch: UInt32, lane: UInt8, sequence: UInt32) {
        raw = UInt64(epoch & 0xFF_FFFF) << 40 | UInt64(lane) << 32 | UInt64(sequence)
    }

    /// Not one of ours: an order placed elsewhere on the same account.
    @inlinable @inline(__always)
    public static var none: ClientOrderID { ClientOrderID(raw: 0) }
    @inlinable @inline(__always)
    public var epoch: UInt32 { UInt32(truncatingIfNeeded: raw >> 40) }
    @inlinable @inline(__always)
    public var lane: UInt8 { UInt8(truncatingIfNeeded: raw >> 32) }
    @inlinable @inline(__always)
    public var sequence: UInt32 { UInt32(truncatingIfNeeded: raw) }

    /// For an order of somebody else that this engine has taken over: the number that the venue gave
    /// it, under an epoch that no run has; `none` for numbers beyond 40 bits.
    @inlinable @inline(__always)
    public init(claiming order: VenueOrderID) {
        let isInRange = order.raw > 0 && order.raw <= 0xFF_FFFF_FFFF
        raw = isInRange ? UInt64(Self.claimedEpoch) << 40 | UInt64(bitPattern: order.raw) : 0
    }

    /// The epoch of claimed orders; no run has it.
    @inlinable @inline(__always)
    public static var claimedEpoch: UInt32 { 0xFF_FFFF }

    /// Placed by somebody else: the venue knows it by ``claimedOrder`` only.
    @inlinable @inline(__always)
    public var isClaimed: Bool { epoch == Self.claimedEpoch }

    /// The venue's number of a claimed order.
    @inlinable @inline(__always)
    public var claimedOrder: VenueOrderID { VenueOrderID(Int64(bitPattern: raw & 0xFF_FFFF_FFFF)) }

    /// Bytes of the venue text.
    @inlinable @inline(__always)
    public static var textCount: Int { 19 }

    /// Writes the venue text; `target` needs ``textCount`` bytes. No terminator.
    @inlinable
    public func writeText(to target: UnsafeMutablePointer<UInt8>) {
        target[0] = UInt8(ascii: "a")
        target[1] = UInt8(ascii: "p")
        target[2] = UInt8(ascii: "-")
        var shift: UInt64 = 60
        var index = 3
        while index < 19 {
            let nibble = UInt8(truncatingIfNeeded: (raw >> shift) & 15)
            target[index] =
                nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
            index &+= 1
            shift = shift &- 4
        }
    }

    /// Reads the venue text; `none` for every text that is not exactly ours.
    @inlinable
    public static func read(_ text: UnsafePointer<UInt8>, count: Int) -> ClientOrderID {
        if count != textCount { return .none }
        if text[0] != UInt8(ascii: "a") || text[1] != UInt8(ascii: "p")
            || text[2] != UInt8(ascii: "-")
        {
            return .none
        }
        var value: UInt64 = 0
        var index = 3
        while index < 19 {
            let byte = text[index]
            var nibble = byte &- UInt8(ascii: "0")
            if nibble > 9 {
                nibble = byte &- UInt8(ascii: "a")
                if nibble > 5 { return .none }
                nibble &+= 10
            }
            value = value << 4 | UInt64(nibble)
            index &+= 1
        }
        return ClientOrderID(raw: value)
    }

    /// The venue text as a string, for logs and cold paths.
    public var text: String {
        String(unsafeUninitializedCapacity: Self.textCount) { buffer in
            if let base = buffer.baseAddress { writeText(to: base) }
            return Self.textCount
        }
    }
}
