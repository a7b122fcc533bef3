import MarketModel
import Testing

@testable import Codec

struct MarketFrameTests {
    private let reader = MarketReader()

    @Test(
        arguments: [
            (
                #"{"e":"trade","E":1672515782136,"s":"BNBBTC","t":12345,"p":"0.001","q":"100","T":1672515782137,"m":true,"M":true}"#,
                "trade BNBBTC #12345 sell 100.00000000 at 0.00100000 time 1672515782137"
            ),
            (
                #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":false,"M":true}}"#,
                "trade BTCUSDT #3735683259 buy 0.02000000 at 61837.63000000 time 1723161255342"
            ),
            (
                // Old captures carry order ids; `M` may go.
                #"{"e":"trade","E":1639351062244,"s":"ETHUSDT","t":705291099,"p":"4149.74000000","q":"0.43870000","b":7038593583,"a":7038593613,"T":1639351062243,"m":true}"#,
                "trade ETHUSDT #705291099 sell 0.43870000 at 4149.74000000 time 1639351062243"
            ),
            (
                #"{"stream":"nknusdt@aggTrade","data":{"e":"aggTrade","E":1633998523963,"s":"NKNUSDT","a":15683430,"p":"0.35280000","q":"58.00000000","f":19862790,"l":19862795,"T":1633998523963,"m":false,"M":true}}"#,
                "aggregate of 6 NKNUSDT #15683430 buy 58.00000000 at 0.35280000 time 1633998523963"
            ),
            (
                #"{"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}"#,
                "top BNBUSDT #400900217 31.21000000 at 25.35190000 / 40.66000000 at 25.36520000"
            ),
            (
                #"{"e":"depthUpdate","E":1672515782136,"s":"BNBBTC","U":157,"u":160,"b":[["0.0024","10"]],"a":[["0.0026","100"],["0.0027","0"]]}"#,
                "diff BNBBTC #157...160 time 1672515782136 bids [10.00000000 at 0.00240000] "
                    + "asks [100.00000000 at 0.00260000, 0.00000000 at 0.00270000]"
            ),
            (
                #"{"e":"depthUpdate","E":1672515782136,"s":"BNBBTC","U":157,"u":160,"b":[],"a":[]}"#,
                "diff BNBBTC #157...160 time 1672515782136 bids [] asks []"
            ),
            (
                #"{"stream":"nknusdt@depth5@100ms","data":{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}}"#,
                "snapshot NKNUSDT #160...160 time 0 bids [10.00000000 at 0.00240000] "
                    + "asks [100.00000000 at 0.00260000]"
            ),
            (
                #"{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[]}"#,
                "snapshot BTCUSDT #160...160 time 0 bids [10.00000000 at 0.00240000] asks []"
            ),
            (
                #"{"e":"kline","E":1672515782136,"s":"BNBBTC","k":{"t":1672515780000,"T":1672515839999,"s":"BNBBTC","i":"1m","f":100,"L":200,"o":"0.0010","c":"0.0020","h":"0.0025","l":"0.0015","v":"1000","n":100,"x":true,"q":"1.0000","V":"500","Q":"0.500","B":"123456"}}"#,
                "candle BNBBTC 1672515780000...1672515839999999999 o 0.00100000 h 0.00250000 "
                    + "l 0.00150000 c 0.00200000 v 1000.00000000 bought 500.00000000 "
                    + "quote 10000000000000000 n 100 closed true"
            ),
            (#"{"result":null,"id":1}"#, "reply 1 accepted"),
            (#"{"result":["btcusdt@aggTrade"],"id":3}"#, "reply 3 accepted"),
            (#"{"result":true,"id":"x"}"#, "reply -1 accepted"),
            (#"{"code":2,"msg":"Invalid request: unknown variant","id":9}"#, "reply 9 refused 2"),
            (#"{"error":{"code":3,"msg":"Invalid JSON"},"id":null}"#, "reply -1 refused 3"),
            (
                #"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}"#,
                "shutdown"
            ),
            (
                #"{"e":"blockTrade","E":1,"s":"BNBBTC","t":582,"p":"0.052","q":"5838","T":2,"m":true}"#,
                "ignored blockTrade"
            ),
            (#"{"stream":"!miniTicker@arr","data":[{"e":"24hrMiniTicker"}]}"#, "ignored array"),
            (#"[{"e":"24hrMiniTicker"}]"#, "ignored array"),
            (#"{"e":"somethingNew","E":1}"#, "ignored unrecognized"),
        ])
    func `decodes the documented messages`(message: String, expected: String) {
        #expect(reader.describe(reader.decode(message)) == expected)
    }

    @Test(
        arguments: [
            (
                #"{"e":"trade","E":1,"s":"NOSUCH","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}"#,
                DecodeFailure.unknownSymbol
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1,5","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1.","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":".5","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1e5","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"-1.00000000","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"NaN","q":"1","T":1,"m":true,"M":true}"#,
                .invalidNumber
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"0.123456789","q":"1","T":1,"m":true,"M":true}"#,
                .tooPrecise
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"92233720368.54775808","q":"1","T":1,"m":true,"M":true}"#,
                .overflow
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":99999999999999999999,"p":"1","q":"1","T":1,"m":true,"M":true}"#,
                .overflow
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","q":"1","T":99999999999999999,"m":true,"M":true}"#,
                .overflow
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1,"M":true}"#,
                .missingKey
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1,"m":1,"M":true}"#,
                .wrongType
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":"1","p":"1","q":"1","T":1,"m":true,"M":true}"#,
                .wrongType
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","p":"2","q":"1","T":1,"m":true,"M":true}"#,
                .duplicateKey
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":01,"p":"1","q":"1","T":1,"m":true,"M":true}"#,
                .invalidJSON
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1,"m":true,"M":true}}"#,
                .trailingBytes
            ),
            (
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1,"m":true,"M":true"#,
                .truncated
            ),
            (
                #"{"e":"aggTrade","E":1,"s":"BNBBTC","a":1,"p":"1","q":"1","f":5,"l":4,"T":1,"m":true}"#,
                .invalidNumber
            ),
            (
                #"{"stream":"nosuch@depth5","data":{"lastUpdateId":1,"bids":[],"asks":[]}}"#,
                .unknownSymbol
            ),
            (
                #"{"e":"depthUpdate","E":1,"s":"BNBBTC","U":1,"u":2,"b":[["1"]],"a":[]}"#,
                .missingKey
            ),
            (#"{"e":"depthUpdate","E":1,"s":"BNBBTC","U":1,"u":2,"b":{},"a":[]}"#, .wrongType),
            ("", .truncated),
            ("null", .wrongType),
            (#"{"stream":"btcusdt@trade","data":5}"#, .wrongType),
        ])
    func `refuses malformed messages with the reason`(message: String, reason: DecodeFailure) {
        #expect(reader.decode(message) == .malformed(reason))
    }

    // BUG-001
    @Test func `buyer is maker means the aggressor sold`() throws {
        for (flag, side) in [("true", Side.sell), ("false", .buy)] {
            let text =
                #"{"e":"trade","E":1,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1,"m":\#(flag),"M":true}"#
            guard case .trade(let trade) = reader.decode(text) else {
                Issue.record("no trade")
                return
            }
            #expect(trade.aggressor == side)
            #expect(trade.receiveTime == MarketReader.receiveTime)
        }
    }

    @Test func `reads microseconds by their magnitude`() {
        let text =
            #"{"e":"trade","E":1672515782136123,"s":"BNBBTC","t":1,"p":"1","q":"1","T":1672515782136456,"m":true,"M":true}"#
        guard case .trade(let trade) = reader.decode(text) else {
            Issue.record("no trade")
            return
        }
        #expect(trade.venueTime.nanoseconds == 1_672_515_782_136_456_000)
    }

    @Test func `an empty ask side is the highest price`() {
        let text =
            #"{"u":1,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"0.00000000","A":"0.00000000"}"#
        guard case .top(let top) = reader.decode(text) else {
            Issue.record("no top of book")
            return
        }
        #expect(top.askPrice == .highest)
        #expect(top.askQuantity == .zero)
    }

    @Test func `a full scratch is reported, not overrun`() {
        let small = MarketReader(levelCapacity: 3)
        let fits =
            #"{"e":"depthUpdate","E":1,"s":"BNBBTC","U":1,"u":2,"b":[["1","1"],["2","1"]],"a":[["3","1"]]}"#
        let exceeds =
            #"{"e":"depthUpdate","E":1,"s":"BNBBTC","U":1,"u":2,"b":[["1","1"],["2","1"]],"a":[["3","1"],["4","1"]]}"#
        guard case .depth(let header) = small.decode(fits) else {
            Issue.record("three levels fit")
            return
        }
        #expect(header.bidCount == 2 && header.askCount == 1)
        #expect(small.decode(exceeds) == .malformed(.tooManyLevels))
    }

    @Test func `scales of the instrument decide the raw numbers`() {
        var instrument = Instrument(
            symbol: Market.name("PEPEUSDT"), base: Market.name("PEPE"), quote: Market.name("USDT"),
            index: InstrumentIndex(0), baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1),
            priceScale: 8, quantityScale: 2)
        instrument.status = .trading
        let directory = InstrumentDirectory(instruments: [instrument])
        defer { directory.deallocate() }
        let decoder = BinanceSpotMarketDecoder(
            directory: directory, levels: reader.levels, levelCapacity: 8)
        let bytes = GuardedBytes(
            #"{"e":"trade","E":1,"s":"PEPEUSDT","t":1,"p":"0.00001234","q":"123456789012.00000000","T":1,"m":true,"M":true}"#
        )
        guard
            case .trade(let trade) = decoder.decode(bytes.start, bytes.count, receiveTime: .unknown)
        else {
            Issue.record("no trade")
            return
        }
        #expect(trade.price.raw == 1_234)
        #expect(trade.quantity.raw == 12_345_678_901_200)
    }

    @Test func `reads a depth snapshot of the REST interface`() throws {
        let bytes = GuardedBytes(
            #"{"lastUpdateId":1027024,"bids":[["4.00000000","431.00000000"]],"asks":[["4.00000200","12.00000000"]]}"#
        )
        let header = try reader.decoder.decodeDepthSnapshot(
            bytes.start, bytes.count, instrument: InstrumentIndex(3),
            receiveTime: MarketReader.receiveTime)
        #expect(
            reader.describe(.depth(header))
                == "snapshot ETHBTC #1027024...1027024 time 0 bids [431.00000000 at 4.00000000] "
                + "asks [12.00000000 at 4.00000200]")
    }
}
