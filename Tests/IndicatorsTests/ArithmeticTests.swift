import Indicators
import Testing

/// A mean divides without a division: of a single number among zeros, by every period.
@Suite struct ArithmeticTests {
    static let seed: UInt64 = 20_261_122

    /// Any sign and digits, 10⁻²⁶⁰...10³⁷.
    private func number(_ random: inout SplitMix) -> Double {
        let exponent = UInt64(160 + random.below(980))
        return Double(bitPattern: random.next() & 0x800F_FFFF_FFFF_FFFF | exponent << 52)
    }

    /// The quotient of each dividend that differs from the division's by more than `units` of its
    /// last place.
    private func wrong(
        _ dividends: [Double], by period: Int, units: Double = 0
    ) throws -> [Double] {
        var mean = Indicator(try SMA(period: period))
        for _ in 1..<period { mean.update(0) }
        return dividends.filter { dividend in
            let quotient = dividend / Double(period)
            let value = mean.update(dividend) ?? .nan
            for _ in 1..<period { mean.update(0) }
            return !(abs(value - quotient) <= units * quotient.ulp)
        }
    }

    /// Those whose quotients lie as near as can be to the middle of two numbers.
    private func dividends(near quotient: Double, by period: Int) -> [Double] {
        let middle = (quotient.ulp / 2 * Double(period))
            .addingProduct(quotient, Double(period))
        let below = middle.nextDown
        return [below.nextDown, below, middle, middle.nextUp, middle.nextUp.nextUp]
            .filter { abs($0) <= 3e37 }
    }

    @Test func `a quotient by a period has the bits of the division`() throws {
        var random = SplitMix(state: Self.seed)
        let long = (0..<12).map { _ in 1_000 + random.below(99_000) }
        for period in Array(2...600) + long + [65_536, 99_999, 100_000] {
            let count = period > 600 ? 1 : 3
            var all = [0.0]
            for _ in 0..<count {
                all.append(number(&random))
                all += dividends(near: number(&random) / Double(period), by: period)
            }
            let wrong = try wrong(all, by: period)
            #expect(wrong.isEmpty, "seed \(Self.seed), divided by \(period)")
        }
    }

    /// The weights of a period that is a power of two change no digit of what they divide.
    @Test func `a quotient by a sum of weights has the bits of the division`() throws {
        var random = SplitMix(state: Self.seed)
        for period in (1...16).map({ 1 << $0 }) {
            let weights = period * (period + 1) / 2
            for _ in 0..<(period > 2_000 ? 1 : 8) {
                let near = dividends(near: number(&random) / Double(weights), by: weights)
                for dividend in near + [number(&random)] {
                    var mean = Indicator(try WMA(period: period))
                    for _ in 1..<period { mean.update(0) }
                    let value = mean.update(dividend / Double(period))
                    #expect(
                        value == dividend / Double(weights),
                        "seed \(Self.seed), \(dividend) divided by \(weights)")
                }
            }
        }
    }

    @Test func `the quotient of a number next to nothing is off by its last digit at most`()
        throws
    {
        var random = SplitMix(state: Self.seed)
        for period in 2...300 {
            let all = (0..<5).map { _ in Double(bitPattern: random.next() >> 7) }
            let wrong = try wrong(all, by: period, units: 1)
            #expect(wrong.isEmpty, "seed \(Self.seed), divided by \(period)")
        }
    }
}
