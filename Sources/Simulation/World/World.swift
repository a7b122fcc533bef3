import Emulator
import Engine
import Foundation
import Journal
import MarketModel
import TickToTrade
import Wire

/// The engine and the exchange in one process under one clock, everything open decided by a seed.
///
/// ``step()`` goes to the next moment at which anything can happen and lets both sides run. Only
/// the sockets, the clock and the name of the venue are not the product's.
final class World {
    typealias EngineLane = SimulatedLane<SimulatedTransport, SimulatedStrategies>

    let plan: SimulationPlan
    /// Nanoseconds; 0: a turn for every event.
    private let turnInterval: Int64
    let seed: UInt64
    let faults: FaultSource
    let network: SimulatedNetwork
    let interference: FaultyExchange
    let exchange: SimulatedExchange<SimulatedTransport>
    let diary: Diary
    let disk: SimulatedDisk
    private let fixtures: SimulationFixtures
    private let configuration: RunConfiguration
    private let environment: [String: String]
    let folder: String
    var random: SeededRandom

    /// The world's time; the engine's and the exchange's clocks are wrong about it.
    var now = Surroundings.start
    var machineClock = SimulatedClock()
    var exchangeClock = SimulatedClock()
    private var engineClock = FollowingClock(at: Surroundings.start)
    private var lastEngineTurn = Surroundings.start

    var lane: EngineLane?
    /// Journals of the engine's lives so far, oldest first.
    private(set) var journals: [String] = []
    /// When a dead engine is started again.
    var nextStart = Int64.max
    /// The record that the engine will not survive, and how it dies.
    var fatalRecord: (sequence: UInt64, isTorn: Bool)?
    var exchangeDownUntil: Int64?
    var restartLosesOrders = false
    /// What is to be done later, and when.
    var agenda: [(due: Int64, task: Errand)] = []
    var nextRoll = Surroundings.start
    /// When the thread beside the lane looks for trades that are missing.
    private var nextGathering = Surroundings.start
    var nextAudit = Surroundings.start
    /// When the journal's thread has its next turn; later than now while the disk makes it wait.
    var nextJournalTurn = Surroundings.start
    /// Until when nobody reads what the lane tells the outer ring.
    var readersStuckUntil = Surroundings.start
    /// The limit that an operator sets next; `nil` before the first.
    var limitTurn: Int?
    /// Orders that the last audit found at the exchange and not with the engine.
    var strays: Set<String> = []
    /// Faults are over and everything is to come to rest: nobody resumes anything.
    var isResting = false
    private(set) var steps = 0
    /// Steps since time last went on.
    private var stepsAtOnce = 0
    /// All there is of each asset, which never changes.
    let totals: [(asset: String, total: Int128)]
    /// Records that all lives but the present one have journaled.
    private var earlierRecords: UInt64 = 0
    var watch: StepWatch
    let outages: OutageWatch
    /// Instruments whose money was compared with the exchange's to the last unit.
    var moneyComparisons = 0
    /// Every public trade of each symbol, also those that the exchange has forgotten.
    var tapes = Surroundings.symbols.map { _ in [Trade]() }
    var archive = ArchiveRecord(markets: Surroundings.symbols.count)
    /// Market contexts that were compared with those of the whole tape.
    var contextComparisons = 0

    /// Orders that were ever asked for.
    var queried: QueriedOrders {
        var orders = QueriedOrders()
        for journal in journals {
            do throws(JournalFailure) {
                try orders.read(journal)
            } catch {
                diary.violate("a journal cannot be read: \(error)")
            }
        }
        return orders
    }

    /// Something that happens later.
    enum Errand {
        case resume, openSymbol(String), settleClock, serveAPI
        case freeDisk, halt
        /// What of an asset the owner has locked.
        case freeFunds(String, Int64)
        /// To what is configured.
        case restoreLimit(RiskLimitKey, InstrumentIndex, StrategyIndex)
        /// The owner cancels all of a symbol when one of its orders is partly filled, or at last.
        case cancelPartlyFilled(Int, until: Int64)
    }

    init(
        _ plan: SimulationPlan, seed: UInt64, fixtures: SimulationFixtures, folder: String
    ) throws {
        self.plan = plan
        turnInterval = Int64((plan.turnInterval ?? 0) * 1_000)
        self.seed = seed
        self.fixtures = fixtures
        self.folder = folder
        let diary = Diary(start: Surroundings.start)
        self.diary = diary
        random = SeededRandom(seed: seed)
        let outages = OutageWatch(limit: plan.outage.map { Int64($0 * 1e9) })
        self.outages = outages
        let faults = FaultSource(plan, seed: random.next()) { kind in
            diary.note("fault \(kind.name)")
            outages.strike(at: diary.now)
        }
        self.faults = faults
        disk = SimulatedDisk(faults)
        let network = SimulatedNetwork(
            latency: Int64(plan.latency * 1_000), faults: faults, ports: Surroundings.ports)
        self.network = network
        network.now = now
        interference = FaultyExchange(faults)
        let access = Surroundings.Access(plan, seed: seed)
        exchange = try SimulatedExchange(
            configuration: Surroundings.exchange(
                plan, seed: random.next(), logsOn: access.logsOn), at: now,
            interference: interference
        ) { () throws(WireFailure) in SimulatedTransport(network, .exchange) }
        let exchange = self.exchange
        totals = Surroundings.assets.map { ($0, exchange.total(of: $0)) }
        environment = try Surroundings.environment(logsOn: access.logsOn, folder: folder)
        var configuration = try Surroundings.configuration(
            plan, seed: random.next(), access: access, folder: folder, environment: environment)
        // Every connection is renewed during a run, which a real one lives to see once a day.
        configuration.timeouts.connectionAge = .seconds(7)
        if plan.keepsWarm == true { configuration.lanes[0].keepWarm = Nanoseconds(1) }
        self.configuration = configuration
        watch = StepWatch(symbols: Surroundings.symbols.count)
        // Real clocks drift: here by up to a hundred millionths either way.
        machineClock.run(
            fast: Int64(random.next() % 201) - 100, at: now, since: Surroundings.start)
        exchangeClock.run(
            fast: Int64(random.next() % 201) - 100, at: now, since: Surroundings.start)
        start()
    }

    // MARK: - Time

    /// Events that the engine has journaled, in all its lives.
    var engineEvents: UInt64 { earlierRecords + (lane?.sequence ?? 0) }

    /// Goes on to the next moment at which something happens.
    func step() {
        steps += 1
        let moment = turn(atOrAfter: max(now, min(nextMoment, now + 20_000_000)))
        stepsAtOnce = moment == now ? stepsAtOnce + 1 : 0
        if stepsAtOnce > 10_000 { diary.violate("time stands still") }
        advance(to: moment)
        runAgenda()
        turnExchange()
        turnEngine()
        auditOrders()
        if outages.isJudged, let violation = outages.look(isTrading: isTrading, at: now) {
            diary.violate("\(violation): \(obstacle)")
        }
    }

    /// Goes on without the engine, which waits for an answer or is down.
    func passWithoutEngine(until time: Int64) {
        while now < time {
            advance(to: min(time, max(now + 1_000, exchangeMoment)))
            turnExchange()
        }
    }

    /// When both sides have their next turn: at once, or at the next of the plan's.
    private func turn(atOrAfter moment: Int64) -> Int64 {
        let late = moment == now || turnInterval == 0 ? 0 : (moment - Surroundings.start) % turnInterval
        return late == 0 ? moment : moment + turnInterval - late
    }

    private func advance(to time: Int64) {
        now = time
        network.now = now
        diary.now = now
    }

    private var nextMoment: Int64 {
        var next = min(exchangeMoment, nextStart, nextRoll)
        if let task = agenda.first { next = min(next, task.due) }
        if let lane {
            if let due = network.nextDue(.engine) { next = min(next, due) }
            // A lane's slow half looks around once a millisecond: no deadline is sooner.
            let soonest = lastEngineTurn + 1_000_000
            if next > soonest {
                next = min(next, max(now + lane.nextDeadline - engineNow, soonest))
            }
        }
        return next
    }

    private var exchangeMoment: Int64 {
        if let exchangeDownUntil { return exchangeDownUntil }
        let ahead = exchange.nextDeadline - exchangeNow
        var next = max(now + ahead, now)
        if let due = network.nextDue(.exchange) { next = min(next, due) }
        if let due = interference.nextDue { next = min(next, now + max(due - exchangeNow, 0)) }
        return next
    }

    var exchangeNow: Int64 { exchangeClock.reading(now, since: Surroundings.start) }
    private var shownAt = Surroundings.start
    private(set) var engineNow = Surroundings.start

    /// The engine's clock follows the machine's; whether it has just jumped.
    func readEngineClock() -> Bool {
        let system = machineClock.reading(now, since: Surroundings.start)
        let shown = engineClock.show(system, elapsed: now - shownAt)
        shownAt = now
        engineNow = max(shown.now, engineNow)
        return shown.hasJumped
    }

    // MARK: - Both sides

    private func turnExchange() {
        if let until = exchangeDownUntil {
            if now < until { return }
            exchangeDownUntil = nil
            noteTrades()
            diary.note("the exchange is back")
            do {
                try exchange.restart(at: exchangeNow, losesOrders: restartLosesOrders)
            } catch {
                preconditionFailure("the exchange's own record is readable: \(error)")
            }
        }
        interference.now = exchangeNow
        if exchangeMoment > now, exchange.isAtRest(at: exchangeNow) { return }
        exchange.turn(at: exchangeNow)
        noteTrades()
        if interference.hasSaidDepth {
            interference.hasSaidDepth = false
            watch.noteBooks(of: exchange)
        }
    }

    private func turnEngine() {
        if lane == nil {
            if now >= nextStart { start() }
            return
        }
        let hasJumped = readEngineClock()
        lastEngineTurn = now
        if let lane, now >= nextGathering {
            nextGathering = now + 1_000_000
            gatherHistory(for: lane)
        }
        if let lane, !lane.turn(at: engineNow, hasJumped: hasJumped) {
            diary.violate("the lane does not come to rest")
        }
        if let fatalRecord, let sequence = lane?.sequence, sequence > fatalRecord.sequence {
            return die(behind: fatalRecord.sequence, isTorn: fatalRecord.isTorn)
        }
        if lane?.isFinished ?? false { return end() }
        if now >= nextJournalTurn, let journal = lane?.journal {
            nextJournalTurn = now + 2_000_000
            journal.turn(now: Timestamp(nanoseconds: engineNow))
        }
        if now >= readersStuckUntil { lane?.readOutput() }
        if let lane, let violation = watch.look(at: lane, interference) { diary.violate(violation) }
        lookAtContexts()
    }

    // MARK: - The engine's life

    /// Starts the engine, as a service manager does, and again after a second when it fails.
    private func start() {
        _ = readEngineClock()
        let settings = EngineLane.Settings(
            configuration: configuration, environment: environment,
            seed: random.next(), journals: folder + "/journal",
            journal: Surroundings.journal(plan, disk))
        nextStart = .max
        do {
            let lane = try EngineLane(
                settings, fixtures, desk: Desk(self),
                transport: SimulatedTransport(network, .engine))
            self.lane = lane
            journals.append(lane.journal.directory)
            diary.note("the engine is up, journal \(journals.count - 1)")
            if let record = plan.crashAt, journals.count == 1 { doom(behind: record) }
        } catch {
            diary.note("the engine does not start: \(error)")
            nextStart = now + 1_000_000_000
        }
    }

    /// The process ends between two instructions: what is journaled is all that is left.
    private func die(behind sequence: UInt64, isTorn: Bool) {
        fatalRecord = nil
        network.isFatal = nil
        earlierRecords += sequence
        lane = nil
        do throws(JournalFailure) {
            try JournalCut.after(sequence, in: journals[journals.count - 1], tearing: isTorn)
        } catch {
            diary.violate("the journal of a crashed engine cannot be cut: \(error)")
        }
        network.resetAll(of: .engine)
        diary.note("the engine has crashed behind record \(sequence)")
        nextStart = now + 20_000_000 + Int64(random.next() % 1_000_000_000)
    }

    /// The engine has shut down in order.
    private func end() {
        fatalRecord = nil
        network.isFatal = nil
        earlierRecords += lane?.sequence ?? 0
        lane = nil
        network.resetAll(of: .engine)
        diary.note("the engine has shut down")
        nextStart = now + 50_000_000
    }

    /// Arms a crash some records ahead.
    func doom(after records: UInt64, isTorn: Bool) {
        guard fatalRecord == nil, let lane else { return }
        doom(behind: lane.sequence + records, isTorn: isTorn)
    }

    /// The engine does not survive this record of its present life.
    private func doom(behind sequence: UInt64, isTorn: Bool = false) {
        guard let journal = lane?.journal else { return }
        fatalRecord = (sequence, isTorn)
        network.isFatal = { journal.status.sequence > sequence }
    }

    /// Lets the engine's life end here, for the final look at its journal.
    func closeBooks() {
        earlierRecords += lane?.sequence ?? 0
        lane = nil
        nextStart = .max
    }
}

/// The venue's REST in the world's own time, for the engine's start.
private final class Desk: VenueDesk {
    private let world: World

    init(_ world: World) { self.world = world }

    var now: Int64 { world.engineNow }

    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
        wait(world.network.latency)
        if world.exchangeDownUntil != nil {
            throw .unreachable(endpoint: "exchange", cause: "down")
        }
        var answer = world.exchange.ask(
            method, target, key: Surroundings.apiKey, at: world.exchangeNow)
        let isAnswered = world.interference.change(&answer, to: target) && answer.raw == nil
        wait(world.network.latency)
        if !isAnswered { throw .unreachable(endpoint: "exchange", cause: "no answer") }
        let patience = answer.fields.first { $0.0 == "Retry-After" }.flatMap { Int($0.1) }
        return VenueAnswer(status: answer.status, body: answer.body, retryAfter: patience)
    }

    func pause(_ duration: Nanoseconds) { wait(duration.count) }

    private func wait(_ nanoseconds: Int64) {
        world.passWithoutEngine(until: world.now + nanoseconds)
        _ = world.readEngineClock()
    }
}
