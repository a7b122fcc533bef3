import CFloor
import Codec
import Glibc
import MarketModel

/// Messages to records and orders to messages, on those that a lane lives on.
enum CodecBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let rows = try Cores(options).measure {
            let bench = try CodecBench(peer: options.peer.map { try PeerReaders(path: $0) })
            try bench.verify()
            let meter = Meter(options: options)
            let account = AccountCodecBench(bench)
            try account.verify()
            let binary = BinaryCodecBench(bench)
            try binary.verify()
            let contests =
                bench.contests + account.contests + (try OrderCodecBench().contests)
                + binary.contests
            return contests.map(meter.measure)
        }
        var report = BenchmarkReport("codec", rows: rows)
        let frames = rows.prefix(Self.jsonFrames)
        report.notes = [sum(of: "the ten JSON messages", frames, options)]
        if options.hasFloor {
            let all = rows.filter { $0.floor != nil }
            report.notes.append(sum(of: "all that has a floor", all, options))
        }
        report.notes += peerNotes(rows)
        return report
    }

    /// The first rows, each a JSON message of another kind.
    private static let jsonFrames = 10

    private static func sum(
        of name: String, _ rows: some Sequence<BenchmarkRow>, _ options: BenchmarkOptions
    ) -> String {
        let ours = rows.reduce(0) { $0 + $1.figures.p50 }
        let text = "sum of the medians of \(name): \(BenchmarkReport.number(ours)) ns"
        if !options.hasFloor { return text }
        let floor = rows.reduce(0) { $0 + ($1.floor?.p50 ?? 0) }
        return text + ", floor \(BenchmarkReport.number(floor)) ns, ratio "
            + BenchmarkReport.ratio(ours / floor)
    }

    private static func peerNotes(_ rows: [BenchmarkRow]) -> [String] {
        let read = rows.filter { !$0.peers.isEmpty }
        guard let name = read.first?.peers[0].name else { return [] }
        let ours = read.reduce(0) { $0 + $1.figures.p50 }
        let theirs = read.reduce(0) { $0 + $1.peers[0].figures.p50 }
        return [
            "sum of the medians of what \(name) reads: ours \(BenchmarkReport.number(ours)) ns, "
                + "its \(BenchmarkReport.number(theirs)) ns, which is "
                + "\(BenchmarkReport.ratio(theirs / ours)) times ours"
        ]
    }
}

/// The decoders, the messages, and room for what others read.
struct CodecBench {
    private static let levelCapacity = 256
    let market: BinanceSpotMarketDecoder
    let account: BinanceSpotAccountDecoder
    let trade = UnsafeMutablePointer<cfloor_trade>.allocate(capacity: 1)
    let top = UnsafeMutablePointer<cfloor_top>.allocate(capacity: 1)
    let depth = UnsafeMutablePointer<cfloor_depth>.allocate(capacity: 1)
    let execution = UnsafeMutablePointer<cfloor_execution>.allocate(capacity: 1)
    let texts = (
        trade: SampleText(SampleMarket.trade), aggregate: SampleText(SampleMarket.aggregate),
        top: SampleText(SampleMarket.top), depth: SampleText(SampleMarket.depth(levels: 20)),
        execution: SampleText(SampleMarket.execution)
    )

    private let peer: PeerReaders?

    /// Lives as long as the process.
    init(peer: PeerReaders? = nil) throws(BenchmarkFailure) {
        self.peer = peer
        let directory = SampleMarket.directory()
        let levels = UnsafeMutablePointer<BookLevel>.allocate(capacity: Self.levelCapacity)
        levels.initialize(
            repeating: BookLevel(price: .zero, quantity: .zero), count: Self.levelCapacity)
        market = BinanceSpotMarketDecoder(
            directory: directory, levels: levels, levelCapacity: Self.levelCapacity)
        account = BinanceSpotAccountDecoder(directory: directory)
        trade.initialize(to: cfloor_trade())
        top.initialize(to: cfloor_top())
        depth.initialize(to: cfloor_depth())
        execution.initialize(to: cfloor_execution())
    }

    var contests: [Contest] {
        [
            contest("trade", texts.trade, peer?.trade) { [trade] in cfloor_parse_trade($0, trade) },
            contest("aggTrade", texts.aggregate, peer?.aggregate) { [trade] in
                cfloor_parse_aggregate($0, trade)
            },
            contest("bookTicker", texts.top, peer?.top) { [top] in cfloor_parse_top($0, top) },
            contest("depth 20+20", texts.depth, peer?.depth, batch: 10) { [depth] in
                cfloor_parse_depth($0, depth)
            },
            executionContest,
        ]
    }

    private func contest(
        _ name: String, _ text: SampleText, _ reader: PeerReaders.Reader?, batch: Int = 50,
        _ floor: @escaping (UnsafePointer<UInt8>) -> Int32
    ) -> Contest {
        let decoder = market
        return Contest(
            name: name, batch: batch,
            ours: Contestant("apus") { count in
                var frame = MarketFrame.ignored(.unrecognized)
                for turn in 0..<count {
                    let time = Timestamp(nanoseconds: Int64(turn))
                    decoder.decode(text.bytes, text.count, receiveTime: time, into: &frame)
                    if case .malformed = frame { preconditionFailure("a sample is well-formed") }
                }
            },
            floor: Contestant("C floor") { count in
                for _ in 0..<count where floor(text.bytes) == 0 {
                    preconditionFailure("a sample is well-formed")
                }
            }, peers: peerContestants(reader, text))
    }

    private func peerContestants(
        _ reader: PeerReaders.Reader?, _ text: SampleText
    ) -> [Contestant] {
        guard let peer, let reader else { return [] }
        return [
            Contestant(peer.name) { count in
                for _ in 0..<count where reader(text.bytes, text.count, peer.room) == 0 {
                    preconditionFailure("a sample is well-formed")
                }
            }
        ]
    }

    private var executionContest: Contest {
        let decoder = account
        let text = texts.execution
        let target = execution
        return Contest(
            name: "executionReport", batch: 20,
            ours: Contestant("apus") { count in
                var frame = AccountFrame.unrecognized
                for turn in 0..<count {
                    let time = Timestamp(nanoseconds: Int64(turn))
                    decoder.decode(text.bytes, text.count, receiveTime: time, into: &frame)
                    if case .execution = frame { continue }
                    preconditionFailure("a sample is well-formed")
                }
            },
            floor: Contestant("C floor") { count in
                for _ in 0..<count where cfloor_parse_execution(text.bytes, target) == 0 {
                    preconditionFailure("a sample is well-formed")
                }
            }, peers: peerContestants(peer?.execution, text))
    }

    // MARK: - Both read the same

    /// A floor that reads something else would be no floor.
    func verify() throws {
        let now = Timestamp(nanoseconds: 1)
        guard case .trade(let one) = decoded(texts.trade, now),
            cfloor_parse_trade(texts.trade.bytes, trade) == 1,
            one.price.raw == trade.pointee.price, one.quantity.raw == trade.pointee.quantity,
            one.id.raw == trade.pointee.identifier,
            case .trade(let sum) = decoded(texts.aggregate, now),
            cfloor_parse_aggregate(texts.aggregate.bytes, trade) == 1,
            sum.quantity.raw == trade.pointee.quantity, Int64(sum.count) == trade.pointee.count,
            case .top(let best) = decoded(texts.top, now),
            cfloor_parse_top(texts.top.bytes, top) == 1, best.bidPrice.raw == top.pointee.bid,
            best.askQuantity.raw == top.pointee.ask_quantity
        else { throw BenchmarkFailure("the floor reads a trade or a top otherwise") }
        guard case .depth(let header) = decoded(texts.depth, now),
            cfloor_parse_depth(texts.depth.bytes, depth) == 1,
            Int32(header.bidCount) == depth.pointee.bids,
            Int32(header.askCount) == depth.pointee.asks, hasSameLevels(header.levelCount)
        else { throw BenchmarkFailure("the floor reads a diff otherwise") }
        let frame = account.decode(
            texts.execution.bytes, texts.execution.count, receiveTime: now)
        guard case .execution(let report) = frame,
            cfloor_parse_execution(texts.execution.bytes, execution) == 1,
            report.price.raw == execution.pointee.price,
            report.lastQuantity.raw == execution.pointee.last_quantity,
            report.commission == execution.pointee.commission,
            report.tradeID.raw == execution.pointee.trade
        else { throw BenchmarkFailure("the floor reads a report otherwise") }
        try verifyPeer()
    }

    /// What the floor has just read, the peer reads too.
    private func verifyPeer() throws(BenchmarkFailure) {
        guard let peer else { return }
        func agree<Message>(
            _ reader: PeerReaders.Reader, _ text: SampleText, _ floor: UnsafePointer<Message>,
            upTo last: PartialKeyPath<Message>? = nil
        ) -> Bool {
            // What pads a structure behind its last number may hold anything.
            let end = last.flatMap { MemoryLayout<Message>.offset(of: $0) }
            let count = end.map { $0 + MemoryLayout<CInt>.size } ?? MemoryLayout<Message>.size
            memset(peer.room, 0, MemoryLayout<Message>.size)
            return reader(text.bytes, text.count, peer.room) == 1
                && memcmp(peer.room, floor, count) == 0
        }
        // The floor's reading of the aggregate is the newer one.
        guard agree(peer.aggregate, texts.aggregate, trade, upTo: \cfloor_trade.is_sell),
            agree(peer.top, texts.top, top), agree(peer.depth, texts.depth, depth),
            agree(peer.execution, texts.execution, execution, upTo: \cfloor_execution.is_maker),
            peer.trade(texts.trade.bytes, texts.trade.count, peer.room) == 1
        else { throw BenchmarkFailure("\(peer.name) reads a message otherwise") }
    }

    private func decoded(_ text: SampleText, _ now: Timestamp) -> MarketFrame {
        market.decode(text.bytes, text.count, receiveTime: now)
    }

    /// Whether the floor has read the levels that the engine has.
    func hasSameLevels(_ count: Int) -> Bool {
        withUnsafeBytes(of: &depth.pointee.levels) { memory in
            let numbers = memory.bindMemory(to: Int64.self)
            return (0..<count).allSatisfy {
                market.levels[$0].price.raw == numbers[2 * $0]
                    && market.levels[$0].quantity.raw == numbers[2 * $0 + 1]
            }
        }
    }
}
