/// Where an order stands between our decision and the venue's last word.
@frozen
public enum OrderState: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @_noLocks
    public static func == (left: OrderState, right: OrderState) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @_noLocks
    public static func != (left: OrderState, right: OrderState) -> Bool { !(left == right) }

    /// Made, not yet checked.
    case initialized = 0
    /// Refused here by pre-trade risk: never left the process.
    case denied = 1
    /// Sent; the venue has not answered.
    case pendingNew = 2
    case new = 3
    case partiallyFilled = 4
    /// A cancel is on its way; fills may still come.
    case pendingCancel = 5
    /// A replacement or an amendment is on its way; fills may still come.
    case pendingReplace = 6
    case filled = 7
    case canceled = 8
    /// Refused by the venue.
    case rejected = 9
    case expired = 10
    /// No definite answer: resolved by a query with the order's id, never by a resend.
    case unknown = 11

    /// No event can make it trade again; late fills are still counted, by trade id.
    public var isTerminal: Bool {
        @_noLocks get {
            switch self {
            case .denied, .filled, .canceled, .rejected, .expired: true
            default: false
            }
        }
    }

    /// May still trade, so its risk stays reserved.
    public var isOpen: Bool {
        @_noLocks get { self != .initialized && !isTerminal }
    }

    /// Rests at the venue with nothing on its way: may be cancelled or replaced.
    public var acceptsChanges: Bool {
        @_noLocks get { self == .new || self == .partiallyFilled }
    }

    /// The number in journals and events.
    public var code: Int64 {
        @_noLocks get { Int64(unsafeBitCast(self, to: UInt8.self)) }
    }
}

/// What happens to an order, from us or from the venue.
@frozen
public enum OrderEvent: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    @_noLocks
    public static func == (left: OrderEvent, right: OrderEvent) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @_noLocks
    public static func != (left: OrderEvent, right: OrderEvent) -> Bool { !(left == right) }

    /// The number in journals and events.
    public var code: Int64 {
        @_noLocks get { Int64(unsafeBitCast(self, to: UInt8.self)) }
    }

    case deny = 0
    case send = 1
    /// The venue has the order (an acknowledgement or a report NEW).
    case accept = 2
    case reject = 3
    case partialFill = 4
    case fill = 5
    case requestCancel = 6
    case cancel = 7
    /// The cancel or the replacement was refused; the order lives.
    case refuseChange = 8
    case requestReplace = 9
    case expire = 10
    /// The answer to its placing is missing: a time-out, a disconnect, a 5xx.
    case loseTrack = 11
    /// A query found no such order.
    case findNothing = 12
    /// The venue has made it smaller.
    case amend = 13
}

/// What an event does to a state.
@frozen
public enum OrderTransition: BitwiseCopyable, Sendable, Equatable {
    case to(OrderState)
    /// Nothing changes: a repeat, or news that is no news.
    case stay
    /// After the end: counted, ignored for the state (a fill is still booked by its trade id).
    case late
    /// Cannot happen if both sides keep the protocol: counted and reported.
    case illegal
}

extension OrderState {
    /// The whole machine. Monotonic: nothing leads back from an end (BUG-067), and a late NEW does
    /// not undo a fill.
    @_noLocks
    public func next(on event: OrderEvent) -> OrderTransition {
        switch self {
        case .initialized:
            switch event {
            case .deny: .to(.denied)
            case .send: .to(.pendingNew)
            default: .illegal
            }
        case .pendingNew, .unknown: nextWithoutConfirmation(on: event)
        case .new, .partiallyFilled: nextWhileResting(on: event)
        case .pendingCancel, .pendingReplace: nextWhileChanging(on: event)
        case .filled, .canceled, .rejected, .expired: nextAfterEnd(on: event)
        case .denied: .illegal
        }
    }

    private func nextWithoutConfirmation(on event: OrderEvent) -> OrderTransition {
        switch event {
        case .accept, .amend: .to(.new)
        case .reject: .to(.rejected)
        // A fill may overtake the acknowledgement.
        case .partialFill: .to(.partiallyFilled)
        case .fill: .to(.filled)
        case .cancel: .to(.canceled)
        case .expire: .to(.expired)
        case .loseTrack: self == .unknown ? .stay : .to(.unknown)
        // Only an order whose fate is unknown is asked for; not there means it never arrived.
        case .findNothing: .to(.rejected)
        // Cancelling by client id is allowed before the answer: the venue sorts it out.
        case .requestCancel: .to(.pendingCancel)
        case .refuseChange: .stay
        // It was decided, and held back before it left.
        case .deny: self == .pendingNew ? .to(.denied) : .illegal
        case .send, .requestReplace: .illegal
        }
    }

    private func nextWhileResting(on event: OrderEvent) -> OrderTransition {
        switch event {
        case .accept, .amend: .stay
        case .partialFill: self == .new ? .to(.partiallyFilled) : .stay
        case .fill: .to(.filled)
        case .requestCancel: .to(.pendingCancel)
        case .requestReplace: .to(.pendingReplace)
        case .cancel: .to(.canceled)
        case .expire: .to(.expired)
        case .refuseChange: .stay
        case .loseTrack: .to(.unknown)
        // The venue had it and has it no more: ended, how is in the history.
        case .findNothing: .to(.canceled)
        // Overtaken by a refused cancel, which leaves an order here that the venue never took.
        case .reject: self == .new ? .to(.rejected) : .illegal
        case .deny, .send: .illegal
        }
    }

    private func nextWhileChanging(on event: OrderEvent) -> OrderTransition {
        switch event {
        case .accept, .partialFill: .stay
        case .fill: .to(.filled)
        case .cancel: .to(.canceled)
        case .expire: .to(.expired)
        case .reject: .to(.rejected)
        // The caller restores partiallyFilled when something has been filled.
        case .refuseChange: .to(.new)
        case .amend: self == .pendingReplace ? .to(.new) : .stay
        case .requestCancel: self == .pendingReplace ? .to(.pendingCancel) : .stay
        case .requestReplace: .stay
        case .loseTrack: .to(.unknown)
        case .findNothing: .to(.canceled)
        case .deny, .send: .illegal
        }
    }

    private func nextAfterEnd(on event: OrderEvent) -> OrderTransition {
        switch event {
        case .deny, .send: .illegal
        // The other end of a race that was lost: the first end stands.
        default: .late
        }
    }
}
