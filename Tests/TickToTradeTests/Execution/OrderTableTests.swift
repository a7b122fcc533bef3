import MarketModel
import Testing

@testable import TickToTrade

@Suite("Order table")
struct OrderTableTests {
    private static func order(
        _ sequence: UInt32, _ instrument: UInt16 = 0, _ side: Side = .buy, at price: Int64 = 100,
        epoch: UInt32 = 1
    ) -> Order {
        var order = Order(
            id: ClientOrderID(epoch: epoch, lane: 0, sequence: sequence),
            intent: OrderIntent(
                instrument: InstrumentIndex(instrument), side: side, type: .limit,
                timeInForce: .gtc, price: Price(raw: price), quantity: Quantity(raw: 1)),
            strategy: StrategyIndex(0), time: .unknown)
        order.state = .new
        return order
    }

    @Test func `an order that has ended is found until its slot is needed again`() {
        var table = OrderTable(capacity: 4, instruments: 1)
        let first = table.insert(Self.order(1))
        first.pointee.state = .filled
        table.unlink(first)
        #expect(table.openCount == 0 && table.firstOpen(in: InstrumentIndex(0)) == nil)
        // Late reports still find it.
        #expect(table.find(first.pointee.id)?.pointee.state == .filled)
        let hasRoom = [table.hasRoom(for: 5), table.hasRoom(for: 6)]
        #expect(hasRoom == [true, true])
        _ = table.insert(Self.order(5))
        let old = ClientOrderID(epoch: 1, lane: 0, sequence: 1)
        #expect(table.find(old) == nil)
        // An open order keeps its slot.
        let roomBeside = [table.hasRoom(for: 9), table.hasRoom(for: 6)]
        #expect(roomBeside == [false, true])
    }

    @Test func `ids of other runs, and none, are not ours`() {
        var table = OrderTable(capacity: 4, instruments: 1)
        let order = table.insert(Self.order(2)).pointee.id
        #expect(table.find(order) != nil)
        #expect(table.find(ClientOrderID(epoch: 2, lane: 0, sequence: 2)) == nil)
        #expect(table.find(.none) == nil)
        #expect(table.firstOpen(in: .none) == nil)
    }

    @Test func `lists, counts and own best prices equal a plain search in 100,000 steps`() {
        var numbers = SeededNumbers(seed: 66)
        let instruments = 3
        var table = OrderTable(capacity: 64, instruments: instruments)
        var open: [UInt16: [(id: ClientOrderID, side: Side, price: Int64)]] = [:]
        var sequence: UInt32 = 0
        for step in 0..<100_000 {
            let index = UInt16(numbers.number(0...Int64(instruments - 1)))
            if numbers.chance(52) {
                sequence += 1
                if !table.hasRoom(for: sequence) { continue }
                let side: Side = numbers.chance(50) ? .buy : .sell
                let price = numbers.chance(5) ? 0 : numbers.number(1...20)
                let id = table.insert(Self.order(sequence, index, side, at: price)).pointee.id
                open[index, default: []].append((id, side, price))
            } else if let list = open[index], !list.isEmpty {
                let place = Int(numbers.number(0...Int64(list.count - 1)))
                guard let order = table.find(list[place].id) else {
                    Issue.record("seed \(numbers.seed), step \(step): an open order is lost")
                    return
                }
                order.pointee.state = .canceled
                table.unlink(order)
                open[index]?.remove(at: place)
            }
            let expected = open[index] ?? []
            var listed: [ClientOrderID] = []
            var order = table.firstOpen(in: InstrumentIndex(index))
            while let current = order {
                listed.append(current.pointee.id)
                order = table.next(after: current)
            }
            let left = expected.randomElement(using: &numbers)
            let old = left.flatMap { numbers.chance(50) ? table.find($0.id) : nil }
            let best = table.ownBest(in: InstrumentIndex(index), besides: old)
            let others = expected.filter { $0.id != old?.pointee.id && $0.price > 0 }
            let bid = others.filter { $0.side == .buy }.map(\.price).max() ?? 0
            let ask = others.filter { $0.side == .sell }.map(\.price).min() ?? 0
            let isSame =
                listed == expected.map(\.id).reversed() && best.bid.raw == bid
                && best.ask.raw == ask
                && table.openCount(in: InstrumentIndex(index)) == expected.count
                && table.openCount == open.values.map(\.count).reduce(0, +)
            #expect(isSame, "seed \(numbers.seed), step \(step)")
            if !isSame { return }
        }
    }
}
