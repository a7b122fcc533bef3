@testable import Control
import Foundation
import Testing

@Suite("JSON-RPC over a real socket", .blockingCalls)
struct ProtocolTests {
    static let malformed: [(String, Int64)] = [
        ("{", -32700), ("nonsense", -32700), (#"{"jsonrpc":"2.0","id":1,"method":"status""#, -32700),
        ("[1,2", -32700), ("\u{FFFD}", -32700), (String(repeating: "[", count: 5000), -32700),
        ("1", -32600), (#""status""#, -32600), ("null", -32600), ("[]", -32600), ("{}", -32600),
        (#"{"jsonrpc":"1.0","id":1,"method":"status"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":5}"#, -32600),
        (#"{"jsonrpc":"2.0","id":{},"method":"status"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"status"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","params":"x"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","parms":{}}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"explode"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"status","params":{"x":1}}"#, -32602),
    ]

    @Test func `what is not a request gets the standard's code and the connection lives on`()
        async throws
    {
        let running = try await RunningServer()
        for (text, code) in Self.malformed {
            let replies = try running.exchange(
                text + "\n" + #"{"jsonrpc":"2.0","id":"after","method":"resume"}"# + "\n")
            #expect(replies.count == 2, "\(text.prefix(60))")
            #expect(replies.first?.errorCode == code, "\(text.prefix(60))")
            #expect(replies.last?["id"] == .string("after"))
        }
        await running.stop()
    }

    @Test func `an id is echoed, whatever its type`() async throws {
        let running = try await RunningServer()
        for id in ["1", "-7", #""abc""#, "null", #""\u0000\"x""#] {
            let replies = try running.exchange(
                #"{"jsonrpc":"2.0","id":\#(id),"method":"resume"}"# + "\n")
            let sent = try JSONDecoder().decode(JSONValue.self, from: Data(id.utf8))
            #expect(replies.first?["id"] == sent)
            #expect(replies.first?["jsonrpc"] == .string("2.0"))
        }
        await running.stop()
    }

    @Test func `a number is the same when it is said again, however it was written`() throws {
        // Found by fuzzing: 1e16 was a fraction, and what was said of it an integer.
        for text in [
            "1e16", "1E+17", "1.888888888888889e17", "-1e18", "9.3e18", "1e19", "1e300", "-1e19", "2.5",
            "1e3", "0.1", "9223372036854775807", "9223372036854775808", "-0", "1.0",
        ] {
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            let again = try JSONDecoder().decode(JSONValue.self, from: Data(value.text.utf8))
            #expect(again == value, "\(text): \(value) is said as \(value.text)")
        }
    }

    @Test func `notifications are obeyed and not answered`() async throws {
        let running = try await RunningServer()
        let replies = try running.exchange(
            #"{"jsonrpc":"2.0","method":"resume"}"# + "\n"
                + #"{"jsonrpc":"2.0","method":"explode"}"# + "\n")
        #expect(replies.isEmpty)
        #expect(running.target.recorded == ["resume"])
        await running.stop()
    }

    @Test func `a batch is answered in one line, without its notifications`() async throws {
        let running = try await RunningServer()
        let replies = try running.exchange(
            #"[{"jsonrpc":"2.0","id":1,"method":"resume"},{"jsonrpc":"2.0","method":"positions"},"#
                + #"7,{"jsonrpc":"2.0","id":2,"method":"explode"}]"# + "\n"
                + #"[{"jsonrpc":"2.0","method":"resume"}]"# + "\n")
        #expect(replies.count == 1)
        guard case .array(let answers)? = replies.first else {
            Issue.record("not an array")
            return
        }
        #expect(answers.map { $0["id"] } == [.integer(1), .null, .integer(2)])
        #expect(answers.map(\.errorCode) == [nil, -32600, -32601])
        #expect(running.target.recorded == ["resume", "positions", "resume"])
        await running.stop()
    }

    @Test func `a batch is bounded`() async throws {
        let running = try await RunningServer()
        let one = #"{"jsonrpc":"2.0","method":"resume"}"#
        let most = Array(repeating: one, count: 101).joined(separator: ",")
        #expect(try running.exchange("[\(most)]\n").map(\.errorCode) == [-32600])
        #expect(running.target.recorded.isEmpty)
        await running.stop()
    }

    @Test func `requests split at every byte are put together again`() async throws {
        let running = try await RunningServer()
        var client = try running.client()
        let line = Array((#"{"jsonrpc":"2.0","id":1,"method":"resume"}"# + "\r\n\n").utf8)
        for byte in line { try client.send([byte]) }
        let reply = try client.receive(until: monotonicMilliseconds() + 10_000)
        #expect(reply["result"]?["state"] == .string("trading"))
        await running.stop()
    }

    @Test func `half a line at the end is not a request`() async throws {
        let running = try await RunningServer()
        #expect(try running.exchange(#"{"jsonrpc":"2.0","id":1,"method":"resume"}"#).isEmpty)
        #expect(running.target.recorded.isEmpty)
        await running.stop()
    }

    @Test func `many requests in one write are answered in order`() async throws {
        let running = try await RunningServer()
        let lines = (1...500).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"resume"}"# + "\n" }
        let replies = try running.exchange(lines.joined())
        #expect(replies.map { $0["id"] } == (1...500).map { .integer($0) })
        await running.stop()
    }

    @Test func `a line beyond the limit ends the connection with an error`() async throws {
        var limits = ControlLimits()
        limits.requestBytes = 1000
        let running = try await RunningServer(limits: limits)
        for ending in ["\n", ""] {
            let replies = try running.exchange(String(repeating: "x", count: 3000) + ending)
            #expect(replies.map(\.errorCode) == [-32600])
        }
        let longest = #"{"jsonrpc":"2.0","id":1,"method":"resume"}"#
        let padded = longest + String(repeating: " ", count: 1000 - longest.utf8.count)
        #expect(try running.exchange(padded + "\n").first?["result"] != nil)
        await running.stop()
    }

    @Test func `lines are cut at their limit exactly`() {
        var buffer = LineBuffer(limit: 4)
        buffer.append(Array("abcd\nab".utf8))
        #expect(buffer.next() == .line(Array("abcd".utf8)))
        #expect(buffer.next() == .none)
        buffer.append(Array("cde".utf8))
        #expect(buffer.next() == .tooLong)
    }
}
