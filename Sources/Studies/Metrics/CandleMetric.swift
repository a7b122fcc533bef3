/// A technical metric of a series of candles, as of its newest bar (CTX-13).
///
/// `n` is ``MetricsCalculator/Options/period``, `w` its window; percent are of the price.
public enum CandleMetric: String, CaseIterable, Sendable {
    case last
    case change
    case changePercent = "change_percent"
    case changeDayPercent = "change_24h_percent"
    case range
    case rangePercent = "range_percent"
    case atr
    case atrPercent = "atr_percent"
    case volatilityPercent = "volatility_percent"
    case smaFast = "sma_fast"
    case smaSlow = "sma_slow"
    case smaFastSlope = "sma_fast_slope"
    case smaSlowSlope = "sma_slow_slope"
    case adx
    case rsi
    case bandWidthPercent = "band_width_percent"
    case bandPosition = "band_position"
    case volumeRatio = "volume_ratio"
    case vwap
    case vwapDistancePercent = "vwap_distance_percent"

    /// What it is, in a line.
    public var formula: String {
        switch self {
        case .last: "close"
        case .change: "close - close before"
        case .changePercent: "the same, in percent of the close before"
        case .changeDayPercent: "close against that of 24 h before, in percent"
        case .range: "high - low"
        case .rangePercent: "the same, in percent of the close"
        case .atr: "average true range of n bars (Wilder)"
        case .atrPercent: "the same, in percent of the close"
        case .volatilityPercent: "deviation of w logarithmic returns, a year, percent"
        case .smaFast: "mean close of the fast average's bars"
        case .smaSlow: "mean close of the slow average's bars"
        case .smaFastSlope: "its change over 5 bars, percent a bar"
        case .smaSlowSlope: "its change over 5 bars, percent a bar"
        case .adx: "average directional index of n bars, 0...100 (Wilder)"
        case .rsi: "relative strength index of n bars, 0...100 (Wilder)"
        case .bandWidthPercent: "(upper - lower) / middle, Bollinger (w, 2), percent"
        case .bandPosition: "where the close is in them: 0 the lower, 1 the upper"
        case .volumeRatio: "volume / mean volume of the w bars before"
        case .vwap: "mean typical price of w bars by volume"
        case .vwapDistancePercent: "close - vwap, in percent of vwap"
        }
    }
}

/// All metrics as of one bar; `nil` while there are too few bars, or where they say nothing.
public struct CandleMetrics: Sendable, Equatable {
    private var numbers = [Double?](repeating: nil, count: CandleMetric.allCases.count)

    init() {}

    /// Those of a bar that says nothing.
    public static var none: CandleMetrics { CandleMetrics() }

    public internal(set) subscript(_ metric: CandleMetric) -> Double? {
        get { numbers[Self.place(of: metric)] }
        set { numbers[Self.place(of: metric)] = newValue }
    }

    private static let places = Dictionary(
        uniqueKeysWithValues: CandleMetric.allCases.enumerated().map { ($1, $0) })

    private static func place(of metric: CandleMetric) -> Int { places[metric] ?? 0 }

    /// For those who read it: each with `precision` digits behind the point, 0...12, rounded half
    /// away from zero. What is computed from metrics takes them as they are.
    public func rounded(to precision: Int) -> CandleMetrics {
        var rounded = self
        for place in numbers.indices {
            rounded.numbers[place] = numbers[place].map { Self.rounded($0, precision) }
        }
        return rounded
    }

    /// The precisions that may be asked for.
    public static let precisions = 0...12

    private static func rounded(_ number: Double, _ precision: Int) -> Double {
        precondition(precisions.contains(precision), "a precision is within 0...12")
        var scale = 1.0
        for _ in 0..<precision { scale *= 10 }
        let scaled = number * scale
        // From there on a Double has no digit behind that place.
        guard scaled.magnitude < 4.5e15 else { return number }
        var whole = scaled.rounded()
        // The product was rounded itself: a tie that it has made is none.
        if (scaled - whole).magnitude == 0.5 {
            let error = (-scaled).addingProduct(number, scale)
            if error < 0, number > 0 { whole = scaled.rounded(.down) }
            if error > 0, number < 0 { whole = scaled.rounded(.up) }
        }
        return whole / scale
    }
}
