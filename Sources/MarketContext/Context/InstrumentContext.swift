import MarketModel

/// What the trades of one instrument say about its market: sessions, profiles, levels, footprint,
/// regime.
///
///     var settings = ContextSettings()
///     settings.calendar = .standard
///     var context = try InstrumentContext(settings, sessions: table, instrument: instrument)
///     _ = context.update(trade)
///     context.day.pointee.vwap.value          // session VWAP
///     context.day.pointee.valueArea?.high     // VAH
///     context.previousDay?.candle.low         // PDL
///
/// **Time.** The market's clock is the latest time seen; it never goes back. A trade that comes
/// late counts where the clock stands, so every part sees the same trades in the same order.
///
/// **Exactly once.** Trades are numbered upwards: one whose number, or a later one, was counted
/// already is left out. A number that is missing is a hole: everything that began before it is
/// partial from then on (BUG-165, BUG-166). So is everything while it is catching up or in doubt
/// (``doubt()``), and what began before the first trade, unless ``assumeComplete(since:)`` says
/// that all trades since some moment will come.
///
/// A trade takes constant time; the end of a session, time with its profile's rows. All memory is
/// taken at the start.
public struct InstrumentContext: ~Copyable {
    /// The UTC day, then the sessions of the plan. First for `scripts/sanitize`, which says why.
    private let contexts: UnsafeMutablePointer<SessionContext>
    public let instrument: InstrumentIndex
    /// The market's clock.
    public private(set) var clock = Timestamp(nanoseconds: .min)
    /// All trades since this moment are in it; `never` before the first.
    public private(set) var completeSince = Timestamp.never
    public private(set) var lastTradeID = TradeID.none
    public private(set) var knownCount: Int64 = 0
    public private(set) var refusedCount: Int64 = 0
    /// Trades before now are still on their way, so that everything in it is partial.
    public private(set) var isCatchingUp = false
    /// Trades up to now may be missing, so that everything in it is partial: the next one tells.
    public private(set) var isInDoubt = false
    /// Times that numbers were missing, or that none told after a doubt.
    public private(set) var holeCount: Int64 = 0
    /// Points of control of earlier days that were not touched since; all are partial while it is
    /// catching up.
    public private(set) var nakedLevels: NakedLevels
    public private(set) var footprint: FootprintBars
    /// Bought less sold by aggressors since the first trade.
    public private(set) var cumulativeDelta = Quantity.zero

    private let sessionCount: Int
    private let idsAreConsecutive: Bool
    private let binChoice: BinChoice
    private var tracker: SessionTracker
    private var isPlaced = false
    private var dayEnd = Timestamp.never
    private var dayLevels: PeriodLevels
    private var weekLevels: PeriodLevels
    private var monthLevels: PeriodLevels
    private var regimeBars: CandleBuilder
    private var classifier: RegimeClassifier
    /// Closed bars of the regime since the last that lacks trades, as many as it looks at.
    private var completeBars = 0
    /// Trades between the first and now are missing.
    private var hasHole = false
    private var events = ContextEvents()

    /// Takes all memory; `sessions` is the table of the settings' calendar. Cold.
    public init(
        _ settings: ContextSettings, sessions: SessionTable = SessionTable(), instrument: Instrument
    ) throws(ContextFailure) {
        if sessions.sessionCount != settings.calendar.names.count {
            throw .contradiction("the sessions are of another calendar")
        }
        let binSize = try settings.binSize(instrument)
        let footprint = try FootprintBars(
            instrument: instrument.index, timeframe: settings.footprint, binSize: binSize,
            tickSize: instrument.tickSize, bars: settings.footprintBars,
            binsPerBar: settings.footprintBins)
        let classifier = try RegimeClassifier(
            period: settings.regimePeriod, enter: settings.regimeEnter,
            leave: settings.regimeLeave)
        let day = try SessionContext(settings, instrument: instrument)
        self.instrument = instrument.index
        self.footprint = footprint
        self.classifier = classifier
        nakedLevels = NakedLevels(binSize: binSize)
        sessionCount = sessions.sessionCount
        idsAreConsecutive = settings.tradeIDsAreConsecutive
        binChoice = BinChoice(settings, instrument)
        tracker = SessionTracker(sessions)
        dayLevels = PeriodLevels(.day, instrument: instrument.index)
        weekLevels = PeriodLevels(.week, instrument: instrument.index)
        monthLevels = PeriodLevels(.month, instrument: instrument.index)
        regimeBars = CandleBuilder(instrument: instrument.index, timeframe: settings.regimeBars)
        contexts = .allocate(capacity: sessions.sessionCount + 1)
        contexts.initialize(to: day)
        for session in 1..<sessions.sessionCount + 1 {
            guard let context = try? SessionContext(settings, instrument: instrument) else {
                preconditionFailure("settings that made the day make every session")
            }
            (contexts + session).initialize(to: context)
        }
    }

    deinit {
        contexts.deinitialize(count: sessionCount + 1)
        contexts.deallocate()
    }

    // MARK: - Taking

    /// All trades from `moment` on are going to come: what begins then or later is complete.
    /// Ignored once there was a trade.
    @_noLocks
    public mutating func assumeComplete(since moment: Timestamp) {
        if clock.nanoseconds != .min { return }
        completeSince = moment
        footprint.assumeComplete(since: moment)
        regimeBars.assumeComplete(since: moment)
    }

    /// A day of history, upwards, the last of which may still be forming: where the levels of
    /// earlier days, weeks and months come from. Other bars, those without trades, and all after the
    /// first trade are ignored.
    @_noLocks
    public mutating func seed(_ candle: Candle) {
        let length = candle.closeTime - candle.openTime + Nanoseconds(1)
        if clock.nanoseconds != .min || length != .day || candle.tradeCount == 0 { return }
        dayLevels.seed(candle)
        weekLevels.seed(candle)
        monthLevels.seed(candle)
    }

    /// Trades before now are missing: what has begun already is partial.
    @_noLocks
    public mutating func markIncomplete() {
        if completeSince != .never { loseTrades(through: clock) }
    }

    /// The stream was lost: trades may be missing from now on. Everything in it is partial, and so
    /// remains what ends meanwhile, until the next trade shows by its number whether some are.
    @_noLocks
    public mutating func doubt() {
        if clock.nanoseconds != .min { isInDoubt = true }
    }

    /// Older trades come first: until ``finishCatchingUp()`` all in it is partial, and events are
    /// not told, because they are no news.
    @_noLocks
    public mutating func beginCatchingUp() { isCatchingUp = true }

    /// It has all trades up to now; waiting strategies get ``ContextEvent/caughtUp``.
    @_noLocks
    public mutating func finishCatchingUp() {
        if !isCatchingUp { return }
        isCatchingUp = false
        events.push(.caughtUp)
    }

    /// Takes the next trade.
    @_noLocks
    public mutating func update(_ trade: Trade) -> ContextStep {
        if trade.price <= .zero || trade.quantity <= .zero {
            refusedCount &+= 1
            return .refused
        }
        let hasNumber = trade.id.raw >= 0
        if hasNumber, trade.id.raw <= lastTradeID.raw {
            knownCount &+= 1
            return .known
        }
        var trade = trade
        if trade.time > clock { trade.venueTime = trade.time } else { trade.venueTime = clock }
        if clock.nanoseconds == .min, binChoice.isOpen {
            take(binSize: binChoice.size(near: trade.price))
        }
        if completeSince == .never { completeSince = trade.venueTime + Nanoseconds(1) }
        if hasNumber {
            let isNext = idsAreConsecutive && trade.id.raw &- 1 == lastTradeID.raw
            let isHole = idsAreConsecutive && lastTradeID.raw >= 0
            if !isNext, isHole || isInDoubt { loseTrades(before: trade.venueTime) }
            lastTradeID = trade.id
            isInDoubt = false
        } else if isInDoubt {
            isInDoubt = false
            loseTrades(before: trade.venueTime)
        }
        move(to: trade.venueTime)
        count(trade)
        return .counted
    }

    /// The market's clock has come to `now` without a trade: closes what is over.
    @_noLocks
    public mutating func advance(to now: Timestamp) {
        if clock.nanoseconds == .min || now <= clock { return }
        move(to: now)
        dayLevels.close(at: now, complete: known)
        weekLevels.close(at: now, complete: known)
        monthLevels.close(at: now, complete: known)
        _ = footprint.close(at: now, complete: known)
        if let bar = regimeBars.close(at: now) { classify(bar) }
    }

    /// The next event that has not been taken.
    @_noLocks
    public mutating func takeEvent() -> ContextEvent? { events.pop() }

    // MARK: - Looking

    /// The UTC day. Valid until the next trade, as all that is pointed to.
    public var day: UnsafePointer<SessionContext> { @_noLocks get { UnsafePointer(contexts) } }

    /// A session of the plan.
    @_noLocks
    public func session(_ index: SessionIndex) -> UnsafePointer<SessionContext> {
        precondition(Int(index.raw) < sessionCount, "a session of the plan")
        return UnsafePointer(contexts + (Int(index.raw) &+ 1))
    }

    /// Trades of the running or last session are missing, or too far away for its profile.
    @_noLocks
    public func isPartial(_ session: UnsafePointer<SessionContext>) -> Bool {
        isUnsure || session.pointee.opening < completeSince
            || !session.pointee.profile.isComplete
    }

    /// The same of the footprint's bar closed `age` bars ago, 0 for the forming one.
    @_noLocks
    public func isPartial(footprint age: Int) -> Bool {
        isUnsure || footprint.isPartial(age: age, complete: completeSince)
    }

    /// Trades since the first that ``cumulativeDelta`` counts are missing.
    public var isDeltaPartial: Bool { @_noLocks get { isUnsure || hasHole } }

    /// Bars that ``regime`` looks at are not there yet, or trades of them are missing.
    public var isRegimePartial: Bool {
        @_noLocks get { isUnsure || completeBars <= classifier.period }
    }

    /// When the next session opens or closes; `never` when none is known to.
    public var nextSessionChange: Timestamp { @_noLocks get { tracker.nextChange } }
    public var openSessions: SessionSet { @_noLocks get { tracker.open } }
    /// The clock stands within the table of sessions; outside, none is known to be open.
    public var knowsSessions: Bool { @_noLocks get { tracker.isCovered } }
    public var regime: Regime { @_noLocks get { classifier.regime } }
    /// How straight the market moves, in ten-thousandths; `nil` while there are too few bars.
    public var efficiency: Int64? { @_noLocks get { classifier.efficiency } }
    /// High and low among it: PDH and PDL.
    public var previousDay: PeriodLevel? { @_noLocks get { told(dayLevels.previous) } }
    public var previousWeek: PeriodLevel? { @_noLocks get { told(weekLevels.previous) } }
    public var previousMonth: PeriodLevel? { @_noLocks get { told(monthLevels.previous) } }
    public var currentWeek: Candle? { @_noLocks get { weekLevels.current(complete: known) } }
    public var currentMonth: Candle? { @_noLocks get { monthLevels.current(complete: known) } }
    /// Events that were not taken in time.
    public var lostEventCount: Int64 { @_noLocks get { events.lostCount } }

    private func told(_ level: PeriodLevel?) -> PeriodLevel? {
        guard var level else { return nil }
        if isUnsure { level.isPartial = true }
        level.candle.isPartial = level.isPartial
        return level
    }

    /// Trades up to now are on their way, or may be missing.
    private var isUnsure: Bool { isCatchingUp || isInDoubt }
    /// All trades since this moment are in it, as far as is known now.
    private var known: Timestamp { isInDoubt ? .never : completeSince }

    // MARK: - Steps

    private mutating func take(binSize: Price) {
        nakedLevels = NakedLevels(binSize: binSize)
        footprint.take(binSize: binSize)
        var slot = 0
        while slot <= sessionCount {
            contexts[slot].take(binSize: binSize)
            slot &+= 1
        }
    }

    private mutating func move(to time: Timestamp) {
        clock = time
        if time >= dayEnd { endDay() }
        while let event = tracker.advance(to: time) {
            let slot = Int(event.session.raw) &+ 1
            if event.opens {
                contexts[slot].begin(at: event.time, complete: known)
            } else {
                contexts[slot].end(complete: known)
            }
            tell(.session(event))
        }
        if !isPlaced { place() }
    }

    private mutating func endDay() {
        contexts[0].end(complete: known)
        dayEnd = .never
        if let control = contexts[0].previous {
            nakedLevels.add(
                low: control.pointOfControl, session: control.candle.openTime,
                isPartial: control.isPartial)
        }
    }

    /// Sessions that are open at the first moment began before it.
    private mutating func place() {
        isPlaced = true
        var session = 0
        while session < sessionCount {
            let index = SessionIndex(UInt8(truncatingIfNeeded: session))
            if let opening = tracker.opening(of: index) {
                contexts[session &+ 1].begin(at: opening, complete: known)
            }
            session &+= 1
        }
    }

    private mutating func count(_ trade: Trade) {
        let time = trade.venueTime
        if dayEnd == .never {
            let start = Timeframe.every(.day).start(of: time)
            contexts[0].begin(at: start, complete: known)
            dayEnd = start + .day
        }
        var slot = 0
        while slot <= sessionCount {
            contexts[slot].add(trade, at: time)
            slot &+= 1
        }
        cumulativeDelta = cumulativeDelta.saturatingSum(
            trade.aggressor == .buy ? trade.quantity : Quantity(raw: 0 &- trade.quantity.raw))
        nakedLevels.move(to: trade.price)
        dayLevels.add(trade, complete: completeSince)
        weekLevels.add(trade, complete: completeSince)
        monthLevels.add(trade, complete: completeSince)
        _ = footprint.add(trade, complete: completeSince)
        if case .closed(let bar) = regimeBars.update(trade) { classify(bar) }
    }

    /// Some before the one at `time` are missing.
    private mutating func loseTrades(before time: Timestamp) {
        holeCount &+= 1
        loseTrades(through: time)
    }

    private mutating func loseTrades(through time: Timestamp) {
        completeSince = time + Nanoseconds(1)
        hasHole = true
        nakedLevels.markPartial()
        footprint.markIncomplete(through: time)
        regimeBars.markIncomplete(through: time)
        var slot = 0
        while slot <= sessionCount {
            contexts[slot].markIncomplete()
            slot &+= 1
        }
    }

    private mutating func classify(_ bar: Candle) {
        if bar.openTime < known {
            completeBars = 0
        } else if completeBars <= classifier.period {
            completeBars &+= 1
        }
        if classifier.update(bar.close) { tell(.regime(classifier.regime)) }
    }

    private mutating func tell(_ event: ContextEvent) {
        if !isCatchingUp { events.push(event) }
    }
}

extension InstrumentContext {
    /// What it holds, to be saved. The settings and the table of sessions are not in it: whoever
    /// reads it back makes a context with the same ones first.
    public struct State: Codable, Sendable {
        var clock: Timestamp
        var completeSince: Timestamp
        var lastTradeID: TradeID
        var knownCount: Int64
        var refusedCount: Int64
        var holeCount: Int64
        var isCatchingUp: Bool
        var isInDoubt: Bool
        var cumulativeDelta: Quantity
        /// The UTC day, then the sessions.
        var sessions: [SessionContext.State]
        var nakedLevels: NakedLevels.State
        var footprint: FootprintBars.State
        var dayLevels: PeriodLevels
        var weekLevels: PeriodLevels
        var monthLevels: PeriodLevels
        var regimeBars: CandleBuilder
        var classifier: RegimeClassifier.State
        var completeBars: Int
        var hasHole: Bool
        var events: [ContextEvent]
        var lostEventCount: Int64
    }

    /// Allocates; takes time with the rows of all profiles.
    public var state: State {
        State(
            clock: clock, completeSince: completeSince, lastTradeID: lastTradeID,
            knownCount: knownCount, refusedCount: refusedCount, holeCount: holeCount,
            isCatchingUp: isCatchingUp, isInDoubt: isInDoubt, cumulativeDelta: cumulativeDelta,
            sessions: (0...sessionCount).map { [contexts] in contexts[$0].state },
            nakedLevels: nakedLevels.state, footprint: footprint.state, dayLevels: dayLevels,
            weekLevels: weekLevels, monthLevels: monthLevels, regimeBars: regimeBars,
            classifier: classifier.state, completeBars: completeBars, hasHole: hasHole,
            events: events.waiting,
            lostEventCount: events.lostCount)
    }

    /// Goes on where a context with the same settings, sessions and instrument was; nothing may
    /// have been given to this one. ``ContextFailure/unsound(_:)`` when none can have been there:
    /// a saved state comes from outside.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        precondition(clock.nanoseconds == .min, "a context is read back into a new one")
        let size = state.sessions.first?.profile.binSize ?? .zero
        if binChoice.isOpen, binChoice.accepts(size) { take(binSize: size) }
        try check(state)
        try nakedLevels.restore(state.nakedLevels)
        try footprint.restore(state.footprint)
        try classifier.restore(state.classifier)
        for (slot, session) in state.sessions.enumerated() { try contexts[slot].restore(session) }
        completeSince = state.completeSince
        lastTradeID = state.lastTradeID
        knownCount = state.knownCount
        refusedCount = state.refusedCount
        holeCount = state.holeCount
        isCatchingUp = state.isCatchingUp
        isInDoubt = state.isInDoubt
        cumulativeDelta = state.cumulativeDelta
        dayLevels = state.dayLevels
        weekLevels = state.weekLevels
        monthLevels = state.monthLevels
        regimeBars = state.regimeBars
        completeBars = state.completeBars
        hasHole = state.hasHole
        events = ContextEvents(state.events, lostCount: state.lostEventCount)
        clock = state.clock
        if clock.nanoseconds == .min { return }
        // The table says which sessions are open at a time.
        isPlaced = true
        _ = tracker.advance(to: clock)
        if contexts[0].isOpen { dayEnd = contexts[0].opening + .day }
    }

    private func check(_ state: State) throws(ContextFailure) {
        let counts = [
            state.knownCount, state.refusedCount, state.holeCount, state.lostEventCount,
        ]
        guard state.sessions.count == sessionCount + 1, state.lastTradeID.raw >= -1,
            counts.allSatisfy({ $0 >= 0 }), state.events.count <= 32
        else { throw .unsound("market context") }
        guard (0...classifier.period + 1).contains(state.completeBars),
            footprint.accepts(state.footprint), classifier.accepts(state.classifier),
            state.regimeBars.isSound(regimeBars.timeframe, instrument),
            state.dayLevels.isSound(.day, instrument),
            state.weekLevels.isSound(.week, instrument),
            state.monthLevels.isSound(.month, instrument)
        else { throw .unsound("bars of the market context") }
        for (slot, session) in state.sessions.enumerated() where !contexts[slot].accepts(session) {
            throw .unsound("session \(slot) of the market context")
        }
        let day = state.sessions[0]
        if day.isOpen, Timeframe.every(.day).start(of: day.opening) != day.opening {
            throw .unsound("day of the market context")
        }
        for event in state.events {
            if case .session(let event) = event, event.session.raw >= sessionCount {
                throw .unsound("events of the market context")
            }
        }
    }
}
