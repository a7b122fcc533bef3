import MarketModel
import Testing
import Venues

@testable import Emulator
@testable import Engine

/// Fee rates of each instrument, as a start learns them.
struct CommissionTests {
    /// A desk that refuses some requests for the commission with a status of its choice.
    private final class ReluctantDesk: VenueDesk {
        let desk: DialectDesk
        let status: Int
        let isRefused: (String) -> Bool

        init(_ desk: DialectDesk, status: Int, _ isRefused: @escaping (String) -> Bool) {
            self.desk = desk
            self.status = status
            self.isRefused = isRefused
        }

        var now: Int64 { desk.now }
        func pause(_ duration: Nanoseconds) { desk.pause(duration) }

        func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
            if target.hasPrefix("/api/v3/account/commission"), isRefused(target) {
                return VenueAnswer(
                    status: status, body: Array(#"{"code":-1000,"msg":"Not today."}"#.utf8),
                    retryAfter: nil, usedWeight: nil)
            }
            return try desk.request(method, target)
        }

        func inquiry() throws -> VenueInquiry {
            VenueInquiry(
                desk: self, apiKey: "apus-demo-key",
                signer: try RequestSigner.hmac(secret: "secret"), receiveWindow: 5_000)
        }
    }

    private static func desk(
        symbols: Int, limits: RateLimitConfiguration = RateLimitConfiguration()
    ) throws -> DialectDesk {
        try DialectDesk(symbols: symbols, limits: limits) {
            $0.fees = FeeRates(maker: 100_000, taker: 120_000)
            $0.specialFees = FeeRates(maker: 10_000, taker: 20_000, buyer: 1_000, seller: 3_000)
            $0.taxFees = FeeRates(maker: 100, taker: 200, buyer: 10, seller: 0)
        }
    }

    @Test func `an instrument's rates are all its commissions together`() throws {
        let desk = try Self.desk(symbols: 3)
        var inquiry = try desk.inquiry()
        var facts = try inquiry.ask(symbols: desk.symbols)
        #expect(facts.instruments.map(\.takerFee) == [120_000, 120_000, 120_000])
        let before = desk.usedWeight
        try inquiry.addCommissions(to: &facts)
        #expect(desk.usedWeight - before == 60)
        #expect(facts.instruments.map(\.makerFee) == Array(repeating: 113_100, count: 3))
        #expect(facts.instruments.map(\.takerFee) == Array(repeating: 143_200, count: 3))
        #expect(facts.remarks.isEmpty)
    }

    @Test(arguments: [400, 404, 500])
    func `where the venue does not tell, the account's rates stay and are told`(
        status: Int
    ) throws {
        let desk = try Self.desk(symbols: 3)
        let silent = desk.symbols[1]
        let reluctant = ReluctantDesk(desk, status: status) { $0.contains("symbol=\(silent)&") }
        var inquiry = try reluctant.inquiry()
        var facts = try inquiry.ask(symbols: desk.symbols)
        try inquiry.addCommissions(to: &facts)
        #expect(facts.instruments.map(\.makerFee) == [113_100, 100_000, 113_100])
        #expect(facts.remarks.count == 1)
        let remark = try #require(facts.remarks.first)
        #expect(remark.hasPrefix("the commission of \(silent) is not told, the account's rates"))
        #expect(remark.contains("Not today."))
    }

    @Test(arguments: [403, 418])
    func `a venue that wants quiet is not asked for the next instrument`(status: Int) throws {
        let desk = try Self.desk(symbols: 3)
        let reluctant = ReluctantDesk(desk, status: status) { _ in true }
        var inquiry = try reluctant.inquiry()
        var facts = try inquiry.ask(symbols: desk.symbols)
        #expect(throws: StartFailure.self) { try inquiry.addCommissions(to: &facts) }
    }

    // Fifty instruments start, are killed and start again within the venue's minute.
    @Test(arguments: [(1_000, 2, true), (1_000, 3, false), (6_000, 15, true), (6_000, 50, false)])
    func `rates are asked for where a twentieth of the request weight is enough`(
        limit: Int, count: Int, isAsked: Bool
    ) throws {
        var limits = RateLimitConfiguration()
        limits.requestWeightPerMinute = limit
        let desk = try Self.desk(symbols: count, limits: limits)
        var inquiry = try desk.inquiry()
        var facts = try inquiry.ask(symbols: desk.symbols)
        let before = desk.usedWeight
        try inquiry.addCommissions(to: &facts)
        #expect(desk.usedWeight - before == (isAsked ? 20 * Int64(count) : 0))
        #expect(facts.instruments.allSatisfy { $0.makerFee == (isAsked ? 113_100 : 100_000) })
        #expect(facts.remarks.isEmpty == isAsked)
        if !isAsked {
            let remark = try #require(facts.remarks.first)
            #expect(remark.contains("those of \(count) instruments"))
        }
        #expect(desk.pauses.isEmpty)
    }
}
