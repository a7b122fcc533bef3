import Foundation
import Indicators
import Testing

@testable import Studies

@Suite("Studies")
struct StudyTests {
    private static let market = CandleSeries.generated(seed: 11, count: 400)

    @Test(arguments: IndicatorCatalogue.entries.map(\.name))
    func `every entry computes the values of its own stream`(name: String) throws {
        let study = try Study(name.lowercased())
        if study.entry.columns.contains(.book) {
            #expect(throws: StudyFailure.needsBook(name)) {
                try study.values(over: Self.market)
            }
            return
        }
        let values = try study.values(over: Self.market)
        let running = try study.entry.make()
        #expect(values.outputs.count == study.columns.count)
        for row in 0..<Self.market.count {
            let expected = running.update(Self.market.sample(row))
            for (output, column) in values.outputs.enumerated() {
                let number = expected.map { $0[output] }
                let shown = number?.isNaN == true ? nil : number
                #expect(column[row]?.bitPattern == shown?.bitPattern)
            }
        }
        // Functions that are not defined at such prices, and buckets that take more trades.
        let without = ["ACOS", "ASIN", "COSH", "EXP", "SINH", "VPIN"]
        #expect((running.value == nil) == without.contains(name))
    }

    @Test(arguments: IndicatorCatalogue.entries.map(\.name))
    func `every entry has a sheet with all that the catalogue knows`(name: String) throws {
        let entry = try IndicatorCatalogue.named(name)
        let sheet = try CatalogueText.sheet(entry).joined(separator: "\n")
        let words = [entry.title, entry.formula, entry.source, entry.cost.rawValue]
            + entry.outputs + entry.parameters.map(\.name)
        for word in words { #expect(sheet.contains(word), "\(word)") }
        #expect(CatalogueText.list().count { $0.hasPrefix("  \(name) ") } == 1)
    }

    @Test func `parameters come by name, by place, by word and behind a colon`() throws {
        #expect(try Study("BBANDS").parameters == [20, 2, 2, 0])
        #expect(try Study("bbands:30,1.5").parameters == [30, 1.5, 2, 0])
        #expect(try Study("BBANDS", parameters: "kind=EMA,period=5").parameters == [5, 2, 2, 1])
        #expect(try Study("BBANDS:width_up=3").label == "BBANDS(20, 3, 2, sma)")
        #expect(try Study("BBANDS:30").columns == ["bbands_30_upper", "bbands_30_middle", "bbands_30_lower"])
        #expect(try Study("SMA").columns == ["sma"])
    }

    @Test(arguments: [
        ("SAM", "no indicator is called SAM; did you mean SMA"),
        ("BOLLINGER", "did you mean BBANDS"), ("supertrnd", "did you mean SUPERTREND"),
        ("MCAD", "did you mean MACD"), ("stoch_rsi", "did you mean STOCHRSI"),
        ("qqqqqqqq", "apus indicators list shows all"),
        ("SMA:colour=1", "SMA has no parameter colour; it has period"),
        ("OBV:5", "OBV has no parameter number 1; it has none"),
        ("SMA:period=ten", "SMA: 'period=ten' is no parameter"),
        ("SMA:0", "SMA: period is 0; wanted within 1...100000"),
        ("SMA:2.5", "SMA: period is 2.5"),
        ("MA:kind=hull", "'kind=hull, none of"),
    ])
    func `a wrong request says what would be right`(text: String, message: String) throws {
        let failure = #expect(throws: StudyFailure.self) { try Study(text) }
        #expect("\(try #require(failure))".contains(message), "\(failure as Any)")
    }

    @Test func `a missing column is named`() throws {
        var closes = CandleSeries(origin: "closes.csv")
        closes.numbers[.close] = [1, 2, 3]
        closes.labels = ["0", "1", "2"]
        let line = try Study("SMA:2").values(over: closes).outputs[0]
        #expect(line == [nil, 1.5, 2.5])
        let failure = #expect(throws: StudyFailure.self) {
            try Study("ATR").values(over: closes)
        }
        #expect(failure?.description == "closes.csv has no column open, which ATR needs")
        var candles = Self.market
        candles.numbers[.volume] = nil
        #expect(try Study("ATR").values(over: candles).refusedCount == 0)
        #expect(throws: StudyFailure.self) { try Study("OBV").values(over: candles) }
    }

    @Test func `a table has the times, a column for each output, and nothing before the warm-up`()
        throws
    {
        let values = [try Study("SMA:3"), try Study("MACD")].map { try? $0.values(over: Self.market) }
        let lines = StudyValues.lines(values.compactMap { $0 }, of: Self.market)
        #expect(lines[0] == "open_time,sma_3,macd_line,macd_signal,macd_histogram")
        #expect(lines.count == 401)
        #expect(lines[1] == "1767571200000,,,,")
        #expect(lines[3].split(separator: ",").count == 2)
        #expect(lines[400].split(separator: ",").count == 5)
    }

    /// Through the file, the heading and the table, against the numbers of other libraries.
    @Test func `recorded candles give the golden columns`() throws {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("shared/golden/indicators")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard let name = names.sorted().first(where: { $0.hasSuffix(".csv.gz") }) else {
            print("skipped: needs ../shared/golden/indicators")
            return
        }
        let path = folder.appendingPathComponent(name).path
        let candles = try CandleSeries(reading: path)
        var lines = try TextLines(path: path)
        let heading = try #require(try lines.next()).split(separator: ",")
        let golden = [
            ("sma_20", "SMA:20", 0), ("ema_20", "EMA:20", 0), ("rsi_14", "RSI:14", 0),
            ("macd_talib_signal", "MACD", 1), ("atr_14", "ATR:14", 0), ("adx_14", "ADX:14", 0),
            ("bb_upper_20_2", "BBANDS:20", 0), ("cci_20", "CCI:20", 0), ("obv", "OBV", 0),
        ].map { (column, text, output) -> (Int?, String, Int) in
            (heading.firstIndex { $0 == column }, text, output)
        }
        let outputs = try golden.map { try Study($0.1).values(over: candles).outputs[$0.2] }
        var compared = 0
        for row in 0..<candles.count {
            let fields = try #require(try lines.next())
                .split(separator: ",", omittingEmptySubsequences: false)
            for (column, values) in zip(golden, outputs) {
                guard let place = column.0, let expected = Double(fields[place]) else { continue }
                let value = try #require(values[row], "\(column.1) row \(row)")
                #expect(abs(value - expected) <= 1e-12 * max(abs(expected), 1), "\(column.1)")
                compared += 1
            }
        }
        #expect(compared > 8 * (candles.count - 50))
    }
}
