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
    var run: String
    var started: Timestamp
    var logger: Logger
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
            throw StartFailure.missing(
                "topology names \(configuration.lanes.count) lanes; this version runs one")
        }
        let clock = TSCClock.calibrated()
        let started = Timestamp(nanoseconds: clock.now())
        let credentials = try Credentials.load(
            configuration.credentials, environment: environment)
        let tls = try trust(configuration)
        let spot = spotConfiguration(configuration, credentials, seed: UInt64(started.nanoseconds))
        var inquiry = try inquiry(configuration, credentials, tls, clock)
        var facts = try inquiry.ask(symbols: configuration.lanes[0].instruments)
        for remark in facts.remarks { logger.notice("venue", metadata: ["remark": "\(remark)"]) }
        // Seconds since 2024 fit 24 bits for half a year each turn: unique enough beside the
        // venue's rule, which is uniqueness among open orders.
        let epoch = UInt32(truncatingIfNeeded: started.nanoseconds / 1_000_000_000) & 0xFF_FFFF
        let plan = try TradingPlan(configuration, facts, kinds: program.kinds, epoch: epoch)
        try inquiry.addHistory(plan.history, to: &facts)
        let journal = try openJournal(configuration, epoch, started)
        let text = JournaledConfiguration.text(of: configuration, environment: environment)
        let parts = EngineParts(
            lane: LaneParts(
                configuration: configuration, plan: plan, facts: facts, spot: spot,
                credentials: credentials, tls: tls, journal: journal,
                endpoints: try endpoints(spot), clock: clock, text: Array(text.utf8)),
            run: String(format: "%06x", epoch), started: started, logger: logger)
        let engine = try launch(program, parts)
        try await engine.openControl()
        return engine
    }

    /// Makes the rings and the lane's thread, and the actor around them.
    private static func launch(
        _ program: StrategyProgram, _ parts: EngineParts
    ) throws -> LiveEngine {
        let commands = MPSCRing.make(of: Command.self, capacity: 256)
        let answers = SPSCRing.make(of: CommandAnswer.self, capacity: 256)
        let events = SPSCRing.make(of: LaneEvent.self, capacity: 16_384)
        let listings = SPSCRing.make(of: OrderListing.self, capacity: 8_192)
        let refusals = SPSCRing.make(of: VenueRefusal.self, capacity: 64)
        let producer = commands.producer
        let answerEnd = answers.consumer
        let eventEnd = events.consumer
        let listingEnd = listings.consumer
        let refusalEnd = refusals.consumer
        let gauges: [(name: String, gauge: RingGauge)] = [
            ("commands", producer.gauge), ("answers", answerEnd.gauge),
            ("events", eventEnd.gauge), ("listings", listingEnd.gauge),
        ]
        let instruments = LaneInstruments(instrumentCount: parts.lane.plan.instruments.count)
        let ends = LaneEnds(
            commands: commands.consumer, answers: answers.producer, events: events.producer,
            listings: listings.producer, refusals: refusals.producer)
        let lane = try LaneThread(program, parts.lane, ends, instruments)
        let machine = machineLine(lane.placement)
        let builder = SnapshotBuilder(
            plan: parts.lane.plan, lane: instruments, gauges: gauges, run: parts.run,
            mode: parts.lane.configuration.mode, started: parts.started, machine: machine)
        let desk = CommandDesk(
            producer: producer, answers: answerEnd, listings: listingEnd,
            clock: parts.lane.clock)
        return LiveEngine(
            parts, lane: lane, desk: desk, events: eventEnd, refusals: refusalEnd, builder: builder)
    }

    // MARK: - Steps

    static func trust(_ configuration: RunConfiguration) throws -> TLSClientContext {
        do throws(TLSFailure) {
            let file = configuration.authorityFile
            return try TLSClientContext(
                authorityFile: file.isEmpty ? nil : file,
                records: TLSRecordSettings(layer: configuration.recordLayer))
        } catch {
            throw StartFailure.missing(
                "the certificate authority file \(configuration.authorityFile): \(error)")
        }
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
            webSocketAPI: endpoint(hosts.webSocketAPI), apiKey: credentials.key.revealed)
        spot.receiveWindow = Int(configuration.venue.receiveWindow.count / 1_000_000)
        spot.usesAggregateTrades = configuration.venue.trades == .aggregate
        spot.depthMilliseconds = Int(configuration.venue.depthInterval.count / 1_000_000)
        spot.limits.connectTimeout = configuration.timeouts.connect.count
        spot.limits.handshakeTimeout = configuration.timeouts.handshake.count
        spot.limits.pingInterval = configuration.timeouts.pingInterval.count
        spot.limits.silenceTimeout = configuration.timeouts.silence.count
        spot.limits.responseTimeout = configuration.timeouts.request.count
        spot.backoffBase = configuration.timeouts.reconnectMinimum.count
        spot.backoffCap = configuration.timeouts.reconnectMaximum.count
        spot.recordsFrames = configuration.journal.record == .frames
        spot.seed = seed
        return spot
    }

    private static func inquiry(
        _ configuration: RunConfiguration, _ credentials: Credentials, _ tls: TLSClientContext,
        _ clock: TSCClock
    ) throws -> VenueInquiry {
        let conversation = try RESTConversation(
            endpoint: configuration.venue.environment.hosts.rest, tls: tls, clock: clock,
            timeout: configuration.timeouts.request.count, maskSeed: 1)
        return VenueInquiry(
            conversation: conversation, clock: clock, apiKey: credentials.key.revealed,
            signer: try credentials.signer(),
            receiveWindow: Int(configuration.venue.receiveWindow.count / 1_000_000))
    }

    static func openJournal(
        _ configuration: RunConfiguration, _ epoch: UInt32, _ started: Timestamp
    ) throws -> Journal {
        let own = configuration.journal
        // A directory a run: a replay and a report mean one run.
        let directory = "\(own.directory)/run-\(started.nanoseconds / 1_000_000_000)"
        JournalRuns.retain(
            in: own.directory, bytes: own.retentionBytes, age: own.retentionAge, now: started)
        var options = JournalOptions()
        options.segmentBytes = Int(own.segmentBytes)
        options.syncInterval = own.syncInterval
        options.retentionBytes = own.retentionBytes
        options.retentionAge = own.retentionAge
        do throws(JournalFailure) {
            return try Journal(
                directory: directory, lane: 0, epoch: epoch, options: options)
        } catch {
            throw StartFailure.machine("the journal in \(directory): \(error)")
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
