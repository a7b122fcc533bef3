import Codec
import Journal
import MarketModel
import TickToTrade

/// A core that is fed from a journal.
@usableFromInline
struct Replay<Strategies: StrategySet & ~Copyable>: ~Copyable {
    @usableFromInline var loop: TradeLoop<Strategies>
    private let state: UnsafeMutablePointer<TradingState>
    private let encoder: BinanceSpotOrderEncoder
    private let restEncoder: BinanceSpotOrderEncoder
    @usableFromInline var summary = ReplaySummary()
    /// The last decision, with the orders before it in the same list.
    private var lastRequests: [OrderRequest] = []
    private var hasAccount = false
    /// A crash may come between an input and what was decided on it.
    @usableFromInline var hasEnded = false
    private var text = [UInt8](repeating: 0, count: BinanceSpotOrderEncoder.maximumCount)

    /// Takes the preamble's encoders over.
    @usableFromInline
    init(_ preamble: ReplayPreamble, _ strategies: consuming Strategies) {
        state = TradingState.allocate(
            preamble.plan.configuration, instruments: preamble.plan.instruments)
        loop = TradeLoop(state: state, strategies: strategies, isTimed: false)
        encoder = preamble.encoder
        restEncoder = preamble.restEncoder
    }

    /// Gives back what it was made of; it is not to be used any more.
    @usableFromInline
    func dispose() {
        state.deinitialize(count: 1)
        state.deallocate()
        encoder.deallocate()
        restEncoder.deallocate()
    }

    @inlinable
    mutating func take(_ record: JournalRecordView) {
        if summary.difference != nil { return }
        hasEnded = record.type == .runEnded
        switch record.type {
        case .decision: compareDecision(record)
        case .denied: compareDenial(record)
        case .sent: compareBytes(record)
        case .snapshot: compareAccount(record)
        default:
            if isInput(record) { summary.inputs += 1 }
            feed(record)
        }
    }

    @usableFromInline
    mutating func finish() {
        if summary.difference == nil, hasEnded, let extra = loop.takeRequest() {
            summary.difference = "after the last record the replay decides \(extra)"
        }
    }

    @inlinable
    func isInput(_ record: JournalRecordView) -> Bool {
        switch record.type {
        case .configuration, .instrument, .runStarted, .runEnded, .note, .name, .frame, .snapshot,
            nil:
            false
        default: true
        }
    }

    @inlinable
    mutating func feed(_ record: JournalRecordView) {
        let now = record.time
        switch record.type {
        case .trade: if let trade: Trade = read(record) { loop.onTrade(trade, now: now) }
        case .topOfBook: if let top: TopOfBook = read(record) { loop.onTop(top, now: now) }
        case .depth:
            if let header: DepthHeader = read(record) { feed(header, record.levels, now) }
        case .candle: if let candle: Candle = read(record) { loop.onHistory(candle, now: now) }
        case .history:
            if let piece: HistoricTrade = read(record) { loop.onHistory(piece, now: now) }
        case .executionReport:
            if let report: ExecutionReport = read(record) { loop.onReport(report, now: now) }
        case .requestReply:
            if let reply: RequestReply = read(record) { loop.onReply(reply, now: now) }
        case .balance:
            if let balance: Balance = read(record) { loop.onBalance(balance, now: now) }
        case .linkState: if let state: LinkState = read(record) { loop.onLink(state, now: now) }
        case .command:
            if let command: Command = read(record) { loop.onCommand(command, now: now) }
        case .timer: loop.onTime(now: now)
        case .started:
            loop.start(now: now)
            loop.onTime(now: now)
        default: break
        }
        drain()
    }

    /// An input; one that cannot be read ends the comparison.
    @inlinable
    mutating func read<Payload: JournalPayload>(_ record: JournalRecordView) -> Payload? {
        let payload = record.payload(as: Payload.self)
        if payload == nil { differ(record, "the \(Payload.self) is unreadable") }
        return payload
    }

    @inlinable
    mutating func feed(
        _ header: DepthHeader, _ levels: UnsafeBufferPointer<BookLevel>?, _ now: Timestamp
    ) {
        if let base = levels?.baseAddress {
            loop.onDepth(header, levels: base, now: now)
        } else {
            var none = BookLevel(price: .zero, quantity: .zero)
            loop.onDepth(header, levels: &none, now: now)
        }
    }

    /// Events and answers go to nobody here.
    @inlinable
    mutating func drain() {
        while loop.state.pointee.takeEvent() != nil {}
        while loop.state.pointee.takeAnswer() != nil {}
    }

    // MARK: - Comparing

    @usableFromInline
    mutating func compareDecision(_ record: JournalRecordView) {
        guard let recorded = record.payload(as: OrderRequest.self) else {
            return differ(record, "the decision is unreadable")
        }
        guard let made = loop.takeRequest() else {
            return differ(record, "the replay decides nothing where the run decided \(recorded)")
        }
        guard made == recorded else {
            return differ(record, "recorded \(recorded), replayed \(made)")
        }
        summary.decisionsEqual += 1
        if made.kind != .placeLeg || made.leg == 0 { lastRequests.removeAll() }
        lastRequests.append(made)
    }

    @usableFromInline
    mutating func compareDenial(_ record: JournalRecordView) {
        guard let made = loop.state.pointee.takeDenial() else {
            return differ(record, "the replay denies nothing where the run denied an order")
        }
        let size = MemoryLayout<DeniedOrder>.size
        guard record.head.count >= size, let base = record.head.baseAddress else {
            return differ(record, "the denial is unreadable")
        }
        let recorded = base.loadUnaligned(as: DeniedOrder.self)
        guard recorded.intent == made.intent,
            recorded.verdict.violations == made.verdict.violations
        else {
            return differ(record, "recorded \(recorded.intent), replayed \(made.intent)")
        }
        summary.denialsEqual += 1
    }

    /// The first snapshot is what the run took over; the later ones must come out the same.
    @usableFromInline
    mutating func compareAccount(_ record: JournalRecordView) {
        guard let recorded = AccountSnapshot(record.tail) else {
            return differ(record, "the account is unreadable")
        }
        if !hasAccount {
            hasAccount = true
            return loop.state.pointee.restore(recorded)
        }
        guard loop.state.pointee.accountSnapshot(now: record.time) == recorded else {
            return differ(record, "the account is another one")
        }
        summary.accountsEqual += 1
    }

    /// The request's text, made again from the decision, must have the journaled checksum.
    @usableFromInline
    mutating func compareBytes(_ record: JournalRecordView) {
        guard let request = lastRequests.last else {
            return differ(record, "a request was sent that nobody decided")
        }
        guard record.head.count >= MemoryLayout<SentRequest>.size,
            let base = record.head.baseAddress
        else { return differ(record, "the sent record is unreadable") }
        let sent = base.loadUnaligned(as: SentRequest.self)
        let requests = lastRequests
        let encoder = sent.isREST ? restEncoder : encoder
        let checksum: UInt32? = text.withUnsafeMutableBufferPointer { buffer in
            guard let target = buffer.baseAddress else { return nil }
            let count = try? Self.encode(
                requests, encoder, sent.venueTime, isREST: sent.isREST, into: target)
            return count.map { SentRequest.checksum(encoder, target, $0) }
        }
        guard checksum == sent.checksum, sent.requestID == request.requestID else {
            return differ(record, "request \(request.requestID) has other bytes when encoded again")
        }
        summary.requestsEqual += 1
    }

    /// One order's text, or with the last order of a list the whole list's; of a REST request its
    /// parameters.
    private static func encode(
        _ requests: [OrderRequest], _ encoder: BinanceSpotOrderEncoder, _ time: Timestamp,
        isREST: Bool, into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        guard let request = requests.last else { throw .unsupportedOrder }
        guard request.kind == .placeLeg else {
            return isREST
                ? try encoder.encodeSigningText(request, time: time, into: target)
                : try encoder.encode(request, time: time, into: target)
        }
        guard !request.hasMoreLegs, requests.count == Int(request.contingency.legCount)
        else { throw .unsupportedOrder }
        let legs = UnsafeMutablePointer<OrderRequest>.allocate(capacity: requests.count)
        defer { legs.deallocate() }
        legs.initialize(from: requests, count: requests.count)
        return isREST
            ? try encoder.encodeListSigningText(legs, time: time, into: target)
            : try encoder.encodeList(legs, time: time, into: target)
    }

    @usableFromInline
    mutating func differ(_ record: JournalRecordView, _ what: String) {
        summary.difference = "record \(record.sequence): \(what)"
    }
}
