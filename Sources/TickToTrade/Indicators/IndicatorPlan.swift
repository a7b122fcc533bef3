import MarketModel

/// The indicators that a lane computes for its strategies; each once, however many look at it.
public struct IndicatorPlan: Sendable {
    /// One indicator of one instrument.
    public struct Entry: Hashable, Sendable {
        /// Slot of the instrument.
        public var instrument: Int
        public var need: IndicatorNeed
    }

    /// Under which number a strategy reads which entry.
    struct Look: Sendable {
        var strategy: Int
        var number: Int
        var entry: Int
    }

    /// The most that one strategy may ask for.
    public static var mostPerStrategy: Int {
        @_noLocks get { 32 }
    }

    public private(set) var entries: [Entry] = []
    private(set) var looks: [Look] = []

    /// No indicator.
    public init() {}

    /// `strategy` reads an indicator of `instrument` as its own `number`.
    public mutating func add(_ need: IndicatorNeed, number: Int, instrument: Int, strategy: Int) {
        precondition((0..<Self.mostPerStrategy).contains(number), "a strategy asks for 32 at most")
        let wanted = Entry(instrument: instrument, need: need)
        let known = entries.firstIndex(of: wanted)
        if known == nil { entries.append(wanted) }
        looks.append(Look(strategy: strategy, number: number, entry: known ?? entries.count - 1))
    }
}
