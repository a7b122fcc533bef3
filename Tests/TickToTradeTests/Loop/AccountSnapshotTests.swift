import MarketModel
import Testing

@testable import TickToTrade

@Suite("Account snapshots")
struct AccountSnapshotTests {
    /// Positions of two strategies' fills, one open order partly filled, a day's start.
    private func traded() throws -> StrategyRig<MarketMaker> {
        let rig = MarketMakerTests.rig()
        for _ in 0..<5 {
            rig.now = rig.now + .milliseconds(200)
            rig.top(100, 100.10)
        }
        rig.settle()
        let bid = try #require(rig.open(.buy))
        rig.report(bid.id, .trade, .partiallyFilled, last: 0.5, at: 99.9, total: 0.5)
        return rig
    }

    private func snapshot(
        of state: UnsafeMutablePointer<TradingState>, at time: Timestamp
    ) throws -> AccountSnapshot {
        let snapshot = state.pointee.accountSnapshot(now: time)
        return try #require(snapshot)
    }

    private func fresh() -> UnsafeMutablePointer<TradingState> {
        StrategyRig<MarketMaker>.makeState()
    }

    @Test func `what is written is read back`() throws {
        let rig = try traded()
        let snapshot = try snapshot(of: rig.state, at: rig.now)
        #expect(snapshot.time == rig.now)
        #expect(snapshot.openOrders.count == 2)
        #expect(snapshot.positions.count == 2)
        #expect(snapshot.positions.allSatisfy { $0.position.quantity == TestMarket.quantity(0.5) })
        #expect(snapshot.lastTradeIDs.first ?? -1 > 0)
        let again = snapshot.bytes.withUnsafeBytes { AccountSnapshot($0) }
        #expect(again == snapshot)
    }

    @Test func `a state that takes it over writes the same one`() throws {
        let rig = try traded()
        let snapshot = try snapshot(of: rig.state, at: rig.now)
        let state = fresh()
        defer {
            state.deinitialize(count: 1)
            state.deallocate()
        }
        state.pointee.restore(snapshot)
        let taken = try self.snapshot(of: state, at: rig.now)
        #expect(taken == snapshot)
        let cost = state.pointee.positionCost(of: StrategyIndex(0), in: TestMarket.btc)
        #expect(cost == Notional(TestMarket.price(99.9), TestMarket.quantity(0.5)))
    }

    @Test func `bytes cut short or of another version are no snapshot`() throws {
        let rig = try traded()
        var bytes = try snapshot(of: rig.state, at: rig.now).bytes
        for count in 0..<bytes.count {
            bytes.withUnsafeBytes { whole in
                #expect(AccountSnapshot(UnsafeRawBufferPointer(rebasing: whole[..<count])) == nil)
            }
        }
        let version = MemoryLayout<AccountSnapshotHeader>.offset(of: \.version)
        bytes[try #require(version)] ^= 0x40
        #expect(bytes.withUnsafeBytes { AccountSnapshot($0) } == nil)
    }

    /// The journal keeps these as they lie in memory: another layout is another version.
    @Test func `the layout on disk is the one of version 2`() {
        #expect(AccountSnapshotHeader.current == 2)
        #expect(MemoryLayout<AccountSnapshotHeader>.stride == 64)
        #expect(MemoryLayout<AccountSnapshot.PositionEntry>.stride == 128)
        #expect(MemoryLayout<ToldBalance>.stride == 16)
        #expect(MemoryLayout<Order>.stride == 176)
    }
}
