import Emulator
import Engine
import MarketModel
import TickToTrade

/// The part of the engine's audits that orders need: it belongs to the outer ring, which is not
/// simulated.
extension World {
    /// Ends orders that are open at the exchange under an id of the engine's and not with it, when two
    /// looks in a row have found them: a request that arrived after the engine had given it up, and
    /// whose report was lost with the connection.
    func auditOrders() {
        guard now >= nextAudit else { return }
        nextAudit = now + 500_000_000
        guard let state = lane?.state, lane?.isOrderSessionUp ?? false else {
            strays = []
            return
        }
        let indices = Surroundings.symbols.indices.map { InstrumentIndex(UInt16($0)) }
        let held = Set(indices.flatMap { state.pointee.openOrders(in: $0).map(\.id.text) })
        let found = exchange.orders(of: Surroundings.account).filter {
            $0.isOpen && !held.contains($0.clientOrderID)
        }
        for order in found where strays.contains(order.clientOrderID) {
            diary.note("an audit ends order \(order.clientOrderID)")
            exchange.perform(
                .expireOrders(symbol: Surroundings.symbols[order.market]), at: exchangeNow)
        }
        strays = Set(found.map(\.clientOrderID))
    }
}
