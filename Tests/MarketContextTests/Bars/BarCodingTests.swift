import Foundation
import MarketContext
import MarketModel
import Testing

/// Bars survive a restart: saved and read back at any trade, they go on as if nothing had been.
@Suite("Saved bars")
struct BarCodingTests {
    private static let seed: UInt64 = 61
    private static let tape = Tape.random(400, seed: seed, jitter: 2_000)

    private func reread<Bars: Codable>(_ bars: Bars) throws -> Bars {
        try JSONDecoder().decode(Bars.self, from: JSONEncoder().encode(bars))
    }

    /// All answers of `bars` over the tape, read back before trade number `seam`; `nil`: never.
    private func answers<Bars: Codable, Answer: Equatable>(
        _ bars: Bars, seam: Int?, _ update: (inout Bars, Trade) -> Answer
    ) throws -> [Answer] {
        var bars = bars
        return try Self.tape.enumerated().map { number, trade in
            if number == seam { bars = try reread(bars) }
            return update(&bars, trade)
        }
    }

    private func expectSeamless<Bars: Codable, Answer: Equatable>(
        _ bars: Bars, _ update: (inout Bars, Trade) -> Answer
    ) throws {
        let whole = try answers(bars, seam: nil, update)
        for seam in Self.tape.indices {
            #expect(
                try answers(bars, seam: seam, update) == whole, "seed \(Self.seed), seam \(seam)")
        }
    }

    @Test(arguments: [Timeframe.every(.seconds(20)), .minutes(15), .day, .week, .month])
    func `time bars go on`(timeframe: Timeframe) throws {
        let bars = CandleBuilder(instrument: Tape.instrument, timeframe: timeframe)
        try expectSeamless(bars) { $0.update($1) }
        try expectSeamless(bars) { (bars: inout CandleBuilder, trade: Trade) -> Candle? in
            _ = bars.update(trade)
            return bars.current
        }
    }

    @Test(arguments: [
        BarMeasure.trades(7), .volume(Quantity(raw: 2_000)), .range(Price(raw: 40)),
        .quoteVolume(Notional(raw: 90_000_000)),
    ])
    func `activity bars go on`(measure: BarMeasure) throws {
        try expectSeamless(try ActivityBars(measure, instrument: Tape.instrument)) { $0.update($1) }
    }

    @Test(arguments: [ImbalanceBars.Size.one, .volume, .quoteVolume])
    func `imbalance bars go on`(size: ImbalanceBars.Size) throws {
        let bars = try ImbalanceBars(
            of: size, shortest: 3, longest: 60, span: 5, instrument: Tape.instrument)
        try expectSeamless(bars) { $0.update($1) }
    }

    @Test func `bricks go on`() throws {
        let bars = try RenkoBars(height: Price(raw: 25), instrument: Tape.instrument)
        try expectSeamless(bars) { $0.update($1) }
    }

    @Test func `an aggregation of saved short bars goes on`() throws {
        struct Pair: Codable {
            var short: CandleBuilder
            var long: CandleAggregator
        }
        let pair = Pair(
            short: CandleBuilder(instrument: Tape.instrument, timeframe: .minutes(1)),
            long: CandleAggregator(instrument: Tape.instrument, timeframe: .hours(1)))
        try expectSeamless(pair) { (pair: inout Pair, trade: Trade) -> Candle? in
            guard case .closed(let candle) = pair.short.update(trade) else { return nil }
            return pair.long.update(candle)
        }
    }

    @Test func `a damaged state is refused, not divided by`() throws {
        let bricks = try RenkoBars(height: Price(raw: 25), instrument: Tape.instrument)
        let text = String(decoding: try JSONEncoder().encode(bricks), as: UTF8.self)
        #expect(text.contains("\"raw\":25"))
        for height in ["0", "-25"] {
            let damaged = Data(text.replacing("\"raw\":25", with: "\"raw\":\(height)").utf8)
            #expect(throws: ContextFailure.self) {
                try JSONDecoder().decode(RenkoBars.self, from: damaged)
            }
        }
        #expect(throws: ContextFailure.self) {
            try JSONDecoder().decode([Timeframe].self, from: Data("[-2]".utf8))
        }
    }
}
