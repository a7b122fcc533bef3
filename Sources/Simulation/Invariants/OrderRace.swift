import Journal
import MarketModel
import TickToTrade

/// Races between the engine and the exchange, as a journal tells of them.
enum OrderRace: String, CaseIterable, Sendable {
    case fillBeforeAcknowledgement, fillAfterCancelAcknowledgement, cancelRefusedBecauseFilled
    case fillWhileReplacing, reportOutOfOrder, duplicateFill
}

/// Finds races in one journal's records.
struct RaceFinder {
    private struct Order {
        var isAcknowledged = false
        var isCanceled = false
        var isFilled = false
        var isBeingReplaced = false
        var newestExecution: Int64 = 0
    }

    private(set) var counts: [OrderRace: Int] = [:]
    private var orders: [UInt64: Order] = [:]
    private var requests: [UInt64: OrderRequest] = [:]
    private var trades: Set<[Int64]> = []

    mutating func take(_ record: JournalRecordView) {
        switch record.type {
        case .decision: if let it = record.payload(as: OrderRequest.self) { take(it) }
        case .requestReply: if let it = record.payload(as: RequestReply.self) { take(it) }
        case .executionReport: if let it = record.payload(as: ExecutionReport.self) { take(it) }
        default: break
        }
    }

    private mutating func take(_ request: OrderRequest) {
        requests[request.requestID] = request
        let id = request.clientOrderID.raw
        switch request.kind {
        case .place, .placeLeg, .cancelReplace:
            orders[id] = Order()
            orders[request.replacedOrderID.raw]?.isBeingReplaced = true
        case .amend: orders[id]?.isBeingReplaced = true
        case .cancel, .cancelAll, .query: break
        }
    }

    private mutating func take(_ reply: RequestReply) {
        guard let request = requests.removeValue(forKey: reply.requestID) else { return }
        let id = request.clientOrderID.raw
        switch (request.kind, reply.outcome) {
        case (.place, .accepted), (.placeLeg, .accepted): orders[id]?.isAcknowledged = true
        case (.cancelReplace, _):
            orders[id]?.isAcknowledged = reply.outcome == .accepted
            orders[request.replacedOrderID.raw]?.isBeingReplaced = false
        case (.amend, _): orders[id]?.isBeingReplaced = false
        case (.cancel, .accepted): orders[id]?.isCanceled = true
        case (.cancel, .rejected), (.cancel, .noSuchOrder):
            if orders[id]?.isFilled ?? false { counts[.cancelRefusedBecauseFilled, default: 0] += 1 }
        default: break
        }
    }

    private mutating func take(_ report: ExecutionReport) {
        let id = report.clientOrderID.raw
        guard let order = orders[id] else { return }
        if report.executionID > 0, report.executionID < order.newestExecution {
            counts[.reportOutOfOrder, default: 0] += 1
        }
        orders[id]?.newestExecution = max(order.newestExecution, report.executionID)
        if report.status == .filled { orders[id]?.isFilled = true }
        if report.status == .canceled || report.status == .expired { orders[id]?.isCanceled = true }
        guard report.executionType == .trade else { return }
        if !trades.insert([Int64(report.instrument.raw), report.tradeID.raw]).inserted {
            counts[.duplicateFill, default: 0] += 1
            return
        }
        if !order.isAcknowledged { counts[.fillBeforeAcknowledgement, default: 0] += 1 }
        if order.isCanceled { counts[.fillAfterCancelAcknowledgement, default: 0] += 1 }
        if order.isBeingReplaced { counts[.fillWhileReplacing, default: 0] += 1 }
    }
}
