import Testing
import Wire

@Suite("UTF8Validator")
struct UTF8ValidatorTests {
    /// The standard library's decoder as oracle: valid means it repairs nothing.
    private func isValid(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private func validate(_ bytes: [UInt8], splitAt split: Int) -> Bool {
        var validator = UTF8Validator()
        return bytes.withUnsafeBytes { all in
            guard let start = all.baseAddress else { return true }
            return validator.accept(start, split)
                && validator.accept(start + split, all.count - split) && validator.isComplete
        }
    }

    @Test func `every sequence of up to three bytes is judged as the standard library does`() {
        let interesting: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
            0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for first in UInt8.min...UInt8.max {
            #expect(validate([first], splitAt: 0) == isValid([first]))
            for second in interesting {
                for third in interesting {
                    for bytes in [[first, second], [first, second, third]] {
                        let wanted = isValid(bytes)
                        for split in 0...bytes.count where validate(bytes, splitAt: split) != wanted
                        {
                            Issue.record("\(bytes) split at \(split)")
                        }
                    }
                }
            }
        }
    }

    @Test func `four-byte characters are judged as the standard library does`() {
        let edges: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0xBF, 0xC0]
        for first in UInt8(0xEF)...0xF6 {
            for second in edges {
                for third in edges {
                    for fourth in edges {
                        let bytes = [first, second, third, fourth]
                        #expect(validate(bytes, splitAt: 2) == isValid(bytes), "\(bytes)")
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `long texts with one damaged byte, split anywhere`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet: [Character] = [
            "a", "Z", "é", "水", "𝛑", "7", "\u{7FF}", "\u{FFFF}", "\u{10FFFF}",
        ]
        for _ in 0..<500 {
            let count = Int(random.next() % 120)
            var bytes = Array(
                String((0..<count).map { _ in alphabet[Int(random.next() % 9)] }).utf8)
            if random.next() & 1 == 0, !bytes.isEmpty {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            let split = Int(random.next() % UInt64(bytes.count + 1))
            #expect(validate(bytes, splitAt: split) == isValid(bytes), "seed \(seed) \(bytes)")
        }
    }
}
