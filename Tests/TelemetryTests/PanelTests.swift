import Foundation
import Machine
import MarketModel
import Testing

@testable import Telemetry

@Suite("Live panel")
struct PanelTests {
    @Test func `the panel shows everything at 110 by 40`() {
        let lines = PanelLayout.lines(for: SampleSnapshot.trading, width: 110, height: 40)
        #expect(lines.joined(separator: "\n") == Self.golden)
    }

    static let golden = """
        apus demo-1  emulated  TRADING  up 01:02:03
        Xeon 2.5 GHz, 2 cores, Linux 6.18
        strategies  maker-btc running
        ── connections ───────────────────────────────────────────────────────────────────────────────────────────────
        ● market      open        last 1.20 ms  round trip 182 us   messages 7 654 321   reconnects 0
        ● orders      connecting  last -        round trip -        messages 0           reconnects 2
        ── profit and orders ─────────────────────────────────────────────────────────────────────────────────────────
        net -1.48 USDT   gross -0.86   fees 0.62   equity 999998.52
        orders 45 678 (12.3/s)   cancels 45 000 (0.0/s)   fills 123 (0.5/s)   market 2 143/s
        rejected 7 (0.0/s)   denied 31 (0.0/s)   unknown 1   halts 1   rate 30, -2010 would match 7, price_band 1
        ── market ────────────────────────────────────────────────────────────────────────────────────────────────────
        instrument  bid qty       bid       ask  ask qty  book     position  unreal.  realised  open  resyncs
        BTCUSDT     0.12000  61837.62  61837.63  1.50000  valid     0.01000    +0.38     -1.23     2        0
        ETHUSDT           -         -         -        -  INVALID         0        -      0.00     0        1
        ── latency ───────────────────────────────────────────────────────────────────────────────────────────────────
        stage            p50      p90      p99    p99.9   p99.99      max   count
        parse         120 ns   168 ns   168 ns   360 ns  1.08 us  6.00 us  10 000
        tickToOrder  9.80 us  13.7 us  13.7 us  29.4 us  88.2 us   490 us  10 000
        ── rings and journal ─────────────────────────────────────────────────────────────────────────────────────────
        journal 0/65536 high 88   telemetry 3/4096 high 120 dropped 2
        journal 11.8 MiB, 98 765 records, segment 1, syncs 37230, lag 4.0 KiB
        """

    @Test(arguments: [(20, 5), (80, 24), (40, 100), (1, 1), (0, 0), (300, 12)])
    func `no line is longer than the terminal is wide, and no more lines than it is high`(
        _ width: Int, _ height: Int
    ) {
        var snapshot = SampleSnapshot.trading
        snapshot.instruments = (0..<50).map { InstrumentFigures(symbol: "PAIR\($0)USDT") }
        let lines = PanelLayout.lines(for: snapshot, width: width, height: height)
        #expect(lines.count <= height)
        #expect(lines.allSatisfy { $0.count <= width })
    }

    @Test func `instruments that do not fit are counted, the latency table stays`() {
        var snapshot = SampleSnapshot.trading
        snapshot.instruments = (0..<50).map { InstrumentFigures(symbol: "PAIR\($0)USDT") }
        let lines = PanelLayout.lines(for: snapshot, width: 100, height: 30)
        #expect(lines.contains { $0.hasPrefix("… ") && $0.hasSuffix(" more") })
        #expect(lines.contains { $0.hasPrefix("tickToOrder") })
    }

    @Test func `where not all fit, what needs an eye comes first`() {
        var snapshot = SampleSnapshot.trading
        snapshot.instruments = (0..<50).map { slot in
            var figures = InstrumentFigures(symbol: "PAIR\(slot)USDT")
            figures.isBookValid = slot != 37
            figures.openOrders = slot == 41 ? 2 : 0
            return figures
        }
        let lines = PanelLayout.lines(for: snapshot, width: 110, height: 30)
        let shown = lines.filter { $0.hasPrefix("PAIR") }.map { $0.prefix { $0 != " " } }
        #expect(shown.prefix(3) == ["PAIR37USDT", "PAIR41USDT", "PAIR0USDT"])
        let tall = PanelLayout.lines(for: snapshot, width: 110, height: 100)
        #expect(tall.filter { $0.hasPrefix("PAIR") }.first?.hasPrefix("PAIR0USDT") == true)
    }

    @Test func `of many strategies the stopped ones are named`() {
        var snapshot = SampleSnapshot.trading
        let sample = snapshot.strategies[0]
        snapshot.strategies = (0..<50).map { slot in
            var figures = sample
            figures.name = "maker-\(slot)"
            figures.isRunning = slot != 20
            return figures
        }
        let lines = PanelLayout.lines(for: snapshot, width: 110, height: 40)
        #expect(lines.contains("strategies  49 running  maker-20 stopped"))
    }

    /// What a small terminal shows of an engine with every stage measured.
    @Test(arguments: [(70, 20, 3, false), (50, 15, 0, false), (80, 24, 4, true), (110, 40, 11, true)])
    func `small terminals keep the instruments and trim the latency table`(
        width: Int, height: Int, stages: Int, showsRings: Bool
    ) {
        var snapshot = SampleSnapshot.trading
        let sample = snapshot.latencies[0]
        snapshot.connections.append(snapshot.connections[0])
        snapshot.latencies = LatencyStage.allCases.suffix(11).map { stage in
            var figures = sample
            figures.stage = "\(stage)"
            return figures
        }
        let lines = PanelLayout.lines(for: snapshot, width: width, height: height)
        #expect(lines.count <= height)
        for symbol in ["BTCUSDT", "ETHUSDT"] {
            #expect(lines.contains { $0.hasPrefix(symbol) }, "\(symbol) is not there")
        }
        let shown = lines.filter { line in
            snapshot.latencies.contains { line.hasPrefix($0.stage + " ") }
        }
        #expect(shown.count == stages, "\(lines.joined(separator: "\n"))")
        if stages > 0 { #expect(shown.contains { $0.hasPrefix("tickToOrder") }) }
        #expect(lines.contains { $0.hasPrefix("journal 11.8") } == showsRings)
        if width >= 80 {
            let cut = lines.filter {
                $0.hasSuffix("…") && !$0.hasPrefix("rejected") && !$0.hasPrefix("orders ")
            }
            #expect(cut.isEmpty, "\(cut)")
        }
    }

    @Test(arguments: [(40, true), (60, true), (14, false)])
    func `market contexts have what room is left`(height: Int, isShown: Bool) {
        var snapshot = SampleSnapshot.trading
        let before = PanelLayout.lines(for: snapshot, width: 110, height: height)
        var context = ContextFigures(instrument: "BTCUSDT", regime: "range")
        context.sessions = []
        context.isInDoubt = true
        snapshot.contexts = [context]
        let lines = PanelLayout.lines(for: snapshot, width: 110, height: height)
        #expect(lines.count <= height)
        #expect(lines.contains { $0.hasPrefix("context ") } == isShown)
        #expect(lines.contains { $0.hasSuffix("none, stream lost") } == isShown)
        #expect(Set(before).isSubset(of: lines), "nothing gives way to them")
    }

    @Test func `a halt shows its reason`() {
        var snapshot = SampleSnapshot.trading
        snapshot.state = .halted
        snapshot.reason = "daily loss limit"
        let first = PanelLayout.lines(for: snapshot, width: 100, height: 30).first
        #expect(first?.contains("HALTED (daily loss limit)") == true)
    }

    @Test func `a dry run says so in the first line, in every form`() throws {
        var snapshot = SampleSnapshot.trading
        snapshot.isDryRun = true
        let first = try #require(PanelLayout.lines(for: snapshot, width: 110, height: 40).first)
        #expect(first.hasPrefix("apus demo-1  emulated DRY RUN  TRADING  up"))
        #expect(PlainReporter.text(snapshot).contains("  DRY RUN  trading  "))
        let json = try SnapshotJSON.encoder().encode(snapshot)
        #expect(String(decoding: json, as: UTF8.self).contains("\"is_dry_run\":true"))
    }

    @Test func `only lines that changed are drawn again`() {
        var panel = LivePanel(hasColour: false)
        var snapshot = SampleSnapshot.trading
        let first = panel.frame(for: snapshot, size: (100, 30))
        #expect(first.contains("\u{1B}[2J"))
        let same = panel.frame(for: snapshot, size: (100, 30))
        #expect(same == "\u{1B}[?2026h\u{1B}[?2026l")
        snapshot.uptimeNanoseconds += 1_000_000_000
        let next = panel.frame(for: snapshot, size: (100, 30))
        #expect(next.components(separatedBy: "\u{1B}[K").count == 2)
        #expect(next.contains("up 01:02:04"))
        snapshot.instruments.removeLast()
        let shorter = panel.frame(for: snapshot, size: (100, 30))
        // What is left of the longer picture is erased.
        #expect(shorter.hasSuffix(";1H\u{1B}[K\u{1B}[?2026l"))
        #expect(panel.frame(for: snapshot, size: (90, 30)).contains("\u{1B}[2J"))
    }

    @Test func `colour is only used where it is wanted`() {
        var plain = LivePanel(hasColour: false)
        var coloured = LivePanel(hasColour: true)
        let snapshot = SampleSnapshot.trading
        #expect(!plain.frame(for: snapshot, size: (100, 30)).contains("[32m"))
        #expect(coloured.frame(for: snapshot, size: (100, 30)).contains("\u{1B}[32mTRADING"))
        typealias Abilities = TerminalScreen.Abilities
        #expect(Abilities(isTerminal: true, environment: ["TERM": "xterm"]).hasColour)
        #expect(!Abilities(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": "1"]).hasColour)
        #expect(Abilities(isTerminal: true, environment: ["TERM": "xterm", "NO_COLOR": ""]).hasColour)
        #expect(!Abilities(isTerminal: true, environment: ["TERM": "dumb"]).isTerminal)
        #expect(!Abilities(isTerminal: true, environment: [:]).isTerminal)
        #expect(!Abilities(isTerminal: false, environment: ["TERM": "xterm"]).isTerminal)
    }

    @Test func `a clipped line says so`() {
        var line = StyledLine("abc", .bold)
        line.append("def")
        #expect(line.clipped(to: 6).plain == "abcdef")
        #expect(line.clipped(to: 5).plain == "abcd…")
        #expect(line.clipped(to: 1).plain == "…")
        #expect(line.clipped(to: 0).plain == "")
        #expect(line.ansi == "\u{1B}[1mabc\u{1B}[0mdef")
    }

    @Test func `pipes get one line a second and one at every change of state`() {
        var reporter = PlainReporter(interval: .seconds(1))
        var snapshot = SampleSnapshot.trading
        #expect(
            reporter.line(for: snapshot) == """
                14:13:20.123  trading  BTCUSDT 61837.62/61837.63 pos 0.01000  ETHUSDT -/- pos 0  \
                net -1.48 USDT  orders 45678 (12.3/s)  fills 123 (0.5/s)  rejected 7  denied 31  \
                market 2 143/s  tick to order p50 9.80 us p99 13.7 us
                """)
        snapshot.timeNanoseconds += 500_000_000
        #expect(reporter.line(for: snapshot) == nil)
        snapshot.state = .halted
        snapshot.reason = "operator"
        #expect(reporter.line(for: snapshot)?.contains("halted (operator)") == true)
        snapshot.timeNanoseconds += 999_000_000
        #expect(reporter.line(for: snapshot) == nil)
        snapshot.timeNanoseconds += 1_000_000
        #expect(reporter.line(for: snapshot) != nil)
    }
}
