import MarketModel
import Rings

/// Orders that work at the venue although they have ended here: a request that was given up, since
/// the venue did not know it when it was asked, and that arrived after all.
extension TradingState {
    /// No risk is reserved for such an order any more, so it is cancelled by its id, again and
    /// again until the venue says that it is gone, and an operator has to look.
    @_noLocks
    mutating func revive(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        counts.lateReports &+= 1
        raise(.unknownState, now)
        forgetRevived(order.pointee.id)
        _ = revived.push(order.pointee.id)
        requestCancel(order, now)
        owe(at: now + Self.retryPause)
    }

    /// The venue has said that the order is gone.
    @_noLocks
    mutating func forgetRevived(_ id: ClientOrderID) {
        var left = revived.count
        while left > 0, let other = revived.pop() {
            left &-= 1
            if other != id { _ = revived.push(other) }
        }
    }

    /// Cancels what is still there.
    @_noLocks
    mutating func sweepRevived(_ now: Timestamp) {
        var left = revived.count
        while left > 0, let id = revived.pop() {
            left &-= 1
            guard let order = orders.find(id), order.pointee.state == .rejected else { continue }
            requestCancel(order, now)
            _ = revived.push(id)
        }
        if !revived.isEmpty { owe(at: now + Self.retryPause) }
    }

    /// An order that the venue does not know may still be on its way there: it is asked for once more
    /// when the venue takes nothing so old any longer (binance-spot.md, section 7: `recvWindow`). What
    /// it has done by then is booked, and it is cancelled if it rests.
    @_noLocks
    mutating func doubt(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) {
        let due = arrivalEnd(of: order)
        forgetGivenUp(order.pointee.id)
        if order.pointee.state != .rejected || order.pointee.venueID != .none || due <= now {
            return
        }
        // Too many to remember: an operator has to look.
        if !givenUp.push(GivenUpOrder(id: order.pointee.id, due: due)) { raise(.unknownState, now) }
        owe(at: due)
    }

    /// The venue has answered for an order that cannot arrive any more.
    @_noLocks
    mutating func forgetGivenUp(_ id: ClientOrderID) {
        var left = givenUp.count
        while left > 0, let other = givenUp.pop() {
            left &-= 1
            if other.id != id { _ = givenUp.push(other) }
        }
    }

    /// Asks for those that cannot arrive any more, until there is an answer.
    @_noLocks
    mutating func sweepGivenUp(_ now: Timestamp) {
        var left = givenUp.count
        while left > 0, let order = givenUp.pop() {
            left &-= 1
            // One that has been heard of since is followed as every other.
            guard let known = orders.find(order.id), known.pointee.state == .rejected,
                known.pointee.lastExecutionID == 0
            else { continue }
            _ = givenUp.push(order)
            owe(at: order.due > now ? order.due : now + Self.retryPause)
            if order.due <= now, !pending.holdsQuery(for: order.id) { query(known, now) }
        }
    }
}

/// An order that the venue did not know when it was asked, and until when it may arrive.
struct GivenUpOrder: BitwiseCopyable {
    let id: ClientOrderID
    let due: Timestamp

    @_noLocks
    init(id: ClientOrderID, due: Timestamp) {
        self.id = id
        self.due = due
    }
}
