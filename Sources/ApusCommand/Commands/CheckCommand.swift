import ArgumentParser
import Engine
import Foundation
import Telemetry

struct Check<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: "Check a configuration and this machine without starting anything.",
            discussion: """
                Lists every problem of the configuration with file, line, key and what is accepted. \
                Otherwise says what would run, which environment variables took effect, whether \
                keys, certificates, journal and control socket are usable, what the kernel and the \
                machine permit, and what is done where they do not. Secrets are never shown.

                Examples:
                  apus check --config config/demo.yaml
                  apus check --config my-live.yaml --live
                  apus check --reference > reference.md

                \(ExitStatus.table([.success, .usage, .configuration]))
                """)
    }

    @Option(
        name: .long,
        help: ArgumentHelp("The configuration file of apus run.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Flag(name: .long, help: "As with apus run: consent to real money.")
    var live = false

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
        let environment = ProcessInfo.processInfo.environment
        do throws(ConfigurationFailure) {
            let configuration = try RunConfiguration.load(
                file: config, environment: environment, allowsLive: live, kinds: kinds)
            let report = CheckReport(
                sections: PlanCheck.sections(configuration)
                    + FilesCheck.sections(configuration, environment: environment)
                    + MachineCheck.sections(configuration))
            printText(report.text)
            guard report.problemCount == 0 else {
                let noun = report.problemCount == 1 ? "problem" : "problems"
                CommandFailure(
                    "\(report.problemCount) \(noun): it would not run", .configuration
                ).exit()
            }
            printLine("it would run")
        } catch {
            CommandFailure(error).exit()
        }
    }
}
