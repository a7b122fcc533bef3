import MarketModel
import Testing
import TickToTrade

@testable import Benchmarks

/// Orders that are late, denied or lost are told apart and shift no other's time.
@Suite("Order tally")
struct OrderTallyTests {
    /// Ticks 1 ms apart, every second of which asks for an order.
    private static func schedule(orders: Int) -> TickSchedule {
        TickSchedule(name: "test", moments: 1_000, burst: 1, every: 2, count: orders * 2)
    }

    private static func tally(orders: Int, from first: Int64 = 0) -> OrderTally {
        OrderTally(
            schedule(orders: orders),
            firstUpdate: SampleTicks.firstUpdate + first * Int64(SampleTicks.step))
    }

    private static func mark(_ order: Int64) -> Int {
        SampleTicks.mark(ofOrder: SampleTicks.order(of: SampleTicks.firstUpdate) + order)
    }

    @Test func `a tick's ask tells which order it asks for`() throws {
        let schedule = Self.schedule(orders: 9_000)
        let first = SampleTicks.firstUpdate
        for tick in stride(from: 0, to: schedule.count, by: 2) {
            let update = first + schedule.update(of: tick)
            let text = SampleTicks.text(markedBy: tick, update: update)
            let ask = try #require(text.split(separator: "\"a\":\"").last?.prefix { $0 != "\"" })
            let parts = ask.split(separator: ".")
            let cents = try #require(Int64(parts[0])) * 100 + #require(Int64(parts[1].prefix(2)))
            let price = Price(raw: cents * SampleMarket.cent)
            #expect(SampleTicks.mark(of: price) == Self.mark(Int64(tick / 2)))
        }
        #expect(SampleTicks.mark(of: Price(raw: SampleMarket.middle)) == nil)
        #expect(SampleTicks.mark(of: Price(raw: 70_000_00 * SampleMarket.cent)) == nil)
    }

    @Test func `every order is counted from the moment its tick was due`() {
        var tally = Self.tally(orders: 5)
        for order in 0..<5 {
            #expect(!tally.isComplete)
            tally.note(mark: Self.mark(Int64(order)), at: Double(order) * 2e6 + Double(order))
        }
        #expect(tally.isComplete)
        #expect(tally.latencies == [0, 1, 2, 3, 4])
    }

    /// As after a stall: some denied, the others at once and late.
    @Test func `a denied order shifts nobody else's time`() {
        var tally = Self.tally(orders: 6)
        for order in [0, 3, 4] as [Int64] { tally.note(mark: Self.mark(order), at: 9e6) }
        #expect(tally.come == 3)
        #expect(!tally.isComplete)
        #expect(tally.latencies == [9e6, -1, -1, 3e6, 1e6, -1])
        var orders = AnsweredOrders()
        orders.add(tally.latencies)
        #expect(orders.asked == 6 && orders.missing == 3)
        #expect(orders.late == 2)
        #expect(orders.samples == [9e6, 3e6, 1e6])
    }

    @Test func `marks come again and orders are still told apart`() {
        let count = SampleTicks.marks * 2 + 100
        var tally = Self.tally(orders: count, from: 17)
        // Each time as many are missing as can be told.
        let missing = SampleTicks.marks / 2
        let come = stride(from: 0, to: count, by: missing + 1)
        for order in come { tally.note(mark: Self.mark(Int64(order) + 17), at: 1e12) }
        #expect(tally.come == come.reduce(0) { sum, _ in sum + 1 })
        #expect(come.allSatisfy { tally.latencies[$0] == 1e12 - Double($0) * 2e6 })
    }

    @Test func `an order that an earlier schedule gave up is left out`() {
        var tally = Self.tally(orders: 10_000, from: 50)
        for order in [48, 49] as [Int64] { tally.note(mark: Self.mark(order), at: 1) }
        #expect(tally.come == 0)
        tally.note(mark: Self.mark(50), at: 1)
        // One that was denied did come after all: too late.
        tally.note(mark: Self.mark(52), at: 4e6)
        tally.note(mark: Self.mark(51), at: 4e6)
        #expect(tally.come == 2)
        #expect(tally.latencies.prefix(4) == [1, -1, 0, -1])
    }

    @Test func `the first tenth is for warming up`() {
        var orders = AnsweredOrders()
        orders.add([5e6, 7] + [Double](repeating: 3, count: 18))
        #expect(orders.late == 0)
        #expect(orders.samples == [Double](repeating: 3, count: 18))
        orders.add([Double](repeating: 2e6, count: 9) + [-1])
        let sum = AnsweredOrders.sum([orders, orders])
        #expect(sum.asked == 60 && sum.missing == 2 && sum.late == 16)
    }

    @Test func `refusals are told by rule`() {
        var refused = RefusedOrders()
        #expect("\(refused)" == "0 rejected, 0 denied")
        refused.rejected = 1
        refused.denied = [.venueOpenOrders: 3]
        refused.add(refused)
        #expect("\(refused)" == "2 rejected, 6 by venue_open_orders denied")
    }
}
