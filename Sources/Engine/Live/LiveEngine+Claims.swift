import Control
import Logging
import MarketModel
import TickToTrade

/// Orders of somebody else are taken over: by rule, or when an operator says so.
extension LiveEngine {
    public func claim(
        _ order: Int64, in instrument: String
    ) async throws(ControlFailure) -> OrderFigures {
        if isStopping { throw .unavailable("the engine is stopping") }
        guard let own = plan.instruments.first(where: { $0.symbol.text == instrument }) else {
            throw .refused("the engine does not trade \(instrument)")
        }
        let wanted = ForeignOrder(
            instrument: own.index, symbol: instrument, order: VenueOrderID(order))
        guard await take(wanted) else {
            throw .refused("order \(order) is here already, or there is no room for it")
        }
        guard let taken = await described(wanted) else {
            throw .refused("the venue knows no open order \(order) in \(instrument)")
        }
        return taken
    }

    /// Takes over what `reconciliation.foreign_orders` says.
    func claimForeignOrders(_ orders: [ForeignOrder]) {
        if orders.isEmpty || isStopping { return }
        guard configuration.reconciliation.foreignOrders == .claim else { return }
        Task { [weak self] in
            for order in Set(orders) { _ = await self?.take(order) }
        }
    }

    /// How many orders of somebody else the lane holds, by symbol: the end of the run leaves them.
    func claimedOrders() async -> [String: Int] {
        let orders = lane.hasEnded ? [] : await desk.openOrders() ?? []
        return orders.filter(\.id.isClaimed).reduce(into: [:]) { counts, order in
            counts[plan.instruments[order.instrument.slot].symbol.text, default: 0] += 1
        }
    }

    private func take(_ order: ForeignOrder) async -> Bool {
        let reply = await desk.ask(
            .claim, instrument: order.instrument, key: order.order.raw,
            value: order.filled?.raw ?? -1)
        guard reply?.isAccepted == true else { return false }
        logger.notice(
            "taking over an order",
            metadata: [
                "instrument": "\(order.symbol)", "order": "\(order.order.raw)",
            ])
        return true
    }

    /// The order as the venue describes it, within five seconds; `nil` when it is not open there.
    private func described(_ wanted: ForeignOrder) async -> OrderFigures? {
        let id = ClientOrderID(claiming: wanted.order)
        for _ in 0..<100 {
            guard let order = await desk.openOrders()?.first(where: { $0.id == id }) else {
                return nil
            }
            if order.state != .unknown { return figures(order, order.changedTime) }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }
}
