import MarketModel
import Testing

@testable import Codec

@Suite(.enabled(if: SharedFiles.hasFrames, "needs ../shared/venues/frames"))
struct FrameFileTests {
    @Test(arguments: ExpectedFrames.market)
    func `each line of a market file gives its record`(
        file: String, records: [String]
    ) throws {
        let reader = MarketReader()
        let lines = try SharedFiles.lines(file)
        #expect(lines.map { reader.describe(reader.decode($0)) } == records)
    }

    @Test(arguments: ExpectedFrames.account)
    func `each line of an account file gives its record`(
        file: String, records: [String]
    ) throws {
        let reader = AccountReader()
        let lines = try SharedFiles.lines(file)
        #expect(try lines.map { try reader.describe($0) } == records)
    }

    /// Every market and account file has an expectation; the rest are bodies of REST answers.
    @Test func `no file is forgotten`() {
        let elsewhere = [
            "bookTicker_capture.jsonl", "depthDiff_nknusdt_capture.jsonl",
            "depthSnapshot_nknusdt_capture.jsonl", "sbe_handbuilt.jsonl",
            "sbe_wsapi_mainnet_capture.jsonl",
        ]
        let expected = Set(ExpectedFrames.market.map(\.file) + ExpectedFrames.account.map(\.file))
        for file in SharedFiles.frameFiles where !file.hasPrefix("rest_") {
            #expect(expected.contains(file) || elsewhere.contains(file), "\(file)")
        }
    }

    @Test func `every line of every file is valid JSON to the scanner`() throws {
        for file in SharedFiles.frameFiles {
            for line in try SharedFiles.lines(file) {
                let bytes = GuardedBytes(line)
                var scanner = JSONScanner(bytes.start, bytes.count)
                _ = try scanner.value()
                try scanner.finish()
            }
        }
    }

    @Test func `the captured tickers rise in their update ids`() throws {
        let reader = MarketReader()
        var last: [InstrumentIndex: Int64] = [:]
        let lines = try SharedFiles.lines("bookTicker_capture.jsonl")
        #expect(lines.count == 84)
        for line in lines {
            guard case .top(let top) = reader.decode(line) else {
                Issue.record("no top of book: \(line)")
                return
            }
            #expect(top.updateID > last[top.instrument, default: 0])
            #expect(top.bidPrice < top.askPrice)
            last[top.instrument] = top.updateID
        }
    }

    /// Section 5 of the sheet: the first event is dropped, 149 follow the snapshot without a gap.
    @Test func `the captured diffs continue the captured snapshot`() throws {
        let reader = MarketReader(soleInstrument: InstrumentIndex(5))
        let snapshot = try SharedFiles.lines("depthSnapshot_nknusdt_capture.jsonl")
        guard case .depth(let header) = reader.decode(snapshot[0]) else {
            Issue.record("no snapshot")
            return
        }
        #expect(header.isSnapshot && header.lastUpdateID == 499_869_752)
        #expect(
            reader.levels[0]
                == BookLevel(
                    price: Price(raw: 35_210_000), quantity: Quantity(raw: 67_200_000_000)))
        var id = header.lastUpdateID
        var applied = 0
        for line in try SharedFiles.lines("depthDiff_nknusdt_capture.jsonl") {
            guard case .depth(let diff) = reader.decode(line) else {
                Issue.record("no diff: \(line)")
                return
            }
            if diff.lastUpdateID <= id { continue }
            #expect(diff.firstUpdateID == id + 1)
            id = diff.lastUpdateID
            applied += 1
        }
        #expect(applied == 149)
    }

    @Test func `the rows of the documented answers are read`() throws {
        let reader = AccountReader()
        let status = try SharedFiles.lines("wsapi_order_status_doc.jsonl")[1]
        let bytes = GuardedBytes(status)
        guard case .response(let response) = reader.decode(bytes) else {
            Issue.record("no response")
            return
        }
        #expect(
            reader.describe(try reader.decoder.executionReport(of: response))
                == "status filled BTCUSDT #12569099453 own 0 sell limit gtc 0.00847000 at "
                + "23416.10000000 filled 0.00847000 for 198.33521500 exec 0 time 1660801717945")
        let account = GuardedBytes(try SharedFiles.lines("wsapi_account_status_doc.jsonl")[1])
        guard case .response(let answer) = reader.decode(account) else {
            Issue.record("no response")
            return
        }
        var rows = try reader.decoder.balances(of: answer)
        var texts: [String] = []
        while let row = try rows.next() {
            texts.append("\(Market.assetName(row.asset)) \(row.free)+\(row.locked)")
        }
        #expect(texts == ["BNB 0+0", "BTC 134471120+8600000", "USDT 102121000000+0"])
        #expect(rows.venueTime.milliseconds == 1_660_801_833_000)
    }
}
