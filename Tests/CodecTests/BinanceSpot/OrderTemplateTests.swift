import MarketModel
import Testing

@testable import Codec

/// Orders from pieces that stand ready, with and without a spare one, against the parameters one by
/// one.
struct OrderTemplateTests {
    private static let seed: UInt64 = 77
    static let accesses: [RequestAccess] = [
        .session, .signed(apiKey: "key", signatureCount: 64),
        .signed(apiKey: String(repeating: "Kz9", count: 42) + "ab", signatureCount: 128),
        .signed(apiKey: String(repeating: "k", count: 64), signatureCount: 88),
    ]

    /// Without labels, and the smallest and the largest type of a strategy.
    static let strategyTypes: [UInt32?] = [nil, 1_000_000, 2_147_483_647]

    private static func encoder(
        _ access: RequestAccess, _ strategyType: UInt32?
    ) -> BinanceSpotOrderEncoder {
        var instruments = Market().instruments
        for index in instruments.indices where index % 2 == 0 {
            instruments[index].quantityDecimals = 5
        }
        return BinanceSpotOrderEncoder(
            instruments: instruments, access: access, receiveWindow: 5_000,
            strategyType: strategyType)
    }

    @Test(arguments: accesses, strategyTypes)
    func `plain orders are the same, byte for byte, and every other one is left alone`(
        access: RequestAccess, strategyType: UInt32?
    ) {
        var random = SeededRandom(seed: Self.seed)
        let encoder = Self.encoder(access, strategyType)
        defer { encoder.deallocate() }
        var plain = 0
        for step in 0..<10_000 {
            let request = Self.request(&random, encoder.instrumentCount)
            let time = Self.time(&random)
            let quick = Self.text { encoder.encodePlainOrder(request, time: time, into: $0) }
            let whole = Self.text {
                (try? encoder.encodeByParameters(request, time: time, into: $0)) ?? 0
            }
            let quickSigning = Self.text {
                encoder.encodePlainSigningText(request, time: time, into: $0)
            }
            let wholeSigning = Self.text {
                (try? encoder.encodeSigningTextByParameters(request, time: time, into: $0)) ?? 0
            }
            #expect(quick.isEmpty == quickSigning.isEmpty, "seed \(Self.seed), step \(step)")
            if quick.isEmpty { continue }
            plain += 1
            #expect(quick == whole, "seed \(Self.seed), step \(step)")
            #expect(quickSigning == wholeSigning, "seed \(Self.seed), step \(step)")
        }
        #expect(plain > 500, "only \(plain) were plain")
    }

    /// However long ago and for whatever order it was begun: a spare order is the order as it is
    /// written without one, or nothing.
    @Test(arguments: accesses, strategyTypes)
    func `a spare order has the bytes of one that nobody prepared`(
        access: RequestAccess, strategyType: UInt32?
    ) {
        var random = SeededRandom(seed: Self.seed)
        let encoder = Self.encoder(access, strategyType)
        var spare = SpareOrder()
        defer {
            encoder.deallocate()
            spare.deallocate()
        }
        var used = 0
        for step in 0..<10_000 {
            let request = Self.request(&random, encoder.instrumentCount)
            let time = Self.time(&random)
            // Some are begun for other numbers, or long before.
            if random.next() % 4 != 0 {
                let isEarly = random.next() % 4 == 0
                encoder.begin(
                    &spare, request.requestID, request.clientOrderID,
                    time: isEarly ? Self.time(&random) : time)
            }
            let isItsOwn =
                spare.requestID == request.requestID
                && spare.clientOrderID == request.clientOrderID
            let counts = encoder.encode(request, time: time, into: spare)
            let text = Self.text(spare.text, counts.count)
            let signing = Self.text(spare.signingText, counts.signingCount)
            let wanted =
                isItsOwn
                ? Self.text { encoder.encodePlainOrder(request, time: time, into: $0) } : ""
            let wantedSigning =
                isItsOwn && access != .session
                ? Self.text { encoder.encodePlainSigningText(request, time: time, into: $0) } : ""
            #expect(text == wanted, "seed \(Self.seed), step \(step)")
            #expect(signing == wantedSigning, "seed \(Self.seed), step \(step)")
            if counts.count > 0 { used += 1 }
        }
        #expect(used > 400, "only \(used) were used")
    }

    @Test func `a new spare order is for nobody`() {
        let encoder = Self.encoder(.session, nil)
        let spare = SpareOrder()
        defer {
            encoder.deallocate()
            spare.deallocate()
        }
        var random = SeededRandom(seed: Self.seed)
        for _ in 0..<100 {
            let request = Self.request(&random, encoder.instrumentCount)
            #expect(encoder.encode(request, time: .unknown, into: spare).count == 0)
        }
    }

    private static func text(_ encode: (UnsafeMutablePointer<UInt8>) -> Int) -> String {
        let target = UnsafeMutablePointer<UInt8>.allocate(
            capacity: BinanceSpotOrderEncoder.maximumCount)
        defer { target.deallocate() }
        return text(target, encode(target))
    }

    private static func text(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Of any number of digits, most of them thirteen, many at the turn of a hundred seconds.
    private static func time(_ random: inout SeededRandom) -> Timestamp {
        switch random.next() % 4 {
        case 0: Timestamp(milliseconds: Int64(random.next() >> (22 + random.next() % 42)))
        case 1:
            Timestamp(
                milliseconds: 1_732_147_200_000 + Int64(random.next() % 100) * 100_000
                    + Int64(random.next() % 3) - 1)
        default: Timestamp(milliseconds: 1_732_147_200_000 + Int64(random.next() % 1_000_000))
        }
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
            kind: one([.place, .place, .place, .cancel]),
            requestID: max(random.next() >> one([1, 20, 40, 60]), 1),
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
