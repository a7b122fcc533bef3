import MarketModel
import Testing

@testable import Emulator

/// Every filter of sheet section 12: what passes, what fails, and how exchangeInfo shows it.
@Suite("Filters")
struct FilterTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let filter: String
        let change: @Sendable (inout SymbolConfiguration) -> Void
        /// Orders that are taken, in turn, then one that is not.
        let taken: [String]
        let refused: String
        var testDescription: String { filter }
    }

    private static let limit = "side=BUY&type=LIMIT&timeInForce=GTC"
    private static let stop = "side=SELL&type=STOP_LOSS&quantity=0.01&stopPrice=60000"

    static let cases = [
        Case(
            filter: "PRICE_FILTER", change: { $0.maxPrice = Price(raw: 65_000 * Money.unit) },
            taken: [limit + "&quantity=0.01&price=60000.01"],
            refused: limit + "&quantity=0.01&price=65000.01"),
        Case(
            filter: "PERCENT_PRICE",
            change: {
                $0.filters.priceMultiplierUp = 11_000
                $0.filters.priceMultiplierDown = 9_000
            },
            taken: [limit + "&quantity=0.01&price=55700"],
            refused: limit + "&quantity=0.01&price=55600"),
        Case(
            filter: "PERCENT_PRICE_BY_SIDE", change: { $0.askMultiplierUp = 12_000 },
            taken: [limit.replacing("BUY", with: "SELL") + "&quantity=0.01&price=74000"],
            refused: limit.replacing("BUY", with: "SELL") + "&quantity=0.01&price=74300"),
        Case(
            filter: "LOT_SIZE", change: { $0.maxQuantity = Quantity(raw: Money.unit / 10) },
            taken: [limit + "&quantity=0.1&price=60000"],
            refused: limit + "&quantity=0.10001&price=60000"),
        Case(
            filter: "MARKET_LOT_SIZE",
            change: {
                $0.marketMaxQuantity = Quantity(raw: Money.unit / 10)
                $0.filters.marketLotSize = Quantity(raw: Money.unit / 1_000)
            },
            taken: ["side=BUY&type=MARKET&quantity=0.1", limit + "&quantity=0.2&price=60000"],
            refused: "side=SELL&type=STOP_LOSS&quantity=0.0015&stopPrice=60000"),
        Case(
            filter: "MIN_NOTIONAL",
            change: {
                $0.filters.hasPlainMinNotional = true
                $0.filters.minNotionalAppliesToMarket = false
            },
            taken: ["side=BUY&type=MARKET&quantity=0.00001"],
            refused: limit + "&quantity=0.00001&price=60000"),
        Case(
            filter: "NOTIONAL", change: { $0.maxNotional = 600 * Money.unit },
            taken: [limit + "&quantity=0.01&price=60000"],
            refused: limit + "&quantity=0.01001&price=60000"),
        Case(
            filter: "ICEBERG_PARTS", change: { $0.filters.icebergParts = 10 },
            taken: [limit + "&quantity=0.1&price=60000&icebergQty=0.01"],
            refused: limit + "&quantity=0.1&price=60000&icebergQty=0.00999"),
        Case(
            filter: "TRAILING_DELTA", change: { $0.filters.minTrailingBelow = 50 },
            taken: [
                "side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=50",
                "side=BUY&type=STOP_LOSS&quantity=0.01&trailingDelta=49",
            ],
            refused: "side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=49"),
        Case(
            filter: "MAX_NUM_ORDERS", change: { $0.maxOpenOrders = 2 },
            taken: [limit + "&quantity=0.01&price=60000", stop],
            refused: limit + "&quantity=0.01&price=60000"),
        Case(
            filter: "MAX_NUM_ALGO_ORDERS", change: { $0.filters.maxAlgoOrders = 1 },
            taken: [stop, limit + "&quantity=0.01&price=60000"], refused: stop),
        Case(
            filter: "MAX_NUM_ICEBERG_ORDERS", change: { $0.filters.maxIcebergOrders = 1 },
            taken: [
                limit + "&quantity=0.1&price=60000&icebergQty=0.01",
                limit + "&quantity=0.1&price=60000",
            ],
            refused: limit + "&quantity=0.1&price=60000&icebergQty=0.01"),
        Case(
            filter: "MAX_POSITION",
            change: { $0.filters.maxPosition = Quantity(raw: 10 * Money.unit + 2_000_000) },
            taken: [
                limit + "&quantity=0.01&price=60000",
                limit.replacing("BUY", with: "SELL") + "&quantity=1&price=70000",
                limit + "&quantity=0.01&price=60000",
            ],
            refused: limit + "&quantity=0.00100&price=60000"),
    ]

    @Test(arguments: cases)
    func `passes what fits and refuses what does not`(_ example: Case) throws {
        var configuration = DialectHarness.configuration
        example.change(&configuration.symbols[0])
        let harness = try DialectHarness(configuration)
        for query in example.taken {
            let response = harness.signed("POST", "order", "symbol=BTCUSDT&" + query)
            #expect(response.status == 200, "\(query): \(response.text)")
        }
        #expect(
            harness.signed("POST", "order", "symbol=BTCUSDT&" + example.refused).text
                == #"{"code":-1013,"msg":"Filter failure: \#(example.filter)"}"#)
        let info = try #require(
            JSONValue.parse(harness.rest("GET", "exchangeInfo?symbol=BTCUSDT").text))
        let filters = info["symbols"]?.elements.first?["filters"]?.elements ?? []
        #expect(filters.contains { $0["filterType"]?.string == example.filter })
        let own = harness.signed("GET", "myFilters", "symbol=BTCUSDT")
        #expect(JSONValue.parse(own.text)?["symbolFilters"]?.elements == filters)
    }

    static let exchangeWide: [(filter: String, query: String)] = [
        ("EXCHANGE_MAX_NUM_ORDERS", limit + "&quantity=0.01&price=60000"),
        ("EXCHANGE_MAX_NUM_ALGO_ORDERS", stop),
        ("EXCHANGE_MAX_NUM_ICEBERG_ORDERS", limit + "&quantity=0.1&price=60000&icebergQty=0.01"),
    ]

    @Test(arguments: exchangeWide)
    func `some hold for all symbols together`(_ example: (filter: String, query: String)) throws {
        var configuration = DialectHarness.configuration
        configuration.symbols.append(SymbolConfiguration.defaults[1])
        configuration.accounts[0].balances["ETH"] = 100 * Money.unit
        configuration.filters.maxOrders = example.filter.hasSuffix("NUM_ORDERS") ? 1 : 0
        configuration.filters.maxAlgoOrders = 1
        configuration.filters.maxIcebergOrders = 1
        let harness = try DialectHarness(configuration)
        let other = example.query.replacing("60000", with: "2600")
        #expect(harness.signed("POST", "order", "symbol=ETHUSDT&" + other).status == 200)
        #expect(
            harness.signed("POST", "order", "symbol=BTCUSDT&" + example.query).text
                == #"{"code":-1013,"msg":"Filter failure: \#(example.filter)"}"#)
        #expect(harness.rest("GET", "exchangeInfo").text.contains(example.filter))
    }

    // EXCHANGE_MAX_NUM_ORDER_LISTS
    @Test func `open lists count over all symbols together`() throws {
        var configuration = DialectHarness.configuration
        configuration.symbols.append(SymbolConfiguration.defaults[1])
        configuration.accounts[0].balances["ETH"] = 100 * Money.unit
        configuration.filters.maxOrderLists = 2
        let harness = try DialectHarness(configuration)
        func pair(_ symbol: String, _ above: Int, _ below: Int) -> RESTResponse {
            harness.signed(
                "POST", "orderList/oco",
                "symbol=\(symbol)&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=\(above)"
                    + "&belowType=STOP_LOSS&belowStopPrice=\(below)&listClientOrderId=\(symbol)")
        }
        #expect(pair("ETHUSDT", 3_000, 2_000).status == 200)
        #expect(pair("BTCUSDT", 70_000, 50_000).status == 200)
        #expect(
            harness.signed(
                "POST", "orderList/oto",
                "symbol=BTCUSDT&workingType=LIMIT&workingSide=BUY&workingPrice=60000"
                    + "&workingQuantity=0.01&workingTimeInForce=GTC&pendingType=MARKET"
                    + "&pendingSide=SELL&pendingQuantity=0.01"
            ).text == #"{"code":-1013,"msg":"Filter failure: EXCHANGE_MAX_NUM_ORDER_LISTS"}"#)
        // A list that has ended makes room for another.
        #expect(
            harness.signed(
                "DELETE", "orderList", "symbol=ETHUSDT&listClientOrderId=ETHUSDT"
            ).status == 200)
        #expect(pair("ETHUSDT", 3_000, 2_000).status == 200)
        #expect(
            harness.rest("GET", "exchangeInfo").text.contains(
                #"{"filterType":"EXCHANGE_MAX_NUM_ORDER_LISTS","maxNumOrderLists":2}"#))
    }

    /// The most of an asset in one order: its quantity in the base, its value in the quote.
    @Test(arguments: [
        ("BTC", "BTCUSDT", 2, [limit + "&quantity=2&price=60000"], limit + "&quantity=2.00001&price=60000"),
        (
            "USDT", "BTCUSDT", 600, [limit + "&quantity=0.01&price=60000"],
            limit + "&quantity=0.01&price=60000.01"
        ),
        (
            "USDT", "BTCUSDT", 600, ["side=BUY&type=MARKET&quoteOrderQty=600"],
            "side=BUY&type=MARKET&quoteOrderQty=600.01"
        ),
    ])
    func `the most of an asset that an order may move is told to the account`(
        asset: String, symbol: String, most: Int64, taken: [String], refused: String
    ) throws {
        var configuration = DialectHarness.configuration
        configuration.filters.maxAsset[asset] = most * Money.unit
        let harness = try DialectHarness(configuration)
        for query in taken {
            let response = harness.signed("POST", "order", "symbol=\(symbol)&" + query)
            #expect(response.status == 200, "\(query): \(response.text)")
        }
        #expect(
            harness.signed("POST", "order", "symbol=\(symbol)&" + refused).text
                == #"{"code":-1013,"msg":"Filter failure: MAX_ASSET"}"#)
        let own = JSONValue.parse(harness.signed("GET", "myFilters", "symbol=\(symbol)").text)
        let filter = own?["assetFilters"]?.elements.first
        #expect(filter?["filterType"]?.string == "MAX_ASSET" && filter?["asset"]?.string == asset)
        #expect(filter?["limit"]?.string == "\(most).00000000")
        #expect(!harness.rest("GET", "exchangeInfo").text.contains("MAX_ASSET"))
    }

    @Test(arguments: SymbolStatus.allCases)
    func `only a trading symbol takes orders; every one lets them be cancelled`(
        _ status: SymbolStatus
    ) throws {
        let harness = try DialectHarness()
        let order = "symbol=BTCUSDT&" + Self.limit + "&quantity=0.01&price=60000"
        _ = harness.signed("POST", "order", order + "&newClientOrderId=mine")
        harness.dialect.exchange.markets[0].status = status
        let response = harness.signed("POST", "order", order)
        if status == .trading {
            #expect(response.status == 200)
        } else {
            #expect(response.text == #"{"code":-2010,"msg":"Market is closed."}"#)
        }
        let cancel = harness.signed("DELETE", "order", "symbol=BTCUSDT&origClientOrderId=mine")
        #expect(cancel.status == 200)
        #expect(
            harness.rest("GET", "exchangeInfo").text
                .contains(#""status":"\#(status.rawValue)""#))
    }
}
