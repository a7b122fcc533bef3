import MarketModel

/// What an ``InstrumentContext`` is made with, and what a strategy asks for.
public struct ContextSettings: Hashable, Sendable {
    /// Size of a price bin in ticks of the instrument; `nil` lets the first trade choose, by
    /// ``roundBinTicks(near:_:)``.
    public var binTicks: Int64?
    /// Bins of a session's profile, 16...1,048,576; 24 bytes each.
    public var profileBins = 4096
    /// Share of the volume in a value area, in ten-thousandths.
    public var valueAreaShare: Int64 = 7_000
    public var valueAreaRule = ValueAreaRule.singleRow
    /// First stretch of a session whose range is kept.
    public var openingRange = Nanoseconds.seconds(900)
    public var initialBalance = Nanoseconds.seconds(3_600)
    /// Bars of the footprint, closed ones that are kept, and bins of each.
    public var footprint = Timeframe.minutes(5)
    public var footprintBars = 12
    public var footprintBins = 512
    /// Bars of the regime, and as ``RegimeClassifier`` has them.
    public var regimeBars = Timeframe.minutes(5)
    public var regimePeriod = 48
    public var regimeEnter: Int64 = 3_500
    public var regimeLeave: Int64 = 2_000
    /// The venue numbers trades one by one, so that a missing number is a missing trade.
    public var tradeIDsAreConsecutive = true
    /// The sessions that have profiles, levels and events of their own, besides the UTC day.
    public var calendar = SessionCalendar.none

    public init() {}

    func makeProfile(_ instrument: Instrument) throws(ContextFailure) -> VolumeProfile {
        if !(1...10_000).contains(valueAreaShare) {
            throw .outside("value area share", value: valueAreaShare, allowed: 1...10_000)
        }
        if openingRange <= .zero { throw .notPositive("opening range") }
        if initialBalance <= .zero { throw .notPositive("initial balance") }
        return try VolumeProfile(
            binSize: try binSize(instrument), tickSize: instrument.tickSize, capacity: profileBins)
    }

    /// One tick while the first trade has not chosen.
    func binSize(_ instrument: Instrument) throws(ContextFailure) -> Price {
        let ticks = binTicks ?? 1
        let (size, overflow) = instrument.tickSize.raw.multipliedReportingOverflow(by: ticks)
        if overflow || size <= 0 {
            throw .outside("bin ticks", value: ticks, allowed: 1...(.max / 2))
        }
        return Price(raw: size)
    }

    /// The finest round number of ticks (1, 2 or 5 with zeros) for a bin, so that a profile's
    /// window covers ten percent above and below `price` at least.
    ///
    /// 500 ticks of 0.01 for a price of 60,000 and 4,096 bins: five units each.
    public func roundBinTicks(near price: Price, _ instrument: Instrument) -> Int64 {
        BinChoice(self, instrument).ticks(near: price)
    }
}
