import Foundation
import Testing

/// `apus exchange` as a process, and the commands that talk to an engine trading on it.
@Suite("Command line: exchange and engine", .serialized, .timeLimit(.minutes(2)))
struct CommandLineExchangeTests {
    @Test func `the exchange says where it is as long as it is there`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try CommandLineProcess(folder, arguments(["--ready-file", "run/ready"]))
        let ready = try #require(exchange.line(containing: "exchange ready"))
        #expect(ready.contains("CA .apus/ca.pem, BTCUSDT ETHUSDT, agents with seed 1"))
        let address = try String(contentsOfFile: folder.path("run/ready"), encoding: .utf8)
        #expect(ready.contains("https://" + address.trimmingCharacters(in: .newlines)))
        #expect(try mode(folder.path(".apus")) == 0o700)
        #expect(try mode(folder.path(".apus/demo-credentials.yaml")) == 0o600)
        exchange.send(SIGTERM)
        #expect(exchange.finish() == 0, "\(exchange.errors)")
        #expect(exchange.output.contains("exchange ended: SIGTERM"))
        #expect(exchange.output.contains("market events"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("run/ready")))
    }

    @Test func `a duration ends the exchange, and its key stays the same`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        var keys: Set<String> = []
        for _ in 0..<2 {
            let exchange = try CommandLineProcess(folder, arguments(["--duration", "200ms"]))
            #expect(exchange.finish() == 0, "\(exchange.errors)")
            #expect(exchange.output.contains("exchange ended: end of --duration"))
            keys.insert(
                try String(
                    contentsOfFile: folder.path(".apus/demo-credentials.yaml"), encoding: .utf8))
        }
        #expect(keys.count == 1)
    }

    @Test(arguments: [
        (["--replay", "absent.jsonl.gz"], 66, "the capture absent.jsonl.gz cannot be opened"),
        (["--replay", "demo.yaml"], 65, "demo.yaml is no capture"),
        (["--speed", "max"], 64, "--speed needs --replay"),
        (["--speed", "-1"], 64, "--speed"), (["--duration", "5"], 64, "--duration"),
        (["--port", "70000"], 64, "--port"),
    ] as [([String], Int32, String)])
    func `what cannot be is refused with its reason`(
        options: [String], status: Int32, reason: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try CommandLineProcess(folder, arguments(options))
        #expect(exchange.finish() == status)
        #expect(exchange.errors.contains(reason), "\(exchange.errors)")
    }

    @Test func `two exchanges do not share a port`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let first = try CommandLineProcess(folder, arguments([]))
        let port = try port(of: first)
        let second = try CommandLineProcess(folder, arguments(["--port", port]))
        #expect(second.finish() == 78)
        #expect(
            second.errors.contains(
                "--port: cannot listen on 127.0.0.1:\(port): Address already in use for ten seconds;"))
        first.send(SIGINT)
        #expect(first.finish() == 0)
    }

    @Test func `a running engine answers, halts, resumes and leaves a journal`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try CommandLineProcess(folder, arguments([]))
        defer { exchange.send(SIGKILL) }
        let environment = ["APUS_VENUE_EMULATED_PORT": try port(of: exchange)]
        let engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml"], environment: environment)
        defer { engine.send(SIGKILL) }
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")

        let status = try run(folder, ["status"])
        #expect(status.output.contains("emulated  trading"), "\(status.errors)")
        #expect(try run(folder, ["positions"]).output.contains("BTCUSDT"))
        let market = try run(folder, ["market", "--json"])
        let figures = try JSONSerialization.jsonObject(with: Data(market.output.utf8))
        let first = try #require((figures as? [[String: Any]])?.first, "\(market.errors)")
        #expect(first["symbol"] as? String == "BTCUSDT" && first["price"] is String)
        for key in ["change_percent", "volatility_percent", "spread_basis_points"] {
            #expect(first[key] is Double, "\(key) in \(market.output)")
        }
        #expect(first["volume"] is String && first["spread"] is String)
        #expect(try run(folder, ["market"]).output.contains("change 24 h"))
        #expect(try run(folder, ["latency"]).output.contains("tickToOrder"))
        #expect(try run(folder, ["orders", "--json"]).output.hasPrefix("["))
        let check = try run(folder, ["check", "--config", "demo.yaml"])
        #expect(check.status == 78)
        #expect(check.output.contains("PROBLEM an engine is already running"))
        let top = try CommandLineProcess(folder, ["top", "--interval", "100ms"])
        #expect(top.line(containing: "  trading  ") != nil, "\(top.errors)")
        top.send(SIGINT)
        #expect(top.finish() == 0)

        #expect(try run(folder, ["halt", "--reason", "test"]).status == 0)
        #expect(try run(folder, ["status"]).output.contains("halted"))
        #expect(try run(folder, ["resume"]).output == "state: trading\n")
        let change = try run(folder, ["limits", "--set", "order.max_notional=500"])
        #expect(change.output.contains("500"), "\(change.errors)")
        #expect(try run(folder, ["limits", "--set", "order.no_such_limit=1"]).status == 65)
        #expect(try run(folder, ["shutdown"]).status == 0)
        #expect(engine.finish() == 0, "\(engine.errors)")
        try checkJournal(folder)
    }

    private func checkJournal(_ folder: WorkFolder) throws {
        let verify = try run(folder, ["journal", "verify", ".apus/journal"])
        #expect(verify.status == 0, "\(verify.errors)")
        #expect(verify.output.contains("runEnded: 1"))
        let decisions = try run(
            folder, ["journal", "cat", ".apus/journal", "--type", "decision", "--limit", "3"])
        #expect(decisions.output.split(separator: "\n").count == 3)
        let fills = try run(folder, ["journal", "export", ".apus/journal"])
        #expect(fills.output.hasPrefix("sequence,time,"))
        #expect(try run(folder, ["journal", "cat", "absent"]).status == 66)
        #expect(try run(folder, ["journal", "cat", ".apus/journal", "--type", "odd"]).status == 64)
    }

    // MARK: - Parts

    private func arguments(_ more: [String]) -> [String] {
        let port = more.contains("--port") ? [] : ["--port", "0"]
        return ["exchange", "--config", "exchange.yaml"] + port + more
    }

    /// From the line that says it is ready.
    private func port(of exchange: CommandLineProcess) throws -> String {
        let line = try #require(exchange.line(containing: "exchange ready"), "\(exchange.errors)")
        let address = try #require(line.split(separator: ",").first)
        return try #require(address.split(separator: ":").last.map(String.init))
    }

    private func run(
        _ folder: WorkFolder, _ arguments: [String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try CommandLineProcess(folder, arguments)
        let status = process.finish()
        return (status, process.output, process.errors)
    }

    private func mode(_ path: String) throws -> Int {
        let found = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(found[.posixPermissions] as? Int)
    }
}
