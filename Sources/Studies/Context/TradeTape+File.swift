import MarketModel

extension TradeTape {
    private enum Column: String, CaseIterable {
        case id, time, price, quantity, isBuyerMaker = "is_buyer_maker", side
    }

    /// By letters and digits alone, in lower case.
    private static let names: [String: Column] = [
        "id": .id, "tradeid": .id, "aggid": .id, "aggtradeid": .id, "time": .time,
        "timestamp": .time, "tradetime": .time, "tradetimems": .time, "transacttime": .time,
        "price": .price, "quantity": .quantity, "qty": .quantity, "size": .quantity,
        "amount": .quantity, "isbuyermaker": .isBuyerMaker, "side": .side,
    ]

    /// Reads a CSV file, plain or gzip.
    ///
    /// The first line names the columns, in any order: `id time price quantity` and `is_buyer_maker`
    /// or `side` (the aggressor's); others are passed over. A file whose first line starts with a
    /// number has the order of Binance's trade files (id, price, quantity, quote quantity, time, is
    /// buyer maker). Numbers must rise; prices and quantities are above zero, with at most eight
    /// digits after the point.
    public init(reading path: String) throws(TableFailure) {
        self.init(origin: path)
        var lines = try TextLines(path: path)
        var columns: [Column?] = []
        while let line = try lines.next() {
            let text = lines.number == 1 && line.hasPrefix("\u{FEFF}") ? line.dropFirst() : line[...]
            if text.allSatisfy(\.isWhitespace) { continue }
            let fields = text.split(separator: ",", omittingEmptySubsequences: false)
            if columns.isEmpty {
                let isData = fields.first.flatMap { Int64($0) } != nil
                columns = isData
                    ? [.id, .price, .quantity, nil, .time, .isBuyerMaker]
                    : try Self.columns(fields, path, lines.number)
                if !isData { continue }
            }
            trades.append(try trade(fields, columns, lines.number))
        }
        if trades.isEmpty { throw .noRows(path: path, rows: "trades") }
    }

    private static func columns(
        _ fields: [Substring], _ path: String, _ line: Int
    ) throws(TableFailure) -> [Column?] {
        let columns = fields.map { names[$0.lowercased().filter { $0.isLetter || $0.isNumber }] }
        for needed in [Column.id, .time, .price, .quantity] where !columns.contains(needed) {
            throw .heading(
                path: path, line: line, problem: "no column \(needed.rawValue) among the headings")
        }
        if !columns.contains(.isBuyerMaker) && !columns.contains(.side) {
            throw .heading(
                path: path, line: line, problem: "no column is_buyer_maker or side (of the aggressor)")
        }
        let known = columns.compactMap { $0 }
        for (place, column) in known.enumerated() where known[..<place].contains(column) {
            throw .heading(path: path, line: line, problem: "two columns for \(column.rawValue)")
        }
        return columns
    }

    private func trade(
        _ fields: [Substring], _ columns: [Column?], _ line: Int
    ) throws(TableFailure) -> Trade {
        var trade = Trade(
            instrument: InstrumentIndex(0), id: .none, price: .zero, quantity: .zero,
            aggressor: .buy, venueTime: .unknown, receiveTime: .unknown)
        for (place, column) in columns.enumerated() {
            guard let column else { continue }
            let text = place < fields.count ? fields[place] : ""
            func wrong(_ wanted: String) -> TableFailure {
                .field(
                    path: origin, line: line, name: column.rawValue, text: String(text),
                    wanted: wanted)
            }
            switch column {
            case .id:
                let last = trades.last?.id.raw ?? -1
                guard let id = Int64(text), id > last else {
                    throw wrong("a whole number above \(last), that of the row before")
                }
                trade.id = TradeID(id)
            case .time:
                guard let time = TimeText.parse(text) else { throw wrong(TimeText.wanted) }
                trade.venueTime = time
            case .price: trade.price = Price(raw: try Self.positive(text, wrong))
            case .quantity: trade.quantity = Quantity(raw: try Self.positive(text, wrong))
            case .isBuyerMaker:
                // BUG-001: the buyer was the maker, so the taker sold.
                switch text.lowercased() {
                case "1", "true": trade.aggressor = .sell
                case "0", "false": trade.aggressor = .buy
                default: throw wrong("1, true, 0 or false")
                }
            case .side:
                switch text.lowercased() {
                case "buy", "b": trade.aggressor = .buy
                case "sell", "s": trade.aggressor = .sell
                default: throw wrong("buy or sell")
                }
            }
        }
        return trade
    }

    private static func positive(
        _ text: Substring, _ wrong: (String) -> TableFailure
    ) throws(TableFailure) -> Int64 {
        guard let raw = try? parseDecimal(String(text), scale: scale), raw > 0 else {
            throw wrong("a number above zero with at most \(scale) digits after the point")
        }
        return raw
    }
}
