import Codec
import MarketModel
import Testing

@testable import Engine

@Suite("Balance effects")
struct BalanceEffectsTests {
    private let instrument = RecoverySamples.btc

    private func trade(
        _ id: Int64, _ side: Side, price: Int64, quantity: Int64, commission: Int64 = 0,
        in asset: UInt16 = 2, at milliseconds: Int64
    ) -> AccountFill {
        RecoverySamples.fill(
            id, side, price: price, quantity: quantity, commission: commission,
            asset: AssetIndex(asset), at: Timestamp(milliseconds: milliseconds))
    }

    /// Prices and quantities in whole units; balances in 1e-8.
    private static let one: Int64 = 100_000_000

    @Test func `trades since a balance was told explain its change`() {
        let effects = BalanceEffects(
            [
                trade(1, .buy, price: 100, quantity: 1, at: 1_000),
                trade(2, .buy, price: 110, quantity: 2, commission: 300_000, in: 0, at: 2_000),
                trade(3, .sell, price: 120, quantity: 1, commission: 500, in: 1, at: 3_000),
            ], [instrument])
        let told = Timestamp(milliseconds: 1_500)
        // Base: +2 − 0.003 − 1; quote: −220 + 120 − 0.000005.
        #expect(effects.unexplained(Self.one - 300_000, of: AssetIndex(0), since: told) == nil)
        #expect(
            effects.unexplained(-100 * Self.one - 500, of: AssetIndex(1), since: told) == nil)
        #expect(effects.unexplained(Self.one, of: AssetIndex(0), since: told) == 300_000)
        #expect(effects.unexplained(0, of: AssetIndex(3), since: told) == nil)
        #expect(effects.unexplained(7, of: AssetIndex(3), since: told) == 7)
    }

    @Test func `of the trades in the balance's own millisecond the last few may be missing`() {
        let effects = BalanceEffects(
            [
                trade(1, .buy, price: 100, quantity: 1, at: 1_000),
                trade(2, .buy, price: 100, quantity: 2, at: 1_000),
                trade(3, .buy, price: 100, quantity: 4, at: 1_001),
            ], [instrument])
        let told = Timestamp(milliseconds: 1_000)
        for (change, rest) in [(4, nil), (6, nil), (7, nil), (5, 1), (3, -1)] as [(Int64, Int64?)] {
            let left = effects.unexplained(change * Self.one, of: AssetIndex(0), since: told)
            #expect(left == rest.map { $0 * Self.one }, "a change of \(change)")
        }
    }
}
