import Codec
import MarketModel
import Telemetry
import TickToTrade

/// The file's limits and sizes against the venue's rules, and the account's money against both.
extension VenueCheck {
    mutating func checkLimits(_ info: BinanceSpotExchangeInfo) -> CheckReport.Section {
        var section = CheckReport.Section("limits")
        let facts = VenueFacts(
            instruments: info.instruments, assets: info.assets, clockOffset: offset,
            rateLimits: info.rateLimits, history: [], remarks: [])
        if info.instruments.count == configuration.symbols.count {
            do {
                let plan = try TradingPlan(configuration, facts, kinds: kinds, epoch: 0)
                for instrument in plan.instruments {
                    compare(plan.configuration.limits, instrument, &section)
                }
            } catch let failure as ConfigurationFailure {
                for problem in failure.problems { section.problem("\(problem)") }
            } catch {
                section.problem("\(error)")
            }
        }
        for instrument in info.instruments { checkSizes(instrument, &section) }
        checkMoney(info.instruments, &section)
        checkRates(info.rateLimits, &section)
        return section
    }

    // MARK: - Limits of the file

    /// A limit below the venue's smallest order lets none pass.
    private func compare(
        _ limits: RiskLimits, _ instrument: Instrument, _ section: inout CheckReport.Section
    ) {
        let symbol = instrument.symbol.text
        guard let order = smallestOrder(instrument) else { return }
        let worth = Notional(order.price, order.quantity)
        let smallest = "\(ExactDecimal(order.quantity, of: instrument)) "
            + "\(instrument.baseAssetName.text), worth "
            + "\(ExactDecimal(worth, of: instrument).rounded(to: 2)) "
            + instrument.quoteAssetName.text
        let own = limits.instruments[instrument.index.slot]
        // Money limits are in units of 1e-8.
        let unit = instrument.unit
        func money(_ limit: Int64) -> Bool {
            limit > 0 && Int128(limit) * unit < worth.raw * 100_000_000
        }
        let tooSmall: [(String, Bool)] = [
            ("max_order_quantity", own.maxOrderQuantity.raw > 0
                && own.maxOrderQuantity < order.quantity),
            ("max_position", own.maxPosition.raw > 0 && own.maxPosition < order.quantity),
            ("max_exposure", money(own.maxExposure)),
            ("risk.order.max_notional", money(limits.order.maxNotional)),
            ("risk.global.max_exposure", money(limits.global.maxExposure)),
        ]
        let names = tooSmall.filter(\.1).map(\.0)
        if names.isEmpty {
            section.fine("\(symbol): the smallest order, \(smallest), fits every limit")
        } else {
            section.problem("\(symbol): \(names.joined(separator: ", ")) below the smallest order "
                + "that the venue takes now, \(smallest): no order would pass")
        }
        if own.maxOrderQuantity > instrument.maxQuantity {
            section.note("\(symbol): max_order_quantity is above the venue's largest order, "
                + "\(ExactDecimal(instrument.maxQuantity, of: instrument).shortened())")
        }
    }

    /// Sizes of single orders are by convention strategies' settings that begin with `order_`.
    private func checkSizes(_ instrument: Instrument, _ section: inout CheckReport.Section) {
        guard let order = smallestOrder(instrument) else { return }
        let symbol = instrument.symbol.text
        let worth = ExactDecimal(Notional(order.price, order.quantity), of: instrument)
        for strategy in configuration.strategies
        where strategy.isEnabled && strategy.instruments.contains(symbol) {
            for key in strategy.parameters.values.keys.sorted() where key.hasPrefix("order_") {
                guard let size = strategy.parameters.optionalAmount(key) else { continue }
                let least: ExactDecimal
                switch size.asset {
                case instrument.baseAssetName.text:
                    least = ExactDecimal(order.quantity, of: instrument)
                case instrument.quoteAssetName.text: least = worth
                default: continue
                }
                if Self.isLess(size.value, least) {
                    let problem = strategy.parameters.problem(
                        key, "found '\(size)', accepted: at least \(least) \(size.asset), the "
                            + "smallest order of \(symbol) that the venue takes now")
                    section.problem("\(problem)")
                }
            }
        }
    }

    private static func isLess(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool {
        let scale = max(left.scale, right.scale)
        guard let left = left.raw(atScale: scale), let right = right.raw(atScale: scale) else {
            return false
        }
        return left < right
    }

    // MARK: - The account's means

    private func checkMoney(_ instruments: [Instrument], _ section: inout CheckReport.Section) {
        guard let account else { return }
        let assets = instruments.flatMap { [$0.quoteAssetName.text, $0.baseAssetName.text] }
        var told: Set<String> = []
        for asset in assets where told.insert(asset).inserted {
            let holding = account.holding(of: asset)
            let free = holding.flatMap { ExactDecimal($0.free) } ?? .zero
            let locked = holding.flatMap { ExactDecimal($0.locked) } ?? .zero
            if free.raw == 0 {
                section.note("\(asset): nothing free; orders that would spend it are denied")
            } else {
                section.fine("\(asset): \(free.shortened(to: 2)) free, "
                    + "\(locked.shortened(to: 2)) locked")
            }
        }
    }

    // MARK: - Rates

    private func checkRates(_ rules: [RateLimitRule], _ section: inout CheckReport.Section) {
        let own = configuration.risk.global.orderRate
        for rule in rules where rule.type == "ORDERS" && rule.window.count > 0 {
            let window = rule.window == .day ? "a day" : "in \(rule.window.count / 1_000_000_000) s"
            // Both as orders in the venue's window; a day's worth of a short rate says nothing.
            let most = Int128(own.count) * Int128(rule.window.count) / Int128(own.window.count)
            let text = "the venue takes \(FigureText.count(rule.limit)) orders \(window)"
            if rule.window < .day, most > Int128(rule.limit) {
                section.note("\(text); risk.global.order_rate asks for \(most): what is beyond is "
                    + "denied here (rate_limit)")
            } else {
                section.fine(text)
            }
        }
    }

    /// What a start costs of the address's request weight, and what is left of it now.
    func describeWeight(_ info: BinanceSpotExchangeInfo?) -> CheckReport.Section {
        var section = CheckReport.Section("weight")
        let limit = info?.rateLimits.first { $0.type == "REQUEST_WEIGHT" }?.limit
        let cost = startCost
        let used = inquiry.usedWeight
        let share = limit.map { " of \(FigureText.count($0)) a minute" } ?? ""
        let text = "a start costs about \(cost)\(share); used by this address in this minute: "
            + (used.map(FigureText.count) ?? "not told")
        if let limit, let used, used + cost > limit {
            section.note("\(text); a start would have to wait for the next minute")
        } else if let limit, cost > limit {
            section.problem("\(text): more than the venue takes; configure fewer instruments")
        } else {
            section.fine(text)
        }
        return section
    }

    /// Requests of a start by their weights (binance-spot.md, sections 6 and 8): the clock twice,
    /// rules, account; for each instrument its commission, its open orders and a depth snapshot; two WebSocket
    /// connections with log-on, subscription and the account; for an account taken over also its
    /// trades and balances.
    private var startCost: Int64 {
        let instruments = Int64(configuration.symbols.count)
        let candles = Int64(configuration.strategies.count { $0.isEnabled }) * 2
        let takenOver: Int64 = configuration.reconciliation.takesOver ? 20 + 20 * instruments : 0
        return 2 + 20 + 20 + candles + instruments * (20 + 6 + 50) + 2 * 2 + 2 + 2 + 20 + takenOver
    }
}
