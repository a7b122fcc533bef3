/// The last candles, and for each of the newest five what is usual before it.
///
/// TA-Lib's settings: a size is long or short against its mean over the ten candles before; near,
/// far and equal are shares of the mean range of the five candles before.
@frozen
@usableFromInline
struct CandleWindow: BitwiseCopyable, Codable {
    /// Candles that a mean looks back over.
    @inlinable @inline(__always)
    static var usual: Int { 10 }

    @inlinable @inline(__always)
    static var shortUsual: Int { 5 }

    /// Candles that it keeps: fifteen, and the one that a peek overwrites.
    @inlinable @inline(__always)
    static var kept: Int { 16 }

    /// Slots from a candle to the next. Every second one stays empty: the end of a candle and the
    /// beginning of the next, loaded as one vector just after they were stored as two, would hold
    /// up the processor.
    @inlinable @inline(__always)
    static var stride: Int { 2 }

    /// Each candle twice, ``kept`` places apart: all ages lie before the newest of the second half.
    @usableFromInline var candles = Ring<Candle>(length: 2 * kept * stride - 1)
    @usableFromInline var totals = CandleTotals()
    /// Candles with which the sums are taken anew, or for the first time.
    @usableFromInline var due = 0
    @usableFromInline let warmUp: Int
    @usableFromInline let ages: Int

    /// Sums before the newest `ages` candles, 1...5, once `warmUp` candles came before.
    @usableFromInline
    init(ages: Int, warmUp: Int) {
        self.ages = ages
        self.warmUp = warmUp
    }

    /// Takes a candle and returns where it is, its forebears before it; `nil` for the first `warmUp`
    /// candles.
    @inlinable @inline(__always)
    mutating func push(_ bar: PriceBar) -> UnsafePointer<Candle>? {
        let candle = Candle(bar)
        let slot = candles.slots + (candles.pushed & (Self.kept &- 1)) &* Self.stride
        let newest = slot + Self.kept &* Self.stride
        slot.pointee = candle
        newest.pointee = candle
        candles.pushed &+= 1
        return _fastPath(candles.pushed < due) || start(newest) ? UnsafePointer(newest) : nil
    }

    /// What `body` makes of the candles and the sums, which it may move on.
    @inlinable @inline(__always)
    mutating func view<Value>(
        _ newest: UnsafePointer<Candle>, penetration: Double = 0, _ body: (CandleView) -> Value
    ) -> Value {
        totals.withPointer {
            body(CandleView(newest: newest, totals: $0, penetration: penetration))
        }
    }

    /// Takes the sums anew, if there have been enough candles.
    @inlinable @inline(never)
    mutating func start(_ newest: UnsafeMutablePointer<Candle>) -> Bool {
        let count = candles.pushed
        if count <= warmUp { return false }
        let ages = self.ages
        view(newest) { view in
            // Not more than there are, whatever a damaged state says.
            var age = min(ages, 5)
            while age > 0 {
                age &-= 1
                view.totals[age] = view.fresh(before: age, of: count)
            }
        }
        due = candles.nextAnchor
        return true
    }

    mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&candles) }
}
