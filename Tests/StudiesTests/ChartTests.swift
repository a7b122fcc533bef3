import Foundation
import FoundationXML
import Indicators
import MarketModel
import Testing

@testable import Studies

@Suite("Charts")
struct ChartTests {
    private static let market = CandleSeries.generated(seed: 7, count: 300)

    /// Counts elements; refuses what is not well formed.
    private final class Reader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var attributes: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            counts[name, default: 0] += 1
            self.attributes += attributes.values
        }
    }

    private func read(_ svg: String) throws -> Reader {
        let reader = Reader()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        let isWellFormed = parser.parse()
        #expect(isWellFormed, "\(String(describing: parser.parserError))")
        return reader
    }

    @Test(arguments: IndicatorCatalogue.entries.filter { !$0.columns.contains(.book) }.map(\.name))
    func `every indicator makes a picture of finite numbers in well-formed XML`(name: String) throws {
        let study = try Study(name)
        let svg = Chart(Self.market, [try study.values(over: Self.market)], newest: 150).svg
        let reader = try read(svg)
        #expect(svg.contains(study.label))
        for attribute in reader.attributes {
            #expect(!attribute.contains("nan") && !attribute.contains("inf"), "\(attribute)")
        }
        let ownPanels = switch study.entry.placement {
        case .below: 1
        case .onPrice, .marks: 0
        }
        #expect(reader.counts["clipPath"] == 1 + ownPanels)
    }

    @Test func `a series of closes alone, of one row, and of equal prices can be drawn`() throws {
        for closes in [[5.0], [5, 5, 5, 5], [1, 2, 3]] {
            var series = CandleSeries(origin: "closes")
            series.numbers[.close] = closes
            series.labels = closes.indices.map { "\($0)" }
            let svg = Chart(series, [try Study("SMA:1").values(over: series)], newest: 50).svg
            _ = try read(svg)
            #expect(svg.contains("\(closes.count) candles"))
        }
    }

    @Test func `ticks are round, within the scale and not too many`() {
        for (lowest, highest) in [(61_234.5, 61_999.0), (-1, 1), (0.00012, 0.00019), (3e9, 9e9)] {
            let scale = ValueScale(lowest, highest, top: 0, bottom: 300)
            let ticks = scale.ticks(atMost: 7)
            #expect((2...8).contains(ticks.count), "\(lowest)...\(highest)")
            #expect(Set(ticks.map(\.text)).count == ticks.count)
            for tick in ticks { #expect((0...300).contains(scale.y(tick.value))) }
        }
        let labels = ValueScale(61_234.5, 61_999, top: 0, bottom: 300).ticks(atMost: 7).map(\.text)
        #expect(labels == ["61,200", "61,400", "61,600", "61,800", "62,000"])
    }

    @Test func `times are labelled where a round one begins, in UTC`() {
        let scale = TimeScale(Self.market.times, count: 300, left: 0, right: 900)
        let ticks = scale.ticks(atMost: 10)
        #expect(ticks.map(\.text).first == "7 Jan")
        for tick in ticks { #expect(Self.market.times[tick.place].nanoseconds % 86_400_000_000_000 == 0) }
        let minutes = (0..<200).map { Timestamp(milliseconds: 1_767_620_000_000 + Int64($0) * 60_000) }
        let clock = TimeScale(minutes, count: 200, left: 0, right: 900).ticks(atMost: 10)
        #expect(clock.map(\.text) == ["14:00", "14:30", "15:00", "15:30", "16:00", "16:30"])
        let days = (0..<800).map { Timestamp(milliseconds: 1_767_571_200_000 + Int64($0) * 86_400_000) }
        let years = TimeScale(days, count: 800, left: 0, right: 900).ticks(atMost: 10)
        #expect(years.map(\.text).contains("2027"))
    }

    @Test func `numbers are written without a locale, rounded half away from zero`() {
        #expect(NumberText.decimal(1_234_567.891, places: 2) == "1,234,567.89")
        #expect(NumberText.decimal(-0.001, places: 2) == "0.00")
        #expect(NumberText.decimal(-1_999.5, places: 0) == "-2,000")
        #expect(NumberText.decimal(0.05, places: 3) == "0.050")
        #expect(SVGText.tenths(-0.04) == "0")
        #expect(SVGText.tenths(-0.06) == "-0.1")
        #expect(SVGText.tenths(12.25) == "12.3")
    }
}
