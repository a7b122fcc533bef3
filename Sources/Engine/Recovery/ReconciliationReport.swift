import Logging
import MarketModel

/// What the comparison of an earlier run's journal with the venue has found and done.
package struct ReconciliationReport: Equatable {
    /// Directory of the earlier run; `nil`: there was none to take over.
    var recoveredRun: String?
    var recoveredRecords: Int64 = 0
    /// `false`: the earlier run crashed or was killed.
    var endedInOrder = true
    /// Trades of our own that the venue has and the journal had not.
    var missedFills = 0
    /// Orders of our own that the journal does not show: their records are lost.
    var lostOrders = 0
    /// Trades of the account that no order of ours explains.
    var foreignTrades = 0
    var canceledOrders = 0
    /// Orders that the venue does not know and may take yet: their risk stays reserved.
    var ordersUnderWay = 0
    /// Orders that a dry run has not cancelled, by symbol.
    var leftOrders: [String: Int] = [:]
    /// Orders that are not this engine's.
    var foreignOrders: [ForeignOrder] = []
    /// Balance differences that nothing explains, in words, by asset.
    var differences: [String: String] = [:]
    /// Positions of strategies that this configuration does not have, in words.
    var ownerless: [String] = []
    /// Symbols that may not trade until an operator has looked.
    var halted: [String] = []

    /// Tells the operator, worst last.
    func log(to logger: Logger) {
        if let run = recoveredRun {
            logger.notice(
                "account taken over",
                metadata: [
                    "run": "\(run)", "records": "\(recoveredRecords)",
                    "ended_in_order": "\(endedInOrder)", "missed_fills": "\(missedFills)",
                ])
        }
        if canceledOrders > 0 {
            logger.notice(
                "orders of earlier runs cancelled", metadata: ["count": "\(canceledOrders)"])
        }
        if ordersUnderWay > 0 {
            logger.notice(
                "orders of the earlier run may still arrive",
                metadata: ["count": "\(ordersUnderWay)"])
        }
        for (symbol, count) in leftOrders.sorted(by: { $0.key < $1.key }) {
            logger.warning(
                "open orders stay, a dry run cancels none",
                metadata: ["symbol": "\(symbol)", "count": "\(count)"])
        }
        let foreign = Dictionary(grouping: foreignOrders, by: \.symbol)
        for (symbol, orders) in foreign.sorted(by: { $0.key < $1.key }) {
            logger.warning(
                "open orders that are not ours",
                metadata: [
                    "symbol": "\(symbol)", "count": "\(orders.count)",
                    "orders": .array(orders.prefix(20).map { "\($0.order.raw)" }),
                ])
        }
        if lostOrders > 0 {
            logger.warning(
                "orders whose records are lost", metadata: ["count": "\(lostOrders)"])
        }
        if foreignTrades > 0 {
            logger.warning(
                "trades that are not ours", metadata: ["count": "\(foreignTrades)"])
        }
        for position in ownerless {
            logger.warning(
                "position of a strategy that is not configured",
                metadata: ["position": "\(position)"])
        }
        for (asset, difference) in differences.sorted(by: { $0.key < $1.key }) {
            logger.error(
                "balance differs from the journal's",
                metadata: ["asset": "\(asset)", "difference": "\(difference)"])
        }
        for symbol in halted {
            logger.error(
                "instrument halted until an operator has looked",
                metadata: [
                    "symbol": "\(symbol)",
                    "resume": "apus limits --set instrument.halted=0 --instrument \(symbol)",
                ])
        }
    }
}
