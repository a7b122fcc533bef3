import MarketModel

/// Which sessions are open, by a clock that only goes forward.
///
/// The state machine over a table of boundaries: each is reported once, in order. The first
/// moment places it, in logarithmic time and without events; from then on a moment that passes no
/// boundary costs one comparison.
public struct SessionTracker: ~Copyable {
    /// Holds the memory of ``boundaries``.
    private let table: SessionTable
    private let boundaries: UnsafePointer<SessionBoundary>
    private let count: Int
    /// The first boundary that is not passed.
    private var next = 0
    private var nextTime = Timestamp(nanoseconds: .min)
    private var isPlaced = false
    public private(set) var open = SessionSet()

    public init(_ table: SessionTable) {
        self.table = table
        boundaries = UnsafePointer(table.boundaries)
        count = table.count
    }

    /// Some session is open.
    public var isActive: Bool { @_noLocks get { !open.isEmpty } }

    /// The clock stands within the table: before its first boundary and after its last, no session
    /// is known.
    public var isCovered: Bool { @_noLocks get { isPlaced && next > 0 && next < count } }

    /// When the next boundary is due; `never` after the last.
    public var nextChange: Timestamp { @_noLocks get { isPlaced ? nextTime : .never } }

    /// Since when `session` has been open, `nil` when it is closed or the table does not say.
    @_noLocks
    public func opening(of session: SessionIndex) -> Timestamp? {
        if !open.contains(session) { return nil }
        var index = next &- 1
        while index >= 0 {
            let boundary = boundaries[index]
            if boundary.session.raw == session.raw, boundary.opens { return boundary.time }
            index &-= 1
        }
        return nil
    }

    /// The next boundary at or before `time`; `nil` when there is none left. Call it until then.
    @_noLocks
    public mutating func advance(to time: Timestamp) -> SessionEvent? {
        if time < nextTime { return nil }
        if !isPlaced {
            place(at: time)
            return nil
        }
        if next >= count { return nil }
        let event = boundaries[next]
        next &+= 1
        open = event.open
        setNextTime()
        return event
    }

    private mutating func place(at time: Timestamp) {
        isPlaced = true
        var high = count
        while next < high {
            let middle = (next &+ high) / 2
            if boundaries[middle].time <= time { next = middle &+ 1 } else { high = middle }
        }
        if next > 0 { open = boundaries[next &- 1].open }
        setNextTime()
    }

    private mutating func setNextTime() {
        nextTime = next < count ? boundaries[next].time : .never
    }
}
