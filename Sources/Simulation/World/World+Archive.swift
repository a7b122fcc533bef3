import Emulator
import Engine
import Foundation
import MarketContext
import MarketModel
import TickToTrade
import Venues

/// What the exchange's archive was asked, and how it answered.
struct ArchiveRecord {
    var questions = 0
    /// Strikes of each kind of fault upon its answers.
    private(set) var strikes = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// What it has answered arrives then.
    var lateUntil: Int64 = 0
    /// Questions before the last comparison of contexts, and when the next one is tried.
    private var comparedAt = 0
    private var nextLook: Int64 = 0
    /// Where the archive of each market has ever begun: a restart forgets the public's trades.
    private(set) var begins: [[Int]]

    init(markets: Int) { begins = Array(repeating: [0], count: markets) }

    /// Between these two counts of strikes lay an answer of the archive.
    mutating func note(strikesFrom before: [Int], to after: [Int]) {
        for place in strikes.indices { strikes[place] += after[place] - before[place] }
    }

    /// The exchange tells of nothing before these places in the tapes any more.
    mutating func forget(_ places: [Int]) {
        for (market, place) in places.enumerated() { begins[market].append(place) }
    }

    /// Whether contexts are to be compared, since there were questions: tried every 100 ms, until one is
    /// whole.
    mutating func isLookDue(_ now: Int64) -> Bool {
        if comparedAt == questions || now < nextLook { return false }
        nextLook = now + 100_000_000
        return true
    }

    mutating func noteComparison() { comparedAt = questions }
}

/// The exchange's archive of trades, for market contexts: they begin in the middle of the market and
/// lose trades with every lost stream.
extension World {
    /// Lets the engine's market contexts have the trades that they lack.
    func gatherHistory(for lane: EngineLane) {
        guard now >= archive.lateUntil, lane.state.pointee.gathersHistory else { return }
        lane.gatherHistory(from: Archive(self))
    }

    /// Whatever the archive has answered: a context that is not marked as partial has every trade.
    func lookAtContexts() {
        if !archive.isLookDue(now) { return }
        let before = contextComparisons
        if let difference = contextDifference() { diary.violate(difference) }
        if contextComparisons > before { archive.noteComparison() }
    }

    /// Keeps what was traded.
    func noteTrades() {
        for market in tapes.indices {
            exchange.readTrades(in: market, after: tapes[market].last?.id.raw ?? 0) {
                tapes[market].append($0)
            }
        }
    }

    /// What a market context says that has had all trades up to its last is what it says itself; `nil`
    /// when that is so, or when it says that it lacks some.
    func contextDifference() -> String? {
        guard let lane else { return nil }
        for instrument in lane.instruments {
            let seen = (0..<UInt16(lane.state.pointee.strategyCount)).compactMap {
                lane.state.pointee.marketContext(of: instrument.index, for: StrategyIndex($0))
            }
            guard let market = seen.first, market.pointee.lastTradeID != .none else { continue }
            if market.pointee.isPartial(market.pointee.day) { continue }
            contextComparisons += 1
            // A restarted exchange has no older trades to tell of.
            var isWhole = false
            var difference = ""
            for first in archive.begins[instrument.index.slot] where !isWhole {
                guard let whole = wholeContext(of: instrument, market.pointee, from: first) else {
                    return "the archive of \(instrument.symbol.text) cannot be read"
                }
                let found = Statement(market.pointee).difference(from: whole)
                isWhole = found == nil
                if difference.isEmpty { difference = found ?? "" }
            }
            if !isWhole {
                return "the market context of \(instrument.symbol.text): \(difference)"
            }
        }
        return nil
    }

    /// What is compared.
    private struct Statement {
        var last: TradeID
        var candle: Candle?
        var vwap: Double?
        var area: ValueArea?
        var rows: [ProfileRow]

        init(_ context: borrowing InstrumentContext) {
            last = context.lastTradeID
            candle = context.day.pointee.candle
            vwap = context.day.pointee.vwap.value
            area = context.day.pointee.valueArea
            rows = context.day.pointee.profile.rows
        }

        /// The first thing in which it differs from the whole tape's, in words.
        func difference(from whole: Statement) -> String? {
            if candle != whole.candle {
                return "the day's candle is \(words(candle)), the whole tape's \(words(whole.candle))"
            }
            if vwap != whole.vwap { return "vwap \(vwap ?? 0), the whole tape's \(whole.vwap ?? 0)" }
            if area != whole.area || rows != whole.rows {
                return "its profile of \(rows.count) rows is not the whole tape's"
            }
            return nil
        }

        private func words(_ candle: Candle?) -> String {
            guard let candle else { return "none" }
            return "\(candle.tradeCount) trades up to \(last.raw), volume \(candle.volume.raw), "
                + "\(candle.open.raw) \(candle.high.raw) \(candle.low.raw) \(candle.close.raw), marks "
                + "\(candle.marks.rawValue)"
        }
    }

    private func wholeContext(
        of instrument: Instrument, _ own: borrowing InstrumentContext, from first: Int
    ) -> Statement? {
        guard var whole = try? InstrumentContext(RandomTrader.context, instrument: instrument) else {
            return nil
        }
        whole.assumeComplete(since: own.day.pointee.opening)
        for trade in tapes[instrument.index.slot][first...]
        where trade.id.raw <= own.lastTradeID.raw {
            _ = whole.update(trade)
        }
        return Statement(whole)
    }
}

/// Answers at once, as if on a thread of its own, and fails as any request may; sometimes what it has
/// answered is late.
private final class Archive: VenueDesk {
    private let world: World

    init(_ world: World) { self.world = world }

    var now: Int64 { world.engineNow }

    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
        let before = world.faults.strikes
        defer { world.archive.note(strikesFrom: before, to: world.faults.strikes) }
        world.archive.questions += 1
        if world.exchangeDownUntil != nil {
            throw .unreachable(endpoint: "exchange", cause: "down")
        }
        if world.faults.strikes(.lateHistory) {
            world.archive.lateUntil =
                world.now + world.faults.number(.lateHistory, in: 10_000_000...3_000_000_000)
        }
        var answer = world.exchange.ask(
            method, overlapping(target), key: Surroundings.apiKey, at: world.exchangeNow,
            isInMicroseconds: true)
        let count = MessageFaults.elementCount(answer.body)
        if answer.status == 200, count > 0, world.faults.strikes(.shortHistory) {
            // It is behind its stream: the newest trades are not there yet.
            let kept = Int(world.faults.number(.shortHistory, in: 0...Int64(count - 1)))
            answer.body = MessageFaults.elements(answer.body, first: kept)
        }
        if !world.interference.change(&answer, to: target) || answer.raw != nil {
            throw .unreachable(endpoint: "exchange", cause: "no answer")
        }
        let patience = answer.fields.first { $0.0 == "Retry-After" }.flatMap { Int($0.1) }
        return VenueAnswer(status: answer.status, body: answer.body, retryAfter: patience)
    }

    /// A page that begins with trades that were told before.
    private func overlapping(_ target: String) -> String {
        let mark = "fromId="
        guard let start = target.range(of: mark)?.upperBound else { return target }
        let digits = target[start...].prefix { $0.isNumber }
        guard let first = Int64(digits), first > 1, world.faults.strikes(.overlappingHistory) else {
            return target
        }
        let told = min(world.faults.number(.overlappingHistory, in: 1...200), first - 1)
        return target[..<start] + "\(first - told)" + target[digits.endIndex...]
    }

    func pause(_ duration: Nanoseconds) {}
}
