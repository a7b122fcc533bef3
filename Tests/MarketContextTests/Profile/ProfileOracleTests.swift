import MarketContext
import MarketModel
import Testing

/// The profile's parts against naive ones, on random trades.
@Suite struct ProfileOracleTests {
    static let seeds: [UInt64] = [21, 22, 23, 24, 25]

    private func rows(_ trades: some Sequence<Trade>, binSize: Int64) -> [Int64: ProfileRow] {
        var rows: [Int64: ProfileRow] = [:]
        for trade in trades {
            let low = trade.price.raw / binSize * binSize
            var row = rows[low] ?? ProfileRow(
                low: Price(raw: low), bought: .zero, sold: .zero, tradeCount: 0)
            if trade.aggressor == .buy {
                row.bought += trade.quantity
            } else {
                row.sold += trade.quantity
            }
            row.tradeCount += trade.count
            rows[low] = row
        }
        return rows
    }

    /// The value area by its definition, on a table.
    private func area(
        _ rows: [Int64: ProfileRow], binSize: Int64, share: Int64, step: Int64
    ) -> ValueArea? {
        guard let lowest = rows.keys.min(), let highest = rows.keys.max(),
            let most = rows.values.map(\.volume.raw).max(),
            let control = rows.values.filter({ $0.volume.raw == most }).map(\.low.raw).min()
        else { return nil }
        func volume(_ lows: some Sequence<Int64>) -> Int64 {
            lows.map { rows[$0]?.volume.raw ?? 0 }.reduce(0, +)
        }
        let total = volume(rows.keys)
        var (low, high) = (control, control)
        while volume(stride(from: low, through: high, by: Int(binSize))) * 10_000 < total * share {
            let up = (1...step).map { high + $0 * binSize }.filter { $0 <= highest }
            let down = (1...step).map { low - $0 * binSize }.filter { $0 >= lowest }
            if !up.isEmpty, down.isEmpty || volume(up) >= volume(down) {
                high = up.max() ?? high
            } else {
                low = down.min() ?? low
            }
        }
        return ValueArea(
            low: Price(raw: low), high: Price(raw: high + binSize),
            volume: Quantity(
                raw: volume(stride(from: low, through: high, by: Int(binSize)))))
    }

    @Test(arguments: seeds)
    func `rows, point of control and value areas equal naive ones at any time`(
        seed: UInt64
    ) throws {
        let trades = Tape.random(600, seed: seed)
        for binSize in [2, 7, 50] as [Int64] {
            var profile = try VolumeProfile(binSize: Price(raw: binSize), capacity: 8192)
            for (number, trade) in trades.enumerated() {
                profile.add(trade)
                guard number % 149 == 0 || number == 599 else { continue }
                let naive = rows(trades[...number], binSize: binSize)
                let traded = profile.rows.filter { $0.tradeCount > 0 }
                #expect(traded == naive.values.sorted { $0.low < $1.low })
                let most = naive.values.map(\.volume.raw).max()
                let control = naive.values.filter { $0.volume.raw == most }.map(\.low).min()
                let largestRow = profile.pointOfControl
                #expect(largestRow?.low == control)
                for share in [1, 5_000, 7_000, 10_000] as [Int64] {
                    for (rule, step) in [(ValueAreaRule.singleRow, Int64(1)), (.twoRow, 2)] {
                        let found = profile.valueArea(share: share, by: rule)
                        let expected = area(naive, binSize: binSize, share: share, step: step)
                        #expect(found == expected, "seed \(seed), \(number), \(share), \(rule)")
                    }
                }
                let largest = profile.largestRows(8).map(\.volume.raw)
                #expect(largest == Array(naive.values.map(\.volume.raw).sorted(by: >).prefix(8)))
            }
        }
    }

    @Test func `a reset profile is as a new one`() throws {
        var used = try VolumeProfile(binSize: Price(raw: 5))
        for trade in Tape.random(3_000, seed: 1) { used.add(trade) }
        used.reset()
        let isEmpty = used.isEmpty && used.rowCount == 0 && used.pointOfControl == nil
        #expect(isEmpty)
        var fresh = try VolumeProfile(binSize: Price(raw: 5))
        for trade in Tape.random(500, seed: 2) {
            used.add(trade)
            fresh.add(trade)
        }
        let equal = used.rows == fresh.rows && used.pointOfControl == fresh.pointOfControl
        #expect(equal)
    }

    @Test func `the window follows the prices and counts what is too far away`() throws {
        var profile = try VolumeProfile(binSize: Price(raw: 10), capacity: 16)
        func trade(_ price: Int64, _ quantity: Int64 = 1) -> Trade {
            var trade = Tape.random(1, seed: 1)[0]
            trade.price = Price(raw: price)
            trade.quantity = Quantity(raw: quantity)
            return trade
        }
        for price in [1_000, 1_150, 1_075, 1_005] as [Int64] { profile.add(trade(price)) }
        let fits = profile.isComplete && profile.rowCount == 16
        #expect(fits)
        profile.add(trade(1_160, 4))
        profile.add(trade(999, 2))
        let outside = profile.outsideVolume
        let inside = profile.volume
        let row = profile.row(holding: Price(raw: 1_160))
        #expect(outside.raw == 6 && inside.raw == 4 && row.tradeCount == 0)
        profile.reset()
        for price in [5, 164, 9] as [Int64] { profile.add(trade(price)) }
        let isComplete = profile.isComplete
        let left = profile.outsideVolume
        let rowCount = profile.rowCount
        #expect(!isComplete && left.raw == 1 && rowCount == 1)
    }

    @Test func `trades without price or quantity and absurd ones stop nothing`() throws {
        var profile = try VolumeProfile(binSize: Price(raw: 1), capacity: 16)
        var vwap = VolumeWeightedPrice()
        for price in [0, -1, .min] as [Int64] {
            var trade = Tape.random(1, seed: 1)[0]
            trade.price = Price(raw: price)
            profile.add(trade)
            vwap.add(trade)
        }
        let isEmpty = profile.isEmpty
        #expect(isEmpty && vwap.value == nil)
        for _ in 0..<3 {
            var trade = Tape.random(1, seed: 1)[0]
            trade.price = .highest
            trade.quantity = Quantity(raw: .max)
            profile.add(trade)
            vwap.add(trade)
        }
        let area = profile.valueArea()
        let volume = profile.volume
        #expect(area?.high == .highest)
        #expect(volume.raw == .max && vwap.volume.raw == .max)
    }

    // BUG-007: a bucket of 100 dollars is one for every cheap symbol.
    @Test(arguments: [(6_183_700_000_000, 1_000_000), (15_000_000_000, 1_000_000), (52_340, 10)])
    func `bins are the symbol's own ticks, whatever it costs`(price: Int64, tick: Int64) throws {
        var zones = try LiquidationZones(
            binSize: Price(raw: 10 * tick), window: .seconds(60), enter: Notional(raw: 2),
            leave: Notional(raw: 1))
        var profile = try VolumeProfile(
            binSize: Price(raw: 10 * tick), tickSize: Price(raw: tick))
        let start = price / (10 * tick) * 10 * tick
        for step in 0..<40 {
            var trade = Tape.random(1, seed: UInt64(step))[0]
            trade.price = Price(raw: start + Int64(step) * tick)
            profile.add(trade)
            _ = zones.add(
                Liquidation(
                    price: trade.price, quantity: trade.quantity, side: .buy, time: .unknown))
        }
        let lows = (0..<4).map { Price(raw: start + $0 * 10 * tick) }
        #expect(profile.rows.map(\.low) == lows)
        #expect(zones.largest(9).map(\.low).sorted() == lows)
    }

    // CTX-05
    @Test func `bins that do not respect the tick are refused`() {
        #expect(throws: ContextFailure.notWholeTicks(binSize: 15, tickSize: 10)) {
            _ = try VolumeProfile(binSize: Price(raw: 15), tickSize: Price(raw: 10))
        }
        #expect(throws: ContextFailure.notPositive("bin size")) {
            _ = try VolumeProfile(binSize: .zero)
        }
        #expect(throws: ContextFailure.notPositive("tick size")) {
            _ = try VolumeProfile(binSize: Price(raw: 1), tickSize: .zero)
        }
        #expect(throws: ContextFailure.outside("bins", value: 3, allowed: 16...1_048_576)) {
            _ = try VolumeProfile(binSize: Price(raw: 1), capacity: 3)
        }
    }

    // CTX-12
    @Test(arguments: seeds)
    func `footprints hold each bar's own profile`(seed: UInt64) throws {
        let trades = Tape.random(2_000, seed: seed)
        var footprint = try FootprintBars(
            instrument: Tape.instrument, timeframe: .minutes(5), binSize: Price(raw: 5), bars: 8)
        var closed: [Candle] = []
        for trade in trades {
            if case .closed(let candle) = footprint.add(trade) { closed.append(candle) }
            guard trade.id.raw % 197 == 0 else { continue }
            for age in 0...footprint.closedCount {
                let bar = age == 0 ? footprint.current : footprint.candle(age: age)
                let start = bar?.openTime
                let own = trades.filter {
                    $0.id.raw <= trade.id.raw
                        && Timeframe.minutes(5).start(of: $0.venueTime) == start
                }
                let naive = rows(own, binSize: 5).values.sorted { $0.low < $1.low }
                let found = footprint.profile(age: age).pointee.rows.filter { $0.tradeCount > 0 }
                #expect(found == naive, "seed \(seed), trade \(trade.id.raw), age \(age)")
                let delta = footprint.profile(age: age).pointee.delta
                #expect(delta == bar?.delta)
            }
        }
        for age in 1...footprint.closedCount {
            let kept = footprint.candle(age: age)
            #expect(kept == closed[closed.count - age])
        }
    }

    @Test(arguments: seeds)
    func `naked levels are those that no trade has reached since`(seed: UInt64) {
        let trades = Tape.random(2_000, seed: seed)
        let binSize: Int64 = 5
        var levels = NakedLevels(binSize: Price(raw: binSize))
        var naive: [NakedLevelOracle] = []
        var last: Int64 = 0
        for (number, trade) in trades.enumerated() {
            let bin = trade.price.raw / binSize
            levels.move(to: trade.price)
            naive.removeAll { $0.bin >= min(last, bin) && $0.bin <= max(last, bin) && last > 0 }
            last = bin
            if number % 23 == 0 {
                let low = max(5, trade.price.raw + (trade.quantity.raw - 250) * 3) / 5 * 5
                let session = Timestamp(milliseconds: Int64(number))
                levels.add(low: Price(raw: low), session: session)
                if low / binSize != bin {
                    if naive.count == NakedLevels.capacity { naive.removeFirst() }
                    naive.append(NakedLevelOracle(bin: low / binSize, session: session))
                }
            }
            let found = (0..<levels.count).map { levels.level($0) }
            let sorted = naive.sorted { $0.bin < $1.bin }
            let lows = sorted.map { $0.bin * binSize }
            #expect(found.map(\.low.raw) == lows, "seed \(seed), \(number)")
            #expect(Set(found.map(\.session)) == Set(naive.map(\.session)))
            let edge = bin * binSize
            #expect(levels.nearestAbove?.low.raw == lows.first { $0 > edge })
            #expect(levels.nearestBelow?.low.raw == lows.last { $0 < edge })
        }
        #expect(levels.touchedCount > 20)
    }

    private struct NakedLevelOracle {
        var bin: Int64
        var session: Timestamp
    }
}
