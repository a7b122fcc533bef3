import Foundation
import MarketContext
import Testing

@testable import Studies

@Suite("Pages of the market context's documentation")
struct ContextPageTests {
    private static let catalogue = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Sources/MarketContext/MarketContext.docc")

    private static let again = "apus context pages Sources/MarketContext/MarketContext.docc"

    private func committed(_ name: String) throws -> String {
        try String(contentsOf: Self.catalogue.appendingPathComponent(name), encoding: .utf8)
    }

    @Test(arguments: ContextPage.Family.allCases)
    func `the committed page and chart are those that the library makes`(
        family: ContextPage.Family
    ) throws {
        let page = ContextPage(family)
        #expect(try committed(page.name + ".md") == page.markdown, "\(Self.again)")
        #expect(try committed(page.chartName) == page.chart(), "\(Self.again)")
        #expect(try committed("MarketContext.md").contains("<doc:\(page.name)>"))
    }

    @Test func `the front page has the chart of the command`() throws {
        #expect(try committed("context.svg") == ContextPage.frontChart(), "\(Self.again)")
    }

    /// What the pages name exists: a symbol in double backquotes is one of the library.
    @Test(arguments: ContextPage.Family.allCases)
    func `symbols that pages name are declared`(family: ContextPage.Family) throws {
        let sources = Self.catalogue.deletingLastPathComponent()
        let files = try #require(FileManager.default.enumerator(atPath: sources.path))
        let code = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
            .compactMap { try? String(contentsOf: sources.appendingPathComponent($0), encoding: .utf8) }
            .joined()
        let names = ContextPage(family).markdown.matches(of: /``([A-Za-z]+)/).map { $0.output.1 }
        #expect(!names.isEmpty)
        for name in names {
            #expect(code.contains(try Regex("(struct|enum) \(name)\\b")), "\(name)")
        }
    }
}
