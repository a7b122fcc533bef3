import MarketModel
import Testing

@testable import Emulator

/// Price changes over windows, in answers and streams (sheet sections 4.7 and 6).
@Suite("Tickers")
struct TickerTests {
    private func busy() throws -> DialectHarness {
        var configuration = DialectHarness.configuration
        configuration.symbols = Array(SymbolConfiguration.defaults.prefix(2))
        var agents = AgentConfiguration()
        agents.levels = 100
        agents.eventsPerSecond = 200
        configuration.market = .agents(agents)
        let harness = try DialectHarness(configuration)
        harness.advance(milliseconds: 90_000, step: 100)
        return harness
    }

    private func raw(_ value: JSONValue?) throws -> Int64 {
        try parseDecimal(try #require(value?.string), scale: 8)
    }

    @Test(.enabled(if: SharedFiles.hasFrames))
    func `answers and events are as documented`() throws {
        let harness = try busy()
        let documented = try SharedFiles.frames("rest_ticker24hr_doc")
        let full = try #require(JSONValue.parse(
            harness.rest("GET", "ticker/24hr?symbol=BTCUSDT").text))
        #expect(full.keys() == documented[0].keys())
        let mini = try #require(JSONValue.parse(
            harness.rest("GET", "ticker/24hr?symbol=BTCUSDT&type=MINI").text))
        #expect(mini.keys() == documented[2].keys())
        let every = try #require(JSONValue.parse(harness.rest("GET", "ticker/24hr").text))
        #expect(every.elements.count == 2)

        let streams = [
            ("btcusdt@ticker", "ticker_doc"), ("btcusdt@miniTicker", "miniTicker_doc"),
            ("btcusdt@ticker_1h", "tickerWindow_doc"), ("btcusdt@avgPrice", "avgPrice_doc"),
        ]
        for (stream, file) in streams {
            let session = harness.connect("/ws/\(stream)")
            harness.advance(milliseconds: 1_000)
            let event = try #require(harness.take(session).first.flatMap { JSONValue.parse($0) })
            let expected = try #require(try SharedFiles.frames(file).first)
            #expect(event.keys() == expected.keys(), "\(stream)")
            #expect(event["e"] == expected["e"], "\(stream)")
        }
    }

    @Test(arguments: [
        ("ticker?symbol=BTCUSDT&windowSize=1m", 1),
        ("ticker?symbol=BTCUSDT&windowSize=59m", 59), ("ticker?symbol=BTCUSDT&windowSize=3h", 180),
        ("ticker?symbol=BTCUSDT&windowSize=7d", 7 * 1_440), ("ticker?symbol=BTCUSDT", 1_440),
        ("ticker/24hr?symbol=BTCUSDT", 1_440),
    ] as [(String, Int64)])
    func `a window holds what its candles hold`(target: String, minutes: Int64) throws {
        let harness = try busy()
        let ticker = try #require(JSONValue.parse(harness.rest("GET", target).text))
        let open = harness.now.milliseconds - harness.now.milliseconds % 60_000 - minutes * 60_000
        #expect(ticker["openTime"]?.integer == open)
        // Seeded hours and minutes are one history: the naive sum takes what is kept finest.
        let board = harness.dialect.exchange.markets[0].candles
        let fine = board.bars(CandleGrid(.minute1), start: 0, end: nil, limit: .max)
        let first = try #require(fine.first?.openTime)
        let coarse = board.bars(CandleGrid(.hour1), start: open, end: first - 1, limit: .max)
        let bars = coarse + fine.filter { $0.openTime >= open }
        #expect(try raw(ticker["openPrice"]) == bars[0].open)
        #expect(try raw(ticker["highPrice"]) == bars.map(\.high).max())
        #expect(try raw(ticker["lowPrice"]) == bars.map(\.low).min())
        #expect(try raw(ticker["lastPrice"]) == bars.last?.close)
        let volume = bars.reduce(Int128(0)) { $0 + $1.volume }
        #expect(try raw(ticker["volume"]) == Int64(volume))
        #expect(ticker["count"]?.integer == bars.reduce(0) { $0 + $1.tradeCount })
        let change = try raw(ticker["lastPrice"]) - (try raw(ticker["openPrice"]))
        #expect(try raw(ticker["priceChange"]) == change)
    }

    @Test func `a calendar day begins at midnight of its time zone`() throws {
        let harness = try busy()
        for (zone, shift) in [("", Int64(0)), ("&timeZone=8", 8), ("&timeZone=-1:00", -1)] {
            let target = "ticker/tradingDay?symbol=BTCUSDT" + zone
            let ticker = try #require(JSONValue.parse(harness.rest("GET", target).text))
            let open = try #require(ticker["openTime"]?.integer)
            #expect((open + shift * 3_600_000) % 86_400_000 == 0, "\(zone)")
            #expect(harness.now.milliseconds - open < 86_400_000, "\(zone)")
        }
    }

    @Test(arguments: [
        ("ticker", -1102), ("ticker/tradingDay", -1102), ("ticker?symbol=NONE", -1121),
        ("ticker?symbol=BTCUSDT&windowSize=8d", -1100),
        ("ticker?symbol=BTCUSDT&windowSize=", 0), ("ticker/24hr?type=HALF", -1100),
        ("ticker/tradingDay?symbol=BTCUSDT&timeZone=25", -1100),
        ("ticker/tradingDay?symbol=BTCUSDT&timeZone=1:99", -1100),
    ] as [(String, Int64)])
    func `wrong parameters are refused`(target: String, code: Int64) throws {
        let answer = JSONValue.parse(try DialectHarness().rest("GET", target).text)
        #expect(answer?["code"]?.integer ?? 0 == code)
    }

    @Test func `streams of every symbol tell of each, the retired one does not exist`() throws {
        let harness = try busy()
        let session = harness.connect("/ws/!miniTicker@arr/!ticker_4h@arr")
        harness.advance(milliseconds: 1_000)
        let events = harness.take(session).compactMap { JSONValue.parse($0) }
        #expect(events.count == 2)
        #expect(events.allSatisfy { $0.elements.count == 2 })
        #expect(events.compactMap { $0.elements.first?["e"]?.string } == [
            "24hrMiniTicker", "4hTicker",
        ])
        let old = harness.connect("/ws/!miniTicker@arr@1000ms")
        harness.advance(milliseconds: 1_000)
        #expect(harness.take(old).first?.hasPrefix(#"[{"e":"24hrMiniTicker""#) == true)
        harness.send(#"{"method":"UNSUBSCRIBE","params":["!miniTicker@arr"],"id":1}"#, on: session)
        harness.advance(milliseconds: 1_000)
        #expect(harness.take(session).count == 4)
        harness.send(#"{"method":"SUBSCRIBE","params":["!ticker@arr"],"id":2}"#, on: session)
        #expect(harness.take(session).first?.contains("bad stream") == true)
    }

    @Test func `old trades are found by their number`() throws {
        let harness = try busy()
        let recent = try #require(JSONValue.parse(
            harness.rest("GET", "historicalTrades?symbol=BTCUSDT&limit=20").text)).elements
        let from = try #require(recent[5]["id"]?.integer)
        let found = try #require(JSONValue.parse(
            harness.rest("GET", "historicalTrades?symbol=BTCUSDT&limit=3&fromId=\(from)").text))
        #expect(found.elements == Array(recent[5..<8]))
        #expect(
            harness.rest("GET", "uiKlines?symbol=BTCUSDT&interval=1m").text
                == harness.rest("GET", "klines?symbol=BTCUSDT&interval=1m").text)
    }
}
