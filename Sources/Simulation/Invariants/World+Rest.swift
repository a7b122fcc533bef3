import Emulator
import Engine
import Journal
import MarketModel
import TickToTrade
import Venues
import Wire

/// What must hold when nothing is under way any more.
extension World {
    /// Whether the engine may trade, and does: nothing halts it, its books are valid.
    var isTrading: Bool {
        guard let state = lane?.state, lane?.isOrderSessionUp ?? false else { return false }
        if !state.pointee.halts.isEmpty { return false }
        let epoch = lane?.journal.epoch
        return Surroundings.symbols.indices.map { InstrumentIndex(UInt16($0)) }.allSatisfy { index in
            // What may still arrive of an earlier run keeps nobody from trading.
            let isClear = state.pointee.openOrders(in: index).allSatisfy {
                $0.state != .unknown || $0.isUnheard && $0.id.epoch != epoch
            }
            return isClear && state.pointee.bookPlace(of: index).isValid
        }
    }

    /// Whether no order is open and none is unknown.
    var isQuiet: Bool {
        guard let state = lane?.state else { return false }
        return state.pointee.openOrderCount == 0 && state.pointee.revivedOrderCount == 0
            && state.pointee.laneStatus(now: .unknown).unknownOrders == 0
    }

    /// Why it does not trade or does not come to rest, in words.
    var obstacle: String {
        guard let state = lane?.state else { return "there is no engine" }
        let status = state.pointee.laneStatus(now: .unknown)
        let books = Surroundings.symbols.indices.map {
            state.pointee.bookPlace(of: InstrumentIndex(UInt16($0))).isValid
        }
        let stages = SessionStage.allCases.filter { $0.bit & (lane?.stages ?? 0) != 0 }
        let phases = (0..<3).map { lane?.phase(of: $0).rawValue ?? 0 }
        return "halts \(state.pointee.halts.names), books \(books), open \(status.openOrders), "
            + "unknown \(status.unknownOrders), session up \(lane?.isOrderSessionUp ?? false), "
            + "link phases \(phases), stages \(stages)"
    }

    /// The first thing on which the engine and the exchange do not agree; `nil` when there is none.
    func finalDifference() -> String? {
        guard let state = lane?.state, let assets = lane?.assetNames else {
            return "there is no engine"
        }
        if let open = exchange.orders(of: Surroundings.account).first(where: \.isOpen) {
            return "the exchange still has order \(open.clientOrderID) open"
        }
        for (slot, asset) in assets.enumerated() {
            let told = state.pointee.toldBalance(of: AssetIndex(UInt16(slot))).total
            let held = exchange.balance(of: Surroundings.account, asset)
            if told >= 0, told != held {
                return "\(asset): the engine was told \(told), the exchange holds \(held)"
            }
        }
        guard let account = state.pointee.accountSnapshot(now: .unknown) else {
            return "the engine's account cannot be read"
        }
        // Most runs ask for no order, and need not read their journals for it.
        let comparisons = moneyComparisons
        if accountDifference(account, QueriedOrders()) != nil {
            moneyComparisons = comparisons
            if let difference = accountDifference(account, queried) { return difference }
        }
        return contextDifference()
    }

    /// How positions and money differ from what the venue's fills make.
    private func accountDifference(_ account: AccountSnapshot, _ queried: QueriedOrders) -> String? {
        for (market, symbol) in Surroundings.symbols.enumerated() {
            let net = account.positions.first {
                $0.strategy == .none && Int($0.instrument.raw) == market
            }
            if let difference = moneyDifference(in: market, net?.position ?? Position(), queried) {
                return "\(symbol): \(difference)"
            }
            let booked = net?.position.quantity.raw ?? 0
            let (traded, unvalued) = tradedQuantity(in: market, queried)
            if booked < traded || booked > traded + unvalued {
                return "\(symbol): the engine's position is \(booked), its trades make \(traded)"
            }
        }
        return nil
    }

    /// Without what the venue sells by itself: that is told with the balances, and nobody's position.
    func ownFills(in market: Int) -> [ObservedFill] {
        let foreign = Set(
            exchange.orders(of: Surroundings.account).filter {
                $0.market == market && !$0.clientOrderID.hasPrefix("ap-")
            }.map(\.number))
        return exchange.fills(of: Surroundings.account, in: market).filter {
            !foreign.contains($0.order)
        }
    }

    /// Bought less sold, less what commissions took of it; and the commissions of orders that were
    /// asked for: trades known only from such an answer are booked without theirs.
    private func tradedQuantity(
        in market: Int, _ queried: QueriedOrders
    ) -> (traded: Int64, unvalued: Int64) {
        let base = String(Surroundings.symbols[market].dropLast(4))
        var traded: Int64 = 0
        var unvalued: Int64 = 0
        for fill in ownFills(in: market) {
            let fee = fill.commissionAsset == base ? fill.commission : 0
            traded += (fill.isBuyer ? fill.quantity : -fill.quantity) - fee
            if queried.contains(market, fill.order) { unvalued += fee }
        }
        return (traded, unvalued)
    }
}
