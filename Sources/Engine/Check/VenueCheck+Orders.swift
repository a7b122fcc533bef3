import Codec
import MarketModel
import Telemetry
import Venues

/// Proof that an order would be taken, without one: the venue's own test of orders.
extension VenueCheck {
    /// The smallest order of each instrument, at the best bid, by `POST /api/v3/order/test`, and what
    /// its trades would cost. Weight 20 each; nothing reaches the book.
    mutating func checkTestOrders(_ info: BinanceSpotExchangeInfo) -> CheckReport.Section {
        var section = CheckReport.Section("test orders")
        for instrument in info.instruments where instrument.status == .trading {
            let symbol = instrument.symbol.text
            guard let order = smallestOrder(instrument) else {
                section.note("\(symbol): not tested without a price")
                continue
            }
            let quantity = ExactDecimal(order.quantity, of: instrument)
            let price = ExactDecimal(order.price, of: instrument)
            let side = canBuy(order.quantity, order.price, instrument) ? "BUY" : "SELL"
            let text = "\(symbol): LIMIT GTC \(side) \(quantity) at \(price)"
            let query = "symbol=\(percentEncoded(symbol))&side=\(side)&type=LIMIT&timeInForce=GTC"
                + "&quantity=\(quantity)&price=\(price)&computeCommissionRates=true"
            let path = "/api/v3/order/test"
            do throws(StartFailure) {
                let body = try inquiry.body(signed: path, query, offset, method: "POST")
                section.fine("\(text) would be taken\(cost(in: body, path))")
            } catch {
                section.problem("\(text) would be refused: \(error)")
            }
        }
        return section
    }

    /// All that the order's trades would pay; nothing where the venue does not say.
    private func cost(in body: [UInt8], _ path: String) -> String {
        do throws(StartFailure) {
            let rates = try Self.decode(OrderCommission.self, body, path)
            guard let maker = rates.total(\.maker), let taker = rates.total(\.taker) else { return "" }
            return ", for maker \(Self.percent(maker)) or taker \(Self.percent(taker))"
        } catch {
            return ""
        }
    }

    private func canBuy(_ quantity: Quantity, _ price: Price, _ instrument: Instrument) -> Bool {
        let scale = Int(instrument.priceScale) + Int(instrument.quantityScale)
        let free = account?.holding(of: instrument.quoteAssetName.text)
            .flatMap { ExactDecimal($0.free)?.raw(atScale: scale) }
        return (free ?? 0) >= Int128(price.raw) * Int128(quantity.raw)
    }
}
