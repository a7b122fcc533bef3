import Machine
import MarketModel
import Rings
import Telemetry
import TickToTrade
import Venues

/// Reads what the lane publishes and puts it into words: the only place where both meet.
struct SnapshotBuilder {
    let plan: TradingPlan
    let lane: LaneInstruments
    let gauges: [(name: String, gauge: RingGauge)]
    let run: String
    let mode: EngineMode
    let isDryRun: Bool
    let started: Timestamp
    let machine: String
    /// Venue refusals by reason, collected from the lane's events.
    var rejections: [String: Int64] = [:]
    /// Strategies the operator stopped, by name.
    var stopped: Set<String> = []
    var audits = AuditFigures()
    /// What the operator gave as the reason of a halt.
    var haltNote: String?
    private var rates = RateWindow()

    init(
        plan: TradingPlan, lane: LaneInstruments, gauges: [(name: String, gauge: RingGauge)],
        run: String, mode: EngineMode, isDryRun: Bool, started: Timestamp, machine: String
    ) {
        self.plan = plan
        self.lane = lane
        self.gauges = gauges
        self.run = run
        self.mode = mode
        self.isDryRun = isDryRun
        self.started = started
        self.machine = machine
    }

    /// The state of everything now; rates are those of the last second or so.
    mutating func build(
        now: Timestamp, isStopping: Bool, journal: JournalFigures, includingBuckets: Bool = false
    ) -> EngineSnapshot {
        let published = lane.board.read()
        let (summary, instruments) = (published.lane, published.instruments)
        let halts = HaltReasons(rawValue: summary.haltReasons)
        let state: EngineState =
            isStopping ? .stopping : summary.time == .unknown ? .starting
            : halts.isEmpty ? .trading
            : halts.contains(.notReconciled) || isStarting(halts) ? .starting : .halted
        var snapshot = EngineSnapshot(
            time: now, uptime: now - started, run: run, mode: mode, state: state,
            reason: halts.isEmpty ? nil : reason(of: halts))
        snapshot.isDryRun = isDryRun
        snapshot.connections = (0..<SpotLink.shownCount).map { connection($0, now) }
        snapshot.budgets = budgets()
        snapshot.instruments = zip(plan.instruments, instruments).map(Self.figures)
        snapshot.contexts = ContextReport(plan: plan).figures(published.contexts)
        snapshot.strategies = strategies()
        snapshot.totals = totals(instruments, summary)
        snapshot.totals.feesByAsset = Self.fees(published.assets, plan.assets)
        snapshot.audits = audits
        snapshot.rates = rates.figures(snapshot.totals, at: now)
        snapshot.rings = gauges.map { name, gauge in
            var figures = RingFigures(name: name, capacity: Int64(gauge.capacity))
            figures.depth = Int64(gauge.count)
            figures.highWater = Int64(gauge.highWaterMark)
            figures.dropped = Int64(gauge.refusedCount)
            return figures
        }
        snapshot.latencies = latencies(includingBuckets: includingBuckets)
        snapshot.journal = journal
        snapshot.machine = machine
        return snapshot
    }

    /// Figures of the stages that have been measured.
    func latencies(includingBuckets: Bool) -> [StageFigures] {
        lane.latencies.snapshot().filter { $0.figures.count > 0 }.map { stage, figures in
            StageFigures(stage: stage, figures, includingBuckets: includingBuckets)
        }
    }

    // MARK: - Parts

    private func reason(of halts: HaltReasons) -> String {
        let note = halts.contains(.operatorCommand) ? haltNote.map { ": \($0)" } ?? "" : ""
        return halts.names.joined(separator: ", ") + note
    }

    /// Before the first connections are up, a halt is just the start.
    private func isStarting(_ halts: HaltReasons) -> Bool {
        halts.contains(.orderSessionDown) && lane[.ordersMessagesOnLink] == 0
    }

    private func budgets() -> [BudgetFigures] {
        let all: [(String, LaneCounter, LaneCounter)] = [
            ("request weight", .usedWeight, .weightLimit),
            ("orders", .usedOrders, .orderLimit),
            ("orders a day", .usedDailyOrders, .dailyOrderLimit),
        ]
        return all.compactMap { name, used, limit in
            lane[limit] == 0
                ? nil : BudgetFigures(name: name, used: lane[used], limit: lane[limit])
        }
    }

    private func connection(_ link: Int, _ now: Timestamp) -> ConnectionFigures {
        let base = LaneCounter.marketReconnects.rawValue + link
        func value(_ offset: Int) -> Int64 { lane.page[base + offset].value }
        let phase = value(12)
        let state: ConnectionFigures.State =
            switch phase {
            case 1: .connecting
            case 2, 3: .handshaking
            case 4: .open
            case 5: .closing
            default: .closed
            }
        var figures = ConnectionFigures(name: SpotLink.name(link), state: state)
        figures.reconnects = value(0)
        figures.messages = value(3)
        if value(6) > 0 { figures.lastMessageAgeNanoseconds = max(now.nanoseconds - value(6), 0) }
        if value(9) > 0 { figures.roundTripNanoseconds = value(9) }
        return figures
    }

    static func figures(_ instrument: Instrument, _ summary: InstrumentSummary) -> InstrumentFigures {
        var figures = InstrumentFigures(symbol: instrument.symbol.text)
        if summary.bid.quantity.raw > 0 {
            figures.bid = ExactDecimal(summary.bid.price, of: instrument)
            figures.bidQuantity = ExactDecimal(summary.bid.quantity, of: instrument)
        }
        if summary.ask.quantity.raw > 0 {
            figures.ask = ExactDecimal(summary.ask.price, of: instrument)
            figures.askQuantity = ExactDecimal(summary.ask.quantity, of: instrument)
        }
        if summary.last.raw > 0 { figures.last = ExactDecimal(summary.last, of: instrument) }
        figures.isBookValid = summary.isBookValid
        figures.resyncs = Int64(summary.resyncs)
        figures.position = ExactDecimal(summary.position, of: instrument)
        if summary.position.raw != 0 {
            figures.averageEntry = ExactDecimal(summary.averageEntry, of: instrument)
        }
        if summary.isBookValid || summary.position.raw == 0 {
            figures.unrealised = ExactDecimal(summary.unrealised, of: instrument)
        }
        figures.realised = ExactDecimal(summary.realised, of: instrument)
        figures.fees = ExactDecimal(summary.fees, of: instrument)
        figures.openOrders = Int(summary.openOrders)
        return figures
    }

    private static func fees(_ assets: [AssetSummary], _ names: [ShortName]) -> [AssetFees] {
        zip(assets, names).filter { $0.0.feesPaid != 0 }.map { summary, name in
            AssetFees(
                asset: name.text, paid: ExactDecimal(raw: Int128(summary.feesPaid), scale: 8),
                unvalued: ExactDecimal(raw: Int128(summary.feesUnvalued), scale: 8))
        }
    }

    private func strategies() -> [StrategyFigures] {
        var list: [StrategyFigures] = []
        for (slot, name) in plan.strategyNames.enumerated() {
            let bits = plan.configuration.subscriptions[slot]
            let symbols = plan.instruments.filter { bits >> UInt64($0.index.raw) & 1 == 1 }
                .map(\.symbol.text)
            if let known = list.firstIndex(where: { $0.name == name }) {
                list[known].instruments += symbols
                continue
            }
            var figures = StrategyFigures(
                name: name, kind: plan.strategies[slot].kind.name, isRunning: !stopped.contains(name))
            figures.instruments = symbols
            list.append(figures)
        }
        return list
    }

    private func totals(
        _ instruments: [InstrumentSummary], _ summary: LaneSummary
    ) -> TotalFigures {
        var totals = TotalFigures()
        let any = plan.instruments[0]
        var gross = Notional.zero
        var fees = Notional.zero
        for instrument in instruments {
            gross += instrument.realised + instrument.unrealised
            fees += instrument.fees
        }
        totals.asset = any.quoteAssetName.text
        totals.pnlGross = ExactDecimal(gross, of: any)
        totals.pnlNet = ExactDecimal(gross - fees, of: any)
        totals.fees = ExactDecimal(fees, of: any)
        totals.marketMessages = lane[.marketMessages]
        // The core counts what it hands over; a dry run keeps it, and counts it as denied.
        totals.ordersSent = isDryRun ? 0 : lane[.ordersSent]
        totals.cancelsSent = isDryRun ? 0 : lane[.cancelsSent]
        totals.fills = lane[.fills]
        totals.canceled = lane[.canceled]
        totals.expired = lane[.expired]
        totals.halts = lane[.halts]
        totals.unknown = Int64(summary.unknownOrders)
        totals.rejected = rejections.sorted { $0.key < $1.key }.map {
            ReasonCount(reason: $0.key, count: $0.value)
        }
        totals.denied = RiskRule.allCases.compactMap { rule in
            let count = lane.denials(of: Int(rule.rawValue))
            return count > 0 ? ReasonCount(reason: rule.name, count: count) : nil
        }
        let others = [
            ("dry_run", lane[.dryRun]), ("rate_limit", lane[.heldBack]),
            ("not_sent", lane[.sendRefused] - lane[.heldBack] - lane[.dryRun]),
        ]
        totals.denied += others.filter { $0.1 > 0 }.map { ReasonCount(reason: $0.0, count: $0.1) }
        return totals
    }
}
