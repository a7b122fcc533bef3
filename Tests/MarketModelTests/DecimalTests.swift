import MarketModel
import Testing

@Suite("Decimal text")
struct DecimalTests {
    @Test(arguments: [
        ("0.00000001", 8, Int64(1)), ("61837.63000000", 8, 6_183_763_000_000), ("100", 2, 10_000),
        ("-1.5", 1, -15), ("0.1000", 1, 1), (".5", 1, 5), ("5.", 1, 50), ("92233720368.54775807", 8, .max),
    ])
    func `reads a decimal exactly`(text: String, scale: Int, raw: Int64) throws {
        #expect(try parseDecimal(text, scale: scale) == raw)
    }

    @Test(arguments: [
        ("", 8, DecimalFailure.empty), ("-", 8, .empty), (".", 8, .empty), ("1e5", 8, .notADigit),
        ("1.2.3", 8, .notADigit), ("0.001", 2, .tooPrecise), ("92233720368.54775808", 8, .overflow),
        ("99999999999999999999", 0, .overflow),
    ])
    func `refuses what it cannot hold exactly`(text: String, scale: Int, failure: DecimalFailure) {
        #expect(throws: failure) { try parseDecimal(text, scale: scale) }
    }

    @Test func `prints what it read`() throws {
        var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<10_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let raw = Int64(bitPattern: seed) >> Int64(seed % 40)
            guard raw != .min else { continue }
            let scale = Int(seed >> 33 % 19) % 19
            #expect(try parseDecimal(formatDecimal(raw, scale: scale), scale: scale) == raw)
        }
    }

    @Test func `prints with the decimals of the tick`() {
        #expect(formatDecimal(11_850_012_000_000, scale: 8, decimals: 2) == "118500.12")
        #expect(formatDecimal(5_000, scale: 8, decimals: 5) == "0.00005")
        #expect(formatDecimal(-150, scale: 2, decimals: 0) == "-1")
        #expect(formatDecimal(7, scale: 0, decimals: 2) == "7.00")
    }
}
