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
}
