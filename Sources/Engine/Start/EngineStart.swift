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

/// What a live engine is made from, on its way into the actor.
struct EngineParts {
    var lane: LaneParts
    var tls: TLSClientContext
    var run: String
    var started: Timestamp
    var logger: Logger
    var lock: JournalLock
}

extension LiveEngine {
    /// Starts an engine: keys, trust, the venue's facts, the journal, the lane, the control socket.
    ///
    /// In this order, so that nothing is left half-done: what fails early has touched nothing.
    /// Returns when the lane runs; it trades once its sessions are up. `program` is what it trades
    /// with; the configuration was read with its kinds.
    public static func start(
        _ configuration: RunConfiguration, environment: [String: String], logger: Logger,
        program: StrategyProgram = .builtIn
    ) async throws -> LiveEngine {
        guard configuration.lanes.count == 1 else {
            throw ConfigurationFailure([
                configuration.source.section("topology").problem(
                    "lanes", "found \(configuration.lanes.count), accepted: one in this version")
            ])
        }
        let clock = TSCClock.calibrated()
        let started = Timestamp(nanoseconds: clock.now())
        let lock = try JournalLock(directory: configuration.runsDirectory)
        if !configuration.allowsCoreDumps { ProcessMemory.forbidDumps() }
        let credentials = try Credentials.load(
            configuration.credentials, environment: environment)
        let tls = try trust(configuration)
        var spot = spotConfiguration(configuration, credentials, seed: UInt64(started.nanoseconds))
        var inquiry = try inquiry(configuration, credentials, tls, clock, logger)
        var facts = try facts(&inquiry, configuration)
        for remark in facts.remarks { logger.notice("venue", metadata: ["remark": "\(remark)"]) }
        let epoch = JournalRuns.epoch(in: configuration.journal.directory, at: started)
        let plan = try TradingPlan(configuration, facts, kinds: program.kinds, epoch: epoch)
        try inquiry.addHistory(plan.history, to: &facts)
        facts.tapes = plan.tapes(at: Timestamp(nanoseconds: clock.now() + facts.clockOffset))
        spot.rateLimits = facts.rateLimits
        if configuration.venue.candles == .klines {
            spot.candleIntervals = try plan.candleLengths.filter(VenueInquiry.hasCandles).map {
                try VenueInquiry.name(of: $0)
            }
        }
        let identity = AccountIdentity(
            configuration, keyText: credentials.key.revealed, number: facts.accountNumber)
        let earlier =
            configuration.reconciliation.takesOver
            ? try EarlierRuns.newest(
                in: configuration.journal.directory, of: identity) : nil
        var reconciliation = Reconciliation(
            plan, facts, configuration.reconciliation, isDryRun: configuration.isDryRun)
        let account = try reconciliation.reconcile(earlier, &inquiry)
        reconciliation.report.log(to: logger)
        let journal = try openJournal(configuration, epoch, started)
        let text = JournaledConfiguration.text(of: configuration, environment: environment)
        let parts = EngineParts(
            lane: LaneParts(
                configuration: configuration, plan: plan, facts: facts, spot: spot,
                credentials: credentials, tls: tls, journal: journal,
                endpoints: try endpoints(spot),
                heartbeat: try heartbeat(configuration), clock: clock,
                account: account, identity: identity.name, halted: reconciliation.report.halted,
                text: Array(text.utf8)),
            tls: tls, run: String(format: "%06x", epoch), started: started, logger: logger, lock: lock)
        let engine = try launch(program, parts)
        do {
            try await engine.openControl()
        } catch {
            await engine.stop(because: "no control socket")
            throw error
        }
        await engine.claimForeignOrders(reconciliation.report.foreignOrders)
        return engine
    }

    /// Makes the rings and the lane's thread, and the actor around them.
    private static func launch(
        _ program: StrategyProgram, _ parts: EngineParts
    ) throws -> LiveEngine {
        let instruments = LaneInstruments(
            instrumentCount: parts.lane.plan.instruments.count,
            assetCount: parts.lane.plan.assets.count,
            contextCount: parts.lane.plan.configuration.contexts.entries.count)
        let own = parts.lane.configuration.lanes[0]
        lockMemory(own, instruments.notes)
        let tables = LaneTables.make(own, parts.lane.plan, instruments.notes)
        let place = LaneTables.place(in: tables)
        let commands = MPSCRing.make(
            of: Command.self, capacity: LaneTables.commandCapacity, in: place)
        let answers = SPSCRing.make(
            of: CommandAnswer.self, capacity: LaneTables.answerCapacity, in: place)
        let events = SPSCRing.make(
            of: LaneEvent.self, capacity: LaneTables.eventCapacity, in: place)
        let listings = SPSCRing.make(
            of: OrderListing.self, capacity: LaneTables.listingCapacity, in: place)
        let refusals = SPSCRing.make(
            of: VenueRefusal.self, capacity: LaneTables.refusalCapacity, in: place)
        let history = SPSCRing.make(
            of: HistoricTrade.self, capacity: LaneTables.historyCapacity, in: place)
        let producer = commands.producer
        let answerEnd = answers.consumer
        let eventEnd = events.consumer
        let listingEnd = listings.consumer
        let refusalEnd = refusals.consumer
        let gauges: [(name: String, gauge: RingGauge)] = [
            ("commands", producer.gauge), ("answers", answerEnd.gauge),
            ("events", eventEnd.gauge), ("listings", listingEnd.gauge),
        ]
        let ends = LaneEnds(
            commands: commands.consumer, answers: answers.producer, events: events.producer,
            listings: listings.producer, refusals: refusals.producer, history: history.consumer)
        let lane = try LaneThread(program, parts.lane, ends, instruments, tables)
        instruments.notes.add(lane.placement)
        let machine = machineLine(lane.placement)
        let builder = SnapshotBuilder(
            plan: parts.lane.plan, lane: instruments, gauges: gauges, run: parts.run,
            mode: parts.lane.configuration.mode,
            isDryRun: parts.lane.configuration.isDryRun, started: parts.started, machine: machine)
        let desk = CommandDesk(
            producer: producer, answers: answerEnd, listings: listingEnd,
            clock: parts.lane.clock)
        let gatherer =
            parts.lane.facts.tapes.isEmpty
            ? nil : TradeGatherer(parts, history.producer, board: instruments.board)
        return LiveEngine(
            parts, lane: lane, desk: desk, events: eventEnd, refusals: refusalEnd,
            builder: builder, gatherer: gatherer)
    }

    // MARK: - Steps

    private static func lockMemory(_ lane: LaneConfiguration, _ notes: MachineNotes) {
        guard lane.locksMemory else { return }
        do throws(ProcessMemory.LockRefusal) {
            try ProcessMemory.lock()
            notes.add("memory is locked")
        } catch {
            notes.add("\(error)", isRefusal: true)
        }
    }

    /// The venue's facts, or what of the file it objects to.
    private static func facts(
        _ inquiry: inout VenueInquiry, _ configuration: RunConfiguration
    ) throws(StartFailure) -> VenueFacts {
        let symbols = configuration.lanes[0].instruments
        do throws(StartFailure) {
            var facts = try inquiry.ask(symbols: symbols)
            try inquiry.addCommissions(to: &facts)
            return facts
        } catch {
            if case .refused(_, _, -1121, _) = error {
                let unknown = try inquiry.unknown(among: symbols)
                if !unknown.isEmpty { throw .configuration(configuration.refusal(of: unknown)) }
            }
            throw configuration.explained(error)
        }
    }

    static func trust(_ configuration: RunConfiguration) throws -> TLSClientContext {
        do throws(TLSFailure) {
            let file = configuration.authorityFile
            return try TLSClientContext(
                authorityFile: file.isEmpty ? nil : file,
                records: TLSRecordSettings(layer: configuration.recordLayer))
        } catch {
            throw ConfigurationFailure([
                configuration.source.section("tls").problem(
                    "ca_file",
                    "\(configuration.authorityFile) \(authorityTrouble(configuration, error))")
            ])
        }
    }

    private static func authorityTrouble(
        _ configuration: RunConfiguration, _ failure: TLSFailure
    ) -> String {
        if FileManager.default.fileExists(atPath: configuration.authorityFile) {
            return "\(failure)"
        }
        return configuration.mode == .emulated
            ? "is not there; the exchange makes it: apus exchange --config FILE"
            : "is not there; accepted: a PEM file of trusted certificates"
    }

    static func spotConfiguration(
        _ configuration: RunConfiguration, _ credentials: Credentials, seed: UInt64
    ) -> SpotConfiguration {
        let hosts = configuration.venue.environment.hosts
        func endpoint(_ own: VenueEndpoint) -> SpotConfiguration.Endpoint {
            SpotConfiguration.Endpoint(host: own.host, port: own.port)
        }
        var spot = SpotConfiguration(
            rest: endpoint(hosts.rest), streams: endpoint(hosts.streams),
            binaryStreams: endpoint(hosts.binaryStreams),
            webSocketAPI: endpoint(hosts.webSocketAPI), apiKey: credentials.key.revealed)
        spot.receiveWindow = Int(configuration.venue.receiveWindow.count / 1_000_000)
        spot.strategyType = configuration.venue.strategyType
        spot.usesAggregateTrades = configuration.venue.trades == .aggregate
        spot.marketEncoding = configuration.venue.marketEncoding == .sbe ? .binary : .json
        spot.ordersEncoding = configuration.venue.ordersEncoding == .sbe ? .binary : .json
        spot.depthMilliseconds = Int(configuration.venue.depthInterval.count / 1_000_000)
        spot.snapshotLevels = snapshotLevels(of: configuration.lanes[0].instruments.count)
        spot.limits.connectTimeout = configuration.timeouts.connect.count
        spot.limits.handshakeTimeout = configuration.timeouts.handshake.count
        spot.limits.pingInterval = configuration.timeouts.pingInterval.count
        spot.limits.silenceTimeout = configuration.timeouts.silence.count
        spot.limits.responseTimeout = configuration.timeouts.request.count
        spot.streamPatience = configuration.timeouts.streamSilence.count
        spot.connectionAge = configuration.timeouts.connectionAge.count
        spot.backlogBytes = Int(configuration.lanes[0].reliefBacklog)
        spot.backoffBase = configuration.timeouts.reconnectMinimum.count
        spot.backoffCap = configuration.timeouts.reconnectMaximum.count
        spot.orderEntry =
            switch configuration.venue.orderEntry {
            case .webSocket: .webSocket
            case .closingOverREST: .closingOverREST
            case .everythingOverREST: .everythingOverREST
            }
        spot.fallbackPatience = configuration.venue.orderPatience.count
        // The reconciliation has seen to them, ours and others' apart.
        spot.cancelsLeftovers = false
        spot.isDryRun = configuration.isDryRun
        spot.recordsFrames = configuration.journal.record == .frames
        spot.seed = seed
        return spot
    }

    /// Levels a side that snapshots of so many instruments ask for. A lost connection takes one of
    /// each: two losses within a minute must fit into the weight that market data may use.
    private static func snapshotLevels(of instruments: Int) -> Int { instruments > 30 ? 500 : 1_000 }

    static func inquiry(
        _ configuration: RunConfiguration, _ credentials: Credentials, _ tls: TLSClientContext,
        _ clock: TSCClock, _ logger: Logger
    ) throws -> VenueInquiry {
        let conversation = try RESTConversation(
            endpoint: configuration.venue.environment.hosts.rest, tls: tls, clock: clock,
            timeout: configuration.timeouts.request.count, maskSeed: 1)
        return VenueInquiry(
            conversation: conversation, clock: clock, apiKey: credentials.key.revealed,
            signer: try credentials.signer(),
            receiveWindow: Int(configuration.venue.receiveWindow.count / 1_000_000),
            logger: logger)
    }

    /// A dry run guards no orders: it leaves alone the file that tells of the engine that does.
    private static func heartbeat(
        _ configuration: RunConfiguration
    ) throws(StartFailure) -> Heartbeat {
        let path = configuration.watchdog.heartbeat
        return try Heartbeat(path: configuration.isDryRun ? path + ".dry-run" : path)
    }

    static func openJournal(
        _ configuration: RunConfiguration, _ epoch: UInt32, _ started: Timestamp
    ) throws -> Journal {
        let own = configuration.journal
        // A directory a run: a replay and a report mean one run.
        let runs = configuration.runsDirectory
        let directory = JournalRuns.newPath(in: runs, at: started)
        JournalRuns.retain(
            in: runs, bytes: own.retentionBytes, age: own.retentionAge, now: started)
        var options = JournalOptions()
        options.segmentBytes = Int(own.segmentBytes)
        options.syncInterval = own.syncInterval
        options.retentionBytes = own.retentionBytes
        options.retentionAge = own.retentionAge
        do throws(JournalFailure) {
            return try Journal(
                directory: directory, lane: 0, epoch: epoch, options: options)
        } catch {
            throw StartFailure.unusable(
                "the journal in \(directory) cannot be written (journal.directory): \(error)")
        }
    }

    static func endpoints(_ spot: SpotConfiguration) throws -> [SocketAddress] {
        try (0..<SpotLink.count).map { link in
            let endpoint = spot.endpoint(link)
            do throws(WireFailure) {
                let found = try SocketAddress.resolve(host: endpoint.host, port: endpoint.port)
                // Loopback servers listen on IPv4 by default.
                if let address = found.first(where: { !$0.isIPv6 }) ?? found.first {
                    return address
                }
                throw WireFailure.hostNotFound
            } catch {
                throw StartFailure.unreachable(
                    endpoint: "\(endpoint.host):\(endpoint.port)", cause: "\(error)")
            }
        }
    }

    private static func machineLine(_ placement: ThreadPlacement) -> String {
        let report = MachineReport.read()
        let core = placement.core.map { "core \($0)" } ?? "no core of its own"
        let priority =
            placement.realTimePriority.map { "real-time \($0)" } ?? "ordinary priority"
        let machine = "\(report.processor), \(report.coreCount) cores, Linux \(report.kernel)"
        return machine + "; lane on \(core), \(priority)"
    }
}
