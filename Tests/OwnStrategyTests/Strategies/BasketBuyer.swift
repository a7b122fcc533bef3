import Engine
import MarketModel
import TickToTrade
import Wire

/// One strategy over all of its instruments: buys each of them when the first one's candle closes.
struct BasketBuyer: ConfiguredStrategy {
    static var kind: String { "basket_buyer" }
    static var scope: InstrumentScope { .all }

    static var settings: [Setting] {
        [
            Setting(
                "order_worth", .amount(1...1_000), .required,
                "Worth of each purchase, in the quote asset.")
        ]
    }

    private let lead: InstrumentIndex
    private let count: Int
    private let worth: Notional
    private var hasBought = false

    init(_ settings: StrategySettings) throws(ConfigurationFailure) {
        lead = settings.instrument.index
        count = settings.instruments.count
        worth = try settings.notional("order_worth")
    }

    var candleIntervals: [Nanoseconds] { [.seconds(1)] }

    mutating func onCandle(_ candle: Candle, interval: Nanoseconds, _ context: StrategyContext) {
        if hasBought || candle.instrument != lead || interval != .seconds(1) { return }
        var slot = 0
        while slot < count {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            if !context.mayTrade(index) || !context.quote(index).isValid { return }
            slot &+= 1
        }
        slot = 0
        while slot < count {
            buy(InstrumentIndex(UInt16(truncatingIfNeeded: slot)), context)
            slot &+= 1
        }
        hasBought = true
    }

    private func buy(_ instrument: InstrumentIndex, _ context: StrategyContext) {
        // Ten basis points through the best ask, so that it trades.
        let rules = context.instrument(instrument)
        let ask = context.quote(instrument).ask.price
        let price = Price(raw: ask.raw + ask.raw / 1_000)
            .flooredToMultiple(of: rules.pointee.tickSize)
        let raw = Int64(truncatingIfNeeded: worth.raw / Int128(price.raw))
        _ = context.submit(
            OrderIntent(
                instrument: instrument, side: .buy, type: .limit, timeInForce: .ioc,
                price: price,
                quantity: Quantity(raw: raw).flooredToMultiple(of: rules.pointee.lotSize)))
    }
}

/// Never called: that it compiles is the proof.
@_noLocks
private func proof(_ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<BasketBuyer>>>) {
    _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
}
