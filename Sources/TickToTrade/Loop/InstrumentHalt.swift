/// Why one instrument takes no new risk; the raw value is the key of a `haltInstrument` command.
///
/// Entries in it are cancelled and refused, reduce-only orders pass, other instruments trade on.
@frozen
public enum InstrumentHalt: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @_noLocks
    public static func == (left: InstrumentHalt, right: InstrumentHalt) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @_noLocks
    public static func != (left: InstrumentHalt, right: InstrumentHalt) -> Bool {
        !(left == right)
    }

    /// It trades.
    case none = 0
    /// The limit `instrument.halted` was set.
    case operatorCommand = 1
    /// The venue has stopped trading in it.
    case venueHalted = 2
    /// The venue's filters are not those that the run was built on.
    case rulesChanged = 3
    case delisted = 4
    /// Orders, position or balance are not what the venue says.
    case notBalanced = 5

    /// The cause with this number; `nil` for a number that is none.
    @_noLocks
    public init?(key: Int64) {
        if key < 0 || key > 5 { return nil }
        self = unsafeBitCast(UInt8(truncatingIfNeeded: key), to: InstrumentHalt.self)
    }

    /// The number in commands and events.
    public var code: Int64 {
        @_noLocks get { Int64(unsafeBitCast(self, to: UInt8.self)) }
    }

    /// For people.
    public var words: String {
        switch self {
        case .none: "not halted"
        case .operatorCommand: "operator"
        case .venueHalted: "the venue has halted it"
        case .rulesChanged: "the venue has changed its rules"
        case .delisted: "the venue has delisted it"
        case .notBalanced: "it does not balance with the venue"
        }
    }
}
