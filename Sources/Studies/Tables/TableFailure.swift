/// Why a file of recorded candles or trades cannot be used, with the place.
public enum TableFailure: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    /// Damaged gzip data, or a directory.
    case cannotRead(path: String)
    /// `rows`: what there should be, candles or trades.
    case noRows(path: String, rows: String)
    /// The first line names columns, but not usable ones.
    case heading(path: String, line: Int, problem: String)
    case field(path: String, line: Int, name: String, text: String, wanted: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)"
        case .cannotRead(let path): "\(path) cannot be read to its end: damaged gzip data, or no file"
        case .noRows(let path, let rows): "\(path) has no \(rows)"
        case .heading(let path, let line, let problem): "\(path):\(line): \(problem)"
        case .field(let path, let line, let name, let text, let wanted):
            "\(path):\(line): field \(name) is '\(text)'; wanted \(wanted)"
        }
    }
}
