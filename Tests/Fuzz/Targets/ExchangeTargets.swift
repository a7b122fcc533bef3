import MarketModel

@testable import Emulator

extension FuzzTarget {
    static let exchange = [matching, exchangeREST, exchangeSockets, capture, stateRecords]

    /// Two matchers, the exchange's and the obvious one that its unit tests use: the same trades, the
    /// same rest of every order, the same book.
    private static let matching = FuzzTarget("matching", seeds: ExchangeSeeds.orders) {
        { input in
            var script = Script(input)
            let lot = Quantity(raw: 10)
            let engine = MatchingEngine(lotSize: lot, capacity: 64)
            var naive = NaiveMatcher(lotSize: lot)
            var handles: [OrderHandle] = []
            var id: Int64 = 0
            while !script.isAtEnd, id < 300 {
                id += 1
                match(id, &script, engine, &naive, &handles)
            }
            for side in [Side.buy, .sell] {
                var levels: [BookLevel] = []
                engine.forEachLevel(of: side, limit: .max) {
                    levels.append(BookLevel(price: $0, quantity: $1))
                }
                expectSame(levels, naive.levels(of: side))
            }
            expectSame(engine.restingOrderCount, naive.orders.count)
        }
    }

    private static func match(
        _ id: Int64, _ script: inout Script, _ engine: MatchingEngine, _ naive: inout NaiveMatcher,
        _ handles: inout [OrderHandle]
    ) {
        let choice = script.choice(8)
        if choice < 2, !handles.isEmpty {
            let place = script.choice(handles.count)
            let quantity = Quantity(raw: Int64(script.choice(32)) * 10)
            if choice == 0 {
                let handle = handles.remove(at: place)
                expectSame(engine.cancel(handle), naive.cancel(handle.id))
            } else if quantity > .zero {
                let handle = handles[place]
                expectSame(
                    engine.reduce(handle, by: quantity), naive.reduce(handle.id, by: quantity))
            }
            return
        }
        let order = ExchangeSeeds.order(id, &script)
        let placed = engine.place(order)
        let expected = naive.place(order)
        expectSame(placed.executed, expected.executed)
        expectSame(placed.remainder, expected.remainder)
        expectSame(Array(engine.log.fills), naive.fills)
        expectSame(Array(engine.log.prevented), naive.prevented)
        if placed.remainder == .rests, handles.count < 256 { handles.append(placed.handle) }
    }

    /// An HTTP request as it comes: a method, a target, the key's owner, what is accepted, a body.
    private static let exchangeREST = FuzzTarget("exchange-rest", seeds: ExchangeSeeds.requests) {
        let exchange = ReusedExchange()
        return { input in
            let dialect = exchange.next()
            let head = input.first ?? 0
            let text = String(decoding: input.dropFirst(), as: UTF8.self)
            let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            let methods = ["GET", "POST", "DELETE", "PUT"]
            let id = dialect.open(client: 0, now: exchange.now)
            defer { dialect.close(id) }
            let request = RESTRequest(
                method: methods[Int(head & 3)], target: "/api/v3/" + String(parts[0]),
                body: parts.count > 1 ? String(parts[1]) : "", key: head & 4 == 0 ? "alice" : "bob",
                isInMicroseconds: head & 8 == 8, accept: head & 16 == 16 ? "application/sbe" : nil,
                schema: head & 16 == 16 ? "3:5" : nil)
            let response = dialect.respond(to: request, on: id, now: exchange.now)
            // What is JSON is JSON, whatever was asked.
            if request.accept == nil {
                let isJSON = response.body.withUnsafeBytes { JSONValue.parse($0) != nil }
                if !isJSON { fatalError("no JSON: \(response.text)") }
            }
            exchange.check()
        }
    }

    /// Messages of WebSockets, a line each: of the API and of the market's streams.
    private static let exchangeSockets = FuzzTarget("exchange-socket", seeds: ExchangeSeeds.messages) {
        let exchange = ReusedExchange()
        return { input in
            let dialect = exchange.next()
            let choice = input.first ?? 0
            let targets = [
                "/ws-api/v3", "/ws-api/v3?responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5",
                "/stream", "/ws/btcusdt@trade", "/stream?streams=btcusdt@depth@100ms/ethusdt@bookTicker",
            ]
            let id = dialect.open(client: 0, now: exchange.now)
            defer { dialect.close(id) }
            _ = dialect.upgrade(id, target: targets[Int(choice) % targets.count], now: exchange.now)
            for line in input.dropFirst().split(separator: UInt8(ascii: "\n")) {
                dialect.receive(
                    UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: line)), on: id,
                    now: exchange.now)
                exchange.now = exchange.now + .milliseconds(1)
            }
            _ = dialect.advance(now: exchange.now, limit: 10)
            exchange.check()
        }
    }

    /// Lines of a recording, as a replay reads them, through the replayed book with orders in it.
    private static let capture = FuzzTarget("capture", seeds: ExchangeSeeds.captures) {
        { input in
            let book = ReplayedBook(lotSize: Quantity(raw: 1_000))
            book.apply(snapshot: DepthDiff(firstUpdateID: 1, lastUpdateID: 1, bids: [], asks: []))
            var id: Int64 = 0
            for line in input.split(separator: UInt8(ascii: "\n")) {
                let message = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: line))
                let payload = FramedPayload(message)?.payload ?? message
                switch CaptureFrame.parse(payload) {
                case .bookTicker(let updateID, let top)?: book.apply(ticker: top, updateID: updateID)
                case .depth(let diff, _)?: book.apply(diff: diff)
                case .trade(let trade)?: book.apply(trade: trade)
                case .snapshot(let levels)?: book.apply(snapshot: levels)
                case nil: break
                }
                id += 1
                let place = line.startIndex
                _ = book.place(
                    IncomingOrder(
                        id: id, account: AccountIndex(1), side: id & 1 == 0 ? .buy : .sell,
                        type: .limit, timeInForce: .gtc,
                        price: Price(raw: Int64(place % 1_000) * Money.unit + 1),
                        quantity: Quantity(raw: 1_000_000)))
            }
        }
    }

    /// The exchange's own record after a restart: what can be read is written again as it was, and an
    /// exchange goes on from it.
    private static let stateRecords = FuzzTarget("state-log", seeds: ExchangeSeeds.records) {
        let names = ExchangeNames(ReusedExchange.configuration)
        guard let translation = try? names.translation(of: names) else {
            fatalError("names translate to themselves")
        }
        return { input in
            guard let kind = input.first else { return }
            let bytes = Array(input.dropFirst())
            if kind & 1 == 0 {
                guard let header = StateHeader(bytes[...]) else { return }
                expectSame(StateHeader(header.bytes[...])?.bytes, header.bytes)
            } else if let record = StateRecord(bytes[...], translation) {
                let again = StateRecord(record.bytes[...], translation)
                expectSame(again?.bytes, record.bytes)
            }
        }
    }
}

/// An exchange takes milliseconds to set up: one serves many inputs, then makes place for another.
final class ReusedExchange {
    static let configuration: ExchangeConfiguration = {
        var configuration = ExchangeConfiguration()
        configuration.symbols = Array(SymbolConfiguration.defaults.prefix(2))
        configuration.symbols[0].maxOpenOrders = 50
        var agents = AgentConfiguration()
        agents.levels = 10
        agents.eventsPerSecond = 0
        configuration.market = .agents(agents)
        configuration.limits.requestWeightPerMinute = 1_000_000_000
        configuration.limits.streamMessagesPerSecond = 1_000_000_000
        configuration.limits.ordersPerTenSeconds = 1_000_000_000
        configuration.limits.ordersPerDay = 1_000_000_000
        configuration.limits.rawRequestsPerFiveMinutes = 1_000_000_000
        configuration.limits.connectionsPerFiveMinutes = 1_000_000_000
        configuration.accounts = ["alice", "bob"].map { name in
            var account = AccountConfiguration()
            account.apiKey = name
            account.account = name
            account.balances = ["USDT": 1_000_000 * Money.unit, "BTC": 10 * Money.unit]
            return account
        }
        return configuration
    }()

    private var dialect: ExchangeDialect?
    private var uses = 0
    private var totals: [Int128] = []
    var now = ReusedExchange.start

    static let start = Timestamp(milliseconds: 1_723_161_253_000)

    func next() -> ExchangeDialect {
        uses += 1
        if let dialect, uses % 2_000 != 0 { return dialect }
        now = Self.start
        guard
            let new = try? ExchangeDialect(
                configuration: Self.configuration, now: now,
                signatureCheck: { _, _, signature in signature == "good" })
        else { fatalError("the exchange cannot be set up") }
        dialect = new
        totals = assetTotals(new)
        return new
    }

    /// Whatever was asked, no asset was made or lost, and the answers are taken.
    func check() {
        guard let dialect else { return }
        dialect.outbox.clear()
        expectSame(assetTotals(dialect), totals)
    }

    private func assetTotals(_ dialect: ExchangeDialect) -> [Int128] {
        let exchange = dialect.exchange
        return exchange.assets.indices.map { exchange.ledger.total(of: AssetIndex(UInt16($0))) }
    }
}

/// Where the exchange's targets begin.
enum ExchangeSeeds {
    static func order(_ id: Int64, _ script: inout Script) -> IncomingOrder {
        let types: [OrderType] = [.limit, .limit, .limitMaker, .market]
        let times: [TimeInForce] = [.gtc, .gtc, .ioc, .fok]
        let modes = SelfTradePreventionMode.allCases
        let terms = script.byte()
        let type = types[Int(terms & 3)]
        var order = IncomingOrder(
            id: id, account: AccountIndex(Int32(terms >> 5 & 3)),
            side: terms & 128 == 0 ? .buy : .sell, type: type,
            timeInForce: type == .limit ? times[Int(terms >> 2 & 3)] : .none,
            price: Price(raw: (100 + Int64(script.choice(40))) * Money.unit),
            quantity: Quantity(raw: Int64(script.choice(50) + 1) * 10),
            selfTradePrevention: modes[script.choice(modes.count)])
        let more = script.byte()
        if type != .market, more & 3 == 3 {
            order.displayQuantity = Quantity(raw: Int64(more >> 2 & 15 + 1) * 10)
        }
        if type == .market, more & 1 == 1 {
            order.quantity = .zero
            order.quoteBudget = Int64(more) * 300 + 1
        }
        return order
    }

    static var orders: [[UInt8]] {
        (0..<3).map { seed in
            (0..<120).map { UInt8(truncatingIfNeeded: $0 * (37 + seed * 12) + $0 / 5 * 91) }
        }
    }

    private static let signed = "&timestamp=1723161253000&recvWindow=60000&signature=good"

    static var requests: [[UInt8]] {
        let targets: [(UInt8, String)] = [
            (0, "ping"), (0, "time"), (0, "exchangeInfo?symbols=[\"BTCUSDT\",\"ETHUSDT\"]"),
            (0, "depth?symbol=BTCUSDT&limit=5"), (0, "trades?symbol=BTCUSDT"), (0, "aggTrades?symbol=BTCUSDT&fromId=0"),
            (0, "klines?symbol=BTCUSDT&interval=1h&limit=3&timeZone=-1:30"), (0, "avgPrice?symbol=BTCUSDT"),
            (0, "ticker/24hr?symbol=BTCUSDT&type=MINI"), (0, "ticker?symbol=BTCUSDT&windowSize=3h"),
            (0, "account?omitZeroBalances=true" + signed), (16, "account?" + signed.dropFirst()), (0, "openOrders?symbol=BTCUSDT" + signed),
            (0, "myTrades?symbol=BTCUSDT&limit=3" + signed), (0, "account/commission?symbol=BTCUSDT" + signed),
            (1, "order?symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&newClientOrderId=a" + signed),
            (1, "order?symbol=BTCUSDT&side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=0.01&price=50000&stopPrice=51000&icebergQty=0.001" + signed),
            (1, "order?symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100&newOrderRespType=FULL" + signed),
            (1, "order/cancelReplace?symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=59000&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=a" + signed),
            (1, "orderList/oco?symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=STOP_LOSS&belowStopPrice=50000" + signed),
            (2, "order?symbol=BTCUSDT&origClientOrderId=a" + signed), (2, "openOrders?symbol=BTCUSDT" + signed),
            (3, "order/amend/keepPriority?symbol=BTCUSDT&origClientOrderId=a&newQty=0.005" + signed),
            (1, "order\nsymbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.01&price=60000" + signed),
        ]
        return targets.map { [$0.0] + Array($0.1.utf8) }
    }

    static var messages: [[UInt8]] {
        let common = #""apiKey":"alice","timestamp":1723161253000,"recvWindow":60000,"signature":"good""#
        let messages: [(UInt8, String)] = [
            (0, #"{"id":1,"method":"order.place","params":{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"0.01","price":"60000.00",\#(common)}}"#
                + "\n" + #"{"id":2,"method":"order.cancel","params":{"symbol":"BTCUSDT","orderId":1,\#(common)}}"#),
            (0, #"{"id":"x","method":"order.cancelReplace","params":{"symbol":"BTCUSDT","side":"SELL","type":"MARKET","quoteOrderQty":"9223372036854775807","cancelReplaceMode":"ALLOW_FAILURE","cancelOrderId":-9223372036854775808,\#(common)}}"#),
            (0, #"{"id":null,"method":"klines","params":{"symbol":"BTCUSDT","interval":"1M","startTime":-9223372036854775808,"endTime":9223372036854775807,"limit":1000}}"#),
            (0, #"{"id":3,"method":"userDataStream.subscribe.signature","params":{\#(common)}}"# + "\n" + #"{"id":4,"method":"account.status","params":{\#(common)}}"#),
            (0, #"{"id":5,"method":"session.logon","params":{\#(common)}}"# + "\n" + #"{"id":6,"method":"openOrders.status","params":{}}"#),
            (1, #"{"id":7,"method":"order.place","params":{"symbol":"BTCUSDT","side":"SELL","type":"LIMIT_MAKER","quantity":"0.01","price":"70000.00",\#(common)}}"#),
            (0, #"{"id":8,"method":"orderList.place.otoco","params":{"symbol":"BTCUSDT","workingType":"LIMIT","workingSide":"BUY","workingPrice":"50000","workingQuantity":"0.01","workingTimeInForce":"GTC","pendingSide":"SELL","pendingQuantity":"0.01","pendingAboveType":"LIMIT_MAKER","pendingAbovePrice":"70000","pendingBelowType":"STOP_LOSS","pendingBelowStopPrice":"40000",\#(common)}}"#),
            (2, #"{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@kline_1M"],"id":312}"# + "\n" + #"{"method":"LIST_SUBSCRIPTIONS","id":3}"#),
            (3, #"{"method":"SET_PROPERTY","params":["combined",true],"id":5}"# + "\n" + #"{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":"a"}"#),
            (4, #"{"method":"GET_PROPERTY","params":["combined"],"id":2}"#),
        ]
        return messages.map { [$0.0] + Array($0.1.utf8) }
    }

    static var captures: [[UInt8]] {
        [
            [
                #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":11,"b":[["92233720368.54775807","92233720368.54775807"]],"a":[["0.00000001","1"]]}}"#,
                #"{"u":99,"s":"BTCUSDT","b":"1.0","B":"2.0","a":"3.0","A":"4.0"}"#,
            ],
            [
                #"{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}"#,
                #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1,"s":"BTCUSDT","t":3735683259,"p":"2.63","q":"0.02","T":1723161255342,"m":true,"M":true}}"#,
                #"{"u":199,"s":"BTCUSDT","b":"1.0","B":"2.0","a":"3.0","A":"4.0"}"#,
            ],
        ].map { Array($0.joined(separator: "\n").utf8) }
    }

    /// What an exchange writes after some orders.
    static var records: [[UInt8]] {
        let exchange = ReusedExchange()
        let dialect = exchange.next()
        let names = ExchangeNames(ReusedExchange.configuration)
        dialect.exchange.startNotingChanges()
        let id = dialect.open(client: 0, now: exchange.now)
        var records = dialect.exchange.takeState()
        for seed in requests {
            _ = dialect.respond(
                to: RESTRequest(
                    method: ["GET", "POST", "DELETE", "PUT"][Int(seed[0] & 3)],
                    target: "/api/v3/" + String(decoding: seed.dropFirst(), as: UTF8.self), key: "alice"),
                on: id, now: exchange.now)
            if let changes = dialect.exchange.takeChanges(now: exchange.now) { records.append(changes) }
        }
        records += dialect.exchange.takeState()
        let header = StateHeader(names: names, snapshotCount: 1).bytes
        return [[0] + header] + records.map { [1] + $0.bytes }.filter { $0.count < 8_000 }
    }
}
