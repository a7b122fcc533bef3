import Journal
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

/// What a duty cycle leaves for the slow half of the lane.
@frozen
public enum CycleOutcome: UInt8, BitwiseCopyable, Sendable {
    case busy = 0
    case idle = 1
    /// A connection changed, or a message needs work that may allocate.
    case needsCold = 2
}

/// One trading thread: everything from received bytes to sent bytes, run to completion.
///
/// ``cycle()`` is the hot half: it neither allocates nor locks nor counts references, which the
/// compiler proves at the roots at the end of this file and at other modules' ``LaneRoots``. It is
/// one file because the proof sees through generic code only within a file in debug builds, and
/// `@inlinable` so that whichever module names the strategies has it specialised for them.
public struct Lane<Wires: Transport & ~Copyable, Strategies: StrategySet & ~Copyable>: ~Copyable {
    @usableFromInline let place = InPlace()
    @usableFromInline var transport: Wires
    @usableFromInline var session: SpotSession
    @usableFromInline var loop: TradeLoop<Strategies>
    @usableFromInline var journal: JournalWriter
    @usableFromInline var clock: TSCClock
    @usableFromInline var commands: MPSCConsumer<Command>
    @usableFromInline var answers: RingProducer<CommandAnswer>
    @usableFromInline var events: RingProducer<LaneEvent>
    @usableFromInline var listings: RingProducer<OrderListing>
    @usableFromInline var refusals: RingProducer<VenueRefusal>
    @usableFromInline var history: RingConsumer<HistoricTrade>
    @usableFromInline let latencies: UnsafeMutablePointer<LatencyHistogram>
    @usableFromInline let counters: UnsafeMutablePointer<Counter>
    @usableFromInline let board: StatusBoard
    @usableFromInline let remarks: RemarkBoard
    @usableFromInline let heartbeat: Heartbeat

    /// Transport slot of each link, -1 while there is none.
    @usableFromInline var slots: InlineArray<6, Int>
    /// The event that the cold half goes on with, and its link.
    @usableFromInline var held: SocketEvent?
    @usableFromInline var heldLink = -1
    @usableFromInline var heldRecord = HeldRecord.none
    /// When each request was handed to the kernel, by its number.
    @usableFromInline let sentTicks: UnsafeMutablePointer<UInt64>
    /// Sealed, and not yet handed to the kernel; empty between two decisions.
    @usableFromInline var sealed = SealedBatch()
    /// When the last cancel was handed to the kernel.
    @usableFromInline var lastCancel = Timestamp.unknown
    /// Where a record lies while the journal copies it.
    @usableFromInline let staging: UnsafeMutableRawPointer
    @inlinable static var sentMask: UInt64 { 4095 }
    @usableFromInline var now = Timestamp.unknown
    @usableFromInline var nextTurn = Timestamp.unknown
    @usableFromInline var lastMessages: InlineArray<6, Int64>
    /// The command that asked for the open orders, 0 for none.
    @usableFromInline var listing: UInt64 = 0
    @usableFromInline var hasOrders = false
    /// Books that the journal has refused a diff of, a bit each: a replay cannot follow them.
    @usableFromInline var lostBooks: UInt64 = 0
    /// The core is woken no earlier while all there is is the journal's reserve.
    @usableFromInline var nextScarceTimer = Timestamp.unknown
    @usableFromInline let snapshotMemory: UnsafeMutableRawPointer
    /// Names of assets and strategies, for the journal.
    @usableFromInline let names: [(JournalName, [UInt8])]
    /// The segment that last got instruments and names.
    @usableFromInline var describedSegment: Int64 = -1
    @usableFromInline var nextSnapshot = Timestamp.unknown
    @usableFromInline var snapshotSequence: UInt64 = 0
    /// What it does while there is nothing to do.
    @usableFromInline let warmth: UnsafeMutablePointer<KeepWarm>
    // The slow half's own.
    @usableFromInline let endpoints: [SocketAddress]
    @usableFromInline let shutdownPatience: Nanoseconds
    @usableFromInline var nextPublication = Timestamp.unknown
    @usableFromInline var nextResync = Timestamp.unknown
    @usableFromInline var stopDeadline = Timestamp.never
    @usableFromInline var isStopping = false
    @usableFromInline var isFinished = false

    /// Takes over everything; from here on the thread that runs it is the only one to touch it.
    init(
        transport: consuming Wires, session: consuming SpotSession,
        loop: consuming TradeLoop<Strategies>, journal: consuming JournalWriter,
        clock: TSCClock, ends: consuming LaneEnds.Taken, instruments: LaneInstruments,
        heartbeat: Heartbeat, endpoints: [SocketAddress], names: [(JournalName, [UInt8])],
        shutdownPatience: Nanoseconds, warmth: consuming KeepWarm
    ) {
        self.warmth = .allocate(capacity: 1)
        self.warmth.initialize(to: warmth)
        let snapshotBytes = loop.state.pointee.snapshotCapacity
        snapshotMemory = .allocate(byteCount: snapshotBytes, alignment: 64)
        snapshotMemory.initializeMemory(as: UInt8.self, repeating: 0, count: snapshotBytes)
        self.names = names
        self.transport = transport
        self.session = session
        self.loop = loop
        self.journal = journal
        self.clock = clock
        commands = ends.commands
        answers = ends.answers
        events = ends.events
        listings = ends.listings
        refusals = ends.refusals
        history = ends.history
        latencies = instruments.latencies.histograms
        counters = instruments.counters
        board = instruments.board
        remarks = instruments.remarks
        self.heartbeat = heartbeat
        self.endpoints = endpoints
        self.shutdownPatience = shutdownPatience
        slots = InlineArray(repeating: -1)
        lastMessages = InlineArray(repeating: 0)
        // The largest record is a denial, which carries the numbers of every rule.
        let stagingBytes = Swift.max(4096, MemoryLayout<DeniedOrder>.stride)
        staging = .allocate(byteCount: stagingBytes, alignment: 64)
        staging.initializeMemory(as: UInt8.self, repeating: 0, count: stagingBytes)
        sentTicks = .allocate(capacity: Int(Self.sentMask) + 1)
        sentTicks.initialize(repeating: 0, count: Int(Self.sentMask) + 1)
    }

    // MARK: - The duty cycle

    /// One turn: what has arrived, what the operator wants, what time asks for, what must go out.
    @inlinable @inline(__always)
    public mutating func cycle() -> CycleOutcome {
        now = Timestamp(nanoseconds: clock.now())
        var taken = 0
        while taken < 32 {
            let event = transport.poll()
            if event.kind == .none { break }
            taken &+= 1
            let link = link(ofSlot: Int(event.slot))
            if event.kind == .received, link >= 0, let data = event.data {
                lastMessages[link] = now.nanoseconds
                if event.waited >= 0 {
                    latencies[Int(LatencyStage.kernelToRead.rawValue)].record(event.waited)
                }
                session.links[link].receive(data, Int(event.count), now: now.nanoseconds)
                if !drain(link, since: event.ticks) {
                    held = event
                    heldLink = link
                    return .needsCold
                }
                transport.release(event)
            } else if event.kind == .sent, link >= 0 {
                session.links[link].finishSend(Int(event.count))
            } else {
                held = event
                heldLink = link
                heldRecord = .event
                return .needsCold
            }
            // An order leaves before the next message is looked at.
            if hasOrders { break }
        }
        while let command = commands.tryPop() {
            taken &+= 1
            take(command)
        }
        if loop.state.pointee.gathersHistory { taken &+= takeHistory() }
        if now >= loop.nextDeadline, journal.hasRoom || now >= nextScarceTimer {
            nextScarceTimer = now + .milliseconds(100)
            record(.timer, now, at: now)
            loop.onTime(now: now)
            sendRequests(since: TSCClock.ticks())
        }
        pump()
        transport.flush()
        if hasOrders {
            hasOrders = false
        }
        count(.cycles)
        if taken == 0 {
            let (request, order) = loop.state.pointee.nextNumbers
            session.prepareOrders(request, order, now: now.nanoseconds)
            if warmth.pointee.isDue(now) { warmth.pointee.run(session, loop.state, now) }
            return .idle
        }
        count(.busyCycles)
        return .busy
    }

    /// Takes the rest of what the cold half went on with; `false` when it must again.
    @inlinable @inline(__always)
    public mutating func drainHeld() -> Bool { drain(heldLink, since: TSCClock.ticks()) }

    /// Takes every record of a link's received bytes; `false` when the cold half must go on.
    @inlinable @inline(__always)
    mutating func drain(_ link: Int, since seen: UInt64) -> Bool {
        var found = VenueRecord.none
        while true {
            session.next(link, now: now.nanoseconds, into: &found)
            switch found {
            case .none: return true
            case .frame(let bytes, let count, let isBinary):
                record(frame: bytes, count, isBinary: isBinary, from: link)
            case .top(let top):
                let parsed = stampMessage(link, seen)
                if record(.topOfBook, top, at: top.venueTime) { loop.onTop(top, now: now) }
                finish(parsed, seen)
            case .trade(let trade):
                let parsed = stampMessage(link, seen)
                if record(.trade, trade, at: trade.venueTime) { loop.onTrade(trade, now: now) }
                finish(parsed, seen)
            case .depth(let header, let levels):
                let parsed = stampMessage(link, seen)
                if record(header, levels) {
                    loop.onDepth(header, levels: levels, now: now)
                } else {
                    lostBooks |= 1 &<< UInt64(header.instrument.raw & 63)
                }
                finish(parsed, seen)
            case .candle(let candle):
                if record(.candle, candle, at: candle.closeTime) {
                    loop.onCandle(candle, now: now)
                }
                sendRequests(since: seen)
            case .report(let report):
                record(.executionReport, report, at: report.venueTime)
                loop.onReport(report, now: now)
                sendRequests(since: seen)
            case .reply(let reply):
                record(.requestReply, reply, at: reply.venueTime)
                measureAcknowledgement(reply.requestID, seen)
                loop.onReply(reply, now: now)
                sendRequests(since: seen)
            case .balance(let balance):
                record(.balance, balance, at: balance.venueTime)
                loop.onBalance(balance, now: now)
            case .link(let state): take(state)
            case .malformed: count(.malformed)
            case .opened:
                heldRecord = .opened
                return false
            case .closed:
                heldRecord = .closed
                return false
            case .needsCold:
                heldRecord = .progress
                return false
            }
        }
    }

    /// A change of a connection or a book, journaled like any input.
    @inlinable @inline(__always)
    mutating func take(_ state: LinkState) {
        record(.linkState, state, at: state.time)
        loop.onLink(state, now: now)
        sendRequests(since: TSCClock.ticks())
    }

    @inlinable @inline(__always)
    mutating func take(_ command: Command) {
        count(.commands)
        // A listing changes nothing: it is answered between the cycles, and no input of the core.
        if command.kind == .listOrders { return listing = command.id }
        if command.kind == .resume, !journal.hasRoom {
            return loop.state.pointee.answer(command, accepted: false, now: now)
        }
        record(.command, command, at: command.time)
        loop.onCommand(command, now: now)
        if command.kind == .shutdown { isStopping = true }
        sendRequests(since: TSCClock.ticks())
    }

    /// Takes some of the trades that contexts have asked for, while the journal takes them too.
    @inlinable @inline(__always)
    mutating func takeHistory() -> Int {
        var taken = 0
        while taken < 8, journal.hasRoom, let piece = history.tryPop() {
            taken &+= 1
            if record(.history, piece, at: piece.trade.venueTime) {
                loop.onHistory(piece, now: now)
            }
            sendRequests(since: TSCClock.ticks())
        }
        return taken
    }

    // MARK: - Requests out

    /// Journals and seals what the core has decided (design law 7: in this order), and lets it leave
    /// together: a second send costs far more than what the first order waits for the second.
    @inlinable @inline(__always)
    mutating func sendRequests(since seen: UInt64, decided first: UInt64 = 0) {
        var decided = first
        while let request = loop.takeRequest() {
            if decided == 0 { decided = TSCClock.ticks() }
            defer { decided = 0 }
            // Cancels pass although nobody will read of them (design law 9).
            if !record(.decision, request, at: request.decisionTime), !request.kind.onlyCancels {
                refuse(request, .notSent)
                continue
            }
            let encoded = session.send(request)
            if encoded.count == 0 {
                if encoded.obstacle == .awaitsLegs { continue }
                count(.sendRefused)
                if encoded.obstacle == .dryRun {
                    count(.dryRun)
                    measure(.encode, from: decided, to: TSCClock.ticks())
                }
                refuse(request, encoded.obstacle)
                continue
            }
            let moment = TSCClock.ticks()
            measure(.encode, from: decided, to: moment)
            record(.sent, SentRequest(request.requestID, encoded, session.encoder), at: now)
            sealed.add(request.requestID, at: moment)
            if case .cancel = request.kind { sealed.hasCancel = true }
            if sealed.isFull { submitSealed(since: seen) }
        }
        if sealed.count > 0 { submitSealed(since: seen) }
        if loop.state.pointee.hasDenials { recordDenials() }
    }

    /// Apart, since each is two kilobytes that would be on the stack of whoever decides.
    @inlinable @inline(never)
    mutating func recordDenials() {
        while let denial = loop.state.pointee.takeDenial() { record(.denied, denial, at: now) }
    }

    @inlinable @inline(__always)
    mutating func submitSealed(since seen: UInt64) {
        pump(SpotLink.orders)
        transport.flush()
        let submitted = TSCClock.ticks()
        for place in 0..<sealed.count {
            measure(.submit, from: sealed.ticks[place], to: submitted)
            measure(.tickToOrder, from: seen, to: submitted)
            sentTicks[Int(sealed.numbers[place] & Self.sentMask)] = submitted
        }
        if sealed.hasCancel { lastCancel = Timestamp(nanoseconds: clock.now()) }
        sealed.clear()
        hasOrders = true
    }

    /// The request never left: the core is told so, by a record like any other.
    @inlinable @inline(__always)
    mutating func refuse(_ request: OrderRequest, _ obstacle: EncodedRequest.Obstacle) {
        let reply = RequestReply(
            requestID: request.requestID, outcome: .notSent, venueCode: obstacle.rawValue,
            receiveTime: now)
        record(.requestReply, reply, at: now)
        loop.onReply(reply, now: now)
    }

    /// Starts a send on every link that has bytes and none under way.
    @inlinable @inline(__always)
    mutating func pump() {
        pump(SpotLink.market)
        pump(SpotLink.orders)
        pump(SpotLink.rest)
        pump(SpotLink.relief)
        pump(SpotLink.fallback)
        pump(SpotLink.orderRelief)
    }

    @inlinable @inline(__always)
    mutating func pump(_ link: Int) {
        let slot = slots[link]
        if slot < 0 || session.links[link].isSendInFlight { return }
        let bytes = session.links[link].beginSend()
        if bytes.count == 0 { return }
        let taken = transport.send(slot, bytes.pointer, bytes.count)
        if taken != 0 { session.links[link].finishSend(taken > 0 ? taken : 0) }
    }

    // MARK: - Journal

    /// Appends one record; a full journal halts trading (design law 5), and market data that it
    /// refuses has not happened: the core never knows more than a replay will.
    @inlinable @inline(__always) @discardableResult
    mutating func record<Payload: BitwiseCopyable>(
        _ type: JournalRecordType, _ payload: Payload, at venueTime: Timestamp
    ) -> Bool {
        guard
            let place = journal.begin(
                type, time: now, venueTime: venueTime, headCount: MemoryLayout<Payload>.size)
        else {
            journalRefused(type)
            return false
        }
        place.storeBytes(of: payload, as: Payload.self)
        journal.commit()
        return true
    }

    @inlinable @inline(__always)
    mutating func record(_ header: DepthHeader, _ levels: UnsafePointer<BookLevel>) -> Bool {
        staging.storeBytes(of: header, as: DepthHeader.self)
        let isTaken = journal.append(
            .depth, time: now, venueTime: header.venueTime, head: UnsafeRawPointer(staging),
            headCount: MemoryLayout<DepthHeader>.size, tail: UnsafeRawPointer(levels),
            tailCount: header.levelCount &* MemoryLayout<BookLevel>.stride)
        if !isTaken { journalRefused(.depth) }
        return isTaken
    }

    /// A message as it came: the head is its link, and whether it is binary.
    @inlinable @inline(__always)
    mutating func record(
        frame bytes: UnsafeRawPointer, _ count: Int, isBinary: Bool, from link: Int
    ) {
        let head = UInt64(truncatingIfNeeded: link) | (isBinary ? JournalFrameMark.binary : 0)
        staging.storeBytes(of: head, as: UInt64.self)
        let isTaken = journal.append(
            .frame, time: now, venueTime: .unknown, head: UnsafeRawPointer(staging),
            headCount: MemoryLayout<UInt64>.size, tail: bytes, tailCount: count)
        if !isTaken { journalRefused(.frame) }
    }

    @inlinable @inline(__always)
    mutating func journalRefused(_ type: JournalRecordType) {
        count(.journalRefusals)
        // The core goes on with what orders need; behind such a hole nothing could be replayed.
        if !type.yieldsReserve { journal.end() }
        if loop.state.pointee.halts.contains(.journal) { return }
        var halt = Command(kind: .halt, id: 0, time: now)
        halt.key = Int64(HaltReasons.journal.rawValue)
        // From the reserve, as the cancels that follow; without one it is still obeyed.
        staging.storeBytes(of: halt, as: Command.self)
        let isTaken = journal.append(
            .command, time: now, venueTime: now, head: UnsafeRawPointer(staging),
            headCount: MemoryLayout<Command>.size, tail: nil, tailCount: 0)
        if !isTaken { journal.end() }
        loop.onCommand(halt, now: now)
    }

    // MARK: - Measures

    @inlinable @inline(__always)
    func link(ofSlot slot: Int) -> Int {
        for link in 0..<SpotLink.count where slots[link] == slot { return link }
        return -1
    }

    @inlinable @inline(__always)
    func count(_ counter: LaneCounter) { counters[counter.index].add() }

    @inlinable @inline(__always)
    func measure(_ stage: LatencyStage, from start: UInt64, to end: UInt64) {
        latencies[Int(stage.rawValue)].record(clock.nanoseconds(end &- start))
    }

    /// Stages up to the record, from the link's own stamps; returns when it was parsed.
    @inlinable @inline(__always)
    mutating func stampMessage(_ link: Int, _ seen: UInt64) -> UInt64 {
        count(.marketMessages)
        if !loop.isTimed { return 0 }
        let parsed = TSCClock.ticks()
        let decrypted = session.links[link].decryptedTicks
        let unframed = session.links[link].unframedTicks
        // Only stamps of this receive count: a message from an earlier record has older ones.
        if decrypted >= seen { measure(.decrypt, from: seen, to: decrypted) }
        if unframed >= seen {
            if unframed >= decrypted { measure(.unframe, from: decrypted, to: unframed) }
            measure(.parse, from: unframed, to: parsed)
        }
        return parsed
    }

    /// Stages behind the record: book, risk, strategy, and the whole.
    @inlinable @inline(__always)
    mutating func finish(_ parsed: UInt64, _ seen: UInt64) {
        if !loop.isTimed { return sendRequests(since: seen) }
        let applied = loop.bookTicks
        let decided = TSCClock.ticks()
        let risk = loop.state.pointee.riskTicks
        if applied >= parsed { measure(.book, from: parsed, to: applied) }
        if risk > 0 {
            latencies[Int(LatencyStage.risk.rawValue)].record(clock.nanoseconds(risk))
            loop.state.pointee.riskTicks = 0
        }
        if decided >= applied &+ risk { measure(.strategy, from: applied &+ risk, to: decided) }
        sendRequests(since: seen, decided: decided)
        measure(.frameToDone, from: seen, to: TSCClock.ticks())
    }

    @inlinable @inline(__always)
    mutating func measureAcknowledgement(_ requestID: UInt64, _ seen: UInt64) {
        let sent = sentTicks[Int(requestID & Self.sentMask)]
        if sent != 0, seen > sent { measure(.orderToAck, from: sent, to: seen) }
        sentTicks[Int(requestID & Self.sentMask)] = 0
    }
}

// MARK: - Roots: what the compiler proves free of allocation, locks and reference counting.

/// One duty cycle of a lane on io_uring with the built-in strategies.
@_noLocks
func dutyCycle(
    _ lane: UnsafeMutablePointer<Lane<URingTransport, BuiltInStrategies>>
) -> CycleOutcome { lane.pointee.cycle() }

/// One duty cycle of a lane on plain sockets with the built-in strategies.
@_noLocks
func dutyCycle(
    _ lane: UnsafeMutablePointer<Lane<DirectTransport, BuiltInStrategies>>
) -> CycleOutcome { lane.pointee.cycle() }

/// A held record's remaining messages, for the cold half.
@_noLocks
func drainHeld(
    _ lane: UnsafeMutablePointer<Lane<URingTransport, BuiltInStrategies>>
) -> Bool { lane.pointee.drainHeld() }

@_noLocks
func drainHeld(
    _ lane: UnsafeMutablePointer<Lane<DirectTransport, BuiltInStrategies>>
) -> Bool { lane.pointee.drainHeld() }
