/// The kinds of moving average, numbered as TA-Lib numbers them.
@frozen
public enum MovingAverageKind: Int, BitwiseCopyable, Codable, Sendable, CaseIterable {
    case sma = 0
    case ema = 1
    case wma = 2
    case dema = 3
    case tema = 4
    case trima = 5
    case kama = 6
    /// With limits 0.5 and 0.05; its period is ignored.
    case mama = 7
    /// With a volume factor of 0.7.
    case t3 = 8
    case hma = 9
    /// No averaging.
    case none = 10
    case zlema = 12
    case rma = 13

    static let highest = 13
}

/// A moving average of a kind chosen at run time; a period of 1 follows its input.
@frozen
public enum MovingAverage: IndicatorFormula {
    case none
    case sma(SMA)
    case ema(EMA)
    case wma(WMA)
    case dema(DEMA)
    case tema(TEMA)
    case trima(TRIMA)
    case kama(KAMA)
    case mama(MAMA)
    case t3(T3)
    case hma(HMA)
    case zlema(ZLEMA)
    case rma(RMA)

    /// `period` 1...100,000.
    public init(_ kind: MovingAverageKind = .sma, period: Int = 30) throws(IndicatorFailure) {
        self.init(kind, checked: try period.checked("period"))
    }

    init(_ kind: MovingAverageKind, checked period: Int) {
        if period == 1 {
            self = .none
            return
        }
        switch kind {
        case .none: self = .none
        case .sma: self = .sma(SMA(checked: period))
        case .ema: self = .ema(EMA(checked: period))
        case .wma: self = .wma(WMA(checked: period))
        case .dema: self = .dema(DEMA(checked: period))
        case .tema: self = .tema(TEMA(checked: period))
        case .trima: self = .trima(TRIMA(checked: period))
        case .kama: self = .kama(KAMA(checked: period))
        case .mama: self = .mama(MAMA(checkedFast: 0.5, slow: 0.05))
        case .t3: self = .t3(T3(checked: period, volumeFactor: 0.7))
        case .hma: self = .hma(HMA(checked: period))
        case .zlema: self = .zlema(ZLEMA(checked: period))
        case .rma: self = .rma(RMA(checked: period))
        }
    }

    @inlinable
    public var warmUp: Int {
        switch self {
        case .none: 0
        case .sma(let average): average.warmUp
        case .ema(let average): average.warmUp
        case .wma(let average): average.warmUp
        case .dema(let average): average.warmUp
        case .tema(let average): average.warmUp
        case .trima(let average): average.warmUp
        case .kama(let average): average.warmUp
        case .mama(let average): average.warmUp
        case .t3(let average): average.warmUp
        case .hma(let average): average.warmUp
        case .zlema(let average): average.warmUp
        case .rma(let average): average.warmUp
        }
    }

    @inlinable
    public mutating func step(_ sample: Double) -> Double? {
        switch self {
        case .none: return sample
        case .sma(var average):
            defer { self = .sma(average) }
            return average.step(sample)
        case .ema(var average):
            defer { self = .ema(average) }
            return average.step(sample)
        case .wma(var average):
            defer { self = .wma(average) }
            return average.step(sample)
        case .dema(var average):
            defer { self = .dema(average) }
            return average.step(sample)
        case .tema(var average):
            defer { self = .tema(average) }
            return average.step(sample)
        case .trima(var average):
            defer { self = .trima(average) }
            return average.step(sample)
        case .kama(var average):
            defer { self = .kama(average) }
            return average.step(sample)
        case .mama(var average):
            defer { self = .mama(average) }
            return average.step(sample)?.mama
        case .t3(var average):
            defer { self = .t3(average) }
            return average.step(sample)
        case .hma(var average):
            defer { self = .hma(average) }
            return average.step(sample)
        case .zlema(var average):
            defer { self = .zlema(average) }
            return average.step(sample)
        case .rma(var average):
            defer { self = .rma(average) }
            return average.step(sample)
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        switch self {
        case .none, .ema, .dema, .tema, .mama, .t3, .rma: break
        case .sma(var average):
            average.visitRings(&visitor)
            self = .sma(average)
        case .wma(var average):
            average.visitRings(&visitor)
            self = .wma(average)
        case .trima(var average):
            average.visitRings(&visitor)
            self = .trima(average)
        case .kama(var average):
            average.visitRings(&visitor)
            self = .kama(average)
        case .hma(var average):
            average.visitRings(&visitor)
            self = .hma(average)
        case .zlema(var average):
            average.visitRings(&visitor)
            self = .zlema(average)
        }
    }
}
