import ArgumentParser
import Engine

struct JournalReplayCommand<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "replay",
            abstract: "Run a journal through the same code and compare every decision.",
            discussion: """
                Builds the core from the journaled configuration and instruments, feeds it every \
                input at its journaled time, and demands the same orders byte for byte. Exits with \
                1 and the first difference when there is one.

                Example:
                  apus journal replay .apus/journal/run-1790000000

                \(ExitStatus.table([.success, .difference, .usage, .data, .noInput]))
                """)
    }

    @Argument(
        help: "Directory of one run's journal, or of all runs: the newest.", completion: .directory)
    var directory: String

    func run() {
        reportingFailures {
            let place = try JournalDirectory.ofRun(directory)
            try JournalDirectory.requireRecords(place, lane: nil)
            let summary = try JournalReplay.run(directory: place, program: Executable.program)
            printLine("records \(summary.records), inputs \(summary.inputs), hash \(summary.hash)")
            printLine("decisions equal: \(summary.decisionsEqual)")
            printLine("denials equal:   \(summary.denialsEqual)")
            printLine("accounts equal:  \(summary.accountsEqual)")
            printLine("request bytes equal: \(summary.requestsEqual)")
            if let difference = summary.difference {
                throw CommandFailure("the replay differs at \(difference)", .difference)
            }
            printLine("the replay gave the same orders")
        }
    }
}

extension CommandFailure {
    init(_ failure: ReplayFailure) {
        switch failure {
        case .journal(let cause): self.init(cause)
        case .incomplete: self.init("\(failure)", .data)
        }
    }
}
