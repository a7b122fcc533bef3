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
    /// Places in each market's tape at which the archive began when it was asked: a restart forgets
    /// the public's trades, and it keeps so many.
    private(set) var begins: [Set<Int>]

    init(markets: Int) { begins = Array(repeating: [0], count: markets) }

    /// Between these two counts of strikes lay an answer of the archive.
    mutating func note(strikesFrom before: [Int], to after: [Int]) {
        for place in strikes.indices { strikes[place] += after[place] - before[place] }
    }

    /// It is asked, and tells of nothing before this place in a market's tape.
    mutating func noteBegin(_ place: Int, of market: Int) { begins[market].insert(place) }

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

    /// Keeps where the exchange's archive begins now that it is asked.
    fileprivate func noteArchiveBegin() {
        for market in tapes.indices {
            let oldest = exchange.oldestTrade(in: market)
            let tape = tapes[market]
            let place = oldest == 0 ? tape.count : tape.place(of: oldest)
            archive.noteBegin(place, of: market)
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
            if let difference = difference(of: market.pointee, of: instrument) {
                return "the market context of \(instrument.symbol.text): \(difference)"
            }
        }
        return nil
    }

    /// Compares with the whole tape; of a day with fewer trades, with the tape from where the archive
    /// began when that leaves as many.
    private func difference(
        of market: borrowing InstrumentContext, of instrument: Instrument
    ) -> String? {
        let tape = tapes[instrument.index.slot]
        let last = market.lastTradeID.raw
        let told = tape.place(of: last + 1)
        let begin = told - Int(market.day.pointee.candle?.tradeCount ?? 0)
        var places = [0]
        if archive.begins[instrument.index.slot].contains(begin), begin != 0 { places.append(begin) }
        var difference: String?
        for place in places {
            guard
                let whole = wholeContext(
                    of: instrument, tape[place..<told], since: market.day.pointee.opening)
            else { return "the archive cannot be read" }
            difference = Statement(market).difference(from: whole)
            if difference == nil { return nil }
        }
        return difference
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
        of instrument: Instrument, _ trades: ArraySlice<Trade>, since opening: Timestamp
    ) -> Statement? {
        guard var whole = try? InstrumentContext(RandomTrader.context, instrument: instrument) else {
            return nil
        }
        whole.assumeComplete(since: opening)
        for trade in trades { _ = whole.update(trade) }
        return Statement(whole)
    }
}

extension [Trade] {
    /// The first trade with this number or a later one; the count when there is none.
    fileprivate func place(of id: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].id.raw >= id { high = middle } else { low = middle + 1 }
        }
        return low
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
        world.noteArchiveBegin()
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
        let field = { (name: String) in answer.fields.first { $0.0 == name }.map(\.1) }
        return VenueAnswer(
            status: answer.status, body: answer.body,
            retryAfter: field("Retry-After").flatMap { Int($0) },
            usedWeight: field("X-MBX-USED-WEIGHT-1M").flatMap { Int64($0) })
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
