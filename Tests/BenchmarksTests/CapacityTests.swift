import Benchmarks
import Foundation
import Testing

/// What the capacity of a lane is measured on.
@Suite("Capacity", .serialized)
struct CapacityTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/ws")

    /// Both days' messages are taken, in the proportions that the data's own list gives.
    @Test func `recorded messages are measured as recorded`() throws {
        let files = ["20240808", "20240809"].map {
            Self.folder.appendingPathComponent("binance_spot_btcusdt_\($0).jsonl.gz").path
        }
        guard files.allSatisfy(FileManager.default.isReadableFile) else {
            print("skipped: no recorded captures in \(Self.folder.path)")
            return
        }
        let report = try run(files)
        #expect(report.rows.map(\.name) == ["bookTicker", "trade", "depth"])
        let counts = report.rows.map { $0.figures.count / 3 }
        // Behind the snapshot, less the first message, whose beginning no stamp marks.
        #expect(counts.reduce(0, +) == 99_565)
        #expect(counts[0] + 10 > 73_174 && counts[0] <= 73_174)
        #expect(counts[1] + 10 > 19_904 && counts[1] <= 19_904)
        #expect(counts[2] + 10 > 6_495 && counts[2] <= 6_495)
        #expect(report.rates.count == 4 && report.rates.allSatisfy { $0.perSecond > 0 })
    }

    /// A day alone, without the snapshot of the day before, has no book.
    @Test func `a capture without a snapshot is refused`() throws {
        try withCapture([Self.top, Self.top]) { file in
            #expect(throws: BenchmarkFailure.self) { try run([file]) }
        }
    }

    /// The same messages pass while none is missing.
    @Test func `a capture with a hole in its diffs is refused`() throws {
        let whole = [Self.snapshot, Self.diff(11), Self.top, Self.diff(12), Self.diff(13)]
        try withCapture(whole) { file in
            let report = try run([file])
            #expect(report.rows.map(\.name) == ["bookTicker", "depth"])
        }
        var broken = whole
        broken.remove(at: 3)
        try withCapture(broken) { file in
            #expect(throws: BenchmarkFailure.self) { try run([file]) }
        }
    }

    @Test func `messages of another instrument are refused`() throws {
        let other = Self.top.replacingOccurrences(of: "BTCUSDT", with: "ETHUSDT")
        try withCapture([Self.snapshot, other]) { file in
            #expect(throws: BenchmarkFailure.self) { try run([file]) }
        }
    }

    private static let snapshot =
        #"{"lastUpdateId":10,"bids":[["61837.63000000","1.00000000"]],"#
        + #""asks":[["61837.64000000","1.00000000"]]}"#
    private static let top =
        #"{"stream":"btcusdt@bookTicker","data":{"u":11,"s":"BTCUSDT","b":"61837.63000000","#
        + #""B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}"#

    private static func diff(_ update: Int) -> String {
        #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255208,"#
            + #""s":"BTCUSDT","U":\#(update),"u":\#(update),"b":[["61837.63000000","2.00000000"]],"#
            + #""a":[]}}"#
    }

    private func withCapture(_ messages: [String], _ body: (String) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-capture-\(UUID().uuidString.prefix(8)).jsonl").path
        let lines = messages.enumerated().map { "\(1_723_161_253_937_085_768 + $0) \($1)\n" }
        try lines.joined().write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try body(file)
    }

    private func run(_ captures: [String]) throws -> BenchmarkReport {
        var options = BenchmarkOptions(
            extent: .samples(20), directory: FileManager.default.temporaryDirectory.path)
        options.captures = captures
        return try BenchmarkSubject.capacity.run(options)
    }
}
