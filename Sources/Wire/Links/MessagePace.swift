/// When a connection may send its next message or control frame, where the peer drops whoever sends
/// more than so many in a second.
///
/// No second holds more than the limit, wherever it begins.
struct MessagePace: BitwiseCopyable {
    private static var second: Int64 { @_noLocks get { 1_000_000_000 } }
    private static var capacity: Int { @_noLocks get { 8 } }
    /// Messages a second, at most 8; 0: as many as there are.
    private let limit: Int
    /// When the last ones left.
    private var times = InlineArray<8, Int64>(repeating: 0)
    private var count = 0

    init(limit: Int) {
        precondition(limit >= 0 && limit <= Self.capacity, "a pace of 0...8 messages a second")
        self.limit = limit
    }

    /// When the next one may leave at the earliest.
    var nextTime: Int64 {
        @_noLocks get {
            if limit == 0 || count < limit { return .min }
            return times[(count &- limit) & (Self.capacity &- 1)] &+ Self.second
        }
    }

    /// Counts a message that leaves at `now`; `false` when it may not leave yet.
    @_noLocks
    mutating func take(at now: Int64) -> Bool {
        if now < nextTime { return false }
        times[count & (Self.capacity &- 1)] = now
        count &+= 1
        return true
    }
}
