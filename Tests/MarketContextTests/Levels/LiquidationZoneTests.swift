import Foundation
import MarketContext
import MarketModel
import Testing

@Suite struct LiquidationZoneTests {
    private func random(_ count: Int, seed: UInt64) -> [Liquidation] {
        var numbers = SplitMix(seed: seed)
        var time: Int64 = 1_000_000
        return (0..<count).map { _ in
            time += Int64.random(in: 0...4_000, using: &numbers)
            return Liquidation(
                price: Price(raw: Int64.random(in: 9_000...11_000, using: &numbers)),
                quantity: Quantity(raw: Int64.random(in: 1...100, using: &numbers)),
                side: Bool.random(using: &numbers) ? .buy : .sell,
                time: Timestamp(milliseconds: time))
        }
    }

    // MD-08
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `zones are the sums of their window, with hysteresis`(seed: UInt64) throws {
        let window = Nanoseconds.seconds(120)
        let (enter, leave) = (Int128(1_200_000), Int128(500_000))
        var zones = try LiquidationZones(
            binSize: Price(raw: 100), window: window, enter: Notional(raw: enter),
            leave: Notional(raw: leave))
        var kept: [Liquidation] = []
        var active: Set<Int64> = []
        var became = 0
        for (number, liquidation) in random(2_000, seed: seed).enumerated() {
            func money(_ bin: Int64, longs: Bool = false) -> Int128 {
                kept.filter { $0.price.raw / 100 == bin && (!longs || $0.side == .sell) }
                    .map { Notional($0.price, $0.quantity).raw }.reduce(0, +)
            }
            while let first = kept.first, liquidation.time - first.time >= window {
                kept.removeFirst()
                let bin = first.price.raw / 100
                if money(bin) < leave { active.remove(bin) }
            }
            kept.append(liquidation)
            let bin = liquidation.price.raw / 100
            let step = zones.add(liquidation)
            let becomes = money(bin) >= enter && active.insert(bin).inserted
            if becomes { became += 1 }
            let zone = zones.zone(holding: liquidation.price)
            #expect(step == (becomes ? .became(zone) : .counted), "seed \(seed), \(number)")
            guard number % 41 == 0 else { continue }
            let activeCount = zones.activeCount
            #expect(activeCount == active.count)
            for bin in 90...110 as ClosedRange<Int64> {
                let zone = zones.zone(holding: Price(raw: bin * 100 + 7))
                #expect(zone.atLeast.raw == money(bin))
                #expect(zone.longsAtLeast.raw == money(bin, longs: true))
                #expect(zone.isActive == active.contains(bin))
            }
            let largest = zones.largest(10).map(\.atLeast.raw)
            let naive = Set(kept.map { $0.price.raw / 100 }).map { money($0) }
            #expect(largest == Array(naive.sorted(by: >).prefix(10)))
        }
        #expect(became > 10)
    }

    @Test func `bounds hold: the oldest leave early, far bins are left out`() throws {
        var zones = try LiquidationZones(
            binSize: Price(raw: 10), window: .day, enter: Notional(raw: 100),
            leave: Notional(raw: 50), capacity: 3, bins: 16)
        func liquidation(_ price: Int64, _ second: Int64 = 1) -> Liquidation {
            Liquidation(
                price: Price(raw: price), quantity: Quantity(raw: 1), side: .sell,
                time: Timestamp(milliseconds: second * 1000))
        }
        let steps = [15, 15 + 160, 25, 35, 45].map { zones.add(liquidation($0)) }
        #expect(steps == [.counted, .leftOut, .counted, .counted, .counted])
        #expect(zones.earlyCount == 1 && zones.leftOutCount == 1)
        // The first bin is free again, and another may take its slot.
        let free = zones.add(liquidation(15 + 160, 2))
        #expect(free != .leftOut)
        let invalid = zones.add(liquidation(-1))
        #expect(invalid == .leftOut)
    }

    // BUG-006: the totals are those of the sample that the venue announces.
    @Test func `recorded forced orders add up`() throws {
        guard let rows = try SharedData.rows(
            "data/liquidations/binance_usdm_forceorder_202512.csv.gz")
        else { return }
        var zones = try LiquidationZones(
            binSize: Price(raw: 1_000_000), window: Nanoseconds(.max),
            enter: Notional(raw: .max), leave: .zero, capacity: 100_000)
        var expected: [Int64: Int128] = [:]
        for row in rows.sorted(by: { $0[10] < $1[10] }) where row[0] == "ETH" {
            let price = Price(raw: try parseDecimal(row[6], scale: 8))
            let quantity = Quantity(raw: try parseDecimal(row[9], scale: 8))
            let time = Timestamp(milliseconds: try #require(Int64(row[10])))
            let step = zones.add(
                Liquidation(
                    price: price, quantity: quantity, side: row[1] == "BUY" ? .buy : .sell,
                    time: time))
            if step == .counted {
                expected[price.raw / 1_000_000, default: 0] += Notional(price, quantity).raw
            }
        }
        let found = zones.largest(10).map(\.atLeast.raw)
        #expect(!found.isEmpty)
        #expect(found == Array(expected.values.sorted(by: >).prefix(10)))
    }
}
