import Journal
import MarketModel
import TickToTrade

/// The pre-trade rules by their meaning, from the journal alone: no order may break a limit that
/// was in force when it was decided on.
///
/// Written from the configuration's reference and not from the gate: slow, with floating point and
/// dictionaries. Prices and amounts that the records leave open count in the engine's favour.
struct NaiveRisk {
    var limits: NaiveLimits
    var account = NaiveAccount()
    private(set) var markets = NaiveMarkets()
    private(set) var instruments: [UInt16: Instrument] = [:]
    private var pace: NaivePace
    /// Of all lives so far.
    private(set) var profit: NaiveProfit
    private var hasAccount = false
    private var day = Int64.min
    /// Entries that were checked against each limit while it was in force.
    private(set) var checks: [RiskLimitKey: Int] = [:]

    init(
        _ limits: [RiskLimitKey: Int64], windows: [RiskLimitKey: Nanoseconds],
        behind earlier: NaiveProfit = NaiveProfit()
    ) {
        self.limits = NaiveLimits(limits)
        profit = earlier
        profit.takeOver()
        pace = NaivePace(windows)
    }

    // MARK: - What the engine is told

    mutating func learn(_ record: JournalRecordView) {
        let now = record.time
        if now.utcDay > day {
            day = now.utcDay
            for number in markets.numbers { markets[number]?.pass(to: now) }
        }
        profit.pass(to: now, account, markets)
        switch record.type {
        case .instrument:
            guard let it = record.payload(as: Instrument.self) else { return }
            instruments[it.index.raw] = it
            if markets[it.index.raw] == nil {
                var market = NaiveMarket()
                market.pass(to: now)
                markets[it.index.raw] = market
            }
        case .snapshot where !hasAccount:
            guard let snapshot = AccountSnapshot(record.tail) else { return }
            hasAccount = true
            account.begin(snapshot)
        case .trade:
            if let it = record.payload(as: Trade.self) { markets[it.instrument.raw]?.take(it, at: now) }
        case .topOfBook:
            if let it = record.payload(as: TopOfBook.self) {
                markets[it.instrument.raw]?.take(it, at: now)
            }
        case .depth:
            if let it = record.payload(as: DepthHeader.self), let levels = record.levels {
                markets[it.instrument.raw]?.take(it, levels, at: now)
            }
        case .executionReport:
            if let it = record.payload(as: ExecutionReport.self),
                let instrument = instruments[it.instrument.raw]
            {
                account.take(it, instrument)
            }
        case .requestReply: if let it = record.payload(as: RequestReply.self) { account.take(it) }
        case .balance: if let it = record.payload(as: Balance.self) { account.take(it) }
        case .linkState: if let it = record.payload(as: LinkState.self) { learn(it) }
        case .command:
            if let it = record.payload(as: Command.self), it.kind == .setLimit { limits.set(it) }
        default: break
        }
    }

    private mutating func learn(_ state: LinkState) {
        switch state.event {
        case .orderSessionDown: account.loseSession()
        case .marketStreamDown, .marketStreamUp:
            for number in markets.numbers { markets[number]?.forgetTop() }
        default: break
        }
    }

    // MARK: - What it does

    /// The limit that a decision breaks, in words.
    mutating func check(_ request: OrderRequest) -> String? {
        defer {
            account.send(request)
            pace.count(request)
        }
        switch request.kind {
        case .place, .placeLeg, .cancelReplace: break
        default: return nil
        }
        if isDormant(request) { return nil }
        if request.isReduceOnly { return excess(of: request) }
        guard let market = markets[request.instrument.raw] else {
            return "an order in an instrument that nobody told of: \(request)"
        }
        let broken = firstBroken(request, market)
        return broken.map { "\($0) is broken by \(request)" }
    }

    private func isDormant(_ request: OrderRequest) -> Bool {
        let waits = request.contingency == .oneTriggersOther
            || request.contingency == .oneTriggersPair
        return waits && request.leg > 0
    }

    /// What an order that calls itself closing would open, in words: the venue knows no such flag on
    /// a spot market, so nobody but the engine sees to it. Counts the closing orders of the same
    /// owner that are certainly open, and nothing where trades are missing.
    private func excess(of request: OrderRequest) -> String? {
        let here = request.instrument.raw
        if account.unexplained.contains(here) { return nil }
        let owner = request.strategy.raw
        let held = account.holding(here, of: owner).quantity
        let closable = request.side == .sell ? held : -held
        let closing = account.open(besides: request.replacedOrderID).filter {
            $0.request.isReduceOnly && $0.request.instrument == request.instrument
                && $0.request.strategy == request.strategy && $0.request.side == request.side
                && !$0.isShadow && $0.request.requestID != request.requestID
        }
        let wanted = closing.reduce(Double(request.quantity.raw) / 1e8) { $0 + $1.remaining }
        if wanted <= closable + Self.rounding { return nil }
        return "reduce only is broken: \(wanted) would close \(closable) by \(request)"
    }

    /// Of a sum of trades in floating point, in units of the base asset.
    private static let rounding = 1e-7

    private mutating func firstBroken(_ request: OrderRequest, _ market: NaiveMarket) -> String? {
        let here = request.instrument.raw
        if let key = NaiveOrderRules(request, market, limits).firstBroken(&checks) { return key }
        let tick = instruments[here]?.tickSize.raw ?? 1
        if let key = pace.firstBroken(request, limits, tick: tick, &checks) { return key }
        let sums = NaiveSums(request, account, markets, limits, instruments)
        if let key = sums.firstBroken(&checks) { return key }
        if !account.unexplained.isEmpty { return nil }
        for (key, loss) in [
            (RiskLimitKey.globalMaxDailyLoss, profit.leastLoss(account, markets)),
            (.strategyMaxDailyLoss, profit.leastLoss(account, markets, of: request.strategy.raw)),
        ] {
            let number = key == .strategyMaxDailyLoss ? request.strategy.raw : 0
            guard let limit = limits.money(key, of: number) else { continue }
            checks[key, default: 0] += 1
            if loss > limit { return "\(key.path) \(limit) with a loss of \(loss) in \(here)" }
        }
        return nil
    }
}
