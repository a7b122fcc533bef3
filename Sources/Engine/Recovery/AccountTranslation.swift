import MarketModel
import Telemetry
import TickToTrade

/// Puts an earlier run's account into this run's numbers: instruments, assets and strategies keep
/// their names, not their places.
struct AccountTranslation {
    private let instruments: [Instrument]
    private let strategyNames: [String]
    private let assetNames: [String]
    private let plan: TradingPlan
    private let assets: [ShortName]
    /// Positions whose strategy is not configured any more, in words.
    private(set) var ownerless: [String] = []

    init(_ run: borrowing RecoveredRun, _ plan: TradingPlan, _ assets: [ShortName]) {
        instruments = run.instruments
        strategyNames = run.strategyNames
        assetNames = run.assetNames
        self.plan = plan
        self.assets = assets
    }

    /// `held` are the venue's balances of the moment `time`, in this run's numbers.
    mutating func translate(
        _ old: AccountSnapshot, _ held: [AssetIndex: Int64], at time: Timestamp
    ) -> AccountSnapshot {
        var account = AccountSnapshot()
        account.time = old.time
        account.day = old.day
        account.dayStart = old.dayStart
        account.strategyDayStarts = plan.strategyNames.indices.map { slot in
            oldSlot(of: slot).map { old.strategyDayStarts[$0] } ?? .zero
        }
        account.lastTradeIDs = plan.instruments.map { instrument in
            instruments.first { $0.symbol == instrument.symbol }
                .map { old.lastTradeIDs[$0.index.slot] } ?? -1
        }
        account.balances = assets.map { asset in
            assetNames.firstIndex(of: asset.text).map { old.balances[$0] } ?? ToldBalance()
        }
        for (asset, total) in held where account.balances[asset.slot].total >= 0 {
            account.balances[asset.slot] = ToldBalance(total: total, venueTime: time)
        }
        account.positions = old.positions.compactMap { translate($0) }
        return account
    }

    /// An order that may still arrive at the venue; `nil` where its instrument is not traded any more.
    func translate(_ old: Order, now: Timestamp) -> Order? {
        let symbol = instruments[old.instrument.slot].symbol
        guard let instrument = plan.instruments.first(where: { $0.symbol == symbol }) else {
            return nil
        }
        let owner = old.strategy == .none
            ? nil : newSlot(of: strategyNames[old.strategy.slot], in: instrument)
        return old.handedOn(
            in: instrument.index, to: owner.map { StrategyIndex(UInt16($0)) } ?? .none, now: now)
    }

    private mutating func translate(
        _ old: AccountSnapshot.PositionEntry
    ) -> AccountSnapshot.PositionEntry? {
        let symbol = instruments[old.instrument.slot].symbol
        guard let instrument = plan.instruments.first(where: { $0.symbol == symbol }) else {
            return nil
        }
        var entry = old
        entry.instrument = instrument.index
        if entry.strategy == .none { return entry }
        let owner = strategyNames[entry.strategy.slot]
        if let slot = newSlot(of: owner, in: instrument) {
            entry.strategy = StrategyIndex(UInt16(slot))
            return entry
        }
        if entry.position.quantity.raw != 0 {
            let held = ExactDecimal(entry.position.quantity, of: instrument)
            ownerless.append("\(owner): \(held) in \(symbol.text)")
        }
        return nil
    }

    /// The slot of a strategy by name that trades the instrument.
    private func newSlot(of name: String, in instrument: Instrument) -> Int? {
        plan.strategyNames.indices.first { slot in
            plan.strategyNames[slot] == name
                && plan.configuration.subscriptions[slot] >> UInt64(instrument.index.raw) & 1 == 1
        }
    }

    /// The earlier run's slot of the same name, and the same place among those of that name.
    private func oldSlot(of slot: Int) -> Int? {
        let name = plan.strategyNames[slot]
        let place = plan.strategyNames[..<slot].count { $0 == name }
        let slots = strategyNames.indices.filter { strategyNames[$0] == name }
        return place < slots.count ? slots[place] : nil
    }
}
