import Foundation
import MarketContext
import MarketModel
import Testing

/// Bars that trades are missing of say so (BUG-166).
@Suite("Partial bars")
struct PartialBarTests {
    private static let minute = Timeframe.minutes(1)

    private func builder() -> CandleBuilder {
        CandleBuilder(instrument: Tape.instrument, timeframe: Self.minute)
    }

    private func trade(_ second: Int64, _ price: Int64 = 100) -> Trade {
        Trade(
            instrument: Tape.instrument, id: TradeID(second), price: Price(raw: price),
            quantity: Quantity(raw: 1), aggressor: .buy,
            venueTime: Timestamp(milliseconds: second * 1_000), receiveTime: .unknown)
    }

    /// Which of the bars are partial that these trades close, and the running one.
    private func marks(_ bars: inout CandleBuilder, _ trades: [Trade]) -> [Bool] {
        var marks: [Bool] = []
        for trade in trades {
            if case .closed(let bar) = bars.update(trade) { marks.append(bar.isPartial) }
        }
        if let running = bars.current { marks.append(running.isPartial) }
        return marks
    }

    @Test func `the bar in which trades begin is partial, and no later one`() {
        var bars = builder()
        #expect(marks(&bars, [61, 70, 125, 190].map { trade($0) }) == [true, false, false])
        // Also when its first trade is at its first moment: others of that moment may have been.
        var early = builder()
        #expect(marks(&early, [60, 125].map { trade($0) }) == [true, false])
        var known = builder()
        known.assumeComplete(since: Timestamp(milliseconds: 60_000))
        #expect(marks(&known, [61, 125].map { trade($0) }) == [false, false])
        known.assumeComplete(since: .never)
        #expect(known.current?.isPartial == false, "too late")
        var halfKnown = builder()
        halfKnown.assumeComplete(since: Timestamp(milliseconds: 60_001))
        #expect(marks(&halfKnown, [61, 125].map { trade($0) }) == [true, false])
    }

    @Test func `bars that somebody else began are partial, those behind closed ones not`() {
        var other = builder()
        other.assumeComplete(since: .unknown)
        _ = other.update(trade(61))
        guard var theirs = other.current else { return }
        #expect(theirs.isPartial == false)
        var forming = builder()
        forming.resume(theirs)
        #expect(marks(&forming, [70, 130].map { trade($0) }) == [true, false])
        // Nothing came any more before it ended: who knows what was traded.
        var unseen = builder()
        unseen.resume(theirs)
        #expect(marks(&unseen, [125, 185].map { trade($0) }) == [true, true, false])
        theirs.isClosed = true
        var behind = builder()
        behind.resume(theirs)
        #expect(marks(&behind, [125, 185].map { trade($0) }) == [true, false])
    }

    @Test func `missing trades mark all bars that they may belong to`() {
        var bars = builder()
        bars.assumeComplete(since: .unknown)
        #expect(marks(&bars, [61, 70].map { trade($0) }) == [false])
        bars.markIncomplete(through: Timestamp(milliseconds: 250_000))
        #expect(bars.current?.isPartial == true)
        #expect(marks(&bars, [250, 301, 361].map { trade($0) }) == [true, true, false, false])
        bars.markIncomplete(through: Timestamp(milliseconds: 100_000))
        #expect(bars.current?.isPartial == false, "older than the running bar")
    }

    @Test func `one partial short bar makes the long one partial`() {
        let shorts = (0..<20).map { number -> Candle in
            var bars = builder()
            bars.assumeComplete(since: .unknown)
            _ = bars.update(trade(Int64(number) * 60 + 600))
            var short = bars.close(at: .never)
            short?.isPartial = number == 7
            guard let short else { preconditionFailure("a closed bar") }
            return short
        }
        var long = CandleAggregator(instrument: Tape.instrument, timeframe: .minutes(5))
        let closed = shorts.compactMap { long.update($0) }
        #expect(closed.map(\.isPartial) == [false, true, false])
        #expect(long.current?.isPartial == false)
        #expect(long.current(with: shorts[7])?.isPartial == false, "refused, it is an old one")
        // It begins in the middle of a long bar.
        var late = CandleAggregator(instrument: Tape.instrument, timeframe: .minutes(5))
        #expect(shorts[12...].compactMap { late.update($0) }.map(\.isPartial) == [true])
        var known = CandleAggregator(instrument: Tape.instrument, timeframe: .minutes(5))
        known.assumeComplete(since: shorts[10].openTime)
        #expect(shorts[12...].compactMap { known.update($0) }.map(\.isPartial) == [false])
    }

    @Test func `bars of activity are partial when trades are missing of them or before them`()
        throws
    {
        let trades = (0..<12).map { trade(Int64($0), 100 + Int64($0) * 10) }
        func marks(_ update: (Trade) -> Bool?, _ lose: () -> Void) -> [Bool] {
            trades.enumerated().compactMap { number, trade in
                if number == 4 || number == 9 { lose() }
                return update(trade)
            }
        }
        var ticks = try ActivityBars(.trades(3), instrument: Tape.instrument)
        #expect(
            marks({ ticks.update($0)?.isPartial }, { ticks.markIncomplete() })
                == [false, true, false, true])
        var ranges = try ActivityBars(.range(Price(raw: 25)), instrument: Tape.instrument)
        #expect(
            marks({ ranges.update($0)?.isPartial }, { ranges.markIncomplete() })
                == [false, true, true])
        var imbalances = try ImbalanceBars(
            of: .one, shortest: 3, longest: 3, span: 2, instrument: Tape.instrument)
        #expect(
            marks({ imbalances.update($0)?.isPartial }, { imbalances.markIncomplete() })
                == [false, true, false, true])
        var bricks = try RenkoBars(height: Price(raw: 30), instrument: Tape.instrument)
        #expect(
            marks({ bricks.update($0)?.brick(0).isPartial }, { bricks.markIncomplete() })
                == [false, true, false, true])
        bricks.markIncomplete()
        _ = bricks.update(trade(20, 215))
        #expect(bricks.current?.isPartial == true)
    }

    @Test func `marks survive a saved state`() throws {
        var bars = builder()
        _ = bars.update(trade(61))
        let saved = try JSONDecoder().decode(
            CandleBuilder.self, from: JSONEncoder().encode(bars))
        #expect(saved.current?.isPartial == true && saved.completeSince == bars.completeSince)
    }
}
