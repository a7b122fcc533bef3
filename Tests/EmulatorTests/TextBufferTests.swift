import Testing

@testable import Emulator

@Suite("Numbers in text")
struct TextBufferTests {
    @Test("integers of every length are as the standard library prints them")
    func integers() {
        var numbers: [Int64] = [0, .max, .min, .min + 1]
        var power: Int64 = 1
        for _ in 0..<18 {
            numbers += [power, power - 1, power + 1, 7 * (power / 10), -power]
            power *= 10
        }
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomSource(seed: seed)
        for _ in 0..<20_000 {
            numbers.append(Int64(bitPattern: random.next()) >> Int64(random.below(64)))
        }
        for number in numbers {
            // Grown out of the smallest buffer on the way.
            var text = TextBuffer(capacity: 1)
            for _ in 0..<4 { text.integer(number) }
            #expect(text.string == String(repeating: "\(number)", count: 4), "seed \(seed)")
        }
    }

    @Test("decimals have all eight places")
    func decimals() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = RandomSource(seed: seed)
        var numbers: [Int64] = [0, 1, 99_999_999, 100_000_000, .max, -1, -123_456_789]
        for _ in 0..<20_000 {
            numbers.append(Int64(bitPattern: random.next()) >> Int64(random.below(64)))
        }
        for number in numbers {
            let (whole, fraction) = number.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
            let places = String(fraction)
            let zeros = String(repeating: "0", count: 8 - places.count)
            var text = TextBuffer()
            text.decimal(number)
            #expect(
                text.string == "\"\(number < 0 ? "-" : "")\(whole).\(zeros)\(places)\"",
                "seed \(seed)")
        }
    }
}
