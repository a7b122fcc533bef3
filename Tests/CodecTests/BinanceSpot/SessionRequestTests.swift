import MarketModel
import Testing

@testable import Codec

struct SessionRequestTests {
    private let key = "4yNzx3yWC5bS6YTwEkSRaC0nRmSQIIStAUOh1b6kqaBrTLIhjCpI5lJH8q8R8WNO"
    private let time = Timestamp(milliseconds: 1_649_729_878_532)

    // Vectors E5 and E6 of the sheet.
    @Test func `signs a logon as documented`() {
        let logon = BinanceSpotSessionRequest.logon(id: 5, apiKey: key, time: time)
        #expect(logon.signingText == "apiKey=\(key)&timestamp=1649729878532")
        #expect(
            logon.text(signature: "cGk+/w==")
                == #"{"id":5,"method":"session.logon","params":{"apiKey":"\#(key)","timestamp":1649729878532,"signature":"cGk+/w=="}}"#
        )
        let windowed = BinanceSpotSessionRequest.logon(
            id: 5, apiKey: key, time: time, receiveWindow: 5_000)
        #expect(windowed.signingText == "apiKey=\(key)&recvWindow=5000&timestamp=1649729878532")
    }

    @Test func `writes the requests of a session`() {
        #expect(BinanceSpotSessionRequest.time(id: 1).text == #"{"id":1,"method":"time"}"#)
        #expect(
            BinanceSpotSessionRequest.subscribeUserStream(id: 2).text
                == #"{"id":2,"method":"userDataStream.subscribe"}"#)
        #expect(
            BinanceSpotSessionRequest.subscribeUserStream(id: 3, apiKey: key, time: time)
                .signingText == "apiKey=\(key)&timestamp=1649729878532")
        #expect(
            BinanceSpotSessionRequest.accountStatus(id: 4, apiKey: nil, time: time).text
                == #"{"id":4,"method":"account.status","params":{"omitZeroBalances":true,"timestamp":1649729878532}}"#
        )
        #expect(
            BinanceSpotSessionRequest.openOrders(
                id: 6, symbol: Market.name("BTCUSDT"), apiKey: nil, time: time
            ).text
                == #"{"id":6,"method":"openOrders.status","params":{"symbol":"BTCUSDT","timestamp":1649729878532}}"#
        )
        #expect(
            BinanceSpotSessionRequest.orderTrades(
                id: 7, symbol: Market.name("BTCUSDT"), orderID: VenueOrderID(9),
                from: TradeID(4), apiKey: key, time: time
            ).signingText
                == "apiKey=\(key)&fromId=4&limit=1000&orderId=9&symbol=BTCUSDT&timestamp=1649729878532")
    }

    @Test func `names streams in small letters and subscribes many at once`() {
        let symbol = Market.name("BTCUSDT")
        let names = [
            BinanceSpotStreamRequest.name(.trade, of: symbol),
            BinanceSpotStreamRequest.name(.aggregateTrade, of: symbol),
            BinanceSpotStreamRequest.name(.bookTicker, of: symbol),
            BinanceSpotStreamRequest.name(.depth, of: symbol),
            BinanceSpotStreamRequest.name(.partialDepth(levels: 20), of: symbol),
            BinanceSpotStreamRequest.name(.candle(interval: "1m"), of: symbol),
        ]
        #expect(
            BinanceSpotStreamRequest.subscribe(names, id: 1)
                == #"{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@aggTrade","btcusdt@bookTicker","btcusdt@depth@100ms","btcusdt@depth20@100ms","btcusdt@kline_1m"],"id":1}"#
        )
        #expect(
            BinanceSpotStreamRequest.unsubscribe(["a\"b"], id: 2)
                == #"{"method":"UNSUBSCRIBE","params":["a\"b"],"id":2}"#)
    }

    @Test func `percent-encodes symbols in paths`() {
        #expect(
            BinanceSpotRESTPath.exchangeInfo(symbols: [
                Market.name("BTCUSDT"), Market.name("这A"),
            ])
                == "/api/v3/exchangeInfo?symbols=%5B%22BTCUSDT%22,%22%E8%BF%99A%22%5D"
                + "&showPermissionSets=false")
        #expect(
            BinanceSpotRESTPath.depth(symbol: Market.name("BTCUSDT"), limit: 5_000)
                == "/api/v3/depth?symbol=BTCUSDT&limit=5000")
    }
}
