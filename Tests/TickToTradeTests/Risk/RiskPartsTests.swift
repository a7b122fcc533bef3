import MarketModel
import Testing

@testable import TickToTrade

/// The parts the gate is made of, each against something simpler.
@Suite("Risk parts")
struct RiskPartsTests {
    @Test func `rules have stable numbers, bits and names`() {
        #expect(RiskRule.allCases.map(\.rawValue) == Array(0..<UInt8(RiskRule.count)))
        for rule in RiskRule.allCases {
            #expect(rule.bit == 1 << UInt64(rule.rawValue))
            #expect(RiskViolations(rule).rules == [rule])
        }
        #expect(Set(RiskRule.allCases.map(\.name)).count == RiskRule.count)
    }

    @Test func `a verdict holds every rule at once`() {
        var verdict = RiskVerdict()
        for _ in 0..<2 {
            for rule in RiskRule.allCases { verdict.add(RiskBreach(rule, 1, 2, .count)) }
        }
        #expect(verdict.breachCount == RiskRule.count)
        #expect(verdict.violations.rules == RiskRule.allCases)
    }

    @Test func `every limit is set and read by its number and its name`() {
        let bench = RiskBench()
        for key in RiskLimitKey.allCases {
            #expect(RiskLimitKey(path: key.path) == key)
            let bounds = key.range
            for value in [bounds.upperBound, bounds.lowerBound, min(bounds.upperBound, 77)] {
                let isSet = bench.set(key, value)
                let found = bench.gate.value(
                    of: key, instrument: InstrumentIndex(0), strategy: StrategyIndex(0))
                #expect(isSet && found == value, "\(key.path)")
            }
            let isTooLarge = bench.set(key, bounds.upperBound + 1)
            let isNegative = bench.set(key, -1)
            #expect(!isTooLarge && !isNegative, "\(key.path)")
        }
        #expect(Set(RiskLimitKey.allCases.map(\.path)).count == RiskLimitKey.allCases.count)
        #expect(RiskLimitKey(path: "order.unknown") == nil)
        let known = Set(RiskLimitKey.allCases.map(\.rawValue))
        for number in Int64(-2)...60 where !known.contains(number) {
            let isSet = bench.gate.set(
                number, instrument: InstrumentIndex(0), strategy: StrategyIndex(0), to: 1)
            #expect(!isSet, "\(number)")
        }
        let elsewhere = [
            bench.gate.set(10, instrument: .none, strategy: .none, to: 1),
            bench.gate.set(20, instrument: .none, strategy: .none, to: 1),
        ]
        #expect(elsewhere == [false, false])
    }

    @Test func `no window ever holds more than the limit, whatever the arrivals`() {
        var numbers = SeededNumbers(seed: 42)
        for round in 0..<200 {
            let limit = RateLimit(
                count: numbers.number(1...20), window: Nanoseconds(numbers.number(1...5_000)))
            var meter = RateMeter()
            var now = numbers.number(0...1_000_000)
            var passed: [Int64] = []
            for _ in 0..<500 {
                now += numbers.chance(60) ? numbers.number(0...50) : numbers.number(0...6_000)
                let time = Timestamp(nanoseconds: now)
                let recent = passed.filter { now - $0 < limit.window.count }.count
                // Forgotten at most a sixteenth late (and the rounding of a sixteenth).
                let width = (limit.window.count + 15) / 16
                let lately = passed.filter { now - $0 < width * 17 }.count
                if meter.allows(limit, at: time) {
                    #expect(recent < limit.count, "seed \(numbers.seed), round \(round)")
                    meter.add(limit, at: time)
                    passed.append(now)
                } else {
                    #expect(lately >= limit.count, "seed \(numbers.seed), round \(round)")
                }
            }
        }
    }

    @Test func `a leaky bucket's double burst does not pass`() {
        // Ten at once, then a steady trickle: the eleventh waits for the whole window.
        let limit = RateLimit(count: 10, window: .seconds(10))
        var meter = RateMeter()
        for _ in 0..<10 { meter.add(limit, at: RiskBench.start) }
        for second in 1...9 as ClosedRange<Int64> {
            let isAllowed = meter.allows(limit, at: RiskBench.start + .seconds(second))
            #expect(!isAllowed)
        }
        let later = meter.allows(limit, at: RiskBench.start + .milliseconds(10_700))
        #expect(later)
    }

    @Test func `windows without sense are survived`() {
        for window in [0, -5, 1, .max, .min] as [Int64] {
            let limit = RateLimit(count: 1, window: Nanoseconds(window))
            var meter = RateMeter()
            for time in [5, 3, 0, 1 << 40, -7] as [Int64] {
                meter.add(limit, at: Timestamp(nanoseconds: time))
                _ = meter.allows(limit, at: Timestamp(nanoseconds: time))
            }
            #expect(!meter.allows(limit, at: Timestamp(nanoseconds: -7)))
        }
    }

    @Test func `floor and ceiling equal the division`() {
        var numbers = SeededNumbers(seed: 10)
        for _ in 0..<100_000 {
            let step = numbers.chance(50) ? numbers.number(1...20) : numbers.number(1...(1 << 61))
            let grid = StepGrid(step)
            let value =
                numbers.chance(50)
                ? numbers.number(0...(1 << 61)) / step * step : numbers.number(0...(1 << 61))
            #expect(grid.floor(value) == value / step * step, "\(value) by \(step)")
            #expect(grid.holds(value) == (value % step == 0), "\(value) by \(step)")
            let above = value % step == 0 ? value : value / step * step + step
            #expect(grid.ceiling(value) == above, "\(value) by \(step)")
        }
        #expect(StepGrid(0).floor(7) == 7 && StepGrid(-3).holds(11))
    }

    @Test func `an order is normalised away from risk and loses no term`() {
        // BUG-057, BUG-058, BUG-059, EXE-04
        let bench = RiskBench()
        var numbers = SeededNumbers(seed: 58)
        for _ in 0..<10_000 {
            let side: Side = numbers.chance(50) ? .buy : .sell
            let type = [OrderType.limit, .limitMaker, .market][Int(numbers.number(0...2))]
            let intent = RiskBench.intent(
                side, numbers.number(0...10_000_000_000),
                at: numbers.number(1...10_000_000_000_000),
                type: type, reduceOnly: numbers.chance(50), hasProtection: numbers.chance(50))
            let order = bench.gate.normalized(intent)
            var plain = intent
            plain.quantity = Quantity(raw: intent.quantity.raw / 1_000 * 1_000)
            if type != .market {
                let below = intent.price.raw / RiskBench.tick * RiskBench.tick
                let isOn = below == intent.price.raw
                plain.price = Price(raw: side == .buy || isOn ? below : below + RiskBench.tick)
            }
            if type != .limit { plain.timeInForce = .none }
            #expect(order == plain)
            #expect(bench.gate.normalized(order) == order)
        }
    }
}
