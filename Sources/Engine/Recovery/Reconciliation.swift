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
    private(set) var report = ReconciliationReport()
    private let directory: InstrumentDirectory
    private var trades: [AccountFill] = []

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
        for instrument in plan.instruments { try follow(instrument, &run, &inquiry) }
        let asked = Timestamp(nanoseconds: inquiry.clock.now() + facts.clockOffset)
        let held = try inquiry.balances(directory, facts.clockOffset)
        compare(held, run)
        guard let account = run.snapshot() else { return AccountSnapshot() }
        var translation = AccountTranslation(run, plan, facts.assets)
        let translated = translation.translate(account, held, at: asked)
        report.ownerless = translation.ownerless
        return translated
    }

    // MARK: - Orders

    /// Cancels what this engine left open, and reports or cancels what is somebody else's.
    private mutating func endLeftovers(_ inquiry: inout VenueInquiry) throws {
        for instrument in plan.instruments {
            let symbol = instrument.symbol.text
            for order in try inquiry.openOrders(symbol, directory, facts.clockOffset) {
                if order.clientOrderID == .none {
                    report.foreignOrders.append(
                        ForeignOrder(
                            instrument: instrument.index, symbol: symbol,
                            order: order.venueOrderID, filled: order.cumulativeQuantity))
                    if policy.foreignOrders != .cancel { continue }
                }
                if isDryRun {
                    report.leftOrders[symbol, default: 0] += 1
                    continue
                }
                if try inquiry.cancel(order.venueOrderID, symbol, facts.clockOffset) {
                    report.canceledOrders += 1
                }
            }
        }
    }

    /// Asks for every order that the journal shows open, and books the trades it did not hear of.
    private mutating func follow(
        _ instrument: Instrument, _ run: inout RecoveredRun, _ inquiry: inout VenueInquiry
    ) throws {
        guard let old = run.instruments.first(where: { $0.symbol == instrument.symbol }) else {
            return
        }
        let open = run.state.pointee.openOrders(in: old.index)
        var known: [ExecutionReport] = []
        for order in open {
            if var state = try find(order, instrument, &inquiry) {
                state.instrument = old.index
                known.append(state)
            } else {
                // It never arrived: sent a moment before the end, or refused.
                run.state.pointee.end(order.id, ifPendingAs: .reject, now: run.lastTime)
            }
        }
        let newest = run.state.pointee.newestTrade(in: old.index)
        let since = earliest(open, run.balanceTime(of: instrument))
        for trade in try inquiry.fills(
            instrument.symbol.text, after: newest, since: since, directory, facts.clockOffset)
        {
            trades.append(trade)
            if trade.tradeID.raw > newest { book(trade, old, known, &run) }
        }
        for order in known { run.apply(order, run.lastTime) }
    }

    /// The venue's word on an order. A request of the last moments may still be on its way there:
    /// "unknown" counts only once it has had a second to arrive.
    private func find(
        _ order: Order, _ instrument: Instrument, _ inquiry: inout VenueInquiry
    ) throws -> ExecutionReport? {
        let settled = order.createdTime.nanoseconds + Nanoseconds.seconds(1).count
        while true {
            let isSettled = inquiry.clock.now() >= settled
            let answer = try inquiry.order(
                order.id, instrument.symbol.text, directory, facts.clockOffset)
            if answer != nil || isSettled { return answer }
            inquiry.pause(.milliseconds(100))
        }
    }

    /// From when on trades matter: for open orders, and for what the balances do not show yet.
    private func earliest(_ open: [Order], _ balances: Timestamp) -> Timestamp {
        let created = open.map(\.createdTime).min()
        // The venue's clock and ours: `fills` adds the offset to a time of ours.
        let told = balances - Nanoseconds(facts.clockOffset)
        guard let created else { return told }
        return min(created, told)
    }

    /// A trade of one of our orders is booked as its report would have been.
    private mutating func book(
        _ fill: AccountFill, _ instrument: Instrument, _ orders: [ExecutionReport],
        _ run: inout RecoveredRun
    ) {
        guard let order = orders.first(where: { $0.venueOrderID == fill.venueOrderID }),
            let known = run.state.pointee.orderView(order.clientOrderID)
        else {
            report.foreignTrades += 1
            return
        }
        var trade = order
        trade.executionType = .trade
        trade.status = .partiallyFilled
        trade.tradeID = fill.tradeID
        trade.lastPrice = fill.price
        trade.lastQuantity = fill.quantity
        trade.cumulativeQuantity = known.filled + fill.quantity
        if trade.cumulativeQuantity == known.quantity { trade.status = .filled }
        trade.commission = fill.commission
        trade.commissionAsset = run.asset(named: name(fill.commissionAsset))
        trade.isMaker = fill.isMaker
        trade.venueTime = fill.venueTime
        run.apply(trade, run.lastTime)
        report.missedFills += 1
    }

    // MARK: - Balances

    private mutating func compare(
        _ held: [AssetIndex: Int64], _ run: borrowing RecoveredRun
    ) {
        let effects = BalanceEffects(trades, plan.instruments)
        for (asset, total) in held {
            let told = run.toldBalance(of: name(asset))
            guard told.total >= 0 else { continue }
            let change = total - told.total
            guard let unexplained = effects.unexplained(change, of: asset, since: told.venueTime)
            else { continue }
            let unit = { (raw: Int64) in ExactDecimal(raw: Int128(raw), scale: 8) }
            report.differences[name(asset)] =
                "journal \(unit(told.total)), venue \(unit(total)), "
                + "unexplained \(unit(unexplained))"
            if policy.onDifference == .accept { continue }
            for instrument in plan.instruments where instrument.baseAsset == asset {
                report.halted.append(instrument.symbol.text)
            }
        }
    }

    private func name(_ asset: AssetIndex) -> String {
        asset.slot < facts.assets.count ? facts.assets[asset.slot].text : ""
    }
}
