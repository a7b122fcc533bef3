import CFloor
import Codec
import MarketModel
import Venues

/// An order to the text of its request: of a session that is logged on, and signed (HMAC-SHA-256) on
/// its own; with what can be known beforehand done in the measured time, and begun before it.
struct OrderCodecBench {
    private static let key = String(repeating: "k", count: 64)
    private let session = BinanceSpotOrderEncoder(
        instruments: [SampleMarket.instrument()], access: .session)
    private let signed = BinanceSpotOrderEncoder(
        instruments: [SampleMarket.instrument()],
        access: .signed(apiKey: key, signatureCount: 64))
    private let text = UnsafeMutablePointer<UInt8>.allocate(
        capacity: BinanceSpotOrderEncoder.maximumCount)
    private let signingText = UnsafeMutablePointer<UInt8>.allocate(
        capacity: BinanceSpotOrderEncoder.maximumCount)
    private let desk: OpaquePointer

    /// Lives as long as the process.
    init() throws(BenchmarkFailure) { desk = try FloorDesk.make(every: 1) }

    /// What is signed has no floor.
    var contests: [Contest] {
        [
            contest, spareContest, signedContest(isPrimed: false), signedContest(isPrimed: true),
            signedSpareContest,
        ]
    }

    var contest: Contest {
        let (encoder, target) = (session, text)
        return Contest(
            name: "order", batch: 50,
            ours: Contestant("apus") { count in
                for turn in 0..<count {
                    let request = Self.request(turn)
                    guard
                        (try? encoder.encode(request, time: Self.time(turn), into: target)) != nil
                    else { preconditionFailure("a sample is well-formed") }
                }
            },
            floor: floor)
    }

    /// Begun while the lane was idle: the numbers of request and order are there. The floor is the
    /// same, it puts all digits into a text that is there.
    var spareContest: Contest {
        let encoder = session
        var spare = SpareOrder()
        encoder.begin(&spare, Self.number, Self.order, time: Self.time(0))
        let begun = spare
        return Contest(
            name: "order, begun before", batch: 50,
            ours: Contestant("apus") { count in
                for turn in 0..<count {
                    let request = Self.request(Self.number, Self.order, turn)
                    if encoder.encode(request, time: Self.time(turn), into: begun).count == 0 {
                        preconditionFailure("a sample is well-formed")
                    }
                }
            },
            floor: floor)
    }

    private var floor: Contestant {
        let desk = desk
        return Contestant("C floor") { count in
            _ = cfloor_encode(desk, SampleMarket.middle, count)
        }
    }

    func signedContest(isPrimed: Bool) -> Contest {
        let (encoder, target, signingText) = (signed, text, signingText)
        let signer = SampleSigner()
        if isPrimed { signer.signer.prime(opening: "apiKey=\(Self.key)") }
        return Contest(
            name: isPrimed ? "order, signed, primed" : "order, signed", batch: 50,
            ours: Contestant("apus") { count in
                for turn in 0..<count {
                    let request = Self.request(turn)
                    let time = Self.time(turn)
                    guard let length = try? encoder.encode(request, time: time, into: target),
                        let signing = try? encoder.encodeSigningText(
                            request, time: time, into: signingText)
                    else { preconditionFailure("a sample is well-formed") }
                    signer.sign(
                        signingText, signing, into: target + encoder.signatureOffset(count: length))
                }
            })
    }

    var signedSpareContest: Contest {
        let encoder = signed
        let signer = SampleSigner()
        var spare = SpareOrder()
        encoder.begin(&spare, Self.number, Self.order, time: Self.time(0))
        signer.signer.prime(0, opening: spare.signingText, spare.signingOpeningCount)
        let begun = spare
        return Contest(
            name: "order, signed, begun before", batch: 50,
            ours: Contestant("apus") { count in
                for turn in 0..<count {
                    let request = Self.request(Self.number, Self.order, turn)
                    let counts = encoder.encode(request, time: Self.time(turn), into: begun)
                    if counts.count == 0 { preconditionFailure("a sample is well-formed") }
                    signer.sign(
                        begun.signingText, counts.signingCount,
                        into: begun.text + encoder.signatureOffset(count: counts.count))
                }
            })
    }

    private static let number: UInt64 = 10_000_000
    private static let order = ClientOrderID(epoch: 1, lane: 0, sequence: 1)

    @inline(__always)
    private static func time(_ turn: Int) -> Timestamp {
        Timestamp(milliseconds: 1_732_147_200_123 + Int64(turn))
    }

    @inline(__always)
    private static func request(_ turn: Int) -> OrderRequest {
        request(
            number + UInt64(turn), ClientOrderID(epoch: 1, lane: 0, sequence: UInt32(turn)), turn)
    }

    @inline(__always)
    private static func request(
        _ number: UInt64, _ order: ClientOrderID, _ turn: Int
    ) -> OrderRequest {
        OrderRequest(
            kind: .place, requestID: number, clientOrderID: order,
            instrument: InstrumentIndex(0), strategy: StrategyIndex(0), side: .buy, type: .limit,
            timeInForce: .ioc, price: Price(raw: SampleMarket.middle),
            quantity: Quantity(raw: 1_000_000), decisionTime: .unknown)
    }
}

/// An HMAC signer that closures can share.
private final class SampleSigner: Sendable {
    let signer: RequestSigner

    init() {
        do throws(SigningFailure) {
            signer = try RequestSigner.hmac(secret: "secret")
        } catch {
            preconditionFailure("a secret signs: \(error)")
        }
    }

    func sign(
        _ message: UnsafePointer<UInt8>, _ count: Int, into place: UnsafeMutablePointer<UInt8>
    ) {
        _ = signer.signText(message, count, into: place)
    }
}
