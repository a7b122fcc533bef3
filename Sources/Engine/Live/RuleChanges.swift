import Codec
import MarketModel
import Telemetry
import TickToTrade

/// What has become of one instrument at the venue.
struct RuleChange: Equatable {
    var halt: InstrumentHalt
    var words: [String]
}

/// What the venue says of its instruments now, against what the run was built on.
enum RuleChanges {
    /// By symbol; symbols whose rules are as they were are left out.
    ///
    /// `gone` are symbols that the venue does not list any more.
    static func find(
        _ known: [Instrument], _ told: BinanceSpotExchangeInfo?, gone: [String] = []
    ) -> [String: RuleChange] {
        var changes: [String: RuleChange] = [:]
        for instrument in known {
            let symbol = instrument.symbol.text
            if gone.contains(symbol) {
                changes[symbol] = RuleChange(halt: .delisted, words: ["delisted"])
            } else if let refusal = told?.refusals.first(where: { $0.symbol == symbol }) {
                changes[symbol] = RuleChange(
                    halt: .rulesChanged,
                    words: ["rules that cannot be used: \(refusal.failure.words)"])
            } else if let now = told?.instruments.first(where: { $0.symbol == instrument.symbol }) {
                let words = differences(instrument, now)
                if words.isEmpty { continue }
                let hasStopped = now.status != instrument.status
                changes[symbol] = RuleChange(
                    halt: hasStopped && words.count == 1 ? .venueHalted : .rulesChanged,
                    words: words)
            }
        }
        return changes
    }

    private static func differences(_ old: Instrument, _ told: Instrument) -> [String] {
        var now = told
        // Numbers of this run, and fees, which are the account's.
        now.index = old.index
        now.baseAsset = old.baseAsset
        now.quoteAsset = old.quoteAsset
        now.makerFee = old.makerFee
        now.takerFee = old.takerFee
        if now == old { return [] }
        var words: [String] = []
        func note<Value: Equatable>(_ name: String, _ before: Value, _ after: Value) {
            if before != after { words.append("\(name) \(before), now \(after)") }
        }
        note("status", old.status, now.status)
        note("tick size", price(old.tickSize, old), price(now.tickSize, now))
        note("lowest price", price(old.minPrice, old), price(now.minPrice, now))
        note("highest price", price(old.maxPrice, old), price(now.maxPrice, now))
        note("lot size", quantity(old.lotSize, old), quantity(now.lotSize, now))
        note("smallest quantity", quantity(old.minQuantity, old), quantity(now.minQuantity, now))
        note("largest quantity", quantity(old.maxQuantity, old), quantity(now.maxQuantity, now))
        note("smallest notional", notional(old.minNotional, old), notional(now.minNotional, now))
        note("largest notional", notional(old.maxNotional, old), notional(now.maxNotional, now))
        note("most open orders", old.maxOpenOrders, now.maxOpenOrders)
        note("largest position", quantity(old.maxPosition, old), quantity(now.maxPosition, now))
        return words.isEmpty ? ["other rules"] : words
    }

    // Every digit that the number has: the printed ones depend on the rules themselves.
    private static func price(_ value: Price, _ own: Instrument) -> ExactDecimal {
        ExactDecimal(raw: Int128(value.raw), scale: Int(own.priceScale)).shortened()
    }

    private static func quantity(_ value: Quantity, _ own: Instrument) -> ExactDecimal {
        ExactDecimal(raw: Int128(value.raw), scale: Int(own.quantityScale)).shortened()
    }

    private static func notional(_ value: Notional, _ own: Instrument) -> ExactDecimal {
        ExactDecimal(raw: value.raw, scale: Int(own.priceScale) + Int(own.quantityScale))
            .shortened()
    }
}
