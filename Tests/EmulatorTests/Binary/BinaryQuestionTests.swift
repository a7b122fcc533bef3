import BinarySchema
import Foundation
import MarketModel
import Testing

@testable import Emulator

/// Everything that can be asked, asked in JSON and in binary, over the WebSocket API and REST: the
/// binary answers are read as the venue's schema file says and have the same values.
@Suite(.enabled(if: SharedFiles.exists("venues/sbe"), "needs ../shared/venues/sbe"))
struct BinaryQuestionTests {
    struct Question: CustomTestStringConvertible, Sendable {
        let operation: Emulator.Operation
        let parameters: String
        let template: Int
        var testDescription: String { "\(operation) \(parameters)" }

        init(_ operation: Emulator.Operation, _ parameters: String, _ template: Int) {
            self.operation = operation
            self.parameters = parameters
            self.template = template
        }
    }

    private static let one = #""symbol":"BTCUSDT""#
    private static let two = #""symbols":["BTCUSDT","ETHUSDT"]"#
    private static let mini = #","type":"MINI""#
    private static let order =
        one + #","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":"1","price":"60000""#

    static let questions = [
        Question(.ping, "", 101), Question(.time, "", 102),
        Question(.exchangeInfo, "", 103), Question(.exchangeInfo, one, 103),
        Question(.executionRules, two, 104), Question(.accountFilters, one, 105),
        Question(.depth, one + #","limit":50"#, 200),
        Question(.trades, one, 201), Question(.oldTrades, one + #","fromId":0"#, 201),
        Question(.aggregateTrades, one + #","limit":77"#, 202),
        Question(.blockTrades, one + #","fromId":0"#, 219),
        Question(.referencePrice, one, 100), Question(.referenceCalculation, one, 100),
        Question(.candles, one + #","interval":"1s","limit":20"#, 203),
        Question(.displayCandles, one + #","interval":"1h","limit":20"#, 203),
        Question(.averagePrice, one, 204),
        Question(.dayTicker, one, 205), Question(.dayTicker, "", 206),
        Question(.dayTicker, one + mini, 207), Question(.dayTicker, two + mini, 208),
        Question(.priceTicker, one, 209), Question(.priceTicker, "", 210),
        Question(.bookTicker, one, 211), Question(.bookTicker, two, 212),
        Question(.tradingDayTicker, one, 213), Question(.windowTicker, one, 213),
        Question(.windowTicker, two + #","windowSize":"1h""#, 214),
        Question(.tradingDayTicker, one + mini, 215),
        Question(.windowTicker, two + mini, 216),
        Question(.testOrder, order, 303),
        Question(.testOrder, order + #","computeCommissionRates":true"#, 315),
        Question(.testRouting, order, 100),
        Question(.queryOrder, one + #","origClientOrderId":"amended""#, 304),
        Question(.openOrders, "", 308), Question(.allOrders, one, 308),
        Question(.amendments, one + #","orderId":FIRST"#, 316),
        Question(.queryList, #""origClientOrderId":"pair""#, 313),
        Question(.openLists, "", 314), Question(.allLists, "", 314),
        Question(.account, "", 400), Question(.accountTrades, one, 401),
        Question(.orderLimits, "", 402),
        Question(.preventedMatches, one + #","orderId":LAST"#, 403),
        Question(.allocations, one, 404), Question(.commission, one, 405),
    ]

    private let harness: DialectHarness
    private let text: SessionID
    private let binary: SessionID
    private let schema: BinarySchema
    /// Numbers of orders by their words in the questions.
    private var orders: [String: String] = [:]

    /// An exchange with every filter, after some trading.
    init() throws {
        var configuration = DialectHarness.configuration
        configuration.symbols.append(SymbolConfiguration.defaults[1])
        configuration.symbols[0].filters.maxPosition = Quantity(raw: 1_000 * Money.unit)
        configuration.symbols[0].filters.maxIcebergOrders = 5
        configuration.symbols[0].filters.priceMultiplierUp = 50_000
        configuration.symbols[1].filters.hasPlainMinNotional = true
        configuration.symbols[1].features = [.market, .stopLossLimit, .iceberg]
        configuration.symbols[1].selfTradePreventionModes = [.expireTaker, .decrement]
        configuration.filters.maxOrders = 1_000
        configuration.filters.maxAlgoOrders = 100
        configuration.filters.maxIcebergOrders = 50
        configuration.filters.maxOrderLists = 20
        configuration.filters.maxAsset = ["BTC": 100 * Money.unit]
        var agents = AgentConfiguration()
        agents.levels = 100
        agents.eventsPerSecond = 2_000
        configuration.market = .agents(agents)
        harness = try DialectHarness(configuration)
        harness.advance(milliseconds: 3_000)
        text = harness.connect("/ws-api/v3?timeUnit=MICROSECOND&returnRateLimits=false")
        binary = harness.connect(
            "/ws-api/v3?returnRateLimits=false&" + EncodingPair.options)
        let file = URL(fileURLWithPath: SharedFiles.path("venues/sbe/spot_3_5.xml"))
        schema = try #require(BinarySchema(contentsOf: file))
        try trade()
    }

    /// An amended order, a pair, and one that meets the account's own.
    private mutating func trade() throws {
        let ask = harness.dialect.exchange.markets[0].matcher.top.askPrice.raw
        func limit(_ side: String, _ offset: Int64, _ more: String) -> String {
            let price = formatDecimal(ask + offset, scale: 8)
            return "side=\(side)&type=LIMIT&timeInForce=GTC&price=\(price)&" + more
        }
        let requests = [
            (
                "POST", "order",
                limit(
                    "BUY", -1_000 * Money.unit,
                    "quantity=1&newClientOrderId=first&icebergQty=0.1&strategyId=7")
            ),
            (
                "PUT", "order/amend/keepPriority",
                "origClientOrderId=first&newQty=0.5&newClientOrderId=amended"
            ),
            (
                "POST", "orderList/oco",
                "listClientOrderId=pair&side=SELL&quantity=0.1&aboveType=LIMIT_MAKER"
                    + "&abovePrice=70000&belowType=STOP_LOSS&belowTrailingDelta=100"
            ),
            ("POST", "order", limit("SELL", Money.unit, "quantity=0.01")),
            (
                "POST", "order",
                limit("BUY", 50 * Money.unit, "quantity=8&selfTradePreventionMode=EXPIRE_MAKER")
            ),
        ]
        for (method, path, query) in requests {
            let answer = harness.signed(method, path, "symbol=BTCUSDT&" + query)
            #expect(answer.status == 200, "\(answer.text)")
            if let id = JSONValue.parse(answer.text)?["orderId"]?.signedText {
                orders[orders.isEmpty ? "FIRST" : "LAST"] = id
            }
        }
    }

    @Test func `every question is asked`() {
        let all = Emulator.Operation.allCases.filter { !$0.isOrderRequest }
        #expect(Set(Self.questions.map(\.operation)) == Set(all))
    }

    @Test(arguments: questions)
    func `has the same answer in both encodings`(_ question: Question) throws {
        for session in [text, binary] {
            harness.api(
                question.operation.names.webSocket, parameters(of: question), on: session)
        }
        let frame = try #require(harness.take(text).last.flatMap { JSONValue.parse($0) })
        let result = try #require(frame[question.template == 100 ? "error" : "result"])
        var comparison = SchemaComparison(schema)
        comparison.compare(try #require(harness.takeBinary(binary).last), with: frame)
        let overSocket = comparison.compared

        let response = rest(question, schema: "3:5")
        #expect(Int64(response.status) == frame["status"]?.integer)
        #expect(response.fields.contains { $0 == ("Content-Type", "application/sbe") })
        #expect(comparison.compare(response.body, with: result) == question.template)
        #expect(comparison.differences.isEmpty, "\(comparison.differences.prefix(5))")
        let isEmpty = [.ping, .allocations, .blockTrades].contains(question.operation)
            || question.template == 303
        // The frame itself has an id and a status.
        #expect(isEmpty == (overSocket == 2), "\(overSocket) values")
        #expect(comparison.compared == 2 * overSocket - 2)
    }

    private func parameters(of question: Question) -> String {
        orders.reduce(question.parameters) { $0.replacing($1.key, with: $1.value) }
    }

    private func rest(_ question: Question, schema: String?) -> RESTResponse {
        let parts = question.operation.names.rest.split(separator: " ").map(String.init)
        let own = JSONValue.parse("{\(parameters(of: question))}")
        let query = Parameters(own).entries.map { "\($0.name)=\($0.value)" }
            + ["timestamp=\(harness.now.milliseconds)", "signature=good"]
        return ask(parts[0], parts[1] + "?" + query.joined(separator: "&"), schema: schema)
    }

    private func ask(
        _ method: String, _ target: String, schema: String?, accept: String = "application/sbe",
        key: String = "alice"
    ) -> RESTResponse {
        let session = harness.dialect.open(client: 0, now: harness.now)
        defer { harness.dialect.close(session) }
        return harness.dialect.respond(
            to: RESTRequest(
                method: method, target: "/api/v3/" + target, key: key, accept: accept,
                schema: schema),
            on: session, now: harness.now)
    }

    @Test func `a schema that REST does not serve is refused in binary`() throws {
        for (name, code) in [
            (nil, -1152), ("", -1152), ("3", -1152), ("3:5:1", -1152), ("a:b", -1152),
            ("2:5", -1153), ("3:6", -1153),
        ] as [(String?, Int)] {
            let response = ask("GET", "time", schema: name)
            #expect(response.status == 400)
            let text = code == -1152
                ? "Invalid `X-MBX-SBE` header; expected `<SCHEMA_ID>:<VERSION>`."
                : "Unsupported SBE schema ID or version specified in the `X-MBX-SBE` header."
            let error = try #require(JSONValue.parse(#"{"code":\#(code),"msg":"\#(text)"}"#))
            var comparison = SchemaComparison(schema)
            #expect(comparison.compare(response.body, with: error) == 100)
            #expect(comparison.differences.isEmpty, "\(comparison.differences)")
            // Who takes JSON too gets that.
            let other = ask(
                "GET", "time", schema: name, accept: "application/json;q=0.5, application/sbe")
            #expect(other.status == 200 && other.text.hasPrefix("{\"serverTime\":"))
        }
    }

    @Test func `refusals over REST are binary too, and an older schema is marked`() throws {
        let response = ask("GET", "depth?symbol=NOSUCH", schema: "3:4")
        let error = try #require(JSONValue.parse(#"{"code":-1121,"msg":"Invalid symbol."}"#))
        var comparison = SchemaComparison(schema)
        #expect(comparison.compare(response.body, with: error) == 100)
        #expect(comparison.differences.isEmpty && comparison.compared == 2)
        #expect(response.status == 400)
        #expect(response.fields.contains { $0.0 == "X-MBX-SBE-DEPRECATED" })
        #expect(
            !ask("GET", "time", schema: "3:5").fields.contains { $0.0 == "X-MBX-SBE-DEPRECATED" })
    }

    @Test func `an order placed over REST is answered in binary`() throws {
        let query = "order?symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&newClientOrderId=b"
            + "&timestamp=\(harness.now.milliseconds)&signature=good"
        let response = ask("POST", query, schema: "3:5", key: "bob")
        #expect(response.fields.contains { $0.0 == "X-MBX-ORDER-COUNT-10S" })
        let told = JSONValue.parse(
            harness.signed("GET", "order", "symbol=BTCUSDT&origClientOrderId=b", key: "bob").text)
        var comparison = SchemaComparison(schema)
        #expect(comparison.compare(response.body, with: try #require(told)) == 302)
        // The order itself is told alike; its fills and its moment only by who placed it.
        let other = comparison.differences.filter {
            !$0.contains("fills") && !$0.contains("Time") && !$0.contains("icebergQty")
                && !$0.contains("stopPrice")
        }
        #expect(other.isEmpty, "\(other)")
    }
}
