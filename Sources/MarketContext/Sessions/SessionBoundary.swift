import MarketModel

/// A session's number: its place in ``SessionPlan/names``.
@frozen
public struct SessionIndex: BitwiseCopyable, Hashable, Sendable, Codable {
    public var raw: UInt8
    @_noLocks
    public init(_ raw: UInt8) { self.raw = raw }
}

/// A set of sessions.
@frozen
public struct SessionSet: BitwiseCopyable, Hashable, Sendable, Codable {
    public var raw: UInt16

    @_noLocks
    public init() { raw = 0 }
    @_noLocks
    public init(_ session: SessionIndex) { raw = 1 << UInt16(session.raw & 15) }

    public var isEmpty: Bool { @_noLocks get { raw == 0 } }

    @_noLocks
    public func contains(_ session: SessionIndex) -> Bool {
        raw >> UInt16(session.raw & 15) & 1 == 1
    }

    func union(_ other: SessionSet) -> SessionSet {
        var set = self
        set.raw |= other.raw
        return set
    }

    func subtracting(_ other: SessionSet) -> SessionSet {
        var set = self
        set.raw &= ~other.raw
        return set
    }
}

/// A moment at which a session opens or closes, and which are open from then on.
@frozen
public struct SessionBoundary: BitwiseCopyable, Hashable, Sendable, Codable {
    public var time: Timestamp
    public var session: SessionIndex
    public var opens: Bool
    public var open = SessionSet()

    public init(_ time: Timestamp, _ session: SessionIndex, opens: Bool) {
        self.time = time
        self.session = session
        self.opens = opens
    }
}

/// A boundary that has been passed.
public typealias SessionEvent = SessionBoundary
