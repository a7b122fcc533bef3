import MarketModel
import Testing

@testable import Emulator

/// Both depth speeds against the book itself, whenever they are asked.
@Suite("Depth windows")
struct DepthDifferTests {
    private struct Mirror: Equatable {
        var bids: [Price: Quantity] = [:]
        var asks: [Price: Quantity] = [:]
        var lastUpdateID: Int64 = 0

        init() {}

        init(_ engine: MatchingEngine) {
            engine.forEachLevel(of: .buy, limit: .max) { bids[$0] = $1 }
            engine.forEachLevel(of: .sell, limit: .max) { asks[$0] = $1 }
            lastUpdateID = engine.updateID
        }

        mutating func apply(_ diff: DepthDiff) {
            #expect(diff.firstUpdateID == lastUpdateID + 1)
            lastUpdateID = diff.lastUpdateID
            for level in diff.bids { bids[level.price] = level.quantity.isZero ? nil : level.quantity }
            for level in diff.asks { asks[level.price] = level.quantity.isZero ? nil : level.quantity }
        }
    }

    @Test(arguments: [UInt64(71), 72])
    func `each speed's book is the venue's at the window's end, even when it has gone on since`(
        _ seed: UInt64
    ) {
        var random = RandomSource(seed: seed)
        let engine = MatchingEngine(lotSize: Quantity(raw: 1))
        var differ = DepthDiffer(engine: engine)
        var (fast, slow, atFast) = (Mirror(), Mirror(), Mirror())
        var handles: [OrderHandle] = []
        var overtaken = 0
        for step in 0..<20_000 {
            if random.below(3) == 0, !handles.isEmpty {
                _ = engine.cancel(handles.remove(at: random.below(handles.count)))
            } else {
                let side: Side = random.below(2) == 0 ? .buy : .sell
                let placement = engine.place(
                    IncomingOrder(
                        id: Int64(step + 1), account: .market, side: side, type: .limit,
                        timeInForce: .gtc, price: Price(raw: Int64(random.below(40) + 1_000)),
                        quantity: Quantity(raw: Int64(random.below(50) + 1))))
                if placement.remainder == .rests { handles.append(placement.handle) }
            }
            if random.below(10) == 0, let diff = differ.fast() {
                fast.apply(diff)
                atFast = Mirror(engine)
                #expect(fast == atFast, "seed \(seed) step \(step)")
            }
            if random.below(40) == 0, let diff = differ.slow() {
                slow.apply(diff)
                #expect(slow == atFast, "seed \(seed) step \(step)")
                if engine.updateID > slow.lastUpdateID { overtaken += 1 }
            }
        }
        #expect(overtaken > 100, "seed \(seed)")
    }
}

extension Quantity {
    fileprivate var isZero: Bool { self == .zero }
}
