/// The chart patterns: shapes of pivots that a close completes.
@frozen
public enum ChartPatternKind: String, BitwiseCopyable, Codable, Sendable, CaseIterable {
    /// Two highs of about the same price, the low between them above the one before; completed by a
    /// close below that low. Upside down: a double bottom.
    case double = "CHART_DOUBLE"
    /// A high between two lower ones of about the same price; completed by a close below the line
    /// through the two lows between them. Upside down: the inverse one.
    case headAndShoulders = "CHART_HEAD_SHOULDERS"
    /// Highs that do not rise and lows that do not fall, not both level; completed by a close
    /// outside their lines before these meet.
    case triangle = "CHART_TRIANGLE"
    /// Highs and lows that all rise, or all fall, between lines that come together; completed by a
    /// close below the lower line of a rising one, above the upper line of a falling one.
    case wedge = "CHART_WEDGE"
    /// Highs and lows between parallel lines, level ones included; completed by a close outside.
    case channel = "CHART_CHANNEL"
    /// A rise, a fall by half of it at most and a high that is not higher; completed by a close
    /// above the line through the two highs. Upside down: a fall.
    case flag = "CHART_FLAG"
}

/// Whether the newest close completes a chart pattern: 100 if that is bullish, −100 if it is
/// bearish, 0 elsewhere.
///
/// A pattern is drawn between the newest pivots (``ChartPattern/init(_:leftBars:rightBars:tolerance:)``),
/// the last of which is the newest there is: another pivot makes another pattern. Each set of pivots
/// completes a pattern once. O(leftBars + rightBars), for the pivots.
@frozen
public struct ChartPattern: IndicatorFormula {
    public let kind: ChartPatternKind
    @usableFromInline let tolerance: Double
    @usableFromInline var pivots: PivotTrack
    /// The pivots that completed a pattern last, by ``PivotTrack/changes``.
    @usableFromInline var completed = 0

    /// A pivot's high is above, or its low below, those of `leftBars` before and `rightBars` after
    /// it, 1...100 each. Prices are alike, and lines level or parallel, up to `tolerance` 0...1 of
    /// the pattern's height.
    public init(
        _ kind: ChartPatternKind, leftBars: Int = 3, rightBars: Int = 3, tolerance: Double = 0.15
    ) throws(IndicatorFailure) {
        self.kind = kind
        self.tolerance = try tolerance.checked("tolerance", in: 0...1)
        pivots = try PivotTrack(leftBars: leftBars, rightBars: rightBars)
    }

    public static var cost: UpdateCost { .window }

    @inlinable
    public var warmUp: Int { pivots.left &+ pivots.right }

    @inlinable @inline(__always)
    public mutating func step(_ bar: PriceBar) -> Int? {
        pivots.push(bar)
        if !pivots.isFull { return nil }
        if pivots.count < 4 || pivots.changes == completed { return 0 }
        let verdict = judge(bar.close)
        if verdict != 0 { completed = pivots.changes }
        return verdict
    }

    @inlinable @inline(__always)
    func judge(_ close: Double) -> Int {
        switch kind {
        case .double: PivotView(pivots).judgeDouble(close, tolerance)
        case .headAndShoulders: PivotView(pivots).judgeHeadAndShoulders(close, tolerance)
        case .triangle: PivotView(pivots).judgeTriangle(close, tolerance)
        case .wedge: PivotView(pivots).judgeWedge(close, tolerance)
        case .channel: PivotView(pivots).judgeChannel(close, tolerance)
        case .flag: PivotView(pivots).judgeFlag(close)
        }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) {
        pivots.visitRings(&visitor)
    }
}
