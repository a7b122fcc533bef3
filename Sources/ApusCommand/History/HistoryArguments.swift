import ArgumentParser
import Engine
import MarketModel
import Studies

extension HistoryTimeframe: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public static var allValueStrings: [String] { all.map(\.name) }
}

/// A moment on the command line: a date or a date with a time of day, UTC.
struct MomentArgument: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        guard argument.contains("-"), let time = TimeText.parse(argument[...]) else { return nil }
        self.time = time
    }
}

extension CommandFailure {
    /// 64 to 78 as in ``ExitStatus``: the venue's words decide, or the file's.
    init(_ failure: HistoryFailure) {
        switch failure {
        case .bar, .notAsked, .unknownSymbol, .content: self.init("\(failure)", .data)
        case .venue(_, let cause): self.init("\(failure)", CommandFailure(cause).status)
        case .banned: self.init("\(failure)", .unreachable)
        case .folder, .file, .busy: self.init("\(failure)", .cannotCreate)
        case .missing: self.init("\(failure)", .noInput)
        }
    }
}
