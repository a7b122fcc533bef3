/// Where a session's conversations can stand, for whoever watches that all of it is visited.
package enum SessionStage: Int, CaseIterable, Sendable {
    case ordersDown, ordersLoggingOn, ordersSubscribing, ordersClearing, ordersReading, ordersWaiting
    case ordersUp
    case fallbackNone, fallbackWanted, fallbackReading, fallbackOpen, fallbackLeaving
    case reliefNone, reliefWanted, reliefKeeping, reliefRetiring
    case orderReliefNone, orderReliefWanted, orderReliefLoggingOn, orderReliefSubscribing
    case orderReliefReady, orderReliefRetiring, orderReliefDismissed
    case bookWaiting, bookSynchronized
}

extension SpotSession {
    /// The stages of now, a bit each.
    @usableFromInline package var stages: UInt32 {
        var stages = orderStage.bit | fallbackStage.bit | reliefStage.bit
        stages |= orderReliefStage.bit
        for slot in 0..<instrumentCount {
            // A replay of kept diffs begins and ends within one turn.
            switch synchronizers[slot].phase {
            case .waiting, .replaying: stages |= SessionStage.bookWaiting.bit
            case .synchronized: stages |= SessionStage.bookSynchronized.bit
            }
        }
        return stages
    }

    private var orderStage: SessionStage {
        switch orderPhase {
        case .down: .ordersDown
        case .loggingOn: .ordersLoggingOn
        case .subscribing: .ordersSubscribing
        case .clearing: .ordersClearing
        case .reading: .ordersReading
        case .waiting: .ordersWaiting
        case .up: .ordersUp
        }
    }

    private var fallbackStage: SessionStage {
        switch fallback {
        case .none: .fallbackNone
        case .wanted: .fallbackWanted
        case .reading: .fallbackReading
        case .open: .fallbackOpen
        case .leaving: .fallbackLeaving
        }
    }

    private var reliefStage: SessionStage {
        switch relief {
        case .none: .reliefNone
        case .wanted: .reliefWanted
        case .keeping: .reliefKeeping
        case .retiring: .reliefRetiring
        }
    }
}

extension SpotSession {
    private var orderReliefStage: SessionStage {
        switch orderRelief {
        case .none: .orderReliefNone
        case .wanted: .orderReliefWanted
        case .loggingOn: .orderReliefLoggingOn
        case .subscribing: .orderReliefSubscribing
        case .ready: .orderReliefReady
        case .retiring: .orderReliefRetiring
        case .dismissed: .orderReliefDismissed
        }
    }
}

extension SessionStage {
    package var bit: UInt32 { 1 << UInt32(rawValue) }
}
