import MarketModel
import Testing

@testable import Emulator

/// Candles in the clocks of other places (sheet sections 4.6 and 6).
@Suite("Candles by time zone")
struct CandleZoneTests {
    private let harness: DialectHarness

    init() throws {
        var configuration = DialectHarness.configuration
        var agents = AgentConfiguration()
        agents.levels = 100
        agents.eventsPerSecond = 500
        configuration.market = .agents(agents)
        harness = try DialectHarness(configuration)
        harness.advance(milliseconds: 3_000)
    }

    private func bars(_ query: String) throws -> [[JSONValue]] {
        let answer = harness.rest("GET", "klines?symbol=BTCUSDT&" + query)
        return try #require(JSONValue.parse(answer.text), "\(answer.text)").elements
            .map(\.elements)
    }

    @Test(arguments: [
        ("0", Int64(0)), ("8", 8), ("-5", -5), ("14", 14), ("-12:00", -12), ("%2B3:00", 3),
    ])
    func `bars begin at the hours of the place`(zone: String, hours: Int64) throws {
        let shift = hours * CandleInterval.hour
        for interval in [CandleInterval.hour4, .day1, .week1, .month1] {
            let wanted = interval.rawValue
            let found = try bars("interval=\(wanted)&limit=3&timeZone=\(zone)")
            #expect(found.count == 3)
            for bar in found {
                let open = try #require(bar[0].integer)
                #expect(interval.openTime(containing: open + shift) == open + shift)
                // The last millisecond before the next bar.
                #expect(bar[6].integer == interval.next(after: open + shift) - shift - 1)
            }
        }
    }

    /// The naive way: sum up the hours that lie in a bar.
    @Test(arguments: [Int64(8), -7])
    func `a bar is the sum of its hours`(zone: Int64) throws {
        let hours = try bars("interval=1h&limit=1000")
        let days = try bars("interval=1d&limit=5&timeZone=\(zone)")
        func volume(_ bar: [JSONValue]) throws -> Int64 {
            try parseDecimal(bar[5].string ?? "", scale: 8)
        }
        for day in days {
            let open = try #require(day[0].integer)
            let close = try #require(day[6].integer)
            let parts = hours.filter { (open...close).contains($0[0].integer ?? 0) }
            #expect(parts.first?[1] == day[1] && parts.last?[4] == day[4])
            #expect(try parts.reduce(0) { $0 + (try volume($1)) } == (try volume(day)))
            #expect(parts.reduce(0) { $0 + ($1[8].integer ?? 0) } == day[8].integer)
        }
    }

    @Test func `half an hour beside the hour is summed from minutes`() throws {
        let found = try bars("interval=1h&limit=5&timeZone=5:30")
        let minutes = try bars("interval=1m&limit=1000")
        for bar in found {
            let open = try #require(bar[0].integer)
            #expect(open % CandleInterval.hour == CandleInterval.hour / 2)
            let parts = minutes.filter {
                (open...(bar[6].integer ?? 0)).contains($0[0].integer ?? 0)
            }
            #expect(parts.first?[1] == bar[1] && parts.last?[4] == bar[4])
        }
        // What lies within an hour is the same everywhere.
        #expect(
            try bars("interval=15m&limit=9&timeZone=5:30") == bars("interval=15m&limit=9"))
    }

    @Test(arguments: ["25", "-13", "14:30", "-12:01", "1:99", "UTC", "8:00:00", ""])
    func `no place has such a clock`(zone: String) {
        let answer = harness.rest("GET", "klines?symbol=BTCUSDT&interval=1d&timeZone=\(zone)")
        #expect(answer.status == (zone.isEmpty ? 200 : 400))
        #expect(answer.text.contains("-1100") == !zone.isEmpty)
    }

    @Test func `the stream of the venue's own place goes by its clock`() throws {
        let session = harness.connect(
            "/stream?streams=btcusdt@kline_1d@+08:00/btcusdt@kline_1d")
        harness.advance(milliseconds: 4_000)
        let frames = harness.take(session).compactMap { JSONValue.parse($0) }
        let shifted = frames.filter { $0["stream"]?.string == "btcusdt@kline_1d@+08:00" }
        #expect(!shifted.isEmpty && shifted.count * 2 == frames.count)
        for frame in frames {
            let bar = try #require(frame["data"]?["k"])
            let zone = frame["stream"]?.string?.hasSuffix("+08:00") == true ? "8" : "0"
            let told = try bars("interval=1d&limit=1&timeZone=\(zone)")[0]
            #expect(bar["t"] == told[0] && bar["T"] == told[6] && bar["o"] == told[1])
        }
        harness.send(
            #"{"method":"SUBSCRIBE","params":["btcusdt@kline_1d@+09:00"],"id":7}"#, on: session)
        #expect(harness.take(session).last?.contains(#""code":2"#) == true)
    }

    @Test func `streams of what does not happen here are taken and silent`() throws {
        let session = harness.connect("/ws")
        harness.send(
            #"{"method":"SUBSCRIBE","params":["btcusdt@blockTrade","btcusdt@referencePrice"],"id":1}"#,
            on: session)
        harness.advance(milliseconds: 2_000)
        #expect(harness.take(session) == [#"{"result":null,"id":1}"#])
        harness.send(#"{"method":"LIST_SUBSCRIPTIONS","id":2}"#, on: session)
        #expect(harness.take(session).first?.contains("referencePrice") == true)
    }
}
