import Foundation
import MarketModel
import Telemetry
import Testing

@testable import Emulator
@testable import Engine

/// MD-20: symbol, price, change of 24 hours, volume, spread, volatility.
@Suite("Markets at a glance")
struct DayFiguresTests {
    private func decimal(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? .zero }

    private var day: DayFigures {
        DayFigures(
            first: decimal("200.00"), high: decimal("220.00"), low: decimal("190.00"),
            last: decimal("210.00"), volume: decimal("12.50"), quoteVolume: decimal("2600.00"))
    }

    @Test func `the newest price counts, and the day's where there is none`() {
        var own = InstrumentFigures(symbol: "BTCUSDT")
        own.last = decimal("190.00")
        own.bid = decimal("189.99")
        own.ask = decimal("190.01")
        own.isBookValid = true
        let figures = DayFigures.market(own, day, age: 7)
        #expect(figures.price == own.last && figures.spread == decimal("0.02"))
        #expect(abs((figures.changePercent ?? 0) + 5) < 1e-12)
        #expect(abs((figures.spreadBasisPoints ?? 0) - 0.02 / 190 * 10_000) < 1e-9)
        let wanted = log(220.0 / 190) / (4 * log(2.0)).squareRoot() * 365.0.squareRoot() * 100
        #expect(abs((figures.volatilityPercent ?? 0) - wanted) < 1e-9)
        #expect(figures.volume == day.volume && figures.dayAgeNanoseconds == 7)
        own.last = nil
        let quiet = DayFigures.market(own, day, age: 7)
        #expect(quiet.price == day.last && abs((quiet.changePercent ?? 0) - 5) < 1e-12)
    }

    @Test func `what is not known is absent`() {
        var own = InstrumentFigures(symbol: "BTCUSDT")
        #expect(DayFigures.market(own, nil, age: 0) == MarketFigures(symbol: "BTCUSDT"))
        own.bid = decimal("1.0")
        own.ask = decimal("1.1")
        #expect(DayFigures.market(own, nil, age: 0).spread == nil, "the book is not in step")
    }

    @Test func `the venue's days are those of its tickers, in one request`() throws {
        let desk = try DialectDesk(symbols: 3)
        var inquiry = try desk.inquiry()
        let before = desk.usedWeight
        let days = try inquiry.days(of: desk.symbols)
        #expect(desk.usedWeight - before == 2)
        #expect(Set(days.keys) == Set(desk.symbols))
        for (symbol, day) in days {
            let answer = desk.askElsewhere("GET", "/api/v3/ticker/24hr?symbol=\(symbol)")
            let json = try JSONSerialization.jsonObject(with: Data(answer.body))
            let ticker = try #require(json as? [String: Any])
            for (key, value) in [
                ("openPrice", day.first), ("highPrice", day.high), ("lowPrice", day.low),
                ("lastPrice", day.last), ("volume", day.volume), ("quoteVolume", day.quoteVolume),
            ] {
                let text = try #require(ticker[key] as? String)
                #expect(value.approximation == Double(text), "\(symbol) \(key)")
            }
        }
    }

    @Test func `days are read once for all who look, and again when they are old`() {
        var board = DayBoard()
        // Asked at these times, in this order; one that may read is not done until it says so.
        func begins(_ times: Int64...) -> [Bool] { times.map { board.beginReading(at: $0) } }
        #expect(begins(100, 101) == [true, false], "somebody is reading")
        board.endReading(["A": day], at: 200)
        #expect(begins(30_000_000_199, 30_000_000_200) == [false, true])
        board.endReading(nil, at: 40_000_000_000)
        #expect(board.days == ["A": day] && board.age(at: 40_000_000_000) == 39_999_999_800)
        #expect(begins(49_999_999_999, 50_000_000_000) == [false, true])
    }
}
