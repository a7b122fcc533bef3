import Foundation
import Testing

@testable import Benchmarks

@Suite("Benchmark reports")
struct BenchmarkReportTests {
    @Test func `percentiles are the nearest ranks`() {
        let distribution = Distribution((1...1000).map(Double.init).shuffled())
        #expect(distribution.percentile(0) == 1)
        #expect(distribution.percentile(50) == 500)
        #expect(distribution.percentile(99.9) == 999)
        #expect(distribution.percentile(99.99) == 1000)
        #expect(distribution.percentile(100) == 1000)
        #expect(Distribution([]).percentile(50) == 0)
    }

    @Test func `the ratio is the medians'`() {
        var row = BenchmarkRow(name: "one", batch: 1, values: Distribution([10, 20, 30]))
        #expect(row.ratio == nil)
        row.setFloor(Distribution([8, 10, 50]))
        #expect(row.ratio == 2)
    }

    @Test func `a percentile file ends with every sample and the largest value`() throws {
        let text = PercentileFile(distribution: Distribution((1...100).map(Double.init))).text
        let lines = text.split(separator: "\n").map(String.init)
        let last = try #require(lines.last { !$0.hasPrefix("#") })
        #expect(last.split(separator: " ").map(String.init) == ["100.000", "1.000000000000", "100"])
        #expect(lines.contains { $0.hasPrefix("#[Max     =      100.000, Total count    =") })
        let ranks = lines.dropFirst().compactMap { line -> Int? in
            line.hasPrefix("#") ? nil : Int(line.split(separator: " ")[2])
        }
        #expect(ranks == ranks.sorted())
    }

    @Test func `a page has a plot for each row and a bar for each stage`() {
        var report = BenchmarkReport("decision")
        report.rows = [
            BenchmarkRow(
                name: "hot <b>", batch: 1, values: Distribution((1...500).map(Double.init)))
        ]
        report.stages = [
            BenchmarkStage(name: "parse", nanoseconds: 60),
            BenchmarkStage(name: "book", nanoseconds: 40),
        ]
        let page = report.page
        #expect(page.contains("hot &lt;b&gt;"))
        #expect(page.components(separatedBy: "<polyline").count == 2)
        #expect(page.components(separatedBy: "<rect class=\"c0\" x=").count == 3)
    }

    @Test func `a comparison names what only one report has`() {
        var first = BenchmarkReport("codec")
        first.rows = [
            BenchmarkRow(name: "trade", batch: 1, values: Distribution([40])),
            BenchmarkRow(name: "depth", batch: 1, values: Distribution([400])),
        ]
        var second = BenchmarkReport("codec")
        second.rows = [BenchmarkRow(name: "trade", batch: 1, values: Distribution([20]))]
        let text = BenchmarkComparison(first, second).text
        #expect(text.contains("0.50"))
        #expect(text.contains("only in one: depth"))
    }

    @Test func `only ticks that ask for an order have round update numbers`() {
        for schedule in TickSchedule.standard(seconds: 0.01) {
            let updates = (0..<schedule.count).map { schedule.update(of: $0) }
            #expect(updates == updates.sorted())
            let asking = updates.indices.filter { updates[$0] % Int64(SampleTicks.step) == 0 }
            #expect(asking.count == schedule.orders)
            #expect(asking.allSatisfy { $0 % schedule.every == 0 })
            #expect(TickSchedule(line: schedule.line)?.count == schedule.count)
        }
    }
}
