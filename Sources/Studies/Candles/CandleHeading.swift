import Indicators

/// Which field of a line is which column.
struct CandleHeading {
    /// By field; `nil` for one that is not used.
    private(set) var columns: [SampleColumn?] = []

    /// What Binance's kline files hold, without a heading: open time, open, high, low, close,
    /// volume, and six more that are not used.
    static let kline: [SampleColumn] = [.time, .open, .high, .low, .close, .volume]

    private static let names: [String: SampleColumn] = [
        "opentime": .time, "opentimems": .time, "time": .time, "timestamp": .time,
        "open": .open, "high": .high, "low": .low, "close": .close, "volume": .volume,
        "second": .second, "symbol": .symbol, "tradeprice": .tradePrice, "signedsize": .signedSize,
        "bidprice": .bidPrice, "bidsize": .bidSize, "askprice": .askPrice, "asksize": .askSize,
    ]

    /// How messages and generated files call a column.
    static func name(of column: SampleColumn) -> String {
        switch column {
        case .time: "open_time"
        case .tradePrice: "trade_price"
        case .signedSize: "signed_size"
        case .bidPrice: "bid_price"
        case .bidSize: "bid_size"
        case .askPrice: "ask_price"
        case .askSize: "ask_size"
        default: column.rawValue
        }
    }

    /// Of the first line's fields. A line that starts with a number is data in Binance's order.
    init(_ fields: [Substring], path: String, line: Int) throws(TableFailure) {
        if let first = fields.first, Double(first) != nil {
            columns = Self.kline
            return
        }
        for field in fields {
            let word = field.lowercased().filter { $0.isLetter || $0.isNumber }
            let column = Self.names[word]
            if let column, columns.contains(column) {
                throw .heading(
                    path: path, line: line, problem: "two columns for \(Self.name(of: column))")
            }
            columns.append(column)
        }
        if columns.allSatisfy({ $0 == nil }) {
            let known = SampleColumn.allCases.filter { $0 != .book }.map(Self.name)
            throw .heading(
                path: path, line: line,
                problem: "no column with a known name; known: " + known.joined(separator: ", "))
        }
    }
}
