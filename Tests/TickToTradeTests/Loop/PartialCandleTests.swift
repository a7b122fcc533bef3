import MarketContext
import MarketModel
import Testing

@testable import TickToTrade

/// Candles and indicators that trades are missing of are marked all the way to the strategy.
@Suite("Partial candles in the trading loop")
struct PartialCandleTests {
    private static let lengths = [1, 5, 60].map { Nanoseconds.seconds($0) }
    private static let start = Timestamp(milliseconds: 1_795_262_400_000)

    private static func tape(_ count: Int, _ numbers: inout SeededNumbers) -> [Trade] {
        var time = start
        return (0..<count).map { number in
            time = time + .milliseconds(numbers.number(0...(numbers.chance(10) ? 90_000 : 900)))
            return Trade(
                instrument: TestMarket.btc, id: TradeID(Int64(number + 10)),
                price: Price(raw: numbers.number(9_900...10_100)),
                quantity: Quantity(raw: numbers.number(1...50)),
                aggressor: numbers.chance(50) ? .buy : .sell, venueTime: time, receiveTime: time)
        }
    }

    /// The whole tape's candles of one length by the time they open, and their trades' numbers.
    private static func whole(_ tape: [Trade], _ length: Nanoseconds) -> [Timestamp: Candle] {
        var builder = CandleBuilder(instrument: TestMarket.btc, interval: length)
        builder.assumeComplete(since: .unknown)
        var candles: [Candle] = []
        for trade in tape {
            if case .closed(let candle) = builder.update(trade) { candles.append(candle) }
        }
        if let last = builder.close(at: .never) { candles.append(last) }
        return Dictionary(uniqueKeysWithValues: candles.map { ($0.openTime, $0) })
    }

    /// Gives the tape less some stretches of it, each behind a lost stream; the time from the last
    /// trade before such a stretch to the first behind it.
    private static func play(
        _ tape: [Trade], to lane: LaneRig, _ numbers: inout SeededNumbers
    ) -> [ClosedRange<Timestamp>] {
        var doubts: [ClosedRange<Timestamp>] = []
        var lost: Timestamp? = .unknown
        var number = 0
        while number < tape.count {
            if number > 0, numbers.chance(4) {
                lost = lost ?? tape[number - 1].venueTime
                lane.link(.marketStreamDown)
                // Sometimes nothing was missed.
                number += Int(numbers.number(0...12))
                if number >= tape.count { break }
                lane.now = tape[number].venueTime
                lane.loop.onTime(now: lane.now)
                lane.link(.marketStreamUp)
            }
            let trade = tape[number]
            lane.now = max(lane.now, trade.venueTime)
            lane.loop.onTime(now: lane.now)
            lane.loop.onTrade(trade, now: lane.now)
            if let since = lost { doubts.append(since...trade.venueTime) }
            lost = nil
            number += 1
        }
        lane.advance(.seconds(600))
        if let since = lost { doubts.append(since...lane.now) }
        return doubts
    }

    @Test(arguments: [81, 82, 83, 84, 85, 86] as [UInt64])
    func `a candle that is not marked is that of the whole tape`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let tape = Self.tape(400, &numbers)
        let lane = LaneRig(intervals: Self.lengths)
        let doubts = Self.play(tape, to: lane, &numbers)
        var counts = (marked: 0, whole: 0)
        for length in Self.lengths {
            let whole = Self.whole(tape, length)
            for (candle, interval) in lane.script.candles where interval == length {
                let isDoubtful = doubts.contains {
                    $0.overlaps(candle.openTime...candle.closeTime)
                }
                if candle.isPartial {
                    counts.marked += 1
                    #expect(isDoubtful, "seed \(seed): \(candle) lacks nothing")
                } else {
                    counts.whole += 1
                    #expect(candle == whole[candle.openTime], "seed \(seed)")
                }
            }
        }
        #expect(counts.marked > 10 && counts.whole > 30, "seed \(seed)")
    }

    @Test func `numbers that are missing mark the candle without a lost stream`() {
        let lane = LaneRig(intervals: [.seconds(60)])
        lane.trade(100, id: 5)
        lane.advance(.seconds(60))
        for id in [6, 7, 9] as [Int64] { lane.trade(100, id: id) }
        lane.advance(.seconds(60))
        lane.trade(100, id: 10)
        lane.advance(.seconds(63))
        let minutes = lane.script.candles.filter { $0.interval == .seconds(60) }.map(\.candle)
        #expect(minutes.map(\.isPartial) == [true, true, false])
    }

    /// MD-13: gaps are detected and logged, without a candle length that anybody asked for too.
    @Test(arguments: [[], [.seconds(60)]] as [[Nanoseconds]])
    func `a hole in the numbers is told with how many it lacks`(intervals: [Nanoseconds]) {
        let lane = LaneRig(intervals: intervals)
        for id in [5, 6, 7, 9, 10] as [Int64] { lane.trade(100, id: id) }
        lane.link(.marketStreamDown)
        lane.link(.marketStreamUp)
        lane.trade(100, id: 11)
        lane.link(.marketStreamDown)
        lane.link(.marketStreamUp)
        lane.trade(100, id: 40)
        var holes: [LaneEvent] = []
        while let event = lane.state.pointee.takeEvent() {
            if event.kind == .tradesMissing { holes.append(event) }
        }
        #expect(holes.map(\.code) == [1, 28] && holes.allSatisfy { $0.instrument == TestMarket.btc })
    }

    // MARK: - Indicators

    private static let minute = Nanoseconds.seconds(60)

    private func plan() -> IndicatorPlan {
        var plan = IndicatorPlan()
        plan.add(
            IndicatorNeed(.sma(period: 3), every: Self.minute), number: 0,
            instrument: TestMarket.btc.slot, strategy: 0)
        return plan
    }

    private func reading(_ lane: LaneRig, isForming: Bool = false) -> IndicatorReading? {
        var reading: IndicatorReading?
        lane.act {
            reading = isForming
                ? $0.formingIndicator(0, of: TestMarket.btc) : $0.indicator(0, of: TestMarket.btc)
        }
        return reading
    }

    @Test func `an indicator is partial until its warm-up is over with whole candles`() {
        let lane = LaneRig(indicators: plan())
        var answers: [Bool?] = []
        for minute in 0..<12 as Range<Int64> {
            // The eighth minute lacks a number.
            let id = minute < 7 ? 100 + minute : 101 + minute
            lane.trade(100, id: id)
            answers.append(reading(lane, isForming: true)?.isPartial)
            lane.advance(Self.minute)
            lane.advance(.zero)
        }
        lane.trade(100, id: 113)
        // Forming ones of minutes 0...11: the first two are not ready, the partial one of minute 0
        // is in it up to minute 2, that of minute 7 in those from 7 to 9.
        let expected: [Bool?] = [
            nil, nil, true, false, false, false, false, true, true, true, false, false,
        ]
        #expect(answers == expected)
        #expect(reading(lane)?.isPartial == false)
    }

    private func venueCandle(_ number: Int64, trades: UInt32 = 3) -> Candle {
        let open = Self.start + Nanoseconds(Self.minute.count * number)
        return Candle(
            instrument: TestMarket.btc, openTime: open, closeTime: open + Self.minute - Nanoseconds(1),
            open: Price(raw: 100), high: Price(raw: 100), low: Price(raw: 100),
            close: Price(raw: 100), volume: Quantity(raw: 1), takerBuyVolume: .zero,
            quoteVolume: Notional(raw: 100), tradeCount: trades, isClosed: true)
    }

    @Test func `the venue's candles show a gap by their times, flat ones are none`() {
        let lane = LaneRig(intervals: [], indicators: plan(), buildsCandles: false)
        var answers: [Bool?] = []
        // Minute 4 had no trade; 8 is missing.
        for number in [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12] as [Int64] {
            lane.loop.onCandle(venueCandle(number, trades: number == 4 ? 0 : 3), now: lane.now)
            answers.append(reading(lane)?.isPartial)
        }
        let expected: [Bool?] = [
            nil, nil, false, false, false, false, false, false, true, true, false, false,
        ]
        #expect(answers == expected)
    }

    @Test func `what a lost stream cannot have told is missing at once`() {
        let lane = LaneRig(intervals: [], indicators: plan(), buildsCandles: false)
        for number in 0..<5 as Range<Int64> {
            lane.loop.onCandle(venueCandle(number), now: lane.now)
        }
        lane.now = Self.start + .seconds(310)
        lane.trade(100)
        lane.link(.marketStreamDown)
        lane.now = Self.start + .seconds(350)
        lane.link(.marketStreamUp)
        #expect(reading(lane)?.isPartial == false, "minute 5 has not ended")
        lane.link(.marketStreamDown)
        lane.now = Self.start + .seconds(370)
        lane.link(.marketStreamUp)
        #expect(reading(lane)?.isPartial == true)
        for number in 6..<9 as Range<Int64> {
            lane.loop.onCandle(venueCandle(number), now: lane.now)
            #expect(reading(lane)?.isPartial == (number < 8))
        }
    }

    @Test func `lengths that the venue lacks are built beside the venue's candles`() {
        var plan = plan()
        let ten = Nanoseconds.seconds(10)
        plan.add(
            IndicatorNeed(.sma(period: 2), every: ten), number: 1,
            instrument: TestMarket.btc.slot, strategy: 0)
        let lane = LaneRig(
            intervals: [ten, Self.minute], indicators: plan, buildsCandles: false,
            alwaysBuilt: [ten])
        for number in 0..<7 as Range<Int64> {
            lane.trade(100 + Double(number))
            lane.advance(ten)
        }
        lane.loop.onCandle(venueCandle(0), now: lane.now)
        let lengths = lane.script.candles.map(\.interval)
        #expect(lengths.count { $0 == ten } == 6 && lengths.count { $0 == Self.minute } == 1)
        #expect(lengths.count == 7)
        var reading: IndicatorReading?
        lane.act { reading = $0.indicator(1, of: TestMarket.btc) }
        #expect(reading?.value == 104.5 && reading?.isPartial == false)
        // The venue's minutes do not go missing with the ten seconds.
        lane.link(.marketStreamDown)
        lane.link(.marketStreamUp)
        lane.act { reading = $0.indicator(1, of: TestMarket.btc) }
        #expect(reading?.isPartial == false)
    }

    // MARK: - Contexts

    @Test func `a lost stream makes the market context partial until the next trade`() throws {
        var plan = ContextPlan.none
        plan.add(ContextSettings(), instrument: TestMarket.btc.slot, strategy: 0)
        let lane = LaneRig(contexts: plan)
        func isPartial() -> [Bool?] {
            var answers: [Bool?] = []
            lane.act {
                let market = $0.market(TestMarket.btc)
                answers = [
                    market?.pointee.isDeltaPartial, market?.pointee.isPartial(footprint: 0),
                ]
            }
            return answers
        }
        lane.trade(100, id: 5)
        lane.advance(.seconds(300))
        lane.trade(100, id: 6)
        #expect(isPartial() == [false, false])
        lane.link(.marketStreamDown)
        #expect(isPartial() == [true, true])
        lane.link(.marketStreamUp)
        #expect(isPartial() == [true, true])
        lane.trade(100, id: 7)
        #expect(isPartial() == [false, false])
        lane.link(.marketStreamDown)
        lane.link(.marketStreamUp)
        lane.trade(100, id: 9)
        #expect(isPartial() == [true, true])
    }
}
