import Indicators
import MarketModel

/// The shared indicators of a lane, by instrument and length of candle, and who reads which.
struct IndicatorTable: ~Copyable {
    struct Entry {
        let place: IndicatorPlace
        let feed: IndicatorFeed
        let interval: Nanoseconds
        /// What raw prices and quantities are divided by.
        let priceUnit: Double
        let quantityUnit: Double
        /// Of the newest candle that was taken.
        var openTime: Timestamp
        var reading: IndicatorReading?
        /// Whole candles without a gap up to the newest, as many as the warm-up takes at most.
        var wholeCandles = 0
        /// When the venue's next candle opens, flat ones without trades included; `unknown` before
        /// the first.
        var nextOfVenue = Timestamp.unknown

        var isPartial: Bool { wholeCandles <= place.warmUp }

        @_noLocks
        func price(_ price: Price) -> Double { Double(price.raw) / priceUnit }

        @_noLocks
        func size(_ quantity: Quantity) -> Double { Double(quantity.raw) / quantityUnit }
    }

    /// Elsewhere, so that the table itself is small: a large one would be copied for each question.
    let shelves = UnsafeMutablePointer<IndicatorShelves>.allocate(capacity: 1)
    /// By instrument: what any of its indicators is fed with, and the quote that was fed last.
    let feeds: UnsafeMutablePointer<UInt8>
    let quotes: UnsafeMutablePointer<Quote>
    let entries: UnsafeMutablePointer<Entry>
    private let count: Int
    /// The entries of instrument `i` are `starts[i]..<starts[i + 1]`.
    let starts: UnsafeMutablePointer<Int>
    private let instrumentCount: Int
    private let strategyCount: Int
    /// By strategy, instrument and number: an entry, -1 for none.
    private let looks: UnsafeMutablePointer<Int32>

    /// Takes all memory. The plan's parameters have been tried before.
    init(_ plan: IndicatorPlan, instruments: [Instrument], strategies: Int) {
        shelves.initialize(to: IndicatorShelves())
        count = plan.entries.count
        instrumentCount = instruments.count
        strategyCount = strategies
        entries = .allocate(capacity: Swift.max(count, 1))
        feeds = .allocate(capacity: Swift.max(instruments.count, 1))
        feeds.initialize(repeating: 0, count: Swift.max(instruments.count, 1))
        quotes = .allocate(capacity: Swift.max(instruments.count, 1))
        quotes.initialize(repeating: Quote.none, count: Swift.max(instruments.count, 1))
        starts = .allocate(capacity: instruments.count + 1)
        for slot in 0...instruments.count {
            (starts + slot).initialize(to: plan.entries.count { $0.instrument < slot })
        }
        let order = plan.entries.indices.sorted {
            (plan.entries[$0].instrument, $0) < (plan.entries[$1].instrument, $1)
        }
        for (position, number) in order.enumerated() {
            let wanted = plan.entries[number]
            let instrument = instruments[wanted.instrument]
            guard let place = try? shelves.pointee.add(wanted.need.indicator) else {
                preconditionFailure("the parameters of indicators are tried before a lane starts")
            }
            feeds[wanted.instrument] |= place.feed.bit
            (entries + position).initialize(
                to: Entry(
                    place: place, feed: place.feed, interval: wanted.need.interval,
                    priceUnit: Double(DecimalScale.power(Int(instrument.priceScale))),
                    quantityUnit: Double(DecimalScale.power(Int(instrument.quantityScale))),
                    openTime: .unknown))
        }
        let room = strategies * instruments.count * IndicatorPlan.mostPerStrategy
        looks = .allocate(capacity: Swift.max(room, 1))
        looks.initialize(repeating: -1, count: Swift.max(room, 1))
        for look in plan.looks {
            guard let position = order.firstIndex(of: look.entry) else { continue }
            let row = look.strategy * instruments.count + plan.entries[look.entry].instrument
            looks[row * IndicatorPlan.mostPerStrategy + look.number] = Int32(position)
        }
    }

    deinit {
        shelves.deinitialize(count: 1)
        shelves.deallocate()
        entries.deallocate()
        feeds.deallocate()
        quotes.deallocate()
        starts.deallocate()
        looks.deallocate()
    }

    /// Takes a closed candle into the indicators of its instrument and length; one that is known
    /// already, or older, changes nothing.
    @_noLocks
    mutating func take(_ candle: Candle, _ interval: Nanoseconds) {
        if candle.instrument.slot >= instrumentCount { return }
        var position = starts[candle.instrument.slot]
        let end = starts[candle.instrument.slot &+ 1]
        while position < end {
            let entry = entries + position
            position &+= 1
            if entry.pointee.interval != interval { continue }
            let isKnown = entry.pointee.openTime != .unknown
                && candle.openTime <= entry.pointee.openTime
            if isKnown { continue }
            entry.pointee.openTime = candle.openTime
            if candle.isPartial {
                entry.pointee.wholeCandles = 0
            } else if entry.pointee.isPartial {
                entry.pointee.wholeCandles &+= 1
            }
            entry.pointee.reading = shelves.pointee.take(
                bar(candle, entry), at: entry.pointee.place, isForming: false)
            entry.pointee.reading?.isPartial = entry.pointee.isPartial
        }
    }

    /// Takes a closed candle that trades have made: the venue's are over, and it marks gaps itself.
    @_noLocks
    mutating func take(fromTrades candle: Candle, _ interval: Nanoseconds) {
        if candle.instrument.slot >= instrumentCount { return }
        var position = starts[candle.instrument.slot]
        while position < starts[candle.instrument.slot &+ 1] {
            if entries[position].interval == interval { entries[position].nextOfVenue = .unknown }
            position &+= 1
        }
        take(candle, interval)
    }

    /// Takes a closed candle of the venue's own, of which one follows the other, those without
    /// trades among them: one that does not follow shows a gap.
    @_noLocks
    mutating func take(fromVenue candle: Candle, _ interval: Nanoseconds) {
        if candle.instrument.slot >= instrumentCount { return }
        var position = starts[candle.instrument.slot]
        let end = starts[candle.instrument.slot &+ 1]
        while position < end {
            let entry = entries + position
            position &+= 1
            if entry.pointee.interval != interval { continue }
            let next = entry.pointee.nextOfVenue
            if candle.openTime < next { continue }
            if next != .unknown, candle.openTime > next { entry.pointee.wholeCandles = 0 }
            entry.pointee.nextOfVenue = candle.closeTime + Nanoseconds(1)
        }
        if candle.tradeCount > 0 { take(candle, interval) }
    }

    /// The stream is back when the venue's clock shows `now`: candles that the venue has closed
    /// meanwhile are not going to come.
    @_noLocks
    mutating func markMissed(until now: Timestamp) {
        var position = 0
        while position < count {
            let entry = entries + position
            position &+= 1
            let next = entry.pointee.nextOfVenue
            if next == .unknown || next + entry.pointee.interval > now { continue }
            entry.pointee.wholeCandles = 0
            entry.pointee.reading?.isPartial = true
        }
    }

    /// What the indicator says after the newest closed candle; `nil` while it warms up, and for a
    /// number that the strategy has not asked for.
    @_noLocks
    func reading(
        _ number: Int, of instrument: InstrumentIndex, for strategy: StrategyIndex
    ) -> IndicatorReading? {
        let position = self.position(number, instrument, strategy)
        return position < 0 ? nil : entries[position].reading
    }

    /// What the indicator would say if the candle that `feed` is building closed as it is; `nil` also
    /// while there is none. What it says for one that takes no candles. Changes nothing.
    @_noLocks
    mutating func peek(
        _ number: Int, of instrument: InstrumentIndex, for strategy: StrategyIndex,
        _ feed: borrowing CandleFeed
    ) -> IndicatorReading? {
        let position = self.position(number, instrument, strategy)
        if position < 0 { return nil }
        let entry = entries + position
        if entry.pointee.feed.bit != IndicatorFeed.candles.bit { return entry.pointee.reading }
        guard let forming = feed.forming(instrument, entry.pointee.interval) else { return nil }
        var reading = shelves.pointee.take(
            bar(forming, entry), at: entry.pointee.place, isForming: true)
        reading?.isPartial =
            forming.isPartial || entry.pointee.wholeCandles < entry.pointee.place.warmUp
        return reading
    }

    private func position(
        _ number: Int, _ instrument: InstrumentIndex, _ strategy: StrategyIndex
    ) -> Int {
        if number < 0 || number >= IndicatorPlan.mostPerStrategy
            || instrument.slot >= instrumentCount || strategy.slot >= strategyCount
        {
            return -1
        }
        let row = strategy.slot &* instrumentCount &+ instrument.slot
        return Int(looks[row &* IndicatorPlan.mostPerStrategy &+ number])
    }

    private func bar(_ candle: Candle, _ entry: UnsafeMutablePointer<Entry>) -> PriceBar {
        let unit = entry.pointee.priceUnit
        return PriceBar(
            open: Double(candle.open.raw) / unit, high: Double(candle.high.raw) / unit,
            low: Double(candle.low.raw) / unit, close: Double(candle.close.raw) / unit,
            volume: Double(candle.volume.raw) / entry.pointee.quantityUnit)
    }
}
