import Indicators

/// What an indicator says: one number or several, in the order of ``SharedIndicator``; 0 for those
/// that it does not have.
@frozen
public struct IndicatorReading: BitwiseCopyable, Sendable, Equatable {
    public var first: Double
    public var second: Double
    public var third: Double
    /// One of the candles that it is made of lacks trades, or one between them may be missing: so it
    /// stays until as many whole ones came as its warm-up takes.
    public internal(set) var isPartial = false

    @_noLocks
    init(_ first: Double, _ second: Double = 0, _ third: Double = 0) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// The number of an indicator with one.
    @inlinable
    public var value: Double { first }
}

// Values of the library as readings.

@inline(__always) @_noLocks
func reading(_ value: Double?) -> IndicatorReading? {
    guard let value else { return nil }
    return IndicatorReading(value)
}

@inline(__always) @_noLocks
func reading(_ bands: Bands?) -> IndicatorReading? {
    guard let bands else { return nil }
    return IndicatorReading(bands.upper, bands.middle, bands.lower)
}

@inline(__always) @_noLocks
func reading(_ line: SignalledLine?) -> IndicatorReading? {
    guard let line else { return nil }
    return IndicatorReading(line.line, line.signal, line.histogram)
}

@inline(__always) @_noLocks
func reading(_ lines: StochasticLines?) -> IndicatorReading? {
    guard let lines else { return nil }
    return IndicatorReading(lines.k, lines.d)
}

@inline(__always) @_noLocks
func reading(_ pair: DirectionPair?) -> IndicatorReading? {
    guard let pair else { return nil }
    return IndicatorReading(pair.down, pair.up)
}

@inline(__always) @_noLocks
func reading(_ stop: TrendStop?) -> IndicatorReading? {
    guard let stop else { return nil }
    return IndicatorReading(stop.stop, Double(stop.trend))
}

@inline(__always) @_noLocks
func reading(_ mark: Int?) -> IndicatorReading? {
    guard let mark else { return nil }
    return IndicatorReading(Double(mark))
}

@inline(__always) @_noLocks
func reading(_ position: BandPosition?) -> IndicatorReading? {
    guard let position else { return nil }
    return IndicatorReading(position.width, position.position)
}

@inline(__always) @_noLocks
func reading(_ lines: VortexLines?) -> IndicatorReading? {
    guard let lines else { return nil }
    return IndicatorReading(lines.plus, lines.minus)
}

@inline(__always) @_noLocks
func reading(_ powers: ElderPowers?) -> IndicatorReading? {
    guard let powers else { return nil }
    return IndicatorReading(powers.bull, powers.bear)
}

@inline(__always) @_noLocks
func reading(_ lines: KDJLines?) -> IndicatorReading? {
    guard let lines else { return nil }
    return IndicatorReading(lines.k, lines.d, lines.j)
}

@inline(__always) @_noLocks
func reading(_ swings: FractalSwings?) -> IndicatorReading? {
    guard let swings else { return nil }
    return IndicatorReading(Double(swings.high), Double(swings.low))
}

@inline(__always) @_noLocks
func reading(_ sides: BookSides?) -> IndicatorReading? {
    guard let sides else { return nil }
    return IndicatorReading(sides.bid, sides.ask)
}

@inline(__always) @_noLocks
func reading(_ spread: TradeSpread?) -> IndicatorReading? {
    guard let spread else { return nil }
    return IndicatorReading(spread.price, spread.basisPoints)
}
