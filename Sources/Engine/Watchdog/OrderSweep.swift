import Codec
import MarketModel
import Wire

/// One pass over the open orders of the engine's instruments, over REST: each that has a client
/// order id of the engine's form is cancelled, whatever its kind; others are left alone.
struct OrderSweep {
    /// Client order ids by symbol.
    private(set) var canceled: [String: [String]] = [:]
    /// Orders that ended by themselves before the cancel arrived.
    private(set) var alreadyEnded = 0
    /// Cancels that the venue refused, in words.
    private(set) var refused: [String] = []

    /// Nothing of ours was open.
    var foundNothing: Bool { canceled.isEmpty && alreadyEnded == 0 && refused.isEmpty }

    /// Asks and cancels, one request after another. A refused cancel does not keep the others
    /// back; a rate limit or a lost connection ends the pass.
    mutating func run(_ facts: VenueFacts, _ inquiry: inout VenueInquiry) throws(StartFailure) {
        let directory = facts.directory()
        defer { directory.deallocate() }
        let offset = try inquiry.clockOffset()
        for order in try inquiry.openOrders(of: facts.instruments, directory, offset)
        where order.clientOrderID != .none {
            let symbol = facts.instruments[order.instrument.slot].symbol.text
            let name = order.clientOrderID.text
            do throws(StartFailure) {
                if try inquiry.cancel(order, symbol, directory, offset) != nil {
                    canceled[symbol, default: []].append(name)
                } else {
                    alreadyEnded += 1
                }
            } catch {
                guard case .refused(_, 400, _, _) = error else { throw error }
                refused.append("\(name): \(error)")
            }
        }
    }
}
