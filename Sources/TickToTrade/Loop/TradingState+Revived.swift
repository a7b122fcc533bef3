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
}
