import Foundation
import TickToTrade
import Testing

/// What the engine can say and what the catalogue explains are the same.
@Suite("Alerts")
struct AlertArticleTests {
    private let article: String
    private let sources: [(path: String, text: String)]

    init() throws {
        let root = ConfigurationFixture.root.appendingPathComponent("Sources")
        article = try String(
            contentsOf: root.appendingPathComponent("Engine/Engine.docc/Alerts.md"),
            encoding: .utf8)
        let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String }
        sources = try (files ?? []).filter { $0.hasSuffix(".swift") }.map { path in
            (path, try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
        }
    }

    @Test func `each cause of a halt has its row, and no other`() {
        let causes = HaltReasons(rawValue: .max).names
        #expect(causes.count == 9)
        #expect(Set(rows(under: "## Halts")) == Set(causes))
    }

    @Test func `each reason of a denial has its row, and no other`() {
        let rules = RiskRule.allCases.map(\.name)
        #expect(Set(rows(under: "## Denials")) == Set(rules + ["dry_run", "rate_limit", "not_sent"]))
    }

    /// Every line of level notice and above that is written in the sources.
    @Test func `each line of the log is explained with its level`() {
        let lines = loggedLines()
        #expect(lines.count > 30, "the sources are not read as they should be")
        for line in lines {
            #expect(
                article.contains("\n| `\(line.text)` | \(line.level) | "),
                "\(line.level) '\(line.text)' of \(line.path) is not in Alerts.md")
        }
    }

    @Test func `no row explains a line that nobody writes`() {
        let written = Set(loggedLines().map(\.text))
        for title in [
            "## Trading", "## Connections", "## Start and recovery", "## Rules of the venue",
            "## The end", "## The watchdog",
        ] {
            let rows = rows(under: title)
            #expect(!rows.isEmpty)
            for row in rows { #expect(written.contains(row), "nobody writes '\(row)'") }
        }
    }

    @Test func `the runbook has a section for each that an alert names`() throws {
        let runbook = try String(
            contentsOf: ConfigurationFixture.root.appendingPathComponent(
                "Sources/Engine/Engine.docc/Runbook.md"), encoding: .utf8)
        let titles = runbook.split(separator: "\n").filter { $0.hasPrefix("## ") }
            .map { String($0.dropFirst(3)) }
        let named = article.matches(of: /"(The [a-z ]+|After a crash)"/).map { String($0.1) }
        #expect(named.count > 5)
        for name in named { #expect(titles.contains(name), "no section '\(name)'") }
    }

    // MARK: - Reading

    private struct LoggedLine {
        let level: String
        let text: String
        let path: String
    }

    /// `logger.warning("text"` and `(.warning, "text")`, as the engine and its commands write them.
    private func loggedLines() -> [LoggedLine] {
        let calls = /logger\.(notice|warning|error|critical)\(\s*"([^"\\]+)"/
        let pairs = /\(\.(notice|warning|error|critical), "([^"\\]+)"\)/
        return sources.filter { !$0.path.hasPrefix("Emulator/") }.flatMap { file in
            (file.text.matches(of: calls).map { ($0.1, $0.2) }
                + file.text.matches(of: pairs).map { ($0.1, $0.2) })
                .map { LoggedLine(level: String($0.0), text: String($0.1), path: file.path) }
        }
    }

    /// First columns of the tables under a title.
    private func rows(under title: String) -> [String] {
        guard let start = article.range(of: "\n" + title + "\n")?.upperBound else { return [] }
        let section = article[start...].components(separatedBy: "\n## ")[0]
        return section.matches(of: /(?m)^\| `([^`]+)` \|/).map { String($0.1) }
    }
}
