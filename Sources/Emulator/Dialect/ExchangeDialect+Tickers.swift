import MarketModel

/// Price changes over a window (sheet section 6): the last day, a calendar day, or any length.
extension ExchangeDialect {
    func performTickerQuery(
        _ request: Request, to text: inout TextBuffer
    ) throws(Rejection) {
        let parameters = request.parameters
        let window: TickerWindow
        switch request.operation {
        case .dayTicker: window = .day
        case .tradingDayTicker:
            try requireSymbols(parameters)
            window = .calendarDay(shift: try parameters.timeZone())
        default:
            try requireSymbols(parameters)
            let name = parameters["windowSize"] ?? "1d"
            guard let length = TickerWindow.length(name) else {
                throw .illegalCharacters("windowSize", range: "^[0-9]{1,2}[mhd]$")
            }
            window = .rolling(length)
        }
        let isFull: Bool
        switch parameters["type"] {
        case nil, "FULL": isFull = true
        case "MINI": isFull = false
        default: throw .illegalCharacters("type", range: "^(FULL|MINI)$")
        }
        let answers = TickerText(unit: request.unit, window: window)
        try tickers(request, to: &text) {
            answers.answer($0, isFull: isFull, now: request.now, to: &$1)
        }
    }

    private func requireSymbols(_ parameters: Parameters) throws(Rejection) {
        if parameters["symbol"] == nil, parameters["symbols"] == nil {
            throw .missingEither("symbol", "symbols")
        }
    }
}

/// The time that a price change is measured over.
enum TickerWindow: Hashable {
    /// The 24 hours until now.
    case day
    /// Since midnight, so many milliseconds east of Greenwich.
    case calendarDay(shift: Int64)
    /// So many milliseconds until now.
    case rolling(Int64)

    /// Milliseconds from `1m`…`59m`, `1h`…`23h` or `1d`…`7d`.
    static func length(_ name: String) -> Int64? {
        guard let count = Int64(name.dropLast()) else { return nil }
        switch name.last {
        case "m" where (1...59).contains(count): return count * CandleInterval.minute
        case "h" where (1...23).contains(count): return count * CandleInterval.hour
        case "d" where (1...7).contains(count): return count * CandleInterval.day
        default: return nil
        }
    }

    /// Where it begins, on a whole minute; milliseconds.
    func start(now: Int64) -> Int64 {
        let minute = CandleInterval.minute1.openTime(containing: now)
        switch self {
        case .day: return minute - CandleInterval.day
        case .rolling(let length): return minute - length
        case .calendarDay(let shift):
            return CandleInterval.day1.openTime(containing: now + shift) - shift
        }
    }
}
