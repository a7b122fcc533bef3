import Codec
import Foundation
import Journal
import MarketModel
import TickToTrade

/// What a replay found.
public struct ReplaySummary: Sendable, Equatable {
    public var records: Int64 = 0
    public var inputs: Int64 = 0
    /// Decisions of the journal that the replay made again, bit for bit.
    public var decisionsEqual: Int64 = 0
    public var denialsEqual: Int64 = 0
    /// Requests whose bytes, all but key and signature, were made again with the same checksum.
    public var requestsEqual: Int64 = 0
    /// Snapshots of the account that came out the same.
    public var accountsEqual: Int64 = 0
    /// The first difference, with its place; `nil` when there is none.
    public var difference: String?
    public var hash = ""

    public var isEqual: Bool { difference == nil }
}

/// Why a replay could not begin.
public enum ReplayFailure: Error, CustomStringConvertible {
    case incomplete(String)
    case journal(JournalFailure)

    public var description: String {
        switch self {
        case .incomplete(let what): "the journal cannot be replayed: \(what)"
        case .journal(let failure): "\(failure)"
        }
    }
}

/// Feeds a journal's inputs through the same core and compares every decision (design law 2).
public enum JournalReplay {
    /// Replays one run with the program that made it. Reads everything, stops comparing at the
    /// first difference. `observe` sees every record before the core does.
    public static func run(
        directory: String, program: StrategyProgram = .builtIn,
        observe: (JournalRecordView) -> Void = { _ in }
    ) throws -> ReplaySummary {
        let preamble = try ReplayPreamble(directory: directory, kinds: program.kinds)
        return try program.replay(directory, preamble, observe)
    }

    /// The same for one type of strategy set.
    static func run<Strategies: StrategySet & ~Copyable>(
        _ directory: String, _ preamble: ReplayPreamble, _ strategies: consuming Strategies,
        _ observe: (JournalRecordView) -> Void
    ) throws -> ReplaySummary {
        let state = TradingState.allocate(
            preamble.plan.configuration, instruments: preamble.plan.instruments)
        defer {
            state.deinitialize(count: 1)
            state.deallocate()
        }
        var replay = Replay(
            loop: TradeLoop(state: state, strategies: strategies), preamble)
        defer {
            preamble.encoder.deallocate()
            preamble.restEncoder.deallocate()
        }
        do throws(JournalFailure) {
            var reader = try JournalReader(directory: directory)
            while let record = try reader.next() {
                replay.summary.records += 1
                observe(record)
                replay.take(record)
            }
            replay.summary.hash = reader.hash.hexadecimal
        } catch {
            throw ReplayFailure.journal(error)
        }
        replay.finish()
        return replay.summary
    }
}

/// What the first records of a run say about how its core was built.
struct ReplayPreamble {
    let plan: TradingPlan
    let encoder: BinanceSpotOrderEncoder
    let restEncoder: BinanceSpotOrderEncoder

    init(directory: String, kinds: [StrategyKind]) throws {
        var text: String?
        var instruments: [Instrument] = []
        var hasStarted = false
        let epoch: UInt32
        do throws(JournalFailure) {
            try JournalVersions.requirePresent(in: directory)
            var reader = try JournalReader(directory: directory)
            // Later segments tell the instruments again.
            while !hasStarted, let record = try reader.next() {
                switch record.type {
                case .started: hasStarted = true
                case .configuration: text = record.text
                case .instrument:
                    // Told twice when a segment ended between them.
                    if let instrument = record.payload(as: Instrument.self),
                        !instruments.contains(where: { $0.index == instrument.index })
                    {
                        instruments.append(instrument)
                    }
                default: break
                }
            }
            epoch = reader.epoch
        } catch {
            throw ReplayFailure.journal(error)
        }
        guard let text else { throw ReplayFailure.incomplete("it holds no configuration") }
        // A crash has cut what a start writes first; nothing was decided.
        if !hasStarted { throw ReplayFailure.incomplete("its run ended before it had begun") }
        guard !instruments.isEmpty else {
            throw ReplayFailure.incomplete("it holds no instruments")
        }
        let configuration = try JournaledConfiguration.read(text, kinds: kinds)
        let facts = VenueFacts(
            instruments: instruments, assets: Self.assets(instruments), clockOffset: 0,
            rateLimits: [], history: [], remarks: [])
        plan = try TradingPlan(configuration, facts, kinds: kinds, epoch: epoch)
        let window = Int(configuration.venue.receiveWindow.count / 1_000_000)
        let strategyType = configuration.venue.strategyType
        restEncoder = BinanceSpotOrderEncoder(
            instruments: instruments, access: .session, receiveWindow: window,
            strategyType: strategyType)
        // The key and the signature are no part of what is compared.
        encoder = BinanceSpotOrderEncoder(
            instruments: instruments,
            access: configuration.venue.authentication == .ed25519
                ? .session : .signed(apiKey: "replay", signatureCount: 64),
            receiveWindow: window, strategyType: strategyType)
    }

    /// Asset numbers reach as far as the instruments' do; names matter only to decoders.
    private static func assets(_ instruments: [Instrument]) -> [ShortName] {
        let highest = instruments.map { max($0.baseAsset.raw, $0.quoteAsset.raw) }.max() ?? 0
        return (0...highest).map { number in
            instruments.lazy.compactMap { instrument -> ShortName? in
                if instrument.baseAsset.raw == number { return instrument.baseAssetName }
                return instrument.quoteAsset.raw == number ? instrument.quoteAssetName : nil
            }.first ?? instruments[0].quoteAssetName
        }
    }
}

/// A core that is fed from a journal.
private struct Replay<Strategies: StrategySet & ~Copyable>: ~Copyable {
    var loop: TradeLoop<Strategies>
    let encoder: BinanceSpotOrderEncoder
    let restEncoder: BinanceSpotOrderEncoder
    var summary = ReplaySummary()
    /// The last decision, with the orders before it in the same list.
    private var lastRequests: [OrderRequest] = []
    private var hasAccount = false
    /// A crash may come between an input and what was decided on it.
    private var hasEnded = false
    private var text = [UInt8](repeating: 0, count: BinanceSpotOrderEncoder.maximumCount)

    init(loop: consuming TradeLoop<Strategies>, _ preamble: ReplayPreamble) {
        self.loop = loop
        encoder = preamble.encoder
        restEncoder = preamble.restEncoder
    }

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

    mutating func finish() {
        if summary.difference == nil, hasEnded, let extra = loop.takeRequest() {
            summary.difference = "after the last record the replay decides \(extra)"
        }
    }

    private func isInput(_ record: JournalRecordView) -> Bool {
        switch record.type {
        case .configuration, .instrument, .runStarted, .runEnded, .note, .name, .frame, .snapshot,
            nil:
            false
        default: true
        }
    }

    private mutating func feed(_ record: JournalRecordView) {
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
    private mutating func read<Payload: JournalPayload>(_ record: JournalRecordView) -> Payload? {
        let payload = record.payload(as: Payload.self)
        if payload == nil { differ(record, "the \(Payload.self) is unreadable") }
        return payload
    }

    private mutating func feed(
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
    private mutating func drain() {
        while loop.state.pointee.takeEvent() != nil {}
        while loop.state.pointee.takeAnswer() != nil {}
    }

    // MARK: - Comparing

    private mutating func compareDecision(_ record: JournalRecordView) {
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

    private mutating func compareDenial(_ record: JournalRecordView) {
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
    private mutating func compareAccount(_ record: JournalRecordView) {
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
    private mutating func compareBytes(_ record: JournalRecordView) {
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

    private mutating func differ(_ record: JournalRecordView, _ what: String) {
        summary.difference = "record \(record.sequence): \(what)"
    }
}
