import MarketModel
import TickToTrade

/// The instruments of these tests: two pairs against USDT, tick 0.01, lot 0.00001.
enum TestMarket {
    static let btc = InstrumentIndex(0)
    static let eth = InstrumentIndex(1)
    static let usdtAsset = AssetIndex(0)
    static let btcAsset = AssetIndex(1)
    static let ethAsset = AssetIndex(2)
    /// An asset that none of the instruments trades.
    static let bnbAsset = AssetIndex(3)

    static func price(_ whole: Double) -> Price {
        Price(raw: Int64((whole * 100).rounded()) * 1_000_000)
    }
    static func quantity(_ whole: Double) -> Quantity {
        Quantity(raw: Int64((whole * 100_000).rounded()) * 1_000)
    }

    static func instruments() -> [Instrument] {
        [("BTCUSDT", "BTC", btc, btcAsset), ("ETHUSDT", "ETH", eth, ethAsset)].map {
            symbol, base, index, asset in
            var instrument = Instrument(
                symbol: name(symbol), base: name(base), quote: name("USDT"), index: index,
                baseAsset: asset, quoteAsset: usdtAsset)
            instrument.tickSize = Price(raw: 1_000_000)
            instrument.lotSize = Quantity(raw: 1_000)
            instrument.minNotional = instrument.notional(quoteUnits: 5)
            instrument.takerFee = 100_000
            instrument.makerFee = 100_000
            return instrument
        }
    }

    private static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { preconditionFailure("a short name") }
        return name
    }
}

extension StrategyContext {
    /// A limit order on BTCUSDT.
    func limit(
        _ side: Side, _ price: Double, _ quantity: Double, reduceOnly: Bool = false
    ) -> Submission {
        submit(.limit(side, price, quantity, reduceOnly: reduceOnly))
    }
}

extension OrderIntent {
    static func limit(
        _ side: Side, _ price: Double, _ quantity: Double, reduceOnly: Bool = false,
        in instrument: InstrumentIndex = TestMarket.btc
    ) -> OrderIntent {
        OrderIntent(
            instrument: instrument, side: side, type: .limit, timeInForce: .gtc,
            price: TestMarket.price(price), quantity: TestMarket.quantity(quantity),
            isReduceOnly: reduceOnly)
    }
}
