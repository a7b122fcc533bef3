import Foundation
import MarketModel
import Testing

@testable import Engine

@Suite("Journals of earlier runs")
struct JournalRunsTests {
    private func directory(_ runs: [(start: Int64, bytes: Int)]) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-runs-\(UUID().uuidString.prefix(8))").path
        for run in runs {
            let own = "\(path)/run-\(run.start)"
            try FileManager.default.createDirectory(
                atPath: own, withIntermediateDirectories: true)
            try Data(count: run.bytes).write(to: URL(fileURLWithPath: own + "/segment"))
        }
        return path
    }

    private func left(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func `the oldest go first when all together are too large`() throws {
        let path = try directory([(100, 400), (200, 400), (300, 400)])
        defer { try? FileManager.default.removeItem(atPath: path) }
        JournalRuns.retain(
            in: path, bytes: 900, age: .zero, now: Timestamp(nanoseconds: 400_000_000_000))
        #expect(try left(path) == ["run-200", "run-300"])
    }

    @Test func `old ones go, the newest stays whatever its age, other files are left alone`() throws {
        let path = try directory([(100, 1), (200, 1)])
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data().write(to: URL(fileURLWithPath: path + "/notes"))
        JournalRuns.retain(
            in: path, bytes: 0, age: .seconds(10), now: Timestamp(nanoseconds: 900_000_000_000))
        #expect(try left(path) == ["notes", "run-200"])
    }
}
