/// Why the lane may not take new risk. Trading is allowed when the set is empty.
///
/// Cancels and reduce-only orders pass whatever is set (design law 9). The first group is cleared
/// by the event that caused it; the second only by an operator's `resume`.
@frozen
public struct HaltReasons: OptionSet, BitwiseCopyable, Sendable, Hashable {
    public let rawValue: UInt32
    @inlinable @inline(__always)
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Not yet compared with the venue.
    @inlinable public static var notReconciled: HaltReasons { HaltReasons(rawValue: 1 << 0) }
    @inlinable public static var orderSessionDown: HaltReasons { HaltReasons(rawValue: 1 << 1) }
    @inlinable public static var marketStreamDown: HaltReasons { HaltReasons(rawValue: 1 << 2) }
    /// The lane is stopping.
    @inlinable public static var shutdown: HaltReasons { HaltReasons(rawValue: 1 << 3) }

    /// An operator's command.
    @inlinable public static var operatorCommand: HaltReasons { HaltReasons(rawValue: 1 << 8) }
    /// The journal could not take a record.
    @inlinable public static var journal: HaltReasons { HaltReasons(rawValue: 1 << 9) }
    /// The clock jumped.
    @inlinable public static var clock: HaltReasons { HaltReasons(rawValue: 1 << 10) }
    /// The venue sent what this engine does not know, or contradicted itself.
    @inlinable public static var unknownState: HaltReasons { HaltReasons(rawValue: 1 << 11) }
    /// The daily loss limit was reached; lifted at the next UTC day.
    @inlinable public static var dailyLoss: HaltReasons { HaltReasons(rawValue: 1 << 12) }

    /// What `resume` clears.
    @inlinable public static var byOperator: HaltReasons {
        HaltReasons(rawValue: 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11)
    }

    /// The reasons in words, for people.
    public var names: [String] {
        let table: [(HaltReasons, String)] = [
            (.notReconciled, "not reconciled"), (.orderSessionDown, "order session down"),
            (.marketStreamDown, "market stream down"), (.shutdown, "shutting down"),
            (.operatorCommand, "operator"), (.journal, "journal full"), (.clock, "clock jumped"),
            (.unknownState, "unknown state"), (.dailyLoss, "daily loss limit"),
        ]
        return table.filter { contains($0.0) }.map(\.1)
    }
}
