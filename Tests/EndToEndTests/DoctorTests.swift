import Foundation
import Testing

/// `apus doctor` as a process: what it says of this machine, in text and JSON, and how it ends.
@Suite("Doctor on the command line", .timeLimit(.minutes(1)))
struct DoctorTests {
    private struct Report: Decodable {
        struct Finding: Decodable {
            let check, state, found, why, tune, engine: String
        }

        let cores: [Int]
        let findings: [Finding]
    }

    private func run(
        _ folder: WorkFolder, _ arguments: [String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try CommandLineProcess(folder, ["doctor"] + arguments)
        let status = process.finish()
        return (status, process.output, process.errors)
    }

    @Test func `text and JSON say the same and the exit code follows`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let json = try run(folder, ["--json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
        #expect(!report.cores.isEmpty)
        #expect(Set(report.findings.map(\.check)).count == report.findings.count)
        let poor = report.findings.count { $0.state == "poor" }
        #expect(json.status == (poor > 0 ? 1 : 0))
        #expect(json.errors.contains("\(poor) of \(report.findings.count)") == (poor > 0))
        let text = try run(folder, [])
        #expect(text.status == json.status)
        for finding in report.findings {
            #expect(["good", "poor", "unknown"].contains(finding.state))
            for words in [finding.check, finding.why, finding.tune, finding.engine] {
                #expect(!words.isEmpty && text.output.contains(words), "\(finding.check)")
            }
        }
    }

    @Test func `the cores are those of the configuration`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try Data(
            """
            venue: {kind: binance_spot, environment: testnet}
            topology:
              lanes:
                - {name: a, core: 0, instruments: [BTCUSDT]}
                - {name: b, core: 5, instruments: [ETHUSDT]}
            instruments: [{symbol: BTCUSDT}, {symbol: ETHUSDT}]
            """.utf8
        ).write(to: URL(fileURLWithPath: folder.path("run.yaml")))
        let outcome = try run(folder, ["--config", "run.yaml"])
        #expect(outcome.output.hasPrefix("cores looked at: 0,5\n"), "\(outcome.errors)")
    }

    @Test func `a configuration that is not there or wrong is said`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        #expect(try run(folder, ["--config", "none.yaml"]).status == 66)
        try Data("venue: 7\n".utf8).write(to: URL(fileURLWithPath: folder.path("wrong.yaml")))
        let wrong = try run(folder, ["--config", "wrong.yaml"])
        #expect(wrong.status == 78 && wrong.errors.contains("wrong.yaml:1"))
        #expect(try run(folder, ["--cores", "1"]).status == 64)
    }
}
