import Foundation
import Testing

/// How a run ends: in order, by its terminal's going away, or by force.
@Suite("Endings", .serialized, .timeLimit(.minutes(2)))
struct EndingTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func `a signal ends a run in order, and nothing is warned of`(signal: Int32) throws {
        try withEngine { engine, _ in
            engine.send(signal)
            #expect(engine.finish() == 0, "\(engine.errors)")
            #expect(engine.errors.contains("no new orders, the run ends"))
            #expect(!engine.errors.contains("trading halted"))
        }
    }

    @Test func `a second signal says what may still be open and how to go on`() throws {
        try withEngine { engine, exchange in
            _ = try #require(engine.line(containing: "  orders "))
            kill(exchange.processIdentifier, SIGSTOP)
            engine.send(SIGINT)
            let waiting = try #require(engine.line(containing: "stopping for 1 s: "))
            #expect(waiting.contains("still open, waiting for the venue"))
            #expect(waiting.contains("(BTCUSDT "))
            engine.send(SIGINT)
            #expect(engine.finish() == 130)
            #expect(engine.errors.contains("may still be open at the venue"), "\(engine.errors)")
            #expect(
                engine.errors.contains(
                    "next: apus run --config demo.yaml cancels them before it trades"))
        }
    }

    @Test func `orders whose end was not confirmed are named, and what to do`() throws {
        try withEngine(environment: ["APUS_TIMEOUTS_SHUTDOWN": "300ms"]) { engine, exchange in
            kill(exchange.processIdentifier, SIGSTOP)
            engine.send(SIGTERM)
            #expect(engine.finish() == 70)
            #expect(engine.errors.contains("they may still be open:\n  ap-"), "\(engine.errors)")
            #expect(engine.errors.contains("next: apus run --config demo.yaml cancels them"))
        }
    }

    /// As an ordinary user may have it: no io_uring, no locked memory, no real-time priority.
    @Test func `what the limits refuse is replaced, told once and reported`() throws {
        guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
            print("skipped: needs root and setpriv to take privileges away")
            return
        }
        let poor = "ulimit -l 64; exec setpriv --bounding-set=-ipc_lock,-sys_nice,-sys_resource "
            + "--inh-caps=-ipc_lock,-sys_nice,-sys_resource \"$0\" \"$@\""
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try CommandLineProcess(
            folder, ["exchange", "--config", "exchange.yaml"], shell: poor)
        defer { exchange.send(SIGKILL) }
        _ = try #require(exchange.line(containing: "exchange ready"), "\(exchange.errors)")
        #expect(exchange.errors.contains("refuses io_uring"), "\(exchange.errors)")
        let text = try String(contentsOfFile: folder.path("demo.yaml"), encoding: .utf8)
        try text.replacingOccurrences(of: "core: 1 ", with: "core: 999 ")
            .replacingOccurrences(of: "# real_time_priority", with: "real_time_priority")
            .write(toFile: folder.path("demo.yaml"), atomically: true, encoding: .utf8)
        let expected = [
            "memory is not locked: only 64 KiB may be", "the kernel refuses io_uring",
            "real-time priority 10 refused", "core 999 is not there or not ours",
        ]
        let check = try CommandLineProcess(folder, ["check", "--config", "demo.yaml"], shell: poor)
        #expect(check.finish() == 0)
        for words in ["memory is not locked", "the kernel refuses io_uring", "core 999", "priority 10"] {
            #expect(check.output.contains(words), "check does not tell: \(words)")
        }
        let engine = try CommandLineProcess(
            folder,
            ["run", "--config", "demo.yaml", "--duration", "3s", "--report", "out"], shell: poor)
        #expect(engine.finish() == 0, "\(engine.errors)")
        let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("out/report.json")))
        let report = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let notes = try #require((report["machine"] as? [String: Any])?["notes"] as? [String])
        for words in expected {
            #expect(
                engine.errors.components(separatedBy: words).count == 2, "not told once: \(words)")
            #expect(notes.contains { $0.contains(words) }, "not in the report: \(words)")
        }
        #expect(((report["orders"] as? [String: Any])?["sent"] as? Int ?? 0) > 0)
    }

    // MARK: - Parts

    /// An engine that trades; both processes are gone afterwards.
    private func withEngine(
        environment: [String: String] = [:],
        _ body: (CommandLineProcess, Process) throws -> Void
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer {
            kill(exchange.processIdentifier, SIGKILL)
            exchange.waitUntilExit()
        }
        let engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml"], environment: environment)
        defer { engine.send(SIGKILL) }
        // Quotes rest at the venue a second after trading has begun.
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        try body(engine, exchange)
    }
}
