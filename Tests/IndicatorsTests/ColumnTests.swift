import Indicators
import Testing

/// Whole columns against the same rows one after the other.
@Suite struct ColumnTests {
    private static let seed: UInt64 = 6_007
    /// Whole vectors and what is left over, from nothing on.
    private static let counts = [0, 1, 2, 3, 4, 7, 10, 11, 33, 500]

    private func check<Formula: ColumnFormula>(
        _ formula: Formula, _ rows: [Formula.Input], _ columns: ([Formula.Input]) -> Formula.Input.Columns
    ) {
        let indicator = Indicator(formula)
        for count in Self.counts {
            let part = Array(rows.prefix(count))
            let expected = indicator.values(over: part)
            let values = indicator.values(overColumns: columns(part))
            #expect(values.count == count)
            for (row, value) in values.enumerated() {
                let isEqual = expected[row].map { $0.bitPattern == value.bitPattern } ?? value.isNaN
                #expect(isEqual, "\(formula), row \(row) of \(count), seed \(Self.seed)")
            }
        }
        #expect(indicator.value == nil, "the indicator itself stays as it is")
    }

    /// Numbers of either sign with zeros among them; every eleventh is none where `isBroken`.
    private func numbers(_ seed: UInt64, isBroken: Bool) -> [Double] {
        var random = SplitMix(state: seed)
        return (0..<500).map { row in
            if isBroken && row % 11 == 8 { return row % 2 == 0 ? .nan : 4e37 }
            return Double(random.below(41) - 20) / 4
        }
    }

    private func bars(isBroken: Bool) -> [PriceBar] {
        SampleSeries.samples(seed: Self.seed, count: 500).enumerated().map { row, sample in
            var bar = sample.bar
            if isBroken && row % 11 == 8 { bar.low = row % 2 == 0 ? .nan : bar.high + 1 }
            return bar
        }
    }

    @Test(arguments: [false, true])
    func `columns of numbers give the bits of one after the other`(isBroken: Bool) throws {
        let rows = numbers(Self.seed, isBroken: isBroken)
        check(ACOS(), rows) { NumberColumn($0) }
        check(ASIN(), rows) { NumberColumn($0) }
        check(ATAN(), rows) { NumberColumn($0) }
        check(CEIL(), rows) { NumberColumn($0) }
        check(COS(), rows) { NumberColumn($0) }
        check(COSH(), rows) { NumberColumn($0) }
        check(EXP(), rows) { NumberColumn($0) }
        check(FLOOR(), rows) { NumberColumn($0) }
        check(LN(), rows) { NumberColumn($0) }
        check(LOG10(), rows) { NumberColumn($0) }
        check(SIN(), rows) { NumberColumn($0) }
        check(SINH(), rows) { NumberColumn($0) }
        check(SQRT(), rows) { NumberColumn($0) }
        check(TAN(), rows) { NumberColumn($0) }
        check(TANH(), rows) { NumberColumn($0) }
        check(try MOM(period: 3), rows) { NumberColumn($0) }
        check(try ROC(period: 3), rows) { NumberColumn($0) }
        check(try ROCP(period: 3), rows) { NumberColumn($0) }
        check(try ROCR(period: 3), rows) { NumberColumn($0) }
        check(try ROCR100(period: 3), rows) { NumberColumn($0) }
    }

    @Test(arguments: [false, true])
    func `columns of pairs give the bits of one after the other`(isBroken: Bool) {
        let rows = zip(
            numbers(Self.seed + 1, isBroken: false), numbers(Self.seed + 2, isBroken: isBroken)
        ).map { SamplePair($0, $1) }
        func columns(_ pairs: [SamplePair]) -> PairColumns {
            PairColumns(
                first: NumberColumn(pairs.map(\.first)), second: NumberColumn(pairs.map(\.second)))
        }
        check(ADD(), rows, columns)
        check(SUB(), rows, columns)
        check(MULT(), rows, columns)
        check(DIV(), rows, columns)
    }

    @Test(arguments: [false, true])
    func `columns of bars give the bits of one after the other`(isBroken: Bool) {
        func columns(_ bars: [PriceBar]) -> BarColumns {
            BarColumns(
                open: bars.map(\.open), high: bars.map(\.high), low: bars.map(\.low),
                close: bars.map(\.close), volume: bars.map(\.volume))
        }
        let rows = bars(isBroken: isBroken)
        check(AVGPRICE(), rows, columns)
        check(MEDPRICE(), rows, columns)
        check(TYPPRICE(), rows, columns)
        check(WCLPRICE(), rows, columns)
        check(TRANGE(), rows, columns)
    }
}
