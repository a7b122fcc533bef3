import MarketModel
import Testing

@testable import Engine
@testable import TickToTrade

/// Assets: BTC 0, USDT 1, BNB 2; amounts in whole units.
@Suite("Account audit")
struct AccountAuditTests {
    private static let one: Int64 = 100_000_000
    private let btc = AssetIndex(0)
    private let id = ClientOrderID(epoch: 7, lane: 0, sequence: 1)

    private func audit() -> AccountAudit {
        AccountAudit([RecoverySamples.btc], assetNames: ["BTC", "USDT", "BNB"])
    }

    private func order(
        _ state: OrderState = .new, filled: Int64 = 0, sequence: UInt32 = 1
    ) -> Order {
        var order = Order(
            id: ClientOrderID(epoch: 7, lane: 0, sequence: sequence),
            intent: OrderIntent(
                instrument: InstrumentIndex(0), side: .buy, type: .limit, timeInForce: .gtc,
                price: Price(raw: 100 * Self.one), quantity: Quantity(raw: 2 * Self.one)),
            strategy: StrategyIndex(0), time: .unknown)
        order.state = state
        order.filled = Quantity(raw: filled * Self.one)
        return order
    }

    private func own(
        _ orders: [Order] = [], btc: Int64 = 10, position: Int64 = 0, version: UInt64 = 1,
        heard: Int64 = 2_000, connection: Int64 = 0, adjust: (inout [AssetSummary]) -> Void = { _ in }
    ) -> AccountAudit.Own {
        var assets = [AssetSummary](repeating: AssetSummary(), count: 3)
        assets[0].balance = btc * Self.one
        assets[1].balance = 1_000 * Self.one
        adjust(&assets)
        return AccountAudit.Own(
            orders: orders, assets: assets, positions: [Quantity(raw: position * Self.one)],
            balanceVersion: version, heard: milliseconds(heard), connection: connection)
    }

    private func milliseconds(_ count: Int64) -> Timestamp {
        Timestamp(nanoseconds: count * 1_000_000)
    }

    private func told(
        _ orders: [ExecutionReport] = [], btc: Int64 = 10, at time: Int64 = 1_000
    ) -> AccountAudit.Told {
        AccountAudit.Told(
            time: milliseconds(time), orders: orders,
            balances: [AssetIndex(0): btc * Self.one, AssetIndex(1): 1_000 * Self.one])
    }

    private func open(filled: Int64 = 0, sequence: UInt32 = 1) -> ExecutionReport {
        var report = ExecutionReport(
            instrument: InstrumentIndex(0),
            clientOrderID: ClientOrderID(epoch: 7, lane: 0, sequence: sequence),
            venueOrderID: VenueOrderID(5), executionType: .status, status: .new, side: .buy,
            type: .limit, timeInForce: .gtc, price: Price(raw: 100 * Self.one),
            quantity: Quantity(raw: 2 * Self.one))
        report.cumulativeQuantity = Quantity(raw: filled * Self.one)
        return report
    }

    /// Compares the same twice; what has been found then, in words.
    private func twice(
        _ audit: inout AccountAudit, _ own: AccountAudit.Own, _ told: AccountAudit.Told
    ) -> [String] {
        #expect(audit.compare(own, told, own)?.isEmpty == true, "the first look only suspects")
        return audit.compare(own, told, own)?.map(\.words) ?? []
    }

    @Test func `an account that agrees has no differences`() {
        var audit = audit()
        let state = own([order(filled: 1)])
        #expect(twice(&audit, state, told([open(filled: 1)])).isEmpty)
        #expect(!audit.suspects)
    }

    @Test func `orders that are on one side only, or filled otherwise, are found`() {
        var missing = audit()
        #expect(
            twice(&missing, own([order()]), told())
                == ["order \(id.text) is open here and not at the venue"])
        var unknown = audit()
        #expect(
            twice(&unknown, own(), told([open()]))
                == ["order \(id.text) is open at the venue and not here"])
        var filled = audit()
        #expect(
            twice(&filled, own([order(filled: 1)]), told([open(filled: 2)])).first?
                .contains("is filled 1") == true)
    }

    @Test func `orders on the move are not judged`() {
        for state in [OrderState.pendingNew, .pendingCancel, .pendingReplace, .unknown] {
            var audit = audit()
            #expect(twice(&audit, own([order(state)]), told()).isEmpty)
        }
        // Placed, or ended, while the venue was asked.
        var audit = audit()
        for _ in 0..<3 {
            #expect(audit.compare(own(), told(), own([order()]))?.isEmpty == true)
            #expect(audit.compare(own([order()]), told([open()]), own())?.isEmpty == true)
        }
    }

    @Test func `a difference is told once, and again when it comes back`() {
        var audit = audit()
        let state = own([order()])
        #expect(twice(&audit, state, told()).count == 1)
        #expect(audit.compare(state, told(), state)?.isEmpty == true && !audit.suspects)
        #expect(audit.compare(state, told([open()]), state)?.isEmpty == true)
        #expect(twice(&audit, state, told()).count == 1)
    }

    @Test func `a balance that the venue tells otherwise keeps its instruments from trading`() {
        var audit = audit()
        let state = own()
        _ = audit.compare(state, told(btc: 9), state)
        let found = audit.compare(state, told(btc: 9), state)
        #expect(found?.map(\.words) == ["BTC balance is 10 here, 9 at the venue"])
        #expect(found?.first?.symbols == ["BTCUSDT"])
    }

    @Test func `balances that move while the venue is asked are not compared`() {
        var audit = audit()
        let before = own(btc: 10, version: 1)
        let after = own(btc: 11, position: 1, version: 2)
        #expect(audit.compare(before, told(btc: 10), after) == nil)
        #expect(audit.compare(before, told(btc: 10), after) == nil)
    }

    /// A fill that the connection has swallowed with everything after it.
    @Test func `what a silent order connection has not told is suspected until it is heard`() {
        var audit = audit()
        let silent = own([order()], heard: 900)
        for look in 0..<4 as Range<Int64> {
            let found = audit.compare(silent, told(btc: 9, at: 1_000 + look * 1_000), silent)
            #expect(found?.isEmpty == true && audit.suspects, "look \(look)")
        }
        // Bytes that may have left the venue before the first look's answer.
        let early = own([order()], heard: 1_250)
        #expect(audit.compare(early, told(btc: 9, at: 6_000), early)?.isEmpty == true)
        // It speaks, and what was missing has come.
        let whole = own(btc: 9, position: -1, heard: 6_500)
        #expect(audit.compare(whole, told(btc: 9, at: 7_000), whole)?.isEmpty == true)
        #expect(!audit.suspects)
        // It speaks, and the same is still missing.
        var other = self.audit()
        _ = other.compare(silent, told(btc: 9), silent)
        let heard = own([order()], heard: 1_251)
        #expect(other.compare(heard, told(btc: 9, at: 2_000), heard)?.count == 2)
    }

    @Test func `what was found over another connection is found anew first`() {
        var audit = audit()
        let before = own()
        _ = audit.compare(before, told(btc: 9), before)
        let after = own(connection: 1)
        #expect(audit.compare(after, told(btc: 9, at: 1_100), after)?.isEmpty == true)
        #expect(audit.compare(after, told(btc: 9, at: 3_000), after)?.count == 1)
    }

    @Test func `a balance that moves without its position is found, and is the new state then`() {
        var audit = audit()
        #expect(twice(&audit, own(), told()).isEmpty)
        let moved = own(btc: 12, position: 1)
        #expect(
            twice(&audit, moved, told(btc: 12))
                == [
                    "BTC balance and position are 1 further apart than at the start, which no "
                        + "trade of ours explains"
                ])
        // A look at an account on the move does not make it forget.
        #expect(audit.compare(own(version: 7), told(), own(version: 8)) == nil)
        #expect(twice(&audit, moved, told(btc: 12)).isEmpty)
        #expect(twice(&audit, own(btc: 13, position: 2), told(btc: 13)).isEmpty)
    }

    @Test func `fills, transfers and commissions of other instruments explain a change`() {
        var audit = audit()
        #expect(twice(&audit, own(), told()).isEmpty)
        #expect(twice(&audit, own(btc: 13, position: 3), told(btc: 13)).isEmpty)
        let state = own(btc: 17, position: 3) { assets in
            assets[0].transferred = 5 * Self.one
            assets[0].feesOutside = Self.one
        }
        #expect(twice(&audit, state, told(btc: 17)).isEmpty)
    }
}
