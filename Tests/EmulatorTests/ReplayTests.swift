import Foundation
import MarketModel
import Testing

@testable import Emulator

@Suite("Replayed book")
struct ReplayedBookTests {
    private func level(_ price: Int64, _ quantity: Int64) -> BookLevel {
        BookLevel(price: Price(raw: price), quantity: Quantity(raw: quantity))
    }

    private func diff(
        _ first: Int64, _ last: Int64, bids: [BookLevel] = [], asks: [BookLevel] = []
    ) -> DepthDiff {
        DepthDiff(firstUpdateID: first, lastUpdateID: last, bids: bids, asks: asks)
    }

    private func book() -> ReplayedBook {
        let book = ReplayedBook(lotSize: Quantity(raw: 1))
        book.apply(
            snapshot: diff(
                10, 10, bids: [level(100, 50), level(99, 20)],
                asks: [level(101, 30), level(102, 40)]))
        return book
    }

    private func trade(_ price: Int64, _ quantity: Int64, _ side: Side) -> PublicTrade {
        PublicTrade(
            id: 1, price: Price(raw: price), quantity: Quantity(raw: quantity), time: .unknown,
            takerSide: side)
    }

    private func order(
        _ id: Int64, _ side: Side, _ price: Int64, _ quantity: Int64,
        timeInForce: TimeInForce = .gtc
    ) -> IncomingOrder {
        IncomingOrder(
            id: id, account: AccountIndex(1), side: side, type: .limit, timeInForce: timeInForce,
            price: Price(raw: price), quantity: Quantity(raw: quantity))
    }

    @Test func `a resting order waits behind what was displayed`() {
        let book = book()
        #expect(book.place(order(1, .buy, 100, 10)).remainder == .rests)
        book.apply(trade: trade(100, 45, .sell))
        #expect(book.log.fills.isEmpty)
        book.apply(trade: trade(100, 8, .sell))
        #expect(book.log.fills.map(\.quantity.raw) == [3])
        #expect(book.log.fills.first?.makerRemaining == Quantity(raw: 7))
    }

    @Test func `cancels ahead move the order up only when the level is smaller than its queue`() {
        let book = book()
        _ = book.place(order(1, .buy, 100, 10))
        book.apply(diff: diff(11, 11, bids: [level(100, 5)]))
        book.apply(trade: trade(100, 6, .sell))
        #expect(book.log.fills.map(\.quantity.raw) == [1])
    }

    @Test func `a trade through the price fills it`() {
        let book = book()
        _ = book.place(order(1, .buy, 100, 10))
        book.apply(trade: trade(99, 4, .sell))
        #expect(book.log.fills.map(\.quantity.raw) == [4])
        #expect(book.log.fills.first?.price == Price(raw: 100))
    }

    @Test func `the other side moving through the price fills it with what is displayed`() {
        let book = book()
        _ = book.place(order(1, .buy, 100, 10))
        book.apply(
            diff: diff(11, 12, bids: [level(100, 0)], asks: [level(100, 6), level(101, 0)]))
        #expect(book.log.fills.map(\.quantity.raw) == [6])
    }

    @Test func `displayed quantity is taken once, until the market shows it anew`() {
        let book = book()
        let first = book.place(order(1, .buy, 101, 20, timeInForce: .ioc))
        #expect(first.executed == Quantity(raw: 20))
        let second = book.place(order(2, .buy, 101, 20, timeInForce: .ioc))
        #expect(second.executed == Quantity(raw: 10))
        book.apply(diff: diff(11, 11, asks: [level(101, 45)]))
        let third = book.place(order(3, .buy, 101, 20, timeInForce: .ioc))
        #expect(third.executed == Quantity(raw: 15))
    }

    @Test func `a taker sweeps levels at their prices and fill or kill is all or nothing`() {
        let book = book()
        #expect(
            book.place(order(1, .buy, 102, 71, timeInForce: .fok)).remainder == .expiredFillOrKill)
        let swept = book.place(order(2, .buy, 102, 70, timeInForce: .fok))
        #expect(swept.remainder == .filled)
        #expect(book.log.fills.map(\.price.raw) == [101, 102])
    }

    @Test func `diffs before the snapshot are kept and a gap is counted`() {
        let book = ReplayedBook(lotSize: Quantity(raw: 1))
        book.apply(diff: diff(8, 12, bids: [level(98, 7)]))
        book.apply(snapshot: diff(10, 10, bids: [level(100, 50)], asks: [level(101, 30)]))
        #expect(book.updateID == 12)
        #expect(book.gapCount == 0)
        book.apply(diff: diff(14, 15))
        #expect(book.gapCount == 1)
    }

    @Test func `a newer ticker corrects the top until the diffs have caught up`() {
        let book = book()
        book.apply(
            ticker: BookTop(
                bidPrice: Price(raw: 99), bidQuantity: Quantity(raw: 5),
                askPrice: Price(raw: 101), askQuantity: Quantity(raw: 30)), updateID: 20)
        #expect(book.top.bidPrice == Price(raw: 99))
        book.apply(diff: diff(11, 15, bids: [level(100, 40)]))
        #expect(book.top.bidPrice == Price(raw: 99))
        book.apply(diff: diff(16, 21, bids: [level(100, 3)]))
        #expect(book.top.bidPrice == Price(raw: 100))
    }
}

@Suite("Replay of a capture")
struct ReplayTests {
    private func temporaryFile(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "capture-" + UUID().uuidString + ".jsonl"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    static let capture = """
        1000000000000000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1000000000000,"s":"BTCUSDT","U":9,"u":11,"b":[["60000.00000000","2.00000000"]],"a":[]}}
        1000000000100000000 {"lastUpdateId":10,"bids":[["60000.00000000","1.00000000"],["59999.00000000","1.00000000"]],"asks":[["60001.00000000","1.00000000"]]}
        not a frame
        1000000000200000000 {"stream":"btcusdt@trade","data":{"e":"trade","E":1000000000200,"s":"BTCUSDT","t":5,"p":"60000.00000000","q":"0.50000000","T":1000000000200,"m":true,"M":true}}
        1000000001200000000 {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1000000001200,"s":"BTCUSDT","U":12,"u":12,"b":[["60000.00000000","1.50000000"]],"a":[]}}
        """

    private func harness(
        _ path: String, pace: ReplayConfiguration.Pace = .multiple(1)
    ) throws -> DialectHarness {
        var configuration = DialectHarness.configuration
        var replay = ReplayConfiguration(files: [path])
        replay.pace = pace
        configuration.market = .replay(replay)
        return try DialectHarness(configuration)
    }

    @Test func `frames wait for a subscriber, hold at the snapshot, keep their pace and bytes`()
        throws
    {
        let harness = try harness(try temporaryFile(Self.capture))
        harness.advance(milliseconds: 1_000)
        let raw = harness.connect("/ws/btcusdt@trade")
        let session = harness.connect("/stream?streams=btcusdt@depth@100ms/btcusdt@trade")
        harness.advance(milliseconds: 2_000)
        let lines = Self.capture.split(separator: "\n").map(String.init)
        func message(_ line: Int) -> String { String(lines[line].drop { $0 != "{" }) }
        #expect(harness.take(session) == [message(0)])
        let snapshot = harness.rest("GET", "depth?symbol=BTCUSDT&limit=1000")
        #expect(snapshot.text == message(1))
        harness.advance(milliseconds: 500)
        #expect(harness.take(session) == [message(3)])
        #expect(harness.take(raw) == [String(message(3).dropFirst(33).dropLast())])
        harness.advance(milliseconds: 1_000)
        let rest = harness.take(session)
        #expect(rest.first == message(4))
        #expect(rest.last?.contains("serverShutdown") == true)
        #expect(harness.closed[session] == 1000)
        #expect(harness.dialect.isReplayFinished)
    }

    @Test func `later snapshots come from the replayed book`() throws {
        let harness = try harness(try temporaryFile(Self.capture), pace: .unthrottled)
        _ = harness.rest("GET", "depth?symbol=BTCUSDT")
        _ = harness.connect("/stream?streams=btcusdt@depth@100ms")
        harness.advance(milliseconds: 50)
        #expect(
            harness.rest("GET", "depth?symbol=BTCUSDT&limit=1").text
                == #"{"lastUpdateId":12,"bids":[["60000.00000000","1.50000000"]],"asks":[["60001.00000000","1.00000000"]]}"#)
    }

    @Test func `a missing or empty capture is refused`() throws {
        #expect(throws: CaptureFailure.self) { try harness("/nowhere.jsonl.gz") }
        let empty = try temporaryFile("")
        #expect(throws: CaptureFailure.noFrames(path: empty)) { try harness(empty) }
    }

    /// The recorded tickers are the witness: after a diff ending at `u` the book's top equals the
    /// newest ticker up to `u`; two of 6493 differ because the recording lacks a message.
    @Test(.enabled(if: SharedFiles.hasCaptures))
    func `the recorded captures rebuild to the recorded tickers without a gap`() throws {
        let reader = try CaptureReader(paths: SharedFiles.captures.map(SharedFiles.path))
        let book = ReplayedBook(lotSize: Quantity(raw: 1))
        var tickers: [(Int64, BookTop)] = []
        var (checked, different, frames) = (0, 0, 0)
        while let line = reader.next() {
            frames += 1
            let payload = FramedPayload(line.message)?.payload ?? line.message
            switch try #require(CaptureFrame.parse(payload)) {
            case .bookTicker(let updateID, let top): tickers.append((updateID, top))
            case .trade(let trade): book.apply(trade: trade)
            case .snapshot(let levels): book.apply(snapshot: levels)
            case .depth(let diff, _):
                book.apply(diff: diff)
                guard book.isSynchronized else { continue }
                let known = tickers.lastIndex { $0.0 <= diff.lastUpdateID }
                guard let known else { continue }
                checked += 1
                if tickers[known].1 != book.top { different += 1 }
                tickers.removeFirst(known)
            }
        }
        #expect(frames == 99_574)
        #expect(reader.skippedLines == 0)
        #expect(book.gapCount == 0)
        #expect(checked > 6_400)
        #expect(different == 2)
    }

    @Test(.enabled(if: SharedFiles.hasCaptures))
    func `with tickers applied the book always shows the newest recorded top`() throws {
        let reader = try CaptureReader(paths: SharedFiles.captures.map(SharedFiles.path))
        let book = ReplayedBook(lotSize: Quantity(raw: 1))
        var newest: (Int64, BookTop) = (0, BookTop())
        var different = 0
        while let line = reader.next() {
            let payload = FramedPayload(line.message)?.payload ?? line.message
            switch try #require(CaptureFrame.parse(payload)) {
            case .bookTicker(let updateID, let top):
                newest = (updateID, top)
                book.apply(ticker: top, updateID: updateID)
            case .snapshot(let levels): book.apply(snapshot: levels)
            case .depth(let diff, _): book.apply(diff: diff)
            case .trade(let trade): book.apply(trade: trade)
            }
            if book.isSynchronized, newest.0 > book.updateID, book.top != newest.1 {
                different += 1
            }
        }
        #expect(different == 0)
    }
}
