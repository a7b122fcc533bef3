import MarketModel
import Testing
import TickToTrade

@Suite("Commissions in any asset")
struct CommissionTests {
    private func bought(
        _ lane: LaneRig, commission: Int64, in asset: AssetIndex
    ) throws -> Fill {
        let id = try lane.resting(.limit(.buy, 100, 2))
        lane.fill(id, 2, at: 100, total: 2, .filled, trade: 1, commission: commission, in: asset)
        return try #require(lane.script.fills.last)
    }

    private func fees(_ lane: LaneRig) -> Notional {
        lane.state.pointee.status(of: TestMarket.btc).fees
    }

    @Test func `a third asset is valued at the mark of the instrument that trades it`() throws {
        let lane = LaneRig()
        lane.top(10, 10.02, in: TestMarket.eth)
        // 0.015 ETH at 10.01.
        let fill = try bought(lane, commission: 1_500_000, in: TestMarket.ethAsset)
        #expect(!fill.isFeeUnvalued && fill.baseFee == .zero)
        #expect(fees(lane) == Notional(TestMarket.price(10.01), TestMarket.quantity(0.015)))
        #expect(lane.position() == TestMarket.quantity(2))
        let asset = lane.state.pointee.account(of: TestMarket.ethAsset)
        #expect(asset.balance == 100 * 100_000_000 - 1_500_000, "it is gone from the balance")
        #expect(asset.feesPaid == 1_500_000 && asset.feesUnvalued == 0)
    }

    @Test func `one that no instrument trades is valued at the rate that was told`() throws {
        let lane = LaneRig()
        lane.balance(TestMarket.bnbAsset, 5)
        lane.command(.setRate, key: 3, value: 60_000_000_000)
        #expect(lane.answers().last?.isAccepted == true)
        // 0.00025 BNB at 600.
        let fill = try bought(lane, commission: 25_000, in: TestMarket.bnbAsset)
        #expect(!fill.isFeeUnvalued)
        #expect(fees(lane) == Notional(TestMarket.price(600), Quantity(raw: 25_000)))
        #expect(lane.state.pointee.account(of: TestMarket.bnbAsset).balance == 499_975_000)
    }

    @Test func `one without a rate is counted apart`() throws {
        let lane = LaneRig()
        let fill = try bought(lane, commission: 25_000, in: TestMarket.bnbAsset)
        #expect(fill.isFeeUnvalued && fees(lane) == .zero)
        let asset = lane.state.pointee.account(of: TestMarket.bnbAsset)
        #expect(asset.feesPaid == 25_000 && asset.feesUnvalued == 25_000)
    }

    @Test func `one in the quote asset leaves the balance at once`() throws {
        let lane = LaneRig()
        _ = try bought(lane, commission: 20_000_000, in: TestMarket.usdtAsset)
        let asset = lane.state.pointee.account(of: TestMarket.usdtAsset)
        #expect(asset.balance == (1_000_000 - 200) * 100_000_000 - 20_000_000)
    }

    @Test(arguments: [(-1, 1), (4, 1), (3, 0), (3, -5), (3, .max)] as [(Int64, Int64)])
    func `a rate that makes no sense is refused`(asset: Int64, rate: Int64) {
        let lane = LaneRig()
        lane.command(.setRate, key: asset, value: rate)
        #expect(lane.answers().last?.isAccepted == false)
    }
}
