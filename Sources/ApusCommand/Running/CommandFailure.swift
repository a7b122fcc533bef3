import Control
import Emulator
import Engine
import Foundation
import Journal
import Simulation
import Studies

/// An error for people, with the exit status that scripts read.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    let status: ExitStatus

    init(_ description: String, _ status: ExitStatus) {
        self.description = description
        self.status = status
    }

    init(_ failure: ClientFailure) {
        let status: ExitStatus = if case .remote = failure { .data } else { .unreachable }
        self.init("\(failure)", status)
    }

    init(_ failure: ConfigurationFailure) {
        self.init("\(failure)", failure.lacksFile ? .noInput : .configuration)
    }

    init(_ failure: StartFailure) {
        switch failure {
        case .unreachable: self.init("\(failure)", .unreachable)
        case .configuration(let problems): self.init(problems)
        case .forbidden: self.init("\(failure)", .configuration)
        case .unusable: self.init("\(failure)", .cannotCreate)
        case .refused, .unreadable, .missing, .machine: self.init("\(failure)", .fault)
        }
    }

    /// Prints the message to standard error and leaves with the status.
    func exit() -> Never {
        printWarning(description)
        Foundation.exit(status.rawValue)
    }
}

/// Runs a command's body and turns its failure into a message and an exit status.
func reportingFailures(_ body: () throws -> Void) {
    do {
        try body()
    } catch {
        failure(of: error).exit()
    }
}

/// The same for a body that waits.
func reportingFailures(_ body: () async throws -> Void) async {
    do {
        try await body()
    } catch {
        failure(of: error).exit()
    }
}

private func failure(of error: any Error) -> CommandFailure {
    switch error {
    case let failure as CommandFailure: failure
    case let failure as ConfigurationFailure: CommandFailure(failure)
    case let failure as StartFailure: CommandFailure(failure)
    case let failure as ClientFailure: CommandFailure(failure)
    case let failure as JournalFailure: CommandFailure(failure)
    case let failure as ReplayFailure: CommandFailure(failure)
    case let failure as CaptureBookFailure: CommandFailure(failure)
    case let failure as ExchangeFailure: CommandFailure(failure)
    case let failure as SimulationFailure: CommandFailure(failure)
    case let failure as TableFailure: CommandFailure(failure)
    case let failure as StudyFailure: CommandFailure(failure)
    case let failure as HistoryFailure: CommandFailure(failure)
    default: CommandFailure(FileTrouble.words(for: error), .fault)
    }
}
