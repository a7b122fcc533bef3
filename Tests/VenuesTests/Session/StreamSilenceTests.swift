import MarketModel
import Testing
import Venues

/// One stream may fall silent while its connection speaks on.
@Suite("Silent streams")
struct StreamSilenceTests {
    private static let market = SpotLink.market
    private static let relief = SpotLink.relief

    /// Two instruments on one connection, each stream watched for ten seconds.
    private func rig(patience: Nanoseconds = .seconds(10)) throws -> SessionRig {
        var other = SessionRig.instrument
        other = Instrument(
            symbol: ShortName("ETHUSDT")!, base: ShortName("ETH")!, quote: ShortName("USDT")!,
            index: InstrumentIndex(1), baseAsset: AssetIndex(2), quoteAsset: AssetIndex(1),
            priceScale: 2, quantityScale: 5)
        other.tickSize = Price(raw: 1)
        other.lotSize = Quantity(raw: 1)
        let rig = try SessionRig([SessionRig.instrument, other]) {
            $0.streamPatience = patience.count
        }
        rig.refused = [SpotLink.orders, SpotLink.rest]
        try rig.connect(Self.market)
        _ = rig.take()
        _ = rig.remarks()
        return rig
    }

    /// Lets seconds pass, in which all streams speak but those that are left out.
    private func speak(
        _ rig: SessionRig, seconds: Int, without silent: Set<String> = [], from next: inout Int
    ) throws {
        for _ in 0..<seconds {
            try rig.pass(.seconds(1))
            for symbol in ["BTCUSDT", "ETHUSDT"] {
                for kind in ["trade", "bookTicker", "depth"] where !silent.contains(symbol + kind) {
                    next += 1
                    let links = [Self.market, Self.relief].filter { rig.isConnected($0) }
                    for link in links { rig.say(link, Self.message(symbol, kind, next)) }
                }
            }
        }
    }

    private static func message(_ symbol: String, _ kind: String, _ number: Int) -> String {
        let stream = symbol.lowercased()
        let data =
            switch kind {
            case "trade":
                #"{"e":"trade","E":1795262400000000,"s":"\#(symbol)","t":\#(number),"p":"1.00","#
                    + #""q":"1.00000","T":1795262400000000,"m":true,"M":true}"#
            case "bookTicker":
                #"{"u":\#(number),"s":"\#(symbol)","b":"1.00","B":"1.00000","a":"1.01","#
                    + #""A":"1.00000"}"#
            default:
                #"{"e":"depthUpdate","E":1795262400000000,"s":"\#(symbol)","U":\#(number),"#
                    + #""u":\#(number),"b":[],"a":[]}"#
            }
        let suffix = kind == "depth" ? "depth@100ms" : kind
        return #"{"stream":"\#(stream)@\#(suffix)","data":\#(data)}"#
    }

    private func suspicions(_ rig: SessionRig) -> [String] {
        rig.remarks().filter { $0.kind == .stalled }.map(\.text)
    }

    @Test func `streams that speak are left alone`() throws {
        let rig = try rig()
        var next = 0
        try speak(rig, seconds: 60, from: &next)
        #expect(suspicions(rig).isEmpty && !rig.isConnected(Self.relief))
    }

    @Test(arguments: ["BTCUSDTtrade", "ETHUSDTtrade", "ETHUSDTbookTicker", "BTCUSDTdepth"])
    func `the connection of a silent stream is replaced while the others speak`(
        silent: String
    ) throws {
        let rig = try rig()
        var next = 0
        try speak(rig, seconds: 20, from: &next)
        _ = rig.take()
        let before = next
        try speak(rig, seconds: 14, without: [silent], from: &next)
        let told = suspicions(rig)
        #expect(told.count == 1 && told.first?.hasPrefix(String(silent.prefix(7))) == true)
        let kind = ["trade": "no trades", "bookTicker": "no best prices", "depth": "no depth"]
        #expect(told.first?.contains(kind[String(silent.dropFirst(7))] ?? "?") == true)
        #expect(rig.session.reconnects[Self.market] == 0, "nothing was cut")
        let trades = rig.take().compactMap { told -> Int64? in
            if case .trade(let id) = told { id.raw } else { nil }
        }
        let expected = (silent.hasSuffix("trade") ? 1 : 2) * 14
        #expect(trades.count == expected && trades.allSatisfy { $0 > Int64(before) })
        #expect(zip(trades, trades.dropFirst()).allSatisfy { $0 < $1 }, "each once, in order")
        // On the new one it speaks, and all is well.
        try speak(rig, seconds: 60, from: &next)
        #expect(suspicions(rig).isEmpty)
    }

    @Test func `a stream that is quiet by nature is suspected less and less`() throws {
        let rig = try rig()
        var next = 0
        try speak(rig, seconds: 400, without: ["ETHUSDTtrade"], from: &next)
        // After 10, 20, 40, 80, 160 s on each next connection, and not once more in 400 s.
        #expect(suspicions(rig).count == 5)
    }

    @Test func `without a patience no stream is watched`() throws {
        let rig = try rig(patience: .zero)
        var next = 0
        try speak(rig, seconds: 120, without: ["ETHUSDTtrade"], from: &next)
        #expect(suspicions(rig).isEmpty)
    }
}
