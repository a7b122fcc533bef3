/// A market stream's name, for instance `btcusdt@depth@100ms` (sheet section 4).
struct StreamName: Hashable {
    enum Kind: Hashable {
        case trade
        case aggregateTrade
        case bookTicker
        case depth(isFast: Bool)
        case partialDepth(levels: Int, isFast: Bool)
        case candle(CandleGrid)
        case averagePrice
        case ticker(Ticker)
        /// Of what does not happen here: block trades, reference prices.
        case silent
    }

    /// Price changes, once a second.
    enum Ticker: Hashable {
        case day
        case mini
        case hour1
        case hours4
        case day1
    }

    /// As the client wrote it.
    let text: String
    let encoding: Session.Encoding
    /// Upper-case symbol; empty for a stream of every symbol.
    let symbol: String
    let kind: Kind

    /// `nil` when this exchange has no such kind of stream in that encoding.
    init?(_ text: String, in encoding: Session.Encoding = .json) {
        if encoding == .binary {
            self.init(binary: text)
        } else {
            self.init(json: text)
        }
    }

    /// The binary host's four streams (sheet section 15.2). Its depth follows the fast interval.
    private init?(binary text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, parts[0] == parts[0].lowercased() else {
            return nil
        }
        switch parts[1] {
        case "trade": kind = .trade
        case "bestBidAsk": kind = .bookTicker
        case "depth": kind = .depth(isFast: true)
        case "depth20": kind = .partialDepth(levels: 20, isFast: true)
        default: return nil
        }
        self.text = text
        encoding = .binary
        symbol = parts[0].uppercased()
    }

    private init?(json text: String) {
        encoding = .json
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        self.text = text
        if parts.count >= 2, parts[1] == "arr", parts[0].hasPrefix("!") {
            // An old form that names the interval is still understood.
            guard parts.count == 2 || parts[2...] == ["1000ms"] else { return nil }
            // The full ticker of every symbol was retired.
            guard let ticker = Self.ticker(parts[0].dropFirst()), ticker != .day else { return nil }
            symbol = ""
            kind = .ticker(ticker)
            return
        }
        guard parts.count >= 2, !parts[0].isEmpty, parts[0] == parts[0].lowercased() else {
            return nil
        }
        symbol = parts[0].uppercased()
        switch (parts[1], parts.count) {
        case ("trade", 2): kind = .trade
        case ("aggTrade", 2): kind = .aggregateTrade
        case ("bookTicker", 2): kind = .bookTicker
        case ("avgPrice", 2): kind = .averagePrice
        case ("blockTrade", 2), ("referencePrice", 2): kind = .silent
        default:
            guard let timed = Self.timed(parts) else { return nil }
            kind = timed
        }
    }

    private static func ticker(_ name: some StringProtocol) -> Ticker? {
        switch name {
        case "ticker": .day
        case "miniTicker": .mini
        case "ticker_1h": .hour1
        case "ticker_4h": .hours4
        case "ticker_1d": .day1
        default: nil
        }
    }

    private static func timed(_ parts: [String]) -> Kind? {
        if parts.count == 2, let ticker = ticker(parts[1]) { return .ticker(ticker) }
        if parts[1].hasPrefix("kline_") {
            guard parts.count == 2 || parts[2...] == ["+08:00"] else { return nil }
            let shift = parts.count == 2 ? 0 : 8 * CandleInterval.hour
            return CandleInterval(rawValue: String(parts[1].dropFirst(6))).map {
                .candle(CandleGrid($0, shift: shift))
            }
        }
        guard parts[1].hasPrefix("depth"), parts.count <= 3 else { return nil }
        // `@100ms` and faster ones follow the configured interval, no suffix means one second.
        let isFast: Bool
        switch parts.count == 3 ? parts[2] : "1000ms" {
        case "1000ms": isFast = false
        case "100ms", "0ms": isFast = true
        default: return nil
        }
        switch parts[1].dropFirst(5) {
        case "": return .depth(isFast: isFast)
        case "5": return .partialDepth(levels: 5, isFast: isFast)
        case "10": return .partialDepth(levels: 10, isFast: isFast)
        case "20": return .partialDepth(levels: 20, isFast: isFast)
        default: return nil
        }
    }

    /// What tells a stream from every other of this exchange.
    var key: String { Self.key(of: text, in: encoding) }

    static func key(of text: String, in encoding: Session.Encoding) -> String {
        encoding == .binary ? "binary " + text : text
    }
}
