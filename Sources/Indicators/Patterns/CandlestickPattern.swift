/// Whether the newest candles form a pattern: 100 for a bullish one, −100 for a bearish one, 80 and
/// −80 for one that only just is, 0 for none.
@frozen
public struct CandlestickPattern: IndicatorFormula {
    public let kind: CandlestickKind
    public let warmUp: Int
    @usableFromInline let ages: Int
    @usableFromInline let penetration: Double
    @usableFromInline var window = CandleWindow()

    /// `penetration` 0...3·10³⁷, only for patterns that have one; `nil` for its standard.
    public init(
        _ kind: CandlestickKind, penetration: Double? = nil
    ) throws(IndicatorFailure) {
        self.kind = kind
        warmUp = kind.warmUp
        ages = kind.candleCount
        if let penetration, kind.standardPenetration == nil {
            throw .parameter("penetration", value: penetration, allowed: 0...0)
        }
        self.penetration = try (penetration ?? kind.standardPenetration ?? 0)
            .checked("penetration", in: 0...3e37)
    }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Int? {
        let candle = Candle(bar)
        window.candles.push(candle)
        if window.candles.pushed <= warmUp { return nil }
        if window.candles.pushed == warmUp &+ 1 || window.candles.isAnchorDue {
            window = window.started(ages: ages)
        }
        let verdict = judge()
        window.slide(ages: ages, newest: candle)
        return verdict
    }

    @inlinable @inline(__always)
    func judge() -> Int {
        switch ages {
        case 1: window.view.judgeOne(kind)
        case 2: window.view.judgeTwo(kind, penetration)
        case 3: window.view.judgeThree(kind, penetration)
        default: window.view.judgeMany(kind, penetration)
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}
