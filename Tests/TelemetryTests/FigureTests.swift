import Foundation
import MarketModel
import Telemetry
import Testing

@Suite("Figures")
struct FigureTests {
    @Test(arguments: [
        ("0", 0, 0), ("12", 12, 0), ("-12.50", -1250, 2), ("0.00000001", 1, 8),
        ("170141183460469231731687303715884105727", Int128.max, 0),
    ] as [(String, Int128, Int)])
    func `decimals keep every digit`(_ text: String, _ raw: Int128, _ scale: Int) {
        let value = ExactDecimal(text)
        #expect(value == ExactDecimal(raw: raw, scale: scale))
        #expect(value?.description == text)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "1.2.3", "1e5", "+1", " 1", "1 ", "0x1", "١",
        "170141183460469231731687303715884105728", "0." + String(repeating: "1", count: 37),
    ])
    func `what is no plain decimal is refused`(_ text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func `decimals compare and rescale by value`() {
        func decimal(_ text: String) -> ExactDecimal { SampleSnapshot.decimal(text) }
        #expect(decimal("1.5") < decimal("1.50001"))
        #expect(!(decimal("1.0") < decimal("1")) && !(decimal("1") < decimal("1.0")))
        #expect(decimal("-2") < decimal("1"))
        #expect(decimal("1.50").raw64(atScale: 1) == 15)
        #expect(decimal("1.55").raw64(atScale: 1) == nil)
        #expect(decimal("1").raw64(atScale: 36) == nil)
        #expect(decimal("-1.005").rounded(to: 2).description == "-1.01")
        #expect(decimal("1.004").rounded(to: 2).description == "1.00")
        #expect(decimal("1.2300").shortened().description == "1.23")
        #expect(decimal("3").signedMoney == "+3.00")
        #expect(decimal("-0.005").signedMoney == "-0.01")
    }

    @Test func `prices and money keep their instrument's digits`() throws {
        let names = try #require(ShortName("BTCUSDT"))
        let base = try #require(ShortName("BTC"))
        let quote = try #require(ShortName("USDT"))
        var instrument = Instrument(
            symbol: names, base: base, quote: quote, index: InstrumentIndex(0),
            baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1))
        instrument.priceDecimals = 2
        instrument.quantityDecimals = 5
        let price = Price(raw: 6_183_762_000_000)
        let quantity = Quantity(raw: 1_000_000)
        #expect(ExactDecimal(price, of: instrument).description == "61837.62")
        #expect(ExactDecimal(quantity, of: instrument).description == "0.01000")
        #expect(ExactDecimal(Notional(price, quantity), of: instrument).description == "618.3762")
        // Digits beyond the tick are never cut.
        #expect(ExactDecimal(Price(raw: 1), of: instrument).description == "0.00000001")
    }

    @Test(arguments: [
        (0, "0 ns"), (999, "999 ns"), (1_000, "1.00 us"), (12_345, "12.3 us"),
        (999_499, "999 us"), (1_500_000, "1.50 ms"), (60_000_000_000, "60.0 s"),
        (100_000_000_000, "00:01:40"), (-1_500, "-1.50 us"),
    ])
    func `durations have their natural unit`(_ nanoseconds: Int64, _ text: String) {
        #expect(FigureText.duration(nanoseconds) == text)
    }

    @Test func `counts, bytes, rates and clocks are readable`() {
        #expect(FigureText.count(1_234_567) == "1 234 567")
        #expect(FigureText.count(-999) == "-999")
        #expect(FigureText.bytes(512) == "512 B")
        #expect(FigureText.bytes(64 << 20) == "64.0 MiB")
        #expect(FigureText.rate(12.34) == "12.3/s")
        #expect(FigureText.rate(200_000) == "200 000/s")
        #expect(FigureText.clock(90_061_000_000_000) == "1d 01:01:01")
    }

    @Test func `moments agree with Foundation's calendar`() {
        let formatter = ISO8601DateFormatter()
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
        var state = seed
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let seconds = Int64(state >> 33) * 2 - (1 << 31)
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            let text = FigureText.moment(seconds * 1_000_000_000 + 7)
            #expect(text == expected.dropLast() + ".000000007Z", "seed \(seed)")
        }
        #expect(FigureText.moment(-1) == "1969-12-31T23:59:59.999999999Z")
        #expect(FigureText.moment(951_782_400_000_000_000) == "2000-02-29T00:00:00.000000000Z")
    }

    @Test func `rates are differences over time`() {
        var earlier = TotalFigures()
        earlier.ordersSent = 10
        var later = earlier
        later.ordersSent = 35
        later.denied = [ReasonCount(reason: "rate", count: 5)]
        let rates = RateFigures(from: earlier, to: later, over: .milliseconds(500))
        #expect(rates.orders == 50)
        #expect(rates.denials == 10)
        #expect(RateFigures(from: earlier, to: later, over: .zero) == RateFigures())
    }

    @Test func `percentiles follow the definition, compared with a sorted list`() {
        let buckets = SampleSnapshot.buckets(around: 1000)
        let figures = StageFigures(stage: "x", buckets: buckets)
        let all = buckets.flatMap { Array(repeating: $0.value, count: Int($0.count)) }.sorted()
        for (share, value) in zip([0.5, 0.9, 0.99, 0.999, 0.9999], figures.percentiles.map(\.value)) {
            let rank = Int((share * Double(all.count)).rounded(.up))
            #expect(value == all[rank - 1])
        }
        #expect(figures.maximum == all.last)
        #expect(figures.count == Int64(all.count))
    }

    @Test func `snapshots survive the journey through JSON`() throws {
        let snapshot = SampleSnapshot.trading
        let data = try SnapshotJSON.encoder().encode(snapshot)
        #expect(try SnapshotJSON.decoder().decode(EngineSnapshot.self, from: data) == snapshot)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""pnl_net":"-1.4763""#))
        #expect(!text.contains("\n"))
    }

    @Test func `tables are aligned and end without spaces`() {
        var table = TextTable([.init("a", .left), .init("bb")])
        table.append(["xyz", "1"])
        table.append(["é"])
        #expect(table.lines() == ["a    bb", "xyz   1", "é"])
    }
}
