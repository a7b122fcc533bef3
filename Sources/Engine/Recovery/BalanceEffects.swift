import Codec
import MarketModel

/// What trades have done to balances, to tell whether they explain a change.
struct BalanceEffects {
    private struct Effect {
        var asset: AssetIndex
        /// In units of 1e-8.
        var amount: Int64
        var time: Timestamp
    }

    /// In the order of the trades.
    private var effects: [Effect] = []

    init(_ trades: [AccountFill], _ instruments: [Instrument]) {
        for trade in trades {
            guard let instrument = instruments.first(where: { $0.index == trade.instrument })
            else { continue }
            let sign: Int64 = trade.side == .buy ? 1 : -1
            let quantity = Self.units(
                Int128(trade.quantity.raw), scale: Int(instrument.quantityScale))
            let money = Self.units(
                Notional(trade.price, trade.quantity).raw,
                scale: Int(instrument.priceScale) + Int(instrument.quantityScale))
            let parts = [
                (instrument.baseAsset, sign * quantity), (instrument.quoteAsset, -sign * money),
                (trade.commissionAsset, -trade.commission),
            ]
            for (asset, amount) in parts where asset != .none && amount != 0 {
                effects.append(Effect(asset: asset, amount: amount, time: trade.venueTime))
            }
        }
    }

    /// What is left of a balance's change; `nil` when trades since explain all of it.
    ///
    /// The venue tells the time of a balance in milliseconds: of the trades within that one, the
    /// last few may have come after it.
    func unexplained(
        _ change: Int64, of asset: AssetIndex, since time: Timestamp
    ) -> Int64? {
        let own = effects.filter { $0.asset == asset }
        let later = own.filter { $0.time.milliseconds > time.milliseconds }
        var rest = later.reduce(change) { $0 - $1.amount }
        let result = rest
        if rest == 0 { return nil }
        for effect in own.reversed() where effect.time.milliseconds == time.milliseconds {
            rest -= effect.amount
            if rest == 0 { return nil }
        }
        return result
    }

    private static func units(_ raw: Int128, scale: Int) -> Int64 {
        var value = raw
        for _ in 0..<max(0, scale - 8) { value /= 10 }
        for _ in 0..<max(0, 8 - scale) { value *= 10 }
        return Int64(clamping: value)
    }
}
