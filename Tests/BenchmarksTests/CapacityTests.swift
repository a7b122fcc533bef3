import Benchmarks
import Foundation
import Testing

/// What the capacity of a lane is measured on.
@Suite("Capacity", .serialized)
struct CapacityTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared/data/ws")

    /// One day's messages are taken, in the proportions that the data's own list gives.
    @Test func `recorded messages are measured as recorded`() throws {
        let file = Self.folder.appendingPathComponent("binance_spot_btcusdt_20240808.jsonl.gz").path
        guard FileManager.default.isReadableFile(atPath: file) else {
            print("skipped: \(file) is not there")
            return
        }
        let report = try run([file])
        #expect(report.rows.map(\.name) == ["bookTicker", "trade", "depth"])
        // Three passes; a few dozen messages come before the snapshot.
        let counts = report.rows.map { $0.figures.count / 3 }
        #expect((28_000...28_040).contains(counts[0]))
        #expect((9_720...9_757).contains(counts[1]))
        #expect((3_440...3_451).contains(counts[2]))
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
