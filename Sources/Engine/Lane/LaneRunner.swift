import Codec
import Journal
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

/// The slow half of a lane: connections, login, publication; runs between duty cycles.
extension Lane where Wires: ~Copyable, Strategies: ~Copyable {
    /// How often the slow half looks around when nothing asks for it.
    @inlinable
    static var turnInterval: Nanoseconds { .milliseconds(1) }

    /// Goes on with what the duty cycle held back. `drain` is the hot root for the rest of the
    /// link's messages.
    @inlinable
    mutating func handleHeld(_ drain: (UnsafeMutablePointer<Self>) -> Bool) {
        repeat {
            let record = heldRecord
            heldRecord = .none
            switch record {
            case .event: if let event = held { onSocket(event) }
            case .opened: session.opened(heldLink, now: now.nanoseconds)
            case .progress: session.progress(heldLink, now: now.nanoseconds)
            case .closed: onEnd(heldLink)
            case .none: break
            }
            if heldLink < 0 { break }
        } while !withUnsafeMutablePointer(to: &self, drain)
        if let event = held { transport.release(event) }
        held = nil
        deliverStates()
        pump()
        transport.flush()
    }

    /// A connection's own events: established, refused, ended.
    @inlinable
    mutating func onSocket(_ event: SocketEvent) {
        guard heldLink >= 0 else { return }
        let moment = now.nanoseconds
        switch event.kind {
        case .connected: session.links[heldLink].connected(now: moment)
        case .connectFailed:
            session.links[heldLink].closed(now: moment, reason: .connectFailed(errno: event.error))
        case .endOfStream: session.links[heldLink].closed(now: moment, reason: .endOfStream)
        case .failed:
            session.links[heldLink].closed(now: moment, reason: .transport(errno: event.error))
        default: break
        }
    }

    @inlinable
    mutating func onEnd(_ link: Int) {
        pump(link)
        transport.flush()
        if slots[link] >= 0 {
            session.links[link].sayGoodbye(on: transport.file(of: slots[link]))
            transport.close(slots[link])
            slots[link] = -1
        }
        if !isStopping { session.ended(link, now: now.nanoseconds) }
    }

    /// The session's news for the core, in order.
    @inlinable
    mutating func deliverStates() {
        while let state = session.takeState() { take(state) }
    }

    /// Looks after connections, the outer ring and the clock; about once a millisecond.
    @inlinable
    mutating func turn(_ drain: (UnsafeMutablePointer<Self>) -> Bool) {
        if now < nextTurn { return }
        nextTurn = now + Self.turnInterval
        heartbeat.beat(now)
        let moment = now.nanoseconds
        if !isStopping {
            for link in 0..<SpotLink.count where slots[link] < 0 {
                if session.wantsConnection(link, now: moment) { connect(link) }
            }
        }
        session.turn(now: moment)
        if session.hasBeenRelieved(now: moment) {
            exchangeSlots(SpotLink.market, SpotLink.relief)
        }
        if session.haveOrdersBeenRelieved(now: moment) {
            exchangeSlots(SpotLink.orders, SpotLink.orderRelief)
        }
        for link in 0..<SpotLink.count where slots[link] >= 0 {
            if session.links[link].wantsKernel {
                session.links[link].letKernelSeal(transport.file(of: slots[link]))
            }
            // A timeout is told by the link's next message.
            heldLink = link
            if !withUnsafeMutablePointer(to: &self, drain) { handleHeld(drain) }
        }
        deliverStates()
        if lostBooks != 0 { tellOfLostBooks() }
        publish()
        snapshotWhenDue()
    }

    @inlinable
    mutating func exchangeSlots(_ link: Int, _ other: Int) {
        (slots[link], slots[other]) = (slots[other], slots[link])
    }

    /// A book without one of its diffs is none: it is asked for again once the journal takes it.
    @inlinable
    mutating func tellOfLostBooks() {
        for slot in 0..<loop.state.pointee.instrumentCount where lostBooks >> UInt64(slot) & 1 == 1 {
            let instrument = InstrumentIndex(UInt16(slot))
            if loop.state.pointee.bookPlace(of: instrument).isValid {
                take(LinkState(event: .bookInvalid, instrument: instrument, time: now))
            }
            if journal.hasRoom { session.forgetBook(of: instrument) }
        }
        if journal.hasRoom { lostBooks = 0 }
    }

    @inlinable
    mutating func connect(_ link: Int) {
        let endpoint = endpoints[link]
        do {
            try session.prepare(link, now: now.nanoseconds)
            slots[link] = try transport.connect(to: endpoint)
        } catch {
            session.links[link].closed(
                now: now.nanoseconds, reason: .connectFailed(errno: 0))
            session.ended(link, now: now.nanoseconds)
        }
    }

    // MARK: - Publication

    /// Hands events and answers to the outer ring and refreshes the board.
    @inlinable
    mutating func publish() {
        while let event = loop.state.pointee.takeEvent() {
            if !events.tryPush(event) { count(.eventsRefused) }
        }
        while var answer = loop.state.pointee.takeAnswer() {
            // The core knows when it decided; the last of many cancels has left some time later.
            if answer.lastSent != .unknown { answer.lastSent = max(answer.lastSent, lastCancel) }
            // Who asked reads the board next: it must show what the command did.
            publishBoard()
            _ = answers.tryPush(answer)
        }
        list()
        while let refusal = session.takeRefusal() { _ = refusals.tryPush(refusal) }
        // Mostly there are none, and a lock that the reader holds costs a system call to try.
        if session.hasRemarks { remarks.post { session.takeRemarks() } }
        if now < nextPublication { return }
        nextPublication = now + .milliseconds(20)
        publishBoard()
        publishCounters()
    }

    /// Writes the open orders of a listing that was asked for.
    @inlinable
    mutating func list() {
        if listing == 0 { return }
        // Whoever compares reads the board of the same moment.
        publishBoard()
        let state = loop.state
        for slot in 0..<state.pointee.instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            state.pointee.forEachOpenOrder(in: index) { order in
                _ = listings.tryPush(
                    OrderListing(order: order, commandID: listing, isEnd: false))
            }
        }
        let blank = state.pointee.blankOrder
        _ = listings.tryPush(OrderListing(order: blank, commandID: listing, isEnd: true))
        listing = 0
    }

    @inlinable
    func publishBoard() {
        board.lane.pointee = loop.state.pointee.laneStatus(now: now)
        for slot in 0..<board.instrumentCount {
            board.instruments[slot] = loop.state.pointee.status(
                of: InstrumentIndex(UInt16(truncatingIfNeeded: slot)))
        }
        for slot in 0..<board.assetCount {
            let asset = AssetIndex(UInt16(truncatingIfNeeded: slot))
            board.assets[slot] = loop.state.pointee.account(of: asset)
            board.assets[slot].transferred = session.transferred(asset)
        }
        // One a time: a value area takes longer than all the rest.
        let context = board.nextContext()
        if let context { board.contexts[context] = loop.state.pointee.contextStatus(context) }
        board.publish(context: context)
    }

    @inlinable
    func publishCounters() {
        let counts = loop.state.pointee.counts
        func set(_ counter: LaneCounter, _ value: Int64) {
            counters[counter.rawValue].store(value)
        }
        set(.ordersSent, counts.ordersSent)
        set(.cancelsSent, counts.cancelsSent)
        set(.queriesSent, counts.queriesSent)
        set(.fills, counts.fills)
        set(.canceled, counts.canceled)
        set(.expired, counts.expired)
        set(.rejected, counts.rejected)
        set(.denied, counts.denied)
        set(.becameUnknown, counts.becameUnknown)
        set(.halts, counts.halts)
        set(.lateReports, counts.lateReports)
        set(.illegalTransitions, counts.illegalTransitions)
        set(.foreignReports, counts.foreignReports)
        set(.droppedEvents, counts.droppedEvents)
        for link in 0..<SpotLink.shownCount {
            let first = LaneCounter.marketReconnects.rawValue
            counters[first + link].store(max(session.reconnects[link], 0))
            counters[first + 3 + link].store(session.messages[link])
            counters[first + 6 + link].store(lastMessages[link])
            counters[first + 9 + link].store(session.roundTrips[link])
            counters[first + 12 + link].store(Int64(session.links[link].phase.rawValue))
        }
        set(.usedWeight, session.budget.weight.used)
        set(.usedOrders, session.budget.shortOrders.used)
        set(.usedDailyOrders, session.budget.dailyOrders.used)
        set(.weightLimit, session.budget.weight.limit)
        set(.orderLimit, session.budget.shortOrders.limit)
        set(.dailyOrderLimit, session.budget.dailyOrders.limit)
        set(.heldBack, session.heldBack)
        set(.transportOverflows, transport.statistics.overflows)
        set(.transportStarvations, transport.statistics.starvations)
        set(
            .ordersHeard,
            Swift.max(
                session.links[SpotLink.orders].lastReceived,
                session.links[SpotLink.fallback].lastReceived))
        for rule in 0..<LaneCounter.ruleCount {
            counters[LaneCounter.firstRule.rawValue + rule].store(
                loop.state.pointee.denials(of: rule))
        }
    }

    // MARK: - Running and stopping

    /// Runs until ``isFinished``: duty cycles, the slow half, idling.
    @inlinable
    mutating func run(
        _ cycle: (UnsafeMutablePointer<Self>) -> CycleOutcome,
        _ drain: (UnsafeMutablePointer<Self>) -> Bool
    ) {
        while !isFinished {
            switch withUnsafeMutablePointer(to: &self, cycle) {
            case .busy: break
            case .idle: idle()
            case .needsCold: handleHeld(drain)
            }
            turn(drain)
            resyncClock()
            if isStopping { stopWhenQuiet(drain) }
        }
    }

    /// When the core wants to be woken, and will be.
    @inlinable
    var nextTimer: Timestamp {
        journal.hasRoom ? loop.nextDeadline : Swift.max(loop.nextDeadline, nextScarceTimer)
    }

    @inlinable
    mutating func idle() {
        let deadline = min(nextTimer.nanoseconds, nextTurn.nanoseconds)
        let span = deadline - now.nanoseconds
        if span > 0 { transport.wait(atMost: min(span, 1_000_000)) }
    }

    /// Keeps our clock on the system's; a jump halts trading (design law 9).
    @inlinable
    mutating func resyncClock() {
        if now < nextResync { return }
        nextResync = now + .seconds(1)
        let correction = clock.resync()
        if correction.jumped { haltForClock() }
    }

    @inlinable
    mutating func haltForClock() {
        take(
            Command(kind: .halt, id: 0, key: Int64(HaltReasons.clock.rawValue), time: now))
    }

    /// Ends when every cancel is confirmed, or when the patience of the shutdown is over and no order
    /// of an earlier run can arrive any more.
    @inlinable
    mutating func stopWhenQuiet(_ drain: (UnsafeMutablePointer<Self>) -> Bool) {
        if stopDeadline == .never {
            stopDeadline = Swift.max(
                now + shutdownPatience, loop.state.pointee.lastArrival + .seconds(1))
        }
        let isQuiet = loop.state.pointee.openOrderCount == 0
        if !isQuiet && now < stopDeadline { return }
        publish()
        publishBoard()
        session.close(now: now.nanoseconds)
        pump()
        transport.flush()
        recordSnapshot()
        record(.runEnded, now, at: now)
        // With an order open it just stops: the watchdog sees to that order.
        if isQuiet { heartbeat.end(now) }
        isFinished = true
    }
}
