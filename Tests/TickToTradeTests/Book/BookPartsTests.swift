import MarketModel
import Testing

@testable import TickToTrade

@Suite struct PriceGridTests {
    @Test(arguments: [1, 2, 3, 7, 10, 1_000_000, 1_000_003, 123_456_789_012, .max] as [Int64])
    func `a multiple gives its number of steps and nothing else gives one`(step: Int64) {
        let grid = PriceGrid(step: step)
        var generator = SeededGenerator(seed: UInt64(step))
        for _ in 0..<5_000 {
            let shift = Int64.random(in: 0..<62, using: &generator)
            let price = Int64.random(in: 1...(.max >> shift), using: &generator)
            let expected = price % step == 0 ? Int(price / step) : nil
            #expect(grid.steps(price) == expected)
            let multiple = price / step * step
            if multiple > 0 { #expect(grid.steps(multiple) == Int(multiple / step)) }
        }
    }

    @Test func `refining keeps old and new prices on the grid`() {
        #expect(PriceGrid(step: 1000).refined(for: 2500).step == 500)
        #expect(PriceGrid(step: 12).refined(for: 18).step == 6)
        #expect(PriceGrid(step: 4).refined(for: 9).step == 1)
    }
}

@Suite struct TickLadderTests {
    @Test(arguments: [UInt64(5), 6])
    func `occupied ranks are found in order whatever the gaps`(seed: UInt64) {
        let capacity = 300
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: TickLadder.byteCount(capacity: capacity), alignment: 128)
        defer { memory.deallocate() }
        var ladder = TickLadder(memory: memory, capacity: capacity)
        var oracle: [Int: Int64] = [:]
        var generator = SeededGenerator(seed: seed)
        for round in 0..<20_000 {
            // Ranks at all distances: neighbours, other words, other ends.
            let spread = 1 << Int.random(in: 1...20, using: &generator)
            let rank = Int.random(in: 0..<spread, using: &generator)
            if Bool.random(using: &generator) {
                let isRoom = oracle.count < capacity || oracle[rank] != nil
                let isSet = ladder.set(rank, Int64(round + 1), limit: capacity)
                #expect(isSet == isRoom)
                if isRoom { oracle[rank] = Int64(round + 1) }
            } else {
                ladder.remove(rank)
                oracle[rank] = nil
            }
            #expect(ladder.bestRank == oracle.keys.max() ?? -1)
            #expect(ladder.count == oracle.count)
            if round % 500 == 0, !oracle.isEmpty {
                var found: [Int] = []
                var next = ladder.bestRank
                while next >= 0 {
                    #expect(ladder.quantity(at: next) == oracle[next])
                    found.append(next)
                    next = ladder.next(below: next)
                }
                #expect(found == oracle.keys.sorted(by: >), "seed \(seed), round \(round)")
                #expect(ladder.worstRank == found.last)
            }
        }
        ladder.clear()
        #expect(ladder.bestRank == -1)
        #expect(ladder.count == 0)
    }
}

@Suite struct MarketTopTests {
    private func top(_ id: Int64, bid: Int64) -> TopOfBook {
        TopOfBook(
            instrument: InstrumentIndex(2), updateID: id, bidPrice: Price(raw: bid),
            bidQuantity: Quantity(raw: 1), askPrice: Price(raw: bid + 1),
            askQuantity: Quantity(raw: 1), venueTime: .unknown,
            receiveTime: Timestamp(nanoseconds: id))
    }

    private func trade(_ id: Int64, price: Int64) -> Trade {
        Trade(
            instrument: InstrumentIndex(2), id: TradeID(id), price: Price(raw: price),
            quantity: Quantity(raw: 5), aggressor: .buy, venueTime: Timestamp(nanoseconds: id),
            receiveTime: Timestamp(nanoseconds: id + 1))
    }

    @Test func `an announcement counts unless a newer one is known`() {
        var market = MarketTop(instrument: InstrumentIndex(2))
        #expect(!market.hasTop)
        let taken = [top(10, bid: 100), top(10, bid: 101), top(9, bid: 90)]
            .map { market.apply($0) }
        #expect(taken == [true, true, false])
        #expect(market.top.bidPrice.raw == 101)
        market.forgetTop()
        #expect(!market.hasTop)
        #expect(market.top.instrument == InstrumentIndex(2))
        let isTaken = market.apply(top(3, bid: 90))
        #expect(isTaken)
    }

    @Test func `a trade counts unless its id is known or older`() {
        var market = MarketTop(instrument: InstrumentIndex(2))
        #expect(market.lastPrice == .zero)
        let taken = [trade(0, price: 7), trade(0, price: 8), trade(5, price: 9), trade(4, price: 1)]
            .map { market.apply($0) }
        #expect(taken == [true, false, true, false])
        #expect(market.lastPrice.raw == 9)
        #expect(market.lastTradeTime.nanoseconds == 6)
        #expect(market.lastTradeVenueTime.nanoseconds == 5)
    }

    @Test func `the state hash depends on values and order`() {
        func hash(_ values: [Int64]) -> UInt64 {
            var digest = StateHash()
            for value in values { digest.combine(value) }
            return digest.value
        }
        let digests = [[], [0], [0, 0], [1, 2], [2, 1], [-1], [Int64.min]].map(hash)
        #expect(Set(digests).count == digests.count)
        #expect(hash([1, 2]) == hash([1, 2]))
    }
}
