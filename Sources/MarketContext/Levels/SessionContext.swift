import MarketModel

/// What is left of a session that is over.
@frozen
public struct SessionSummary: BitwiseCopyable, Sendable, Equatable, Codable {
    /// Its prices and volumes, from its opening to its last trade.
    public var candle: Candle
    /// Lowest price of the bin of its point of control.
    public var pointOfControl: Price
    public var valueArea: ValueArea
    /// In raw price units.
    public var vwap: Double
    /// Trades of it are missing, or some were too far away for its profile.
    public var isPartial: Bool

    @_noLocks
    public init(
        candle: Candle, pointOfControl: Price, valueArea: ValueArea, vwap: Double, isPartial: Bool
    ) {
        self.candle = candle
        self.pointOfControl = pointOfControl
        self.valueArea = valueArea
        self.vwap = vwap
        self.isPartial = isPartial
    }
}

/// One session of a market as it runs: VWAP, profile, delta, opening range, initial balance.
///
/// Constant time a trade; the value area and the summary take time with the profile's rows.
public struct SessionContext: ~Copyable {
    public private(set) var profile: VolumeProfile
    public private(set) var vwap = VolumeWeightedPrice()
    public private(set) var openingRange: OpeningRange
    public private(set) var initialBalance: OpeningRange
    /// It is running: trades count.
    public private(set) var isOpen = false
    /// When the running or, when closed, the last session opened; `unknown` before the first.
    public private(set) var opening = Timestamp.unknown

    private let share: Int64
    private let rule: ValueAreaRule
    private var bar: Candle
    private var hasPrevious = false
    private var last: SessionSummary

    /// A session of an instrument with these settings, closed.
    public init(
        _ settings: ContextSettings, instrument: Instrument
    ) throws(ContextFailure) {
        profile = try settings.makeProfile(instrument)
        openingRange = OpeningRange(length: settings.openingRange)
        initialBalance = OpeningRange(length: settings.initialBalance)
        share = settings.valueAreaShare
        rule = settings.valueAreaRule
        bar = Candle(instrument.index, from: .unknown, to: .unknown)
        last = SessionSummary(
            candle: bar, pointOfControl: .zero,
            valueArea: ValueArea(low: .zero, high: .zero, volume: .zero), vwap: 0, isPartial: true)
    }

    /// Prices and volumes since the opening; `nil` while there was no trade.
    public var candle: Candle? {
        @_noLocks get { isOpen && bar.tradeCount > 0 ? bar : nil }
    }

    /// VAL and VAH by the settings; `nil` before the first trade.
    public var valueArea: ValueArea? {
        @_noLocks get { profile.valueArea(share: share, by: rule) }
    }

    /// The last session that is over and had trades.
    public var previous: SessionSummary? { @_noLocks get { hasPrevious ? last : nil } }

    /// Takes bins of another size, before the first trade.
    @_noLocks
    mutating func take(binSize: Price) { profile.take(binSize: binSize) }

    /// Opens it anew at `opening`. All trades since `complete` are known.
    @_noLocks
    public mutating func begin(
        at opening: Timestamp, complete: Timestamp = Timestamp(nanoseconds: .min)
    ) {
        isOpen = true
        self.opening = opening
        profile.reset()
        vwap = VolumeWeightedPrice()
        openingRange.begin(at: opening)
        initialBalance.begin(at: opening)
        bar = Candle(bar.instrument, from: opening, to: opening)
        bar.isPartial = opening < complete
    }

    /// Trades since its opening are missing.
    @_noLocks
    public mutating func markIncomplete() { bar.isPartial = true }

    /// Counts a trade while it is open. `time` is the market's clock.
    @_noLocks
    public mutating func add(_ trade: Trade, at time: Timestamp) {
        if !isOpen { return }
        profile.add(trade)
        vwap.add(trade)
        openingRange.add(trade.price, at: time)
        initialBalance.add(trade.price, at: time)
        if bar.tradeCount == 0 {
            let marks = bar.marks
            bar = Candle(openedBy: trade, from: opening, to: time)
            bar.marks = marks
        }
        bar.add(trade)
        bar.closeTime = time
    }

    /// Closes it. All trades since `complete` are known.
    @_noLocks
    public mutating func end(complete: Timestamp) {
        if !isOpen { return }
        if let control = profile.pointOfControl, let area = valueArea, let price = vwap.value {
            bar.isClosed = true
            bar.isPartial = opening < complete
            last = SessionSummary(
                candle: bar, pointOfControl: control.low, valueArea: area, vwap: price,
                isPartial: bar.isPartial || !profile.isComplete)
            hasPrevious = true
        }
        isOpen = false
    }
}

extension SessionContext {
    /// What it holds, to be saved.
    public struct State: Codable, Sendable {
        var profile: VolumeProfile.State
        var vwap: VolumeWeightedPrice
        var openingRange: OpeningRange
        var initialBalance: OpeningRange
        var isOpen: Bool
        var opening: Timestamp
        var bar: Candle
        var previous: SessionSummary?
    }

    /// Allocates.
    public var state: State {
        State(
            profile: profile.state, vwap: vwap, openingRange: openingRange,
            initialBalance: initialBalance, isOpen: isOpen, opening: opening, bar: bar,
            previous: previous)
    }

    func accepts(_ state: State) -> Bool {
        profile.accepts(state.profile) && state.vwap.isSound
            && state.openingRange.length == openingRange.length
            && state.initialBalance.length == initialBalance.length
            && state.bar.instrument == bar.instrument
            && (!state.isOpen || state.opening != .unknown)
    }

    /// Goes on where one of the same settings was; ``ContextFailure/unsound(_:)`` when none can
    /// have been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        if !accepts(state) { throw .unsound("session") }
        try profile.restore(state.profile)
        vwap = state.vwap
        openingRange = state.openingRange
        initialBalance = state.initialBalance
        isOpen = state.isOpen
        opening = state.opening
        bar = state.bar
        hasPrevious = state.previous != nil
        if let previous = state.previous { last = previous }
    }
}
