import MarketModel
import Telemetry
import TickToTrade

/// Compares the account as the lane keeps it with the venue's word.
///
/// The lane is read before and after the venue is asked, and only what has not moved in between is
/// compared. A difference counts when two comparisons in a row have found the same and the order
/// connection has been heard in between: what is only on its way, or lost with a connection that has
/// fallen silent, is no difference. Pure: times and answers come in.
struct AccountAudit {
    /// The lane at one moment.
    struct Own {
        var orders: [Order]
        var assets: [AssetSummary]
        /// By instrument slot.
        var positions: [Quantity]
        var balanceVersion: UInt64
        /// When bytes last came over the order connection, and how often it was made again.
        var heard: Timestamp
        var connection: Int64
    }

    /// The venue's answers.
    struct Told {
        /// When the last of them came.
        var time: Timestamp
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
        /// The order that it is about, if it is about one.
        var order: DisputedOrder?
    }

    /// An order that is not here as it is at the venue.
    struct DisputedOrder: Hashable {
        var id: ClientOrderID
        /// Open at the venue, and ended or unknown here.
        var isStray: Bool
    }

    private let instruments: [Instrument]
    private let assetNames: [String]
    /// Balance less position by asset, which only transfers and commissions change.
    private var baseline: [AssetIndex: Int64] = [:]
    private var orders = Suspicions()
    private var money = Suspicions()
    /// The order connection of the last comparison.
    private var connection: Int64 = -1
    /// What the venue has told over REST may take so much longer over the order connection.
    static let longestDelay = Nanoseconds.milliseconds(250)

    init(_ instruments: [Instrument], assetNames: [String]) {
        self.instruments = instruments
        self.assetNames = assetNames
    }

    /// What this comparison and the one before it have found, each once; `nil` when balances moved
    /// meanwhile, so that nothing can be said of them.
    mutating func compare(_ before: Own, _ told: Told, _ after: Own) -> [Difference]? {
        if after.connection != connection {
            connection = after.connection
            orders.beginAnew()
            money.beginAnew()
        }
        let confirmed = orders.judge(
            orderDifferences(before, told.orders, after), told.time, heard: after.heard)
        guard before.balanceVersion == after.balanceVersion else {
            return confirmed.isEmpty ? nil : confirmed
        }
        let differences = balanceDifferences(after, told.balances) + positionDifferences(after)
        return confirmed + money.judge(differences, told.time, heard: after.heard)
    }

    /// What the last comparison has found of an instrument, told or not.
    func finds(_ symbol: String) -> Bool {
        orders.found.union(money.found).contains { $0.symbols.contains(symbol) }
    }

    /// Whether something waits for a second look.
    var suspects: Bool { orders.isPending || money.isPending }

    /// What was found the last time, since when, and what of it has been told.
    private struct Suspicions {
        private var since: [Difference: Timestamp] = [:]
        private(set) var told: Set<Difference> = []

        /// Those that were found the last time too and that the order connection has had the time to
        /// explain, each once; told again when it comes back.
        mutating func judge(
            _ differences: [Difference], _ time: Timestamp, heard: Timestamp
        ) -> [Difference] {
            let confirmed = differences.filter { one in
                guard let first = since[one] else { return false }
                return heard > first + AccountAudit.longestDelay && !told.contains(one)
            }
            let earlier = since
            since = Dictionary(
                differences.map { ($0, earlier[$0] ?? time) }, uniquingKeysWith: { first, _ in first })
            told = told.intersection(differences).union(confirmed)
            return confirmed
        }

        /// What was found over another connection proves nothing.
        mutating func beginAnew() { since = [:] }

        var found: Set<Difference> { Set(since.keys) }
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
                    difference(
                        instrument, DisputedOrder(id: order.id, isStray: false),
                        "order \(id) is open here and not at the venue"))
                continue
            }
            if known.cumulativeQuantity != order.filled {
                let ours = ExactDecimal(order.filled, of: instrument)
                let theirs = ExactDecimal(known.cumulativeQuantity, of: instrument)
                differences.append(
                    difference(
                        instrument, DisputedOrder(id: order.id, isStray: false),
                        "order \(id) is filled \(ours) here, \(theirs) there"))
            }
        }
        for (id, order) in open.sorted(by: { $0.key < $1.key })
        where earlier[id] == nil && later[id] == nil && order.instrument.slot < instruments.count
            && order.clientOrderID != .none && !order.clientOrderID.isClaimed
        {
            differences.append(
                difference(
                    instruments[order.instrument.slot],
                    DisputedOrder(id: order.clientOrderID, isStray: true),
                    "order \(id) is open at the venue and not here"))
        }
        return differences
    }

    private func difference(
        _ instrument: Instrument, _ order: DisputedOrder, _ words: String
    ) -> Difference {
        Difference(symbols: [instrument.symbol.text], words: words, order: order)
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
