/// A running 64-bit digest of integers in order: equal states give equal digests.
///
/// For comparing replays and oracles, not for tables or secrets. The same on every machine and in
/// every version of the engine; a few nanoseconds a value.
@frozen
public struct StateHash: BitwiseCopyable, Sendable, Equatable {
    public private(set) var value: UInt64

    @_noLocks
    public init() { value = 0x6A09_E667_F3BC_C908 }

    /// Takes in one integer; the order of calls matters.
    @_noLocks
    public mutating func combine(_ integer: Int64) {
        // A full-width multiply folded onto itself: every input bit reaches every output bit.
        let mixed = value ^ UInt64(bitPattern: integer)
        let product = mixed.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        value = (product.high ^ product.low) &+ 0x2545_F491_4F6C_DD1D
    }
}
