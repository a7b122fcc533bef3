import MarketModel
import Testing

@testable import Codec

/// Orders from pieces that stand ready against the parameters one by one.
struct OrderTemplateTests {
    @Test(arguments: [nil, 1_000_000, 2_147_483_647] as [UInt32?])
    func `plain orders are the same, byte for byte, and every other one is left alone`(
        strategyType: UInt32?
    ) {
        var random = SeededRandom(seed: 77)
        var instruments = Market().instruments
        for index in instruments.indices where index % 2 == 0 {
            instruments[index].quantityDecimals = 5
        }
        let encoder = BinanceSpotOrderEncoder(
            instruments: instruments, access: .session, receiveWindow: 5_000,
            strategyType: strategyType)
        defer { encoder.deallocate() }
        var plain = 0
        for step in 0..<20_000 {
            let request = Self.request(&random, instruments.count)
            let time = Timestamp(milliseconds: Int64(random.next() >> 22))
            let quick = Self.text { encoder.encodePlainOrder(request, time: time, into: $0) }
            let whole = Self.text {
                (try? encoder.encodeByParameters(request, time: time, into: $0)) ?? 0
            }
            if quick.isEmpty { continue }
            plain += 1
            #expect(quick == whole, "seed 77, step \(step)")
        }
        #expect(plain > 1_000, "only \(plain) were plain")
    }

    @Test func `a request that must be signed has no template`() {
        var random = SeededRandom(seed: 3)
        let encoder = BinanceSpotOrderEncoder(
            instruments: Market().instruments,
            access: .signed(apiKey: "key", signatureCount: 64))
        defer { encoder.deallocate() }
        for _ in 0..<100 {
            let request = Self.request(&random, 1)
            let text = Self.text {
                encoder.encodePlainOrder(request, time: Timestamp(milliseconds: 1), into: $0)
            }
            #expect(text.isEmpty)
        }
    }

    private static func text(_ encode: (UnsafeMutablePointer<UInt8>) -> Int) -> String {
        let target = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer { target.deallocate() }
        let count = encode(target)
        return String(decoding: UnsafeBufferPointer(start: target, count: count), as: UTF8.self)
    }

    private static func request(_ random: inout SeededRandom, _ instruments: Int) -> OrderRequest {
        func one<Value>(_ values: [Value]) -> Value {
            values[Int(random.next() % UInt64(values.count))]
        }
        // Some have more digits than the instrument prints.
        let unit = one([1_000_000, 1_000_000, 1_000_000, 1] as [Int64])
        var terms = SpecialTerms.none
        if random.next() % 16 == 0 { terms.icebergQuantity = Quantity(raw: 1_000_000) }
        return OrderRequest(
            kind: one([.place, .place, .place, .cancel]), requestID: random.next() >> one([1, 20, 40, 60]),
            clientOrderID: ClientOrderID(raw: random.next()),
            instrument: InstrumentIndex(UInt16(random.next() % UInt64(instruments + 1))),
            strategy: one([.none, StrategyIndex(0), StrategyIndex(41)]), side: one([.buy, .sell]),
            type: one([.limit, .limit, .limitMaker, .market, .stopLossLimit]),
            timeInForce: one([.gtc, .ioc, .fok, .none]),
            price: Price(raw: Int64(random.next() >> one([24, 30, 44, 63])) / unit * unit),
            quantity: Quantity(raw: Int64(random.next() >> one([24, 30, 44, 63])) / unit * unit),
            terms: terms, decisionTime: .unknown)
    }
}
