import ArgumentParser
import Engine
import Foundation
import Machine
import Telemetry

struct Doctor<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor",
            abstract: "Look at what this machine does to latency, and say what to change.",
            discussion: """
                Reads the kernel's settings and changes nothing. For each it says what is found, \
                why it matters to a trading thread, what tuning/tune would do about it, and \
                whether the engine notices or uses it while it runs. A star marks what costs \
                latency; a question mark what this machine does not have or does not show.

                With --config it judges the cores that topology.lanes[].core names, and asks only \
                for the memory and priority that the lanes ask for. Without, the isolated cores, \
                or all.

                Examples:
                  apus doctor
                  apus doctor --config config/demo.yaml
                  apus doctor --json

                \(ExitStatus.table([.success, .difference, .usage, .noInput, .configuration]))
                """)
    }

    @Option(
        name: .long,
        help: ArgumentHelp("The configuration file of apus run.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Flag(name: .long, help: "As with apus run: the file is one for real money.")
    var live = false

    @Flag(name: .long, help: "Print the findings as JSON.")
    var json = false

    func run() throws {
        reportingFailures {
            let diagnosis = TuningDiagnosis(.read(), needs: try needs())
            let findings = diagnosis.findings
            if json {
                let report = DoctorReport(cores: diagnosis.cores, findings: findings)
                let text = try SnapshotJSON.encoder(isPretty: true).encode(report)
                printLine(String(decoding: text, as: UTF8.self))
            } else {
                printText(DoctorText.page(diagnosis.cores, findings))
            }
            let poor = findings.count { $0.state == .poor }
            if poor > 0 {
                throw CommandFailure(
                    "\(poor) of \(findings.count) settings cost latency", .difference)
            }
        }
    }

    private func needs() throws -> TuningNeeds {
        var needs = TuningNeeds()
        guard let config else { return needs }
        let lanes = try RunConfiguration.load(
            file: config, environment: ProcessInfo.processInfo.environment, allowsLive: live,
            kinds: Executable.program.kinds
        ).lanes
        needs.laneCores = Set(lanes.compactMap(\.core)).sorted()
        needs.realTimePriority = lanes.compactMap(\.realTimePriority).max()
        needs.locksMemory = lanes.contains(where: \.locksMemory)
        needs.usesHugePages = lanes.contains(where: \.usesHugePages)
        return needs
    }
}

private struct DoctorReport: Encodable {
    let cores: [Int]
    let findings: [TuningFinding]
}

/// The findings for a reader: one line of what is found, the words below it.
enum DoctorText {
    static func page(_ cores: [Int], _ findings: [TuningFinding]) -> String {
        let width = TuningCheck.allCases.map(\.rawValue.count).max() ?? 0
        let margin = String(repeating: " ", count: width + 4)
        var text = "cores looked at: \(CoreList.text(cores))\n\n"
        for finding in findings {
            let name = finding.check.rawValue
            text += mark(finding.state) + name
                + String(repeating: " ", count: width + 2 - name.count) + finding.found + "\n"
            text += "\(margin)why     \(finding.check.reason)\n"
            text += "\(margin)tune    \(finding.check.remedy)\n"
            text += "\(margin)engine  \(finding.check.use)\n"
        }
        return text
    }

    private static func mark(_ state: TuningFinding.State) -> String {
        switch state {
        case .good: "  "
        case .poor: "* "
        case .unknown: "? "
        }
    }
}
