import Testing

@testable import Codec

struct JSONScannerTests {
    private func check(_ text: [UInt8]) throws(DecodeFailure) {
        let bytes = GuardedBytes(capacity: text.count)
        bytes.set(text)
        var scanner = JSONScanner(bytes.start, bytes.count)
        _ = try scanner.value()
        try scanner.finish()
    }

    @Test(
        arguments: [
            "0", "-0", "10", "-1.5e+10", "0.0", "1E5", "true", "false", "null", "\"\"", "{}", "[]",
            " { } ", "[ ]", "[1,2 , 3]", #"{"a":1,"b":[{},[[]]]}"#, #""\"\\\/\b\f\n\r\t""#,
            #""\u00e9\ud83d\ude00""#, "\"é😀\u{7F}\"", "\t\r\n 1 \n", #"{"":""}"#,
            #"["12345678\\90",""]"#,
        ])
    func `accepts valid texts`(text: String) throws {
        try check(Array(text.utf8))
    }

    @Test(
        arguments: [
            ("", DecodeFailure.truncated), (" ", .truncated), ("-", .truncated), ("[", .truncated),
            ("{", .truncated), ("\"", .truncated), ("\"\\", .truncated), ("tru", .truncated),
            ("1.", .truncated), ("1e", .truncated), ("{\"a\"", .truncated), ("[1,", .truncated),
            ("{\"a\":", .truncated), (#""\u12"#, .truncated),
            ("01", .invalidJSON), ("+1", .invalidJSON), (".5", .invalidJSON),
            ("1.e3", .invalidJSON),
            ("nul1", .invalidJSON), ("[1 2]", .invalidJSON), ("[1,]", .invalidJSON),
            ("{,}", .invalidJSON), ("{\"a\":1,}", .invalidJSON), ("{1:2}", .invalidJSON),
            ("{\"a\" 1}", .invalidJSON), ("[1}", .invalidJSON), ("'a'", .invalidJSON),
            ("NaN", .invalidJSON), ("--1", .invalidJSON), ("[\u{B}1]", .invalidJSON),
            ("1 1", .trailingBytes), ("{}}", .trailingBytes), ("1x", .trailingBytes),
            ("\"a\nb\"", .invalidText), (#""\x""#, .invalidText), (#""\u12G4""#, .invalidText),
            (#""\ud800""#, .invalidText), (#""\udc00""#, .invalidText),
            (#""\ud800\u0041""#, .invalidText),
        ])
    func `refuses invalid texts with the reason`(text: String, reason: DecodeFailure) {
        #expect(throws: reason) { try check(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2, 0x41], [0xE0, 0x9F, 0x80],
            [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82, 0x41], [0xFF],
        ] as [[UInt8]])
    func `refuses what is not UTF-8`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: DecodeFailure.invalidText) { try check([quote] + bytes + [quote]) }
    }

    @Test func `nests to the limit and no deeper`() throws {
        let limit = JSONScanner.maximumDepth
        let open = String(repeating: "[", count: limit)
        let close = String(repeating: "]", count: limit)
        try check(Array((open + close).utf8))
        #expect(throws: DecodeFailure.tooDeep) { try check(Array(("[" + open + close + "]").utf8)) }
        #expect(throws: DecodeFailure.tooDeep) {
            try check(Array(String(repeating: "{\"a\":[", count: 100_000).utf8))
        }
    }

    @Test func `walks objects and arrays`() throws {
        let text = #" {"a" : [1, {"x":null}, "s"], "b":{}, "\u0063": true } "#
        let bytes = GuardedBytes(text)
        var scanner = JSONScanner(bytes.start, bytes.count)
        var keys: [String] = []
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            keys.append(key.string ?? "")
            if key.equals("a") {
                try scanner.enterArray()
                var kinds: [JSONKind] = []
                while try scanner.nextElement() {
                    kinds.append(try scanner.value().kind)
                }
                #expect(kinds == [.number, .object, .string])
            } else if key.equals("c") {
                #expect(try scanner.value().boolean())
            } else {
                #expect(try scanner.value().kind == .object)
            }
        }
        try scanner.finish()
        #expect(keys == ["a", "b", "c"])
    }

    @Test func `resolves escapes`() throws {
        let bytes = GuardedBytes(#""a\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00z""#)
        var scanner = JSONScanner(bytes.start, bytes.count)
        let value = try scanner.value()
        #expect(value.hasEscapes)
        #expect(value.string == "a\"\\/\u{8}\u{C}\n\r\té€😀z")
        #expect(value.equals("a\"\\/\u{8}\u{C}\n\r\té€😀z"))
        #expect(!value.equals("a"))
        let target = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
        defer { target.deallocate() }
        #expect(value.copyText(to: target, capacity: 8) == -1)
    }

    @Test func `reads integers within 64 bits`() throws {
        for (text, expected) in [
            ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("0", 0),
            ("-12", -12),
        ] {
            let bytes = GuardedBytes(text)
            var scanner = JSONScanner(bytes.start, bytes.count)
            #expect(try scanner.value().integer() == expected)
        }
        for (text, reason) in [
            ("9223372036854775808", DecodeFailure.overflow), ("1.5", .invalidNumber),
            ("1e3", .invalidNumber), ("\"1\"", .wrongType), ("null", .wrongType),
        ] {
            let bytes = GuardedBytes(text)
            var scanner = JSONScanner(bytes.start, bytes.count)
            let value = try scanner.value()
            #expect(throws: reason) { try value.integer() }
        }
        #expect(throws: DecodeFailure.missingKey) { try JSONValue.absent.integer() }
    }

    @Test func `accepts no mutated text that another parser refuses`() {
        let seed: UInt64 = 21
        var random = SeededRandom(seed: seed)
        let base = Array(
            #"{"e":"x\u0041\n","n":[-1.5e3,0,12],"o":{"t":true,"f":false,"z":null},"u":"é"}"#.utf8)
        for _ in 0..<40_000 {
            let text = Mutation.mutate(base, &random)
            let accepted = (try? check(text)) != nil
            if accepted && OtherParser.object(text) == nil {
                Issue.record(
                    "seed \(seed): only we accept \(String(decoding: text, as: UTF8.self))")
                return
            }
        }
    }
}
