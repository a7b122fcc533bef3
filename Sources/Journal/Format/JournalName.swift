/// Which number a name belongs to; the head of a `name` record.
public struct JournalName: BitwiseCopyable, Sendable, Hashable {
    public enum Kind: UInt16, Sendable, CaseIterable {
        case asset = 1
        case strategy = 2
        /// Which account at which venue the run trades; index 0.
        case account = 3
    }

    private let kindNumber: UInt16
    public let index: UInt16

    public init(_ kind: Kind, _ index: UInt16) {
        kindNumber = kind.rawValue
        self.index = index
    }

    /// `nil` for a kind of a newer engine.
    public var kind: Kind? { Kind(rawValue: kindNumber) }
}
