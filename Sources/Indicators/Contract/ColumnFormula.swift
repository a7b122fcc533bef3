/// An input that a table has in columns of numbers.
public protocol ColumnInput: IndicatorInput {
    /// As many columns as it has numbers, of equal length.
    associatedtype Columns

    static func rowCount(of columns: Columns) -> Int

    /// Whether every row is a valid input.
    static func areValid(_ columns: Columns) -> Bool

    static func input(at row: Int, of columns: Columns) -> Self
}

/// A formula whose values need no other values: of whole columns a processor takes several rows at
/// a time.
public protocol ColumnFormula<Input>: IndicatorFormula where Input: ColumnInput, Output == Double {
    /// The values for columns of valid rows, with the same arithmetic as one step after another from
    /// the start; NaN where there is none.
    func fill(_ values: UnsafeMutableBufferPointer<Double>, from columns: Input.Columns)
}

extension Indicator where Formula: ColumnFormula {
    /// The values for whole columns, to the bit those of ``update(_:)`` row by row from the state
    /// after `init`; NaN where there is none. The indicator itself stays as it is.
    ///
    /// Columns with an invalid row are taken row by row: it is refused, and leaves no trace.
    public borrowing func values(overColumns columns: Formula.Input.Columns) -> [Double] {
        let count = Formula.Input.rowCount(of: columns)
        return [Double](unsafeUninitializedCapacity: count) { values, initialized in
            fill(UnsafeMutableBufferPointer(rebasing: values[..<count]), overColumns: columns)
            initialized = count
        }
    }

    /// The same, to where there is room for as many values as rows.
    @inlinable
    public borrowing func fill(
        _ values: UnsafeMutableBufferPointer<Double>, overColumns columns: Formula.Input.Columns
    ) {
        precondition(values.count == Formula.Input.rowCount(of: columns), "a value for each row")
        if Formula.Input.areValid(columns) {
            formula.fill(values, from: columns)
        } else {
            fillByRows(values, columns)
        }
    }

    @usableFromInline
    borrowing func fillByRows(
        _ values: UnsafeMutableBufferPointer<Double>, _ columns: Formula.Input.Columns
    ) {
        var fresh = copy()
        fresh.reset()
        for row in values.indices {
            values[row] = fresh.update(Formula.Input.input(at: row, of: columns)) ?? .nan
        }
    }
}

/// Numbers in a column, checked once for all indicators that take them.
public struct NumberColumn: Sendable {
    public let numbers: [Double]
    @usableFromInline let areSound: Bool

    public init(_ numbers: [Double]) {
        self.numbers = numbers
        areSound = numbers.allSatisfy(\.isValid)
    }
}

extension Double: ColumnInput {
    public static func rowCount(of columns: NumberColumn) -> Int { columns.numbers.count }

    public static func areValid(_ columns: NumberColumn) -> Bool { columns.areSound }

    public static func input(at row: Int, of columns: NumberColumn) -> Double {
        columns.numbers[row]
    }
}

/// Two series in columns of equal length.
public struct PairColumns: Sendable {
    public let first: NumberColumn
    public let second: NumberColumn

    public init(first: NumberColumn, second: NumberColumn) {
        precondition(first.numbers.count == second.numbers.count, "columns of equal length")
        self.first = first
        self.second = second
    }
}

extension SamplePair: ColumnInput {
    public static func rowCount(of columns: PairColumns) -> Int { columns.first.numbers.count }

    public static func areValid(_ columns: PairColumns) -> Bool {
        columns.first.areSound && columns.second.areSound
    }

    public static func input(at row: Int, of columns: PairColumns) -> SamplePair {
        SamplePair(columns.first.numbers[row], columns.second.numbers[row])
    }
}

/// Bars in columns of equal length, checked once for all indicators that take them, as each
/// ``PriceBar`` is.
public struct BarColumns: Sendable {
    public let open: [Double]
    public let high: [Double]
    public let low: [Double]
    public let close: [Double]
    public let volume: [Double]
    @usableFromInline let areSound: Bool

    public init(
        open: [Double], high: [Double], low: [Double], close: [Double], volume: [Double]
    ) {
        let counts = [open.count, high.count, low.count, volume.count]
        precondition(counts.allSatisfy { $0 == close.count }, "columns of equal length")
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        areSound = close.indices.allSatisfy { row in
            PriceBar(
                open: open[row], high: high[row], low: low[row], close: close[row],
                volume: volume[row]
            ).isValid
        }
    }
}

extension PriceBar: ColumnInput {
    public static func rowCount(of columns: BarColumns) -> Int { columns.close.count }

    public static func areValid(_ columns: BarColumns) -> Bool { columns.areSound }

    public static func input(at row: Int, of columns: BarColumns) -> PriceBar {
        PriceBar(
            open: columns.open[row], high: columns.high[row], low: columns.low[row],
            close: columns.close[row], volume: columns.volume[row])
    }
}
