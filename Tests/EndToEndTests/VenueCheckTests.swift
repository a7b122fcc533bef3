import Foundation
import Testing

/// `apus check` against the venue: what it finds, and that it trades nothing.
@Suite("Check against the venue", .serialized, .timeLimit(.minutes(2)))
struct VenueCheckTests {
    @Test func `a venue in order is described line by line and nothing is placed`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try market(folder)
        defer { exchange.interrupt() }
        let check = try folder.apus("check", "--config", "demo.yaml")
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        for part in [
            "TLSv1.3 TLS_AES_128_GCM_SHA256, records by ",
            "certificate localhost of Apus loopback authority, chain of 2 verified; it ends in ",
            "this machine's is ", "round trips ", "the venue takes the key and its signature",
            "account SPOT may trade, permissions SPOT", "the account may withdraw",
            "commission: maker 0 %, taker 0.04 %",
            "BTCUSDT: maker 0 %, taker 0.04 % with special ones and taxes", "BTCUSDT: TRADING, tick 0.01, lot 0.00001",
            "BTCUSDT: order types LIMIT LIMIT_MAKER MARKET", "fits every limit",
            "USDT: 1000000.00 free, 0.00 locked", "the venue takes 1 000 orders in 10 s",
            "open orders      BTCUSDT: none", "BTCUSDT: LIMIT GTC BUY ", " would be taken, for maker 0 % or taker 0.04 %",
            "btcusdt@bookTicker: the first message came after ",
            "signed subscription to the account's events: accepted", "a start costs about ",
            "it would run",
        ] {
            #expect(check.output.contains(part), "check does not say '\(part)'")
        }
        try expectNoSecret(in: check, folder)
        let client = try VenueClient(folder)
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            let orders = try #require(try client.request("GET", "allOrders", "symbol=\(symbol)"))
            #expect(orders.objects.isEmpty, "the check has placed an order")
        }
    }

    @Test func `findings are JSON for scripts`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try market(folder)
        defer { exchange.interrupt() }
        let check = try folder.apus("check", "--config", "demo.yaml", "--json")
        #expect(check.status == 0, "\(check.errors)")
        struct Report: Decodable {
            struct Line: Decodable { var weight, text: String }
            struct Section: Decodable {
                var title: String
                var lines: [Line]
            }
            var sections: [Section]
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(check.output.utf8))
        let titles = report.sections.map(\.title)
        for title in ["run", "journal", "rest", "venue clock", "account", "test orders", "weight"] {
            #expect(titles.contains(title))
        }
        #expect(report.sections.flatMap(\.lines).allSatisfy { ["fine", "note"].contains($0.weight) })
    }

    @Test func `without the exchange it ends with 69, and offline it does not ask`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        exchange.interrupt()
        exchange.waitUntilExit()
        let check = try folder.apus("check", "--config", "demo.yaml")
        #expect(check.status == 69)
        #expect(
            check.output.contains(
                "rest           PROBLEM cannot reach localhost:\(folder.port): no connection: "
                    + "Connection refused; is it running there?"), "\(check.output)")
        let offline = try folder.apus("check", "--config", "demo.yaml", "--offline")
        #expect(offline.status == 0, "\(offline.output)")
        #expect(!offline.output.contains("localhost:\(folder.port) is "))
    }

    /// Limits and sizes that let no order pass, symbols that are not there.
    @Test(arguments: [
        (
            "max_order_quantity: 2 ETH", "max_order_quantity: 0.0001 ETH",
            "ETHUSDT: max_order_quantity below the smallest order that the venue takes now, 0.00"
        ),
        (
            "max_notional: 10000 USDT", "max_notional: 4 USDT",
            "risk.order.max_notional below the smallest order"
        ),
        (
            "order_size: 0.01 BTC", "order_size: 0.00001 BTC",
            "strategies[0].parameters.order_size: found '0.00001 BTC', accepted: at least 0.00"
        ),
        (
            "symbol: ETHUSDT", "symbol: NOPEUSDT",
            "instruments[1].symbol: 'NOPEUSDT' is not traded at localhost:"
        ),
    ] as [(String, String, String)])
    func `what the venue would not take is a problem before the start`(
        good: String, bad: String, message: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try market(folder)
        defer { exchange.interrupt() }
        try folder.edit("demo.yaml") { text in
            text.replacingOccurrences(of: good, with: bad).replacingOccurrences(
                of: "ETHUSDT]", with: bad.hasSuffix("NOPEUSDT") ? "NOPEUSDT]" : "ETHUSDT]")
        }
        let check = try folder.apus("check", "--config", "demo.yaml")
        #expect(check.status == 78)
        #expect(check.output.contains(message), "\(check.output)")
        #expect(check.errors.hasSuffix(": it would not run\n"))
    }

    @Test func `a key that the venue does not know is a problem of the credentials`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let process = try CommandLineProcess(
            folder, ["check", "--config", "demo.yaml"],
            environment: ["APUS_API_KEY": "nobodys", "APUS_API_SECRET": "shown-to-nobody"])
        let status = process.finish()
        #expect(status == 78)
        #expect(process.output.contains("refuses the API key or its signature"))
        #expect(!(process.output + process.errors).contains("shown-to-nobody"))
    }

    @Test func `orders that a start would find are told, ours and others' apart`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let client = try VenueClient(folder)
        let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001"
        let placed = try client.request("POST", "order", order + "&price=40000")
        #expect(placed?.status == 200, "\(placed?.body ?? "-")")
        let check = try folder.apus("check", "--config", "demo.yaml")
        #expect(check.status == 0, "\(check.output)")
        #expect(
            check.output.contains(
                "BTCUSDT: 1 of somebody else; a start leaves them alone "
                    + "(reconciliation.foreign_orders)"))
    }

    @Test(arguments: ["check", "run", "watchdog", "exchange"])
    func `a configuration that is not there ends with 66`(command: String) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let outcome = try folder.apus(command, "--config", "absent.yaml")
        #expect(outcome.status == 66)
        #expect(outcome.errors == "apus: absent.yaml: no such file\n")
    }

    /// An exchange on which somebody bids for everything: agents take a moment after its start.
    private func market(_ folder: WorkFolder) throws -> Process {
        let exchange = try folder.exchange()
        let client = try VenueClient(folder)
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let answer = try #require(try client.request("GET", "ticker/bookTicker"))
            let bids = answer.objects.compactMap { $0["bidPrice"] as? String }.compactMap(Double.init)
            if bids.count == 2, bids.allSatisfy({ $0 > 0 }) { return exchange }
            try #require(ContinuousClock.now < deadline, "nobody bids: \(answer.body)")
        }
    }

    private func expectNoSecret(in outcome: WorkFolder.Outcome, _ folder: WorkFolder) throws {
        let text = try String(
            contentsOfFile: folder.path(".apus/demo-credentials.yaml"), encoding: .utf8)
        let secrets = text.split(separator: "\"").filter { $0.count > 8 && !$0.contains(":") }
        #expect(secrets.count == 2)
        for secret in secrets {
            #expect(!(outcome.output + outcome.errors).contains(secret))
        }
    }
}
