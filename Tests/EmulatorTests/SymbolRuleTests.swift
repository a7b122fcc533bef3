import MarketModel
import Testing

@testable import Emulator

/// What exchangeInfo tells of symbols is how they behave, and who asks for part of it gets that.
@Suite("Symbol rules")
struct SymbolRuleTests {
    private static let order = "symbol=BTCUSDT&side=BUY&quantity=0.01&price=60000&timeInForce=GTC&"
    private static let list =
        "symbol=BTCUSDT&workingType=LIMIT&workingSide=BUY&workingPrice=60000&workingQuantity=0.01"
        + "&workingTimeInForce=GTC&pendingType=MARKET&pendingSide=SELL"

    /// Requests for what every symbol here goes without, and the venue's words for that.
    static let refused: [(method: String, path: String, query: String, body: String)] = [
        ("POST", "sor/order", order + "type=LIMIT", #"{"code":-1013,"msg":"This symbol has no SOR."}"#),
        ("POST", "sor/order/test", order + "type=LIMIT", #"{"code":-1013,"msg":"This symbol has no SOR."}"#),
        ("POST", "orderList/opo", list, #"{"code":-2010,"msg":"OPO orders are not supported for this symbol."}"#),
        ("POST", "orderList/opoco", list, #"{"code":-2010,"msg":"OPO orders are not supported for this symbol."}"#),
        ("POST", "order", order + "type=LIMIT&pegPriceType=PRIMARY_PEG", #"{"code":-2010,"msg":"Pegged orders are not supported for this symbol."}"#),
        ("POST", "order", order + "type=LIMIT&pegPriceType=NO_PEG", #"{"code":-1210,"msg":"Invalid pegPriceType."}"#),
        ("POST", "order", order + "type=LIMIT&pegOffsetType=TICKS", #"{"code":-1211,"msg":"Invalid pegOffsetType."}"#),
        ("POST", "order", order + "type=LIMIT&pegOffsetValue=3", #"{"code":-1106,"msg":"Parameter 'pegOffsetValue' sent when not required."}"#),
        ("GET", "referencePrice", "symbol=BTCUSDT", #"{"code":-2043,"msg":"This symbol doesn't have a reference price."}"#),
        ("GET", "referencePrice/calculation", "symbol=BTCUSDT", #"{"code":-2043,"msg":"This symbol doesn't have a reference price."}"#),
        ("GET", "referencePrice", "symbol=NOSUCH", #"{"code":-1121,"msg":"Invalid symbol."}"#),
        ("GET", "historicalBlockTrades", "symbol=BTCUSDT", #"{"code":-1102,"msg":"Mandatory parameter 'fromId' was not sent, was empty/null, or malformed."}"#),
    ]

    @Test(arguments: refused)
    func `what no symbol has is refused in the venue's words`(
        _ example: (method: String, path: String, query: String, body: String)
    ) throws {
        let harness = try DialectHarness()
        let response = harness.signed(example.method, example.path, example.query)
        #expect(response.text == example.body)
        #expect(response.status == 400)
        #expect(harness.signed("GET", "openOrders", "").text == "[]")
    }

    @Test func `exchangeInfo does not promise what is refused`() throws {
        let harness = try DialectHarness()
        let info = try #require(JSONValue.parse(harness.rest("GET", "exchangeInfo").text))
        #expect(info["sors"] == nil)
        for symbol in info["symbols"]?.elements ?? [] {
            #expect(symbol["opoAllowed"] == .boolean(false))
            #expect(symbol["pegInstructionsAllowed"] == .boolean(false))
        }
        #expect(
            harness.rest("GET", "executionRules?symbol=BTCUSDT").text
                == #"{"symbolRules":[{"symbol":"BTCUSDT","rules":[]}]}"#)
        #expect(
            harness.rest("GET", "historicalBlockTrades?symbol=BTCUSDT&fromId=0").text == "[]")
    }

    private static let badCombination =
        #"{"code":-1128,"msg":"Combination of optional parameters invalid."}"#
    private static let otherStatus =
        #"{"code":-1220,"msg":"The symbol's status does not match the requested symbolStatus."}"#

    /// Two symbols, the second halted: how many are told of, or the refusal.
    static let selections: [(target: String, count: Int, body: String)] = [
        ("exchangeInfo", 2, ""),
        ("exchangeInfo?symbolStatus=HALT", 1, ""),
        ("exchangeInfo?symbolStatus=BREAK", 0, ""),
        ("exchangeInfo?symbolStatus=OPEN", 0, #"{"code":-1122,"msg":"Invalid symbolStatus."}"#),
        ("exchangeInfo?symbol=BTCUSDT&symbolStatus=HALT", 0, badCombination),
        ("exchangeInfo?permissions=SPOT", 2, ""),
        (#"exchangeInfo?permissions=["MARGIN","SPOT"]"#, 2, ""),
        ("exchangeInfo?permissions=MARGIN", 0, ""),
        ("exchangeInfo?permissions=SPOT&symbol=BTCUSDT", 0, badCombination),
        (#"exchangeInfo?symbols=["BTCUSDT","BTCUSDT"]"#, 0, #"{"code":-1151,"msg":"Symbol is present multiple times in the list."}"#),
        (#"ticker/price?symbols=["BTCUSDT","ETHUSDT"]&symbolStatus=HALT"#, 1, ""),
        ("ticker/bookTicker?symbolStatus=TRADING", 1, ""),
        ("ticker/24hr?symbol=ETHUSDT&symbolStatus=TRADING", 0, otherStatus),
        ("depth?symbol=ETHUSDT&symbolStatus=TRADING", 0, otherStatus),
        ("referencePrice/calculation?symbol=ETHUSDT&symbolStatus=BREAK", 0, otherStatus),
        ("executionRules", 2, ""),
        ("executionRules?symbolStatus=TRADING", 1, ""),
        ("executionRules?symbol=BTCUSDT&symbolStatus=TRADING", 0, badCombination),
    ]

    @Test(arguments: selections)
    func `symbols are chosen by name, status and permission`(
        _ example: (target: String, count: Int, body: String)
    ) throws {
        var configuration = DialectHarness.configuration
        configuration.symbols.append(SymbolConfiguration.defaults[1])
        let harness = try DialectHarness(configuration)
        harness.dialect.perform(.setStatus(symbol: "ETHUSDT", .halt), now: harness.now)
        let response = harness.rest("GET", example.target)
        guard example.body.isEmpty else {
            #expect(response.text == example.body)
            return
        }
        let answer = try #require(JSONValue.parse(response.text))
        let rows = answer["symbols"] ?? answer["symbolRules"] ?? answer
        #expect(rows.elements.count == example.count, "\(response.text.prefix(200))")
    }

    @Test func `permission sets are left out when they are not wanted`() throws {
        let harness = try DialectHarness()
        #expect(harness.rest("GET", "exchangeInfo").text.contains(#""permissionSets":[["SPOT"]]"#))
        #expect(
            harness.rest("GET", "exchangeInfo?showPermissionSets=false").text
                .contains(#""permissionSets":[],"#))
    }

    /// The old request for a pair and the new one for the same.
    static let pairs: [(old: String, new: String)] = [
        (
            "side=SELL&quantity=0.01&price=70000&stopPrice=50000&limitClientOrderId=l"
                + "&stopClientOrderId=s&limitIcebergQty=0.001&limitStrategyId=4",
            "side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=STOP_LOSS"
                + "&belowStopPrice=50000&aboveClientOrderId=l&belowClientOrderId=s"
                + "&aboveIcebergQty=0.001&aboveStrategyId=4"
        ),
        (
            "side=BUY&quantity=0.01&price=50000&stopPrice=70000&stopLimitPrice=71000"
                + "&stopLimitTimeInForce=GTC&stopIcebergQty=0.001&limitClientOrderId=l"
                + "&stopClientOrderId=s&newOrderRespType=FULL",
            "side=BUY&quantity=0.01&belowType=LIMIT_MAKER&belowPrice=50000"
                + "&aboveType=STOP_LOSS_LIMIT&aboveStopPrice=70000&abovePrice=71000"
                + "&aboveTimeInForce=GTC&aboveIcebergQty=0.001&belowClientOrderId=l"
                + "&aboveClientOrderId=s&newOrderRespType=FULL"
        ),
        (
            "side=SELL&quantity=0.01&price=70000&trailingDelta=100&limitClientOrderId=l"
                + "&stopClientOrderId=s&newOrderRespType=ACK",
            "side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=STOP_LOSS"
                + "&belowTrailingDelta=100&aboveClientOrderId=l&belowClientOrderId=s"
                + "&newOrderRespType=ACK"
        ),
    ]

    @Test(arguments: pairs)
    func `the old request for a pair does what the new one does`(
        _ example: (old: String, new: String)
    ) throws {
        let common = "symbol=BTCUSDT&listClientOrderId=pair&"
        let old = try DialectHarness()
        let new = try DialectHarness()
        let answer = old.signed("POST", "order/oco", common + example.old)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text == new.signed("POST", "orderList/oco", common + example.new).text)
        #expect(answer.fields.contains { $0 == ("X-MBX-ORDER-COUNT-10S", "2") })
        #expect(
            old.signed("GET", "openOrders", "").text == new.signed("GET", "openOrders", "").text)
    }

    @Test func `the old request names its own parameters when they are wrong`() throws {
        let harness = try DialectHarness()
        func refusal(_ query: String) -> String {
            harness.signed("POST", "order/oco", "symbol=BTCUSDT&side=SELL&quantity=0.01&" + query)
                .text
        }
        #expect(refusal("stopPrice=50000").contains("Mandatory parameter 'price'"))
        #expect(refusal("price=70000").contains("'stopPrice' or 'trailingDelta'"))
        #expect(
            refusal("price=70000&stopPrice=50000&stopLimitPrice=49000")
                .contains("Mandatory parameter 'stopLimitTimeInForce'"))
        #expect(
            refusal("price=50000&stopPrice=70000")
                == #"{"code":-2010,"msg":"The relationship of the prices for the orders is not correct."}"#)
    }

    @Test func `both old and new go over the WebSocket API`() throws {
        let harness = try DialectHarness()
        let session = harness.connect("/ws-api/v3")
        harness.api(
            "orderList.place",
            #""symbol":"BTCUSDT","side":"SELL","quantity":"0.01","price":"70000","stopPrice":"50000""#,
            on: session)
        harness.api("sor.order.place", #""symbol":"BTCUSDT","side":"BUY","type":"MARKET","quantity":"1""#, on: session)
        let answers = harness.take(session)
        #expect(answers.first?.contains(#""contingencyType":"OCO""#) == true)
        #expect(answers.last?.contains("This symbol has no SOR.") == true)
    }
}
