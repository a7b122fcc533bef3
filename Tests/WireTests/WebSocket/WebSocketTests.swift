import Testing
import Wire

@Suite("WebSocket frames")
struct WebSocketTests {
    typealias Seen = WebSocketSession.Seen

    /// RFC 6455 section 5.7.
    static let examples: [(bytes: [UInt8], isMasked: Bool, seen: [Seen])] = [
        ([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], false, [.text("Hello")]),
        (
            [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], true,
            [.text("Hello")]
        ),
        ([0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F], false, [.text("Hello")]),
        ([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], false, [.ping(Array("Hello".utf8))]),
        (
            [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], true,
            [.pong(Array("Hello".utf8))]
        ),
        (
            [0x82, 0x7E, 0x01, 0x00] + [UInt8](repeating: 7, count: 256), false,
            [.binary([UInt8](repeating: 7, count: 256))]
        ),
        (
            [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 9, count: 65_536), false,
            [.binary([UInt8](repeating: 9, count: 65_536))]
        ),
    ]

    @Test(arguments: Self.examples.indices)
    func `the examples of the standard, whole and byte by byte`(index: Int) {
        let example = Self.examples[index]
        #expect(WebSocketSession.read(example.bytes, expectsMask: example.isMasked) == example.seen)
        let slowly = WebSocketSession.read(
            example.bytes, expectsMask: example.isMasked, step: { 1 })
        #expect(slowly == example.seen)
    }

    @Test func `the handshake key of the standard`() {
        #expect(
            WebSocketKey.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(WebSocketKey.isValid("dGhlIHNhbXBsZSBub25jZQ=="))
        for key in [
            "", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZTE2", "!!!!IHNhbXBsZSBub25jZQ==",
        ] {
            #expect(!WebSocketKey.isValid(key), "\(key)")
        }
        var random = SeededRandom(seed: 1)
        #expect(WebSocketKey.isValid(WebSocketKey.make(&random)))
    }

    /// Shaped after the Autobahn cases: bytes, then what must be seen.
    static let cases: [(name: String, bytes: [UInt8], seen: [Seen])] = [
        ("empty text", frame(0x81, []), [.text("")]),
        (
            "125 bytes", frame(0x82, [UInt8](repeating: 1, count: 125)),
            [.binary([UInt8](repeating: 1, count: 125))]
        ),
        (
            "126 bytes", frame(0x82, [UInt8](repeating: 1, count: 126)),
            [.binary([UInt8](repeating: 1, count: 126))]
        ),
        (
            "ping of 125", frame(0x89, [UInt8](repeating: 1, count: 125)),
            [.ping([UInt8](repeating: 1, count: 125))]
        ),
        (
            "ping of 126", frame(0x89, [UInt8](repeating: 1, count: 126)),
            [.violation(.oversizedControl)]
        ),
        ("fragmented ping", frame(0x09, [1]), [.violation(.fragmentedControl)]),
        ("RSV1", frame(0xC1, [0x61]), [.violation(.reservedBits)]),
        ("RSV2 on a ping", frame(0xA9, []), [.violation(.reservedBits)]),
        ("RSV3", frame(0x92, []), [.violation(.reservedBits)]),
        ("opcode 3", frame(0x83, []), [.violation(.reservedOpcode)]),
        ("opcode 7", frame(0x87, []), [.violation(.reservedOpcode)]),
        ("opcode 11", frame(0x8B, []), [.violation(.reservedOpcode)]),
        ("opcode 15", frame(0x8F, []), [.violation(.reservedOpcode)]),
        ("continuation first", frame(0x80, [1]), [.violation(.unexpectedContinuation)]),
        (
            "text inside text", frame(0x01, [0x61]) + frame(0x81, [0x62]),
            [.violation(.interleavedMessage)]
        ),
        (
            "ping between pieces", frame(0x01, [0x61]) + frame(0x89, [5]) + frame(0x80, [0x62]),
            [.ping([5]), .text("ab")]
        ),
        (
            "close between pieces", frame(0x01, [0x61]) + frame(0x88, [0x03, 0xE8]),
            [.close(1000)]
        ),
        (
            "empty pieces", frame(0x01, []) + frame(0x00, []) + frame(0x80, [0x7A]),
            [.text("z")]
        ),
        (
            "a mask from a server", frame(0x81, [0x61], mask: [1, 2, 3, 4]),
            [.violation(.unexpectedMask)]
        ),
        ("126 for a short length", [0x82, 126, 0, 125], [.violation(.wastefulLength)]),
        (
            "127 for a middle length", [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
            [.violation(.wastefulLength)]
        ),
        (
            "a negative length", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0],
            [.violation(.oversizedMessage)]
        ),
        (
            "a huge length", [0x82, 127, 0x7F, 255, 255, 255, 255, 255, 255, 255],
            [.violation(.oversizedMessage)]
        ),
        ("invalid text", frame(0x81, [0xCE, 0xBA, 0xED, 0xA0, 0x80]), [.violation(.invalidText)]),
        ("text that ends inside a character", frame(0x81, [0xCE]), [.violation(.invalidText)]),
        ("a character across pieces", frame(0x01, [0xCE]) + frame(0x80, [0xBA]), [.text("κ")]),
        ("invalid text in an unfinished piece", frame(0x01, [0xFF]), [.violation(.invalidText)]),
        ("invalid bytes in binary", frame(0x82, [0xFF]), [.binary([0xFF])]),
        ("close without a code", frame(0x88, []), [.close(1005)]),
        ("close of one byte", frame(0x88, [3]), [.violation(.invalidClose)]),
        ("close with a reason", frame(0x88, [0x03, 0xE9] + Array("bye".utf8)), [.close(1001)]),
        (
            "close with an invalid reason", frame(0x88, [0x03, 0xE8, 0xFF]),
            [.violation(.invalidText)]
        ),
    ]

    @Test(arguments: Self.cases.indices)
    func `what the standard asks of a frame, whole and byte by byte`(index: Int) {
        let (name, bytes, seen) = Self.cases[index]
        #expect(WebSocketSession.read(bytes) == seen, "\(name)")
        #expect(WebSocketSession.read(bytes, step: { 1 }) == seen, "\(name), byte by byte")
    }

    @Test func `close codes that may travel`() {
        let valid: Set<UInt16> = Set([1000, 1001, 1002, 1003])
            .union(1007...1014).union(3000...4999)
        for code in UInt16.min...UInt16.max {
            #expect(WebSocketCloseCode.isSendable(code) == valid.contains(code))
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] {
            let bytes = frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)])
            #expect(WebSocketSession.read(bytes) == [.violation(.invalidClose)], "\(code)")
        }
    }

    @Test func `a client's frames must be masked`() {
        #expect(
            WebSocketSession.read(frame(0x81, [0x61]), expectsMask: true)
                == [.violation(.missingMask)])
    }

    @Test func `sizes are limited over all pieces of a message`() {
        let piece = [UInt8](repeating: 0x61, count: 100)
        #expect(
            WebSocketSession.read(frame(0x82, piece), maximumMessage: 125).count == 1)
        #expect(
            WebSocketSession.read(frame(0x02, piece) + frame(0x80, piece), maximumMessage: 125)
                == [.violation(.oversizedMessage)])
        #expect(
            WebSocketSession.read(
                frame(0x82, [UInt8](repeating: 0, count: 126)), maximumMessage: 125)
                == [.violation(.oversizedMessage)])
    }

    @Test func `pings inside a long message do not fill the buffer`() {
        // 20,000 pings of 120 bytes pass through a buffer of 4 KiB while a message is open.
        var session = WebSocketSession(maximumMessage: 1024, capacity: 4096)
        session.feed(frame(0x01, Array("start ".utf8)))
        let ping = frame(0x89, [UInt8](repeating: 3, count: 120))
        for _ in 0..<20_000 { session.feed(ping) }
        session.feed(frame(0x80, Array("end".utf8)))
        let seen = session.seen
        #expect(seen.count == 20_001)
        #expect(seen.last == .text("start end"))
    }

    @Test(arguments: 0...40 as ClosedRange<Int>)
    func `masking agrees with the byte loop at every length and place`(offset: Int) {
        for count in 0...100 {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ offset) }
            let before = frame(0x82, [UInt8](repeating: 0, count: offset), mask: [1, 2, 3, 4])
            let masked = frame(0x82, payload, mask: [0xA1, 0x07, 0xF3, 0x42])
            let after = frame(0x8A, [9], mask: [5, 6, 7, 8])
            let seen = WebSocketSession.read(before + masked + after, expectsMask: true)
            #expect(seen.suffix(2) == [.binary(payload), .pong([9])], "\(count)")
        }
    }

    @Test(arguments: [0, 1, 125, 126, 127, 65_535, 65_536])
    func `what the writer writes the reader reads`(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for seed in [nil, 11] as [UInt64?] {
            var writer = WebSocketWriter(maskSeed: seed)
            var buffer = ByteBuffer(capacity: 70_000)
            let isWritten = (payload + [0]).withUnsafeBytes {
                writer.append(
                    .binary, $0.baseAddress ?? UnsafeRawPointer(buffer.readable), count, to: &buffer
                )
            }
            #expect(isWritten)
            let bytes = Array(UnsafeRawBufferPointer(start: buffer.readable, count: buffer.count))
            #expect(WebSocketSession.read(bytes, expectsMask: seed != nil) == [.binary(payload)])
            if seed == nil { #expect(bytes == frame(0x82, payload)) }
        }
    }

    @Test func `a frame that does not fit is not begun`() {
        var writer = WebSocketWriter(maskSeed: 1)
        var buffer = ByteBuffer(capacity: 100)
        let payload = [UInt8](repeating: 1, count: 87)
        let isWritten = payload.withUnsafeBytes {
            writer.append(.text, $0.baseAddress!, 87, to: &buffer)
        }
        #expect(!isWritten)
        let count = buffer.count
        #expect(count == 0)
    }
}
