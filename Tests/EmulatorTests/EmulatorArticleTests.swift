import Foundation
import Testing

@testable import Emulator

/// The exchange's page names every request, what no symbol offers, and every stream.
@Suite("The exchange's page")
struct EmulatorArticleTests {
    private let article: String

    init() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Emulator/Emulator.docc/Emulator.md")
        article = try String(contentsOf: page, encoding: .utf8)
    }

    @Test func `has a row for every request and none for others`() {
        let rows = Emulator.Operation.allCases.map { operation in
            "| `\(operation.names.rest)` | `\(operation.names.webSocket)` |"
        }
        for row in rows { #expect(article.contains(row)) }
        let verbs = ["GET", "POST", "PUT", "DELETE"]
        let found = article.split(separator: "\n").filter { line in
            verbs.contains { line.hasPrefix("| `\($0) ") }
        }
        #expect(found.count == rows.count)
    }

    @Test func `says what no symbol offers, as exchangeInfo does and in the venue's words`() throws {
        let harness = try DialectHarness()
        let info = try #require(JSONValue.parse(harness.rest("GET", "exchangeInfo").text))
        let symbol = try #require(info["symbols"]?.elements.first)
        guard case .object(let members) = symbol else {
            Issue.record("a symbol is an object")
            return
        }
        let missing = members.filter { $0.value == .boolean(false) }.map(\.name)
        #expect(missing.sorted() == ["isMarginTradingAllowed", "opoAllowed", "pegInstructionsAllowed"])
        for name in missing { #expect(article.contains("| `\(name)` | `false` |")) }
        for rejection in [
            Rejection.noOrderRouting, .fundedListsNotSupported, .notSupported("Pegged orders"),
        ] {
            #expect(article.contains("\(rejection.code) `\(rejection.message)`"))
        }
    }
}
