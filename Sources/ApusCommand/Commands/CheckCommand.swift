import ArgumentParser
import Engine
import Foundation
import Telemetry

struct Check<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: "Check a configuration, this machine and the venue without trading.",
            discussion: """
                Lists every problem of the configuration with file, line, key and what is accepted. \
                Otherwise says what would run, which environment variables took effect, whether \
                keys, certificates, disk and control socket are usable, what the kernel and the \
                machine permit, and what is done where they do not.

                With keys it also asks the venue what a start would ask, over the same TLS: \
                certificates, both clocks, the rules of each instrument against the file's limits \
                and sizes, rate limits, what the key may do, balances, open orders, one test order \
                an instrument that never reaches the book, and the log-on of the order \
                connection. --offline leaves that out. Secrets are never shown.

                Examples:
                  apus check --config config/demo.yaml
                  apus check --config config/testnet.yaml --offline
                  apus check --config my-live.yaml --live --json
                  apus check --reference > reference.md

                \(ExitStatus.table([.success, .usage, .noInput, .unreachable, .configuration]))
                """)
    }

    @Option(
        name: .long,
        help: ArgumentHelp("The configuration file of apus run.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Flag(name: .long, help: "As with apus run: consent to real money.")
    var live = false

    @Flag(name: .long, help: "Leave the venue out.")
    var offline = false

    @Flag(name: .long, help: "Print the findings as JSON.")
    var json = false

    @Flag(
        name: .long,
        help: "Print every key of apus run, apus exchange and report.json as Markdown.")
    var reference = false

    func validate() throws {
        guard config != nil || reference else {
            throw ValidationError("Missing expected argument '--config <file>' or '--reference'")
        }
    }

    func run() throws {
        let kinds = Executable.program.kinds
        if reference {
            printLine(ConfigurationReference.markdown(for: kinds))
            printLine("# report.json\n\nWritten by `apus run --report DIRECTORY`.\n")
            printLine(ReportKeys.markdown)
        }
        guard let config else { return }
        reportingFailures {
            let report = try findings(config, kinds)
            if json {
                let text = try SnapshotJSON.encoder(isPretty: true).encode(report)
                printLine(String(decoding: text, as: UTF8.self))
            } else {
                printText(report.text)
            }
            try judge(report)
        }
    }

    private func findings(_ config: String, _ kinds: [StrategyKind]) throws -> CheckReport {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try RunConfiguration.load(
            file: config, environment: environment, allowsLive: live, kinds: kinds)
        var sections =
            PlanCheck.sections(configuration)
            + FilesCheck.sections(configuration, environment: environment)
            + MachineCheck.sections(configuration)
        if !offline {
            sections += VenueCheck.sections(configuration, environment: environment, kinds: kinds)
        }
        return CheckReport(sections: sections)
    }

    private func judge(_ report: CheckReport) throws(CommandFailure) {
        let count = report.problemCount
        if count == 0 {
            if !json { printLine("it would run") }
            return
        }
        throw CommandFailure(
            "\(count) \(count == 1 ? "problem" : "problems"): it would not run",
            count == report.unreachableCount ? .unreachable : .configuration)
    }
}
