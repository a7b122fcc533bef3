import Foundation
import Logging
import Testing

@testable import Telemetry

@Suite("Structured log")
struct StructuredLogTests {
    struct Failure: Error, CustomStringConvertible {
        var description: String { "it \"broke\"" }
    }

    /// A logger into a file, and what the file holds.
    private func logged(
        limit: Int = 0, times: [Int64] = [1_790_000_000_123_456_789],
        _ body: (inout Logger) -> Void
    ) throws -> [[String: Any]] {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString).log").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sink = try LogSink(path: path, limit: limit)
        let clock = Ticker(times)
        var logger = Logger(label: "apus.test") { label in
            StructuredLog(label: label, level: .debug, sink: sink, now: { clock.next() })
        }
        body(&logger)
        #expect(sink.lostLines == 0)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: Any])
        }
    }

    @Test func `a line holds time, level, label, message, metadata and source`() throws {
        let lines = try logged { logger in
            logger[metadataKey: "lane"] = "0"
            logger.warning("book resynced", metadata: ["symbol": "BTCUSDT", "gap": "\(3)"])
            logger.trace("not written")
        }
        #expect(lines.count == 1)
        #expect(lines[0]["ts"] as? String == "2026-09-21T14:13:20.123456789Z")
        #expect(lines[0]["level"] as? String == "warning")
        #expect(lines[0]["label"] as? String == "apus.test")
        #expect(lines[0]["message"] as? String == "book resynced")
        let metadata = lines[0]["metadata"] as? [String: String]
        #expect(metadata == ["lane": "0", "symbol": "BTCUSDT", "gap": "3"])
        let source = try #require(lines[0]["source"] as? String)
        #expect(source.hasPrefix("StructuredLogTests.swift:"))
    }

    @Test func `every character survives, on one line`() throws {
        let nasty = "a\"b\\c\nd\re\tf\u{0}g\u{1F}h\u{7F}i\u{2028}j\u{2029}kłąäöü漢字🐦"
        let lines = try logged { logger in
            logger.info("\(nasty)", metadata: ["\(nasty)": .array(["\(nasty)", ["k": "v"]])])
        }
        #expect(lines.count == 1)
        #expect(lines[0]["message"] as? String == nasty)
        let metadata = try #require(lines[0]["metadata"] as? [String: Any])
        #expect((metadata[nasty] as? [Any])?.first as? String == nasty)
    }

    @Test(arguments: [
        "api_key", "APIKey", "apiSecret", "password", "listen-token", "X-Signature",
        "private_key", "private-key", "Authorization",
    ])
    func `secrets are redacted by their key, also inside`(_ key: String) throws {
        // LOG-06
        let lines = try logged { logger in
            logger.info("x", metadata: ["\(key)": "hunter2", "request": [key: "hunter2", "id": "5"]])
        }
        #expect(!"\(lines)".contains("hunter2"))
        let request = (lines[0]["metadata"] as? [String: Any])?["request"] as? [String: String]
        #expect(request == [key: "<redacted>", "id": "5"])
    }

    @Test func `repeated messages are counted instead of written`() throws {
        let second: Int64 = 1_000_000_000
        let times = (0..<50).map { Int64($0) * 1000 } + [11 * second, 12 * second]
        let lines = try logged(limit: 3, times: times) { logger in
            for _ in 0..<50 { logger.info("again") }
            logger.info("again")
            logger.info("something else")
        }
        #expect(lines.count == 5)
        #expect(lines[3]["suppressed"] as? Int == 47)
        #expect(lines[4]["suppressed"] == nil)
    }

    @Test func `an error is written as text`() throws {
        let lines = try logged { logger in
            let handler = logger
            handler.error("failed", metadata: ["reason": "\(Failure())"])
        }
        let metadata = lines[0]["metadata"] as? [String: String]
        #expect(metadata?["reason"] == "it \"broke\"")
    }

    @Test func `many threads never mix their lines`() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString).log").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sink = try LogSink(path: path, limit: 0)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let logger = Logger(label: "t\(number)") { StructuredLog(label: $0, sink: sink) }
                    for index in 0..<200 {
                        logger.info("\(String(repeating: "x", count: index))")
                    }
                }
            }
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1600)
        for line in lines {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    @Test func `a reader that does not read costs lines, not time`() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString).fifo").path
        try #require(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let sink = try LogSink(path: path, limit: 0)
        let logger = Logger(label: "t") { StructuredLog(label: $0, sink: sink) }
        let started = ContinuousClock.now
        // More than a pipe holds.
        for _ in 0..<2000 { logger.info("\(String(repeating: "x", count: 1000))") }
        #expect(sink.lostLines > 0)
        #expect(ContinuousClock.now - started < .seconds(10))
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(reader, &bytes, bytes.count)
        for line in String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n") {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
        let lost = sink.lostLines
        logger.info("read again")
        #expect(sink.lostLines == lost)
    }

    @Test func `a log that cannot be opened says why`() {
        #expect(throws: LogSink.Failure.self) { try LogSink(path: "/nowhere/apus.log") }
    }

    @Test func `a flood that goes on is told ever more rarely, and its end resets that`() {
        var limiter = RepeatLimiter(limit: 3, windowNanoseconds: 10)
        var written: [Int64: Int] = [:]
        for time in Int64(0)..<1000 {
            if case .write(let suppressed) = limiter.judge("flood", at: time) {
                written[time] = suppressed
            }
        }
        // The first three, then one a window of 20, 40, ... and at last 300.
        #expect(written.keys.sorted() == [0, 1, 2, 10, 30, 70, 150, 310, 610, 910])
        #expect(written[10] == 7)
        #expect(written[30] == 19)
        #expect(written[910] == 299)
        #expect(limiter.judge("flood", at: 2000) == .write(suppressed: 89))
        #expect(limiter.judge("flood", at: 9000) == .write(suppressed: 0))
        #expect(limiter.judge("flood", at: 9001) == .write(suppressed: 0))
    }

    @Test func `lines for debugging are never left out`() throws {
        let lines = try logged(limit: 1) { logger in
            var logger = logger
            logger.logLevel = .debug
            for _ in 0..<5 { logger.debug("each") }
        }
        #expect(lines.count == 5)
    }

    @Test func `the limiter's memory is bounded`() {
        var limiter = RepeatLimiter(limit: 1, windowNanoseconds: 1000)
        for number in 0..<10_000 {
            #expect(limiter.judge("kind \(number)", at: 0) == .write(suppressed: 0))
        }
        #expect(limiter.judge("kind 9999", at: 1) == .suppress)
    }
}

/// Hands out the given times, the last one for ever.
private final class Ticker: Sendable {
    private let times: [Int64]
    private let position = Counter()

    init(_ times: [Int64]) { self.times = times }

    func next() -> Int64 { times[min(position.next(), times.count - 1)] }
}
