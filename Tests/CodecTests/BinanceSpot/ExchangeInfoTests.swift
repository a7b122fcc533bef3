import MarketModel
import Testing

@testable import Codec

struct ExchangeInfoTests {
    private func parse(
        _ text: String, wanted: [String] = [], assets: [String] = []
    ) throws(DecodeFailure) -> BinanceSpotExchangeInfo {
        let bytes = GuardedBytes(text)
        return try BinanceSpotExchangeInfo(
            bytes.start, bytes.count, wanted: wanted.map(Market.name),
            assets: assets.map(Market.name))
    }

    private func symbol(
        _ name: String, status: String = "TRADING", filters: String, more: String = ""
    ) -> String {
        #"{"symbol":"\#(name)","status":"\#(status)","baseAsset":"\#(name.prefix(3))","quoteAsset":"USDT","orderTypes":["LIMIT","LIMIT_MAKER","MARKET"],\#(more)"filters":[\#(filters)]}"#
    }

    private let basic =
        #"{"filterType":"PRICE_FILTER","minPrice":"0.01000000","maxPrice":"1000000.00000000","tickSize":"0.01000000"},{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"9000.00000000","stepSize":"0.00001000"}"#

    @Test func `reads today's filters`() throws {
        let filters =
            basic
            + #",{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"9000000.00000000","applyMaxToMarket":false,"avgPriceMins":5},{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"5","bidMultiplierDown":"0.2","askMultiplierUp":"4.5","askMultiplierDown":"0.3","avgPriceMins":5},{"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"100.05381873","stepSize":"0.00000000"},{"filterType":"MAX_NUM_ORDERS","maxNumOrders":200},{"filterType":"MAX_POSITION","maxPosition":"10.5"},{"filterType":"TRAILING_DELTA","minTrailingAboveDelta":10,"maxTrailingAboveDelta":2000,"minTrailingBelowDelta":20},{"filterType":"ICEBERG_PARTS","limit":100},{"filterType":"MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":5},{"filterType":"MAX_NUM_ICEBERG_ORDERS","maxNumIcebergOrders":7},{"filterType":"MAX_NUM_ORDER_LISTS","maxNumOrderLists":20},{"filterType":"MAX_NUM_ORDER_AMENDS","maxNumOrderAmends":10},{"filterType":"T_PLUS_SELL","endTime":1}"#
        let more =
            #""icebergAllowed":true,"quoteOrderQtyMarketAllowed":true,"cancelReplaceAllowed":true,"amendAllowed":false,"isSpotTradingAllowed":true,"ocoAllowed":true,"otoAllowed":false,"allowTrailingStop":true,"allowedSelfTradePreventionModes":["NONE","DECREMENT","SOMETHING_NEW"],"#
        let info = try parse(
            #"{"serverTime":1565246363776,"rateLimits":[],"exchangeFilters":[{"filterType":"EXCHANGE_MAX_NUM_ORDERS","maxNumOrders":1000},{"filterType":"EXCHANGE_MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":200},{"filterType":"EXCHANGE_MAX_NUM_ICEBERG_ORDERS","maxNumIcebergOrders":10000},{"filterType":"EXCHANGE_MAX_NUM_ORDER_LISTS","maxNumOrderLists":20},{"filterType":"EXCHANGE_NEW_ONE","limit":1}],"symbols":[\#(symbol("BTCUSDT", filters: filters, more: more))]}"#
        )
        // The venue alone knows all orders of the account: the operator is told that it checks.
        #expect(info.unknownFilters == ["EXCHANGE_NEW_ONE", "T_PLUS_SELL"])
        #expect(
            info.accountLimits
                == AccountOrderLimits(
                    orders: 1_000, conditionalOrders: 200, icebergOrders: 10_000, orderLists: 20))
        let instrument = try #require(info.instruments.first)
        #expect(instrument.symbol.text == "BTCUSDT")
        #expect(instrument.priceScale == 8 && instrument.quantityScale == 8)
        #expect(instrument.priceDecimals == 2 && instrument.quantityDecimals == 5)
        #expect(instrument.tickSize.raw == 1_000_000)
        #expect(instrument.maxPrice.raw == 100_000_000_000_000)
        #expect(instrument.lotSize.raw == 1_000)
        #expect(instrument.minQuantity.raw == 1_000)
        #expect(instrument.marketMaxQuantity.raw == 10_005_381_873)
        #expect(instrument.marketLotSize == .zero)
        #expect(instrument.minNotional == instrument.notional(quoteUnits: 5))
        #expect(instrument.maxNotional == instrument.notional(quoteUnits: 9_000_000))
        #expect(instrument.minNotionalAppliesToMarket && !instrument.maxNotionalAppliesToMarket)
        #expect(instrument.bidMultiplierUp == 50_000 && instrument.bidMultiplierDown == 2_000)
        #expect(instrument.askMultiplierUp == 45_000 && instrument.askMultiplierDown == 3_000)
        #expect(instrument.maxOpenOrders == 200)
        #expect(instrument.maxPosition.raw == 1_050_000_000)
        #expect(
            instrument.features
                == [
                    .limit, .limitMaker, .market, .quoteQuantityMarket, .cancelReplace, .iceberg,
                    .oneCancelsOther, .trailingStop,
                ])
        #expect(instrument.minTrailingAbove == 10 && instrument.maxTrailingAbove == 2_000)
        #expect(instrument.minTrailingBelow == 20 && instrument.maxTrailingBelow == 0)
        #expect(instrument.maxIcebergParts == 100 && instrument.maxConditionalOrders == 5)
        #expect(instrument.maxIcebergOrders == 7 && instrument.maxOrderLists == 20)
        #expect(instrument.maxAmendments == 10 && instrument.averagePriceMinutes == 5)
        #expect(
            instrument.selfTradePreventionModes
                == SelfTradePrevention.none.bit | SelfTradePrevention.decrement.bit)
    }

    @Test func `of two percent bands the narrower holds on each side`() throws {
        let filters =
            basic
            + #",{"filterType":"PERCENT_PRICE","multiplierUp":"4.8","multiplierDown":"0.25"},{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"5","bidMultiplierDown":"0.2","askMultiplierUp":"4.5","askMultiplierDown":"0.3"}"#
        let info = try parse(#"{"symbols":[\#(symbol("BTCUSDT", filters: filters))]}"#)
        let instrument = try #require(info.instruments.first)
        #expect(instrument.bidMultiplierUp == 48_000 && instrument.bidMultiplierDown == 2_500)
        #expect(instrument.askMultiplierUp == 45_000 && instrument.askMultiplierDown == 3_000)
    }

    @Test(
        arguments: [
            ("TRADING", InstrumentStatus.trading), ("CANCEL_ONLY", .cancelOnly), ("HALT", .halted),
            ("BREAK", .halted), ("SOMETHING_NEW", .halted),
        ])
    func `takes an unknown status for a halt`(status: String, expected: InstrumentStatus) throws {
        let info = try parse(
            #"{"symbols":[\#(symbol("BTCUSDT", status: status, filters: basic))]}"#)
        #expect(info.instruments.first?.status == expected)
        let closed = try parse(
            #"{"symbols":[\#(symbol("BTCUSDT", filters: basic, more: #""isSpotTradingAllowed":false,"#))]}"#
        )
        #expect(closed.instruments.first?.status == .halted)
    }

    @Test func `orders by the wanted list and numbers assets`() throws {
        let list = ["AAAUSDT", "BBBUSDT", "CCCUSDT"].map { symbol($0, filters: basic) }
        let info = try parse(
            #"{"symbols":[\#(list.joined(separator: ","))]}"#,
            wanted: ["CCCUSDT", "NOSUCH", "AAAUSDT"], assets: ["BNB"])
        #expect(info.instruments.map(\.symbol.text) == ["CCCUSDT", "AAAUSDT"])
        #expect(info.instruments.map(\.index.raw) == [0, 1])
        #expect(info.assets.map(\.text) == ["BNB", "CCC", "USDT", "AAA"])
        #expect(info.instruments[1].baseAsset == AssetIndex(3))
        #expect(info.instruments[1].quoteAsset == AssetIndex(2))
        #expect(info.refusals == [.init(symbol: "NOSUCH", failure: .unknownSymbol)])
    }

    @Test func `refuses a symbol whose rules cannot be read and keeps the others`() throws {
        let broken = [
            symbol("AAAUSDT", filters: ""),
            symbol(
                "BBBUSDT",
                filters: basic.replacing("0.01000000\",\"maxPrice", with: "x\",\"maxPrice")),
            symbol("ABCDEFGHIJKLMNOPQRSTUVWXYZ", filters: basic),
            symbol("CCCUSDT", filters: basic),
        ]
        let info = try parse(#"{"symbols":[\#(broken.joined(separator: ","))]}"#)
        #expect(info.instruments.map(\.symbol.text) == ["CCCUSDT"])
        #expect(info.refusals.map(\.failure) == [.missingKey, .invalidNumber, .invalidText])
        #expect(throws: DecodeFailure.missingKey) { try parse("{}") }
        #expect(throws: DecodeFailure.truncated) { try parse(#"{"symbols":["#) }
    }

    @Test func `an asset of very many units gets a smaller quantity scale`() throws {
        let filters = basic.replacing("9000.00000000", with: "46116860414.00000000")
            .replacing("0.00001000", with: "1.00000000")
        let info = try parse(#"{"symbols":[\#(symbol("SHBUSDT", filters: filters))]}"#)
        let instrument = try #require(info.instruments.first)
        #expect(instrument.quantityScale == 5)
        #expect(instrument.quantityDecimals == 0)
        #expect(instrument.lotSize.raw == 100_000)
        #expect(instrument.maxQuantity.raw == 4_611_686_041_400_000)
        #expect(instrument.priceScale == 8)
    }

    @Test(.enabled(if: SharedFiles.hasFrames, "needs ../shared/venues/frames"))
    func `reads the captured and the documented body`() throws {
        let capture = try SharedFiles.lines("rest_exchangeInfo_2021_capture.jsonl")[0]
        let info = try parse(capture)
        #expect(info.serverTime.milliseconds == 1_633_998_511_098)
        #expect(
            info.rateLimits == [
                RateLimitRule(type: "REQUEST_WEIGHT", window: .seconds(60), limit: 1_200),
                RateLimitRule(type: "ORDERS", window: .seconds(10), limit: 50),
                RateLimitRule(type: "ORDERS", window: .day, limit: 160_000),
                RateLimitRule(type: "RAW_REQUESTS", window: .seconds(300), limit: 6_100),
            ])
        #expect(info.instruments.map(\.symbol.text) == ["BNBBTC", "BTCUSDT", "ETHUSDT"])
        #expect(info.instruments.map(\.priceDecimals) == [6, 2, 2])
        #expect(info.instruments.map(\.quantityDecimals) == [3, 5, 4])
        #expect(info.instruments[1].minNotional == info.instruments[1].notional(quoteUnits: 10))
        #expect(info.instruments[0].bidMultiplierUp == 50_000)
        #expect(info.instruments[0].askMultiplierDown == 2_000)
        #expect(info.assets.map(\.text) == ["BNB", "BTC", "USDT", "ETH"])
        #expect(info.refusals.isEmpty && info.unknownFilters.isEmpty)
        // The documents' skeleton has no filters: nothing to trade by.
        let skeleton = try parse(SharedFiles.lines("rest_exchangeInfo_doc.jsonl")[0])
        #expect(skeleton.refusals == [.init(symbol: "ETHBTC", failure: .missingKey)])
    }

    @Test func `a body of thousands of symbols is read once, not for each symbol`() throws {
        func body(_ count: Int) -> String {
            let list = (0..<count).map { symbol("S\($0)USDT", filters: basic) }
            return #"{"symbols":[\#(list.joined(separator: ","))]}"#
        }
        let info = try parse(body(4_000))
        #expect(info.instruments.count == 4_000)
        #expect(info.instruments.last?.index.slot == 3_999)
    }
}
