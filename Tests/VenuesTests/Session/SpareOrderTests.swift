import Codec
import MarketModel
import Testing
import Venues
import Wire

/// Two sessions that are asked the same, of which one begins orders ahead whenever it likes: the
/// venue cannot tell them apart.
struct SpareOrderTests {
    enum Key: CaseIterable {
        case hmac
        case ed25519
    }

    private static func rig(_ key: Key) throws -> SessionRig {
        let rig = try SessionRig(
            adjust: {
                $0.apiKey = String(repeating: "k", count: 64)
                $0.rateLimits = [
                    RateLimitRule(type: "REQUEST_WEIGHT", window: .seconds(60), limit: 1_000_000)
                ]
            },
            signer: {
                switch key {
                case .hmac: try .hmac(secret: "secret")
                case .ed25519:
                    try .ed25519(key: "T5oKnRrHqiX0NYyCMw0sXo8mDRkmQJZ3CMcu8i4f5jg=")
                }
            })
        try rig.makeUp()
        return rig
    }

    @Test(arguments: Key.allCases, [11, 12, 13, 14, 15] as [UInt64])
    func `orders begun ahead leave with the bytes of those that were not`(
        key: Key, seed: UInt64
    ) throws {
        let plain = try Self.rig(key)
        let prepared = try Self.rig(key)
        var random = SeededRandom(seed: seed)
        var request: UInt64 = 1
        var sequence: UInt32 = 1
        var time = plain.now
        var orders = 0
        var places: Set<UnsafeMutablePointer<UInt8>> = []
        for step in 0..<600 {
            // The lane is idle, for a turn or for minutes, or not at all.
            for _ in 0..<(random.next() % 4) {
                let next = ClientOrderID(epoch: 7, lane: 1, sequence: sequence)
                prepared.session.prepareOrders(request, next, now: time)
            }
            time += Int64(random.next() >> (24 + random.next() % 40)) % 200_000_000_000
            switch random.next() % 32 {
            case 0:
                // A place in the table that is taken: an id is passed over.
                sequence += 1
            case 1:
                for rig in [plain, prepared] {
                    rig.drop(SessionRig.orders)
                    try rig.makeUp()
                }
            default: break
            }
            let next = Self.request(
                &random, request, ClientOrderID(epoch: 7, lane: 1, sequence: sequence), at: time)
            request += 1
            if next.kind == .place { sequence += 1 }
            var place: Set<UnsafeMutablePointer<UInt8>> = []
            let wanted = Self.send(next, plain, &place)
            let text = Self.send(next, prepared, &places)
            #expect(text == wanted, "seed \(seed), step \(step)")
            let venueHears = prepared.requests(SessionRig.orders).last
            #expect(venueHears == text, "seed \(seed), step \(step)")
            if next.kind == .place, !text.isEmpty { orders += 1 }
        }
        #expect(orders > 300, "seed \(seed): only \(orders) orders")
        #expect(places.count == 3, "two places of spare orders, and one of all others")
    }

    private static func send(
        _ request: OrderRequest, _ rig: SessionRig,
        _ places: inout Set<UnsafeMutablePointer<UInt8>>
    ) -> String {
        let encoded = rig.session.send(request)
        places.insert(encoded.bytes)
        let text = String(
            decoding: UnsafeBufferPointer(start: encoded.bytes, count: encoded.count),
            as: UTF8.self)
        rig.settle()
        return text
    }

    private static func request(
        _ random: inout SeededRandom, _ number: UInt64, _ order: ClientOrderID, at time: Int64
    ) -> OrderRequest {
        func one<Value>(_ values: [Value]) -> Value {
            values[Int(random.next() % UInt64(values.count))]
        }
        return OrderRequest(
            kind: one([.place, .place, .place, .place, .place, .cancel, .query]),
            requestID: number, clientOrderID: order, instrument: InstrumentIndex(0),
            strategy: StrategyIndex(0), side: one([.buy, .sell]),
            type: one([.limit, .limit, .limitMaker, .market]),
            timeInForce: one([.gtc, .ioc, .fok]),
            price: Price(raw: Int64(random.next() % 100_000_000) + 1),
            quantity: Quantity(raw: Int64(random.next() % 1_000_000) + 1),
            decisionTime: Timestamp(nanoseconds: time))
    }
}
