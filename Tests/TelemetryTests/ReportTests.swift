import Foundation
import MarketModel
import Testing

@testable import Telemetry

@Suite("Exit report")
struct ReportTests {
    static let started = SampleSnapshot.time - .seconds(3723)

    static var equity: [EquityPoint] {
        (0..<2000).map { index in
            EquityPoint(
                time: started + .seconds(Int64(index)),
                value: ExactDecimal(raw: Int128(index * index % 977) - 400, scale: 2))
        }
    }

    static var report: RunReport {
        var snapshot = SampleSnapshot.trading
        snapshot.journal.hash = "9f86d081"
        return RunReport(
            final: snapshot,
            run: RunFigures(
                identifier: "demo-1", mode: .emulated, venue: "binance_spot",
                configuration: "config/<demo>.yaml", strategies: snapshot.strategies,
                started: started, ended: SampleSnapshot.time, ending: "duration"),
            versions: VersionFigures(
                apus: "0.1.0", swift: "6.3.1", tls: "OpenSSL 3.0", kernel: "6.18"),
            machine: MachineFigures(
                processor: "Xeon", cores: 2, memoryBytes: 8 << 30, isVirtual: true,
                notes: ["pinned to core 1"]),
            equity: equity)
    }

    @Test func `report json has exactly the documented keys`() throws {
        let object = try JSONSerialization.jsonObject(with: ExitReport(Self.report).json())
        var found: Set<String> = []
        collect(object, "", &found)
        let documented = Set(ReportKeys.all.map(\.path))
        let required = Set(ReportKeys.all.filter { !$0.isOptional }.map(\.path))
        #expect(found.subtracting(documented) == [])
        #expect(required.subtracting(found) == [])
        #expect(documented.count == ReportKeys.all.count)
    }

    @Test func `buckets are in the plot, not in the json`() throws {
        let text = String(decoding: try ExitReport(Self.report).json(), as: UTF8.self)
        #expect(!text.contains("buckets"))
        #expect(Self.report.page.contains("<polyline class=\"curve c0\""))
    }

    private func collect(_ value: Any, _ path: String, _ found: inout Set<String>) {
        if let object = value as? [String: Any] {
            for (key, inner) in object {
                collect(inner, path.isEmpty ? key : path + "." + key, &found)
            }
        } else if let list = value as? [Any], list.first is [String: Any] {
            for inner in list { collect(inner, path + "[]", &found) }
        } else {
            found.insert(path)
        }
    }

    @Test func `the three files are written and replaced`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString)/deep")
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        for _ in 0..<2 { try ExitReport(Self.report).write(to: folder.path) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["report.html", "report.json", "report.txt"])
        let data = try Data(contentsOf: folder.appendingPathComponent("report.json"))
        #expect(try SnapshotJSON.decoder().decode(RunReport.self, from: data).fills == 123)
    }

    @Test func `the text has every part`() {
        let text = Self.report.text
        for words in [
            "apus run demo-1: emulated, binance_spot, 01:02:03, ended by duration",
            "net -1.48 USDT", "-2010 would match", "price_band", "tickToOrder", "reconnects 2",
            "journal: 98 765 records, 11.8 MiB, 37230 syncs, hash 9f86d081", "pinned to core 1",
            "strategy maker-btc (market_maker)",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func `the page is self-contained, escaped and well-formed`() throws {
        let page = Self.report.page
        for banned in ["http://", "https://", "<script", "src=", "@import", "url("] {
            let rest = page.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!rest.contains(banned), "\(banned)")
        }
        #expect(page.contains("config/&lt;demo&gt;.yaml"))
        #expect(page.contains("prefers-color-scheme: dark"))
        expectBalanced(page)
    }

    /// Every element that is opened is closed, in order.
    private func expectBalanced(_ page: String) {
        var open: [String] = []
        for piece in page.components(separatedBy: "<").dropFirst() {
            let tag = piece.prefix { $0 != ">" }
            if tag.hasPrefix("!") || tag.hasSuffix("/") || tag.hasPrefix("meta") { continue }
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
            if tag.hasPrefix("/") {
                #expect(open.popLast() == name)
            } else {
                open.append(name)
            }
        }
        #expect(open.isEmpty)
    }

    @Test func `a run without trades still makes a whole report`() throws {
        let snapshot = EngineSnapshot(
            time: SampleSnapshot.time, uptime: .zero, run: "r", mode: .testnet, state: .stopping)
        var report = Self.report
        report = RunReport(
            final: snapshot, run: report.run, versions: report.versions, machine: report.machine,
            equity: [])
        expectBalanced(report.page)
        #expect(!report.page.contains("<svg"))
        #expect(!report.text.isEmpty)
        #expect(try ExitReport(report).json().count > 500)
    }

    @Test func `a series of any length is bounded and keeps its extremes and its end`() {
        var series = EquitySeries(capacity: 64)
        for index in 0..<10_000 {
            let value = index == 17 ? 999 : index == 4_000 ? -999 : index % 7
            series.append(
                EquityPoint(
                    time: Timestamp(nanoseconds: Int64(index)),
                    value: ExactDecimal(Int64(value))))
            #expect(series.points.count <= 64)
        }
        #expect(series.points.map(\.value).max() == ExactDecimal(999))
        #expect(series.points.map(\.value).min() == ExactDecimal(-999))
        #expect(series.points.last?.timeNanoseconds == 9_999)
        let times = series.points.map(\.timeNanoseconds)
        #expect(times == times.sorted())
    }

    @Test func `curves keep their ends and extremes when they are thinned`() {
        let many = (1...20_000).map { StageFigures.Bucket(value: Int64($0), count: 3) }
        let points = PercentilePlot.points(of: StageFigures(stage: "x", buckets: many))
        #expect(points.count <= PercentilePlot.maximumPoints + 2)
        #expect(points.first?.value == 1)
        #expect(points.last?.value == 20_000)
        let equity = Self.equity
        let thin = EquitySeries.thinned(equity, columns: 100)
        #expect(thin.count <= 200)
        #expect(thin.map(\.value).max() == equity.map(\.value).max())
        #expect(thin.map(\.value).min() == equity.map(\.value).min())
        #expect(thin.map(\.timeNanoseconds) == thin.map(\.timeNanoseconds).sorted())
    }
}
