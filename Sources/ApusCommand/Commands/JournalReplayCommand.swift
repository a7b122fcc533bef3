import ArgumentParser
import Engine

struct JournalReplayCommand<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "replay",
            abstract: "Run a journal through the same code and compare every decision.",
            discussion: """
                Builds the core from the journaled configuration and instruments, feeds it every
                input at its journaled time, and demands the same orders byte for byte. Exits with
                1 and the first difference when there is one.

                Example:
                  apus journal replay .apus/journal/run-1790000000
                """)
    }

    @Argument(
        help: "Directory of one run's journal, or of all runs: the newest.", completion: .directory)
    var directory: String

    func run() throws {
        do {
            let summary = try JournalReplay.run(
                directory: JournalDirectory.ofRun(directory), program: Executable.program)
            print("records \(summary.records), inputs \(summary.inputs), hash \(summary.hash)")
            print("decisions equal: \(summary.decisionsEqual)")
            print("denials equal:   \(summary.denialsEqual)")
            print("accounts equal:  \(summary.accountsEqual)")
            print("request bytes equal: \(summary.requestsEqual)")
            if let difference = summary.difference {
                CommandFailure("the replay differs at \(difference)", exitCode: 1).exit()
            }
            print("the replay gave the same orders")
        } catch {
            CommandFailure("\(error)", exitCode: 65).exit()
        }
    }
}
