import MarketModel
import Testing

@testable import Emulator

/// Which parameters each order type takes and what the venue says of others, over both APIs.
@Suite("Order parameters")
struct OrderParameterTests {
    /// A request without its symbol, and the refusal; `nil`: accepted.
    struct Case: CustomTestStringConvertible, Sendable {
        let query: String
        let code: Int
        let message: String
        var testDescription: String { query }

        init(_ query: String, _ code: Int = 0, _ message: String = "") {
            self.query = query
            self.code = code
            self.message = message
        }
    }

    private static func missing(_ name: String) -> String {
        "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed."
    }

    private static func unwanted(_ name: String) -> String {
        "Parameter '\(name)' sent when not required."
    }

    private static let noTrigger =
        "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!"
    private static let decimals = "legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."

    static let accepted = [
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000"),
        Case("side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=60000"),
        Case("side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.01&price=60000"),
        Case("side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=65000&icebergQty=0.001"),
        Case("side=SELL&type=LIMIT_MAKER&quantity=0.01&price=65000"),
        Case("side=SELL&type=LIMIT_MAKER&quantity=0.01&price=65000&icebergQty=0.001"),
        Case("side=BUY&type=MARKET&quantity=0.01"),
        Case("side=BUY&type=MARKET&quoteOrderQty=100"),
        Case("side=SELL&type=MARKET&quoteOrderQty=100"),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000"),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=100"),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000&trailingDelta=100"),
        Case("side=BUY&type=TAKE_PROFIT&quantity=0.01&stopPrice=60000"),
        Case("side=BUY&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=0.01&price=65000&stopPrice=64000"),
        Case("side=BUY&type=STOP_LOSS_LIMIT&timeInForce=IOC&quantity=0.01&price=65000&trailingDelta=10"),
        Case("side=SELL&type=TAKE_PROFIT_LIMIT&timeInForce=GTC&quantity=0.01&price=64000&stopPrice=64000&icebergQty=0.001"),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&selfTradePreventionMode=DECREMENT"),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&selfTradePreventionMode=TRANSFER"),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&strategyId=7&strategyType=1000000"),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&newClientOrderId=a-b_9"),
    ]

    static let refused = [
        // Trigger parameters.
        Case("side=SELL&type=STOP_LOSS&quantity=0.01", -1102, noTrigger),
        Case("side=SELL&type=TAKE_PROFIT&quantity=0.01", -1102, noTrigger),
        Case("side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=0.01&price=60000", -1102, noTrigger),
        Case("side=SELL&type=LIMIT&timeInForce=GTC&quantity=0.01&price=65000&stopPrice=60000", -1106, unwanted("stopPrice")),
        Case("side=SELL&type=LIMIT_MAKER&quantity=0.01&price=65000&trailingDelta=100", -1106, unwanted("trailingDelta")),
        Case("side=SELL&type=MARKET&quantity=0.01&stopPrice=60000", -1106, unwanted("stopPrice")),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=62000", -2010, "Order would trigger immediately."),
        Case("side=BUY&type=TAKE_PROFIT_LIMIT&timeInForce=GTC&quantity=0.01&price=60000&stopPrice=62000", -2010, "Order would trigger immediately."),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000.001", -1013, "Filter failure: PRICE_FILTER"),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=9", -1013, "Filter failure: TRAILING_DELTA"),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=2001", -1013, "Filter failure: TRAILING_DELTA"),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=x", -1100, "Illegal characters found in parameter 'trailingDelta'; legal range is '^[0-9]{1,20}$'."),
        // Price, time in force and quantity.
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000&price=60000", -1106, unwanted("price")),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000&timeInForce=GTC", -1106, unwanted("timeInForce")),
        Case("side=SELL&type=STOP_LOSS_LIMIT&quantity=0.01&stopPrice=60000&price=60000", -1102, missing("timeInForce")),
        Case("side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&quantity=0.01&stopPrice=60000", -1102, missing("price")),
        Case("side=SELL&type=STOP_LOSS&stopPrice=60000", -1102, missing("quantity")),
        Case("side=SELL&type=STOP_LOSS&stopPrice=60000&quoteOrderQty=100", -1106, unwanted("quoteOrderQty")),
        Case("side=BUY&type=MARKET&quantity=0.01&quoteOrderQty=100", -1128, "Combination of optional parameters invalid."),
        Case("side=BUY&type=MARKET&quoteOrderQty=1", -1013, "Filter failure: NOTIONAL"),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=6e4", -1100, "Illegal characters found in parameter 'price'; " + decimals),
        // Icebergs.
        Case("side=BUY&type=MARKET&quantity=0.01&icebergQty=0.001", -1106, unwanted("icebergQty")),
        Case("side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000&icebergQty=0.001", -1106, unwanted("icebergQty")),
        Case("side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=60000&icebergQty=0.001", -1014, "Unsupported order combination."),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&icebergQty=0.02", -2010, "IcebergQty exceeds QTY."),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&icebergQty=0.000001", -1013, "Filter failure: LOT_SIZE"),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.1&price=60000&icebergQty=0.0009", -1013, "Filter failure: ICEBERG_PARTS"),
        // Labels and modes.
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&strategyType=999999", -1134, "strategyType was less than 1000000."),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&selfTradePreventionMode=SOME", -1013, "This symbol does not allow the specified self-trade prevention mode."),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&newOrderRespType=SHORT", -1130, "Data sent for parameter 'newOrderRespType' is not valid."),
        Case("side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=60000&pegPriceType=PRIMARY_PEG", -2010, "Pegged orders are not supported for this symbol."),
        Case("side=BUY&type=STOP&timeInForce=GTC&quantity=0.01&price=60000", -1116, "Invalid orderType."),
    ]

    @Test(arguments: accepted)
    func `takes these`(_ example: Case) throws {
        let harness = try DialectHarness()
        let response = harness.signed("POST", "order", "symbol=BTCUSDT&" + example.query)
        #expect(response.status == 200, "\(response.text)")
        let test = harness.signed(
            "POST", "order/test", "symbol=BTCUSDT&" + example.query)
        #expect(test.text == "{}")
    }

    @Test(arguments: refused)
    func `refuses these in the venue's words, over both APIs`(_ example: Case) throws {
        let harness = try DialectHarness()
        let body = #"{"code":\#(example.code),"msg":"#
        let response = harness.signed("POST", "order", "symbol=BTCUSDT&" + example.query)
        #expect(response.status == 400)
        let parsed = try #require(JSONValue.parse(response.text))
        #expect(response.text.hasPrefix(body))
        #expect(parsed["msg"]?.string == example.message)

        let session = harness.connect("/ws-api/v3")
        let members = Parameters(query: example.query).entries
            .map { #""\#($0.name)":"\#($0.value)""# }
        harness.api(
            "order.place", #""symbol":"BTCUSDT","# + members.joined(separator: ","), on: session)
        let answer = try #require(harness.take(session).first)
        let frame = try #require(JSONValue.parse(answer))
        #expect(frame["status"]?.integer == 400)
        #expect(frame["error"]?["code"]?.integer == Int64(example.code))
        #expect(frame["error"]?["msg"]?.string == example.message)
    }

    struct Missing: CustomTestStringConvertible, Sendable {
        let feature: SymbolFeatures
        let path: String
        let query: String
        let message: String
        var testDescription: String { message }
    }

    /// What a symbol may not offer.
    static let features = [
        Missing(feature: .stopLoss, path: "order", query: "side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000", message: "Stop loss orders are not supported for this symbol."),
        Missing(feature: .stopLossLimit, path: "order", query: "side=SELL&type=STOP_LOSS_LIMIT&timeInForce=GTC&price=60000&quantity=0.01&stopPrice=60000", message: "Stop loss limit orders are not supported for this symbol."),
        Missing(feature: .takeProfit, path: "order", query: "side=SELL&type=TAKE_PROFIT&quantity=0.01&stopPrice=64000", message: "Take profit orders are not supported for this symbol."),
        Missing(feature: .takeProfitLimit, path: "order", query: "side=SELL&type=TAKE_PROFIT_LIMIT&timeInForce=GTC&price=64000&quantity=0.01&stopPrice=64000", message: "Take profit limit orders are not supported for this symbol."),
        Missing(feature: .market, path: "order", query: "side=BUY&type=MARKET&quantity=0.01", message: "Market orders are not supported for this symbol."),
        Missing(feature: .quoteMarket, path: "order", query: "side=BUY&type=MARKET&quoteOrderQty=100", message: "Quote order qty market orders are not support for this symbol."),
        Missing(feature: .iceberg, path: "order", query: "side=BUY&type=LIMIT&timeInForce=GTC&price=60000&quantity=0.01&icebergQty=0.001", message: "Iceberg orders are not supported for this symbol."),
        Missing(feature: .trailingStop, path: "order", query: "side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=100", message: "Trailing stop orders are not supported for this symbol."),
        Missing(feature: .oneCancelsOther, path: "orderList/oco", query: "side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000&belowType=STOP_LOSS&belowStopPrice=60000", message: "OCO orders are not supported for this symbol"),
        Missing(feature: .cancelReplace, path: "order/cancelReplace", query: "side=BUY&type=LIMIT&timeInForce=GTC&price=60000&quantity=0.01&cancelReplaceMode=ALLOW_FAILURE&cancelOrderId=1", message: "Order cancel-replace is not supported for this symbol."),
    ]

    @Test(arguments: features)
    func `a symbol that lacks something says so`(_ example: Missing) throws {
        var configuration = DialectHarness.configuration
        configuration.symbols[0].features.remove(example.feature)
        let harness = try DialectHarness(configuration)
        let response = harness.signed("POST", example.path, "symbol=BTCUSDT&" + example.query)
        #expect(response.text == #"{"code":-2010,"msg":"\#(example.message)"}"#)
    }
}

@Suite("Order list parameters")
struct OrderListParameterTests {
    typealias Case = OrderParameterTests.Case

    static let accepted: [(path: String, query: String)] = [
        ("oco", "side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000&belowType=STOP_LOSS&belowStopPrice=60000"),
        ("oco", "side=SELL&quantity=0.01&aboveType=TAKE_PROFIT&aboveStopPrice=65000&belowType=STOP_LOSS_LIMIT&belowStopPrice=60000&belowPrice=59900&belowTimeInForce=GTC"),
        ("oco", "side=BUY&quantity=0.01&aboveType=STOP_LOSS&aboveStopPrice=63000&belowType=LIMIT_MAKER&belowPrice=60000&listClientOrderId=mine"),
        ("oco", "side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000&aboveIcebergQty=0.001&belowType=STOP_LOSS&belowTrailingDelta=100"),
        ("oto", "workingType=LIMIT&workingSide=BUY&workingPrice=60000&workingQuantity=0.01&workingTimeInForce=GTC&pendingType=MARKET&pendingSide=SELL&pendingQuantity=0.01"),
        ("oto", "workingType=LIMIT_MAKER&workingSide=BUY&workingPrice=60000&workingQuantity=0.01&pendingType=STOP_LOSS_LIMIT&pendingSide=SELL&pendingQuantity=0.01&pendingPrice=59000&pendingStopPrice=59100&pendingTimeInForce=GTC"),
        ("otoco", "workingType=LIMIT&workingSide=BUY&workingPrice=60000&workingQuantity=0.01&workingTimeInForce=GTC&pendingSide=SELL&pendingQuantity=0.01&pendingAboveType=LIMIT_MAKER&pendingAbovePrice=65000&pendingBelowType=STOP_LOSS&pendingBelowStopPrice=59000"),
    ]

    static let pair = "quantity=0.01&abovePrice=65000&belowPrice=60000"

    static let refused: [(path: String, example: Case)] = [
        ("oco", Case("side=SELL&aboveType=MARKET&belowType=STOP_LOSS&" + pair, -1158, "Order type not supported in OCO.")),
        ("oco", Case("side=SELL&aboveType=LIMIT_MAKER&belowType=LIMIT_MAKER&" + pair, -1168, "At least one OCO order must be contingent.")),
        ("oco", Case("side=BUY&aboveType=LIMIT_MAKER&belowType=STOP_LOSS&" + pair, -1165, "A limit order in a buy OCO must be below.")),
        ("oco", Case("side=SELL&aboveType=STOP_LOSS&belowType=LIMIT_MAKER&" + pair, -1166, "A limit order in a sell OCO must be above.")),
        ("oco", Case("side=BUY&aboveType=STOP_LOSS&belowType=STOP_LOSS&" + pair, -1196, "A stop loss order in a buy OCO must be above.")),
        ("oco", Case("side=SELL&aboveType=STOP_LOSS&belowType=STOP_LOSS&" + pair, -1197, "A stop loss order in a sell OCO must be below.")),
        ("oco", Case("side=BUY&aboveType=TAKE_PROFIT&belowType=LIMIT_MAKER&" + pair, -1198, "A take profit order in a buy OCO must be below.")),
        ("oco", Case("side=SELL&aboveType=LIMIT_MAKER&belowType=TAKE_PROFIT&" + pair, -1199, "A take profit order in a sell OCO must be above.")),
        ("oco", Case("side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000&belowType=STOP_LOSS_LIMIT&belowPrice=59000&belowStopPrice=59100&belowTimeInForce=IOC&belowIcebergQty=0.001", -1160, "Parameter 'belowIcebergQty' is not supported if 'belowTimeInForce' is not GTC.")),
        ("oco", Case("side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=65000&belowType=STOP_LOSS", -1102, "Param 'belowStopPrice' or 'belowTrailingDelta' must be sent, but both were empty/null!")),
        ("oco", Case("side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&belowType=STOP_LOSS&belowStopPrice=60000", -1102, "Mandatory parameter 'abovePrice' was not sent, was empty/null, or malformed.")),
        ("oco", Case("side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=61000&belowType=STOP_LOSS&belowStopPrice=60000", -2010, "The relationship of the prices for the orders is not correct.")),
        ("oto", Case("workingType=MARKET&workingSide=BUY&workingQuantity=0.01&pendingType=MARKET&pendingSide=SELL&pendingQuantity=0.01", -1116, "Invalid orderType.")),
        ("oto", Case("workingType=LIMIT&workingSide=BUY&workingPrice=60000&workingQuantity=0.01&pendingType=MARKET&pendingSide=SELL&pendingQuantity=0.01", -1102, "Mandatory parameter 'workingTimeInForce' was not sent, was empty/null, or malformed.")),
        ("oto", Case("workingType=LIMIT&workingSide=BUY&workingPrice=60000&workingQuantity=0.01&workingTimeInForce=GTC&pendingType=LIMIT&pendingSide=SELL&pendingQuantity=0.01&pendingTimeInForce=GTC", -1102, "Mandatory parameter 'pendingPrice' was not sent, was empty/null, or malformed.")),
        ("otoco", Case("workingType=LIMIT&workingSide=BUY&workingPrice=60000&workingQuantity=0.01&workingTimeInForce=GTC&pendingSide=SELL&pendingQuantity=0.01&pendingAboveType=LIMIT_MAKER&pendingAbovePrice=58000&pendingBelowType=STOP_LOSS&pendingBelowStopPrice=59000", -2010, "The relationship of the prices for the orders is not correct.")),
    ]

    @Test(arguments: accepted)
    func `takes these`(_ example: (path: String, query: String)) throws {
        let response = try DialectHarness().signed(
            "POST", "orderList/" + example.path, "symbol=BTCUSDT&" + example.query)
        #expect(response.status == 200, "\(response.text)")
    }

    @Test(arguments: refused)
    func `refuses these in the venue's words`(_ example: (path: String, example: Case)) throws {
        let response = try DialectHarness().signed(
            "POST", "orderList/" + example.path, "symbol=BTCUSDT&" + example.example.query)
        #expect(
            response.text
                == #"{"code":\#(example.example.code),"msg":"\#(example.example.message)"}"#)
    }
}
