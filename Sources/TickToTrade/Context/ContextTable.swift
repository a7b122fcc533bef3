import MarketContext
import MarketModel

/// The market contexts of a lane, by instrument and by strategy.
struct ContextTable: ~Copyable {
    private let contexts: UnsafeMutablePointer<InstrumentContext>
    let count: Int
    /// The contexts of instrument `i` are `starts[i]..<starts[i + 1]`.
    private let starts: UnsafeMutablePointer<Int>
    private let instrumentCount: Int
    private let strategyCount: Int
    /// The context that a strategy sees of an instrument, -1 for none.
    private let places: UnsafeMutablePointer<Int>
    /// The trades of instruments with a warm-up, and which instrument has which; -1 for none.
    private let tapes: UnsafeMutablePointer<ContextTape>
    private let tapeCount: Int
    private let tapePlaces: UnsafeMutablePointer<Int>
    /// Trades are asked for afterwards.
    private(set) var gathersHistory = false
    /// Nothing opens or closes before, on the venue's clock.
    private(set) var nextChange = Timestamp.never

    /// Takes all memory. The plan's settings have been tried before.
    init(_ plan: ContextPlan, instruments: [Instrument], strategies: Int) {
        count = plan.entries.count
        instrumentCount = instruments.count
        strategyCount = strategies
        contexts = .allocate(capacity: Swift.max(count, 1))
        starts = .allocate(capacity: instruments.count + 1)
        let warmedUp = plan.warmUps.keys.sorted()
        tapeCount = warmedUp.count
        tapes = .allocate(capacity: Swift.max(tapeCount, 1))
        tapePlaces = .allocate(capacity: Swift.max(instruments.count, 1))
        tapePlaces.initialize(repeating: -1, count: Swift.max(instruments.count, 1))
        for (place, slot) in warmedUp.enumerated() {
            (tapes + place).initialize(to: ContextTape())
            tapePlaces[slot] = place
        }
        places = .allocate(capacity: Swift.max(strategies * instruments.count, 1))
        places.initialize(repeating: -1, count: Swift.max(strategies * instruments.count, 1))
        for slot in 0...instruments.count {
            (starts + slot).initialize(to: plan.entries.count { $0.instrument < slot })
        }
        var tables: [SessionCalendar: SessionTable] = [:]
        for (index, entry) in plan.entries.enumerated() {
            do throws(ContextFailure) {
                let calendar = entry.settings.calendar
                if tables[calendar] == nil {
                    tables[calendar] = try SessionTable(
                        plan.boundaries[calendar] ?? [], sessionCount: calendar.names.count)
                }
                (contexts + index).initialize(
                    to: try InstrumentContext(
                        entry.settings, sessions: tables[calendar] ?? SessionTable(),
                        instrument: instruments[entry.instrument]))
            } catch {
                preconditionFailure("context settings are tried before a lane starts: \(error)")
            }
            for strategy in entry.strategies {
                places[strategy * instruments.count + entry.instrument] = index
            }
        }
    }

    deinit {
        contexts.deinitialize(count: count)
        contexts.deallocate()
        starts.deallocate()
        places.deallocate()
        tapes.deinitialize(count: tapeCount)
        tapes.deallocate()
        tapePlaces.deallocate()
    }

    /// What a strategy sees of an instrument; `nil` unless it has asked for it.
    @_noLocks
    func context(of instrument: InstrumentIndex, for strategy: StrategyIndex)
        -> UnsafePointer<InstrumentContext>?
    {
        if instrument.slot >= instrumentCount || strategy.slot >= strategyCount { return nil }
        let place = places[strategy.slot &* instrumentCount &+ instrument.slot]
        return place < 0 ? nil : UnsafePointer(contexts + place)
    }

    /// Adds a trade of the stream to its instrument's contexts.
    @_noLocks
    mutating func add(_ trade: Trade) {
        let tape = tapePlaces[trade.instrument.slot]
        if tape < 0 || !tapes[tape].isOpen { return feed(trade) }
        tapes[tape].join.addLive(trade)
        // A trade that follows what is in them is news; a hole is known before what is behind it.
        noteChange(tape, trade.instrument)
        drain(tape, trade.instrument)
        tapes[tape].askForMissing()
    }

    /// The stream was lost: trades may be missing from now on.
    @_noLocks
    mutating func doubt() {
        var slot = 0
        while slot < instrumentCount {
            let tape = tapePlaces[slot]
            if tape >= 0, tapes[tape].isOpen {
                tapes[tape].join.part()
                noteChange(tape, InstrumentIndex(UInt16(truncatingIfNeeded: slot)))
            } else {
                var place = starts[slot]
                while place < starts[slot &+ 1] {
                    contexts[place].doubt()
                    place &+= 1
                }
            }
            slot &+= 1
        }
    }

    /// Adds a piece of the trades that were asked for.
    @_noLocks
    mutating func add(_ piece: HistoricTrade) {
        let instrument = piece.trade.instrument
        if instrument.slot >= instrumentCount { return }
        let tape = tapePlaces[instrument.slot]
        if tape < 0 { return }
        switch piece.mark {
        case .begins: begin(tape, instrument, since: piece.trade.venueTime)
        case .trade:
            if tapes[tape].join.addHistory(piece.trade) { drain(tape, instrument) }
        case .ends:
            tapes[tape].endRequest()
            tapes[tape].askForMissing()
        case .unavailable:
            tapes[tape].endRequest()
            tapes[tape].join.giveUp()
            drain(tape, instrument)
        }
    }

    /// What the contexts of an instrument lack.
    @_noLocks
    func request(of instrument: InstrumentIndex) -> TradeHistoryRequest {
        let tape = instrument.slot < instrumentCount ? tapePlaces[instrument.slot] : -1
        return tape < 0 ? TradeHistoryRequest() : tapes[tape].request
    }

    private mutating func begin(
        _ tape: Int, _ instrument: InstrumentIndex, since moment: Timestamp
    ) {
        if tapes[tape].isOpen { return }
        gathersHistory = true
        tapes[tape].begin(since: moment)
        var place = starts[instrument.slot]
        while place < starts[instrument.slot &+ 1] {
            contexts[place].assumeComplete(since: moment)
            contexts[place].beginCatchingUp()
            place &+= 1
        }
    }

    private mutating func drain(_ tape: Int, _ instrument: InstrumentIndex) {
        while let next = tapes[tape].join.take() { feed(next.trade) }
        noteChange(tape, instrument)
    }

    private mutating func noteChange(_ tape: Int, _ instrument: InstrumentIndex) {
        if !tapes[tape].noteChange() { return }
        let isJoined = tapes[tape].wasJoined
        var place = starts[instrument.slot]
        while place < starts[instrument.slot &+ 1] {
            if isJoined {
                contexts[place].finishCatchingUp()
                expectChange(of: place)
            } else {
                contexts[place].beginCatchingUp()
            }
            place &+= 1
        }
    }

    private mutating func feed(_ trade: Trade) {
        var place = starts[trade.instrument.slot]
        let end = starts[trade.instrument.slot &+ 1]
        while place < end {
            _ = contexts[place].update(trade)
            expectChange(of: place)
            place &+= 1
        }
    }

    /// A bar that the venue has built goes into its instrument's contexts, unless its trades are
    /// going to.
    @_noLocks
    mutating func seed(_ candle: Candle) {
        if candle.instrument.slot >= instrumentCount { return }
        let tape = tapePlaces[candle.instrument.slot]
        if tape >= 0, candle.closeTime >= tapes[tape].since { return }
        var place = starts[candle.instrument.slot]
        let end = starts[candle.instrument.slot &+ 1]
        while place < end {
            contexts[place].seed(candle)
            place &+= 1
        }
    }

    /// The venue's clock has come to `now`: sessions open and close without a trade too. Other
    /// parts of a context wait for the next trade, or the next such moment.
    @_noLocks
    mutating func advance(to now: Timestamp) {
        if now < nextChange { return }
        nextChange = .never
        var place = 0
        while place < count {
            // One that waits for trades stands where they have come to.
            if !contexts[place].isCatchingUp { contexts[place].advance(to: now) }
            expectChange(of: place)
            place &+= 1
        }
    }

    private mutating func expectChange(of place: Int) {
        if contexts[place].isCatchingUp { return }
        let change = contexts[place].nextSessionChange
        if change < nextChange { nextChange = change }
    }

    /// The next event of a context, and the place of it.
    @_noLocks
    mutating func takeEvent(at place: inout Int) -> ContextEvent? {
        while place < count {
            if let event = contexts[place].takeEvent() { return event }
            place &+= 1
        }
        return nil
    }

    /// What the context at `place` says, for people. Cold.
    func summary(at place: Int) -> ContextSummary { ContextSummary(contexts[place]) }

    /// Which instrument the context at `place` is of.
    @_noLocks
    func instrument(at place: Int) -> InstrumentIndex { contexts[place].instrument }

    /// Whether a strategy sees the context at `place`.
    @_noLocks
    func isSeen(_ place: Int, by strategy: Int) -> Bool {
        places[strategy &* instrumentCount &+ contexts[place].instrument.slot] == place
    }
}
