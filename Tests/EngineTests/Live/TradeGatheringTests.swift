import Codec
import MarketModel
import Testing
import TickToTrade
import Venues

@testable import Engine

/// The trades of a market context are asked for within the venue's limits.
struct TradeGatheringTests {
    /// Single trades from number 1 on, told within 600 of request weight a minute.
    private final class TradesDesk: VenueDesk {
        static let limit: Int64 = 600
        static let start: Int64 = 1_795_262_400_000_000_000
        let newest: Int64
        var now = TradesDesk.start
        /// Numbers that pages began at, and when they were asked for.
        private(set) var pages: [(first: Int64, at: Int64)] = []
        private(set) var refused = 0
        private var used: Int64 = 0
        private var minute: Int64 = 0

        init(newest: Int64) { self.newest = newest }

        /// Somebody else of the same address asks.
        func spendElsewhere(_ weight: Int64) { count(weight) }

        private func count(_ weight: Int64) {
            if now / 60_000_000_000 != minute { (minute, used) = (now / 60_000_000_000, 0) }
            used += weight
        }

        func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
            let isPage = target.hasPrefix("/api/v3/historicalTrades?")
            count(isPage ? 25 : 4)
            if used > Self.limit {
                refused += 1
                return VenueAnswer(
                    status: 429, body: Array(#"{"code":-1003,"msg":"Too much"}"#.utf8), retryAfter: 90,
                    usedWeight: used)
            }
            let body = isPage
                ? page(from: Int64(target.split(separator: "=")[2].prefix { $0.isNumber }) ?? 1)
                : #"[{"a":1,"p":"1.0","q":"1.0","f":1,"l":1,"T":1795262400000000,"m":true,"M":true}]"#
            return VenueAnswer(
                status: 200, body: Array(body.utf8), retryAfter: nil, usedWeight: used)
        }

        private func page(from first: Int64) -> String {
            pages.append((first, now))
            let rows = (first..<min(first + 1_000, newest + 1)).map {
                #"{"id":\#($0),"price":"1.0","qty":"1.0","quoteQty":"1.0","#
                    + #""time":1795262400000000,"isBuyerMaker":true,"isBestMatch":true}"#
            }
            return "[\(rows.joined(separator: ","))]"
        }

        func pause(_ duration: Nanoseconds) { Issue.record("nobody waits here") }
    }

    private let desk: TradesDesk
    private var gathering: TradeGathering
    private let request: TradeHistoryRequest
    private var told: [HistoricTrade] = []

    init() throws {
        desk = TradesDesk(newest: 30_500)
        let exchange = try DialectDesk(symbols: 1)
        var inquiry = try exchange.inquiry()
        let facts = try inquiry.ask(symbols: exchange.symbols)
        gathering = TradeGathering([
            TapeStart(
                instrument: facts.instruments[0], start: Timestamp(nanoseconds: TradesDesk.start))
        ])
        var request = TradeHistoryRequest()
        request.number = 1
        self.request = request
    }

    /// When it is gone on with, if the venue's limits leave no room before.
    private mutating func gather() throws -> Int64? {
        var told = told
        defer { self.told = told }
        let desk = desk
        let world = TradeGathering.Surroundings(
            areAggregates: false, now: desk.now,
            open: { () throws(StartFailure) in
                guard let signer = try? RequestSigner.hmac(secret: "secret") else {
                    throw .machine("no signer")
                }
                var inquiry = VenueInquiry(
                    desk: desk, apiKey: "key", signer: signer, receiveWindow: 5_000)
                inquiry.longestPause = 0
                inquiry.urgency = .history
                inquiry.obey(
                    [
                        RateLimitRule(
                            type: "REQUEST_WEIGHT", window: .seconds(60), limit: TradesDesk.limit)
                    ], clockOffset: 0)
                return inquiry
            },
            recorded: { _, _ throws(StartFailure) in [] }, push: { told.append($0) },
            isOver: { false })
        switch gathering.gather(0, request, world) {
        case .nothing: return nil
        case .waits(let time): return time
        case .unavailable(let failure): throw failure
        }
    }

    @Test("where a minute has no more room for history, the next one goes on behind the last trade")
    mutating func minuteIsFull() throws {
        let later = desk.now + 60_100_000_000
        #expect(try gather() == later)
        // Two fifths of the limit are for history: 4 for the first trade's number, 9 pages.
        #expect(desk.pages.count == 9)
        #expect(told.count == 9_000)
        #expect(!gathering.isDue(0, request, desk.now + 60_000_000_000))
        #expect(gathering.isDue(0, request, desk.now + 60_100_000_000))

        var last: Int64? = 0
        for _ in 0..<3 {
            desk.now += 60_100_000_000
            last = try gather()
        }
        #expect(last == nil)
        #expect(desk.refused == 0)
        #expect(told.last?.mark == .ends)
        #expect(told.dropLast().map(\.trade.id.raw) == Array(1...30_500))
        #expect(!gathering.isDue(0, request, .max))
    }

    @Test("behind a refusal nobody asks before the venue's quiet is over")
    mutating func quietIsKept() throws {
        desk.spendElsewhere(599)
        #expect(try gather() == nil)
        #expect(desk.refused == 1)
        #expect(told.isEmpty)
        #expect(!gathering.isDue(0, request, desk.now + 89_000_000_000))
        #expect(gathering.isDue(0, request, desk.now + 90_000_000_000))
        desk.now += 90_000_000_000
        #expect(try gather() == desk.now + 30_100_000_000)
        #expect(desk.refused == 1)
        #expect(told.count == 9_000)
    }
}
