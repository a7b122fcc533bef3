import MarketModel

/// High and low of the first stretch of a session: an opening range, or the initial balance when
/// the stretch is its first hour.
@frozen
public struct OpeningRange: BitwiseCopyable, Sendable, Equatable, Codable {
    public let length: Nanoseconds
    /// The first moment after it.
    public private(set) var end = Timestamp.never
    /// The time is over: ``high`` and ``low`` are final.
    public private(set) var isComplete = false
    /// `nil` while there was no trade in it.
    public var high: Price? { @_noLocks get { hasTrades ? top : nil } }
    public var low: Price? { @_noLocks get { hasTrades ? bottom : nil } }

    private var hasTrades = false
    private var top = Price.zero
    private var bottom = Price.zero

    @_noLocks
    public init(length: Nanoseconds) { self.length = length }

    @_noLocks
    public mutating func begin(at opening: Timestamp) {
        self = OpeningRange(length: length)
        end = opening + length
    }

    @_noLocks
    public mutating func add(_ price: Price, at time: Timestamp) {
        if time >= end { isComplete = true }
        if isComplete { return }
        if !hasTrades || price > top { top = price }
        if !hasTrades || price < bottom { bottom = price }
        hasTrades = true
    }

    @_noLocks
    public static func == (left: OpeningRange, right: OpeningRange) -> Bool {
        left.length == right.length && left.end == right.end
            && left.isComplete == right.isComplete && left.hasTrades == right.hasTrades
            && left.top == right.top && left.bottom == right.bottom
    }
}
