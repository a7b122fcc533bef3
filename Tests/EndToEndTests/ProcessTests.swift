import Foundation
import Testing

/// The exchange and the engine as two processes, as `scripts/run` starts them.
@Suite("Processes", .serialized)
struct ProcessTests {
    @Test func `the engine trades against the exchange and writes its report`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let run = try folder.apus(
            "run", "--config", folder.path("demo.yaml"), "--duration", "4s", "--report",
            folder.path("out"))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("orders "))
        for name in ["report.txt", "report.json", "report.html"] {
            #expect(FileManager.default.fileExists(atPath: folder.path("out/" + name)))
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/report.json")))
        let report = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        for key in [
            "run", "versions", "machine", "orders", "fills", "rejects", "pnl", "latency",
            "reconnects", "resyncs", "rings", "journal",
        ] {
            #expect(report[key] != nil, "report.json lacks \(key)")
        }
        let orders = try #require(report["orders"] as? [String: Any])
        #expect((orders["sent"] as? Int ?? 0) > 0)
        let runs = try FileManager.default.contentsOfDirectory(
            atPath: folder.path(".apus/journal")).filter { $0.hasPrefix("run-") }
        let replay = try folder.apus(
            "journal", "replay", folder.path(".apus/journal/" + (runs.first ?? "")))
        #expect(replay.status == 0, "\(replay.errors)")
        #expect(replay.output.contains("the replay gave the same orders"))
    }

    @Test func `a wrong configuration names file, line and key and exits with 78`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let file = folder.path("wrong.yaml")
        let good = try String(contentsOfFile: folder.path("demo.yaml"), encoding: .utf8)
        try good.replacingOccurrences(of: "refresh: ", with: "refrehs: ")
            .write(toFile: file, atomically: true, encoding: .utf8)
        let run = try folder.apus("run", "--config", file)
        #expect(run.status == 78)
        #expect(run.errors.contains("wrong.yaml:"))
        #expect(run.errors.contains("refrehs"))
    }

    @Test func `without an exchange the engine says what it cannot reach`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let first = try folder.exchange()
        first.interrupt()
        first.waitUntilExit()
        let run = try folder.apus("run", "--config", folder.path("demo.yaml"))
        #expect(run.status == 69)
        #expect(run.errors.contains("cannot reach"))
    }
}
