/// The kinds of moving average, numbered as TA-Lib numbers them.
public enum MovingAverageKind: Int, Codable, Sendable, CaseIterable {
    case sma = 0
    case ema = 1
    case wma = 2
    case dema = 3
    case tema = 4
    case trima = 5
    case kama = 6
    case mama = 7
    case t3 = 8
    case hma = 9
    /// No averaging.
    case none = 10
    case zlema = 12
    case rma = 13

    static let highest = 13
}
