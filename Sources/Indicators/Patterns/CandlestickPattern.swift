/// Whether the newest candles form a pattern: 100 for a bullish one, −100 for a bearish one, 80 and
/// −80 for one that only just is, 0 for none.
@frozen
public struct CandlestickPattern: IndicatorFormula {
    public let kind: CandlestickKind
    @usableFromInline let penetration: Double
    @usableFromInline var window: CandleWindow

    /// `penetration` 0...3·10³⁷, only for patterns that have one; `nil` for its standard.
    public init(
        _ kind: CandlestickKind, penetration: Double? = nil
    ) throws(IndicatorFailure) {
        self.kind = kind
        window = CandleWindow(ages: kind.candleCount, warmUp: kind.warmUp)
        if let penetration, kind.standardPenetration == nil {
            throw .parameter("penetration", value: penetration, allowed: 0...0)
        }
        self.penetration = try (penetration ?? kind.standardPenetration ?? 0)
            .checked("penetration", in: 0...3e37)
    }

    @inlinable
    public var warmUp: Int { window.warmUp }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Int? {
        guard let newest = window.push(bar) else { return nil }
        let kind = self.kind
        return window.view(newest, penetration: penetration) { CandleView.judge($0, kind) }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        window.visitRings(&visitor)
    }
}
