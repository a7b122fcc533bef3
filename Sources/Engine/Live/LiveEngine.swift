import Control
import Foundation
import Journal
import Logging
import Machine
import MarketModel
import Rings
import Telemetry
import TickToTrade
import Venues
import Wire

/// Whether somebody asked the engine to stop.
public enum StopWish: Sendable { case none, plain, flattening }

/// A running engine: one lane on its pinned thread, and the outer ring around it.
///
/// The actor reads what the lane publishes, writes logs and snapshots, and answers the control
/// socket. The lane does not know it: stopping, slow or absent, the actor costs it nothing.
public actor LiveEngine {
    let configuration: RunConfiguration
    let plan: TradingPlan
    let facts: VenueFacts
    let lane: LaneThread
    let desk: CommandDesk
    let log: Journal
    let clock: TSCClock
    let logger: Logger
    let credentials: Credentials
    let tls: TLSClientContext
    /// Reads the venue's rules from time to time.
    private var ruleWatch: Task<Void, Never>?
    /// Compares the account with the venue from time to time.
    private var accountWatch: Task<Void, Never>?
    /// Logs the market contexts from time to time.
    private var contextWatch: Task<Void, Never>?
    var sessionWatch: SessionWatch
    var isAuditing = false
    /// Another audit was asked for while one was made.
    var wantsAudit = false
    var owedAudit = OwedAudit()
    /// Asks for the trades that market contexts lack.
    private let gatherer: TradeGatherer?
    var audit: AccountAudit
    /// Symbols that are halted for orders that audits have found, and for nothing else.
    var settling: Set<String> = []
    /// Symbols whose balance an audit could not explain: only an operator lets them go on.
    var unexplained: Set<String> = []
    /// Changes of the rules that were told, by symbol.
    var toldChanges: [String: RuleChange] = [:]
    /// From when on no order of an earlier run can arrive at the venue any more.
    private let lastArrival: Timestamp
    /// The account's limits as the lane has been told them.
    var toldAccountLimits: AccountOrderLimits
    var builder: SnapshotBuilder
    var limitBook: LimitBook
    /// The venue's figures of the last 24 hours, for operators.
    var days = DayBoard()
    var events: EventLog
    private var server: ControlServer?
    private var lock: JournalLock?
    private(set) var equity = EquitySeries()
    private var latest: EngineSnapshot?
    var isStopping = false
    /// ``stop(because:flattening:)`` has come to its end.
    public private(set) var hasStopped = false
    /// Over all records, computed once at the end.
    private var journalHash: String?
    var changedParameters: [String: [String: ExactDecimal]] = [:]
    /// Orders of whose end the venue has not told when the engine stopped, in words.
    public private(set) var unsettled: [String] = []
    /// A shutdown asked for through the control socket; whoever runs the engine acts on it.
    public internal(set) var wantsStop = StopWish.none
    /// How the run came to its end, for the report.
    private(set) var ending = "running"
    public nonisolated let run: String
    public nonisolated let started: Timestamp
    private nonisolated let openOrderGauge: OpenOrderGauge

    init(
        _ parts: EngineParts, lane: LaneThread, desk: CommandDesk,
        events: consuming RingConsumer<LaneEvent>,
        refusals: consuming RingConsumer<VenueRefusal>, builder: SnapshotBuilder,
        gatherer: TradeGatherer?
    ) {
        self.gatherer = gatherer
        configuration = parts.lane.configuration
        plan = parts.lane.plan
        facts = parts.lane.facts
        toldAccountLimits = parts.lane.facts.accountLimits
        let inherited = parts.lane.account.openOrders.map(\.createdTime).max()
        lastArrival = inherited.map { $0 + parts.lane.plan.configuration.arrivalWindow } ?? .unknown
        log = parts.lane.journal
        clock = parts.lane.clock
        run = parts.run
        started = parts.started
        lock = parts.lock
        logger = parts.logger
        credentials = parts.lane.credentials
        tls = parts.tls
        openOrderGauge = OpenOrderGauge(
            symbols: parts.lane.plan.instruments.map(\.symbol.text), board: builder.lane.board)
        self.lane = lane
        self.desk = desk
        sessionWatch = SessionWatch(parts.lane.plan.configuration.contexts)
        self.builder = builder
        audit = AccountAudit(
            parts.lane.plan.instruments, assetNames: parts.lane.plan.assets.map(\.text))
        limitBook = LimitBook(parts.lane.plan, halted: parts.lane.halted)
        self.events = EventLog(
            events, refusals, builder.lane.remarks, parts.lane.plan, parts.logger)
    }

    // MARK: - Control socket

    func openControl() async throws(StartFailure) {
        let audit = logger
        let server = ControlServer(path: configuration.controlSocket, target: self) { record in
            if record.isCommand { audit.notice("command", metadata: ["audit": "\(record.text)"]) }
        }
        do throws(SocketFailure) {
            try await server.start()
        } catch {
            throw .unusable(
                "the control socket \(configuration.controlSocket) cannot be used "
                    + "(control.socket): \(error)")
        }
        self.server = server
        ruleWatch = watchRules()
        accountWatch = watchAccount()
        contextWatch = watchContexts()
        gatherer?.start()
    }

    // MARK: - Watching

    /// The state now; also feeds the equity line.
    public func snapshotNow(includingBuckets: Bool = false) -> EngineSnapshot {
        builder.rejections = events.rejections
        let now = Timestamp(nanoseconds: clock.now())
        let snapshot = builder.build(
            now: now, isStopping: isStopping, journal: journalFigures(),
            includingBuckets: includingBuckets)
        equity.append(EquityPoint(time: now, value: snapshot.totals.pnlNet))
        latest = snapshot
        return snapshot
    }

    /// Writes what has happened on the lane to the log. Returns whether the lane still runs.
    public func drainEvents() -> Bool {
        logMachineNotes()
        logSessions()
        events.drain()
        claimForeignOrders(events.takeForeignOrders())
        if events.takeReconnect() { auditAfterReconnect() }
        return !lane.hasEnded
    }

    /// What the machine refused, once each; the rest only in the report.
    private func logMachineNotes() {
        for note in builder.lane.notes.take() where note.isRefusal {
            logger.warning("not as configured", metadata: ["detail": "\(note.text)"])
        }
    }

    /// Orders open as of the lane's last publication; read without waiting for the engine.
    public nonisolated var openOrders: OpenOrders { openOrderGauge.orders }

    /// Whether the lane trades: sessions up, nothing halted.
    public var isTrading: Bool {
        let summary = builder.lane.board.read().lane
        return summary.time != .unknown && summary.haltReasons == 0
    }

    // MARK: - Ending

    /// Cancels entries, ends the lane, syncs the journal, closes the socket.
    public func stop(because reason: String, flattening: Bool = false) async {
        if isStopping { return }
        isStopping = true
        ending = reason
        ruleWatch?.cancel()
        accountWatch?.cancel()
        contextWatch?.cancel()
        gatherer?.stop()
        logger.info("stopping", metadata: ["reason": "\(reason)"])
        let claimed = await claimedOrders()
        // Not all of the lane's own patience: once it has ended it lists no orders.
        let untilArrival = lastArrival.nanoseconds - clock.now() + 500_000_000
        let patience = max(configuration.timeouts.shutdown.count * 3 / 4, untilArrival)
        let answer = await desk.ask(
            .shutdown, value: flattening ? 1 : 0, patience: Nanoseconds(patience))
        if answer.map({ $0.cancelsConfirmed < $0.cancelsSent }) ?? true {
            await noteUnsettled()
        }
        await waitForLane()
        events.drain()
        let open = openOrders.without(claimed)
        if open.isEmpty { unsettled = [] }
        if !open.isEmpty, unsettled.isEmpty { unsettled = [open.description] }
        for order in unsettled {
            logger.error("order may still be open at the venue", metadata: ["order": "\(order)"])
        }
        await contextWatch?.value
        log.stop()
        journalHash = Self.hash(of: log.directory)
        await server?.stop()
        lock = nil
        hasStopped = true
    }

    /// Who ends without the venue's word on an order says which.
    private func noteUnsettled() async {
        let orders = await desk.openOrders() ?? []
        unsettled = orders.filter { !$0.id.isClaimed }.map { order in
            let instrument = plan.instruments[order.instrument.slot]
            let side = order.side == .buy ? "buy" : "sell"
            return "\(order.id.text) \(side) \(ExactDecimal(order.quantity, of: instrument)) "
                + "\(instrument.symbol.text) at \(ExactDecimal(order.price, of: instrument))"
        }
    }

    /// The hash of a closed journal; reads it once, which also verifies every record.
    private static func hash(of directory: String) -> String? {
        do throws(JournalFailure) {
            var reader = try JournalReader(directory: directory)
            while try reader.next() != nil {}
            return reader.hash.hexadecimal
        } catch {
            return nil
        }
    }

    private func waitForLane() async {
        let patience = max(
            configuration.timeouts.shutdown.count, lastArrival.nanoseconds - clock.now())
        let deadline = clock.now() + patience + 2_000_000_000
        while !lane.hasEnded, clock.now() < deadline {
            try? await Task.sleep(nanoseconds: 1_000_000)
        }
        if lane.hasEnded {
            lane.join()
        } else {
            logger.error("the lane did not end in time")
        }
    }

    /// Why the lane ended by itself, if it did.
    public var failure: StartFailure? { lane.failure }

    func setEnding(_ reason: String) { ending = reason }

    /// The exit report of the run; complete after ``stop(because:flattening:)``.
    public func report(versions: VersionFigures) -> ExitReport {
        let snapshot = snapshotNow(includingBuckets: true)
        let figures = RunFigures(
            identifier: run, mode: configuration.mode, venue: "binance_spot",
            configuration: configuration.file, strategies: snapshot.strategies, started: started,
            ended: Timestamp(nanoseconds: clock.now()), ending: ending,
            isDryRun: configuration.isDryRun)
        return ExitReport(
            RunReport(
                final: snapshot, run: figures, versions: versions,
                machine: MachineFigures(
                    MachineReport.read(), notes: builder.lane.notes.all.map(\.text)),
                equity: equity.points))
    }

    func journalFigures() -> JournalFigures {
        let status = log.status
        var figures = JournalFigures()
        figures.directory = status.directory
        figures.bytes = status.bytes
        figures.records = status.records
        figures.segment = status.segment
        figures.syncs = status.syncs
        figures.lagBytes = status.lagBytes
        figures.hash = journalHash
        return figures
    }
}
