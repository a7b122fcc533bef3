import Foundation
import FoundationXML
import MarketContext
import MarketModel
import Testing

@testable import Studies

@Suite("Market context of recorded trades")
struct ContextStudyTests {
    /// What a context says that has had the trades before `moment`.
    private func context(
        _ tape: TradeTape, before moment: Timestamp, binTicks: Int64
    ) throws -> (vwap: Double?, area: ValueArea?, control: Price?) {
        var settings = ContextSettings()
        settings.binTicks = binTicks
        var context = try InstrumentContext(settings, instrument: tape.instrument)
        for trade in tape.trades where trade.venueTime < moment { _ = context.update(trade) }
        let day = context.day
        return (
            day.pointee.vwap.value, day.pointee.valueArea, day.pointee.profile.pointOfControl?.low
        )
    }

    @Test func `each bar has what was known when it closed`() throws {
        let tape = TradeTape.generated(seed: 5, days: 2)
        var options = ContextStudy.Options()
        options.binTicks = 10
        let study = try ContextStudy(tape, options)
        #expect(study.moments.count == 192)
        for place in [0, 1, 50, 94, 96, 150, 191] {
            let moment = study.moments[place]
            let end = moment.bar.closeTime + Nanoseconds(1)
            let expected = try context(tape, before: end, binTicks: 10)
            #expect(moment.vwap == expected.vwap && moment.area == expected.area, "bar \(place)")
            #expect(moment.pointOfControl == expected.control && !moment.bar.isPartial)
        }
        let volume = tape.trades.map(\.quantity.raw).reduce(0, +)
        #expect(study.moments.map(\.bar.volume.raw).reduce(0, +) == volume)
        #expect(study.days.count == 2 && study.days[0].closes == study.days[1].opens)
        #expect(study.sessions.count { $0.name == "asia" } == 2)
        #expect(study.levels.map(\.name).contains("PDH"))
    }

    @Test func `what nobody saw the beginning of is partial, and so is what has a hole`() throws {
        var tape = TradeTape.generated(seed: 6, days: 2)
        tape.completeSince = nil
        let whole = try ContextStudy(tape)
        #expect(whole.days.map { $0.summary?.isPartial } == [true, false])
        #expect(whole.moments.map(\.bar.isPartial) == [true] + Array(repeating: false, count: 191))
        let noon = tape.trades.firstIndex { $0.venueTime.utcDay == tape.trades.last?.venueTime.utcDay }
        tape.trades.remove(at: (noon ?? 0) + 200)
        let holed = try ContextStudy(tape)
        #expect(holed.days.map { $0.summary?.isPartial } == [true, true])
        #expect(holed.holeCount == 1 && holed.moments.count(where: \.bar.isPartial) == 2)
        #expect(ContextTables(holed).summary.last == "~ trades of it are missing")
        #expect(ContextTables(holed).summary.first?.contains("1 holes") == true)
    }

    @Test func `tables hold the profile's whole volume and a row for each bar`() throws {
        let study = try ContextStudy(TradeTape.generated(seed: 7, days: 1))
        let tables = ContextTables(study)
        #expect(tables.profile.count == study.profile.count + 1)
        #expect(tables.profile.count { $0.hasSuffix("POC") } == 1)
        #expect(tables.bars.count == study.moments.count + 1)
        let columns = tables.bars[0].split(separator: ",").count
        #expect(tables.bars.allSatisfy { $0.split(separator: ",").count == columns })
        var days = ContextStudy.Options()
        days.hasSessions = false
        let plain = try ContextStudy(TradeTape.generated(seed: 7, days: 1), days)
        #expect(plain.sessions.isEmpty && plain.days.count == 1)
    }

    @Test(arguments: [1, 2, 20, 400])
    func `charts are well-formed whatever they show`(count: Int) throws {
        let study = try ContextStudy(TradeTape.generated(seed: 8, days: 2))
        let charts = [
            ContextChart(study, title: "A & B <test>", newest: count).svg,
            ContextChart(study, [], title: "candles", newest: count).svg,
            FootprintChart(study, title: "flow", newest: count).svg,
        ]
        for chart in charts {
            let parser = XMLParser(data: Data(chart.utf8))
            #expect(parser.parse() && chart.contains("</svg>"))
            #expect(!chart.contains("nan") && !chart.contains("inf"))
        }
        #expect(charts[0].contains("VWAP") && charts[0].contains("VAH"))
    }

    @Test func `a zone that the system lacks is said`() {
        #expect(throws: ContextFailure.self) {
            try ContextStudy(TradeTape.generated(seed: 9, days: 1), zoneDirectory: "/nowhere")
        }
    }
}

@Suite("Files of trades")
struct TradeTapeTests {
    private func read(_ text: String) throws -> TradeTape {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("trades-\(UUID().uuidString).csv")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try TradeTape(reading: file.path)
    }

    @Test func `a generated tape is read back as it was written`() throws {
        let tape = TradeTape.generated(seed: 3, days: 1)
        #expect(tape.trades.count > 2_000)
        let again = try read(tape.lines.joined(separator: "\n"))
        #expect(again.trades == tape.trades)
        #expect(again.instrument.tickSize == Price(raw: 50_000_000 / 5))
    }

    @Test func `headings may come in any order, and Binance's files need none`() throws {
        let named = try read("side,qty,price,time,trade_id\nsell,0.5,100.25,1767571200,7\n")
        let plain = try read("7,100.25,0.5,50.125,1767571200000,True,True\n")
        #expect(named.trades == plain.trades)
        #expect(named.trades[0].aggressor == .sell && named.trades[0].price.raw == 10_025_000_000)
        #expect(named.instrument.tickSize.raw == 1_000_000)
    }

    @Test(arguments: [
        ("id,time,price,quantity,side\n", "has no trades"),
        ("id,time,price,quantity\n", ":1: no column is_buyer_maker or side"),
        ("id,time,price,side\n", ":1: no column quantity"),
        ("id,id,time,price,quantity,side\n", ":1: two columns for id"),
        ("1,100,1,1,1767571200,0\n1,100,1,1,1767571200,0\n", ":2: field id is '1'; wanted a whole"),
        ("1,0,1,1,1767571200,0\n", ":1: field price is '0'; wanted a number above zero"),
        ("1,1e3,1,1,1767571200,0\n", "field price is '1e3'"),
        ("1,1,1.123456789,1,1767571200,0\n", "at most 8 digits"),
        ("1,1,1,1,yesterday,0\n", "field time is 'yesterday'"),
        ("1,1,1,1,1767571200,maybe\n", "wanted 1, true, 0 or false"),
    ])
    func `what is wrong is said with its place`(text: String, message: String) {
        let failure = #expect(throws: TableFailure.self) { try read(text) }
        #expect(failure.map { "\($0)" }?.contains(message) == true, "\(String(describing: failure))")
    }
}
