import MarketModel

/// Plays a recorded capture: frames to subscribers as recorded, and into the replayed books.
///
/// It waits for the first market data subscriber. At the recorded depth snapshot it waits again,
/// until a client has asked for the snapshot: frames before it reach the client's buffer, frames
/// after it find the client synchronised, at any speed.
final class ReplayFeed {
    private enum State {
        case waitingForSubscriber
        case playing
        case holdingAtSnapshot(since: Timestamp)
        case finished
    }

    private let exchange: Exchange
    private let configuration: ReplayConfiguration
    private let opening: CaptureOpening
    private let reader: CaptureReader
    private var state = State.waitingForSubscriber
    private var pending: CaptureLine?
    private var streams: [Stream] = []
    /// Engine time at which recorded time `recordedStart` was played.
    private var playedFrom: Timestamp = .unknown
    private let recordedStart: Timestamp
    private var snapshotWasServed = false
    private var snapshotWasApplied = false
    private var endWasTaken = false
    /// The recorded market's time: the newest event or trade time played.
    private(set) var marketTime: Timestamp

    /// A stream seen in the capture, recognised by its bytes.
    private struct Stream {
        let bytes: [UInt8]
        let name: String
        let market: SymbolMarket?
        let marketIndex: Int?
        let isDepth: Bool
    }

    init(
        opening: CaptureOpening, configuration: ReplayConfiguration, exchange: Exchange
    ) throws(CaptureFailure) {
        self.opening = opening
        self.configuration = configuration
        self.exchange = exchange
        reader = try CaptureReader(paths: configuration.files)
        recordedStart = opening.firstTime
        marketTime = opening.firstTime
        pending = reader.next()
    }

    var isUnthrottled: Bool { configuration.pace == .unthrottled }

    var isFinished: Bool {
        if case .finished = state { true } else { false }
    }

    /// Set when the capture could not be read to its end.
    var failure: CaptureFailure? { reader.failure }

    /// True once, when everything has been played and the market streams are to end.
    func takesEndOfMarket() -> Bool {
        guard isFinished, !endWasTaken else { return false }
        endWasTaken = true
        return configuration.atEnd != .keepServing
    }

    var nextDeadline: Timestamp {
        switch state {
        case .waitingForSubscriber, .finished: .never
        case .holdingAtSnapshot(let since): since + patience
        case .playing: pending.map { dueTime(of: $0.time) } ?? .unknown
        }
    }

    private var patience: Nanoseconds {
        .milliseconds(configuration.snapshotPatienceMilliseconds)
    }

    private func dueTime(of recorded: Timestamp) -> Timestamp {
        guard case .multiple(let factor) = configuration.pace else { return .unknown }
        let elapsed = Double((recorded - recordedStart).count) / factor
        return playedFrom + Nanoseconds(Int64(min(max(elapsed, 0), 9e18)))
    }

    /// The recorded snapshot, as long as the replay has not passed it.
    func serveSnapshot(of market: SymbolMarket, limit: Int) -> [UInt8]? {
        guard !snapshotWasApplied, market.configuration.symbol == opening.symbol,
            let snapshot = opening.snapshot, let levels = opening.snapshotLevels
        else { return nil }
        snapshotWasServed = true
        if limit >= max(levels.bids.count, levels.asks.count) { return snapshot }
        let shorter = ReplayedBook(lotSize: market.instrument.lotSize)
        shorter.apply(snapshot: levels)
        var text = TextBuffer()
        MarketText.depth(shorter, limit: limit, to: &text)
        return text.array
    }

    /// Plays what is due by `now`, at most `limit` frames; how many there were.
    func advance(
        to now: Timestamp, limit: Int, publisher: StreamPublisher, outbox: inout Outbox
    ) -> Int {
        guard mayPlay(now: now, publisher) else { return 0 }
        var count = 0
        while count < limit {
            guard let line = pending else {
                state = .finished
                break
            }
            if dueTime(of: line.time) > now { break }
            if mustHold(line, now: now) { break }
            play(line, now: now, publisher: publisher, outbox: &outbox)
            pending = reader.next()
            count += 1
        }
        return count
    }

    private func mayPlay(now: Timestamp, _ publisher: StreamPublisher) -> Bool {
        switch state {
        case .playing: return true
        case .finished: return false
        case .waitingForSubscriber:
            guard publisher.hasSubscribers else { return false }
            playedFrom = now
            state = .playing
            return true
        case .holdingAtSnapshot(let since):
            guard snapshotWasServed || now - since >= patience else { return false }
            // Recorded time stood still while the feed was held.
            playedFrom = playedFrom + (now - since)
            snapshotWasServed = true
            state = .playing
            return true
        }
    }

    private func mustHold(_ line: CaptureLine, now: Timestamp) -> Bool {
        guard !snapshotWasServed, !snapshotWasApplied, opening.snapshot != nil,
            FramedPayload.streamBytes(of: line.message) == nil
        else { return false }
        state = .holdingAtSnapshot(since: now)
        return true
    }

    private func play(
        _ line: CaptureLine, now: Timestamp, publisher: StreamPublisher, outbox: inout Outbox
    ) {
        guard let name = FramedPayload.streamBytes(of: line.message) else {
            guard let symbol = opening.symbol, let market = try? exchange.market(named: symbol),
                let frame = CaptureFrame.parse(line.message)
            else { return }
            apply(frame, to: market, now: now)
            return
        }
        let stream = known(name)
        let payload = FramedPayload.payload(of: line.message, after: name)
        let frame = stream.market == nil ? nil : CaptureFrame.parse(payload)
        if !(stream.isDepth && publisher.dropsThisDepthMessage()) {
            publisher.publishRecorded(stream: stream.name, payload: payload, to: &outbox)
            if let frame, let market = stream.marketIndex {
                publisher.publishRecorded(frame, of: market, now: marketTime, to: &outbox)
            }
        }
        if let market = stream.market, let frame { apply(frame, to: market, now: now) }
    }

    private func apply(_ frame: CaptureFrame, to market: SymbolMarket, now: Timestamp) {
        guard let book = market.matcher as? ReplayedBook else { return }
        switch frame {
        case .snapshot(let levels):
            snapshotWasApplied = true
            book.apply(snapshot: levels)
        case .depth(let diff, let time):
            marketTime = max(marketTime, time)
            book.apply(diff: diff)
        case .bookTicker(let updateID, let top):
            book.apply(ticker: top, updateID: updateID)
        case .trade(let trade):
            marketTime = max(marketTime, trade.time)
            market.recordRecorded(trade)
            book.apply(trade: trade)
            exchange.settleMarketFills(of: market, now: now)
            exchange.noteRecordedTrade(trade.price, of: market, now: now)
            return
        }
        exchange.settleMarketFills(of: market, now: now)
    }

    private func known(_ name: UnsafeRawBufferPointer) -> Stream {
        for stream in streams where stream.bytes.elementsEqual(name) { return stream }
        let text = String(decoding: name, as: UTF8.self)
        let symbol = text.split(separator: "@").first.map { $0.uppercased() } ?? ""
        let stream = Stream(
            bytes: Array(name), name: text, market: try? exchange.market(named: symbol),
            marketIndex: exchange.marketIndex(named: symbol), isDepth: text.contains("@depth"))
        streams.append(stream)
        return stream
    }
}
