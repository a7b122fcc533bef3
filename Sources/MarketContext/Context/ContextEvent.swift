import MarketModel

/// Something in the context that a strategy may wait for.
@frozen
public enum ContextEvent: BitwiseCopyable, Sendable, Codable {
    /// A session has opened or closed.
    case session(SessionEvent)
    /// The market does something else now.
    case regime(Regime)
    /// The trades of the context's warm-up, or of a gap, are all in it: it is as complete as it is
    /// going to be.
    case caughtUp
}

/// What became of a trade.
@frozen
public enum ContextStep: UInt8, BitwiseCopyable, Sendable {
    case counted
    /// Its number, or a later one, was counted before.
    case known
    /// No positive price or quantity.
    case refused
}

/// Events that wait to be taken; the oldest goes when there are too many.
struct ContextEvents: BitwiseCopyable, Sendable {
    private var slots: InlineArray<32, ContextEvent>
    private var first = 0
    private var count = 0
    private(set) var lostCount: Int64 = 0

    @_noLocks
    init() { slots = InlineArray(repeating: .regime(.unknown)) }

    @_noLocks
    mutating func push(_ event: ContextEvent) {
        slots[(first &+ count) & 31] = event
        if count == 32 {
            first = (first &+ 1) & 31
            lostCount &+= 1
        } else {
            count &+= 1
        }
    }

    /// Those that wait, oldest first.
    var waiting: [ContextEvent] { (0..<count).map { slots[(first &+ $0) & 31] } }

    /// As saved; the newest 32 of more.
    init(_ waiting: [ContextEvent], lostCount: Int64) {
        self.init()
        for event in waiting { push(event) }
        self.lostCount = lostCount
    }

    @_noLocks
    mutating func pop() -> ContextEvent? {
        if count == 0 { return nil }
        let event = slots[first]
        first = (first &+ 1) & 31
        count &-= 1
        return event
    }
}
