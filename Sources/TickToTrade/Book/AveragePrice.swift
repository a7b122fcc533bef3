import MarketModel

/// What the venue may measure its percent-price band from: the weighted average price of the last
/// minutes, or the last trade's price (PERCENT_PRICE and PERCENT_PRICE_BY_SIDE, binance-spot.md,
/// section 12).
///
/// Whole minutes of the venue's clock in a ring, and the one in progress. The venue does not say
/// whether its window slides or ends with whole minutes, and an order arrives a little later than it
/// leaves: so this is a range, from the lowest to the highest of the averages over one minute less,
/// as many, and one more, and of the trades since they were taken, a second ago at most. It is wider
/// by one part in ten thousand, for the venue's rounding. An order within the band of both ends is
/// within the venue's, except that nothing is known here of
///  - trades before the start and during a lost connection, until the window has passed over them;
///  - trades that are still on their way here, each of which moves an average by its share of the
///    volume;
///  - a reference price that the venue sets itself and measures from instead.
///
/// A trade costs two additions and two comparisons, and three divisions once a second.
struct AveragePrice: ~Copyable {
    private struct Minute: BitwiseCopyable {
        var volume: Int128 = 0
        var quote: Int128 = 0

        static func += (sum: inout Minute, more: Minute) {
            sum.volume &+= more.volume
            sum.quote &+= more.quote
        }

        static func -= (sum: inout Minute, less: Minute) {
            sum.volume &-= less.volume
            sum.quote &-= less.quote
        }

        /// Rounded down; `last` where nothing was traded, and for what is no price.
        func average(or last: Price) -> Price {
            if volume <= 0 { return last }
            let average = quote / volume
            return average > 0 && average <= Int128(Int64.max)
                ? Price(raw: Int64(truncatingIfNeeded: average)) : last
        }
    }

    /// The ends of the range; both zero before the first trade and where the venue has no band.
    private(set) var low = Price.zero
    private(set) var high = Price.zero
    /// Minutes of the average; 0: the last price; -1: nobody asks.
    private let length: Int
    private let minutes: UnsafeMutablePointer<Minute>
    /// The ring's oldest minute, which is the next to be overwritten.
    private var oldest = 0
    private var current = Minute()
    /// All minutes of the ring together.
    private var earlier = Minute()
    private var last = Price.zero
    private var minuteEnd = Timestamp.unknown
    private var nextLook = Timestamp.unknown

    init(_ instrument: Instrument) {
        let bands =
            instrument.bidMultiplierUp | instrument.bidMultiplierDown
            | instrument.askMultiplierUp | instrument.askMultiplierDown
        length = bands == 0 ? -1 : Swift.min(Int(instrument.averagePriceMinutes), 1_440)
        let count = Swift.max(length, 1)
        minutes = .allocate(capacity: count)
        minutes.initialize(repeating: Minute(), count: count)
    }

    deinit { minutes.deallocate() }

    /// Takes a trade at a moment of the venue's clock; numbers that are no trade are left out.
    @_noLocks
    mutating func add(_ price: Price, _ quantity: Quantity, at time: Timestamp) {
        if length < 0 || !Self.isSound(price.raw) || !Self.isSound(quantity.raw) { return }
        last = price
        if length == 0 {
            low = price
            high = price
            return
        }
        let hasPassed = time >= minuteEnd
        if hasPassed { pass(to: time) }
        current.volume &+= Int128(quantity.raw)
        current.quote &+= Notional(price, quantity).raw
        if hasPassed || time >= nextLook { return look(time) }
        if price < low { low = price }
        if price > high { high = price }
    }

    /// Lets minutes end: at the latest with the market's next message.
    @_noLocks
    mutating func advance(to time: Timestamp) {
        if time < minuteEnd || length <= 0 || low.raw == 0 { return }
        pass(to: time)
        look(time)
    }

    /// Above these, sums of thousands leave 128 bits.
    private static func isSound(_ raw: Int64) -> Bool { raw > 0 && raw <= 1 &<< 56 }

    private mutating func pass(to time: Timestamp) {
        let minute = Nanoseconds(60_000_000_000)
        let begun = Timestamp(nanoseconds: time.nanoseconds &- time.nanoseconds % minute.count)
        if minuteEnd != .unknown {
            // What is longer ago than the window is forgotten whole.
            var ended = Swift.min((begun - minuteEnd).count / minute.count &+ 1, Int64(length &+ 1))
            while ended > 0 {
                earlier -= minutes[oldest]
                earlier += current
                minutes[oldest] = current
                current = Minute()
                oldest = oldest &+ 1 < length ? oldest &+ 1 : 0
                ended &-= 1
            }
        }
        minuteEnd = begun + minute
    }

    private mutating func look(_ time: Timestamp) {
        nextLook = time + Nanoseconds(1_000_000_000)
        var sum = current
        sum += earlier
        let longest = sum.average(or: last)
        sum -= minutes[oldest]
        let usual = sum.average(or: last)
        sum -= minutes[oldest &+ 1 < length ? oldest &+ 1 : 0]
        let shortest = length > 1 ? sum.average(or: last) : last
        let least = Swift.min(Swift.min(longest.raw, usual.raw), shortest.raw)
        let most = Swift.max(Swift.max(longest.raw, usual.raw), shortest.raw)
        low = Price(raw: least &- least / 10_000)
        high = Price(raw: most &+ most / 10_000)
    }
}
