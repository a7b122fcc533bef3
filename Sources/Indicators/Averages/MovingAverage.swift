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
///
/// Holds one of every kind and steps the chosen one in place: an enumeration of them would be
/// copied out and back at every step. The windows of the others are empty. The kinds that other
/// indicators are made of by default are stepped inline.
@frozen
public struct MovingAverage: IndicatorFormula {
    public let kind: MovingAverageKind
    @usableFromInline var simple: SMA
    @usableFromInline var exponential: EMA
    @usableFromInline var weighted: WMA
    @usableFromInline var double: DEMA
    @usableFromInline var triple: TEMA
    @usableFromInline var triangular: TRIMA
    @usableFromInline var adaptive: KAMA
    @usableFromInline var mesa: MAMA
    @usableFromInline var tillson: T3
    @usableFromInline var hull: HMA
    @usableFromInline var lagless: ZLEMA
    @usableFromInline var wilder: RMA

    /// `period` 1...100,000.
    public init(_ kind: MovingAverageKind = .sma, period: Int = 30) throws(IndicatorFailure) {
        self.init(kind, checked: try period.checked("period"))
    }

    init(_ kind: MovingAverageKind, checked period: Int) {
        let kind = period == 1 ? .none : kind
        self.kind = kind
        func length(_ wanted: MovingAverageKind) -> Int { kind == wanted ? period : 1 }
        simple = SMA(checked: length(.sma))
        exponential = EMA(checked: length(.ema))
        weighted = WMA(checked: length(.wma))
        double = DEMA(checked: length(.dema))
        triple = TEMA(checked: length(.tema))
        triangular = TRIMA(checked: length(.trima))
        adaptive = KAMA(checked: length(.kama))
        mesa = MAMA(checkedFast: 0.5, slow: 0.05)
        tillson = T3(checked: length(.t3), volumeFactor: 0.7)
        hull = HMA(checked: length(.hma))
        lagless = ZLEMA(checked: length(.zlema))
        wilder = RMA(checked: length(.rma))
    }

    public static var cost: UpdateCost { .amortised }

    @inlinable
    public var warmUp: Int {
        switch kind {
        case .none: 0
        case .sma: simple.warmUp
        case .ema: exponential.warmUp
        case .wma: weighted.warmUp
        case .dema: double.warmUp
        case .tema: triple.warmUp
        case .trima: triangular.warmUp
        case .kama: adaptive.warmUp
        case .mama: mesa.warmUp
        case .t3: tillson.warmUp
        case .hma: hull.warmUp
        case .zlema: lagless.warmUp
        case .rma: wilder.warmUp
        }
    }

    @inlinable @inline(__always)
    public mutating func step(_ sample: Double) -> Double? {
        if _fastPath(kind == .sma) { return simple.step(sample) }
        if kind == .ema { return exponential.step(sample) }
        if kind == .rma { return wilder.step(sample) }
        return stepOther(sample)
    }

    @inlinable @inline(never)
    mutating func stepOther(_ sample: Double) -> Double? {
        switch kind {
        case .wma: weighted.step(sample)
        case .dema: double.step(sample)
        case .tema: triple.step(sample)
        case .trima: triangular.step(sample)
        case .kama: adaptive.step(sample)
        case .mama: mesa.step(sample)?.mama
        case .t3: tillson.step(sample)
        case .hma: hull.step(sample)
        case .zlema: lagless.step(sample)
        case .none, .sma, .ema, .rma: sample
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        simple.visitRings(&visitor)
        weighted.visitRings(&visitor)
        triangular.visitRings(&visitor)
        adaptive.visitRings(&visitor)
        hull.visitRings(&visitor)
        lagless.visitRings(&visitor)
    }
}
