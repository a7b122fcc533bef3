import Control
import Foundation
import Testing

/// Orders that somebody else places on the account that the engine trades.
@Suite("Orders of somebody else", .serialized, .timeLimit(.minutes(3)))
struct ForeignOrderTests {
    private static let bid =
        "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=40000"

    // BUG-174: what was taken over is cancelled like what is our own.
    @Test func `by rule they are taken over, again after a crash, and cancelled on command`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try folder.edit("demo.yaml") {
            $0.replacingOccurrences(of: "foreign_orders: ignore", with: "foreign_orders: claim ")
        }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let venue = try VenueClient(folder)
        let before = try place(venue)
        let killed = try trading(folder)
        var client = try ControlClient(path: folder.path(".apus/control.sock"))
        try waitForOrders([before], &client)
        let meanwhile = try place(venue)
        try waitForOrders([before, meanwhile], &client)
        killed.send(SIGKILL)
        _ = killed.finish()
        #expect(try states(venue, [before, meanwhile]) == ["NEW", "NEW"])

        let engine = try trading(folder)
        defer { engine.send(SIGKILL) }
        client = try ControlClient(path: folder.path(".apus/control.sock"))
        try waitForOrders([before, meanwhile], &client)
        client.timeoutMilliseconds = 15_000
        let outcome = try client.call("cancel_all", as: CancelOutcome.self)
        #expect(outcome.cancelsConfirmed >= 2)
        #expect(try states(venue, [before, meanwhile]) == ["CANCELED", "CANCELED"])
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "\(engine.errors.suffix(2_000))")
    }

    @Test func `ignored ones are told with their numbers, and taken over one by one`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let venue = try VenueClient(folder)
        let (first, second) = (try place(venue), try place(venue))
        let engine = try trading(folder)
        defer { engine.send(SIGKILL) }
        let told = engine.errors.split(separator: "\n")
            .first { $0.contains("open orders that are not ours") } ?? ""
        let numbers = told.split { !$0.isNumber }.compactMap { Int64($0) }
        #expect(Set(numbers).isSuperset(of: [first, second]), "\(told)")

        let claimed = try folder.apus("claim", "\(first)", "--instrument", "BTCUSDT")
        #expect(claimed.status == 0, "\(claimed.errors)")
        #expect(claimed.output.contains("40000") && claimed.output.contains("BTCUSDT"))
        let again = try folder.apus("claim", "\(first)", "--instrument", "BTCUSDT")
        #expect(again.status == 65 && again.errors.contains("is here already"), "\(again.errors)")
        let unknown = try folder.apus("claim", "987654321", "--instrument", "BTCUSDT")
        #expect(unknown.status == 65 && unknown.errors.contains("knows no open order"))
        var client = try ControlClient(path: folder.path(".apus/control.sock"))
        try waitForOrders([first], &client)
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "\(engine.errors.suffix(2_000))")
        #expect(try states(venue, [first, second]) == ["NEW", "NEW"], "the run's end leaves them")
    }

    // MARK: - Parts

    private func trading(_ folder: WorkFolder) throws -> CommandLineProcess {
        let engine = try CommandLineProcess(folder, ["run", "--config", "demo.yaml", "--plain"])
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        return engine
    }

    /// Places a bid far below the market; returns the venue's number.
    private func place(_ venue: VenueClient) throws -> Int64 {
        let answer = try #require(try venue.request("POST", "order", Self.bid))
        #expect(answer.status == 200, "\(answer.body)")
        return try #require(answer.object["orderId"] as? Int64)
    }

    private func states(_ venue: VenueClient, _ orders: [Int64]) throws -> [String] {
        try orders.map { order in
            let query = "symbol=BTCUSDT&orderId=\(order)"
            let answer = try #require(try venue.request("GET", "order", query))
            return answer.object["status"] as? String ?? answer.body
        }
    }

    /// Waits until the engine lists these orders at 40000, and no others.
    private func waitForOrders(_ wanted: [Int64], _ client: inout ControlClient) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let orders = try client.call("orders", as: [OrderFigures].self)
            let here = orders.filter { $0.strategy == nil && $0.state == "new" }
            if Set(here.compactMap(\.venueOrder)) == Set(wanted) { return }
            let isInTime = ContinuousClock.now < deadline
            try #require(isInTime, "\(orders.filter { $0.strategy == nil })")
        }
    }
}
