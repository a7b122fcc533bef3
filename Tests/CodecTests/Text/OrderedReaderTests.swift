import Testing

@testable import Codec

/// Numbers of every length, as the reader for the documented order takes them.
struct OrderedReaderTests {
    @Test func `integers of one to sixteen digits are read, anything else is refused`() {
        for digits in 1...20 {
            let text = String("9182736450918273645".prefix(digits - 1)) + "7"
            let read = Self.read(text + ",") { $0.integer() }
            #expect(read.value == (digits <= 16 ? Int64(text) : -1), "\(text)")
            #expect(read.consumed == (digits <= 16 ? digits : 0), "\(text)")
        }
        for text in ["", "-1", "01", "00", "0000000000000001", "x", "12345678.5"] {
            let read = Self.read(text + ",") { $0.integer() }
            let isBroken = text != "12345678.5"
            #expect(read.value == (isBroken ? -1 : 12_345_678), "\(text)")
        }
        #expect(Self.read("0,") { $0.integer() }.value == 0)
    }

    @Test func `decimals of every shape are those of the exact reader`() {
        let whole = "918273645091827364"
        let fraction = "27182818284590452"
        for scale in [UInt8(0), 2, 8, 12] {
            for before in 0...14 {
                for after in 0...14 {
                    let digits = String(whole.prefix(before))
                    let text = after == 0 ? digits : digits + "." + fraction.prefix(after)
                    let read = Self.read(text + "\",") { $0.decimal(scale: scale) }
                    let exact = Self.exact(text, scale)
                    #expect(read.value == exact ?? -1, "\(text) at \(scale)")
                    if exact != nil { #expect(read.consumed == text.utf8.count, "\(text)") }
                }
            }
        }
    }

    @Test func `what is no plain decimal is refused`() {
        for text in [
            ".12345678", "1..2345678", "1.2345678.", "12345678.1234567x", "-1.00000000", "1,00000000",
            "1.1234567\\", " 1.00000000", "1.0000000 ", "1e8.00000000",
        ] {
            #expect(Self.read(text + "\",") { $0.decimal(scale: 8) }.value == -1, "\(text)")
        }
        #expect(Self.read("1.00000000") { $0.decimal(scale: 8) }.value == -1)
    }

    private static func exact(_ text: String, _ scale: UInt8) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            bytes.baseAddress.flatMap {
                try? DecimalText.read($0, count: bytes.count, scale: Int(scale))
            }
        }
    }

    /// What is read, and how many bytes.
    private static func read(
        _ text: String, _ body: (inout OrderedReader) -> Int64
    ) -> (value: Int64, consumed: Int) {
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 64)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return (-2, 0) }
            var reader = OrderedReader(start, text.utf8.count)
            let value = body(&reader)
            return (value, reader.position - start)
        }
    }
}
