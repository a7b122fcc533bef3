import MarketModel
import Testing

@testable import Emulator

@Suite("Money")
struct MoneyTests {
    @Test func `quote amounts round down for trades and up for locks`() {
        // 0.00000003 x 0.50000000 = 0.000000015
        let price = Price(raw: 3)
        let quantity = Quantity(raw: 50_000_000)
        #expect(Money.quote(price, quantity) == 1)
        #expect(Money.quoteRoundedUp(price, quantity) == 2)
    }

    @Test func `amounts that do not fit are refused, not wrapped`() {
        #expect(Money.quote(Price(raw: .max), Quantity(raw: .max)) == nil)
        #expect(Money.quote(Price(raw: -1), Quantity(raw: 1)) == nil)
        #expect(Money.quantity(for: .max, at: Price(raw: 1)) == nil)
    }

    @Test func `a quote amount buys what its price allows`() {
        let price = Price(raw: 3 * Money.unit)
        #expect(Money.quantity(for: Money.unit, at: price) == Quantity(raw: 33_333_333))
    }
}
