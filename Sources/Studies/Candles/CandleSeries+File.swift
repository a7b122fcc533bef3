import Indicators
import MarketModel

extension CandleSeries {
    /// Reads a CSV file, plain or gzip.
    ///
    /// The first line names the columns, in any order: `open_time open high low close volume`, and
    /// for indicators that compare or look into the order flow `second symbol trade_price signed_size
    /// bid_price bid_size ask_price ask_size`; others are passed over. A file whose first line
    /// starts with a number has the order of Binance's kline files. Times must rise, or with a column
    /// of symbols, which are whole numbers from 0 to 999, not fall; numbers must be within ±3·10³⁷, volumes not negative, and highs and lows enclose opens and closes.
    public init(reading path: String) throws(TableFailure) {
        self.init(origin: path)
        var lines = try TextLines(path: path)
        var heading: CandleHeading?
        while let line = try lines.next() {
            let text = lines.number == 1 && line.hasPrefix("\u{FEFF}") ? line.dropFirst() : line[...]
            if text.allSatisfy(\.isWhitespace) { continue }
            let fields = Self.fields(of: text)
            if let heading {
                try append(fields, heading, line: lines.number)
                continue
            }
            let first = try CandleHeading(fields, path: path, line: lines.number)
            heading = first
            for case let column? in first.columns where column != .time { numbers[column] = [] }
            if Double(fields[0]) != nil { try append(fields, first, line: lines.number) }
        }
        if labels.isEmpty { throw .noRows(path: path, rows: "candles") }
    }

    /// Separated by commas, without blanks and quotes round them.
    private static func fields(of line: Substring) -> [Substring] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { field in
            var rest = field
            while let last = rest.last, last == " " || last == "\"" { rest.removeLast() }
            return rest.drop { $0 == " " || $0 == "\"" }
        }
    }

    private mutating func append(
        _ fields: [Substring], _ heading: CandleHeading, line: Int
    ) throws(TableFailure) {
        for (place, column) in heading.columns.enumerated() {
            guard let column else { continue }
            let text = place < fields.count ? fields[place] : ""
            if column == .time {
                try appendTime(text, line)
            } else {
                let number = try number(column, text, line)
                numbers[column]?.append(number)
            }
        }
        if times.isEmpty { labels.append("\(count)") }
        try checkBar(line)
    }

    private mutating func appendTime(_ text: Substring, _ line: Int) throws(TableFailure) {
        guard let time = TimeText.parse(text) else {
            throw failure(.time, text, line, TimeText.wanted)
        }
        if let last = times.last, let label = labels.last {
            let isNext = has(.symbol) ? time >= last : time > last
            let wanted = has(.symbol) ? "a time not before" : "a time after"
            if !isNext { throw failure(.time, text, line, "\(wanted) \(label), that of the row before") }
        }
        times.append(time)
        labels.append(String(text))
    }

    private func number(
        _ column: SampleColumn, _ text: Substring, _ line: Int
    ) throws(TableFailure) -> Double {
        if column == .symbol {
            guard let symbol = Double(text), (0...999).contains(symbol), symbol == symbol.rounded()
            else { throw failure(column, text, line, "a whole number within 0...999") }
            return symbol
        }
        let isSize = [.volume, .bidSize, .askSize].contains(column)
        guard let number = Double(text), number.isValid, !isSize || number >= 0 else {
            throw failure(
                column, text, line,
                "a number within " + (isSize ? "0...3e37" : "-3e37...3e37"))
        }
        return number
    }

    /// The newest row: low ≤ open, close ≤ high, as far as they are there.
    private func checkBar(_ line: Int) throws(TableFailure) {
        let row = count - 1
        for column in [SampleColumn.open, .close, .low] where has(column) && has(.high) {
            let least = number(column, row)
            let high = number(.high, row)
            if high < least {
                throw failure(.high, "\(high)", line, "\(least) or more, the \(column.rawValue)")
            }
        }
        for column in [SampleColumn.open, .close] where has(column) && has(.low) {
            let most = number(column, row)
            let low = number(.low, row)
            if low > most {
                throw failure(.low, "\(low)", line, "\(most) or less, the \(column.rawValue)")
            }
        }
    }

    private func failure(
        _ column: SampleColumn, _ text: some StringProtocol, _ line: Int, _ wanted: String
    ) -> TableFailure {
        .field(
            path: origin, line: line, name: CandleHeading.name(of: column), text: String(text),
            wanted: wanted)
    }
}
