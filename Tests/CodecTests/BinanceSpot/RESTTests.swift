import MarketModel
import Testing

@testable import Codec

struct RESTTests {
    private let market = Market()

    @Test func `reads the server's time`() throws {
        let bytes = GuardedBytes(#"{"serverTime":1499827319559}"#)
        #expect(
            try BinanceSpotREST.serverTime(bytes.start, bytes.count).milliseconds
                == 1_499_827_319_559)
    }

    @Test func `refuses a server's time from the year 2200 on`() {
        for (text, isRead) in [("7258118399999", true), ("7258118400000", false)] {
            let bytes = GuardedBytes(#"{"serverTime":\#(text)}"#)
            #expect(((try? BinanceSpotREST.serverTime(bytes.start, bytes.count)) != nil) == isRead)
        }
    }

    @Test func `reads an error body and nothing else as an error`() {
        let error = GuardedBytes(#"{"code":-1121,"msg":"Invalid symbol."}"#)
        #expect(
            BinanceSpotREST.failure(error.start, error.count)
                == .init(code: -1121, message: "Invalid symbol."))
        for other in ["", "<html>", "{}", "[]", #"{"code":"x"}"#] {
            let bytes = GuardedBytes(other)
            #expect(BinanceSpotREST.failure(bytes.start, bytes.count) == nil)
        }
    }

    @Test func `reads the account`() throws {
        defer { market.directory.deallocate() }
        let bytes = GuardedBytes(
            #"{"commissionRates":{"maker":"0.00150000","taker":"0.00100000"},"canTrade":true,"updateTime":123456789,"balances":[{"asset":"BTC","free":"4723846.89208129","locked":"0.00000001"},{"asset":"XYZ","free":"99999999999999999","locked":"0"},{"asset":"LTC","free":"1","locked":"2"}]}"#
        )
        let account = try BinanceSpotREST.account(
            bytes.start, bytes.count, directory: market.directory, receiveTime: .unknown)
        #expect(account.canTrade)
        #expect(account.makerFee == 150_000 && account.takerFee == 100_000)
        #expect(account.balances.map(\.asset) == [Market.asset("BTC"), Market.asset("LTC")])
        #expect(account.balances[0].free == 472_384_689_208_129)
        #expect(account.balances[0].locked == 1)
        #expect(account.balances[1].venueTime.milliseconds == 123_456_789)
    }

    @Test func `adds up the commissions of a symbol, on the dearer side`() throws {
        let text = SharedFiles.hasFrames
            ? try #require(try SharedFiles.lines("rest_commission_doc.jsonl").first)
            : #"{"symbol":"BTCUSDT","standardCommission":{"maker":"0.00000010","taker":"0.00000020","buyer":"0.00000030","seller":"0.00000040"},"specialCommission":{"maker":"0.01000000","taker":"0.02000000","buyer":"0.03000000","seller":"0.04000000"},"taxCommission":{"maker":"0.00000112","taker":"0.00000114","buyer":"0.00000118","seller":"0.00000116"},"discount":{"enabledForAccount":true,"enabledForSymbol":true,"discountAsset":"BNB","discount":"0.75000000"}}"#
        let bytes = GuardedBytes(text)
        let found = try BinanceSpotREST.commission(bytes.start, bytes.count)
        #expect(found.standard == .init(maker: 10, taker: 20, buyer: 30, seller: 40))
        #expect(found.tax == .init(maker: 112, taker: 114, buyer: 118, seller: 116))
        #expect(found.makerFee == 10 + 1_000_000 + 112 + 40 + 4_000_000 + 116)
        #expect(found.takerFee == 20 + 2_000_000 + 114 + 40 + 4_000_000 + 116)
        let discount = try #require(found.discount)
        #expect(discount.isEnabled && discount.asset == "BNB" && discount.rate == 75_000_000)
    }

    @Test(arguments: ["", "{}", "[]", #""maker":"-0.1""#, #""maker":"1.00000001""#, #""maker":1e99"#])
    func `refuses a commission that is none`(_ spoiled: String) {
        let rates = #"{"maker":"0.001","taker":"0.001","buyer":"0","seller":"0"}"#
        let text = spoiled.hasPrefix("\"")
            ? #"{"standardCommission":\#(rates.replacing(#""maker":"0.001""#, with: spoiled)),"specialCommission":\#(rates),"taxCommission":\#(rates)}"#
            : spoiled
        let bytes = GuardedBytes(text)
        #expect(throws: DecodeFailure.self) {
            try BinanceSpotREST.commission(bytes.start, bytes.count)
        }
    }
}
