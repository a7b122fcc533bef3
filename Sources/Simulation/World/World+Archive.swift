import Emulator
import Engine
import MarketContext
import MarketModel
import TickToTrade
import Venues

/// The exchange's archive of trades, for market contexts: they begin in the middle of the market and
/// lose trades with every lost stream.
extension World {
    /// Lets the engine's market contexts have the trades that they lack.
    func gatherHistory(for lane: EngineLane) {
        if lane.state.pointee.gathersHistory { lane.gatherHistory(from: Archive(self)) }
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
            if market.pointee.isPartial(market.pointee.day) {
                diary.note("the market context of \(instrument.symbol.text) is partial at the end")
                continue
            }
            contextComparisons += 1
            // A restarted exchange has no older trades to tell of.
            let begins = Set([0, archiveBegins[instrument.index.slot]]).sorted()
            var differences: [String] = []
            for first in begins {
                guard let whole = wholeContext(of: instrument, market.pointee, from: first) else {
                    return "the archive of \(instrument.symbol.text) cannot be read"
                }
                if let what = Statement(market.pointee).difference(from: whole) {
                    differences.append(what)
                }
            }
            if differences.count == begins.count {
                return "the market context of \(instrument.symbol.text): \(differences[0])"
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

/// Answers at once, as if on a thread of its own, and fails as any request may.
private final class Archive: VenueDesk {
    private let world: World

    init(_ world: World) { self.world = world }

    var now: Int64 { world.engineNow }

    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
        if world.exchangeDownUntil != nil {
            throw .unreachable(endpoint: "exchange", cause: "down")
        }
        let answer = world.exchange.ask(
            method, target, key: Surroundings.apiKey, at: world.exchangeNow)
        return VenueAnswer(status: answer.status, body: answer.body, retryAfter: nil)
    }

    func pause(_ duration: Nanoseconds) {}
}
