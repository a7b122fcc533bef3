import MarketModel
import Testing

@testable import TickToTrade

/// The range that the venue's percent-price band is measured from, against a list of all trades.
struct AveragePriceTests {
    private static let minute: Int64 = 60_000_000_000

    private static func average(
        minutes: UInt16, hasBand: Bool = true
    ) -> AveragePrice {
        var instrument = TestMarket.instruments()[0]
        instrument.bidMultiplierUp = hasBand ? 50_000 : 0
        instrument.averagePriceMinutes = minutes
        return AveragePrice(instrument)
    }

    /// Every trade there was, and averages straight from them.
    private struct Oracle {
        var trades: [(price: Int64, quantity: Int64, time: Int64)] = []

        func average(from start: Int64, to end: Int64) -> Int64? {
            let some = trades.filter { $0.time > start && $0.time <= end }
            if some.isEmpty { return trades.last?.price }
            let quote = some.reduce(Int128(0)) { $0 + Int128($1.price) * Int128($1.quantity) }
            return Int64(quote / some.reduce(Int128(0)) { $0 + Int128($1.quantity) })
        }
    }

    @Test(arguments: [1, 2, 5, 9] as [UInt16], [11, 12, 13] as [UInt64])
    func `holds every average that the venue may take, and is no wider than the market`(
        minutes: UInt16, seed: UInt64
    ) {
        var numbers = SeededNumbers(seed: seed)
        var average = Self.average(minutes: minutes)
        var oracle = Oracle()
        var now: Int64 = 1_795_262_400_000_000_000
        var price: Int64 = 6_000_000_000_000
        let length = Int64(minutes) * Self.minute
        for step in 0..<1_000 {
            let isPause = numbers.chance(1)
            now += isPause ? numbers.number(1...900) * 1_000_000_000 : numbers.number(1...2_000_000_000)
            price = max(price + numbers.number(-30...30) * price / 10_000, 1_000_000)
            let quantity = numbers.number(1...5_000_000_000)
            average.add(
                Price(raw: price), Quantity(raw: quantity), at: Timestamp(nanoseconds: now))
            oracle.trades.append((price, quantity, now))
            if numbers.chance(50) {
                now += numbers.number(0...5) * 10_000_000_000
                average.advance(to: Timestamp(nanoseconds: now))
            }
            // Whole minutes that end with the present one, and the minute after it; the last price.
            let begun = now - now % Self.minute
            let low = average.low.raw
            let high = average.high.raw
            let isSane = low > 0 && low <= high
            #expect(isSane, "seed \(seed), step \(step)")
            for start in [begun - length + Self.minute, begun - length + 2 * Self.minute] {
                guard let exact = oracle.average(from: start - 1, to: now) else { continue }
                let isHeld = low <= exact && exact <= high
                #expect(isHeld, "seed \(seed), step \(step): \(exact) not in \(low)...\(high)")
            }
            let known = oracle.trades.filter { $0.time > now - length - 3 * Self.minute }
                .map(\.price) + [price]
            let least = known.min() ?? 0
            let most = known.max() ?? 0
            let isTight = low >= least - least / 10_000 && high <= most + most / 10_000
            #expect(isTight, "seed \(seed), step \(step): \(low)...\(high) beyond \(least)...\(most)")
        }
    }

    @Test func `without minutes it is the last price, without a band nothing`() {
        let time = Timestamp(milliseconds: 1_795_262_400_000)
        var last = Self.average(minutes: 0)
        for price: Int64 in [500, 700, 300] {
            last.add(Price(raw: price), Quantity(raw: 1), at: time)
            let range = [last.low.raw, last.high.raw]
            #expect(range == [price, price])
        }
        var none = Self.average(minutes: 5, hasBand: false)
        none.add(Price(raw: 500), Quantity(raw: 1), at: time)
        none.advance(to: time + .seconds(600))
        let range = [none.low.raw, none.high.raw]
        #expect(range == [0, 0])
    }

    @Test func `what is no trade and what is too large for a sum is left out`() {
        var average = Self.average(minutes: 5)
        let time = Timestamp(milliseconds: 1_795_262_400_000)
        for (price, quantity) in [
            (0, 1), (-1, 1), (1, 0), (1, -1), (Int64.max, 1), (1, .max), (.min, .min),
        ] as [(Int64, Int64)] {
            average.add(Price(raw: price), Quantity(raw: quantity), at: time)
        }
        let before = average.low.raw
        #expect(before == 0)
        // Neither a clock that jumps nor a sum of the largest numbers traps.
        for number in 0..<40_000 {
            let moment = number % 2 == 0 ? time : Timestamp(nanoseconds: Int64.max - 1)
            average.add(Price(raw: 1 << 56), Quantity(raw: 1 << 56), at: moment)
        }
        let after = average.low.raw
        #expect(after > 0)
    }

    @Test func `the venue's band moves with the average, not with the last trade`() throws {
        var instruments = TestMarket.instruments()
        instruments[0].bidMultiplierUp = 11_000
        instruments[0].averagePriceMinutes = 5
        let lane = LaneRig(instruments: instruments)
        func violations(_ price: Double) -> [RiskRule] {
            guard case .denied(let violations) = lane.submit(.limit(.buy, price, 1)) else { return [] }
            return violations.rules
        }
        lane.trade(100)
        #expect(violations(112) == [.venueBand])
        // Far above, and much more of it than before: the average follows within a second.
        lane.advance(.seconds(2))
        lane.trade(120, 99)
        lane.advance(.seconds(2))
        lane.trade(120, 1)
        #expect(violations(112).isEmpty)
        #expect(violations(133) == [.venueBand])
    }
}
