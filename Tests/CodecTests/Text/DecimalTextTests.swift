import MarketModel
import Testing

@testable import Codec

struct DecimalTextTests {
    private func read(_ text: String, scale: Int = 8) throws(DecodeFailure) -> Int64 {
        let bytes = GuardedBytes(text)
        return try DecimalText.read(bytes.start, count: bytes.count, scale: scale)
    }

    @Test(
        arguments: [
            ("0", 8, 0), ("0.00000000", 8, 0), ("1", 8, 100_000_000), ("0.00000001", 8, 1),
            ("61837.63000000", 8, 6_183_763_000_000), ("-0.5", 8, -50_000_000),
            ("92233720368.54775807", 8, Int64.max), ("007.10", 2, 710), ("12.3400", 2, 1_234),
            ("9223372036854775807", 0, Int64.max),
        ] as [(String, Int, Int64)])
    func `reads plain decimals exactly`(text: String, scale: Int, raw: Int64) throws {
        #expect(try read(text, scale: scale) == raw)
        let wide = GuardedBytes(text)
        #expect(
            try DecimalText.readWide(wide.start, count: wide.count, scale: scale) == Int128(raw))
    }

    @Test(
        arguments: [
            ("", 8, DecodeFailure.invalidNumber), (".", 8, .invalidNumber),
            ("-", 8, .invalidNumber), ("1.", 8, .invalidNumber), (".1", 8, .invalidNumber),
            ("+1", 8, .invalidNumber), ("1.2.3", 8, .invalidNumber), ("1e3", 8, .invalidNumber),
            (" 1", 8, .invalidNumber), ("1 ", 8, .invalidNumber), ("--1", 8, .invalidNumber),
            ("0x1", 8, .invalidNumber), ("\u{661}", 8, .invalidNumber),
            ("0.000000001", 8, .tooPrecise), ("1.1", 0, .tooPrecise),
            ("92233720368.54775808", 8, .overflow), ("92233720369", 8, .overflow),
            ("9223372036854775808", 0, .overflow),
        ] as [(String, Int, DecodeFailure)])
    func `refuses everything else`(text: String, scale: Int, reason: DecodeFailure) {
        #expect(throws: reason) { try read(text, scale: scale) }
    }

    @Test func `wide reading refuses what 128 bits do not hold`() {
        let bytes = GuardedBytes(String(repeating: "9", count: 40))
        #expect(throws: DecodeFailure.overflow) {
            try DecimalText.readWide(bytes.start, count: bytes.count, scale: 0)
        }
        let fits = GuardedBytes("9116.04600000")
        #expect(
            (try? DecimalText.readWide(fits.start, count: fits.count, scale: 16))
                == 91_160_460_000_000_000_000)
    }

    /// The reader with a loop per byte is the oracle of the one without.
    @Test func `the word reader agrees with the digit-by-digit reader`() {
        let seed: UInt64 = 3
        var random = SeededRandom(seed: seed)
        let bytes = GuardedBytes(capacity: 64)
        for _ in 0..<100_000 {
            let whole = UInt64.random(in: 0..<(1 << UInt64.random(in: 0..<40)), using: &random)
            let places = Int.random(in: 0...10, using: &random)
            var text = String(whole)
            if places > 0 {
                text += "."
                for _ in 0..<places {
                    let digit = places > 8 ? 0 : UInt8.random(in: 0...9, using: &random)
                    text += String(digit)
                }
            }
            let scale = UInt8.random(in: 6...8, using: &random)
            bytes.set(Array((text + "\"").utf8), filler: "9999")
            var reader = OrderedReader(bytes.start, bytes.count)
            let found = reader.decimal(scale: scale)
            let expected = (try? parseDecimal(text, scale: Int(scale))) ?? -1
            #expect(found == expected, "seed \(seed): \(text) at scale \(scale)")
            if found >= 0 { #expect(reader.position.pointee == UInt8(ascii: "\"")) }
        }
    }

    @Test func `the word reader agrees with integers of every length`() {
        let seed: UInt64 = 5
        var random = SeededRandom(seed: seed)
        let bytes = GuardedBytes(capacity: 64)
        for _ in 0..<100_000 {
            let number = UInt64.random(
                in: 0...(UInt64.max >> UInt64.random(in: 0..<64, using: &random)), using: &random)
            let text = String(number)
            bytes.set(Array((text + ",").utf8), filler: "9999")
            var reader = OrderedReader(bytes.start, bytes.count)
            let expected = text.utf8.count <= 16 ? Int64(number) : -1
            #expect(reader.integer() == expected, "seed \(seed): \(text)")
        }
    }

    @Test func `decimals needed to print a step`() {
        #expect(DecimalText.decimals(of: 1_000_000, scale: 8) == 2)
        #expect(DecimalText.decimals(of: 1, scale: 8) == 8)
        #expect(DecimalText.decimals(of: 100_000_000, scale: 8) == 0)
        #expect(DecimalText.decimals(of: 500_000, scale: 8) == 3)
    }
}
