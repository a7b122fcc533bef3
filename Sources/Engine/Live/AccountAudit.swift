import MarketModel
import Telemetry
import TickToTrade

/// Compares the account as the lane keeps it with the venue's word.
///
/// The lane is read before and after the venue is asked, and only what has not moved in between is
/// compared; a difference counts when two comparisons in a row have found the same. Pure: times
/// and answers come in.
struct AccountAudit {
    /// The lane at one moment.
    struct Own {
        var orders: [Order]
        var assets: [AssetSummary]
        /// By instrument slot.
        var positions: [Quantity]
        var balanceVersion: UInt64
    }

    /// The venue's answers.
    struct Told {
        /// Open orders of all instruments; those of somebody else under the ids of claimed ones.
        var orders: [ExecutionReport]
        /// Free and locked together in units of 1e-8.
        var balances: [AssetIndex: Int64]
    }

    /// Something that does not agree.
    struct Difference: Hashable {
        /// Whom it keeps from trading; empty for the asset that everything is paid with.
        var symbols: [String]
        var words: String
    }

    private let instruments: [Instrument]
    private let assetNames: [String]
    /// Balance less position by asset, which only transfers and commissions change.
    private var baseline: [AssetIndex: Int64] = [:]
    private var orders = Suspicions()
    private var money = Suspicions()

    init(_ instruments: [Instrument], assetNames: [String]) {
        self.instruments = instruments
        self.assetNames = assetNames
    }

    /// What this comparison and the one before it have found, each once; `nil` when balances moved
    /// meanwhile, so that nothing can be said of them.
    mutating func compare(_ before: Own, _ told: Told, _ after: Own) -> [Difference]? {
        let confirmed = orders.judge(orderDifferences(before, told.orders, after))
        guard before.balanceVersion == after.balanceVersion else {
            return confirmed.isEmpty ? nil : confirmed
        }
        return confirmed
            + money.judge(balanceDifferences(after, told.balances) + positionDifferences(after))
    }

    /// Whether something waits for a second look.
    var suspects: Bool { orders.isPending || money.isPending }

    /// What was found the last time, and what of it has been told.
    private struct Suspicions {
        private var found: Set<Difference> = []
        private(set) var told: Set<Difference> = []

        /// Those that were found the last time too, each once; told again when it comes back.
        mutating func judge(_ differences: [Difference]) -> [Difference] {
            let confirmed = differences.filter { found.contains($0) && !told.contains($0) }
            found = Set(differences)
            told = told.intersection(found).union(confirmed)
            return confirmed
        }

        var isPending: Bool { !found.subtracting(told).isEmpty }
    }

    // MARK: - Orders

    private func orderDifferences(
        _ before: Own, _ venue: [ExecutionReport], _ after: Own
    ) -> [Difference] {
        var differences: [Difference] = []
        let earlier = Dictionary(uniqueKeysWithValues: before.orders.map { ($0.id.text, $0) })
        let later = Dictionary(uniqueKeysWithValues: after.orders.map { ($0.id.text, $0) })
        let open = Dictionary(
            venue.map { ($0.clientOrderID.text, $0) }, uniquingKeysWith: { first, _ in first })
        for (id, order) in later.sorted(by: { $0.key < $1.key }) {
            guard let same = earlier[id], same.state == order.state, order.state.acceptsChanges,
                same.filled == order.filled
            else { continue }
            let instrument = instruments[order.instrument.slot]
            guard let known = open[id] else {
                differences.append(
                    difference(instrument, "order \(id) is open here and not at the venue"))
                continue
            }
            if known.cumulativeQuantity != order.filled {
                let ours = ExactDecimal(order.filled, of: instrument)
                let theirs = ExactDecimal(known.cumulativeQuantity, of: instrument)
                differences.append(
                    difference(instrument, "order \(id) is filled \(ours) here, \(theirs) there"))
            }
        }
        for (id, order) in open.sorted(by: { $0.key < $1.key })
        where earlier[id] == nil && later[id] == nil && order.instrument.slot < instruments.count
            && order.clientOrderID != .none && !order.clientOrderID.isClaimed
        {
            differences.append(
                difference(
                    instruments[order.instrument.slot],
                    "order \(id) is open at the venue and not here"))
        }
        return differences
    }

    private func difference(_ instrument: Instrument, _ words: String) -> Difference {
        Difference(symbols: [instrument.symbol.text], words: words)
    }

    // MARK: - Balances and positions

    private func balanceDifferences(
        _ own: Own, _ venue: [AssetIndex: Int64]
    ) -> [Difference] {
        assets(own).compactMap { asset, summary in
            let told = venue[asset] ?? 0
            guard summary.balance >= 0, summary.balance != told else { return nil }
            return Difference(
                symbols: symbols(of: asset),
                words: "\(name(asset)) balance is \(units(summary.balance)) here, "
                    + "\(units(told)) at the venue")
        }
    }

    /// A position that moved without its balance, or the other way round: a fill that was not told,
    /// or somebody else's trade.
    private mutating func positionDifferences(_ own: Own) -> [Difference] {
        var differences: [Difference] = []
        for (asset, summary) in assets(own) where summary.balance >= 0 {
            let traded = instruments.filter { $0.baseAsset == asset }
            if traded.isEmpty { continue }
            let held = traded.reduce(Int64(0)) { sum, instrument in
                let position = own.positions[instrument.index.slot].raw
                return sum &+ instrument.balance(ofQuantity: position)
            }
            let rest = summary.balance &- held &+ summary.feesOutside &- summary.transferred
            guard let expected = baseline[asset] else {
                baseline[asset] = rest
                continue
            }
            if rest == expected { continue }
            let difference = Difference(
                symbols: symbols(of: asset),
                words: "\(name(asset)) balance and position are \(units(rest &- expected)) further "
                    + "apart than at the start, which no trade of ours explains")
            // Once told it is how things are: what comes on top of it is another difference.
            if money.told.contains(difference) { baseline[asset] = rest }
            differences.append(difference)
        }
        return differences
    }

    private func assets(_ own: Own) -> [(AssetIndex, AssetSummary)] {
        own.assets.enumerated().map { (AssetIndex(UInt16($0.offset)), $0.element) }
    }

    private func symbols(of asset: AssetIndex) -> [String] {
        instruments.filter { $0.baseAsset == asset }.map(\.symbol.text)
    }

    private func name(_ asset: AssetIndex) -> String {
        asset.slot < assetNames.count ? assetNames[asset.slot] : "asset \(asset.raw)"
    }

    private func units(_ raw: Int64) -> ExactDecimal {
        ExactDecimal(raw: Int128(raw), scale: 8).shortened()
    }
}

extension Instrument {
    /// A raw quantity in units of 1e-8, as balances are told.
    fileprivate func balance(ofQuantity raw: Int64) -> Int64 {
        var value = Int128(raw)
        for _ in 0..<max(0, Int(quantityScale) - 8) { value /= 10 }
        for _ in 0..<max(0, 8 - Int(quantityScale)) { value *= 10 }
        return Int64(clamping: value)
    }
}
