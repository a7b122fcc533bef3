import Journal
import MarketModel

/// One valid record of each kind, with distinct values in every field that matters.
enum Sample {
    static let index = InstrumentIndex(3)

    static var instrument: Instrument {
        var it = Instrument(
            symbol: ShortName("BTCUSDT")!, base: ShortName("BTC")!, quote: ShortName("USDT")!,
            index: index, baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1), priceScale: 2,
            quantityScale: 5)
        it.tickSize = Price(raw: 1)
        it.lotSize = Quantity(raw: 10)
        return it
    }

    static var trade: Trade {
        Trade(
            instrument: index, id: TradeID(77), price: Price(raw: 6_512_345),
            quantity: Quantity(raw: 150_000), aggressor: .sell,
            venueTime: Timestamp(nanoseconds: 5), receiveTime: Timestamp(nanoseconds: 6), count: 2,
            isAggregate: true)
    }

    static var top: TopOfBook {
        TopOfBook(
            instrument: index, updateID: 9, bidPrice: Price(raw: 100),
            bidQuantity: Quantity(raw: 1), askPrice: Price(raw: 101), askQuantity: Quantity(raw: 2),
            venueTime: .unknown, receiveTime: Timestamp(nanoseconds: 7))
    }

    static var depth: DepthHeader {
        DepthHeader(
            instrument: index, isSnapshot: true, firstUpdateID: 10, lastUpdateID: 12, bidCount: 2,
            askCount: 1, venueTime: Timestamp(nanoseconds: 8), receiveTime: .unknown)
    }

    static var levels: [BookLevel] {
        (1...3).map { BookLevel(price: Price(raw: 100 * $0), quantity: Quantity(raw: $0)) }
    }

    static var candle: Candle {
        Candle(
            instrument: index, openTime: Timestamp(nanoseconds: 1),
            closeTime: Timestamp(nanoseconds: 2), open: Price(raw: 3), high: Price(raw: 5),
            low: Price(raw: 2), close: Price(raw: 4), volume: Quantity(raw: 6),
            takerBuyVolume: Quantity(raw: 1), quoteVolume: Notional(raw: 24), tradeCount: 2,
            isClosed: true)
    }

    static var report: ExecutionReport {
        var report = ExecutionReport(
            instrument: index, clientOrderID: ClientOrderID(epoch: 1, lane: 0, sequence: 5),
            venueOrderID: VenueOrderID(99), executionType: .trade, status: .partiallyFilled,
            side: .buy, type: .limit, timeInForce: .gtc, price: Price(raw: 200),
            quantity: Quantity(raw: 300_000))
        report.lastPrice = Price(raw: 199)
        report.lastQuantity = Quantity(raw: 100_000)
        report.cumulativeQuantity = Quantity(raw: 100_000)
        report.tradeID = TradeID(4)
        report.commission = 12
        report.commissionAsset = AssetIndex(1)
        report.isMaker = true
        return report
    }

    static var request: OrderRequest {
        OrderRequest(
            kind: .place, requestID: 8,
            clientOrderID: ClientOrderID(epoch: 1, lane: 0, sequence: 5), instrument: index,
            strategy: StrategyIndex(0), side: .sell, type: .limitMaker,
            timeInForce: .none, price: Price(raw: 250), quantity: Quantity(raw: 1),
            decisionTime: Timestamp(nanoseconds: 44))
    }

    static var reply: RequestReply {
        RequestReply(
            requestID: 8, outcome: .rejected, venueCode: -2010,
            receiveTime: Timestamp(nanoseconds: 45))
    }

    static var balance: Balance {
        Balance(
            asset: AssetIndex(1), free: 123_456_789, locked: 1, venueTime: .unknown,
            receiveTime: Timestamp(nanoseconds: 46))
    }

    static var link: LinkState {
        LinkState(event: .bookSynced, instrument: index, time: Timestamp(nanoseconds: 47))
    }

    static var command: Command {
        Command(kind: .setLimit, id: 3, key: 4, value: 5, time: Timestamp(nanoseconds: 48))
    }

    static let time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
}

/// A writer with the calls that tests want.
final class TestWriter {
    private var writer: JournalWriter

    var sequence: UInt64 { writer.sequence }
    var hasRoom: Bool { writer.hasRoom }
    var bytesWritten: Int64 { writer.bytesWritten }
    func end() { writer.end() }

    init(_ journal: Journal) {
        guard let writer = journal.takeWriter() else { fatalError("the writer is taken once") }
        self.writer = writer
    }

    @discardableResult
    func put<Payload: BitwiseCopyable>(
        _ type: JournalRecordType, _ payload: Payload, tail: [UInt8] = [],
        time: Timestamp = Sample.time, venueTime: Timestamp = .unknown
    ) -> Bool {
        var payload = payload
        return withUnsafeMutableBytes(of: &payload) { head in
            tail.withUnsafeBytes { tail in
                writer.append(
                    type, time: time, venueTime: venueTime, head: head.baseAddress,
                    headCount: head.count, tail: tail.baseAddress, tailCount: tail.count)
            }
        }
    }

    @discardableResult
    func put(text: [UInt8], _ type: JournalRecordType = .note) -> Bool {
        text.withUnsafeBytes { tail in
            writer.append(
                type, time: Sample.time, venueTime: .unknown, head: nil, headCount: 0,
                tail: tail.baseAddress, tailCount: tail.count)
        }
    }

    func put(head: [UInt8], _ type: JournalRecordType) {
        _ = head.withUnsafeBytes { head in
            writer.append(
                type, time: Sample.time, venueTime: .unknown, head: head.baseAddress,
                headCount: head.count, tail: nil, tailCount: 0)
        }
    }

    func putDepth() -> Bool {
        let tail = Sample.levels.withUnsafeBytes { Array($0) }
        return put(.depth, Sample.depth, tail: tail)
    }

    /// One of each kind.
    func putAll() {
        put(.runStarted, Sample.time)
        put(text: Array("lanes: 1\n".utf8), .configuration)
        put(.instrument, Sample.instrument)
        put(.trade, Sample.trade, venueTime: Timestamp(nanoseconds: 5))
        put(.topOfBook, Sample.top)
        _ = putDepth()
        put(.candle, Sample.candle)
        put(.executionReport, Sample.report)
        put(.requestReply, Sample.reply)
        put(.balance, Sample.balance)
        put(.linkState, Sample.link)
        put(.command, Sample.command)
        put(.timer, Sample.time)
        put(.decision, Sample.request)
        put(.denied, UInt64(0xABCD))
        put(.sent, SentLayout(request: 8, time: 9, checksum: 10), tail: [])
        put(.frame, UInt64(0), tail: Array(#"{"e":"trade"}"#.utf8))
        put(text: Array("note \"x\"".utf8), .note)
        put(.started, Sample.time)
        put(.runEnded, Sample.time)
        put(.name, JournalName(.asset, Sample.report.commissionAsset.raw), tail: Array("BNB".utf8))
        put(text: Array("snapshot".utf8), .snapshot)
        put(.history, HistoricTrade(Sample.trade))
    }
}

/// As the engine lays it out.
struct SentLayout: BitwiseCopyable {
    var request: UInt64
    var time: Int64
    var checksum: UInt32
}

/// What a test keeps of a record.
struct KeptRecord: Equatable {
    var type: UInt16
    var sequence: UInt64
    var head: [UInt8]
    var tail: [UInt8]

    init(_ view: JournalRecordView) {
        type = view.rawType
        sequence = view.sequence
        head = Array(view.head)
        tail = Array(view.tail)
    }
}

/// All records of a directory, in order.
func records(
    in directory: TemporaryDirectory, lane: UInt8? = nil
) throws(JournalFailure) -> [KeptRecord] {
    var reader = try JournalReader(directory: directory.path, lane: lane)
    var kept: [KeptRecord] = []
    while let view = try reader.next() { kept.append(KeptRecord(view)) }
    return kept
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
