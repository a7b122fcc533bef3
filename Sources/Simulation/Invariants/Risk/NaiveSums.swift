import MarketModel
import TickToTrade

/// Limits over everything that is open: orders, positions, their worth.
struct NaiveSums {
    private let request: OrderRequest
    private let account: NaiveAccount
    private let markets: NaiveMarkets
    private let limits: NaiveLimits
    private let instruments: [UInt16: Instrument]
    /// Other orders that are certainly open, without those of the same list.
    private let open: [NaiveAccount.Order]
    private let here: UInt16
    private let owner: UInt16

    init(
        _ request: OrderRequest, _ account: NaiveAccount, _ markets: NaiveMarkets,
        _ limits: NaiveLimits, _ instruments: [UInt16: Instrument]
    ) {
        self.request = request
        self.account = account
        self.markets = markets
        self.limits = limits
        self.instruments = instruments
        open = account.open(besides: request.replacedOrderID).filter {
            $0.request.contingency == .none || $0.request.requestID != request.requestID
        }
        here = request.instrument.raw
        owner = request.strategy.raw
    }

    /// The first limit that the order breaks, with the numbers.
    func firstBroken(_ checks: inout [RiskLimitKey: Int]) -> String? {
        let counts: [(key: RiskLimitKey, number: UInt16, count: () -> Int)] = [
            (.globalMaxOpenOrders, 0, { open.count + 1 }),
            (.instrumentMaxOpenOrders, here, { count { $0.instrument == request.instrument } }),
            (.strategyMaxOpenOrders, owner, { count { $0.strategy == request.strategy } }),
            (.globalMaxPositions, 0, positions), (.strategyOnePosition, owner, entries),
        ]
        for rule in counts {
            guard let limit = limits.value(rule.key, of: rule.number) else { continue }
            checks[rule.key, default: 0] += 1
            let count = rule.count()
            if count > limit { return "\(rule.key.path) \(limit): there are \(count)" }
        }
        // The second half of a pair adds nothing to the first.
        let isShadow = request.contingency == .oneCancelsOther && request.leg > 0
        return isShadow || !account.unexplained.isEmpty ? nil : firstExceeded(&checks)
    }

    private func count(_ isCounted: (OrderRequest) -> Bool) -> Int {
        open.filter { isCounted($0.request) }.count + 1
    }

    /// Instruments with a position, or with an entry order that may become one, this one included.
    ///
    /// Where there may already be one, another order adds none.
    private func positions() -> Int {
        let isHeld = abs(position(in: here)) > slack(of: here)
        if isHeld || account.mayHaveEntered(here, besides: request) { return 1 }
        let held = markets.numbers.filter { abs(position(in: $0)) > dust(of: $0) }
        let entered = open.filter { !$0.request.isReduceOnly }.map(\.request.instrument.raw)
        return Set(held).union(entered).union([here]).count
    }

    /// Entries that the strategy already has here, and this one: a position counts as one.
    private func entries() -> Int {
        if request.contingency != .none, request.leg > 0 { return 1 }
        let others = open.filter {
            !$0.request.isReduceOnly && $0.request.instrument == request.instrument
                && $0.request.strategy == request.strategy
        }
        let isHeld = abs(position(in: here, of: owner)) > dust(of: here)
        return others.count + (isHeld ? 1 : 0) + 1
    }

    // MARK: - Positions and their worth

    private func position(in instrument: UInt16, of strategy: UInt16? = nil) -> Double {
        account.holding(instrument, of: strategy).quantity
    }

    /// What is too little to be sold, and what roundings may amount to.
    private func dust(of instrument: UInt16) -> Double {
        let least = Double(instruments[instrument]?.minQuantity.raw ?? 0) / 1e8
        return least + slack(of: instrument)
    }

    private func slack(of instrument: UInt16) -> Double {
        let price = markets[instrument]?.worth()?.lowerBound ?? 1
        return account.holding(instrument).turnover / price * 1e-5 + 1e-7
    }

    private func firstExceeded(_ checks: inout [RiskLimitKey: Int]) -> String? {
        if let limit = limits.value(.instrumentMaxPosition, of: here) {
            checks[.instrumentMaxPosition, default: 0] += 1
            let reached = reachedPosition()
            if reached > Double(limit) / 1e8 + slack(of: here) {
                return "instrument.max_position \(limit): it reaches \(reached)"
            }
        }
        for (key, number, worth) in exposures() {
            guard let limit = limits.money(key, of: number) else { continue }
            checks[key, default: 0] += 1
            if worth > limit { return "\(key.path) \(limit): it reaches \(worth)" }
        }
        guard let limit = limits.value(.globalMaxLeverage), let equity = mostEquity(),
            !isReducing(of: nil)
        else { return nil }
        checks[.globalMaxLeverage, default: 0] += 1
        let most = equity * Double(limit) / 100
        let worth = exposure { _ in true } + added
        return worth > most ? "global.max_leverage \(limit): \(worth) on \(equity)" : nil
    }

    /// As if every order on this side were filled.
    private func reachedPosition() -> Double {
        let sign = request.side == .buy ? 1.0 : -1.0
        let same = open.filter {
            $0.request.instrument == request.instrument && $0.request.side == request.side
                && !$0.isShadow
        }
        return sign * position(in: here) + same.reduce(0) { $0 + $1.remaining }
            + Double(request.quantity.raw) / 1e8
    }

    private func exposures() -> [(key: RiskLimitKey, number: UInt16, worth: Double)] {
        var found: [(key: RiskLimitKey, number: UInt16, worth: Double)] = []
        if !isReducing(of: nil) {
            found.append((.globalMaxExposure, 0, exposure { _ in true } + added))
            found.append((.instrumentMaxExposure, here, exposure { $0 == here } + added))
        }
        if !isReducing(of: owner) {
            let own = open.filter { $0.request.strategy.raw == owner }
            let worth = markets.numbers.reduce(0) { $0 + value(in: $1, of: owner) }
            found.append((.strategyMaxExposure, owner, worth + orders(own) + added))
        }
        return found
    }

    /// Least worth of this order.
    private var added: Double { worth(of: request, Double(request.quantity.raw) / 1e8) }

    private func exposure(in isCounted: (UInt16) -> Bool) -> Double {
        let held = markets.numbers.filter(isCounted).reduce(0) { $0 + value(in: $1) }
        return held + orders(open.filter { isCounted($0.request.instrument.raw) })
    }

    private func orders(_ list: [NaiveAccount.Order]) -> Double {
        list.filter { !$0.isShadow }.reduce(0) { $0 + worth(of: $1.request, $1.remaining) }
    }

    private func worth(of request: OrderRequest, _ quantity: Double) -> Double {
        let least = markets[request.instrument.raw]?.worth()?.lowerBound ?? 0
        if !request.type.isPriced { return least * quantity }
        return Double(request.price.raw) / 1e8 * quantity * 0.999_999
    }

    private func value(in instrument: UInt16, of strategy: UInt16? = nil) -> Double {
        let least = markets[instrument]?.worth()?.lowerBound ?? 0
        let held = abs(position(in: instrument, of: strategy)) - slack(of: instrument)
        return max(held, 0) * least
    }

    /// Whether the order, with every other on its side, only brings a position closer to zero: then
    /// it adds no exposure. Counted so that it is rather so than not.
    private func isReducing(of strategy: UInt16?) -> Bool {
        let held = position(in: here, of: strategy)
        let isOpposite = request.side == .buy ? held < 0 : held > 0
        return isOpposite && Double(request.quantity.raw) / 1e8 <= abs(held) + slack(of: here)
    }

    /// Balances at the most that they may be worth; `nil` while one is not known.
    private func mostEquity() -> Double? {
        var assets: [UInt16: Double] = [:]
        for (number, instrument) in instruments {
            guard let most = markets[number]?.worth()?.upperBound else { return nil }
            assets[instrument.baseAsset.raw] = most
            assets[instrument.quoteAsset.raw] = 1
        }
        var equity = 0.0
        for (asset, price) in assets {
            guard let held = account.balances[asset] else { return nil }
            equity += held * price
        }
        return equity
    }
}
