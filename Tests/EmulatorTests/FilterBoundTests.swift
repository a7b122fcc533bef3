import MarketModel
import Testing

@testable import Emulator

/// Both bounds and the step of each filter: the last order that passes, the first that does not
/// (sheet section 12). The last price is 61837.63.
@Suite("Filter bounds")
struct FilterBoundTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let filter: String
        let change: @Sendable (inout SymbolConfiguration) -> Void
        let taken: String
        let refused: String

        init(
            _ name: String, _ filter: String, taken: String, refused: String,
            change: @escaping @Sendable (inout SymbolConfiguration) -> Void = { _ in }
        ) {
            testDescription = name
            (self.filter, self.taken, self.refused) = (filter, taken, refused)
            self.change = change
        }
    }

    private static func limit(_ side: String, _ quantity: String, _ price: String) -> String {
        "side=\(side)&type=LIMIT&timeInForce=GTC&quantity=\(quantity)&price=\(price)"
    }

    private static func market(_ quantity: String) -> String {
        "side=BUY&type=MARKET&quantity=\(quantity)"
    }

    private static func trailing(_ side: String, _ type: String, _ delta: Int) -> String {
        "side=\(side)&type=\(type)&quantity=0.01&trailingDelta=\(delta)"
    }

    static let cases = [
        Case("lowest price", "PRICE_FILTER", taken: limit("BUY", "0.01", "60000"),
            refused: limit("BUY", "0.01", "59999.99")) { $0.minPrice = Price(raw: 60_000 * Money.unit) },
        Case("highest price", "PRICE_FILTER", taken: limit("SELL", "0.01", "65000"),
            refused: limit("SELL", "0.01", "65000.01")) { $0.maxPrice = Price(raw: 65_000 * Money.unit) },
        Case("price step", "PRICE_FILTER", taken: limit("BUY", "0.01", "60000.01"),
            refused: limit("BUY", "0.01", "60000.015")),
        Case("a stop's price has the same bounds", "PRICE_FILTER",
            taken: "side=BUY&type=STOP_LOSS&quantity=0.01&stopPrice=65000",
            refused: "side=BUY&type=STOP_LOSS&quantity=0.01&stopPrice=65000.01") {
            $0.maxPrice = Price(raw: 65_000 * Money.unit)
        },
        Case("smallest quantity", "LOT_SIZE", taken: limit("BUY", "0.001", "60000"),
            refused: limit("BUY", "0.00099", "60000")) { $0.minQuantity = Quantity(raw: Money.unit / 1_000) },
        Case("largest quantity", "LOT_SIZE", taken: limit("BUY", "0.1", "60000"),
            refused: limit("BUY", "0.10001", "60000")) { $0.maxQuantity = Quantity(raw: Money.unit / 10) },
        Case("quantity step", "LOT_SIZE", taken: limit("BUY", "0.00101", "60000"),
            refused: limit("BUY", "0.001015", "60000")),
        Case("smallest quantity at the market", "MARKET_LOT_SIZE", taken: market("0.01"),
            refused: market("0.00999")) { $0.filters.marketMinQuantity = Quantity(raw: Money.unit / 100) },
        Case("largest quantity at the market", "MARKET_LOT_SIZE", taken: market("0.1"),
            refused: market("0.10001")) { $0.marketMaxQuantity = Quantity(raw: Money.unit / 10) },
        Case("highest price for anybody", "PERCENT_PRICE", taken: limit("SELL", "0.01", "67900"),
            refused: limit("SELL", "0.01", "68200")) { $0.filters.priceMultiplierUp = 11_000 },
        Case("lowest price for anybody", "PERCENT_PRICE", taken: limit("BUY", "0.01", "55700"),
            refused: limit("BUY", "0.01", "55600")) { $0.filters.priceMultiplierDown = 9_000 },
        Case("highest price of a buyer", "PERCENT_PRICE_BY_SIDE", taken: limit("BUY", "0.01", "67900"),
            refused: limit("BUY", "0.01", "68200")) { $0.bidMultiplierUp = 11_000 },
        Case("lowest price of a buyer", "PERCENT_PRICE_BY_SIDE", taken: limit("BUY", "0.01", "55700"),
            refused: limit("BUY", "0.01", "55600")) { $0.bidMultiplierDown = 9_000 },
        Case("lowest price of a seller", "PERCENT_PRICE_BY_SIDE", taken: limit("SELL", "0.01", "55700"),
            refused: limit("SELL", "0.01", "55600")) { $0.askMultiplierDown = 9_000 },
        Case("a seller may ask what a buyer may not bid", "PERCENT_PRICE_BY_SIDE",
            taken: limit("SELL", "0.01", "68200"), refused: limit("BUY", "0.01", "68200")) {
            $0.bidMultiplierUp = 11_000
        },
        Case("smallest value", "NOTIONAL", taken: limit("BUY", "0.0001", "50000"),
            refused: limit("BUY", "0.00009", "55555.55")),
        Case("largest value", "NOTIONAL", taken: limit("BUY", "0.01", "60000"),
            refused: limit("BUY", "0.01001", "60000")) { $0.maxNotional = 600 * Money.unit },
        Case("largest value at the market, if it says so", "NOTIONAL", taken: market("0.009"),
            refused: market("0.01")) {
            $0.maxNotional = 600 * Money.unit
            $0.filters.maxNotionalAppliesToMarket = true
        },
        Case("smallest value at the market", "NOTIONAL", taken: market("0.0001"),
            refused: market("0.00001")),
        Case("smallest value at the market, the old filter", "MIN_NOTIONAL",
            taken: market("0.0001"), refused: market("0.00001")) {
            $0.filters.hasPlainMinNotional = true
        },
        Case("most parts of an iceberg", "ICEBERG_PARTS",
            taken: limit("BUY", "0.1", "60000") + "&icebergQty=0.001",
            refused: limit("BUY", "0.10001", "60000") + "&icebergQty=0.001"),
        Case("smallest trail above", "TRAILING_DELTA", taken: trailing("BUY", "STOP_LOSS", 50),
            refused: trailing("BUY", "STOP_LOSS", 49)) { $0.filters.minTrailingAbove = 50 },
        Case("largest trail above", "TRAILING_DELTA", taken: trailing("SELL", "TAKE_PROFIT", 300),
            refused: trailing("SELL", "TAKE_PROFIT", 301)) { $0.filters.maxTrailingAbove = 300 },
        Case("largest trail below", "TRAILING_DELTA", taken: trailing("SELL", "STOP_LOSS", 300),
            refused: trailing("SELL", "STOP_LOSS", 301)) { $0.filters.maxTrailingBelow = 300 },
        Case("smallest trail below", "TRAILING_DELTA", taken: trailing("BUY", "TAKE_PROFIT", 50),
            refused: trailing("BUY", "TAKE_PROFIT", 49)) { $0.filters.minTrailingBelow = 50 },
    ]

    @Test(arguments: cases)
    func `passes at its bound and refuses beyond it`(_ example: Case) throws {
        var configuration = DialectHarness.configuration
        example.change(&configuration.symbols[0])
        let harness = try DialectHarness(configuration)
        let taken = harness.signed("POST", "order", "symbol=BTCUSDT&" + example.taken)
        #expect(taken.status == 200, "\(taken.text)")
        let refused = harness.signed("POST", "order", "symbol=BTCUSDT&" + example.refused)
        #expect(refused.status == 400)
        #expect(refused.text == #"{"code":-1013,"msg":"Filter failure: \#(example.filter)"}"#)
    }
}
