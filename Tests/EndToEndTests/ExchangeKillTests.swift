import Foundation
import Testing

/// The exchange dies by SIGKILL under orders and comes back: whatever it has acknowledged is there.
@Suite("Killing the exchange", .serialized, .timeLimit(.minutes(3)))
struct ExchangeKillTests {
    @Test(arguments: [UInt64(51), 52])
    func `nothing acknowledged is lost or doubled by kill -9 at any moment`(
        _ seed: UInt64
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try configure(folder) { $0 }
        var record = AcknowledgedOrders(seed: seed)
        for round in 0..<5 {
            let exchange = try folder.exchange()
            defer { kill(exchange.processIdentifier, SIGKILL) }
            let client = try VenueClient(folder)
            try record.expect(client, "seed \(seed) round \(round)")
            for _ in 0..<(10 + record.random.number(below: 40)) { try record.play(client) }
            // One request is under way when the exchange dies: unread, half done or answered.
            try record.send(client)
            let moment = ContinuousClock.now + .microseconds(record.random.number(below: 400))
            while ContinuousClock.now < moment {}
            kill(exchange.processIdentifier, SIGKILL)
            exchange.waitUntilExit()
            record.take(client.awaitAnswer())
        }
        let exchange = try folder.exchange()
        defer { kill(exchange.processIdentifier, SIGKILL) }
        try record.expect(try VenueClient(folder), "seed \(seed) at the end")
        #expect(record.accepted > 50, "seed \(seed)")
    }

    @Test func `a quiet exchange answers after its death as before`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try configure(folder) { $0.replacingOccurrences(of: "2000/s", with: "0/s") }
        var record = AcknowledgedOrders(seed: 61)
        var known: [String] = []
        for round in 0..<3 {
            let exchange = try folder.exchange()
            let client = try VenueClient(folder)
            if round > 0 { #expect(try answers(client) == known, "round \(round)") }
            for _ in 0..<30 { try record.play(client) }
            known = try answers(client)
            kill(exchange.processIdentifier, SIGKILL)
            exchange.waitUntilExit()
        }
        #expect(known.allSatisfy { $0.count > 2 })
    }

    @Test func `damage is named and refused, and the directory serves one at a time`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try configure(folder) { $0 }
        let first = try folder.exchange()
        let second = try folder.apus(
            "exchange", "--config", folder.path("exchange.yaml"), "--port", "0")
        #expect(second.status == 78)
        #expect(second.errors.contains("state is in use by another exchange"), "\(second.errors)")
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        let ledger = URL(fileURLWithPath: folder.path("state/ledger"))
        var bytes = try Data(contentsOf: ledger)
        bytes[20] ^= 1
        try bytes.write(to: ledger)
        let third = try folder.apus("exchange", "--config", folder.path("exchange.yaml"))
        #expect(third.status == 65)
        #expect(third.errors.contains("state/ledger is corrupt at byte 0"), "\(third.errors)")
    }

    /// The example's exchange with a directory for its state.
    private func configure(_ folder: WorkFolder, _ change: (String) -> String) throws {
        let path = folder.path("exchange.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let kept = text.replacingOccurrences(
            of: "  # directory: .apus/exchange-state", with: "  directory: state")
        try #require(kept != text)
        try change(kept).write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func answers(_ client: VenueClient) throws -> [String] {
        try [
            ("openOrders", ""), ("account", ""), ("allOrders", "symbol=BTCUSDT"),
            ("myTrades", "symbol=BTCUSDT"), ("openOrderList", ""), ("allOrderList", ""),
        ].map { path, query in
            let answer = try #require(try client.request("GET", path, query))
            #expect(answer.status == 200, "\(answer.body)")
            return answer.body
        }
    }
}
