import MarketModel

@testable import Codec

extension FuzzTarget {
    static let codec = [marketText, accountText, restText, marketBinary, accountBinary]

    /// Two implementations: the documented order of keys, and any order.
    private static let marketText = FuzzTarget(
        "market-json",
        seeds: [
            #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}"#,
            #"{"e":"aggTrade","E":1672515782136,"s":"BNBBTC","a":12345,"p":"0.001","q":"100","f":100,"l":105,"T":1672515782136,"m":true,"M":true}"#,
            #"{"stream":"btcusdt@bookTicker","data":{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}}"#,
            #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":50093239203,"u":50093239207,"b":[["55653.87000000","0.00000000"]],"a":[["61838.04000000","0.32332000"],["61844.30000000","0.40163000"]]}}"#,
            #"{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1633998523963,"s":"BTCUSDT","k":{"t":1633998480000,"T":1633998539999,"s":"BTCUSDT","i":"1m","f":19862761,"L":19862790,"o":"0.35270000","c":"0.35280000","h":"0.35290000","l":"0.35220000","v":"25877.00000000","n":30,"x":false,"q":"9116.04600000","V":"58.00000000","Q":"20.46240000","B":"0"}}}"#,
            #"{"stream":"btcusdt@depth20@100ms","data":{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}}"#,
            #"{"result":null,"id":1}"#, #"{"code":2,"msg":"Invalid request","id":4}"#,
        ].map { Array($0.utf8) }
    ) {
        let decoder = MarketDecoders().text
        return { input in
            let bytes = PaddedInput(input)
            let general = decoder.decodeInAnyOrder(bytes.start, bytes.count, receiveTime: .unknown)
            let levels = decoder.levels(of: general)
            let first = decoder.decode(bytes.start, bytes.count, receiveTime: .unknown)
            expectSame(first, general)
            expectSame(decoder.levels(of: first), levels)
            _ = try? decoder.decodeDepthSnapshot(
                bytes.start, bytes.count, instrument: InstrumentIndex(0), receiveTime: .unknown)
        }
    }

    /// Two implementations of execution reports, answers and balances; the rest by the general one.
    private static let accountText = FuzzTarget(
        "account-json",
        seeds: [
            #"{"subscriptionId":0,"event":{"e":"executionReport","E":1499405658658,"s":"ETHBTC","c":"ap-0000010000000001","S":"BUY","o":"LIMIT","f":"GTC","q":"1.00000000","p":"0.10264410","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"NEW","X":"NEW","r":"NONE","i":4293153,"l":"0.00000000","z":"0.00000000","L":"0.00000000","n":"0","N":null,"T":1499405658657,"t":-1,"v":3,"I":8641984,"w":true,"m":false,"M":false,"O":1499405658657,"Z":"0.00000000"}}"#,
            #"{"id":17,"status":200,"result":{"symbol":"BTCUSDT","orderId":12569099453,"clientOrderId":"ap-0000010000000001","transactTime":1660801715639},"rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50,"count":1}]}"#,
            #"{"id":18,"status":200,"result":{"symbol":"BTCUSDT","orderId":1,"orderListId":-1,"clientOrderId":"ap-0000010000000001","transactTime":1660801715639},"rateLimits":[{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":9,"count":1}]}"#,
            #"{"id":19,"status":400,"error":{"code":-2010,"msg":"y"}}"#,
            #"{"id":4,"status":409,"error":{"code":-2021,"msg":"x","data":{"cancelResult":"SUCCESS","newOrderResult":"FAILURE","cancelResponse":{"orderId":1},"newOrderResponse":{"code":-2010,"msg":"y"}}}}"#,
            #"{"id":5,"status":200,"result":[{"symbol":"BTCUSDT","orderId":1,"orderListId":-1,"clientOrderId":"ap-0000010000000001","price":"1","origQty":"1","executedQty":"0","cummulativeQuoteQty":"0","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","stopPrice":"0","icebergQty":"0","time":1,"updateTime":1,"isWorking":true}]}"#,
            #"{"subscriptionId":0,"event":{"e":"outboundAccountPosition","E":1564034571105,"u":1564034571073,"B":[{"a":"ETH","f":"10000.000000","l":"0.000000"}]}}"#,
            #"{"subscriptionId":0,"event":{"e":"balanceUpdate","E":1573200697110,"a":"BTC","d":"100.00000000","T":1573200697068}}"#,
            #"{"subscriptionId":0,"event":{"e":"listStatus","E":1564035303637,"s":"ETHBTC","g":2,"c":"OCO","l":"EXEC_STARTED","L":"EXECUTING","r":"NONE","C":"ap-0000010000000001","T":1564035303625,"O":[{"s":"ETHBTC","i":17,"c":"ap-0000010000000002"}]}}"#,
        ].map { Array($0.utf8) }
    ) {
        let decoder = BinanceSpotAccountDecoder(directory: MarketDecoders().directory)
        return { input in
            let bytes = PaddedInput(input)
            let general = decoder.decodeInAnyOrder(bytes.start, bytes.count, receiveTime: .unknown)
            let first = decoder.decode(bytes.start, bytes.count, receiveTime: .unknown)
            if case .execution(let report) = first {
                guard case .execution(let other) = general else { fatalError("\(general)") }
                expectSame(report, other)
            }
            switch first {
            case .balances(var rows):
                guard case .balances(var others) = general else { fatalError("\(general)") }
                while let row = (try? rows.next()).flatMap({ $0 }) {
                    let other = (try? others.next()).flatMap { $0 }
                    guard let other else { fatalError("a row too many") }
                    expectSame(row, other)
                }
                expectSame((try? others.next()).flatMap { $0 } == nil, true)
            case .response(let response):
                guard case .response(let other) = general else { fatalError("\(general)") }
                expectSame(response.reply, other.reply)
                expectSame(response.limits, other.limits)
                expectSame(response.status, other.status)
                expectSame(response.content, other.content)
                expectSame(response.result.count, other.result.count)
                expectSame(response.message.count, other.message.count)
                _ = try? decoder.executionReport(of: response)
                if var rows = try? decoder.openOrders(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.fills(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.balances(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
            default: break
            }
        }
    }

    private static let restText = FuzzTarget(
        "rest-json",
        seeds: [
            #"{"serverTime":1499827319559}"#, #"{"symbol":"BNBUSDT","price":"600.10000000"}"#,
            #"{"code":-1121,"msg":"Invalid symbol."}"#,
            #"{"makerCommission":15,"commissionRates":{"maker":"0.00150000","taker":"0.00150000","buyer":"0","seller":"0"},"canTrade":true,"accountType":"SPOT","balances":[{"asset":"BTC","free":"4723846.89208129","locked":"0.00000000"}],"permissions":["SPOT"],"uid":354937868}"#,
            #"{"timezone":"UTC","serverTime":1565246363776,"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000}],"exchangeFilters":[],"symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","baseAssetPrecision":8,"quoteAsset":"USDT","quotePrecision":8,"orderTypes":["LIMIT","MARKET"],"icebergAllowed":true,"ocoAllowed":true,"isSpotTradingAllowed":true,"filters":[{"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"1000000","tickSize":"0.01"},{"filterType":"LOT_SIZE","minQty":"0.00001","maxQty":"9000","stepSize":"0.00001"},{"filterType":"NOTIONAL","minNotional":"5","applyMinToMarket":true,"maxNotional":"9000000","applyMaxToMarket":false,"avgPriceMins":5}],"permissionSets":[["SPOT"]],"defaultSelfTradePreventionMode":"NONE","allowedSelfTradePreventionModes":["NONE"]}]}"#,
        ].map { Array($0.utf8) }
    ) {
        let directory = MarketDecoders().directory
        return { input in
            let bytes = PaddedInput(input)
            _ = try? BinanceSpotREST.serverTime(bytes.start, bytes.count)
            _ = try? BinanceSpotREST.price(bytes.start, bytes.count)
            _ = BinanceSpotREST.failure(bytes.start, bytes.count)
            _ = try? BinanceSpotREST.account(
                bytes.start, bytes.count, directory: directory, receiveTime: .unknown)
            _ = try? BinanceSpotExchangeInfo(bytes.start, bytes.count)
        }
    }

    private static let marketBinary = FuzzTarget(
        "market-sbe",
        seeds: [
            "1200102701000000400eb64e353b0600140cb64e353b0600fefb19000200000001d3fb2f010000001cd1b40000000000dc050000000000000102d3fb2f010000001bd1b400000000001900000000000000010742544355534454",
            "3200112701000000400eb64e353b0600019a23ff10000000fefb1bd1b4000000000040e20100000000001cd1b4000000000007000000000000000742544355534454",
            "1200122701000000f075b64e353b0600289a23ff10000000fefb100002001bd1b4000000000040e201000000000010d1b4000000000050c3000000000000100001001cd1b4000000000007000000000000000742544355534454",
            "1a00132701000000f075b64e353b0600029a23ff10000000289a23ff10000000fefb100002001bd1b4000000000040e201000000000006d1b400000000000000000000000000100001001cd1b4000000000007000000000000000742544355534454",
        ].map { [UInt8](hex: $0) }
    ) {
        let decoders = MarketDecoders()
        return { input in
            let bytes = PaddedInput(input)
            let raw = UnsafeRawBufferPointer(start: bytes.start, count: bytes.count)
            let frames = (try? BinanceSpotBinaryText.frames(of: raw)) ?? []
            let record = decoders.binary.decode(bytes.start, bytes.count, receiveTime: .unknown)
            if case .trades(var cursor) = record { while (try? cursor.next()).flatMap({ $0 }) != nil {} }
            // A message with a number has words, and they say the same as an update.
            guard case .depth(let header) = record, let text = frames.first else { return }
            let levels = decoders.binary.levels(of: record)
            var said = Array(text.utf8)
            said += [UInt8](repeating: 0, count: 64)
            guard case .depth(let other) = decoders.text.decode(
                &said, said.count - 64, receiveTime: .unknown)
            else { return }
            expectSame(header.lastUpdateID, other.lastUpdateID)
            expectSame(levels, decoders.text.levels(of: .depth(other)))
        }
    }

    private static let accountBinary = FuzzTarget(
        "account-sbe",
        seeds: [
            "030032000300050000c80013000100020101701700000000000046000000000000000131100000000800660003000500400eb64e353b0600",
            "030032000300050000900113000000013756000000120064000300050026f80000000000000080000000000000008036004163636f756e742068617320696e73756666696369656e742062616c616e636520666f722072657175657374656420616374696f6e2e00000000",
        ].map { [UInt8](hex: $0) } + [200, 201, 202, 300, 301, 304, 305, 308, 400, 401, 601, 602, 603, 604, 605, 606].map {
            BinarySeed.blank(template: $0)
        }
    ) {
        let decoder = BinanceSpotBinaryAccountDecoder(directory: MarketDecoders().directory)
        return { input in
            let bytes = PaddedInput(input)
            switch decoder.decode(bytes.start, bytes.count, receiveTime: .unknown) {
            case .balances(var rows): while (try? rows.next()).flatMap({ $0 }) != nil {}
            case .response(let response):
                _ = try? decoder.executionReport(of: response)
                if var rows = try? decoder.openOrders(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.fills(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.balances(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
            default: break
            }
        }
    }
}

/// A message of zeros behind the header of its template.
enum BinarySeed {
    static func blank(template: UInt16) -> [UInt8] {
        [250, 0, UInt8(template & 0xFF), UInt8(template >> 8), 3, 0, 5, 0]
            + [UInt8](repeating: 1, count: 300)
    }
}

/// Decoders that know a few symbols.
private struct MarketDecoders {
    let directory: InstrumentDirectory
    let text: BinanceSpotMarketDecoder
    let binary: BinanceSpotBinaryMarketDecoder

    init() {
        let names = [("BTC", "USDT"), ("ETH", "BTC"), ("BNB", "BTC")]
        let assets = ["BTC", "USDT", "ETH", "BNB"]
        func name(_ text: String) -> ShortName {
            guard let name = ShortName(text) else { fatalError("\(text) is too long") }
            return name
        }
        func asset(_ text: String) -> AssetIndex {
            assets.firstIndex(of: text).map { AssetIndex(UInt16($0)) } ?? .none
        }
        directory = InstrumentDirectory(
            instruments: names.enumerated().map { index, pair in
                Instrument(
                    symbol: name(pair.0 + pair.1), base: name(pair.0), quote: name(pair.1),
                    index: InstrumentIndex(UInt16(index)), baseAsset: asset(pair.0),
                    quoteAsset: asset(pair.1))
            })
        let capacity = 256
        func scratch() -> UnsafeMutablePointer<BookLevel> {
            let levels = UnsafeMutablePointer<BookLevel>.allocate(capacity: capacity)
            levels.initialize(
                repeating: BookLevel(price: .zero, quantity: .zero), count: capacity)
            return levels
        }
        text = BinanceSpotMarketDecoder(
            directory: directory, levels: scratch(), levelCapacity: capacity,
            soleInstrument: InstrumentIndex(0))
        binary = BinanceSpotBinaryMarketDecoder(
            directory: directory, levels: scratch(), levelCapacity: capacity)
    }
}

extension BinanceSpotMarketDecoder {
    fileprivate func levels(of frame: MarketFrame) -> [BookLevel] {
        guard case .depth(let header) = frame else { return [] }
        return Array(UnsafeBufferPointer(start: levels, count: header.levelCount))
    }
}

extension BinanceSpotBinaryMarketDecoder {
    fileprivate func levels(of frame: MarketFrame) -> [BookLevel] {
        guard case .depth(let header) = frame else { return [] }
        return Array(UnsafeBufferPointer(start: levels, count: header.levelCount))
    }
}
