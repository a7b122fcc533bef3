import MarketModel
import Testing

@testable import Emulator

/// What connections hear before their server shuts down (sheet sections 3.1 and 3.2).
@Suite("Server shutdown")
struct ShutdownTests {
    private let harness: DialectHarness
    private let raw: SessionID
    private let combined: SessionID
    private let api: SessionID
    private let binaryAPI: SessionID
    private let binaryStream: SessionID

    init() throws {
        harness = try DialectHarness()
        raw = harness.connect("/ws/btcusdt@trade")
        combined = harness.connect("/stream?streams=btcusdt@trade")
        api = harness.connect("/ws-api/v3")
        binaryAPI = harness.connect("/ws-api/v3?" + EncodingPair.options)
        binaryStream = harness.connect("/stream?streams=btcusdt@trade", isBinary: true, key: "carol")
    }

    private var all: [SessionID] { [raw, combined, api, binaryAPI, binaryStream] }

    private func retire(after milliseconds: Int64) {
        harness.dialect.perform(
            .retireConnections(noticeMilliseconds: milliseconds), now: harness.now)
    }

    @Test func `every connection is told in its own form`() throws {
        let time = harness.now.milliseconds
        retire(after: 600_000)
        let event = #"{"e":"serverShutdown","E":\#(time)}"#
        #expect(harness.take(raw) == [event])
        #expect(harness.take(combined) == [#"{"stream":"!serverShutdown","data":\#(event)}"#])
        #expect(harness.take(api) == [#"{"event":\#(event)}"#])
        // The binary market streams say it in text, in their own unit of time.
        let micro = #"{"e":"serverShutdown","E":\#(time)000}"#
        #expect(
            harness.take(binaryStream) == [#"{"stream":"!serverShutdown","data":\#(micro)}"#])
        #expect(harness.takeBinary(binaryStream).isEmpty)
        // Template 610 with its eight bytes, bare.
        let message = try #require(harness.takeBinary(binaryAPI).first)
        #expect(Array(message[..<8]) == [8, 0, 98, 2, 3, 0, 5, 0])
        let told = message[8...].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        #expect(told == time * 1_000)
        #expect(harness.take(binaryAPI).isEmpty)
    }

    @Test func `a connection is served until its notice ends, one opened since is not ended`() {
        retire(after: 500)
        let new = harness.connect("/ws-api/v3")
        harness.advance(milliseconds: 490)
        #expect(harness.closed.isEmpty)
        _ = harness.take(api)
        harness.send(#"{"id":1,"method":"ping"}"#, on: api)
        #expect(harness.take(api).first?.contains(#""status":200"#) == true)
        harness.advance(milliseconds: 10)
        #expect(harness.closed == Dictionary(uniqueKeysWithValues: all.map { ($0, 1001) }))
        harness.advance(milliseconds: 5_000)
        #expect(harness.closed[new] == nil)
        #expect(harness.take(new).isEmpty, "not told of what does not concern it")
    }

    @Test func `the end of a notice is a deadline, and who has left is not ended`() {
        harness.advance(milliseconds: 10)
        retire(after: 7)
        #expect(harness.dialect.nextDeadline <= harness.now + .milliseconds(7))
        for session in all { harness.dialect.close(session) }
        harness.advance(milliseconds: 1_000)
        #expect(harness.closed.isEmpty)
        #expect(harness.dialect.retirements.isEmpty)
    }

    @Test func `the shorter of two notices counts`() {
        retire(after: 2_000)
        retire(after: 100)
        harness.advance(milliseconds: 110)
        #expect(Set(harness.closed.keys) == Set(all))
    }

    @Test func `without notice the end comes at once`() {
        retire(after: 0)
        #expect(harness.take(api).count == 1)
        #expect(Set(harness.closed.keys) == Set(all))
    }
}
