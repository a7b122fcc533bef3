import MarketModel
import Testing

@testable import Emulator

/// Fees in what a trade receives and in BNB, as the venue's page on commissions computes them.
@Suite("Commissions")
struct CommissionTests {
    private func venue(
        bnb: Int64, symbols: [Int] = [0, 2], change: (inout ExchangeConfiguration) -> Void = { _ in }
    ) -> Venue {
        var configuration = Venue.configuration
        configuration.symbols = symbols.map { SymbolConfiguration.defaults[$0] }
        if configuration.symbols.count > 1 {
            configuration.symbols[1].startPrice = Price(raw: 260 * Money.unit)
        }
        configuration.accounts[0].paysFeesInDiscountAsset = true
        configuration.accounts[0].balances["BNB"] = bnb
        configuration.fees = FeeRates(maker: 10, taker: 20, buyer: 30, seller: 40)
        configuration.specialFees = FeeRates(
            maker: 1_000_000, taker: 2_000_000, buyer: 3_000_000, seller: 4_000_000)
        configuration.taxFees = FeeRates(maker: 112, taker: 114, buyer: 118, seller: 116)
        configuration.feeDiscount.factor = 25_000_000
        change(&configuration)
        return Venue(configuration)
    }

    /// The page's example: 0.49975 BTC sold at the market for 35000 USDT.
    private func sell(in venue: Venue) throws -> UserFill {
        try venue.play(.buy, "35000", "1")
        var ticket = OrderTicket(side: .sell, type: .market, timeInForce: .none)
        ticket.quantity = Quantity(raw: 49_975_000)
        return try #require(try venue.place(ticket).fills.first)
    }

    @Test func `in BNB the standard part is discounted, special and tax are not`() throws {
        let venue = venue(bnb: 10 * Money.unit)
        let fill = try sell(in: venue)
        #expect(venue.exchange.assetName(fill.commissionAsset) == "BNB")
        // 17491.25 USDT × 0.0000006 × 0.25 + × 0.0000023 + × 0.06, at 260 USDT a BNB.
        #expect(fill.commission == 403_660_712)
        #expect(venue.free(venue.alice, "BNB") == 10 * Money.unit - 403_660_712)
        #expect(venue.free(venue.alice, "USDT") == 1_000_000 * Money.unit + 1_749_125_000_000)
    }

    @Test func `without enough BNB the whole commission comes out of the proceeds`() throws {
        let venue = venue(bnb: 4 * Money.unit)
        let fill = try sell(in: venue)
        #expect(venue.exchange.assetName(fill.commissionAsset) == "USDT")
        // 17491.25 × (0.0000006 + 0.06 + 0.0000023).
        #expect(fill.commission == 104_952_572_462)
        #expect(venue.free(venue.alice, "BNB") == 4 * Money.unit)
    }

    @Test func `a commission in BTC is valued through USDT`() throws {
        let venue = venue(bnb: 10 * Money.unit) { configuration in
            configuration.fees = FeeRates(maker: 0, taker: 100_000)
            configuration.specialFees = FeeRates(maker: 0, taker: 0)
            configuration.taxFees = FeeRates(maker: 0, taker: 0)
            configuration.feeDiscount.factor = 75_000_000
        }
        try venue.play(.sell, "52000", "1")
        let placed = try venue.place(try Venue.limit(.buy, "52000", "0.1"))
        let fill = try #require(placed.fills.first)
        // 0.1 BTC × 0.1 % × 0.75 = 0.000075 BTC = 3.9 USDT = 0.015 BNB.
        #expect(fill.commission == 1_500_000)
        #expect(venue.free(venue.alice, "BTC") == 10 * Money.unit + 10_000_000)
    }

    @Test func `selling all one's BNB never overdraws it for the fee`() throws {
        let venue = venue(bnb: Money.unit, symbols: [2]) { configuration in
            configuration.symbols[0].startPrice = Price(raw: 260 * Money.unit)
            configuration.accounts[0].balances = ["BNB": Money.unit]
            configuration.accounts[1].balances = ["USDT": 10_000 * Money.unit]
        }
        try venue.play(.buy, "260", "0.4")
        try venue.play(.buy, "259", "0.6")
        var ticket = OrderTicket(side: .sell, type: .market, timeInForce: .none)
        ticket.quantity = Quantity(raw: Money.unit)
        let placed = try venue.place(ticket)
        #expect(placed.order.status == .filled)
        #expect(venue.free(venue.alice, "BNB") == 0)
        #expect(placed.fills.allSatisfy { venue.exchange.assetName($0.commissionAsset) == "USDT" })
    }

    @Test func `rates are answered by symbol and by order`() throws {
        var configuration = DialectHarness.configuration
        configuration.fees = FeeRates(maker: 40, taker: 50, buyer: 10, seller: 10)
        configuration.specialFees = FeeRates(
            maker: 4_000_000, taker: 5_000_000, buyer: 1_000_000, seller: 1_000_000)
        configuration.taxFees = FeeRates(maker: 128, taker: 130, buyer: 100, seller: 100)
        configuration.symbols.append(SymbolConfiguration.defaults[2])
        configuration.accounts[0].paysFeesInDiscountAsset = true
        let harness = try DialectHarness(configuration)
        let rates = try #require(
            JSONValue.parse(harness.signed("GET", "account/commission", "symbol=BTCUSDT").text))
        #expect(rates["standardCommission"]?["buyer"]?.string == "0.00000010")
        #expect(rates["discount"]?["enabledForAccount"] == .boolean(true))
        let test = harness.signed(
            "POST", "order/test",
            "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.01&computeCommissionRates=true")
        #expect(test.fields.contains { $0 == ("X-MBX-USED-WEIGHT-1M", "40") })
        #expect(
            test.text
                == #"{"standardCommissionForOrder":{"maker":"0.00000050","taker":"0.00000060"},"#
                + #""specialCommissionForOrder":{"maker":"0.05000000","taker":"0.06000000"},"#
                + #""taxCommissionForOrder":{"maker":"0.00000228","taker":"0.00000230"},"#
                + #""discount":{"enabledForAccount":true,"enabledForSymbol":true,"#
                + #""discountAsset":"BNB","discount":"0.75000000"}}"#)
    }

    @Test func `the stream tells of the BNB it cost`() throws {
        var configuration = DialectHarness.configuration
        configuration.symbols.append(SymbolConfiguration.defaults[2])
        configuration.accounts[0].paysFeesInDiscountAsset = true
        configuration.accounts[0].balances["BNB"] = Money.unit
        let harness = try DialectHarness(configuration)
        let session = harness.connect("/ws-api/v3")
        harness.api("userDataStream.subscribe.signature", "", on: session)
        _ = harness.take(session)
        _ = harness.signed("POST", "order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01")
        let events = harness.take(session).compactMap(JSONValue.parse).compactMap { $0["event"] }
        let trade = try #require(events.first { $0["x"]?.string == "TRADE" })
        #expect(trade["N"]?.string == "BNB")
        let position = try #require(events.last)
        #expect(position["B"]?.elements.contains { $0["a"]?.string == "BNB" } == true)
        let trades = harness.signed("GET", "myTrades", "symbol=BTCUSDT")
        #expect(trades.text.contains(#""commissionAsset":"BNB""#))
    }
}
