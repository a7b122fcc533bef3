import Foundation
import Testing

/// A standard output that fails must not take a trading engine with it: its orders are cancelled,
/// its report is written, its exit status is that of the run.
@Suite("Failing output", .serialized, .timeLimit(.minutes(2)))
struct FailingOutputTests {
    @Test func `a reader that goes away does not end the run`() throws {
        try trade { folder in
            let engine = try CommandLineProcess(folder, Self.run)
            _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
            engine.stopReading()
            return engine
        }
    }

    @Test func `a full disk behind standard output does not end the run`() throws {
        try trade { try CommandLineProcess($0, Self.run, shell: "exec \"$0\" \"$@\" >/dev/full") }
    }

    /// Without its streams the engine's first files would get their numbers, and the lines.
    @Test func `closed standard streams do not end the run`() throws {
        try trade {
            try CommandLineProcess($0, Self.run, shell: "exec \"$0\" \"$@\" <&- >&- 2>&-")
        }
    }

    @Test func `the exchange outlives its reader`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try CommandLineProcess(
            folder, ["exchange", "--config", "exchange.yaml", "--verbose", "--duration", "6s"])
        _ = try #require(exchange.line(containing: "exchange ready"), "\(exchange.errors)")
        exchange.stopReading()
        #expect(exchange.status() == 0)
        #expect(exchange.errors.contains("standard output cannot be written (Broken pipe)"))
    }

    @Test func `a command that only prints says that it cannot`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let check = try CommandLineProcess(
            folder, ["check", "--reference"], shell: "exec \"$0\" \"$@\" >/dev/full")
        #expect(check.finish() == 74)
        #expect(
            check.errors
                == "apus: standard output cannot be written: No space left on device\n")
    }

    // MARK: - Parts

    private static let run = [
        "run", "--config", "demo.yaml", "--duration", "3s", "--report", "out",
    ]

    /// Runs an engine to the end of its duration and looks at what it leaves.
    private func trade(_ start: (WorkFolder) throws -> CommandLineProcess) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let engine = try start(folder)
        #expect(engine.status() == 0, "\(engine.errors)")
        if !engine.errors.isEmpty {
            #expect(
                engine.errors.components(separatedBy: "standard output cannot be written").count == 2)
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/report.json")))
        let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let orders = try #require(report["orders"] as? [String: Any])
        #expect((orders["sent"] as? Int ?? 0) > 0)
        let instruments = try #require(report["instruments"] as? [[String: Any]])
        #expect(instruments.map { $0["open_orders"] as? Int } == [0, 0])
        let verify = try folder.apus("journal", "verify", ".apus/journal")
        #expect(verify.output.contains("runEnded: 1"), "\(verify.output)\(verify.errors)")
    }
}
