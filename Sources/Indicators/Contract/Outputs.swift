/// An upper, a middle and a lower line.
@frozen
public struct Bands: IndicatorOutput, Sendable {
    public var upper: Double
    public var middle: Double
    public var lower: Double

    @inlinable @inline(__always)
    public init(upper: Double, middle: Double, lower: Double) {
        self.upper = upper
        self.middle = middle
        self.lower = lower
    }

    public static var names: [String] { ["upper", "middle", "lower"] }
    public var numbers: [Double] { [upper, middle, lower] }
}

/// A line, its smoothed signal and their difference.
@frozen
public struct SignalledLine: IndicatorOutput, Sendable {
    public var line: Double
    public var signal: Double
    public var histogram: Double

    @inlinable @inline(__always)
    public init(line: Double, signal: Double) {
        self.line = line
        self.signal = signal
        histogram = line - signal
    }

    public static var names: [String] { ["line", "signal", "histogram"] }
    public var numbers: [Double] { [line, signal, histogram] }
}

/// A stochastic's two lines.
@frozen
public struct StochasticLines: IndicatorOutput, Sendable {
    public var k: Double
    public var d: Double

    @inlinable @inline(__always)
    public init(k: Double, d: Double) {
        self.k = k
        self.d = d
    }

    public static var names: [String] { ["k", "d"] }
    public var numbers: [Double] { [k, d] }
}

/// Two lines that measure opposite directions.
@frozen
public struct DirectionPair: IndicatorOutput, Sendable {
    public var down: Double
    public var up: Double

    @inlinable @inline(__always)
    public init(down: Double, up: Double) {
        self.down = down
        self.up = up
    }

    public static var names: [String] { ["down", "up"] }
    public var numbers: [Double] { [down, up] }
}

/// The lowest and the highest of a window.
@frozen
public struct Extremes<Number: IndicatorOutput>: IndicatorOutput {
    public var lowest: Number
    public var highest: Number

    @inlinable @inline(__always)
    public init(lowest: Number, highest: Number) {
        self.lowest = lowest
        self.highest = highest
    }

    public static var names: [String] { ["lowest", "highest"] }
    public var numbers: [Double] { lowest.numbers + highest.numbers }
}
