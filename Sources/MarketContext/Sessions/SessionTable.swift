/// The boundaries of a calendar over some years, in memory that the contexts of a lane share.
public final class SessionTable {
    let boundaries: UnsafeMutablePointer<SessionBoundary>
    let count: Int
    /// Sessions and overlaps of the calendar.
    public let sessionCount: Int

    /// Boundaries as ``SessionPlan/boundaries(from:through:)`` lists them, 16 bytes each.
    public init(_ boundaries: [SessionBoundary], sessionCount: Int) throws(ContextFailure) {
        if !(0...16).contains(sessionCount) {
            throw .outside("sessions", value: Int64(sessionCount), allowed: 0...16)
        }
        if let last = boundaries.map(\.session.raw).max(), last >= sessionCount {
            throw .contradiction("session \(last) of \(sessionCount)")
        }
        self.sessionCount = sessionCount
        count = boundaries.count
        self.boundaries = .allocate(capacity: max(count, 1))
        for (index, boundary) in boundaries.enumerated() {
            (self.boundaries + index).initialize(to: boundary)
        }
    }

    /// No session.
    public init() {
        sessionCount = 0
        count = 0
        boundaries = .allocate(capacity: 1)
    }

    deinit { boundaries.deallocate() }
}
