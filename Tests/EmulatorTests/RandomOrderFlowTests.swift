import MarketModel
import Testing

@testable import Emulator

/// Everything an account can do, at random, against a random public: the books must balance.
@Suite("Random order flow")
struct RandomOrderFlowTests {
    @Test(arguments: [UInt64(31), 32, 33])
    func `no asset is made or lost and every lock has an owner`(_ seed: UInt64) throws {
        var flow = RandomOrderFlow(seed: seed)
        let ledger = { flow.venue.exchange.ledger }
        let assets = flow.venue.exchange.assets.indices.map { AssetIndex(UInt16($0)) }
        let totals = assets.map { ledger().total(of: $0) }
        for step in 0..<6_000 {
            flow.now = flow.now + .milliseconds(1)
            if flow.random.below(3) == 0 { flow.playUser() } else { flow.playPublic() }
            flow.takeEvents()
            if let problem = flow.imbalance() {
                Issue.record("seed \(seed) step \(step): \(problem)")
                return
            }
        }
        #expect(assets.map { ledger().total(of: $0) } == totals, "seed \(seed)")
        #expect(RandomOrderFlow.everything.subtracting(flow.seen) == [], "seed \(seed)")
        #expect(ledger().fees[flow.venue.asset("BNB").slot] > 0, "seed \(seed)")
        #expect(flow.placed > 300 && flow.listsPlaced > 50 && flow.amended > 30)
        for account in [flow.venue.alice, flow.venue.bob] {
            // The book holds exactly what the orders say.
            for order in flow.venue.market.orders.open(of: account) where order.isWorking {
                let resting = flow.venue.market.matcher.cancel(order.handle)
                #expect(resting == order.remaining, "seed \(seed) order \(order.id)")
            }
            _ = try? flow.venue.exchange.cancelAll(
                in: flow.venue.market, account: account, now: flow.now)
            for asset in assets { #expect(ledger()[account, asset].locked == 0, "seed \(seed)") }
            #expect(flow.venue.exchange.lists.open(of: account).isEmpty, "seed \(seed)")
        }
        #expect(flow.venue.market.triggers.isEmpty, "seed \(seed)")
    }
}
