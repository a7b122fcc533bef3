import MarketContext
import MarketModel

/// The market contexts of a lane, by instrument and by strategy.
struct ContextTable: ~Copyable {
    private let contexts: UnsafeMutablePointer<InstrumentContext>
    private let count: Int
    /// The contexts of instrument `i` are `starts[i]..<starts[i + 1]`.
    private let starts: UnsafeMutablePointer<Int>
    private let instrumentCount: Int
    private let strategyCount: Int
    /// The context that a strategy sees of an instrument, -1 for none.
    private let places: UnsafeMutablePointer<Int>
    /// Nothing opens or closes before, on the venue's clock.
    private(set) var nextChange = Timestamp.never

    /// Takes all memory. The plan's settings have been tried before.
    init(_ plan: ContextPlan, instruments: [Instrument], strategies: Int) {
        count = plan.entries.count
        instrumentCount = instruments.count
        strategyCount = strategies
        contexts = .allocate(capacity: Swift.max(count, 1))
        starts = .allocate(capacity: instruments.count + 1)
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

    /// Adds a trade to its instrument's contexts.
    @_noLocks
    mutating func add(_ trade: Trade) {
        var place = starts[trade.instrument.slot]
        let end = starts[trade.instrument.slot &+ 1]
        while place < end {
            _ = contexts[place].update(trade)
            if contexts[place].nextSessionChange < nextChange {
                nextChange = contexts[place].nextSessionChange
            }
            place &+= 1
        }
    }

    /// A bar that the venue has built goes into its instrument's contexts.
    @_noLocks
    mutating func seed(_ candle: Candle) {
        if candle.instrument.slot >= instrumentCount { return }
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
            contexts[place].advance(to: now)
            if contexts[place].nextSessionChange < nextChange {
                nextChange = contexts[place].nextSessionChange
            }
            place &+= 1
        }
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

    /// Which instrument the context at `place` is of.
    @_noLocks
    func instrument(at place: Int) -> InstrumentIndex { contexts[place].instrument }

    /// Whether a strategy sees the context at `place`.
    @_noLocks
    func isSeen(_ place: Int, by strategy: Int) -> Bool {
        places[strategy &* instrumentCount &+ contexts[place].instrument.slot] == place
    }
}
