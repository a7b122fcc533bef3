import Foundation
import Testing
import Wire

/// Random requests of one account, and what the exchange has said to them.
struct AcknowledgedOrders {
    /// What is known of an order: it may since have traded more, but not less.
    private struct Order {
        let id: Int64
        var status: String
        var executed: Decimal
        /// The exchange itself may end it at any time: it rests.
        var isOpen: Bool { ["NEW", "PARTIALLY_FILLED", "PENDING_NEW"].contains(status) }
    }

    private enum Request {
        case place(id: String)
        case placeList(ids: [String])
        case cancel(id: String)

        var newIDs: [String] {
            switch self {
            case .place(let id): [id]
            case .placeList(let ids): ids
            case .cancel: []
            }
        }
    }

    var random: SeededRandom
    /// Orders acknowledged, over all rounds.
    private(set) var accepted = 0
    private var orders: [String: Order] = [:]
    /// Refused, so never there.
    private var refused: Set<String> = []
    /// Sent, and the exchange died before it answered.
    private var unanswered: Set<String> = []
    private var trades: Set<Int64> = []
    private var underWay: Request?
    private var count = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// Sends one request and takes its answer.
    mutating func play(_ client: VenueClient) throws {
        try send(client)
        take(client.awaitAnswer())
    }

    /// Sends one request whose answer is still to be taken.
    mutating func send(_ client: VenueClient) throws {
        count += 1
        let id = "n\(count)"
        let side = random.number(below: 2) == 0 ? "BUY" : "SELL"
        let place = "symbol=BTCUSDT&side=\(side)&quantity=0.00\(100 + random.number(below: 400))"
            + "&newOrderRespType=FULL&newClientOrderId=\(id)"
        let open = orders.filter(\.value.isOpen).keys.sorted()
        switch random.number(below: 10) {
        case 0..<3:
            underWay = .place(id: id)
            try client.send("POST", "order", place + "&type=MARKET")
        case 3..<6:
            // Near the market or far from it.
            let price = (side == "BUY" ? 61_800 : 61_900) + random.number(below: 4_000) - 2_000
            underWay = .place(id: id)
            try client.send("POST", "order", place + "&type=LIMIT&timeInForce=GTC&price=\(price)")
        case 6:
            underWay = .place(id: id)
            try client.send("POST", "order", place + "&type=STOP_LOSS&trailingDelta=1000")
        case 7:
            underWay = .placeList(ids: ["\(id)above", "\(id)below"])
            try client.send(
                "POST", "orderList/oco",
                "symbol=BTCUSDT&side=SELL&quantity=0.001&aboveType=LIMIT_MAKER&abovePrice=70000"
                    + "&belowType=STOP_LOSS&belowStopPrice=50000&aboveClientOrderId=\(id)above"
                    + "&belowClientOrderId=\(id)below")
        default:
            guard !open.isEmpty else {
                underWay = .place(id: id)
                try client.send("POST", "order", place + "&type=MARKET")
                return
            }
            let id = open[random.number(below: open.count)]
            underWay = .cancel(id: id)
            try client.send("DELETE", "order", "symbol=BTCUSDT&origClientOrderId=\(id)")
        }
    }

    /// Notes the answer to what was sent; `nil`: there is none, and nobody knows what happened.
    mutating func take(_ answer: VenueClient.Answer?) {
        defer { underWay = nil }
        guard let request = underWay else { return }
        guard let answer else {
            unanswered.formUnion(request.newIDs)
            return
        }
        switch request {
        case .place(let id):
            if answer.status == 200 { note(answer.object, id) } else { refused.insert(id) }
        case .placeList(let ids):
            guard answer.status == 200 else {
                refused.formUnion(ids)
                return
            }
            let reports = answer.object["orderReports"] as? [[String: Any]] ?? []
            #expect(reports.count == ids.count)
            for report in reports { note(report, report["clientOrderId"] as? String ?? "") }
        case .cancel(let id):
            // A cancelled list takes both of its orders with it.
            let reports = answer.object["orderReports"] as? [[String: Any]] ?? [answer.object]
            guard answer.status == 200 else { return }
            for report in reports {
                note(report, report["origClientOrderId"] as? String ?? id)
            }
        }
    }

    private mutating func note(_ report: [String: Any], _ id: String) {
        guard let number = report["orderId"] as? Int64, let status = report["status"] as? String
        else {
            Issue.record("not an order: \(report)")
            return
        }
        if orders[id] == nil { accepted += 1 }
        orders[id] = Order(id: number, status: status, executed: amount(report, "executedQty"))
        for fill in report["fills"] as? [[String: Any]] ?? [] {
            if let trade = fill["tradeId"] as? Int64 { trades.insert(trade) }
        }
    }

    // MARK: - What must be there

    /// Compares everything acknowledged so far with the exchange's answers.
    mutating func expect(_ client: VenueClient, _ place: Comment) throws {
        for id in orders.keys.sorted() { try expect(order: id, client, place) }
        for id in refused {
            let answer = try client.request(
                "GET", "order", "symbol=BTCUSDT&origClientOrderId=\(id)")
            #expect(answer?.status == 400, place)
        }
        let all = try #require(
            try client.request("GET", "allOrders", "symbol=BTCUSDT&limit=1000")).objects
        let numbers = all.compactMap { $0["orderId"] as? Int64 }
        #expect(Set(numbers).count == numbers.count, place)
        for order in all {
            let id = order["clientOrderId"] as? String ?? ""
            if unanswered.remove(id) != nil { note(order, id) }
            #expect(orders[id] != nil, "\(place): nobody sent \(order)")
        }
        // What has not happened by now never will.
        refused.formUnion(unanswered)
        unanswered.removeAll()
        let fills = try #require(
            try client.request("GET", "myTrades", "symbol=BTCUSDT&limit=1000")).objects
        let known = fills.compactMap { $0["id"] as? Int64 }
        #expect(Set(known).count == known.count && trades.isSubset(of: known), place)
        for order in all {
            let parts = fills.filter { $0["orderId"] as? Int64 == order["orderId"] as? Int64 }
            let sum = parts.reduce(Decimal.zero) { $0 + amount($1, "qty") }
            #expect(sum == amount(order, "executedQty"), "\(place): \(order)")
        }
        try expectMoney(client, fills, place)
    }

    private mutating func expect(
        order id: String, _ client: VenueClient, _ place: Comment
    ) throws {
        guard let known = orders[id] else { return }
        let answer = try #require(
            try client.request("GET", "order", "symbol=BTCUSDT&origClientOrderId=\(id)"))
        #expect(answer.status == 200, "\(place): \(id) \(known) is lost: \(answer.body)")
        let now = answer.object
        #expect(now["orderId"] as? Int64 == known.id, "\(place): \(id)")
        #expect(amount(now, "executedQty") >= known.executed, "\(place): \(id)")
        if !known.isOpen {
            #expect(now["status"] as? String == known.status, "\(place): \(id)")
        } else {
            orders[id] = Order(
                id: known.id, status: now["status"] as? String ?? "",
                executed: amount(now, "executedQty"))
        }
    }

    /// What the account has is what it began with and what its trades have changed.
    private func expectMoney(
        _ client: VenueClient, _ fills: [[String: Any]], _ place: Comment
    ) throws {
        var expected: [String: Decimal] = ["USDT": 1_000_000, "BTC": 10, "ETH": 100]
        for fill in fills {
            let sign: Decimal = fill["isBuyer"] as? Bool == true ? 1 : -1
            expected["BTC", default: 0] += sign * amount(fill, "qty")
            expected["USDT", default: 0] -= sign * amount(fill, "quoteQty")
            expected[fill["commissionAsset"] as? String ?? "", default: 0]
                -= amount(fill, "commission")
        }
        let account = try #require(try client.request("GET", "account")).object
        let balances = account["balances"] as? [[String: Any]] ?? []
        for balance in balances {
            let asset = balance["asset"] as? String ?? ""
            let total = amount(balance, "free") + amount(balance, "locked")
            #expect(total == expected[asset], "\(place): \(asset)")
            #expect(amount(balance, "free") >= 0 && amount(balance, "locked") >= 0, place)
        }
        #expect(balances.count == 3, place)
    }

    private func amount(_ object: [String: Any], _ name: String) -> Decimal {
        (object[name] as? String).flatMap { Decimal(string: $0) } ?? -1
    }
}

extension SeededRandom {
    mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
