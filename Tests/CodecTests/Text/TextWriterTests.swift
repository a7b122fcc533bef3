import MarketModel
import Testing

@testable import Codec

struct TextWriterTests {
    private func written(_ body: (inout TextWriter) -> Void) -> String {
        let target = UnsafeMutablePointer<UInt8>.allocate(capacity: 128)
        defer { target.deallocate() }
        var writer = TextWriter(target)
        body(&writer)
        return String(
            decoding: UnsafeBufferPointer(start: target, count: writer.count), as: UTF8.self)
    }

    @Test func `writes integers of every length`() {
        let seed: UInt64 = 7
        var random = SeededRandom(seed: seed)
        var numbers: [UInt64] = [0, 9, 10, 99_999_999, 100_000_000, .max]
        for _ in 0..<20_000 {
            let bits = UInt64.random(in: 0..<64, using: &random)
            numbers.append(UInt64.random(in: 0...(.max >> bits), using: &random))
        }
        for number in numbers {
            #expect(written { $0.write(number) } == String(number), "seed \(seed)")
        }
    }

    @Test func `writes scaled values as formatDecimal does`() {
        let seed: UInt64 = 9
        var random = SeededRandom(seed: seed)
        for _ in 0..<50_000 {
            let scale = [8, 8, 8, 0, 2, 5, 12, 18].randomElement(using: &random) ?? 8
            let decimals = Int.random(in: 0...scale, using: &random)
            let step = DecimalScale.power(scale - decimals)
            let units = Int64.random(
                in: 0...(Int64.max / step) >> Int64.random(in: 0..<60, using: &random),
                using: &random)
            let raw = units * step
            var isExact = false
            let text = written {
                isExact = $0.write(raw, scale: UInt8(scale), decimals: UInt8(decimals))
            }
            #expect(isExact, "seed \(seed): \(raw) scale \(scale) decimals \(decimals)")
            #expect(text == formatDecimal(raw, scale: scale, decimals: decimals), "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            (6_183_763_500_000, 8, 2), (1, 8, 7), (-1, 8, 8), (15, 1, 0), (1, 19, 2), (1, 8, 19),
        ] as [(Int64, UInt8, UInt8)])
    func `refuses to lose a digit`(raw: Int64, scale: UInt8, decimals: UInt8) {
        var isExact = true
        let text = written { isExact = $0.write(raw, scale: scale, decimals: decimals) }
        #expect(!isExact)
        #expect(text.isEmpty)
    }

    @Test func `pads where more decimals are printed than the scale holds`() {
        #expect(written { _ = $0.write(15, scale: 1, decimals: 3) } == "1.500")
        #expect(written { _ = $0.write(7, scale: 0, decimals: 2) } == "7.00")
    }

    @Test func `writes literals of every length`() {
        #expect(written { $0.write("") } == "")
        #expect(written { $0.write("abc") } == "abc")
        #expect(written { $0.write("abcdefgh") } == "abcdefgh")
        #expect(written { $0.write("abcdefghijklmno") } == "abcdefghijklmno")
    }
}
