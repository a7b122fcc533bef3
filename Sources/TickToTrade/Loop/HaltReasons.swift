/// Why the lane may not take new risk. Trading is allowed when the set is empty.
///
/// Cancels and reduce-only orders pass whatever is set (design law 9). The first group is cleared
/// by the event that caused it; the second only by an operator's `resume`. A plain bit set rather
/// than an `OptionSet`, whose generic operations the lane's proof cannot see through.
@frozen
public struct HaltReasons: BitwiseCopyable, Sendable, Hashable {
    public var rawValue: UInt32
    @_noLocks
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Not yet compared with the venue.
    public static var notReconciled: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 0) }
    }
    /// Orders can neither be sent nor followed.
    public static var orderSessionDown: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 1) }
    }
    /// No market data.
    public static var marketStreamDown: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 2) }
    }
    /// The lane is stopping.
    public static var shutdown: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 3) }
    }
    /// Orders go over REST: nobody tells what becomes of them, it is asked for.
    public static var userStreamDown: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 4) }
    }
    /// An operator's command.
    public static var operatorCommand: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 8) }
    }
    /// The journal could not take a record.
    public static var journal: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 9) }
    }
    /// The clock jumped.
    public static var clock: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 10) }
    }
    /// The venue sent what this engine does not know, or contradicted itself.
    public static var unknownState: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 11) }
    }
    /// The daily loss limit was reached; lifted at the next UTC day.
    public static var dailyLoss: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 12) }
    }
    /// What `resume` clears.
    public static var byOperator: HaltReasons {
        @_noLocks get { HaltReasons(rawValue: 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11) }
    }

    public var isEmpty: Bool {
        @_noLocks get { rawValue == 0 }
    }

    /// Whether all of `other` are set.
    @_noLocks
    public func contains(_ other: HaltReasons) -> Bool {
        rawValue & other.rawValue == other.rawValue
    }

    @_noLocks
    mutating func insert(_ other: HaltReasons) { rawValue |= other.rawValue }

    @_noLocks
    mutating func remove(_ other: HaltReasons) { rawValue &= ~other.rawValue }

    @_noLocks
    func without(_ other: HaltReasons) -> HaltReasons {
        HaltReasons(rawValue: rawValue & ~other.rawValue)
    }

    /// The reasons in words, for people.
    public var names: [String] {
        let table: [(HaltReasons, String)] = [
            (.notReconciled, "not reconciled"), (.orderSessionDown, "order session down"),
            (.marketStreamDown, "market stream down"), (.shutdown, "shutting down"),
            (.userStreamDown, "orders over REST only"),
            (.operatorCommand, "operator"), (.journal, "journal full"), (.clock, "clock jumped"),
            (.unknownState, "unknown state"), (.dailyLoss, "daily loss limit"),
        ]
        return table.filter { contains($0.0) }.map(\.1)
    }
}
