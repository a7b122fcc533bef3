import Foundation
import Testing

/// A killed engine is followed by one that reads its journal, however long that is.
///
/// `scripts/recovery-test RECORDS` asks for a longer one and prints the times.
@Suite("Recovery", .serialized, .timeLimit(.minutes(5)))
struct RecoveryTests {
    private static func number(_ name: String, default standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }

    /// Segments as configured, and one segment for everything.
    @Test(arguments: [32 << 20, 4 << 30 - 4096])
    func `a long journal is recovered from its last snapshot`(segmentBytes: Int) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try folder.edit("demo.yaml") {
            $0.replacingOccurrences(of: "account: fresh ", with: "account: take_over ")
        }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let arguments = ["run", "--config", folder.path("demo.yaml"), "--plain"]
        let first = try CommandLineProcess(folder, arguments)
        // A snapshot follows within milliseconds; some seconds of trading follow that.
        for _ in 0..<4 { _ = try #require(first.line(containing: "  trading  "), "\(first.errors)") }
        first.send(SIGKILL)
        _ = first.finish()

        let (_, short) = try start(folder, arguments)
        var growth = JournalGrowth(
            records: Self.number("RECOVERY_TEST_RECORDS", default: 400_000))
        growth.segmentBytes = segmentBytes
        let runs = folder.path(".apus/journal")
        let newest = try #require(try names(runs).last)
        let number = try #require(Int(newest.dropFirst(4)))
        try growth.grow(runs + "/" + newest, to: runs + "/run-\(number + 1)")
        let (recovered, long) = try start(folder, arguments)
        #expect(recovered.run.hasSuffix("run-\(number + 1)"))
        // What lies before the last snapshot is not read.
        #expect(recovered.records > 1)
        #expect(recovered.records < growth.behindSnapshot + 50_000)
        if let most = ProcessInfo.processInfo.environment["RECOVERY_TEST_SECONDS"].flatMap(Double.init) {
            #expect(long.time <= .seconds(most))
        }
        print(
            "\(growth.appended) records in segments of \(segmentBytes >> 20) MiB: "
                + "\(recovered.records) read, trading \(long.time) after the process's start, "
                + "\(long.memory >> 20) MiB resident at most; without them \(short.time), "
                + "\(short.memory >> 20) MiB")
    }

    // MARK: - Parts

    private struct Figures {
        var time: Duration
        var memory: Int
    }

    /// An engine that follows a run, up to its first line of trading, then ended in order.
    private func start(
        _ folder: WorkFolder, _ arguments: [String]
    ) throws -> (recovered: (run: String, records: Int), Figures) {
        let started = ContinuousClock.now
        let engine = try CommandLineProcess(folder, arguments)
        defer { engine.send(SIGKILL) }
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        let figures = Figures(
            time: ContinuousClock.now - started, memory: engine.peakMemory)
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "\(engine.errors)")
        #expect(!engine.errors.contains("balance differs"), "\(engine.errors)")
        let line = try #require(
            engine.errors.split(separator: "\n").first { $0.contains("account taken over") },
            "\(engine.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let metadata = try #require(object?["metadata"] as? [String: Any])
        let records = (metadata["records"] as? String).flatMap { Int($0) }
        return ((metadata["run"] as? String ?? "", try #require(records)), figures)
    }

    private func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
            .filter { $0.hasPrefix("run-") }.sorted()
    }
}
