import Testing

@testable import Engine

/// Decimals are compared as they are written, not as a Double has them.
@Suite("Plain decimals")
struct PlainDecimalTests {
    @Test(arguments: [
        ("0", 0), ("1", 1_000_000_000_000_000_000), ("-0.5", -500_000_000_000_000_000),
        ("0.000000000000000001", 1), ("0.0000000000000000010", 1),
        ("92233720368.54775808", 92_233_720_368_547_758_080_000_000_000),
    ] as [(String, Int128)])
    func `a plain decimal has its value`(text: String, value: Int128) {
        #expect(PlainDecimal.value(of: text) == value)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "-", "--1", "+1", "1e4", "1,5", " 1", "1.2.3", "nan", "0x1",
        "0.0000000000000000001", "999999999999999999999999999999",
    ])
    func `anything else has none`(text: String) { #expect(PlainDecimal.value(of: text) == nil) }
}
