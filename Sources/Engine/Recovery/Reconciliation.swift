import Codec
import Machine
import MarketModel
import Telemetry
import TickToTrade

/// Compares three ways before a run may trade: the journal's account, the venue's orders and
/// trades, the venue's balances.
///
/// What the earlier run left open is cancelled, the trades it did not hear of are booked, and what
/// then differs is told. Cold; one request after the other.
struct Reconciliation {
    let plan: TradingPlan
    let facts: VenueFacts
    let policy: ReconciliationPolicy
    /// Reads only: what it would cancel it reports.
    let isDryRun: Bool
    var report = ReconciliationReport()
    let directory: InstrumentDirectory
    /// The account's trades that had to be asked for.
    var trades: [AccountFill] = []
    /// The newest trade that the journal has heard of, by its instruments' places.
    private(set) var newestHeard: [Int64] = []
    /// How orders stood when they were cancelled, by client order id.
    private var canceled: [String: ExecutionReport] = [:]
    /// What the venue says of the orders that the journal shows open, in the journal's numbers.
    var known: [ExecutionReport] = []
    /// Orders that the venue does not know and may take yet, in the journal's numbers.
    var underWay: [Order] = []
    /// Numbers of orders that a trade was asked to be of.
    var identified: Set<Int64> = []

    init(
        _ plan: TradingPlan, _ facts: VenueFacts, _ policy: ReconciliationPolicy, isDryRun: Bool
    ) {
        self.plan = plan
        self.facts = facts
        self.policy = policy
        self.isDryRun = isDryRun
        directory = facts.directory()
    }

    /// The account to begin with, in this run's numbers.
    mutating func reconcile(
        _ recovered: consuming RecoveredRun?, _ inquiry: inout VenueInquiry
    ) throws -> AccountSnapshot {
        try endLeftovers(&inquiry)
        guard var run = recovered else { return AccountSnapshot() }
        report.recoveredRun = run.directory
        report.recoveredRecords = run.recordCount
        report.endedInOrder = run.endedInOrder
        let state = run.state
        newestHeard = run.instruments.map { state.pointee.newestTrade(in: $0.index) }
        for instrument in plan.instruments { try follow(instrument, &run, &inquiry) }
        let (held, asked) = try explainBalances(&run, &inquiry)
        for order in known { run.apply(order, run.lastTime) }
        guard let account = run.snapshot() else { return AccountSnapshot() }
        var translation = AccountTranslation(run, plan, facts.assets)
        var translated = translation.translate(account, held, at: asked)
        translated.openOrders = underWay.compactMap {
            translation.translate($0, now: Timestamp(nanoseconds: inquiry.clock.now()))
        }
        report.ordersUnderWay = underWay.count
        report.ownerless = translation.ownerless
        return translated
    }

    // MARK: - Orders

    /// Cancels what this engine left open, and reports or cancels what is somebody else's.
    private mutating func endLeftovers(_ inquiry: inout VenueInquiry) throws {
        let offset = facts.clockOffset
        for order in try inquiry.openOrders(of: plan.instruments, directory, offset) {
            let symbol = plan.instruments[order.instrument.slot].symbol.text
            if order.clientOrderID == .none {
                report.foreignOrders.append(
                    ForeignOrder(
                        instrument: order.instrument, symbol: symbol, order: order.venueOrderID,
                        filled: order.cumulativeQuantity))
                if policy.foreignOrders != .cancel { continue }
            }
            if isDryRun {
                report.leftOrders[symbol, default: 0] += 1
                continue
            }
            if let end = try inquiry.cancel(order, symbol, directory, offset) {
                report.canceledOrders += 1
                if end.clientOrderID != .none { canceled[end.clientOrderID.text] = end }
            }
        }
    }

    /// Asks for every order that the journal shows open and whose end is not known yet, and books
    /// what they have traded more than the journal has heard of.
    private mutating func follow(
        _ instrument: Instrument, _ run: inout RecoveredRun, _ inquiry: inout VenueInquiry
    ) throws {
        guard let old = run.instruments.first(where: { $0.symbol == instrument.symbol }) else {
            return
        }
        for order in run.state.pointee.openOrders(in: old.index) {
            let end = canceled[order.id.text]
            let offset = facts.clockOffset
            if var state = try end
                ?? inquiry.order(order.id, instrument.symbol.text, directory, offset)
            {
                // It has arrived since the open orders were asked for. Claimed ones stay.
                if end == nil, !isDryRun, state.status.isOpen, !order.id.isClaimed {
                    state = try endNow(state, instrument, &inquiry) ?? state
                }
                state.instrument = old.index
                known.append(state)
                if state.cumulativeQuantity > order.filled {
                    let fills = try inquiry.fills(
                        instrument.symbol.text, of: state.venueOrderID, directory,
                        facts.clockOffset)
                    try take(fills, of: instrument, old, &run, &inquiry)
                }
            } else if mayArrive(order, inquiry.clock.now()) {
                underWay.append(order)
            } else {
                // It never arrived, or was refused.
                run.state.pointee.end(order.id, ifPendingAs: .reject, now: run.lastTime)
            }
        }
    }

    mutating func endNow(
        _ order: ExecutionReport, _ instrument: Instrument, _ inquiry: inout VenueInquiry
    ) throws -> ExecutionReport? {
        let symbol = instrument.symbol.text
        let offset = facts.clockOffset
        if let end = try inquiry.cancel(order, symbol, directory, offset) {
            report.canceledOrders += 1
            return end
        }
        return try inquiry.order(order.clientOrderID, symbol, directory, offset)
    }

    /// Whether an order that the venue does not know may still be on its way there: the run that
    /// takes the account over asks for it once it cannot arrive any more. A dry run leaves it to the
    /// next real one, as it leaves what is open.
    func mayArrive(_ order: Order, _ now: Int64) -> Bool {
        if isDryRun { return false }
        let isUnanswered = order.state == .pendingNew || order.state == .unknown
        return isUnanswered && order.isUnheard && !order.id.isClaimed
            && now < (order.createdTime + plan.configuration.arrivalWindow).nanoseconds
    }
}
