import Foundation
import MarketContext
import MarketModel
import Testing

@Suite struct InstrumentContextTests {
    /// Trades as the market's clock sees them: it never goes back.
    private func onClock(_ trades: [Trade]) -> [Trade] {
        var clock = Timestamp(nanoseconds: .min)
        return trades.map { trade in
            var trade = trade
            clock = max(clock, trade.venueTime)
            trade.venueTime = clock
            return trade
        }
    }

    private func high(_ trades: [Trade]) -> Price? { trades.map(\.price).max() }
    private func low(_ trades: [Trade]) -> Price? { trades.map(\.price).min() }

    // CTX-07, CTX-08
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `levels of days and sessions are those of their trades`(seed: UInt64) throws {
        let trades = onClock(Tape.random(3_000, seed: seed, jitter: 5_000))
        var context = try ContextRig.context()
        let boundaries = ContextRig.boundaries
        for (number, trade) in trades.enumerated() {
            let step = context.update(trade)
            #expect(step == .counted)
            guard number % 61 == 0 else { continue }
            let past = trades[...number]
            let clock = trade.venueTime
            for (timeframe, level) in [
                (Timeframe.day, context.previousDay), (.week, context.previousWeek),
            ] {
                let start = timeframe.start(of: clock)
                let earlier = past.filter { $0.venueTime < start }
                let last = earlier.last.map { timeframe.start(of: $0.venueTime) }
                let own = earlier.filter { timeframe.start(of: $0.venueTime) == last }
                #expect(level?.candle.high == high(own) && level?.candle.low == low(own))
                #expect(level?.candle.close == own.last?.price)
            }
            for session in 0..<4 as Range<UInt8> {
                let opened = boundaries.last {
                    $0.session.raw == session && $0.opens && $0.time <= clock
                }
                let closed = boundaries.last {
                    $0.session.raw == session && !$0.opens && $0.time <= clock
                }
                guard let opened, opened.time >= trades[0].venueTime else { continue }
                let end = closed.flatMap { $0.time > opened.time ? $0.time : nil } ?? .never
                let own = past.filter { $0.venueTime >= opened.time && $0.venueTime < end }
                let found = context.session(SessionIndex(session))
                let first = own.filter { $0.venueTime < opened.time + .seconds(3600) }
                #expect(found.pointee.isOpen == (end == .never), "\(number) \(session)")
                #expect(found.pointee.initialBalance.high == high(first))
                #expect(found.pointee.initialBalance.low == low(first))
                let quarter = own.filter { $0.venueTime < opened.time + .seconds(900) }
                #expect(found.pointee.openingRange.high == high(quarter))
                let candle =
                    end == .never ? found.pointee.candle : found.pointee.previous?.candle
                if end == .never || !own.isEmpty {
                    #expect(candle?.high == high(own) && candle?.low == low(own))
                    #expect(candle?.volume.raw ?? 0 == own.map(\.quantity.raw).reduce(0, +))
                }
            }
        }
    }

    @Test func `each UTC day leaves its point of control until the price is back`() throws {
        let trades = Tape.random(4_000, seed: 12)
        var context = try ContextRig.context()
        var naked: [Int64] = []
        var day: [Trade] = []
        var last: Int64?
        for trade in trades {
            if let first = day.first, first.venueTime.utcDay != trade.venueTime.utcDay {
                var volumes: [Int64: Int64] = [:]
                for trade in day { volumes[trade.price.raw / 5, default: 0] += trade.quantity.raw }
                let most = volumes.values.max()
                let control = volumes.filter { $0.value == most }.keys.min() ?? 0
                if control != last { naked.append(control) }
                day = []
            }
            day.append(trade)
            let bin = trade.price.raw / 5
            if let last { naked.removeAll { $0 >= min(last, bin) && $0 <= max(last, bin) } }
            last = bin
            _ = context.update(trade)
            let found = (0..<context.nakedLevels.count).map {
                context.nakedLevels.level($0).low.raw / 5
            }
            #expect(found == naked.sorted())
        }
        #expect(context.nakedLevels.touchedCount > 0)
    }

    @Test func `the recorded day leaves the golden profile behind`() throws {
        guard let trades = try Tape.recorded(Tape.spot),
            let data = try SharedData.data("golden/profile/\(Tape.spot)_summary.json")
        else { return }
        let golden = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let sessions = try #require(golden["sessions"] as? [String: [String: Any]])
        let day = try #require(sessions["2024-08-08"])
        let area = try #require(day["value_area_single_row"] as? [String: Any])
        var context = try ContextRig.context(ContextRig.settings(binTicks: 1_000_000_000))
        for trade in trades { _ = context.update(trade) }
        let previous = context.day.pointee.previous
        let summary = try #require(previous)
        func raw(_ entry: Any?) throws -> Int64 {
            try parseDecimal(try #require(entry as? String), scale: 8)
        }
        #expect(summary.pointOfControl.raw == (try raw(day["poc_bin_low"])))
        #expect(summary.valueArea.low.raw == (try raw(area["val_low_edge"])))
        #expect(summary.valueArea.high.raw == (try raw(area["vah_high_edge"])))
        #expect(summary.candle.volume.raw == (try raw(day["total_volume"])))
        // The tape begins shortly before midnight.
        #expect(summary.isPartial)
        let isPartial = context.isPartial(context.day)
        #expect(!isPartial)
    }

    @Test(arguments: [0, 1, 29, 45])
    func `daily bars of history give the levels of the time before the first trade`(
        missing: Int
    ) throws {
        // A trade an hour for 90 days, of which all before the last day are history.
        var numbers = SplitMix(seed: 50)
        let first = CivilDate(year: 2024, month: 7, day: 3).start
        let trades = (0..<90 * 24).map { hour in
            var trade = Tape.random(1, seed: numbers.next())[0]
            trade.id = TradeID(Int64(hour))
            trade.price = Price(raw: Int64.random(in: 40_000...60_000, using: &numbers))
            trade.venueTime = first + .seconds(Int64(hour) * 3_600)
            return trade
        }
        var whole = try ContextRig.context()
        var seeded = try ContextRig.context()
        var days = CandleBuilder(instrument: Tape.instrument, timeframe: .day)
        let start = 89 * 24 + 7
        for trade in trades[..<start] {
            _ = whole.update(trade)
            if case .closed(let day) = days.update(trade),
                day.openTime >= first + Nanoseconds(Nanoseconds.day.count * Int64(missing))
            {
                seeded.seed(day)
            }
        }
        if let forming = days.current { seeded.seed(forming) }
        for trade in trades[start...] {
            _ = whole.update(trade)
            _ = seeded.update(trade)
            #expect(seeded.previousDay?.candle == whole.previousDay?.candle)
            #expect(seeded.previousWeek?.candle == whole.previousWeek?.candle)
            #expect(seeded.currentWeek?.high == whole.currentWeek?.high)
            // Of 1 to 31 August, which history from 1 August on has all of.
            let month = missing > 29 ? seeded.previousMonth : whole.previousMonth
            #expect(seeded.previousMonth?.candle == month?.candle)
            #expect(seeded.previousMonth?.isPartial == (missing > 29))
            #expect(seeded.previousDay?.isPartial == false)
        }
        seeded.seed(Candle(
            instrument: Tape.instrument, openTime: first, closeTime: first, open: .zero,
            high: .zero, low: .zero, close: .zero, volume: .zero, takerBuyVolume: .zero,
            quoteVolume: .zero, tradeCount: 0, isClosed: true))
        #expect(seeded.previousDay?.candle == whole.previousDay?.candle)
    }

    @Test func `a recorded market has no levels of today's history`() throws {
        var context = try ContextRig.context()
        var days = CandleBuilder(instrument: Tape.instrument, timeframe: .day)
        for trade in Tape.random(900, seed: 3, from: 1_795_262_400_000) {
            if case .closed(let day) = days.update(trade) { context.seed(day) }
        }
        #expect(context.previousDay != nil)
        for trade in Tape.random(5, seed: 3) { _ = context.update(trade) }
        #expect(context.previousDay == nil && context.previousMonth == nil)
        #expect(context.currentMonth?.openTime == CivilDate(year: 2024, month: 8, day: 1).start)
    }

    // BUG-166
    @Test func `what began before the trades did is partial`() throws {
        let trades = Tape.random(2_000, seed: 20)
        var late = try ContextRig.context()
        var told = try ContextRig.context()
        told.assumeComplete(since: Timeframe.month.start(of: trades[0].venueTime))
        for trade in trades {
            _ = late.update(trade)
            _ = told.update(trade)
            let day = trade.venueTime.utcDay
            let isFirst = day == trades[0].venueTime.utcDay
            let lateIsPartial = late.isPartial(late.day)
            let toldIsPartial = told.isPartial(told.day)
            #expect(lateIsPartial == isFirst && !toldIsPartial)
            guard let previous = late.previousDay else { continue }
            let wasFirst = previous.candle.openTime.utcDay == trades[0].venueTime.utcDay
            #expect(previous.isPartial == wasFirst)
            #expect(told.previousDay?.isPartial == false)
        }
    }

    @Test func `a missing number makes what has begun partial, and only that`() throws {
        let trades = Tape.random(2_000, seed: 20)
        var context = try ContextRig.context()
        context.assumeComplete(since: Timestamp(nanoseconds: 0))
        for (number, trade) in trades.enumerated() where number != 700 {
            _ = context.update(trade)
            let isPartial = context.isPartial(context.day)
            let holed = number > 700 && trade.venueTime.utcDay == trades[701].venueTime.utcDay
            #expect(isPartial == holed, "\(number)")
            if let previous = context.previousDay {
                #expect(
                    previous.isPartial
                        == (previous.candle.openTime.utcDay == trades[701].venueTime.utcDay
                            && number > 700))
            }
        }
        #expect(context.holeCount == 1)
        context.markIncomplete()
        let isPartial = context.isPartial(context.day)
        #expect(isPartial)
    }

    // BUG-165
    @Test func `a trade that comes again changes nothing`() throws {
        let trades = Tape.random(500, seed: 5)
        var once = try ContextRig.context()
        var often = try ContextRig.context()
        for (number, trade) in trades.enumerated() {
            _ = once.update(trade)
            let first = often.update(trade)
            #expect(first == .counted)
            for again in trades[max(0, number - 3)...number] {
                let step = often.update(again)
                #expect(step == .known)
            }
        }
        #expect(ContextRig.words(once) == ContextRig.words(often))
        #expect(often.knownCount == 1_994)
        var worthless = trades[0]
        worthless.quantity = .zero
        let step = often.update(worthless)
        #expect(step == .refused && often.refusedCount == 1)
    }

    @Test func `sessions and regimes are told as they change, by trades or by the clock`() throws {
        let trades = Tape.random(3_000, seed: 30)
        for usesClock in [false, true] {
            var context = try ContextRig.context()
            var sessions: [SessionEvent] = []
            var regimes: [Regime] = [.unknown]
            for trade in trades {
                if usesClock { context.advance(to: trade.venueTime) }
                _ = context.update(trade)
                while let event = context.takeEvent() {
                    switch event {
                    case .session(let event): sessions.append(event)
                    case .regime(let regime):
                        #expect(regimes.last != regime)
                        regimes.append(regime)
                    case .caughtUp: Issue.record("nothing was to be caught up with")
                    }
                }
                #expect(context.regime == regimes.last)
                let open = sessions.last?.open ?? context.openSessions
                #expect(open == context.openSessions)
            }
            let expected = ContextRig.boundaries.filter {
                $0.time > trades[0].venueTime && $0.time <= trades[2_999].venueTime
            }
            #expect(sessions == expected)
            #expect(regimes.count > 4 && context.lostEventCount == 0)
        }
    }

    @Test func `events that nobody takes push out the oldest`() throws {
        var context = try ContextRig.context()
        for trade in Tape.random(3_000, seed: 30) { _ = context.update(trade) }
        var count = 0
        while context.takeEvent() != nil { count += 1 }
        #expect(count == 32 && context.lostEventCount > 0)
    }

    @Test func `settings that contradict each other are refused`() {
        func failure(_ change: (inout ContextSettings) -> Void) -> ContextFailure? {
            var settings = ContextSettings()
            change(&settings)
            do throws(ContextFailure) {
                _ = try InstrumentContext(settings, instrument: ContextRig.instrument)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure { _ in } == nil)
        #expect(
            failure { $0.valueAreaShare = 0 }
                == .outside("value area share", value: 0, allowed: 1...10_000))
        #expect(failure { $0.initialBalance = .zero } == .notPositive("initial balance"))
        #expect(failure { $0.regimeLeave = 3_500 } == .contradiction("leave is not below enter"))
        #expect(
            failure { $0.binTicks = 0 } == .outside("bin ticks", value: 0, allowed: 1...(.max / 2)))
        #expect(
            failure { $0.calendar = .standard }
                == .contradiction("the sessions are of another calendar"))
        #expect(throws: ContextFailure.contradiction("session 3 of 3")) {
            try SessionTable(ContextRig.boundaries, sessionCount: 3)
        }
    }
}
