import MarketModel

/// One moment of a market with all that any indicator may want of it, for uses that choose their
/// indicator by name. Hot code hands each formula its own input instead.
public struct MarketSample: Sendable {
    public var time: Timestamp
    public var bar: PriceBar
    /// A second series of the same moments: the market to compare with.
    public var second: Double

    public init(time: Timestamp = .unknown, bar: PriceBar, second: Double = .nan) {
        self.time = time
        self.bar = bar
        self.second = second
    }
}

/// An input that a ``MarketSample`` contains.
public protocol SampledInput: IndicatorInput {
    init(_ sample: MarketSample)
}

extension Double: SampledInput {
    /// The close.
    public init(_ sample: MarketSample) { self = sample.bar.close }
}

extension PriceBar: SampledInput {
    public init(_ sample: MarketSample) { self = sample.bar }
}

extension SamplePair: SampledInput {
    /// The close and the second series.
    public init(_ sample: MarketSample) { self.init(sample.bar.close, sample.second) }
}
