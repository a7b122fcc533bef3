/// How a command ended, for scripts: the numbers of sysexits.h and of the shell.
enum ExitStatus: Int32, CaseIterable {
    case success = 0
    /// What was checked is not as it should be: a damaged journal, a replay that differs.
    case difference = 1
    case usage = 64
    case data = 65
    case noInput = 66
    case unreachable = 69
    case fault = 70
    case cannotCreate = 73
    case unwrittenOutput = 74
    case configuration = 78
    case interrupted = 130

    var meaning: String {
        switch self {
        case .success: "ended as asked"
        case .difference: "what was checked is not as it should be"
        case .usage: "wrong usage"
        case .data: "a file that is not what it should be, or refused by the engine"
        case .noInput: "no such file or journal"
        case .unreachable: "no engine, exchange or venue to talk to"
        case .fault: "stopped by a fault, or orders may still be open"
        case .cannotCreate: "a file, directory or socket cannot be made"
        case .unwrittenOutput: "standard output cannot be written"
        case .configuration: "the configuration is wrong; every problem is listed"
        case .interrupted: "cut short by Ctrl-C; orders of a trading engine may still be open"
        }
    }

    /// One line each, as `--help` shows them.
    static func table(_ statuses: [ExitStatus] = allCases) -> String {
        let lines = statuses.map { status in
            let number = String(status.rawValue)
            return "  " + number + String(repeating: " ", count: 5 - number.count) + status.meaning
        }
        return "Exit codes:\n" + lines.joined(separator: "\n")
    }
}
