import MarketModel

/// Why a history could not be fetched, kept or read.
public enum HistoryFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// A candle of the venue's that is not one.
    case bar(series: String, Timestamp, BarProblem)
    /// The venue answers with candles that were not asked for.
    case notAsked(series: String, Timestamp, from: Timestamp)
    case unknownSymbol(series: String)
    case venue(series: String?, StartFailure)
    /// 418 or 429 at the beginning, or for longer than anybody waits here; `seconds` as told.
    case banned(series: String?, status: Int, seconds: Int)
    case folder(path: String, reason: String)
    case file(path: String, reason: String)
    /// Somebody else writes it.
    case busy(path: String)
    case missing(path: String, reason: String)
    /// Not a file of candles, or one that nothing may be added to.
    case content(path: String, line: Int, reason: String)

    public var description: String {
        switch self {
        case .bar(let series, let time, let problem):
            "\(series): the venue's bar of \(HistoryText.moment(time)) cannot be taken: \(problem)"
        case .notAsked(let series, let time, let from):
            "\(series): asked for bars from \(HistoryText.moment(from)) on, the venue sends that of "
                + HistoryText.moment(time)
        case .unknownSymbol(let series): "\(series): the venue does not know the symbol"
        case .venue(let series, let failure): (series.map { "\($0): " } ?? "") + "\(failure)"
        case .banned(let series, let status, let seconds):
            (series.map { "\($0): " } ?? "")
                + "the venue wants no request for \(seconds) s (HTTP \(status)): it gets none, "
                + "come back then"
        case .folder(let path, let reason):
            "\(path): \(reason); --out takes a directory that may be written"
        case .file(let path, let reason): "\(path) cannot be written: \(reason)"
        case .busy(let path): "\(path) is being written by another download"
        case .missing(let path, let reason): "\(path) cannot be opened: \(reason)"
        case .content(let path, let line, let reason): "\(path):\(line): \(reason)"
        }
    }
}
