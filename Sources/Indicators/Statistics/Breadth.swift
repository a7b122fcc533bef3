/// The close of one of many symbols.
@frozen
public struct SymbolClose: IndicatorInput, Equatable, Sendable, Codable {
    /// Counted from 0.
    public var symbol: Int
    public var close: Double

    @inlinable @inline(__always)
    public init(symbol: Int, close: Double) {
        self.symbol = symbol
        self.close = close
    }

    /// A number that is not negative, and a close in range above zero.
    @inlinable @inline(__always)
    public var isValid: Bool { symbol >= 0 && close > 0 && close <= .largestInput }
}

/// Market breadth: how many of many symbols rise, and how many are above their average.
///
/// Closes come one after the other, in any order of the symbols: each tells what has become of its
/// own symbol. A symbol *advances* if its newest close is above the one before, and is *above* if
/// that close is above the simple average of its last `period` closes. The *line* is the
/// advance-decline line: one up for each close above its symbol's close before, one down for each
/// below.
///
/// O(1) amortised: what a symbol counted is taken off and what it counts now is added, and its sum
/// is taken anew once in `period` of its closes. Memory for `symbols` · (`period` + 4) numbers.
/// Closes of symbols from number `symbols` on change nothing.
@frozen
public struct MarketBreadth: IndicatorFormula {
    @usableFromInline let symbols: Int
    @usableFromInline let period: Int
    /// For each symbol: closes taken, what it counts, the newest close, the sum; then its window.
    @usableFromInline var table: Ring<Double>
    @usableFromInline var isStarted = false
    @usableFromInline var counts = BreadthCounts()

    /// `symbols` 1...1,000; `period` 2...100,000; symbols · (period + 4) at most 400,000.
    public init(symbols: Int = 100, period: Int = 20) throws(IndicatorFailure) {
        self.symbols = try symbols.checked("symbols", in: 1...1_000)
        self.period = try period.checked("period", in: 2...Int.longestPeriod)
        let length = symbols * (period + 4)
        guard length <= 4 * Int.longestPeriod else {
            throw .contradiction(
                "\(symbols) symbols with windows of \(period) need more than 400000 numbers")
        }
        table = Ring(length: length)
    }

    public static var cost: UpdateCost { .amortised }

    /// At least so many closes; how many it takes depends on how they fall on the symbols.
    @inlinable
    public var warmUp: Int { period &- 1 }

    @inlinable @inline(__always)
    public mutating func step(_ input: SymbolClose) -> BreadthReading? {
        if !isStarted {
            clear()
            isStarted = true
        }
        if input.symbol >= symbols { return counts.reading }
        let row = input.symbol &* (period &+ 4)
        let next = counted(input.close, row)
        table[slot: row] = Double(bitPattern: UInt64(truncatingIfNeeded: next.taken))
        table[slot: row &+ 1] = Double(bitPattern: UInt64(truncatingIfNeeded: next.marks))
        table[slot: row &+ 2] = input.close
        table[slot: row &+ 3] = next.sum
        table[slot: row &+ 4 &+ next.slot] = input.close
        counts = next.counts
        return counts.reading
    }

    /// Writes nothing: the table is learnt in place.
    @inlinable
    public func peek(_ input: SymbolClose) -> BreadthReading? {
        if input.symbol >= symbols { return counts.reading }
        return counted(input.close, input.symbol &* (period &+ 4)).counts.reading
    }

    /// What becomes of the symbol in `row` and of all with its next close.
    @inlinable @inline(__always)
    func counted(
        _ close: Double, _ row: Int
    ) -> (taken: Int, slot: Int, marks: Int, sum: Double, counts: BreadthCounts) {
        let taken = isStarted ? whole(row) : 0
        let before = table[slot: row &+ 2]
        let slot = taken % period
        var sum = (taken > 0 ? table[slot: row &+ 3] : 0) + close
        if taken >= period { sum -= table[slot: row &+ 4 &+ slot] }
        // Its window has been written through: no error lives longer than that.
        if slot == period &- 1 { sum = self.sum(row) + close }
        var counts = self.counts
        if taken > 0 { counts.take(off: whole(row &+ 1)) }
        var marks = 0
        if taken > 0 {
            marks = BreadthCounts.compared
            if close > before { marks |= BreadthCounts.advancing }
            counts.line += close > before ? 1 : close < before ? -1 : 0
        }
        if taken &+ 1 >= period {
            marks |= BreadthCounts.averaged
            if close > sum / Double(period) { marks |= BreadthCounts.above }
        }
        counts.add(marks)
        // Counted on as far as is needed to know the slot and whether the window is full.
        let next = taken &+ 1 == 2 &* period ? period : taken &+ 1
        return (next, slot, marks, sum, counts)
    }

    /// A whole number, kept as its bits: not even a damaged state that is resumed from can trap.
    @inlinable @inline(__always)
    func whole(_ slot: Int) -> Int { Int(truncatingIfNeeded: table[slot: slot].bitPattern) }

    /// Of all in the window but the last slot, the oldest first.
    @inlinable
    func sum(_ row: Int) -> Double {
        var sum = 0.0
        for slot in 0..<period &- 1 { sum += table[slot: row &+ 4 &+ slot] }
        return sum
    }

    @inlinable
    func clear() {
        for symbol in 0..<symbols { table[slot: symbol &* (period &+ 4)] = 0 }
    }

    public mutating func visitRings(_ visitor: inout some RingVisitor) { visitor.visit(&table) }
}

/// Of how many symbols something is so.
@frozen
@usableFromInline
struct BreadthCounts: BitwiseCopyable, Codable, Sendable {
    @usableFromInline var comparedCount = 0
    @usableFromInline var advancingCount = 0
    @usableFromInline var averagedCount = 0
    @usableFromInline var aboveCount = 0
    @usableFromInline var line = 0

    @inlinable @inline(__always)
    init() {}

    /// It has two closes; the newer is higher; it has an average; it is above that.
    @inlinable @inline(__always)
    static var compared: Int { 1 }

    @inlinable @inline(__always)
    static var advancing: Int { 2 }

    @inlinable @inline(__always)
    static var averaged: Int { 4 }

    @inlinable @inline(__always)
    static var above: Int { 8 }

    @inlinable @inline(__always)
    mutating func add(_ marks: Int) {
        comparedCount &+= marks & 1
        advancingCount &+= marks >> 1 & 1
        averagedCount &+= marks >> 2 & 1
        aboveCount &+= marks >> 3 & 1
    }

    @inlinable @inline(__always)
    mutating func take(off marks: Int) {
        comparedCount &-= marks & 1
        advancingCount &-= marks >> 1 & 1
        averagedCount &-= marks >> 2 & 1
        aboveCount &-= marks >> 3 & 1
    }

    /// `nil` before one symbol has an average.
    @inlinable @inline(__always)
    var reading: BreadthReading? {
        if averagedCount == 0 { return nil }
        return BreadthReading(
            advancing: Double(advancingCount) / Double(comparedCount),
            above: Double(aboveCount) / Double(averagedCount), line: Double(line))
    }
}

/// The numbers of ``MarketBreadth``.
@frozen
public struct BreadthReading: IndicatorOutput, Sendable {
    /// Share of the symbols with two closes that advance, 0...1.
    public var advancing: Double
    /// Share of the symbols with an average that are above it, 0...1.
    public var above: Double
    /// Closes that rose less closes that fell, since the start.
    public var line: Double

    @inlinable @inline(__always)
    public init(advancing: Double, above: Double, line: Double) {
        self.advancing = advancing
        self.above = above
        self.line = line
    }

    public static var names: [String] { ["advancing", "above", "line"] }
    public var numbers: [Double] { [advancing, above, line] }
}
