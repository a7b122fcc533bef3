import MarketModel
import Testing

@testable import Emulator

@Suite("Agents")
struct AgentMarketTests {
    private func harness(seed: UInt64, symbols: Int = 2) throws -> DialectHarness {
        var configuration = DialectHarness.configuration
        configuration.symbols = Array(SymbolConfiguration.defaults.prefix(symbols))
        var agents = AgentConfiguration()
        agents.seed = seed
        agents.eventsPerSecond = 5_000
        agents.levels = 300
        configuration.market = .agents(agents)
        return try DialectHarness(configuration)
    }

    /// FNV-1a over everything that was sent.
    private func hash(_ frames: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for frame in frames {
            for byte in frame.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return hash
    }

    private func tape(seed: UInt64) throws -> [String] {
        let harness = try harness(seed: seed)
        let session = harness.connect(
            "/stream?streams=btcusdt@trade/btcusdt@bookTicker/ethusdt@depth@100ms")
        harness.advance(milliseconds: 3_000)
        return harness.take(session)
    }

    @Test func `the same seed gives the same bytes, another seed others`() throws {
        let first = try tape(seed: 7)
        #expect(first.count > 3_000)
        #expect(hash(first) == hash(try tape(seed: 7)))
        #expect(hash(first) != hash(try tape(seed: 8)))
    }

    @Test(arguments: [UInt64(1), 2])
    func `the market stays deep, uncrossed and near its fair value`(_ seed: UInt64) throws {
        let harness = try harness(seed: seed, symbols: 10)
        harness.advance(milliseconds: 20_000, step: 100)
        for market in harness.dialect.exchange.markets {
            let engine = try #require(market.matcher as? MatchingEngine)
            let top = engine.top
            #expect(top.bidPrice < top.askPrice, "seed \(seed)")
            for side in Side.allCases {
                #expect(engine.levelCount(of: side) > 60, "seed \(seed) \(market.configuration.symbol)")
            }
            let start = Double(market.configuration.startPrice.raw)
            #expect(abs(Double(top.bidPrice.raw) / start - 1) < 0.05, "seed \(seed)")
            #expect(market.tape.trades.count > 50, "seed \(seed)")
            #expect(engine.restingOrderCount < 4_000, "seed \(seed)")
        }
    }

    @Test(arguments: ["btcusdt@depth@100ms", "btcusdt@depth"])
    func `snapshot and diffs give the venue's book without a gap`(_ stream: String) throws {
        let harness = try harness(seed: 3)
        let session = harness.connect("/ws/" + stream)
        harness.advance(milliseconds: 1_500)
        let early = harness.take(session)
        harness.advance(milliseconds: 70)
        let snapshot = try #require(
            JSONValue.parse(harness.rest("GET", "depth?symbol=BTCUSDT&limit=5000").text))
        var mirror = BookMirror()
        try mirror.load(snapshot)
        #expect(early.first.flatMap(JSONValue.parse)?["U"]?.integer ?? .max <= mirror.lastUpdateID)
        // Up to the end of a window of both speeds.
        harness.advance(milliseconds: 3_430)
        for text in early + harness.take(session) {
            try mirror.apply(try #require(JSONValue.parse(text)))
        }
        #expect(mirror.gaps == 0)
        #expect(mirror.lastUpdateID == harness.dialect.exchange.markets[0].matcher.updateID)
        #expect(mirror.equals(harness.dialect.exchange.markets[0].matcher))
    }

    @Test func `the gap fault leaves a hole that the client sees`() throws {
        var configuration = DialectHarness.configuration
        configuration.market = .agents(AgentConfiguration())
        configuration.faults.dropDepthEvery = 5
        let harness = try DialectHarness(configuration)
        let session = harness.connect("/ws/btcusdt@depth@100ms")
        let snapshot = try #require(
            JSONValue.parse(harness.rest("GET", "depth?symbol=BTCUSDT&limit=5000").text))
        var mirror = BookMirror()
        try mirror.load(snapshot)
        harness.advance(milliseconds: 2_150)
        for text in harness.take(session) {
            try mirror.apply(try #require(JSONValue.parse(text)))
        }
        #expect(mirror.gaps == harness.dialect.publisher.droppedDepthMessages)
        #expect(mirror.gaps > 0)
    }

    @Test func `after a stall the market goes on instead of catching up`() throws {
        let harness = try harness(seed: 1)
        harness.now = harness.now + .seconds(100)
        let events = harness.dialect.advance(now: harness.now, limit: .max)
        #expect(events < 2_000)
    }
}

@Suite("Candles")
struct CandleTests {
    @Test(arguments: CandleInterval.allCases)
    func `bars follow each other and open where the one before closed`(
        _ interval: CandleInterval
    ) throws {
        let harness = try DialectHarness()
        let board = harness.dialect.exchange.markets[0].candles
        let bars = board.bars(CandleGrid(interval), start: nil, end: nil, limit: 1_000)
        #expect(!bars.isEmpty)
        for (bar, next) in zip(bars, bars.dropFirst()) {
            #expect(interval.next(after: bar.openTime) == next.openTime)
            #expect(bar.low <= min(bar.open, bar.close) && bar.high >= max(bar.open, bar.close))
        }
    }

    @Test func `a year of daily bars is there for warm-up`() throws {
        let harness = try DialectHarness()
        let board = harness.dialect.exchange.markets[0].candles
        #expect(board.bars(CandleGrid(.day1), start: nil, end: nil, limit: 1_000).count >= 400)
    }

    @Test func `hours are the sums of their minutes`() throws {
        let harness = try DialectHarness()
        let board = harness.dialect.exchange.markets[0].candles
        let hours = board.bars(CandleGrid(.hour1), start: nil, end: nil, limit: 5)
        for hour in hours {
            let minutes = board.bars(
                CandleGrid(.minute1), start: hour.openTime, end: hour.openTime + CandleInterval.hour - 1,
                limit: 60)
            #expect(minutes.reduce(Int128(0)) { $0 + $1.volume } == hour.volume)
            #expect(minutes.last?.close == hour.close)
        }
    }

    @Test func `months begin on the first, weeks on Monday`() {
        // 2024-02-29T12:00:00Z was a Thursday.
        let time: Int64 = 1_709_208_000_000
        let month = CandleInterval.month1.openTime(containing: time)
        #expect(month == 1_706_745_600_000)
        #expect(CandleInterval.month1.next(after: month) == 1_709_251_200_000)
        #expect(CandleInterval.week1.openTime(containing: time) == 1_708_905_600_000)
    }

    @Test func `a live candle adds trades and closes on time`() {
        var board = CandleBoard(
            hours: [], minutes: [], price: Price(raw: 100), now: 1_000 * 60_000 + 500)
        func trade(_ id: Int64, _ price: Int64, at time: Int64, _ side: Side) -> PublicTrade {
            PublicTrade(
                id: id, price: Price(raw: price * Money.unit), quantity: Quantity(raw: Money.unit),
                time: Timestamp(milliseconds: time), takerSide: side)
        }
        board.add(trade(1, 10, at: 60_000_600, .buy))
        board.add(trade(2, 12, at: 60_001_000, .sell))
        board.add(trade(3, 9, at: 60_061_000, .sell))
        let bars = board.bars(CandleGrid(.minute1), start: nil, end: nil, limit: 10)
        #expect(bars.count == 2)
        #expect(bars[0].open == 10 * Money.unit && bars[0].close == 12 * Money.unit)
        #expect(bars[0].tradeCount == 2 && bars[0].firstTradeID == 1 && bars[0].lastTradeID == 2)
        #expect(bars[0].takerVolume == Int128(Money.unit))
        #expect(board.averagePrice(minutes: 5) == Price(raw: 31 * Money.unit / 3))
    }
}
