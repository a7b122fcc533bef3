import MarketContext
import MarketModel
import Testing

/// What is not known in full says so (BUG-165).
@Suite struct PartialContextTests {
    /// 2024-08-09T00:00:00Z, a Friday.
    private static let midnight = Timestamp(milliseconds: 1_723_161_600_000)

    private func trade(_ id: Int64, _ price: Int64, at second: Int64) -> Trade {
        Trade(
            instrument: Tape.instrument, id: TradeID(id), price: Price(raw: price),
            quantity: Quantity(raw: 10), aggressor: .buy,
            venueTime: Self.midnight + .seconds(second), receiveTime: .unknown)
    }

    private func naked(_ context: borrowing InstrumentContext) -> [Bool] {
        (0..<context.nakedLevels.count).map { context.nakedLevels.level($0).isPartial }
    }

    /// Three trades of a day, the first two of them at its point of control, and none back there;
    /// each day is above the one before.
    private func trade(
        day: Int64, after id: Int64, from second: Int64 = 60, in context: inout InstrumentContext
    ) {
        let price = 50_000 + day * 5_000
        for (number, place) in [price, price, price + 1_000].enumerated() {
            let number = Int64(number)
            _ = context.update(
                trade(id + number + 1, place, at: day * 86_400 + second + number))
        }
    }

    @Test func `the point of control of a day that began without us is a partial level`() throws {
        var context = try ContextRig.context()
        trade(day: 0, after: 0, from: 43_200, in: &context)
        trade(day: 1, after: 3, in: &context)
        #expect(naked(context) == [true])
        #expect(context.previousDay?.isPartial == true)
        trade(day: 2, after: 6, in: &context)
        #expect(naked(context) == [true, false])
        #expect(context.previousDay?.isPartial == false)
        // A number is missing on the third day: that trade may have touched any of them.
        _ = context.update(trade(20, 61_000, at: 2 * 86_400 + 120))
        #expect(naked(context) == [true, true])
        trade(day: 3, after: 20, in: &context)
        #expect(naked(context) == [true, true, true])
        #expect(context.previousDay?.isPartial == true)
        trade(day: 4, after: 23, in: &context)
        #expect(naked(context) == [true, true, true, false])
        #expect(context.nakedLevels.nearestBelow?.isPartial == false)
        var revived = try ContextRig.context()
        try revived.restore(context.state)
        #expect(naked(revived) == [true, true, true, false])
    }

    @Test func `what ends while the stream is lost is partial for good`() throws {
        var context = try ContextRig.context()
        context.assumeComplete(since: Self.midnight)
        trade(day: 0, after: 0, in: &context)
        #expect(context.isPartial(context.day) == false)
        context.doubt()
        #expect(context.isPartial(context.day) && context.isDeltaPartial)
        #expect(context.isPartial(footprint: 0) && context.isRegimePartial)
        // The clock ends the day before anybody can know.
        context.advance(to: Self.midnight + .seconds(86_400))
        #expect(context.previousDay?.isPartial == true)
        #expect(context.previousDay?.candle.isPartial == true)
        trade(day: 1, after: 3, in: &context)
        #expect(context.holeCount == 0 && context.isInDoubt == false)
        #expect(context.previousDay?.isPartial == true && naked(context) == [true])
        #expect(context.isPartial(context.day) == false, "no number is missing")
        #expect(context.day.pointee.candle?.isPartial == false)
    }

    @Test func `a doubt that the next trade confirms is a hole`() throws {
        var context = try ContextRig.context()
        context.assumeComplete(since: Self.midnight)
        trade(day: 0, after: 0, in: &context)
        context.doubt()
        var revived = try ContextRig.context()
        try revived.restore(context.state)
        #expect(revived.isInDoubt == true)
        _ = context.update(trade(5, 50_000, at: 700))
        #expect(context.isInDoubt == false && context.holeCount == 1)
        #expect(context.isPartial(context.day) && context.isDeltaPartial)
        #expect(context.day.pointee.candle?.isPartial == true)
        #expect(context.footprint.current?.isPartial == true)
        // Without a number nobody can tell.
        var nameless = try ContextRig.context()
        nameless.assumeComplete(since: Self.midnight)
        _ = nameless.update(trade(-1, 50_000, at: 100))
        #expect(nameless.isPartial(nameless.day) == false)
        nameless.doubt()
        _ = nameless.update(trade(-1, 50_000, at: 200))
        #expect(nameless.isPartial(nameless.day) && nameless.isInDoubt == false)
    }

    @Test func `footprint bars say which of them lack trades`() throws {
        var context = try ContextRig.context()
        func partial(_ context: borrowing InstrumentContext) -> [Bool] {
            (0...context.footprint.closedCount).map { context.isPartial(footprint: $0) }
        }
        // Bars of five minutes; the first began before its first trade.
        _ = context.update(trade(1, 50_000, at: 100))
        #expect(partial(context) == [true])
        _ = context.update(trade(2, 50_000, at: 310))
        #expect(partial(context) == [false, true])
        _ = context.update(trade(5, 50_000, at: 320))
        #expect(partial(context) == [true, true])
        _ = context.update(trade(6, 50_000, at: 610))
        #expect(partial(context) == [false, true, true])
        context.advance(to: Self.midnight + .seconds(901))
        _ = context.update(trade(7, 50_000, at: 905))
        #expect(partial(context) == [false, false, true, true])
        context.markIncomplete()
        #expect(partial(context) == [true, false, true, true])
        var revived = try ContextRig.context()
        try revived.restore(context.state)
        #expect(partial(revived) == [true, false, true, true])
        context.beginCatchingUp()
        #expect(partial(context) == [true, true, true, true])
    }

    @Test func `cumulative delta is partial once a trade of it is missing`() throws {
        var context = try ContextRig.context()
        context.assumeComplete(since: Self.midnight)
        _ = context.update(trade(1, 50_000, at: 100))
        _ = context.update(trade(2, 50_000, at: 200))
        #expect(context.isDeltaPartial == false)
        _ = context.update(trade(4, 50_000, at: 300))
        #expect(context.isDeltaPartial == true)
        _ = context.update(trade(5, 50_000, at: 200_000))
        #expect(context.isDeltaPartial == true, "it has no end")
        var revived = try ContextRig.context()
        try revived.restore(context.state)
        #expect(revived.isDeltaPartial == true)
        var told = try ContextRig.context()
        told.assumeComplete(since: Self.midnight)
        _ = told.update(trade(1, 50_000, at: 100))
        told.markIncomplete()
        #expect(told.isDeltaPartial == true)
        // Since the first trade it has all, though not since the day's beginning.
        var late = try ContextRig.context()
        _ = late.update(trade(1, 50_000, at: 100))
        #expect(late.isDeltaPartial == false)
        late.beginCatchingUp()
        #expect(late.isDeltaPartial == true)
    }

    @Test func `the regime is partial until all bars that it looks at are complete`() throws {
        var context = try ContextRig.context()
        var answers: [Bool] = []
        // Six bars of five minutes; the first is partial, and so is that with a hole.
        for bar in 0..<30 as Range<Int64> {
            let id = bar < 15 ? bar : bar + 1
            _ = context.update(trade(1 + id, 50_000 + bar, at: 10 + bar * 300))
            answers.append(context.isRegimePartial)
        }
        // Its period is six distances, between seven closes.
        for bar in answers.indices {
            let isPartial = bar < 8 || (15..<23).contains(bar)
            #expect(answers[bar] == isPartial, "\(bar)")
        }
        var revived = try ContextRig.context()
        try revived.restore(context.state)
        #expect(revived.isRegimePartial == false)
        context.beginCatchingUp()
        #expect(context.isRegimePartial == true)
    }
}
