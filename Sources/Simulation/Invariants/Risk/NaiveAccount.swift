import Journal
import MarketModel
import TickToTrade

/// Orders, positions and balances as the records alone make them.
///
/// Where the records leave something open it counts as little as it may: whatever breaks a limit
/// here has broken it.
struct NaiveAccount {
    struct Order {
        var request: OrderRequest
        /// What it may still become; smaller after an amendment was asked for.
        var quantity: Int64
        var filled: Int64 = 0
        /// Whether it is certain that it may still trade.
        var isOpen = true
        /// Whether the venue has said that it is over.
        var hasEnded = false
        /// Waits in a list for an order on the other side.
        var isDormant: Bool
        /// Another order of its list already stands for it.
        var isShadow: Bool

        var remaining: Double { isOpen && !isDormant ? Double(max(quantity - filled, 0)) / 1e8 : 0 }
    }

    struct Holding {
        var quantity = 0.0
        /// Money that has come in, less what has gone out.
        var cash = 0.0
        /// Traded in this life: what roundings and fees are measured by.
        var turnover = 0.0

        /// Books a part of a trade, 0...1.
        mutating func add(_ trade: Holding, _ part: Double) {
            quantity += trade.quantity * part
            cash += trade.cash * part
            turnover += trade.turnover * part
        }
    }

    private struct Owner: Hashable {
        var strategy: UInt16
        var instrument: UInt16
    }

    private(set) var orders: [UInt64: Order] = [:]
    private var holdings: [Owner: Holding] = [:]
    /// Orders by the request that decides about them, and those that may be open by instrument.
    private var requests: [UInt64: [UInt64]] = [:]
    /// Instruments in which something was traded that no order here explains.
    private(set) var unexplained: Set<UInt16> = []
    private(set) var balances: [UInt16: Double] = [:]
    private var trades: Set<[Int64]> = []

    /// Whoever owns what nobody owns.
    private static let net = StrategyIndex.none.raw

    // MARK: - What is known at the start

    mutating func begin(_ snapshot: AccountSnapshot) {
        for entry in snapshot.positions {
            let place = Owner(strategy: entry.strategy.raw, instrument: entry.instrument.raw)
            let money = entry.position.realised.raw - entry.position.fees.raw - entry.position.cost.raw
            holdings[place] = Holding(
                quantity: Double(entry.position.quantity.raw) / 1e8, cash: Double(money) / 1e16)
        }
        for (slot, told) in snapshot.balances.enumerated() where told.total >= 0 {
            balances[UInt16(slot)] = Double(told.total) / 1e8
        }
    }

    // MARK: - What the engine asks for

    mutating func send(_ request: OrderRequest) {
        let id = request.clientOrderID.raw
        requests[request.requestID, default: []].append(id)
        switch request.kind {
        case .place, .placeLeg, .cancelReplace:
            let waits = request.contingency == .oneTriggersOther
                || request.contingency == .oneTriggersPair
            orders[id] = Order(
                request: request, quantity: request.quantity.raw,
                isDormant: waits && request.leg > 0,
                isShadow: request.contingency == .oneCancelsOther && request.leg > 0)
        case .amend:
            if let held = orders[id]?.quantity {
                orders[id]?.quantity = min(held, request.quantity.raw)
            }
        // Whoever asks does not know.
        case .query: orders[id]?.isOpen = false
        case .cancel, .cancelAll: break
        }
    }

    // MARK: - What it is told

    /// What an answer leaves certain: only that a new order was taken.
    mutating func take(_ reply: RequestReply) {
        let ids = requests.removeValue(forKey: reply.requestID) ?? []
        for id in ids {
            guard let order = orders[id] else { continue }
            let isPlacing = order.request.requestID == reply.requestID
            if !isPlacing || reply.outcome != .accepted { orders[id]?.isOpen = false }
            let replaced = order.request.replacedOrderID.raw
            if isPlacing { orders[replaced]?.isOpen = false }
        }
    }

    mutating func take(_ report: ExecutionReport, _ instrument: Instrument) {
        let id = report.clientOrderID.raw
        if report.executionType == .trade {
            let key = [Int64(report.instrument.raw), report.tradeID.raw]
            if report.tradeID.raw >= 0, trades.insert(key).inserted { book(report, instrument) }
        } else if report.cumulativeQuantity.raw > orders[id]?.filled ?? 0 {
            // Told of trades that were never told.
            unexplained.insert(report.instrument.raw)
        }
        guard let order = orders[id] else { return }
        orders[id]?.filled = max(order.filled, report.cumulativeQuantity.raw)
        if report.quantity.raw > 0 {
            orders[id]?.quantity = min(order.quantity, report.quantity.raw)
        }
        switch report.status {
        case .new, .partiallyFilled: break
        case .filled, .canceled, .rejected, .expired:
            orders[id]?.isOpen = false
            orders[id]?.hasEnded = true
        default: orders[id]?.isOpen = false
        }
    }

    private mutating func book(_ report: ExecutionReport, _ instrument: Instrument) {
        guard let order = orders[report.clientOrderID.raw] else {
            unexplained.insert(report.instrument.raw)
            return
        }
        let price = Double(report.lastPrice.raw) / 1e8
        let sign = report.side == .buy ? 1.0 : -1.0
        let quantity = Double(report.lastQuantity.raw) / 1e8
        let fee = Double(report.commission) / 1e8
        var trade = Holding(
            quantity: sign * quantity, cash: -sign * quantity * price, turnover: quantity * price)
        if report.commissionAsset == instrument.baseAsset { trade.quantity -= fee }
        if report.commissionAsset == instrument.quoteAsset { trade.cash -= fee }
        let here = report.instrument.raw
        holdings[Owner(strategy: Self.net, instrument: here), default: Holding()].add(trade, 1)
        let owner = order.request.strategy.raw
        if owner != Self.net {
            holdings[Owner(strategy: owner, instrument: here), default: Holding()].add(trade, 1)
        } else if order.request.isReduceOnly {
            shareOut(trade, in: here)
        }
    }

    /// An order of nobody's closes what the strategies hold, in their order.
    private mutating func shareOut(_ trade: Holding, in instrument: UInt16) {
        var left = abs(trade.quantity)
        let owners = holdings.keys.filter { $0.instrument == instrument && $0.strategy != Self.net }
        for owner in owners.sorted(by: { $0.strategy < $1.strategy }) {
            guard let held = holdings[owner]?.quantity, held * trade.quantity < 0 else { continue }
            let part = min(abs(held), left)
            holdings[owner]?.add(trade, part / abs(trade.quantity))
            left -= part
        }
    }

    mutating func take(_ balance: Balance) {
        balances[balance.asset.raw] = Double(balance.free + balance.locked) / 1e8
    }

    /// With the session the certainty about every order is gone.
    mutating func loseSession() {
        for id in orders.keys { orders[id]?.isOpen = false }
    }

    // MARK: - Sums

    func holding(_ instrument: UInt16, of strategy: UInt16? = nil) -> Holding {
        holdings[Owner(strategy: strategy ?? Self.net, instrument: instrument)] ?? Holding()
    }

    /// Whether an entry order may be open in an instrument, as far as anybody knows.
    func mayHaveEntered(_ instrument: UInt16, besides request: OrderRequest) -> Bool {
        orders.values.contains {
            $0.request.instrument.raw == instrument && !$0.request.isReduceOnly && !$0.hasEnded
                && $0.request.requestID != request.requestID
        }
    }

    /// Orders that are certainly open, without those that an order replaces.
    func open(besides replaced: ClientOrderID) -> [Order] {
        orders.values.filter { $0.isOpen && $0.request.clientOrderID != replaced }
    }
}
