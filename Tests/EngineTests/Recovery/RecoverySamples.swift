@testable import Codec
import MarketModel

/// An instrument and its trades in whole units.
enum RecoverySamples {
    /// Assets: BTC 0, USDT 1.
    static var btc: Instrument {
        func name(_ text: String) -> ShortName {
            guard let name = ShortName(text) else { preconditionFailure("a short name") }
            return name
        }
        return Instrument(
            symbol: name("BTCUSDT"), base: name("BTC"), quote: name("USDT"),
            index: InstrumentIndex(0), baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1))
    }

    /// `commission` in units of 1e-8.
    static func fill(
        _ id: Int64, _ side: Side, price: Int64, quantity: Int64, commission: Int64,
        asset: AssetIndex, at time: Timestamp
    ) -> AccountFill {
        AccountFill(
            instrument: InstrumentIndex(0), tradeID: TradeID(id), venueOrderID: .none,
            price: Price(raw: price * 100_000_000), quantity: Quantity(raw: quantity * 100_000_000),
            commission: commission, commissionAsset: asset, side: side, isMaker: false,
            venueTime: time)
    }
}
