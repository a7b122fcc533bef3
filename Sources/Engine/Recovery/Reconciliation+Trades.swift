import Codec
import Machine
import MarketModel
import Telemetry
import TickToTrade

/// The trades that a journal has not heard of, and what they explain of the balances.
///
/// A list of trades is dear: twenty of the address's weight for each instrument, five for an order.
/// Orders that have traded more than the journal knows are asked for theirs; instruments only when
/// a balance is not explained by these.
extension Reconciliation {
    /// Compares the balances, and asks for trades until they explain what differs or all are told:
    /// first of the instruments whose own asset differs, then of the others.
    ///
    /// Returns the venue's balances, and when they were asked for on its clock.
    mutating func explainBalances(
        _ run: inout RecoveredRun, _ inquiry: inout VenueInquiry
    ) throws -> (held: [AssetIndex: Int64], asked: Timestamp) {
        let offset = facts.clockOffset
        var asked = Timestamp(nanoseconds: inquiry.clock.now() + offset)
        var held = try inquiry.balances(directory, offset)
        var rest = unexplained(held, run)
        var told: Set<UInt16> = []
        for isEverything in [false, true] where !rest.isEmpty {
            let wanted = plan.instruments.filter {
                !told.contains($0.index.raw) && (isEverything || rest[$0.baseAsset] != nil)
            }
            if wanted.isEmpty { continue }
            for instrument in wanted {
                let old = run.instruments.first { $0.symbol == instrument.symbol }
                let fills = try inquiry.fills(
                    instrument.symbol.text, since: earliest(instrument, old, run), directory,
                    offset)
                try take(fills, of: instrument, old, &run, &inquiry)
                told.insert(instrument.index.raw)
            }
            asked = Timestamp(nanoseconds: inquiry.clock.now() + offset)
            held = try inquiry.balances(directory, offset)
            rest = unexplained(held, run)
        }
        tell(rest, held, run)
        return (held, asked)
    }

    /// Keeps trades of one instrument, each once, and books those that the journal has not heard
    /// of. `old` is the instrument in the journal's numbers; `nil`: it was not traded.
    mutating func take(
        _ fills: [AccountFill], of instrument: Instrument, _ old: Instrument?,
        _ run: inout RecoveredRun, _ inquiry: inout VenueInquiry
    ) throws {
        let seen = Set(trades.filter { $0.instrument == instrument.index }.map(\.tradeID.raw))
        for fill in fills where !seen.contains(fill.tradeID.raw) {
            trades.append(fill)
            guard let old, isMissing(fill, old, run) else { continue }
            if client(of: fill, old, run) == nil {
                try identify(fill, instrument, old, &run, &inquiry)
            }
            book(fill, old, &run)
        }
    }

    /// Which of the journal's orders a trade is of.
    private func client(
        of fill: AccountFill, _ instrument: Instrument, _ run: borrowing RecoveredRun
    ) -> ClientOrderID? {
        let told = known.first {
            $0.instrument == instrument.index && $0.venueOrderID == fill.venueOrderID
        }
        return told?.clientOrderID
            ?? run.state.pointee.order(fill.venueOrderID, in: instrument.index)?.id
    }

    /// Asks for the order of a trade that the journal does not show: one that has arrived since it was
    /// asked for, or one whose records are lost, with the end of a damaged journal.
    private mutating func identify(
        _ fill: AccountFill, _ instrument: Instrument, _ old: Instrument,
        _ run: inout RecoveredRun, _ inquiry: inout VenueInquiry
    ) throws {
        // Somebody else trades on the account: that is not asked for a hundred times.
        guard identified.count < 100, identified.insert(fill.venueOrderID.raw).inserted,
            var order = try inquiry.order(
                numbered: fill.venueOrderID, instrument.symbol.text, directory, facts.clockOffset),
            order.clientOrderID != .none
        else { return }
        if order.status.isOpen, !isDryRun {
            order = try endNow(order, instrument, &inquiry) ?? order
        }
        order.instrument = old.index
        underWay.removeAll { $0.id == order.clientOrderID }
        known.append(order)
        guard run.state.pointee.orderView(order.clientOrderID) == nil else { return }
        run.state.pointee.adopt(
            OrderRequest(lost: order, owner: onlyOwner(of: instrument, run), at: run.lastTime))
        report.lostOrders += 1
    }

    /// The strategy that an instrument's orders can only be of; `none` where there are several.
    private func onlyOwner(
        of instrument: Instrument, _ run: borrowing RecoveredRun
    ) -> StrategyIndex {
        let owners = plan.strategyNames.indices.filter {
            plan.configuration.subscriptions[$0] >> UInt64(instrument.index.raw) & 1 == 1
        }
        guard owners.count == 1,
            let slot = run.strategyNames.firstIndex(of: plan.strategyNames[owners[0]])
        else { return .none }
        return StrategyIndex(UInt16(slot))
    }

    /// Whether the journal has not heard of a trade. Reports may have come out of order before the
    /// crash: an older one can be missing where a newer one is not.
    private func isMissing(
        _ fill: AccountFill, _ old: Instrument, _ run: borrowing RecoveredRun
    ) -> Bool {
        run.state.pointee.hasBooked(fill.tradeID, fill.side, in: old.index).map { !$0 }
            ?? (fill.tradeID.raw > newestHeard[old.index.slot])
    }

    /// From when on trades matter, on our clock: for open orders, and for what the balances do not
    /// show yet.
    private func earliest(
        _ instrument: Instrument, _ old: Instrument?, _ run: borrowing RecoveredRun
    ) -> Timestamp {
        // The balances' time is the venue's.
        let told = run.balanceTime(of: instrument) - Nanoseconds(facts.clockOffset)
        let open = old.map { run.state.pointee.openOrders(in: $0.index) } ?? []
        return min(open.map(\.createdTime).min() ?? told, told)
    }

    /// A trade of one of our orders, open or ended, is booked as its report would have been.
    private mutating func book(
        _ fill: AccountFill, _ instrument: Instrument, _ run: inout RecoveredRun
    ) {
        guard let id = client(of: fill, instrument, run), let own = run.state.pointee.orderView(id)
        else {
            report.foreignTrades += 1
            return
        }
        var trade = ExecutionReport(
            instrument: instrument.index, clientOrderID: id, venueOrderID: fill.venueOrderID,
            executionType: .trade, status: .partiallyFilled, side: fill.side, type: .limit,
            timeInForce: .gtc, price: own.price, quantity: own.quantity)
        trade.tradeID = fill.tradeID
        trade.lastPrice = fill.price
        trade.lastQuantity = fill.quantity
        trade.cumulativeQuantity = own.filled + fill.quantity
        if trade.cumulativeQuantity == own.quantity { trade.status = .filled }
        trade.commission = fill.commission
        trade.commissionAsset = run.asset(named: name(fill.commissionAsset))
        trade.isMaker = fill.isMaker
        trade.venueTime = fill.venueTime
        run.apply(trade, run.lastTime)
        report.missedFills += 1
    }

    // MARK: - Balances

    /// What no trade explains of the balances' changes, by asset.
    private func unexplained(
        _ held: [AssetIndex: Int64], _ run: borrowing RecoveredRun
    ) -> [AssetIndex: Int64] {
        let effects = BalanceEffects(trades, plan.instruments)
        var rest: [AssetIndex: Int64] = [:]
        for (asset, total) in held {
            let told = run.toldBalance(of: name(asset))
            guard told.total >= 0 else { continue }
            rest[asset] = effects.unexplained(total - told.total, of: asset, since: told.venueTime)
        }
        return rest
    }

    /// What nothing explains is told, and keeps its instruments from trading.
    private mutating func tell(
        _ rest: [AssetIndex: Int64], _ held: [AssetIndex: Int64], _ run: borrowing RecoveredRun
    ) {
        let unit = { (raw: Int64) in ExactDecimal(raw: Int128(raw), scale: 8) }
        for (asset, amount) in rest {
            let told = run.toldBalance(of: name(asset)).total
            report.differences[name(asset)] =
                "journal \(unit(told)), venue \(unit(held[asset] ?? 0)), "
                + "unexplained \(unit(amount))"
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

extension OrderRequest {
    /// What must have been asked for an order whose records are lost.
    fileprivate init(lost order: ExecutionReport, owner: StrategyIndex, at time: Timestamp) {
        self.init(
            kind: .place, requestID: 0, clientOrderID: order.clientOrderID, replacedOrderID: .none,
            instrument: order.instrument, strategy: owner, side: order.side, type: order.type,
            timeInForce: order.timeInForce, price: order.price, quantity: order.quantity,
            terms: .none, isReduceOnly: false, mayKeepReplaced: false, contingency: .none, leg: 0,
            decisionTime: time)
    }
}
