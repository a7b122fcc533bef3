import Foundation
import Indicators
import Testing

@testable import Studies

@Suite("Pages of the documentation")
struct PageTests {
    private static let catalogue = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/Indicators/Indicators.docc")

    private func committed(_ name: String) throws -> String {
        try String(contentsOf: Self.catalogue.appendingPathComponent(name), encoding: .utf8)
    }

    @Test(arguments: CatalogueEntry.Family.allCases)
    func `the committed page and chart are those that the catalogue makes`(
        family: CatalogueEntry.Family
    ) throws {
        let page = FamilyPage(family)
        let again = "apus indicators pages Sources/Indicators/Indicators.docc"
        #expect(try committed(page.name + ".md") == page.markdown(), "\(again)")
        #expect(try committed(page.chartName) == page.chart(), "\(again)")
        #expect(try committed("Indicators.md").contains("<doc:\(page.name)>"))
    }

    @Test func `the front page has the chart of the command`() throws {
        #expect(try committed("indicators.svg") == FamilyPage.frontChart())
    }
}
