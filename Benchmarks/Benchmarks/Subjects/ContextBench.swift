import MarketContext
import MarketModel

/// Trades through the market context of one instrument, with what strategies usually ask for: the
/// UTC day and three sessions with their profiles and levels, footprint, regime.
final class ContextBench {
    private static let tradeCount = 65_536
    private static let pause = Nanoseconds.milliseconds(20)
    /// 2026-11-21T00:00:00Z.
    private static let start = Timestamp(milliseconds: 1_795_219_200_000)

    private let context = UnsafeMutablePointer<InstrumentContext>.allocate(capacity: 1)
    private let joined = UnsafeMutablePointer<InstrumentContext>.allocate(capacity: 1)
    private let join = UnsafeMutablePointer<TapeJoin>.allocate(capacity: 1)
    private let trades = UnsafeMutablePointer<Trade>.allocate(capacity: tradeCount)
    private var number = 0
    private var joinedNumber = 0

    init() throws(ContextFailure) {
        context.initialize(to: try Self.make())
        joined.initialize(to: try Self.make())
        join.initialize(to: try TapeJoin(refillsHoles: true))
        var random: UInt64 = 0x9E37_79B9_7F4A_7C15
        var ticks: Int64 = 0
        for place in 0..<Self.tradeCount {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let bits = random >> 33
            ticks = min(max(ticks + Int64(bits % 41) - 20, -5_000), 5_000)
            (trades + place).initialize(
                to: Trade(
                    instrument: InstrumentIndex(0), id: .none,
                    price: Price(raw: SampleMarket.middle + ticks * SampleMarket.cent),
                    quantity: Quantity(raw: Int64(bits >> 8 % 5_000 + 1) * 1_000),
                    aggressor: bits & 1 == 0 ? .buy : .sell, venueTime: .unknown,
                    receiveTime: .unknown))
        }
        // The first trade of the stream finds the history before it.
        _ = join.pointee.addHistory(Self.numbered(trades[0], 0))
        while let next = join.pointee.take() { _ = joined.pointee.update(next.trade) }
        joinedNumber = 1
    }

    deinit {
        context.deinitialize(count: 1)
        context.deallocate()
        joined.deinitialize(count: 1)
        joined.deallocate()
        join.deinitialize(count: 1)
        join.deallocate()
        trades.deallocate()
    }

    private static func make() throws(ContextFailure) -> InstrumentContext {
        var settings = ContextSettings()
        settings.binTicks = 100
        settings.calendar = SessionCalendar([
            TradingSession("asia", in: "UTC", opens: 0, closes: 32_400),
            TradingSession("london", in: "UTC", opens: 28_800, closes: 59_400),
            TradingSession("new york", in: "UTC", opens: 52_200, closes: 75_600),
        ])
        let boundaries = try SessionPlan(settings.calendar, zones: [:]).boundaries(
            from: CivilDate(year: 2026, month: 11, day: 20),
            through: CivilDate(year: 2028, month: 12, day: 31))
        return try InstrumentContext(
            settings, sessions: try SessionTable(boundaries, sessionCount: 3),
            instrument: SampleMarket.instrument())
    }

    var contests: [Contest] {
        [
            Contest(
                name: "market context", batch: 50,
                ours: Contestant("apus") { [self] in update($0) }),
            Contest(
                name: "behind a joined tape", batch: 50,
                ours: Contestant("apus") { [self] in updateJoined($0) }),
        ]
    }

    /// All trades were counted: what was measured is the work and not a refusal.
    var isSound: Bool {
        context.pointee.knownCount == 0 && context.pointee.refusedCount == 0
            && context.pointee.holeCount == 0 && joined.pointee.holeCount == 0
            && joined.pointee.lastTradeID.raw == Int64(joinedNumber - 1)
    }

    private func update(_ count: Int) {
        let (context, trades) = (context, trades)
        for turn in number..<number + count {
            let trade = Self.numbered(trades[turn & (Self.tradeCount - 1)], turn)
            _ = context.pointee.update(trade)
            while context.pointee.takeEvent() != nil {}
        }
        number += count
    }

    private func updateJoined(_ count: Int) {
        let (context, join, trades) = (joined, join, trades)
        for turn in joinedNumber..<joinedNumber + count {
            join.pointee.addLive(Self.numbered(trades[turn & (Self.tradeCount - 1)], turn))
            while let next = join.pointee.take() { _ = context.pointee.update(next.trade) }
            while context.pointee.takeEvent() != nil {}
        }
        joinedNumber += count
    }

    @inline(__always)
    private static func numbered(_ trade: Trade, _ number: Int) -> Trade {
        var trade = trade
        trade.id = TradeID(Int64(number))
        trade.venueTime = start + Nanoseconds(pause.count &* Int64(number))
        return trade
    }
}
