import Foundation
import Testing

@testable import Emulator

@Suite("The market's mathematics is the same on every machine")
struct PortableMathTests {
    /// Numbers that no processor may see otherwise.
    @Test("it gives these very bits")
    func bits() {
        let logarithms = [1e-300, 0.1, 0.75, 1, 2, 1_234.567_8].map(PortableMath.logarithm)
        #expect(
            logarithms.map(\.bitPattern) == [
                13_872_659_378_474_614_709, 13_835_739_416_338_191_637, 13_822_226_076_269_861_769,
                0, 4_604_418_534_313_441_775, 4_619_700_710_149_689_815,
            ])
        let powers = [-700, -1.5, 0, 0.2, 3.75, 700].map(PortableMath.exponential)
        #expect(
            powers.map(\.bitPattern) == [
                58_915_316_498_509_708, 4_597_207_131_539_332_125, 4_607_182_418_800_017_408,
                4_608_179_528_179_166_349, 4_631_181_127_592_339_172, 9_155_136_748_776_910_381,
            ])
    }

    @Test("it is right to ten digits")
    func digits() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomSource(seed: seed)
        for _ in 0..<100_000 {
            let number = Foundation.exp((random.uniform() - 0.5) * 1_000)
            let logarithm = Foundation.log(number)
            #expect(
                abs(PortableMath.logarithm(number) - logarithm) <= 1e-10 * max(abs(logarithm), 1),
                "logarithm of \(number), seed \(seed)")
            let power = (random.uniform() - 0.5) * 1_400
            let value = Foundation.exp(power)
            #expect(
                abs(PortableMath.exponential(power) - value) <= 1e-10 * value,
                "e to \(power), seed \(seed)")
        }
    }
}
