import MarketModel

/// Bars with their volume by price: what was bought and sold in each bin of each bar.
///
/// The forming bar and the newest closed ones, each a ``VolumeProfile``, in memory that is taken
/// once. A trade takes constant time.
public struct FootprintBars: ~Copyable {
    /// First for `scripts/sanitize`, which says why.
    private let profiles: UnsafeMutablePointer<VolumeProfile>
    public private(set) var binSize: Price
    private let candles: UnsafeMutablePointer<Candle>
    /// Which closed bars lack trades.
    private let partials: UnsafeMutablePointer<Bool>
    /// Bars kept, with the forming one.
    private let capacity: Int
    private var builder: CandleBuilder
    /// Where the forming bar is.
    private var head = 0
    /// Closed bars that are kept, at most `capacity` − 1.
    public private(set) var closedCount = 0

    /// Keeps `bars` closed bars (1...1,024) of at most `binsPerBar` bins; a trade outside of them
    /// makes its bar's profile incomplete.
    public init(
        instrument: InstrumentIndex, timeframe: Timeframe, binSize: Price,
        tickSize: Price = Price(raw: 1), bars: Int = 16, binsPerBar: Int = 512
    ) throws(ContextFailure) {
        if !(1...1024).contains(bars) {
            throw .outside("footprint bars", value: Int64(bars), allowed: 1...1024)
        }
        let first = try VolumeProfile(binSize: binSize, tickSize: tickSize, capacity: binsPerBar)
        self.binSize = binSize
        builder = CandleBuilder(instrument: instrument, timeframe: timeframe)
        capacity = bars + 1
        profiles = .allocate(capacity: capacity)
        candles = .allocate(capacity: capacity)
        candles.initialize(
            repeating: Candle(instrument, from: .unknown, to: .unknown), count: capacity)
        partials = .allocate(capacity: capacity)
        partials.initialize(repeating: false, count: capacity)
        profiles.initialize(to: first)
        for bar in 1..<capacity {
            // The settings are those of the first, which were valid.
            guard let profile = try? VolumeProfile(
                binSize: binSize, tickSize: tickSize, capacity: binsPerBar)
            else { preconditionFailure("equal settings make equal profiles") }
            (profiles + bar).initialize(to: profile)
        }
    }

    deinit {
        profiles.deinitialize(count: capacity)
        profiles.deallocate()
        candles.deallocate()
        partials.deallocate()
    }

    /// Takes bins of another size, before the first trade.
    @_noLocks
    mutating func take(binSize: Price) {
        self.binSize = binSize
        var bar = 0
        while bar < capacity {
            profiles[bar].take(binSize: binSize)
            bar &+= 1
        }
    }

    /// Takes the next trade, by the rules of ``CandleBuilder``. All trades since `complete` are
    /// known: a bar that began earlier is partial.
    @_noLocks
    public mutating func add(
        _ trade: Trade, complete: Timestamp = Timestamp(nanoseconds: .min)
    ) -> CandleStep {
        let step = builder.update(trade)
        switch step {
        case .late: return step
        case .closed(let candle): shift(candle, complete)
        case .extended: break
        }
        profiles[head].add(trade)
        return step
    }

    /// Closes the forming bar if it is over at `now`.
    @_noLocks
    public mutating func close(
        at now: Timestamp, complete: Timestamp = Timestamp(nanoseconds: .min)
    ) -> Candle? {
        guard let candle = builder.close(at: now) else { return nil }
        shift(candle, complete)
        return candle
    }

    /// All trades from `moment` on are going to come. Ignored once there was one.
    @_noLocks
    mutating func assumeComplete(since moment: Timestamp) { builder.assumeComplete(since: moment) }

    /// Trades up to `time` are missing.
    @_noLocks
    mutating func markIncomplete(through time: Timestamp) {
        builder.markIncomplete(through: time)
    }

    /// The forming bar; `nil` when no trade has opened one.
    public var current: Candle? { @_noLocks get { builder.current } }

    /// The bins of the forming bar (`age` 0) or of the bar closed `age` bars ago, up to
    /// ``closedCount``. Valid until the next trade.
    @_noLocks
    public func profile(age: Int) -> UnsafePointer<VolumeProfile> {
        precondition(age >= 0 && age <= closedCount, "a bar that is kept")
        return UnsafePointer(profiles + place(age))
    }

    /// The bar closed `age` bars ago, 1...``closedCount``.
    @_noLocks
    public func candle(age: Int) -> Candle {
        precondition(age > 0 && age <= closedCount, "a bar that is kept")
        return candles[place(age)]
    }

    /// Trades of the bar closed `age` bars ago, 1...``closedCount``, or of the forming one (0, by
    /// the same `complete` as ``add(_:complete:)``) are missing or have no bin.
    @_noLocks
    public func isPartial(
        age: Int, complete: Timestamp = Timestamp(nanoseconds: .min)
    ) -> Bool {
        if !profile(age: age).pointee.isComplete { return true }
        if age > 0 { return partials[place(age)] }
        guard let current else { return false }
        return current.openTime < complete
    }

    private func place(_ age: Int) -> Int {
        let place = head &- age
        return place < 0 ? place &+ capacity : place
    }

    private mutating func shift(_ closed: Candle, _ complete: Timestamp) {
        candles[head] = closed
        candles[head].isPartial = closed.openTime < complete
        partials[head] = candles[head].isPartial
        head = head &+ 1 == capacity ? 0 : head &+ 1
        if closedCount < capacity &- 1 { closedCount &+= 1 }
        profiles[head].reset()
    }
}

extension FootprintBars {
    /// What it holds, to be saved: the closed bars, oldest first, and the forming one.
    public struct State: Codable, Sendable {
        var builder: CandleBuilder
        var candles: [Candle]
        /// Which of the candles lack trades.
        var partials: [Bool]
        /// One more than candles: the last is the forming bar's.
        var profiles: [VolumeProfile.State]
    }

    /// Allocates.
    public var state: State {
        var state = State(builder: builder, candles: [], partials: [], profiles: [])
        for age in (0...closedCount).reversed() {
            if age > 0 {
                state.candles.append(candle(age: age))
                state.partials.append(partials[place(age)])
            }
            state.profiles.append(profile(age: age).pointee.state)
        }
        return state
    }

    func accepts(_ state: State) -> Bool {
        state.builder.isSound(builder.timeframe, builder.instrument)
            && state.candles.count < capacity && state.partials.count == state.candles.count
            && state.profiles.count == state.candles.count + 1
            && state.profiles.allSatisfy { [profiles] in profiles[0].accepts($0) }
    }

    /// Goes on where one of the same settings was; ``ContextFailure/unsound(_:)`` when none can
    /// have been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        if !accepts(state) { throw .unsound("footprint") }
        builder = state.builder
        closedCount = state.candles.count
        head = closedCount
        for (place, candle) in state.candles.enumerated() {
            candles[place] = candle
            partials[place] = state.partials[place]
        }
        for (place, profile) in state.profiles.enumerated() {
            try profiles[place].restore(profile)
        }
        for place in state.profiles.count..<capacity { profiles[place].reset() }
    }
}

extension VolumeProfile {
    /// The `limit` rows with the most volume, of equals the lowest price first. Allocates: for
    /// reports (CTX-12).
    public func largestRows(_ limit: Int) -> [ProfileRow] {
        Array(
            rows.filter { $0.volume > .zero }
                .sorted { ($1.volume.raw, $0.low.raw) < ($0.volume.raw, $1.low.raw) }
                .prefix(limit))
    }
}
