import MarketModel
import Rings

/// Orders that an earlier run has sent and whose fate its end has hidden: the venue did not know
/// them when this run began, and takes them yet if they arrive within `recvWindow`
/// (binance-spot.md, section 7). Until then their risk stays reserved.
extension TradingState {
    /// Placed by an earlier run of this engine: nobody here waits for it, and it may not rest.
    @_noLocks
    func isInherited(_ order: UnsafeMutablePointer<Order>) -> Bool {
        order.pointee.id.epoch != configuration.epoch & 0xFF_FFFF && !order.pointee.id.isClaimed
    }

    /// Whether an answer "no such order" says nothing about an order yet.
    @_noLocks
    func mayArrive(_ order: UnsafeMutablePointer<Order>, _ now: Timestamp) -> Bool {
        isInherited(order) && order.pointee.isUnheard && now < arrivalEnd(of: order)
    }

    /// From when on the venue does not take an order any more.
    @_noLocks
    func arrivalEnd(of order: UnsafeMutablePointer<Order>) -> Timestamp {
        order.pointee.createdTime + configuration.arrivalWindow
    }

    /// From when on no inherited order can arrive any more; in the past when there is none. Cold.
    public var lastArrival: Timestamp {
        var last = Timestamp.unknown
        for slot in 0..<instrumentCount {
            var order = orders.firstOpen(in: InstrumentIndex(UInt16(slot)))
            while let current = order {
                if isInherited(current), current.pointee.isUnheard {
                    last = max(last, arrivalEnd(of: current))
                }
                order = orders.next(after: current)
            }
        }
        return last
    }

    /// Orders of this run that the venue did not know, and may take yet: open, for the next run.
    func forEachGivenUp(_ body: (Order) -> Void) {
        for place in 0..<givenUp.count {
            guard let order = orders.find(givenUp[place].id), order.pointee.state == .rejected
            else { continue }
            var copy = order.pointee
            copy.state = .unknown
            body(copy)
        }
    }
}
