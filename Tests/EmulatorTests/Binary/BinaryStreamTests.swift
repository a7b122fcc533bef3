import MarketModel
import Testing

@testable import Emulator

/// The binary market streams beside the JSON ones.
struct BinaryStreamTests {
    private static var configuration: ExchangeConfiguration {
        var configuration = DialectHarness.configuration
        var agents = AgentConfiguration()
        agents.levels = 60
        agents.eventsPerSecond = 3_000
        configuration.market = .agents(agents)
        return configuration
    }

    @Test func `both encodings tell the same market in the same order`() throws {
        let harness = try DialectHarness(Self.configuration)
        let text = harness.connect(
            "/stream?timeUnit=MICROSECOND&streams="
                + "btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms/btcusdt@depth20@100ms")
        let binary = harness.connect(
            "/stream?streams=btcusdt@trade/btcusdt@bestBidAsk/btcusdt@depth/btcusdt@depth20",
            isBinary: true, key: "carol")
        harness.advance(milliseconds: 5_000)
        let reader = RecordReader(symbols: ["BTCUSDT"])
        let fromText = harness.take(text).flatMap { reader.market(text: $0) }
        let messages = harness.takeBinary(binary)
        let fromBinary = messages.flatMap { reader.market(binary: $0) }
        #expect(fromText.count > 5_000)
        #expect(fromText == fromBinary)
        #expect(messages.count < fromText.count, "several trades of an order in one message")
    }

    @Test func `the binary host has its own four streams and asks for an Ed25519 key`() throws {
        let harness = try DialectHarness()
        func refusal(_ target: String, _ key: String?) -> Int? {
            let session = harness.dialect.open(client: 0, now: harness.now)
            return harness.dialect.upgrade(
                session, target: target, isBinary: true, key: key, now: harness.now)?.status
        }
        #expect(refusal("/ws", nil) == 401)
        #expect(refusal("/ws", "nobody") == 401)
        #expect(refusal("/ws", "alice") == 401, "a key of another kind")
        #expect(refusal("/ws", "carol") == nil)
        #expect(refusal("/ws-api/v3", "carol") != nil)

        let session = harness.connect("/ws", isBinary: true, key: "carol")
        harness.send(
            #"{"method":"SUBSCRIBE","params":["btcusdt@bestBidAsk","btcusdt@depth20"],"id":1}"#,
            on: session)
        harness.send(#"{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":2}"#, on: session)
        let answers = harness.take(session)
        #expect(answers.first == #"{"result":null,"id":1}"#)
        #expect(answers.last?.contains(#""code":2"#) == true)
        let json = harness.connect("/ws")
        harness.send(#"{"method":"SUBSCRIBE","params":["btcusdt@bestBidAsk"],"id":3}"#, on: json)
        #expect(harness.take(json).last?.contains(#""code":2"#) == true)
        harness.advance(milliseconds: 300)
        #expect(!harness.takeBinary(session).isEmpty)
        harness.send(
            #"{"method":"UNSUBSCRIBE","params":["btcusdt@depth20","btcusdt@bestBidAsk"],"id":4}"#,
            on: session)
        harness.advance(milliseconds: 300)
        #expect(harness.takeBinary(session).isEmpty)
        harness.dialect.shutDown(now: harness.now)
        #expect(harness.take(session).last?.contains("serverShutdown") == true)
    }

    /// Random records through the exchange's writers: whatever the writers have in common with
    /// nobody, the engine's two decoders make the same records of it.
    @Test func `random events decode alike from both encodings`() throws {
        let seed: UInt64 = 0xB1_4A
        var random = RandomSource(seed: seed)
        var symbol = SymbolConfiguration.defaults[0]
        var text = TextBuffer()
        func number(_ step: Int64) -> Int64 {
            let wide = random.below(8) == 0
            return Int64(random.below(wide ? 1 << 30 : 90_000)) * (random.below(9) == 0 ? 1 : step)
        }
        for round in 0..<2_000 {
            symbol.tickSize = Price(raw: [1, 100, 1_000_000, 100_000_000][random.below(4)])
            symbol.lotSize = Quantity(raw: [1, 1_000, 100_000_000][random.below(3)])
            let tick = symbol.tickSize.raw
            let lot = symbol.lotSize.raw
            let time = Timestamp(nanoseconds: 1_700_000_000_000_000_000 + number(1) * 1_000)
            // With two digits after the point some numbers have too many: refused by both alike.
            let reader = RecordReader(symbols: [symbol.symbol], scale: [8, 8, 2][random.below(3)])
            let trade = PublicTrade(
                id: number(1), price: Price(raw: number(tick)),
                quantity: Quantity(raw: number(lot)), time: time,
                takerSide: random.below(2) == 0 ? .buy : .sell)
            text.clear()
            StreamText.trade(trade, symbol: symbol.symbol, .microseconds, to: &text)
            let tradeText = text.string
            text.clear()
            StreamBinary.trades([trade], of: BinarySymbol(symbol), to: &text)
            #expect(
                reader.market(text: tradeText) == reader.market(binary: text.array),
                "seed \(seed) round \(round)")
            var top = BookTop()
            top.bidPrice.raw = number(tick)
            top.bidQuantity.raw = number(lot)
            top.askPrice.raw = number(tick)
            top.askQuantity.raw = number(lot)
            text.clear()
            StreamText.bookTicker(top, updateID: trade.id, symbol: symbol.symbol, to: &text)
            let topText = text.string
            text.clear()
            StreamBinary.bestBidAsk(
                top, updateID: trade.id, now: time, of: BinarySymbol(symbol), to: &text)
            #expect(
                reader.market(text: topText) == reader.market(binary: text.array),
                "seed \(seed) round \(round)")
            func levels() -> [BookLevel] {
                (0..<random.below(30)).map { _ in
                    BookLevel(price: Price(raw: number(tick)), quantity: Quantity(raw: number(lot)))
                }
            }
            let diff = DepthDiff(
                firstUpdateID: trade.id, lastUpdateID: trade.id + 5, bids: levels(), asks: levels())
            text.clear()
            StreamText.depth(diff, symbol: symbol.symbol, now: time, .microseconds, to: &text)
            let diffText = text.string
            text.clear()
            StreamBinary.diff(diff, now: time, of: BinarySymbol(symbol), to: &text)
            #expect(
                reader.market(text: diffText) == reader.market(binary: text.array),
                "seed \(seed) round \(round)")
        }
    }
}
