import MarketModel
import TickToTrade

/// What is counted over time: orders in a window, orders that are nearly the same, usual sizes.
struct NaivePace {
    private struct Sent {
        var time: Int64
        var instrument: UInt16
        var strategy: UInt16
        var side: Side
        /// The limit, or the price that wakes it; 0 at the market.
        var price: Int64
    }

    private let windows: [RiskLimitKey: Nanoseconds]
    private var sent: [Sent] = []
    private var cancels: [(time: Int64, instrument: UInt16)] = []
    private var sizes: [UInt16: (average: Double, count: Int)] = [:]

    init(_ windows: [RiskLimitKey: Nanoseconds]) { self.windows = windows }

    mutating func count(_ request: OrderRequest) {
        let time = request.decisionTime.nanoseconds
        let here = request.instrument.raw
        switch request.kind {
        case .cancel: cancels.append((time, here))
        case .cancelReplace:
            cancels.append((time, here))
            note(request)
        case .place, .placeLeg: note(request)
        case .cancelAll, .query, .amend: break
        }
    }

    private mutating func note(_ request: OrderRequest) {
        let price = request.price.raw > 0 ? request.price.raw : request.terms.stopPrice.raw
        sent.append(
            Sent(
                time: request.decisionTime.nanoseconds, instrument: request.instrument.raw,
                strategy: request.strategy.raw, side: request.side, price: price))
        let quantity = Double(request.quantity.raw)
        var size = sizes[request.instrument.raw] ?? (quantity, 0)
        size.average += (quantity - size.average) / 16
        size.count += 1
        sizes[request.instrument.raw] = size
    }

    /// The first limit that one more order breaks, with the numbers.
    func firstBroken(
        _ request: OrderRequest, _ limits: NaiveLimits, tick: Int64,
        _ checks: inout [RiskLimitKey: Int]
    ) -> String? {
        let here = request.instrument.raw
        let owner = request.strategy.raw
        let rates: [(key: RiskLimitKey, number: UInt16, counts: (Sent) -> Bool)] = [
            (.globalOrderRate, 0, { _ in true }),
            (.instrumentOrderRate, here, { $0.instrument == here }),
            (.strategyOrderRate, owner, { $0.strategy == owner }),
        ]
        let now = request.decisionTime.nanoseconds
        for rate in rates {
            guard let limit = limits.value(rate.key, of: rate.number), let window = windows[rate.key]
            else { continue }
            checks[rate.key, default: 0] += 1
            let recent = sent.reversed().prefix { $0.time > now - window.count }
            let count = recent.lazy.filter(rate.counts).count
            if count >= limit { return "\(rate.key.path) \(limit): there were \(count)" }
        }
        if let twin = twin(request, limits, tick, &checks) { return twin }
        if let size = unusual(request, limits, &checks) { return size }
        return requote(request, limits, &checks)
    }

    /// A replacement cancels of its own will, which the rates of cancels limit.
    private func requote(
        _ request: OrderRequest, _ limits: NaiveLimits, _ checks: inout [RiskLimitKey: Int]
    ) -> String? {
        if request.kind != .cancelReplace { return nil }
        let here = request.instrument.raw
        let now = request.decisionTime.nanoseconds
        for (key, number) in [(RiskLimitKey.globalCancelRate, 0), (.instrumentCancelRate, here)] {
            guard let limit = limits.value(key, of: number), let window = windows[key] else { continue }
            checks[key, default: 0] += 1
            let count = cancels.reversed().prefix { $0.time > now - window.count }
                .lazy.filter { key == .globalCancelRate || $0.instrument == here }.count
            if count >= limit { return "\(key.path) \(limit): there were \(count)" }
        }
        return nil
    }

    private func twin(
        _ request: OrderRequest, _ limits: NaiveLimits, _ tick: Int64, _ checks: inout [RiskLimitKey: Int]
    ) -> String? {
        guard request.kind != .cancelReplace, request.contingency == .none,
            let window = limits.value(.orderDuplicateWindow)
        else { return nil }
        let ticks = limits.value(.orderDuplicateTicks) ?? 0
        checks[.orderDuplicateWindow, default: 0] += 1
        if ticks > 0 { checks[.orderDuplicateTicks, default: 0] += 1 }
        let price = request.price.raw > 0 ? request.price.raw : request.terms.stopPrice.raw
        let reach = ticks * tick
        let now = request.decisionTime.nanoseconds
        let twin = sent.reversed().prefix { $0.time > now - window }.first {
            $0.instrument == request.instrument.raw && $0.side == request.side
                && abs($0.price - price) <= reach
        }
        return twin.map { "order.duplicate_window \(window): the same \(now - $0.time) ns before" }
    }

    private func unusual(
        _ request: OrderRequest, _ limits: NaiveLimits, _ checks: inout [RiskLimitKey: Int]
    ) -> String? {
        guard let multiple = limits.value(.orderMaxSizeMultiple),
            let size = sizes[request.instrument.raw], size.count >= 16
        else { return nil }
        checks[.orderMaxSizeMultiple, default: 0] += 1
        let largest = size.average * Double(multiple) / 100
        // The engine's average is rounded down at each order.
        if Double(request.quantity.raw) <= largest * 1.01 + 16 { return nil }
        return "order.max_size_multiple \(multiple): usual are \(size.average)"
    }
}
