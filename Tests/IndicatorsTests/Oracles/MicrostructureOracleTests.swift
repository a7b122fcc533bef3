import Foundation
import Indicators
import MarketModel
import Testing

/// Order flow, trades and the book against their definitions.
@Suite struct MicrostructureOracleTests {
    @Test func `order flow at the best prices`() throws {
        let tops = Oracle.samples.map(\.top)
        let flows = (1..<tops.count).map { row in
            let (now, before) = (tops[row], tops[row - 1])
            let bid = (now.bidPrice >= before.bidPrice ? now.bidSize : 0)
                - (now.bidPrice <= before.bidPrice ? before.bidSize : 0)
            let ask = (now.askPrice <= before.askPrice ? now.askSize : 0)
                - (now.askPrice >= before.askPrice ? before.askSize : 0)
            return bid - ask
        }
        try Oracle.check("OFI", ["period": 30]) { row in
            row < 30 ? nil : [flows[(row - 30)..<row].reduce(0, +)]
        }
        try Oracle.check("QUEUE_IMBALANCE") { row in
            let top = tops[row]
            return [(top.bidSize - top.askSize) / (top.bidSize + top.askSize)]
        }
        try Oracle.check("WEIGHTED_MID") { row in
            let top = tops[row]
            let share = top.bidSize / (top.bidSize + top.askSize)
            return [share * top.askPrice + (1 - share) * top.bidPrice]
        }
        func bin(_ row: Int) -> Int { min(Int((tops[row].imbalance + 1) * 5), 9) }
        try Oracle.check("MICRO_PRICE") { row in
            var (sum, count) = (0.0, 0.0)
            for seen in 0..<row {
                // The first move of the mid after what was seen, if it came before this row.
                let later = (seen + 1)..<(row + 1)
                guard let next = later.first(where: { tops[$0].mid != tops[$0 - 1].mid }),
                    next < row
                else { continue }
                let move = tops[next].mid - tops[next - 1].mid
                if bin(seen) == bin(row) { (sum, count) = (sum + move, count + 1) }
                if 9 - bin(seen) == bin(row) { (sum, count) = (sum - move, count + 1) }
            }
            return [tops[row].mid + (count > 0 ? sum / count : 0)]
        }
    }

    @Test func `flow of trades`() throws {
        let trades = Oracle.samples.map(\.trade)
        let sizes = trades.map(\.signedSize)
        try Oracle.check("CUMULATIVE_DELTA") { row in [sizes[0...row].reduce(0, +)] }
        try Oracle.check("TRADE_FLOW_IMBALANCE", ["period": 25]) { row in
            Oracle.window(sizes, row, 25).map { [$0.reduce(0, +) / $0.map(abs).reduce(0, +)] }
        }
        try Oracle.check("KYLE_LAMBDA", ["period": 40], tolerance: 1e-8) { row in
            if row < 40 { return nil }
            let changes = ((row - 39)...row).map { trades[$0].price - trades[$0 - 1].price }
            return [Oracle.slope(Array(sizes[(row - 39)...row]), changes)]
        }
        // Every trade in units of a hundredth, dealt one by one into buckets of 40.
        var buckets: [Double] = []
        var (balance, filled) = (0, 0)
        let probability: [[Double]?] = sizes.map { size in
            let units = Int((abs(size) * 100).rounded())
            for _ in 0..<units {
                balance += size > 0 ? 1 : -1
                filled += 1
                if filled == 4_000 {
                    buckets.append(abs(Double(balance)) / 4_000)
                    (balance, filled) = (0, 0)
                }
            }
            return buckets.count >= 20 ? [Oracle.mean(Array(buckets.suffix(20)))] : nil
        }
        try Oracle.check("VPIN", ["bucketVolume": 40, "buckets": 20]) { row in probability[row] }
    }

    @Test func `a trade larger than all buckets fills them all`() throws {
        var indicator = Indicator(try VPIN(bucketVolume: 1, buckets: 5))
        let values = [1e18, -0.5].map { indicator.update(TradePrint(price: 1, signedSize: $0)) }
        #expect(values == [1, 1])
    }

    @Test func `peeking at a trade of many buckets leaves the window as it is`() throws {
        let sizes = (0..<200).map { Double($0 * 7 % 13) - 5.75 }
        func values(peeking: [Double]) throws -> [Double?] {
            var indicator = Indicator(try VPIN(bucketVolume: 2, buckets: 20))
            return sizes.map { size in
                for one in peeking { _ = indicator.peek(TradePrint(price: 1, signedSize: one)) }
                return indicator.update(TradePrint(price: 1, signedSize: size))
            }
        }
        #expect(try values(peeking: [12, -30, 39, 41, -1e9]) == values(peeking: []))
    }

    @Test func `spreads`() throws {
        let samples = Oracle.samples
        let trades = samples.map(\.trade)
        let mids = samples.map { ($0.top.bidPrice + $0.top.askPrice) / 2 }
        func spread(_ rows: ClosedRange<Int>, delay: Int) -> [Double] {
            let volume = rows.map { abs(trades[$0].signedSize) }.reduce(0, +)
            let costs = rows.map { row in
                2 * trades[row].direction * (trades[row].price - mids[row + delay])
            }
            let sum = zip(rows, costs).map { abs(trades[$0].signedSize) * $1 }.reduce(0, +)
            let points = zip(rows, costs)
                .map { abs(trades[$0].signedSize) * $1 / mids[$0] * 10_000 }.reduce(0, +)
            return [sum / volume, points / volume]
        }
        try Oracle.check("EFFECTIVE_SPREAD", ["period": 30], tolerance: 1e-8) { row in
            row < 29 ? nil : spread((row - 29)...row, delay: 0)
        }
        try Oracle.check("REALISED_SPREAD", ["period": 30, "delay": 7], tolerance: 1e-8) { row in
            row < 36 ? nil : spread((row - 36)...(row - 7), delay: 7)
        }
        let prices = trades.map(\.price)
        try Oracle.check("ROLL_SPREAD", ["period": 40], tolerance: 1e-8) { row in
            if row < 41 { return nil }
            let now = ((row - 39)...row).map { prices[$0] - prices[$0 - 1] }
            let before = ((row - 40)...(row - 1)).map { prices[$0] - prices[$0 - 1] }
            let (a, b) = (Oracle.mean(now), Oracle.mean(before))
            let covariance = Oracle.mean(zip(now, before).map { ($0 - a) * ($1 - b) })
            return [covariance < 0 ? 2 * (-covariance).squareRoot() : 0]
        }
        let bars = Oracle.bars
        try Oracle.check("AMIHUD", ["period": 15], tolerance: 1e-8) { row in
            let ratios = (0...row).compactMap { row -> Double? in
                if row == 0 || bars[row].volume == 0 { return nil }
                let change = abs(log(bars[row].close / bars[row - 1].close))
                return 1e6 * change / (bars[row].close * bars[row].volume)
            }
            return ratios.count >= 15 ? [Oracle.mean(Array(ratios.suffix(15)))] : nil
        }
    }

    @Test func `the shape of a book`() throws {
        var book = BookLevels()
        for (price, size) in [(99.9, 2.0), (99.5, 3), (98.0, 10)] {
            book.appendBid(price: price, size: size)
        }
        for (price, size) in [(100.1, 1.0), (100.4, 4)] { book.appendAsk(price: price, size: size) }
        var depth = Indicator(try DepthAtDistance(basisPoints: 50))
        let sides = depth.update(book)
        #expect(sides == BookSides(bid: 5, ask: 5))
        var slope = Indicator(BookSlope())
        let measured = slope.update(book)
        let value = try #require(measured)
        // Distances 10, 50 and 200 with 2, 5 and 15; 10 and 40 with 1 and 5.
        #expect(abs(value.bid - 3_270.0 / 42_600) < 1e-12)
        #expect(abs(value.ask - 210.0 / 1_700) < 1e-12)
    }

    @Test func `levels past the capacity are left out, crossed and unordered books refused`() {
        var book = BookLevels()
        for level in 0..<30 { book.appendBid(price: Double(100 - level), size: 1) }
        #expect(!book.isValid)
        book.appendAsk(price: 101, size: 1)
        #expect(book.bidCount == BookLevels.capacity && book.isValid)
        book.appendAsk(price: 100.5, size: 1)
        #expect(!book.isValid)
        var crossed = BookLevels()
        crossed.appendBid(price: 10, size: 1)
        crossed.appendAsk(price: 9, size: 1)
        #expect(!crossed.isValid)
    }
}
