import Foundation
import Telemetry
import Testing

@testable import Engine

@Suite("Check report")
struct CheckReportTests {
    private static func report() -> CheckReport {
        var first = CheckReport.Section("rest")
        first.fine("open")
        first.note("slow")
        var second = CheckReport.Section("account")
        second.problem("may not trade")
        second.problem(.unreachable(endpoint: "localhost:1", cause: "no connection"))
        return CheckReport(sections: [first, second])
    }

    @Test func `titles stand in front of the first line, problems are marked`() {
        #expect(
            Self.report().text == """
                rest             open
                               ! slow
                account        PROBLEM may not trade
                               PROBLEM cannot reach localhost:1: no connection

                """)
    }

    @Test func `what does not answer is a problem of its own kind`() throws {
        let report = Self.report()
        #expect(report.problemCount == 2)
        #expect(report.unreachableCount == 1)
        let json = try SnapshotJSON.encoder().encode(report)
        #expect(
            String(decoding: json, as: UTF8.self).contains(
                "{\"text\":\"may not trade\",\"weight\":\"problem\"}"))
    }

    /// An account that may not trade is told as a problem of the credentials.
    @Test func `what a key may not do is a problem of the file`() throws {
        let configuration = try ConfigurationFixture.run(ConfigurationFixture.smallest)
        let failure = configuration.explained(.forbidden("the account may not trade"))
        guard case .configuration(let problems) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(problems.problems.map(\.key) == ["credentials"])
        #expect("\(failure)".contains("localhost:9443: the account may not trade"))
    }

    /// As the wallet interface's documents show it, shortened.
    @Test func `restrictions of a key are read`() throws {
        let text = """
            {"ipRestrict":false,"createTime":1698645219000,"enableReading":true,
            "enableWithdrawals":true,"enableSpotAndMarginTrading":true,"enableMargin":false}
            """
        let key = try JSONDecoder().decode(KeyRestrictions.self, from: Data(text.utf8))
        #expect(key.enableWithdrawals && key.enableSpotAndMarginTrading && !key.ipRestrict)
    }
}
