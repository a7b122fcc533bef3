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
                take(fills, of: instrument, old, &run)
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
        _ run: inout RecoveredRun
    ) {
        let seen = Set(trades.filter { $0.instrument == instrument.index }.map(\.tradeID.raw))
        for fill in fills where !seen.contains(fill.tradeID.raw) {
            trades.append(fill)
            if let old, isMissing(fill, old, run) { book(fill, old, &run) }
        }
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
        let told = known.first {
            $0.instrument == instrument.index && $0.venueOrderID == fill.venueOrderID
        }
        let remembered = run.state.pointee.order(fill.venueOrderID, in: instrument.index)?.id
        guard let id = told?.clientOrderID ?? remembered,
            let own = run.state.pointee.orderView(id)
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
