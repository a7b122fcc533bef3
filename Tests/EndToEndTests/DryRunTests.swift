import Foundation
import Testing

/// `apus run --dry-run`: everything but sending, told so everywhere, and the same again on replay.
@Suite("Dry run", .serialized, .timeLimit(.minutes(2)))
struct DryRunTests {
    @Test func `no order reaches the exchange while decisions are journaled`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let run = try folder.apus(
            "run", "--config", "demo.yaml", "--dry-run", "--duration", "3s", "--plain", "--report",
            "out")
        #expect(run.status == 0, "\(run.errors.suffix(2_000))")
        #expect(run.output.contains("  DRY RUN  trading"))
        #expect(run.output.contains(": emulated DRY RUN, binance_spot, "))
        try expectNoOrder(folder)

        let report = try report(folder.path("out/report.json"))
        #expect(report.run.isDryRun)
        #expect(report.orders.sent == 0 && report.fills == 0 && report.orders.unknown == 0)
        let denied = report.denials.first { $0.reason == "dry_run" }?.count ?? 0
        #expect(denied > 0)
        #expect(report.denials.allSatisfy { $0.reason != "not_sent" })

        let runs = try runs(folder)
        #expect(runs.count == 1)
        #expect(try names(folder.path(".apus/journal")).allSatisfy { !$0.hasPrefix("run-") })
        let path = folder.path(".apus/journal/dry-run/\(runs[0])")
        let replay = try folder.apus("journal", "replay", path)
        #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
        #expect(replay.output.contains("decisions equal: \(denied)"), "\(replay.output)")
        #expect(replay.output.contains("request bytes equal: 0"))
    }

    /// What an earlier run has left stays for the next real one, which goes on from its own journal.
    @Test func `a dry run between a crash and a recovery changes nothing`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try folder.edit("demo.yaml") {
            $0.replacingOccurrences(of: "account: fresh", with: "account: take_over")
        }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let engine = try CommandLineProcess(folder, ["run", "--config", "demo.yaml", "--plain"])
        let account = VenueAccount(folder)
        while try account.openOrders(in: "BTCUSDT") == 0 {
            try #require(engine.line(containing: "  trading  ") != nil, "\(engine.errors)")
        }
        engine.send(SIGKILL)
        _ = engine.finish()
        let left = try account.openOrders(in: "BTCUSDT")
        let heartbeat = try Data(contentsOf: URL(fileURLWithPath: heartbeat(folder)))

        let dry = try folder.apus(
            "run", "--config", "demo.yaml", "--dry-run", "--duration", "1s", "--plain")
        #expect(dry.status == 0, "\(dry.errors.suffix(2_000))")
        let open = try account.openOrders(in: "BTCUSDT")
        // One that was left may trade meanwhile; none is cancelled or added.
        #expect(open <= left)
        if left > 0 { #expect(dry.errors.contains("open orders stay, a dry run cancels none")) }
        #expect(dry.errors.contains("account taken over"))
        #expect(!dry.errors.contains("orders of earlier runs cancelled"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: self.heartbeat(folder))) == heartbeat)

        let next = try folder.apus(
            "run", "--config", "demo.yaml", "--duration", "1s", "--plain", "--report", "out")
        #expect(next.status == 0, "\(next.errors.suffix(2_000))")
        #expect(next.errors.contains("account taken over"))
        #expect(!next.errors.contains("dry-run"))
        #expect(!next.errors.contains("balance differs"))
        #expect(try account.openOrders(in: "BTCUSDT") == 0)
    }

    @Test func `halt, flatten and the end send nothing either`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml", "--dry-run", "--plain"])
        try #require(engine.line(containing: "  DRY RUN  trading") != nil, "\(engine.errors)")
        let status = try folder.apus("status")
        #expect(status.output.contains("  emulated DRY RUN  trading"), "\(status.output)")
        for command in [["halt", "--reason", "test"], ["resume"], ["flatten"], ["shutdown"]] {
            let process = try CommandLineProcess(folder, command)
            #expect(process.finish() == 0, "\(command): \(process.errors)")
        }
        #expect(engine.finish() == 0, "\(engine.errors.suffix(2_000))")
        try expectNoOrder(folder)
    }

    // MARK: - Parts

    /// Fields of report.json.
    private struct Report: Decodable {
        struct Run: Decodable { var isDryRun: Bool }
        struct Orders: Decodable { var sent, unknown: Int }
        struct Reason: Decodable {
            var reason: String
            var count: Int
        }
        var run: Run
        var orders: Orders
        var fills: Int
        var denials: [Reason]
    }

    private func report(_ path: String) throws -> Report {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Report.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The exchange's own list of every order that the account has ever placed.
    private func expectNoOrder(_ folder: WorkFolder) throws {
        let client = try VenueClient(folder)
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            let orders = try #require(try client.request("GET", "allOrders", "symbol=\(symbol)"))
            #expect(orders.status == 200 && orders.objects.isEmpty, "\(orders.body)")
        }
    }

    private func heartbeat(_ folder: WorkFolder) -> String {
        folder.path(".apus/control.heartbeat")
    }

    private func runs(_ folder: WorkFolder) throws -> [String] {
        try names(folder.path(".apus/journal/dry-run")).filter { $0.hasPrefix("run-") }
    }

    private func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
    }
}
