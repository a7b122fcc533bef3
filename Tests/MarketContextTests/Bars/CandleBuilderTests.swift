import MarketContext
import MarketModel
import Testing

@Suite struct CandleBuilderTests {
    private let instrument = InstrumentIndex(4)

    private func trade(
        _ id: Int64, at milliseconds: Int64, price: Int64, quantity: Int64 = 1,
        aggressor: Side = .buy
    ) -> Trade {
        Trade(
            instrument: instrument, id: TradeID(id), price: Price(raw: price),
            quantity: Quantity(raw: quantity), aggressor: aggressor,
            venueTime: Timestamp(milliseconds: milliseconds),
            receiveTime: Timestamp(milliseconds: milliseconds + 5))
    }

    @Test func `a bar holds the trades of its interval`() throws {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(1))
        #expect(builder.nextClose == .never)
        let steps = [
            trade(1, at: 10_000, price: 100, quantity: 2),
            trade(2, at: 10_500, price: 103, quantity: 3, aggressor: .sell),
            trade(3, at: 10_700, price: 99),
            trade(4, at: 10_999, price: 101),
        ].map { builder.update($0) }
        #expect(steps == [.extended, .extended, .extended, .extended])
        #expect(builder.nextClose == Timestamp(milliseconds: 11_000))
        let bar = try #require(builder.current)
        #expect(bar.openTime == Timestamp(milliseconds: 10_000))
        #expect(bar.closeTime == Timestamp(nanoseconds: 10_999_999_999))
        #expect(bar.open.raw == 100)
        #expect(bar.high.raw == 103)
        #expect(bar.low.raw == 99)
        #expect(bar.close.raw == 101)
        #expect(bar.volume.raw == 7)
        #expect(bar.takerBuyVolume.raw == 4)
        #expect(bar.quoteVolume == Notional(raw: 709))
        #expect(bar.tradeCount == 4)
        #expect(!bar.isClosed)
    }

    @Test func `a trade of a later interval closes the bar and no empty bars are invented`() {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(1))
        _ = builder.update(trade(1, at: 10_000, price: 100))
        let step = builder.update(trade(2, at: 15_250, price: 90))
        guard case .closed(let bar) = step else {
            Issue.record("the bar should close, not \(step)")
            return
        }
        #expect(bar.openTime == Timestamp(milliseconds: 10_000))
        #expect(bar.isClosed)
        #expect(bar.close.raw == 100)
        #expect(builder.current?.openTime == Timestamp(milliseconds: 15_000))
        #expect(builder.current?.tradeCount == 1)
    }

    // BUG-047
    @Test func `a bar that the venue has begun goes on with our trades`() throws {
        var venue = CandleBuilder(instrument: instrument, interval: .seconds(60))
        _ = venue.update(trade(1, at: 61_000, price: 105, quantity: 4))
        _ = venue.update(trade(2, at: 62_000, price: 95, quantity: 2, aggressor: .sell))
        let forming = try #require(venue.current)

        var builder = CandleBuilder(instrument: instrument, interval: .seconds(60))
        builder.resume(forming)
        #expect(builder.nextClose == Timestamp(milliseconds: 120_000))
        _ = builder.update(trade(3, at: 70_000, price: 100))
        _ = venue.update(trade(3, at: 70_000, price: 100))
        #expect(builder.current == venue.current)
        #expect(builder.current?.high.raw == 105 && builder.current?.low.raw == 95)
        let early = builder.update(trade(4, at: 59_000, price: 100))
        #expect(early == .late)
    }

    @Test func `a begun bar is refused where it does not fit and put aside by an older market`() {
        var minutes = CandleBuilder(instrument: instrument, interval: .seconds(60))
        _ = minutes.update(trade(1, at: 600_000, price: 105))
        guard let forming = minutes.current else { return }
        var hours = CandleBuilder(instrument: instrument, interval: .seconds(3600))
        hours.resume(forming)
        #expect(hours.current == nil)

        var recorded = CandleBuilder(instrument: instrument, interval: .seconds(60))
        recorded.resume(forming)
        _ = recorded.update(trade(2, at: 61_000, price: 7))
        #expect(recorded.current?.open.raw == 7)
        #expect(recorded.current?.openTime == Timestamp(milliseconds: 60_000))
        #expect(recorded.lateCount == 0)
    }

    @Test func `the clock closes a bar once, at its end and not before`() {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(60))
        _ = builder.update(trade(1, at: 60_000, price: 100))
        let closings = [119_999, 120_000, 120_001]
            .map { builder.close(at: Timestamp(milliseconds: $0))?.tradeCount }
        #expect(closings == [nil, 1, nil])
        #expect(builder.current == nil)
        #expect(builder.nextClose == .never)
    }

    @Test func `a trade for a closed bar is counted and changes nothing`() {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(1))
        _ = builder.update(trade(1, at: 10_500, price: 100))
        _ = builder.close(at: Timestamp(milliseconds: 11_000))
        let afterClock = builder.update(trade(2, at: 10_900, price: 500))
        #expect(afterClock == .late)
        _ = builder.update(trade(3, at: 12_000, price: 101))
        let before = builder.current
        let late = builder.update(trade(4, at: 11_500, price: 500))
        #expect(late == .late)
        #expect(builder.current == before)
        #expect(builder.lateCount == 2)
    }

    @Test func `trades out of order within the running bar all belong to it`() {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(1))
        _ = builder.update(trade(1, at: 10_900, price: 100))
        let step = builder.update(trade(2, at: 10_100, price: 90))
        #expect(step == .extended)
        #expect(builder.current?.open.raw == 100)
        #expect(builder.current?.close.raw == 90)
    }

    @Test(arguments: [1, 60, 300, 3_600, 86_400] as [Int64])
    func `bars are aligned to UTC`(seconds: Int64) {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(seconds))
        // 2024-08-09T13:47:21.123Z
        _ = builder.update(trade(1, at: 1_723_211_241_123, price: 1))
        let start = 1_723_211_241 / seconds * seconds
        #expect(builder.current?.openTime == Timestamp(milliseconds: start * 1000))
    }

    @Test func `without a venue time the receive time decides`() {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(1))
        var record = trade(1, at: 0, price: 1)
        record.venueTime = .unknown
        record.receiveTime = Timestamp(milliseconds: 7_200)
        _ = builder.update(record)
        #expect(builder.current?.openTime == Timestamp(milliseconds: 7_000))
    }

    @Test func `absurd volumes stop at the largest number`() {
        var builder = CandleBuilder(instrument: instrument, interval: .seconds(1))
        for id in 1...3 as ClosedRange<Int64> {
            _ = builder.update(trade(id, at: 500, price: .max, quantity: .max))
        }
        #expect(builder.current?.volume.raw == .max)
        #expect(builder.current?.quoteVolume.raw == .max)
    }

    @Test(arguments: Tape.all, [("bars_1s", Int64(1)), ("bars_1m", 60)])
    func `bars of the recorded trades equal the golden ones`(
        series: String, golden: (file: String, seconds: Int64)
    ) throws {
        guard let trades = try Tape.recorded(series),
            let rows = try SharedData.rows("golden/profile/\(series)_\(golden.file).csv.gz")
        else { return }
        var builder = CandleBuilder(
            instrument: Tape.instrument, interval: .seconds(golden.seconds))
        var bars: [Candle] = []
        for trade in trades {
            if case .closed(let bar) = builder.update(trade) { bars.append(bar) }
        }
        if let last = builder.close(at: .never) { bars.append(last) }
        #expect(builder.lateCount == 0)
        #expect(bars.count == rows.count)
        for (bar, row) in zip(bars, rows) {
            #expect(String(bar.openTime.milliseconds) == row[0])
            let prices = [bar.open, bar.high, bar.low, bar.close].map(\.raw)
            #expect(prices == (try row[1...4].map { try parseDecimal($0, scale: Tape.scale) }))
            #expect(bar.volume.raw == (try parseDecimal(row[5], scale: Tape.scale)))
            #expect(bar.takerBuyVolume.raw == (try parseDecimal(row[6], scale: Tape.scale)))
            #expect(String(bar.tradeCount) == row[7])
            #expect(bar.quoteVolume.raw == (try Tape.wide(row[8], scale: 2 * Tape.scale)))
        }
    }
}
